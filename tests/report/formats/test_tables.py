"""Tables in HTML: captions, names of rows and columns, and the box that scrolls."""

from __future__ import annotations

import re

import pytest

from reportgen.chapters import CHAPTERS
from reportgen.report.folders import templates_folder
from reportgen.report.formats.html import finish_html

ROWS = "| a | b |\n| --- | ---: |\n| {} | 1 |\n| {} | 2 |\n"

IN_TABLE = re.compile(r"\{% call table\(.+?\) %\}(.*?)\{% endcall %\}", re.DOTALL)
TABLE = re.compile(r"\| table \}\}|^\| ?:?--", re.MULTILINE)


def html(text: str) -> str:
    return finish_html(text, "page x").text


def uncaptioned(prose: str) -> int:
    """Return how many tables of a template have no caption."""
    return len(TABLE.findall(IN_TABLE.sub("", prose)))


def test_a_bold_line_above_a_table_becomes_its_caption_and_the_name_of_its_box() -> None:
    text = html("**Table.** Gains of $x$, *all* of them\n\n" + ROWS.format("x", "y"))
    assert '<caption id="table-1">Gains of <span class="tied">' in text
    assert "<em>all</em> of them</caption>" in text
    assert text.startswith('<div class="scroll" tabindex="0" role="group" aria-labelledby="table-1">')
    assert "Table." not in text


def test_a_table_without_a_caption_is_named_after_its_section() -> None:
    text = html('## Why "2" & not 1\n\nSome words.\n\n' + ROWS.format("x", "y"))
    assert 'aria-label="Table: Why &quot;2&quot; &amp; not 1"' in text
    assert "<p>Some words.</p>" in text
    assert "<caption" not in text


def test_a_caption_belongs_to_the_table_right_below_it_alone() -> None:
    text = html(
        "**Table.** One\n\nSome words.\n\n" + ROWS.format("x", "y") + "\n**Table.** Two\n\n" + ROWS.format("x", "y")
    )
    assert "<strong>Table.</strong> One" in text
    assert re.findall(r'<caption id="([\w-]+)">(\w+)<', text) == [("table-2", "Two")]


def test_the_first_cell_is_the_head_of_its_row_where_it_tells_the_rows_apart() -> None:
    apart = html(ROWS.format("x", "y"))
    assert '<th scope="row">x</th>' in apart
    assert '<th scope="col">a</th>' in apart
    assert '<th scope="col" class="right">b</th>' in apart
    for cells in (("x", "x"), ("x", "")):
        assert 'scope="row"' not in html(ROWS.format(*cells))


def test_a_formula_is_not_parted_from_its_punctuation() -> None:
    text = html("Take ($x$), $y$; and $z$ alone.")
    tied = [re.sub("<.*>", "x", one) for one in re.findall(r'<span class="tied">(.*?</span>\S*?)</span>', text)]
    assert tied == ["(x),", "x;"]


@pytest.mark.parametrize("slug", [chapter.slug for chapter in CHAPTERS])
def test_every_table_of_the_prose_has_a_caption(slug: str) -> None:
    assert uncaptioned((templates_folder() / f"chapters/{slug}.md.jinja").read_text()) == 0


def test_a_table_without_a_caption_is_found() -> None:
    assert uncaptioned("{{ f.x | table }}\n\n{% call table('x') %}\n{{ f.y | table }}\n{% endcall %}") == 1
    assert uncaptioned("| a |\n| --- |\n| b |") == 1
