"""What a user adds is named as typed on every page that uses it, and leaves no trace where nothing is added."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pandas as pd
import pytest

from reportgen.chapters import CHAPTERS
from reportgen.chapters.chapter import Chapter
from reportgen.chapters.gradients import CHAPTER as GRADIENTS
from reportgen.chapters.gradients.findings import Lost
from reportgen.chapters.images import to_svg
from reportgen.chapters.index import CHAPTER as FRONT
from reportgen.chapters.style import figure_style
from reportgen.chapters.training import CHAPTER as TRAINING
from reportgen.judgments.data_sets import CANONICAL
from reportgen.presets import DATA as PRESET_DATA
from reportgen.report.data import csv
from reportgen.report.formats import DEFAULT_FORMATS, FORMATS
from reportgen.report.formats.html import finish_html
from reportgen.report.page import Edition, Reading, render_page
from reportgen.report.templating import environment
from tests.chapters.adding import ACTIVATION, DATA

Read = Callable[..., Reading]
AnyChapter = Chapter[Any, Any]

WITH_DATA = [chapter for chapter in CHAPTERS if any(figure.each == "data" for figure in chapter.figures)]
WITH_NAMES = [chapter for chapter in CHAPTERS if chapter.slug in ("index", "gradients")]
"""Those whose tables name every activation."""

each_chapter = pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.slug)
each_with_data = pytest.mark.parametrize("chapter", WITH_DATA, ids=lambda chapter: chapter.slug)
each_format = pytest.mark.parametrize("format_name", FORMATS)
each_page_format = pytest.mark.parametrize("format_name", DEFAULT_FORMATS)
"""Formats with all words of a page: slides and notebooks have its figures."""


class Text(HTMLParser):
    """The text of a page by the kind of element that it stands in, its alternative texts, ids and elements."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.inside: list[str] = []
        self.texts: dict[str, str] = {}
        self.alts: list[str] = []
        self.ids: list[str] = []
        self.tags: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.tags |= {tag} if "src" not in attributes or tag == "img" else set()  # scripts of the widgets are ours
        self.ids += [str(attributes["id"])] if "id" in attributes else []
        if tag in ("img", "meta", "link", "br", "hr"):
            self.alts += [str(attributes["alt"])] if "alt" in attributes else []
        else:
            self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        for tag in {*self.inside, "page"}:
            self.texts[tag] = self.texts.get(tag, "") + data


def page_of(reading: Reading, format_name: str, settings: dict[str, Any]) -> Text:
    """Render a page and read it as a browser does; Markdown by way of a second reader."""
    text = render_page(reading, Edition(FORMATS[format_name], CHAPTERS, settings, (), environment()))
    return Text(finish_html(text, "page").text if format_name == "markdown" else text)


@each_page_format
@each_with_data
def test_an_added_data_set_has_a_section_with_words_figure_table_and_alternative_text(
    chapter: AnyChapter, format_name: str, read_added: Read, measured: Callable[..., Any]
) -> None:
    page = page_of(read_added(chapter), format_name, measured(chapter.needs).settings)
    for name in DATA:
        assert f"Data set {name}" in page.texts["h3"]
        assert name in page.texts["p"]
        assert sum(name in alt for alt in page.alts) == 1
    _, section = page.texts["page"].split("On your own data")[-2:]
    assert section.count("How to read it.") >= len(DATA)
    assert page.texts["td"]
    assert len(set(page.ids)) == len(page.ids)
    assert page.tags.isdisjoint({"b", "i", "script"})


@each_page_format
@pytest.mark.parametrize("chapter", WITH_NAMES, ids=lambda chapter: chapter.slug)
def test_an_added_activation_is_written_as_typed(
    chapter: AnyChapter, format_name: str, read_added: Read, measured: Callable[..., Any]
) -> None:
    page = page_of(read_added(chapter), format_name, measured(chapter.needs).settings)
    assert ACTIVATION in page.texts["table"]


@each_format
@each_chapter
def test_every_page_takes_any_name_and_makes_no_element_of_it(
    chapter: AnyChapter, format_name: str, read_added: Read, measured: Callable[..., Any]
) -> None:
    page = page_of(read_added(chapter), format_name, measured(chapter.needs).settings)
    assert page.tags.isdisjoint({"b", "i", "script"})
    assert max(Counter(page.ids).values(), default=1) == 1


