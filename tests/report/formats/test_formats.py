"""The formats: the same macros in each, and what they make of Markdown."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import Environment, meta

from reportgen.errors import ReportgenError
from reportgen.report.folders import templates_folder
from reportgen.report.formats import FORMATS, MACROS
from reportgen.report.formats.body import Section, finish_markdown
from reportgen.report.formats.html import finish_html
from reportgen.report.templating import environment


def undeclared(jinja: Environment, name: str) -> set[str]:
    """Return the variables that a template expects."""
    source, *_ = jinja.loader.get_source(jinja, name) if jinja.loader else ("",)
    return meta.find_undeclared_variables(jinja.parse(source))


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_defines_the_same_macros_and_a_page(name: str) -> None:
    jinja, folder = environment(), f"formats/{name}"
    defined = jinja.get_template(f"{folder}/macros.jinja").make_module({"page": None, "root": ""})
    assert sorted(key for key in vars(defined) if not key.startswith("_")) == sorted(MACROS)
    assert "body" in undeclared(jinja, f"{folder}/page{FORMATS[name].suffix}.jinja")


def test_every_folder_of_formats_is_a_format() -> None:
    assert {path.name for path in (templates_folder() / "formats").iterdir()} == set(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_a_page_knows_its_way_to_the_root_and_no_two_formats_share_a_page(name: str) -> None:
    page = FORMATS[name].path("he")
    assert (Path("/site") / page).parent.joinpath(FORMATS[name].root).resolve() == Path("/site")
    assert [other for other, one in FORMATS.items() if one.path("he") == page] == [name]


def test_markdown_is_left_alone_but_for_white_space() -> None:
    text = "# A\n\n\n\nText  \n\t\n```\nx\n```\n\n"
    assert finish_markdown(text).text == "# A\n\nText\n\n```\nx\n```"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("A.\0 B.", "A. B."),
        ("A. \0 B.", "A. B."),
        ("A.\n\0\0 \0\nB.", "A.\nB."),
        ("A. \0 \0\nB.", "A.\nB."),
        ("A.\n\n\0B.", "A.\n\nB."),
        ("A.\n\n\0\n\nB.", "A.\n\nB."),
        ("- A\n\0\n- B", "- A\n- B"),
    ],
)
def test_what_shows_nothing_leaves_neither_a_gap_nor_a_new_paragraph(text: str, left: str) -> None:
    assert finish_markdown(text).text == left


def test_headings_get_the_anchors_of_github_and_are_listed() -> None:
    body = finish_html("Text.\n\n## Why `2`, not 1?\n\n### Deeper\n\n## Check yourself", "page x")
    assert '<h2 id="why-2-not-1">' in body.text
    assert '<h3 id="deeper">' in body.text
    assert body.sections == (Section("why-2-not-1", "Why 2, not 1?"), Section("check-yourself", "Check yourself"))


def test_the_summary_is_the_first_sentences_without_their_markup() -> None:
    text = "- item\n\n**Use <i>`He`</i> at 0.5\nof [it](he.html).** And then more."
    assert finish_html(text, "page x").summary == "Use He at 0.5 of it. And then more."
    assert finish_html("", "page x").summary == ""


def test_tables_scroll_in_their_own_box() -> None:
    text = finish_html("| a | b |\n| --- | ---: |\n| x | 1 |\n", "page x").text
    assert text.startswith('<div class="scroll" tabindex="0"')
    assert text.rstrip().endswith("</table>\n</div>")
    assert '<th scope="col" class="right">b</th>' in text
    assert "style" not in text


def test_formulas_become_mathml_and_keep_their_source() -> None:
    text = finish_html("Inline $x_1$.\n\n$$\n\\frac{1}{2}\n$$\n", "page x").text
    assert '<div class="math block" tabindex="0" role="group" aria-label="Formula">\n<math display="block">' in text
    assert r'<annotation encoding="application/x-tex">\frac{1}{2}</annotation>' in text
    assert "<msub><mi>x</mi><mn>1</mn></msub>" in text


@pytest.mark.parametrize("text", [r"so $\foo{x}$ is", "$$\n\\foo\n= 1\n$$"])
def test_a_formula_that_cannot_be_typeset_is_named_with_its_page(text: str) -> None:
    with pytest.raises(ReportgenError, match=r"^page he: formula \$\\foo.*\$, character 0: Unknown command") as caught:
        finish_html(text, "page he")
    assert "\n" not in str(caught.value)


def test_a_price_is_no_formula() -> None:
    assert "<math" not in finish_html("It costs $ 5 and 6 $ more.", "page x").text


def test_hidden_answers_hold_markdown() -> None:
    text = finish_html("<details>\n<summary>Q</summary>\n\n**A** is\n\n- this\n\n</details>", "page x").text
    assert "<p><strong>A</strong> is</p>" in text
    assert "<li>this</li>" in text


def test_value_and_error_stay_on_one_line() -> None:
    assert "1.00\u00a0±\u00a00.01" in finish_html("It is 1.00 ± 0.01.", "page x").text
