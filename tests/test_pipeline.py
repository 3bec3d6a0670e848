"""The pipeline: the same bytes whichever way they come about, and an earlier site that no failure touches."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

import reportgen
from reportgen import stages
from reportgen.battery.cell import Cell, Streams
from reportgen.battery.experiment import Experiment, Measured
from reportgen.chapters import CHAPTERS, gains, index
from reportgen.chapters.check import Check, above
from reportgen.errors import CheckFailed, EnvironmentFault, UsageError
from reportgen.experiments import derivation
from reportgen.pipeline import render, run
from reportgen.presets import ACTIVATIONS, DEPTHS, INITIALIZERS
from reportgen.report import book
from reportgen.report.manifest import read_manifest
from reportgen.reporter import SilentReporter
from reportgen.settings import Settings
from tests.conftest import once

NOT_REPRODUCIBLE = {"wall_time_seconds"}


def content(site: Path) -> dict[str, bytes]:
    """Return every file of a site but its manifest."""
    files = [path for path in site.rglob("*") if path.is_file() and path.name != "manifest.json"]
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in files}


def manifest(site: Path) -> dict[str, object]:
    found = read_manifest(site)
    assert found is not None
    return {key: value for key, value in found.items() if key not in NOT_REPRODUCIBLE}


@pytest.fixture(scope="session")
def by_processes(shared: Path) -> Path:
    """Return a cache that worker processes have filled with the quick battery; it is only added to."""
    settings = Settings(preset="quick", cache=shared / "by-processes", engine="processes", jobs=2)
    with once(shared, "by-processes") as is_first:
        if is_first:
            built = run(settings)
            assert (built.cached, built.page) == (0, None)
    return shared / "by-processes"


@pytest.fixture
def stored(by_processes: Path, tmp_path: Path) -> Settings:
    """Return settings for what worker processes have measured; figures are drawn serially."""
    return Settings(preset="quick", out=tmp_path / "site", cache=by_processes, engine="serial")


@pytest.fixture
def measures_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make it an error to measure a cell."""

    def refuse(experiment: Experiment, cell: Cell, streams: Streams) -> Measured:
        raise AssertionError(f"measured {cell}")

    monkeypatch.setattr(Experiment, "measure", refuse)


@pytest.mark.slow
def test_processes_and_cache_and_render_publish_the_same_bytes_as_one_serial_build(
    quick_site: Path, stored: Settings, measures_nothing: None
) -> None:
    built = render(stored)
    assert built.page == stored.out.resolve() / "index.html"
    assert built.cached == built.cells > 300
    assert content(stored.out) == content(quick_site)
    assert manifest(stored.out) == manifest(quick_site)


@pytest.mark.slow
def test_a_single_chapter_is_the_same_files_as_in_the_whole_site(
    quick_site: Path, stored: Settings, tmp_path: Path, measures_nothing: None
) -> None:
    built = render(stored.model_copy(update={"out": tmp_path / "draft"}), chapters=["gains", "symmetry"])
    assert built.page == (tmp_path / "draft/gains.html").resolve()
    draft, whole = content(tmp_path / "draft"), content(quick_site)
    assert {name for name in draft if name.endswith(".html")} == {"gains.html", "symmetry.html"}
    assert draft.items() <= whole.items()


@pytest.mark.slow
def test_a_build_with_nothing_to_do_has_its_tables_all_the_same(quick_site: Path, shared: Path) -> None:
    built = reportgen.build(Settings(preset="quick", out=quick_site, cache=shared / "measured"))
    assert built.is_unchanged
    table = reportgen.verdicts(built)
    assert set(table["initializer"]) == set(INITIALIZERS)
    assert len(table) == len(INITIALIZERS) * len(ACTIVATIONS) * len(DEPTHS)


def test_single_chapters_never_take_the_place_of_a_whole_site(quick_site: Path, tmp_path: Path) -> None:
    before = content(quick_site)
    with pytest.raises(UsageError, match="holds the whole site"):
        render(Settings(preset="quick", out=quick_site, cache=tmp_path / "cache"), chapters=["glossary"])
    assert content(quick_site) == before


