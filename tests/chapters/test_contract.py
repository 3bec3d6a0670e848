"""What every chapter promises: sentences that hold and can fail, figures that draw what they publish, whole prose."""

from __future__ import annotations

import copy
import io
import pickle
import re
from base64 import b64decode
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.image import imread

import reportgen
from reportgen.chapters import CHAPTERS
from reportgen.chapters.chapter import Chapter, Figure
from reportgen.chapters.check import below
from reportgen.chapters.images import to_svg
from reportgen.chapters.style import figure_style
from reportgen.report.data import csv
from reportgen.report.folders import templates_folder
from reportgen.report.formats import DEFAULT_FORMATS, FORMATS
from reportgen.report.page import Edition, Reading, render_page
from reportgen.report.scripts import data_files
from reportgen.report.templating import environment

Read = Callable[..., Reading]
Change = Callable[[Any], Any]
TablesOf = Callable[[Chapter[Any, Any], Figure], list[pd.DataFrame]]

PACKAGE = Path(reportgen.__file__).parent
SEEDS = (0, 1)
FIGURES = [(chapter, figure) for chapter in CHAPTERS for figure in chapter.figures]

each_chapter = pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.slug)
each_figure = pytest.mark.parametrize(
    ("chapter", "figure"), FIGURES, ids=[f"{chapter.slug}-{figure.slug}" for chapter, figure in FIGURES]
)


def planted(chapter: Chapter[Any, Any]) -> list[tuple[Change, set[str]]]:
    """Return changes of the findings, each with the checks that must notice: ``tests/chapters/<slug>/planted.py``."""
    try:
        return list(import_module(f"tests.chapters.{chapter.slug}.planted").PLANTED)
    except ModuleNotFoundError as error:
        if not str(error.name).endswith((chapter.slug, "planted")):
            raise
        return []


PLANTED = [(chapter, change, refuted) for chapter in CHAPTERS for change, refuted in planted(chapter)]


def failed(checks: Iterable[Any]) -> set[str]:
    return {check.name for check in checks if not check.holds}


# Sentences -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
@each_chapter
def test_every_sentence_holds_at_the_smallest_preset(chapter: Chapter[Any, Any], seed: int, read: Read) -> None:
    assert [check for check in read(chapter, seed).checks if not check.holds] == []


@pytest.mark.parametrize(
    ("chapter", "change", "refuted"),
    PLANTED,
    ids=[f"{chapter.slug}-{'-'.join(sorted(refuted))}" for chapter, _, refuted in PLANTED],
)
def test_a_check_fails_where_the_findings_say_something_else(
    chapter: Chapter[Any, Any], change: Change, refuted: set[str], read: Read
) -> None:
    changed = change(copy.deepcopy(read(chapter).findings))
    assert refuted <= failed(chapter.check(changed))


@each_chapter
def test_every_check_is_refuted_by_one_of_the_planted_changes(chapter: Chapter[Any, Any], read: Read) -> None:
    refuted = set().union(*(names for _, names in planted(chapter)))
    checks = {check.name for check in read(chapter).checks}
    assert checks - refuted == set(), f"tests/chapters/{chapter.slug}/planted.py: no change refutes these"
    assert refuted - checks == set(), f"tests/chapters/{chapter.slug}/planted.py: there are no such checks"


@each_chapter
def test_every_check_has_a_name_of_its_own_and_tells_what_decided(chapter: Chapter[Any, Any], read: Read) -> None:
    checks = read(chapter).checks
    assert len({check.name for check in checks}) == len(checks)
    assert all(check.evidence and not check.statement.endswith("..") for check in checks)


# Tables and findings -------------------------------------------------------------------------------------------------


@each_chapter
def test_tables_are_documented_data_frames(chapter: Chapter[Any, Any], read: Read) -> None:
    tables = read(chapter).tables
    assert isinstance(tables, tuple)
    for name, table in getattr(tables, "_asdict", dict)().items():
        assert isinstance(table, pd.DataFrame), name
        assert re.search(rf"^    {name}$", type(tables).__doc__ or "", flags=re.MULTILINE), name


@each_chapter
def test_findings_are_a_frozen_dataclass_and_each_is_quoted_or_decides_a_check(
    chapter: Chapter[Any, Any], read: Read
) -> None:
    findings = read(chapter).findings
    assert is_dataclass(findings)
    kind: Any = type(findings)
    assert kind.__dataclass_params__.frozen
    prose = (templates_folder() / f"chapters/{chapter.slug}.md.jinja").read_text()
    source = "".join(path.read_text() for path in sorted((PACKAGE / "chapters" / chapter.slug).glob("*.py")))
    quoted = set(re.findall(r"\bf\.(\w+)", prose + source)) | set(re.findall(r"\bfindings\.(\w+)", source))
    assert {field.name for field in fields(findings)} - quoted == set()


# Prose ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format_name", DEFAULT_FORMATS)
@each_chapter
def test_the_page_uses_every_figure_and_check_and_quotes_only_what_was_found(
    chapter: Chapter[Any, Any], format_name: str, read: Read, measured: Callable[..., Any]
) -> None:
    settings = measured(chapter.needs).settings
    page = render_page(read(chapter), Edition(FORMATS[format_name], CHAPTERS, settings, (), environment()))
    assert len(page) > 1000, "a page this short explains nothing"


