"""What a user adds to a battery can be explored like the rest of it, whatever its names are and however much it is."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import numpy as np
import pytest

from reportgen.battery.cache import Cache
from reportgen.battery.cell import Cell
from reportgen.battery.results import Results, tabulate
from reportgen.battery.run import Recipe, measure
from reportgen.chapters.explorer import CHAPTER
from reportgen.experiments import EXPERIMENTS
from reportgen.experiments.scale import with_scale
from reportgen.judgments.comparison import with_comparison
from reportgen.judgments.frames import where
from reportgen.judgments.verdicts import verdict_table
from reportgen.settings import Settings
from tests.browsers.tab import Browser
from tests.chapters.adding import ACTIVATION, DATA, INITIALIZER, with_added, with_names
from tests.lab.explorer.exploring import (
    CELLS,
    COMMAND,
    LABELS,
    SAID,
    TITLES,
    choose,
    fits,
    opened,
    press,
    shown,
    state_of,
    write,
)

NOTE = "() => document.querySelector('.lab-live').innerText"
PANELS = "() => document.querySelector('.explorer-layers').checkVisibility()"


@pytest.fixture(scope="module")
def odd_page(quick: Results, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the page where names were added that are hard to write."""
    return write(with_added(with_names(quick)), tmp_path_factory.mktemp("odd"))


def test_names_of_users_are_shown_as_text_and_break_nothing(browser: Browser, odd_page: Path) -> None:
    with opened(browser, odd_page) as tab:
        assert tab.run(LABELS) == ["random inputs", "handwritten digits", *DATA]
        choose(tab, "data", DATA[1])
        press(tab, f"{INITIALIZER}, {ACTIVATION},")
        assert shown(tab, TITLES, 3)[-1].startswith(f" {INITIALIZER}, {ACTIVATION}, 20 layers")
        tab.run(
            "() => document.querySelectorAll('.explorer-card:not(:last-child) > button').forEach(one => one.click())"
        )
        shown(tab, TITLES, 1)
        assert tab.run("() => document.querySelectorAll('.lab b, .lab i').length") == 0
        words = shlex.split(tab.run(COMMAND))
        assert [INITIALIZER, ACTIVATION, DATA[1]] == [words[2], words[3], words[-1]]
        assert "add --plugin" in tab.run("() => document.querySelector('.explorer-card details').textContent")
        assert fits(tab, 320)
        state = state_of(tab)
    with opened(browser, odd_page, state) as tab:
        assert tab.run(TITLES)[0].startswith(f" {INITIALIZER}, {ACTIVATION}, 20 layers")


def test_where_there_was_no_room_for_layers_the_page_says_so_and_keeps_the_verdicts(
    browser: Browser, quick: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reportgen.chapters.explorer.content.MOST", 40_000)
    page = write(quick, tmp_path)
    with opened(browser, page, "depth=5&data=digits&start1=he_normal&activation1=relu") as tab:
        assert "There was no room" in tab.run(NOTE)
        assert tab.run(PANELS) is False
        (said,) = tab.run(SAID)
        assert said.startswith("No failure: signal and gradient arrive, and inputs and units stay apart. All 3")
        choose(tab, "data", "random inputs")
        assert tab.wait(PANELS)
        assert "There was no room" not in tab.run(NOTE)


# A battery with additions -------------------------------------------------------------------------------------------

START, FILE, ROWS = "random_normal(stddev=0.3)", "flowers & <co>.csv", 60


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Return a part of a small battery with an initializer, a depth and a data file of a user."""
    folder = tmp_path_factory.mktemp("mine")
    file = folder / FILE
    values = np.random.default_rng(0).normal(size=(ROWS, 3))
    rows = [f"{a},{b},{c},{'red' if a > 0 else 'blue'}" for a, b, c in values]
    file.write_text("\n".join(["long,wide,high,label", *rows]))
    settings = Settings(
        preset="quick", width=8, replicates=2, batch=32, depths=(3,), initializers=(START,), data=(str(file),)
    )
    battery = settings.battery()
    own = [experiment for experiment in EXPERIMENTS if experiment.name in CHAPTER.needs]
    cells = [cell for experiment in own for cell in experiment.cells(battery) if is_few(cell)]
    tables = tabulate(own, measure(cells, Recipe.of(0), Cache(folder / "cache"), engine="serial"))
    return with_scale(with_comparison(Results(tables, {}, battery.published())))


def is_few(cell: Cell) -> bool:
    """Tell whether a cell is of two activations, or of none; of trainings, those of the map with two layers."""
    factors = cell.mapping()
    if cell.experiment == "training":
        return factors.get("study") == "map" and (factors["activation"], factors["depth"]) == ("relu", 2)
    return factors.get("activation", "relu") in ("relu", "sigmoid")


def test_what_a_user_added_to_a_battery_can_be_explored(browser: Browser, small: Results, tmp_path: Path) -> None:
    page = write(small, tmp_path)
    with opened(browser, page, f"depth=2&start1={START}&activation1=relu") as tab:
        choose(tab, "data", FILE)
        said = tab.wait(f"() => ({SAID})()[0].includes('flowers') && ({SAID})()[0]")
        ended = r" for \d+ updates: with SGD at rate [\d.]+ \w+ \(\d of \d\)\.$"
        assert re.search(rf"trained from it on {re.escape(FILE)}{ended}", said)
        choose(tab, "depth", "3")
        names = {name.partition(" (1 of")[0] for name, _, _ in tab.run(CELLS)}
        cells = where(verdict_table(small, FILE), depth=3)
        assert names == {f"{one.initializer}, {one.activation}, 3 layers: {one.verdict}" for one in cells.itertuples()}
        assert len(names) == 15 * 2
        assert shlex.split(tab.run(COMMAND))[2:] == [
            *(START, "relu", "--depth", "3", "--width", "8", "--replicates", "2", "--batch", "32"),
            *("--seed", "0", "--data", FILE),
        ]
