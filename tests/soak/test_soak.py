"""Generated cases, bounded in number: whatever is given, the answer is a right result or one line.

``make test`` runs a tenth of them, ``make soak`` all; ``SOAK_SEED`` chooses other ones. A case that fails is shown with
its files, so that it can be tried by hand.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random

import pytest

from tests.soak import configs, entries, interrupts, manifests, names, plugs, tables
from tests.soak.harness import Case, Kind, Soaker, soaker

SEED = int(os.environ.get("SOAK_SEED", "0"))
WHOLE = {
    "names as frameworks write them": (names.read, 600),
    "names that were spoiled": (names.spoiled, 700),
    "what is typed for a name or a number": (names.typed, 200),
    "config files": (configs.planned, 500),
    "tables in usual dialects": (tables.written, 400),
    "tables that were damaged": (tables.damaged, 400),
    "plug-ins": (plugs.plugged, 300),
    "manifests": (manifests.cleaned, 200),
}
"""What is tried -> what makes a case, and how many there are in a whole soak."""

STORED, INTERRUPTS = 60, 60
"""How many cases need measurements: damaged ones, and runs over them that are stopped."""

SHARE = 1.0 if "SOAK" in os.environ else 0.1
AT_ONCE = 5
"""Faults after which the rest of a kind is left."""


@pytest.fixture(scope="module")
def soaking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Soaker]:
    with soaker(tmp_path_factory.mktemp("soak")) as one:
        yield one


@pytest.fixture(scope="module")
def stored(soaking: Soaker) -> Path:
    """Measure one small experiment into a folder, and draw its chapter there."""
    chosen = ["--preset", "quick", "--engine", "serial"]
    measured = soaking.answer(Case({"run": ["run", *chosen, "--experiment", entries.EXPERIMENT], "seconds": 600}))
    assert measured.code == 0, measured.err
    return measured.folder


@pytest.fixture(scope="module")
def draft(soaking: Soaker, stored: Path) -> Path:
    def link(folder: Path) -> None:
        (folder / ".reportgen-cache").symlink_to(stored / ".reportgen-cache")

    chosen = ["--preset", "quick", "--format", "markdown"]
    request = {"run": ["render", *chosen, "--chapter", entries.EXPERIMENT], "seconds": 600}
    drawn = soaking.answer(Case(request, prepare=link))
    assert drawn.code == 0, drawn.err
    return drawn.folder / "draft"


def soak(soaking: Soaker, what: str, make: Kind, count: int) -> None:
    random, found = Random(f"{SEED} {what}"), []
    for _ in range(max(1, round(SHARE * count))):
        found += soaking.faults(make(random))
        if len(found) >= AT_ONCE:
            break
    assert not found, "\n\n".join(found)


@pytest.mark.parametrize("what", WHOLE)
def test_every_answer_is_one_line_or_right(what: str, soaking: Soaker) -> None:
    make, count = WHOLE[what]
    soak(soaking, what, make, count)


@pytest.mark.slow
def test_a_damaged_measurement_is_measured_again(soaking: Soaker, stored: Path) -> None:
    soak(soaking, "stored measurements", partial(entries.damaged, stored=stored), STORED)


@pytest.mark.slow
def test_an_interrupt_leaves_a_whole_site(soaking: Soaker, stored: Path, draft: Path) -> None:
    soak(soaking, "interrupts", partial(interrupts.interrupted, stored=stored, draft=draft), INTERRUPTS)


def test_so_many_cases_are_tried() -> None:
    whole = sum(count for _, count in WHOLE.values()) + STORED + INTERRUPTS
    assert whole >= 3000
    assert whole / 10 >= 300