def test_an_experiment_is_measured_alone_and_its_chapter_is_rendered_from_it(tmp_path: Path) -> None:
    settings = Settings(preset="quick", out=tmp_path / "draft", cache=tmp_path / "cache", engine="serial")
    with pytest.raises(EnvironmentFault, match=r"cells are not stored .* `reportgen run --experiment derivation` and"):
        render(settings, chapters=["derivation"])
    assert run(settings, experiments=["derivation"]).cells > 0
    built = render(settings, chapters=["derivation"])
    assert built.cached == built.cells
    assert built.results is not None
    assert set(built.results.tables) == set(derivation.EXPERIMENT.tables)


@pytest.mark.slow
def test_a_second_build_takes_every_cell_from_the_cache(
    stored: Settings, measures_nothing: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stages, "CHAPTERS", (index.CHAPTER,))
    monkeypatch.setattr(book, "render_book", lambda *given, **named: {"index.html": b"front page"})
    built = reportgen.build(stored)
    assert built.cached == built.cells
    assert "came from the cache" in built.summary()[-1]


@pytest.mark.slow
def test_only_strict_settings_fail_for_a_sentence_that_the_numbers_do_not_bear_out(
    stored: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def changed(f: Any) -> list[Check]:
        return [one if one.name != "theory_holds" else refuted for one in gains.CHAPTER.check(f)]

    refuted = Check.of("theory_holds", "Pigs fly", above(0.25, 0.5))
    wrong = replace(gains.CHAPTER, check=changed)
    monkeypatch.setattr(stages, "CHAPTERS", tuple(wrong if one is gains.CHAPTER else one for one in CHAPTERS))
    draft = stored.model_copy(update={"out": tmp_path / "draft"})
    with pytest.raises(CheckFailed, match=r"(?s)Pigs fly.*Measured 0.25, expected above 0.5"):
        render(draft.model_copy(update={"strict": True}), chapters=["gains"])
    assert not draft.out.exists()
    warnings = StringIO()
    built = render(draft, SilentReporter(warnings), chapters=["gains"])
    told = "gains/theory_holds is not borne out by this run: Pigs fly. Measured 0.25, expected above 0.5"
    assert warnings.getvalue() == f"warning: {told}\n"
    assert "1 sentence of the site" in built.summary()[0]
    (listed,) = json.loads((draft.out / "manifest.json").read_text())["unmet"]
    assert (listed["chapter"], listed["check"], listed["outside"]) == ("gains", "theory_holds", "")


@pytest.mark.slow
def test_a_damaged_measurement_is_a_warning_and_with_strict_a_failure(stored: Settings, tmp_path: Path) -> None:
    assert stored.cache is not None
    copied = shutil.copytree(stored.cache, tmp_path / "cache", ignore=shutil.ignore_patterns("*.tmp"))
    settings = stored.model_copy(update={"cache": copied})
    entry = next(copied.rglob("*.npz"))
    whole = entry.read_bytes()
    entry.write_bytes(whole[:-100])
    with pytest.raises(CheckFailed, match="strict"):
        run(settings.model_copy(update={"strict": True}))
    entry.write_bytes(whole[:-100])
    warnings = StringIO()
    built = run(settings, SilentReporter(warnings))
    assert built.cells - built.cached == 1
    assert "damaged" in warnings.getvalue()
    assert entry.read_bytes() == whole


def test_the_manifest_says_where_the_numbers_come_from(quick_site: Path) -> None:
    found = json.loads((quick_site / "manifest.json").read_text(encoding="utf-8"))
    assert found["generator"] == f"reportgen {reportgen.__version__}"
    assert found["seed"] == 0
    assert found["settings"]["preset"] == "quick"
    assert {"numpy", "python"} <= found["versions"].keys()
    assert {"measure", "draw and write"} <= found["wall_time_seconds"].keys()
    assert {"commit", "cpu"} <= found.keys()