@pytest.mark.parametrize("format_name", DEFAULT_FORMATS)
@each_chapter
def test_the_page_marks_every_sentence_that_is_not_borne_out(
    chapter: Chapter[Any, Any], format_name: str, read: Read, measured: Callable[..., Any]
) -> None:
    reading = read(chapter)
    checks = tuple(replace(check, statement=f"{check.name}.", conditions=(below(2, 1),)) for check in reading.checks)
    edition = Edition(FORMATS[format_name], CHAPTERS, measured(chapter.needs).settings, (), environment())
    page = render_page(reading._replace(checks=checks), edition)
    marks = [
        f"Not borne out by this run: {one.statement[0].upper()}{one.statement[1:]} Measured 2, expected below 1"
        for one in checks
    ]
    shown = re.sub(r"\\(.)", r"\1", re.sub(r'(?:alt="|!\[)[^"\]]*', "", page))
    assert [mark for mark in marks if mark not in shown] == []


# Figures -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def tables_of(read: Read, read_added: Read) -> TablesOf:
    """Return a function (chapter, figure) -> the tables that it shows, those of an added data set where it has any."""
    return lambda chapter, figure: list(
        figure.copies((read_added if figure.each else read)(chapter).tables)[0].frames.values()
    )


def drawn(figure: Figure, frames: Iterable[pd.DataFrame]) -> Any:
    with figure_style():
        return figure.draw(*frames)


@each_figure
def test_a_figure_has_a_message_and_labels(chapter: Chapter[Any, Any], figure: Figure, tables_of: TablesOf) -> None:
    canvas = drawn(figure, tables_of(chapter, figure))
    axes = [one for one in canvas.axes if one.axison]
    assert canvas.get_suptitle() or any(one.get_title(loc="left") or one.get_title() for one in axes)
    assert any(one.get_xlabel() or one.get_ylabel() or one.get_yticklabels() for one in axes)


@each_figure
def test_a_figure_is_the_same_every_time_and_leaves_its_tables_alone(
    chapter: Chapter[Any, Any], figure: Figure, tables_of: TablesOf
) -> None:
    frames = tables_of(chapter, figure)
    before = [frame.copy() for frame in frames]
    assert to_svg(drawn(figure, frames)) == to_svg(drawn(figure, frames))
    for frame, copied in zip(frames, before, strict=True):
        pd.testing.assert_frame_equal(frame, copied)


@each_figure
def test_the_published_tables_are_all_that_a_figure_draws(
    chapter: Chapter[Any, Any], figure: Figure, tables_of: TablesOf
) -> None:
    frames = tables_of(chapter, figure)
    assert all(len(frame) for frame in frames)
    published = [pd.read_csv(io.BytesIO(csv(frame)), keep_default_na=False, na_values=["nan"]) for frame in frames]
    ours, theirs = (to_svg(drawn(figure, given)) for given in (frames, published))
    assert skeleton(theirs) == skeleton(ours)
    np.testing.assert_allclose(
        coordinates(theirs), coordinates(ours), atol=0.0201
    )  # points: one in the last digit at both ends of a step
    np.testing.assert_allclose(colors(theirs), colors(ours), atol=1)  # of 255
    for image, again in zip(images(ours), images(theirs), strict=True):
        np.testing.assert_allclose(again, image, atol=1.5 / 255)


PLACES = re.compile(r'(?<= [dxy]=")[^"]*(?=")')
COLOR = re.compile(r"#[0-9a-f]{6}\b")
IMAGE = re.compile(r"data:image/png;base64,([^\"]*)")
MADE_UP = re.compile(r'(?:id="|url\(#|href="#)[\w-]+')


def skeleton(svg: str) -> str:
    """Return a figure without its numbers, colours and images, and without names that come from them."""
    for varying in (PLACES, COLOR, IMAGE, MADE_UP, re.compile(r'(?:transform|width|height)="[^"]*"')):
        svg = varying.sub("", svg)
    return svg


def coordinates(svg: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the numbers of all paths and markers of a figure."""
    numbers = (number for place in PLACES.findall(svg) for number in re.findall(r"-?(?:\d*\.)?\d+", place))
    return np.array([float(number) for number in numbers])


def colors(svg: str) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return every colour of a figure, shape (colours, 3)."""
    return np.array([list(bytes.fromhex(color[1:])) for color in COLOR.findall(svg)], dtype=np.int64)


def images(svg: str) -> list[np.ndarray[Any, np.dtype[np.float64]]]:
    """Return the images inside a figure."""
    return [imread(io.BytesIO(b64decode(text))) for text in IMAGE.findall(svg)]


@each_figure
def test_a_figure_can_be_sent_to_a_worker(chapter: Chapter[Any, Any], figure: Figure) -> None:
    assert pickle.loads(pickle.dumps(figure)) == figure


# Widgets -------------------------------------------------------------------------------------------------------------

WIDGETS = sorted({widget.name for chapter in CHAPTERS for widget in chapter.widgets if widget.pack})


@pytest.mark.parametrize("name", WIDGETS)
def test_every_page_packs_the_same_data_for_a_widget_and_they_are_plain(name: str, read: Read) -> None:
    showing = [chapter for chapter in CHAPTERS for widget in chapter.widgets if widget.name == name]
    scripts = {data_files([read(chapter)])[f"lab/{name}.js"] for chapter in showing}
    assert len(scripts) == 1
