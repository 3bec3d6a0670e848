"""Widgets on a page: their scripts, the data that the build packs for them, and their words."""

from __future__ import annotations

import json
import re
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
from reportgen.report.scripts import sources, with_scripts

AnyChapter = Chapter[Any, Any]
Prose = Callable[..., Path]

ODD = "</script> \u2028 \ud800 'quoted' \"ü\" \\"
FIGURE = '{% call figure("curve") %}The message.\n\nHow.\n\nAlt.{% endcall %}{{ holds("he_is_near_one") }}'
FRAME = {"static/site/frame.js": b""}
LAB = '{% call lab("try", "Try & see") %}\nNo **script** here.\n{% endcall %}'


def pack(forward: pd.DataFrame) -> Mapping[str, Any]:
    return {"layers": forward["layer"].tolist(), "third": 1 / 3, "odd": ODD}


def render(widget: Widget, text: str, chapters: list[AnyChapter], results: Results, prose: Prose, drawn: Mapper) -> Any:
    index, glossary = chapters
    book = Book.read([replace(index, widgets=(widget,)), glossary], results)
    folder = prose(FIGURE + "\n\n" + text)
    (folder / "static/lab").mkdir(parents=True, exist_ok=True)
    (folder / "static/lab/try.js").write_text("/* Mine. */\nLab.widget('try', () => {});\n")
    return render_book(book, tables=["forward"], overrides=folder, mapper=drawn)


@pytest.fixture
def site(chapters: list[AnyChapter], results: Results, prose: Prose, drawn: Mapper) -> dict[str, bytes]:
    return dict(render(Widget("try", ("draw", "try"), ("forward",), pack), LAB, chapters, results, prose, drawn))


def test_a_widget_has_its_title_and_its_words_in_both_formats(site: dict[str, bytes]) -> None:
    html, markdown = site["index.html"].decode(), site["markdown/index.md"].decode()
    assert '<div class="lab" id="lab-try" data-lab="try" role="region" aria-labelledby="lab-try-title">' in html
    assert '<p class="lab-title" id="lab-try-title">Try &amp; see</p>' in html
    assert "<p>No <strong>script</strong> here.</p>" in html
    assert "**Try &amp; see** (live on the page as HTML). No **script** here." in markdown
    assert "script defer" not in markdown


def test_only_scripts_are_joined() -> None:
    files = {**FRAME, "static/site/notes.txt": b"a b c", "static/later/notes.md": b"- a\n  - b\n"}
    made = with_scripts(files, [])
    assert made["static/site.js"].strip() == b""
    assert made["static/later/notes.md"] == files["static/later/notes.md"]


def test_a_page_loads_one_script_that_begins_with_the_frame_and_then_the_data(site: dict[str, bytes]) -> None:
    html = site["index.html"].decode()
    loaded = [line.split('"')[1] for line in html.splitlines() if line.startswith("<script defer")]
    assert loaded == ["static/site.js", "static/lab/try.js", "lab/try.js"]
    assert [path for path in site if path.startswith("static/lab/")] == ["static/lab/lab.css", "static/lab/try.js"]
    script = site["static/lab/try.js"].decode()
    assert 0 < script.index("Lab.widget =") < script.index("draw.lines =") < script.index("Lab.widget('try'")
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
    ids=["unknown", "twice", "left out"],
)
def test_a_widget_that_is_wrong_in_the_prose_is_told(
    text: str, told: str, chapters: list[AnyChapter], results: Results, prose: Prose, drawn: Mapper
) -> None:
    with pytest.raises(ReportgenError, match=told):
        render(Widget("try", ("try",)), text, chapters, results, prose, drawn)


def test_a_script_that_is_not_there_is_told(
    chapters: list[AnyChapter], results: Results, prose: Prose, drawn: Mapper
) -> None:
    with pytest.raises(ReportgenError, match=r"lack the script static/lab/gone\.js"):
        render(Widget("try", ("gone", "try")), LAB, chapters, results, prose, drawn)


def test_a_script_loses_its_comments_and_indentation_and_nothing_else() -> None:
    source = """/** One.
 * Two. */
(function () {
  // Three.
  const address = "https://x/*y*/"; // stays

  const half = 1 / 2;
  /* Four. */
})();
"""
    page = replace(CHAPTERS[0], widgets=(Widget("x", ("y",)),))
    widgets = [f"static/lab/{stem}.js" for stem in ("lab", "draw", "y", "other")]
    site = [f"static/site/{stem}.js" for stem in ("a", "frame")]
    static = dict.fromkeys([*widgets, *site], source.encode()) | {"static/a.css": b"a"}
    lean = '(function () {\nconst address = "https://x/*y*/"; // stays\nconst half = 1 / 2;\n})();\n'
    assert with_scripts(static, [page]) == {
        "static/a.css": b"a",
        "static/lab/x.js": lean.encode() * 3,
        "static/site.js": lean.encode() * 2,
    }


def test_a_script_that_ends_within_a_comment_leaves_the_next_one_alone() -> None:
    page = replace(CHAPTERS[0], widgets=(Widget("x", ("y",)),))
    static = {f"static/lab/{stem}.js": b"f(); // mine" for stem in ("lab", "draw", "y")} | FRAME
    assert with_scripts(static, [page])["static/lab/x.js"] == b"f(); // mine\n" * 3


def test_a_script_that_is_no_text_is_told() -> None:
    page = replace(CHAPTERS[0], widgets=(Widget("x", ("y",)),))
    static = {f"static/lab/{stem}.js": b"f();" for stem in ("lab", "draw")} | FRAME
    static["static/lab/y.js"] = b"f(\xff);"
    with pytest.raises(ReportgenError, match=r"static/lab/y\.js is not UTF-8 from byte 2 on"):
        with_scripts(static, [page])


def test_every_source_of_every_chapter_is_there_and_none_is_left_over() -> None:
    needed = {path for chapter in CHAPTERS for path in sources(chapter)}
    assert needed == {f"static/lab/{path.name}" for path in (templates_folder() / "static/lab").glob("*.js")}


def test_no_text_of_a_script_begins_a_line_that_would_be_taken_for_a_comment_or_indentation() -> None:
    for path in (templates_folder() / "static/lab").glob("*.js"):
        quoted = re.findall(
            r"`[^`]*`", re.sub(r"/\*.*?\*/|^\s*//.*$", "", path.read_text(), flags=re.DOTALL | re.MULTILINE)
        )
        assert [text for text in quoted if "\n" in text] == [], path.name
