"""The prepared states that pages link to: the playground understands each of them, setting by setting."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, cast
from urllib.parse import parse_qsl

import pytest

from reportgen.battery.results import Results
from reportgen.chapters import CHAPTERS, exercises, playground
from reportgen.chapters.chapter import Chapter
from reportgen.chapters.demos import pack_demos, read_live
from reportgen.chapters.live import PLAYGROUND
from reportgen.experiments.demos import EXPERIMENT
from reportgen.report.formats import FORMATS
from reportgen.report.page import Edition, Reading, render_page
from reportgen.report.templating import environment
from reportgen.settings import Settings
from tests.browsers.planting import FRAME, plant
from tests.browsers.tab import Browser, Tab
from tests.experiments.measuring import tables

PAGES = (playground.CHAPTER, exercises.CHAPTER)


@pytest.fixture(scope="module")
def tab(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    """Return a tab that has loaded the playground, on a page without one."""
    scripts = dict.fromkeys([*FRAME, *(f"lab/{script}.js" for script in PLAYGROUND.scripts)])
    with browser.tab() as opened:
        opened.open(plant(tmp_path_factory.mktemp("states"), scripts=scripts))
        assert opened.faults == []
        yield opened


@cache
def results() -> Results:
    settings = Settings(preset="quick").battery()
    return Results(tables(EXPERIMENT, EXPERIMENT.work(settings)), dict(EXPERIMENT.tables), settings.published())


def states(chapter: Chapter[Any, Any]) -> list[dict[str, str]]:
    edition = Edition(FORMATS["html"], CHAPTERS, results().settings, (), environment())
    page = render_page(Reading.of(chapter, results()), edition)
    found = re.findall(r'href="playground\.html#playground:([^"]*)"', page)
    return [dict(parse_qsl(html.unescape(state), strict_parsing=True)) for state in found]


@pytest.mark.parametrize("chapter", PAGES, ids=lambda chapter: chapter.slug)
def test_the_playground_takes_over_every_setting_of_a_prepared_state(chapter: Chapter[Any, Any], tab: Tab) -> None:
    packed, prepared = pack_demos(*read_live(results())), states(chapter)
    assert len(prepared) >= 5
    for state in prepared:
        given = {"state": state, "data": packed}
        taken = cast(dict[str, Any], tab.run("({ state, data }) => Lab.playground.fromState(state, data)", given))
        assert {key: str(taken.get(key)) for key in state} == state


def test_a_setting_that_is_misspelled_is_not_taken_over(tab: Tab) -> None:
    given = {"state": {"start": "constant_nosie"}}
    assert tab.run("({ state }) => Lab.playground.fromState(state, null).start", given) != "constant_nosie"