@each_format
@each_chapter
def test_where_nothing_is_added_no_page_says_so(
    chapter: AnyChapter, format_name: str, read: Read, measured: Callable[..., Any]
) -> None:
    reading = read(chapter)
    page = page_of(reading, format_name, measured(chapter.needs).settings)
    assert "On your own data" not in page.texts["page"]
    assert [copy for figure in chapter.figures if figure.each for copy in figure.copies(reading.tables)] == []


@each_chapter
def test_what_is_added_is_drawn_without_a_warning_and_published_as_typed(chapter: AnyChapter, read_added: Read) -> None:
    tables = read_added(chapter).tables
    for figure in chapter.figures:
        copies = figure.copies(tables)
        assert [copy.of for copy in copies] == (list(DATA) if figure.each else [""])
        assert all(re.fullmatch(r"[a-z0-9_-]{1,60}", copy.slug) for copy in copies)
        for copy in copies:
            with figure_style():
                canvas = figure.draw(*copy.frames.values())
            to_svg(canvas)
            if figure.each:
                written = pd.read_csv(io.BytesIO(csv(next(iter(copy.frames.values())))))
                assert set(written["data"]) == {copy.of}


@each_chapter
def test_the_canonical_figures_show_no_added_data(chapter: AnyChapter, read_added: Read) -> None:
    tables = read_added(chapter).tables
    plain = [copy for figure in chapter.figures if not figure.each for copy in figure.copies(tables)]
    frames = [frame for copy in plain for frame in copy.frames.values() if "data" in frame]
    assert all(set(frame["data"]).isdisjoint(DATA) for frame in frames)


def test_the_canonical_data_sets_are_those_of_every_build() -> None:
    assert CANONICAL == PRESET_DATA


# Numbers of one, and what a page says only where something was added --------------------------------------------------


def words_of(page: Text) -> str:
    """Return the text of a page and its alternative texts, with single spaces."""
    return " ".join(" ".join([page.texts["page"], *page.alts]).split())


def test_one_layer_and_one_start_are_not_several(read_added: Read, measured: Callable[..., Any]) -> None:
    settings = measured(FRONT.needs).settings
    front = read_added(FRONT)
    shares = {1: 0.75, 2: 0.5}
    found = replace(front.findings, shares=shares)
    words = words_of(page_of(front._replace(findings=found), "html", settings))
    assert "75% with 1 layer, 50% with 2 layers" in words
    assert not re.search(r"\b1 (layers|starts)\b", words)
    training = read_added(TRAINING)
    found = replace(training.findings, added=[one._replace(shares=shares) for one in training.findings.added])
    words = words_of(page_of(training._replace(findings=found), "html", settings))
    assert "Of those with 1 hidden layer 75% learn. Of those with 2 hidden layers 50% learn." in words


def test_the_map_of_training_says_that_it_has_more_than_ours(
    read_added: Read, read: Read, measured: Callable[..., Any]
) -> None:
    settings = measured(TRAINING.needs).settings
    assert "tiles each, and of what you added. Of those" in words_of(page_of(read_added(TRAINING), "html", settings))
    assert "you added. Of those" not in words_of(page_of(read(TRAINING), "html", settings))


def test_a_comparison_with_random_inputs_says_that_it_is_of_the_starts_of_the_map(
    read_added: Read, measured: Callable[..., Any]
) -> None:
    words = words_of(page_of(read_added(FRONT), "html", measured(FRONT.needs).settings))
    assert words.count("Of the starts of the map these are the ones to use on this data") == len(DATA)
    assert words.count("Starts that are not on the map were not measured on this data") == len(DATA)


def test_layers_that_are_lost_are_counted_in_whole_layers(read: Read, measured: Callable[..., Any]) -> None:
    reading = read(GRADIENTS)
    found = replace(reading.findings, overflow=Lost(0.2, 1.0), lost_deltas=0.0)
    words = words_of(page_of(reading._replace(findings=found), "html", measured(GRADIENTS.needs).settings))
    assert "inf or nan in about 1 of its layers. The formula, applied to the largest number" in words
    assert "not a number either" not in words
