"""Widgets on a page: their scripts, the data that the build packs for them, and their words."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reportgen.battery.results import Results
from reportgen.chapters import CHAPTERS
from reportgen.chapters.chapter import Chapter, Widget
from reportgen.errors import ReportgenError
from reportgen.report.book import Book, render_book
from reportgen.report.figures import Mapper
from reportgen.report.folders import templates_folder
from reportgen.report.lab import scripts

AnyChapter = Chapter[Any, Any]
Prose = Callable[..., Path]

ODD = "</script> \u2028 \ud800 'quoted' \"ü\" \\"
FIGURE = '{% call figure("curve") %}The message.\n\nHow.\n\nAlt.{% endcall %}{{ holds("he_is_near_one") }}'
LAB = '{% call lab("try", "Try & see") %}\nNo **script** here.\n{% endcall %}'


def pack(forward: pd.DataFrame) -> Mapping[str, Any]:
    return {"layers": forward["layer"].tolist(), "third": 1 / 3, "odd": ODD}


def render(widget: Widget, text: str, chapters: list[AnyChapter], results: Results, prose: Prose, drawn: Mapper) -> Any:
    index, glossary = chapters
    book = Book.read([replace(index, widgets=(widget,)), glossary], results)
    return render_book(book, tables=["forward"], overrides=prose(FIGURE + "\n\n" + text), mapper=drawn)


@pytest.fixture
def site(chapters: list[AnyChapter], results: Results, prose: Prose, drawn: Mapper) -> dict[str, bytes]:
    return dict(render(Widget("try", ("draw", "try"), ("forward",), pack), LAB, chapters, results, prose, drawn))


def test_a_widget_has_its_title_and_its_words_in_both_formats(site: dict[str, bytes]) -> None:
    html, markdown = site["index.html"].decode(), site["markdown/index.md"].decode()
    assert '<section class="lab" id="lab-try" data-lab="try" aria-labelledby="lab-try-title">' in html
    assert '<p class="lab-title" id="lab-try-title">Try &amp; see</p>' in html
    assert "<p>No <strong>script</strong> here.</p>" in html
    assert "**Try &amp; see** (live on the page as HTML). No **script** here." in markdown
    assert "script defer" not in markdown


def test_a_page_loads_the_frame_first_each_script_once_and_the_data_last(site: dict[str, bytes]) -> None:
    html = site["index.html"].decode()
    loaded = [line.split('"')[1] for line in html.splitlines() if line.startswith("<script defer")]
    assert loaded == ["static/lab/lab.js", "static/lab/draw.js", "static/lab/try.js", "lab/try.js"]
    assert 'href="static/lab/lab.css"' in html
    assert "lab" not in site["glossary.html"].decode().partition("</head>")[0]


def test_data_arrive_as_they_were_packed_digit_by_digit_and_letter_by_letter(site: dict[str, bytes]) -> None:
    call = site["lab/try.js"].decode()
    name, _, content = call.removeprefix("Lab.data(").removesuffix(");\n").partition(",")
    assert json.loads(name) == "try"
    assert json.loads(content) == {"layers": [1, 2, 3], "third": 1 / 3, "odd": ODD}


def test_a_widget_without_data_loads_none(
    chapters: list[AnyChapter], results: Results, prose: Prose, drawn: Mapper
) -> None:
    site = render(Widget("try", ("try",)), LAB, chapters, results, prose, drawn)
    assert not [path for path in site if path.startswith("lab/")]
    assert 'src="lab/' not in site["index.html"].decode()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (LAB.replace("try", "tri"), "there is no widget 'tri'.*try"),
        (LAB + "\n\n" + LAB, "widget 'try' stands twice"),
        ("", "leaves out widget try"),
    ],
)
def test_a_widget_that_is_wrong_in_the_prose_is_told(
    text: str, told: str, chapters: list[AnyChapter], results: Results, prose: Prose, drawn: Mapper
) -> None:
    with pytest.raises(ReportgenError, match=told):
        render(Widget("try", ("try",)), text, chapters, results, prose, drawn)


def test_every_script_of_every_chapter_is_there() -> None:
    own = {path for chapter in CHAPTERS for path in scripts(chapter) if path.startswith("static/")}
    assert [path for path in sorted(own) if not (templates_folder() / path).is_file()] == []
