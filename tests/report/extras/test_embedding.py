"""Every figure as a page for a frame, and what stands under a figure for those who use it elsewhere."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reportgen.battery.results import Results
from reportgen.chapters.chapter import Chapter
from reportgen.report.book import Book, render_book
from reportgen.report.figures import Mapper
from reportgen.report.imprint import PLAIN, Imprint
from tests.report.conftest import INDEX

AnyChapter = Chapter[Any, Any]
Make = Callable[..., dict[str, bytes]]

LINKED = INDEX.replace("Each dot\nis", 'Each dot, see {{ term("fan_in") }},\nis')


@pytest.fixture
def make(chapters: list[AnyChapter], results: Results, prose: Callable[..., Path], drawn: Mapper) -> Make:
    """Return a function that makes the site of a small book."""

    def made(imprint: Imprint = PLAIN) -> dict[str, bytes]:
        return render_book(
            Book.read(chapters, results), ["html"], imprint=imprint, overrides=prose(LINKED), mapper=drawn
        )

    return made


def test_a_frame_holds_message_figure_caption_and_credit(make: Make) -> None:
    page = make()["embed/index-curve.html"].decode()
    for part in (
        '<h1 class="message">He stays near 1.0 at <',
        '<img src="../figures/index-curve.svg" alt="Line [blue] &quot;near&quot; 1.0."',
        'srcset="../figures/index-curve-narrow.svg"',
        '<details class="reading"><summary>How to read it</summary>\n<p>Each dot, see',
        '<a class="term" href="../glossary.html#fan-in" target="_blank">fan_in</a>',
        '<a href="../index.html#figure-curve" target="_blank">Figure 0.1</a> of <cite>Weight initialization',
        "<title>Figure 0.1: He stays near 1.0 at L=3.</title>",
    ):
        assert part in page, part
    assert " id=" not in page
    assert "lazy" not in page
    assert "Use this figure" not in page


def test_a_frame_has_the_policy_of_a_page_and_loads_no_more_than_it_shows(make: Make) -> None:
    page = make()["embed/index-curve.html"].decode()
    assert "content=\"default-src 'none'; script-src 'self'; style-src 'self';" in page
    loaded = re.findall(r'<(?:link rel="stylesheet" href|script src)="([^"]+)"', page)
    assert loaded == ["../static/embed.js", "../static/style.css", "../static/embed.css"]


def test_a_frame_wears_the_style_of_its_user(make: Make) -> None:
    files = make(Imprint(author="Ada", style=b"p { color: red }", base_url="https://example.org/c/"))
    page = files["embed/index-curve.html"].decode()
    loaded = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
    assert loaded == ["../static/style.css", "../static/embed.css", "../static/own.css"]
    assert '<link rel="canonical" href="https://example.org/c/index.html#figure-curve">' in page
    assert "</cite>, Ada (" in page


def snippets(files: dict[str, bytes]) -> list[str]:
    """Return the texts under the figure that are there to be copied, as a reader copies them."""
    page = files["index.html"].decode()
    details = re.search(r'<details class="files">.*?</details>', page, re.DOTALL)
    assert details
    found = re.findall(r'<p data-copy="" data-label="[^"]+">[^<]+</p><code>(.*?)</code>', details[0], re.DOTALL)
    return [html.unescape(re.sub(r"<.*?>", "", one)) for one in found]


def test_a_figure_can_be_copied_as_a_frame_as_markdown_and_as_a_citation(make: Make) -> None:
    files = make()
    frame, markdown, citation = snippets(files)
    found = re.fullmatch(
        r'<iframe src="([^"]+)" title="Figure 0\.1 of Weight initialization, measured" width="100%" '
        r'height="(\d+)" style="border:0" loading="lazy"></iframe>',
        frame,
    )
    assert found
    assert found[1] in files
    drawn = re.search(r'<img src="figures/index-curve.svg"[^>]* height="(\d+)"', files["index.html"].decode())
    assert drawn
    assert int(found[2]) == int(drawn[1]) + 180
    assert markdown == (
        '![Line \\[blue\\] "near" 1.0.](figures/index-curve.png)\n\n**He stays near 1.0 at $L = 3$.** '
        "[Figure 0.1](index.html#figure-curve) of *Weight initialization, measured*, The reportgen authors."
    )
    assert citation == (
        "The reportgen authors, Weight initialization, measured, figure 0.1 (reportgen, preset quick, seed 0)."
    )


def test_what_is_copied_leads_to_the_site_where_its_address_is_known(make: Make) -> None:
    frame, markdown, citation = snippets(make(Imprint(base_url="https://example.org/c/")))
    assert 'src="https://example.org/c/embed/index-curve.html"' in frame
    assert "(https://example.org/c/figures/index-curve.png)" in markdown
    assert "(https://example.org/c/index.html#figure-curve)" in markdown
    assert citation.endswith(", https://example.org/c/index.html#figure-curve.")


def test_a_page_of_a_user_that_shows_figures_in_another_way_has_no_frames(
    chapters: list[AnyChapter], results: Results, prose: Callable[..., Path], drawn: Mapper
) -> None:
    folder = prose()
    (folder / "formats/html").mkdir(parents=True)
    own = (Path(__file__).parents[3] / "templates/formats/html/macros.jinja").read_text()
    (folder / "formats/html/macros.jinja").write_text(own.replace('<div class="message">', '<div class="own">'))
    files = render_book(Book.read(chapters, results), ["html"], overrides=folder, mapper=drawn)
    assert [path for path in files if path.startswith("embed/")] == []
