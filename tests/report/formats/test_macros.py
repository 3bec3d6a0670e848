"""What the macros make of the prose, in both formats: boxes, tabs, cards, references to figures and to sources."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reportgen.battery.results import Results
from reportgen.chapters.bibliography import SOURCES
from reportgen.chapters.chapter import Chapter, Figure
from reportgen.errors import ReportgenError
from reportgen.report.book import Book, render_book
from reportgen.report.contents import contents, numbers, parts
from reportgen.report.figures import Mapper
from reportgen.report.formats import DEFAULT_FORMATS, FORMATS
from reportgen.report.page import Edition, Reading, render_page
from reportgen.report.templating import environment

AnyChapter = Chapter[Any, Any]
Prose = Callable[..., Path]

FIGURE = '{% call figure("curve") %}The message.\n\nHow.\n\nAlt.{% endcall %}'

PAGE = (
    """**Short.** {{ holds("he_is_near_one") }}

"""
    + FIGURE
    + """

As {{ ref("index", "curve") }} shows, {{ cite("he2015") }} and
{{ cite("glorot2010") }} said so. So {{ cite("he2015") }} did.

{% call practice() %}
Use He. Look at the loss.
{% endcall %}

{% call predict("What <then>?", ["up & away", "down"]) %}
It goes **down**.
{% endcall %}

{% call fold("More & more") %}
{{ f.gains | table }}
{% endcall %}

{{ tabs({"PyTorch": "a < b\\n\\nc *d*", "Keras": "e"}) }}

{% call cards() %}
{% call card("One card") %}
A *word* and {{ tabs({"JAX": "f"}) }}
{% endcall %}
{% endcall %}

{{ chapters() }}
"""
)


@pytest.fixture
def book(chapters: list[AnyChapter], results: Results) -> Book:
    index, glossary = chapters
    references = replace(glossary, slug="references", title="Where from?")
    late = replace(glossary, part="Theory", level="further", title="What <is> it?")
    return Book.read([index, late, references], results)


@pytest.fixture
def pages(book: Book, prose: Prose, drawn: Mapper) -> dict[str, str]:
    folder = prose(PAGE)
    (folder / "chapters/references.md.jinja").write_text("## He et al. (2015)\n\nA paper.\n")
    site = render_book(book, tables=["forward"], overrides=folder, mapper=drawn)
    return {name: site[form.path("index")].decode() for name, form in FORMATS.items() if name in DEFAULT_FORMATS}


def test_a_figure_has_its_number_and_message_above_it_and_a_line_to_cite_it(pages: dict[str, str]) -> None:
    html = pages["html"]
    number, image = html.index('href="#figure-curve">Figure 0.1</a> The message.'), html.index("<img src")
    assert number < image < html.index("Cite it</p><code>The reportgen authors")
    assert "figure 0.1 (reportgen, preset quick, seed 0)" in html
    assert pages["markdown"].index("**Figure 0.1.** The message.") < pages["markdown"].index("![Alt.]")


def test_a_figure_and_a_source_are_referred_to_by_number_and_name(pages: dict[str, str]) -> None:
    assert '<a class="ref" href="index.html#figure-curve">Figure 0.1</a> shows' in pages["html"]
    assert '<a class="cite" href="references.html#he-et-al-2015">He et al. (2015)</a>' in pages["html"]
    assert "As [Figure 0.1](index.md) shows, [He et al. (2015)](references.md#he-et-al-2015) and\n" in pages["markdown"]


@pytest.mark.parametrize("name", DEFAULT_FORMATS)
def test_what_a_page_cites_is_listed_once_at_its_end_with_its_address(name: str, pages: dict[str, str]) -> None:
    end = pages[name].partition("Sources</h2>" if name == "html" else "## Sources")[2]
    for key in ("he2015", "glorot2010"):
        assert end.count(SOURCES[key].title) == 1
        assert SOURCES[key].link in end
    assert end.index(SOURCES["glorot2010"].title) < end.index(SOURCES["he2015"].title), "by year"
    assert SOURCES["lecun1998"].title not in pages[name]


def test_boxes_escape_what_they_are_given_and_hide_what_is_to_be_predicted(pages: dict[str, str]) -> None:
    html, markdown = pages["html"], pages["markdown"]
    assert "<p><strong>In practice.</strong> Use He. Look at the loss.</p>" in html
    assert "What &lt;then&gt;?</p>" in html
    assert '<ol type="A"><li>up &amp; away</li><li>down</li></ol>' in html
    assert html.index("<summary>Then look</summary>") < html.index("It goes <strong>down</strong>.")
    assert '<details class="fold">\n<summary>More &amp; more</summary>' in html
    assert "> **In practice.** Use He. Look at the loss." in markdown
    assert "1. up &amp; away\n2. down\n" in markdown


def test_code_stands_letter_by_letter_under_the_name_of_its_framework(pages: dict[str, str]) -> None:
    html, markdown = pages["html"], pages["markdown"]
    assert "<code>a &lt; b&#10;&#10;c *d*</code>" in html
    ids = re.findall(r'<input type="radio" name="([\w-]+)" id="([\w-]+)"', html)
    assert [group for group, _ in ids] == ["tabs-1", "tabs-1", "tabs-2"]
    assert len({one for _, one in ids}) == 3
    assert all(f'<label for="{one}">' in html for _, one in ids)
    assert "PyTorch:\n\n```python\na < b\n\nc *d*\n```" in markdown


def test_chapters_stand_on_cards_in_their_groups(pages: dict[str, str]) -> None:
    html = pages["html"]
    assert '<section class="card">\n<h3 id="one-card">One card</h3>' in html
    assert "<h3>Theory</h3>" in html
    assert '<strong>What &lt;is&gt; it?</strong> <span class="meta">1 min · further</span>' in html
    assert "**Theory**\n\n1. [What <is> it?](glossary.md), 1 min, further\n" in pages["markdown"]


def test_pages_are_numbered_in_their_order_and_figures_in_theirs(book: Book) -> None:
    entries = contents(book.chapters, FORMATS["html"], environment())
    assert [(one.number, one.file) for one in entries] == [
        (0, "index.html"),
        (1, "glossary.html"),
        (2, "references.html"),
    ]
    assert [part.title for part in parts(entries)] == ["", "Theory", ""]
    assert numbers(book.chapters) == {("index", "curve"): "0.1"}


def test_figures_that_stand_in_another_order_than_their_numbers_are_refused(
    chapters: list[AnyChapter], results: Results, prose: Prose
) -> None:
    index = chapters[0]
    second = replace(index.figures[0], slug="second")
    two: list[AnyChapter] = [replace(index, figures=(second, *index.figures)), chapters[1]]
    both = f'**x** {{{{ holds("he_is_near_one") }}}}\n\n{FIGURE}\n\n{FIGURE.replace("curve", "second")}\n'
    with pytest.raises(ReportgenError, match="figure 'second' stands behind one that the chapter lists after it"):
        render_book(Book.read(two, results), overrides=prose(both))


def test_a_figure_of_several_copies_numbers_each(chapters: list[AnyChapter], results: Results, prose: Prose) -> None:
    index = chapters[0]
    forward = results["forward"].assign(layer=["1", "2", "3"])
    results = replace(results, tables={"forward": forward})
    each = Figure("layer", index.figures[0].draw, ("forward", "means"), each="layer")
    page = f'**x** {{{{ holds("he_is_near_one") }}}}\n\n{FIGURE}\n\n' + "".join(
        FIGURE.replace('"curve"', f'"layer", "{layer}"') + "\n\n" for layer in (1, 2, 3)
    )
    several: list[AnyChapter] = [replace(index, figures=(index.figures[0], each)), chapters[1]]
    edition = Edition(FORMATS["html"], several, results.settings, (), environment(prose(page)))
    html = render_page(Reading.of(several[0], results), edition)
    assert re.findall(r">Figure (0\.\d)</a>", html) == ["0.1", "0.2", "0.3", "0.4"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (FIGURE, f"{FIGURE}\n\n{FIGURE}", r"^page index: figure 'curve' stands twice$"),
        ('cite("he2015") }} and', "cite(2015) }} and", r"^page index: .*line \d+: "),
        ("f.gains | table", "none | percent", r"^page index: .*line \d+: "),
        ('{"JAX": "f"}', "{}", r"^page index: tabs need one to 4 texts by their names$"),
        ('{"JAX": "f"}', '{"JAX": none}', r"^page index: tabs need"),
        ('ref("index", "curve")', 'ref("index", "curv")', r"there is no figure of index 'curv': did you mean curve\?"),
        ('cite("he2015")', 'cite("hee2015")', r"there is no source 'hee2015': did you mean he2015\?"),
    ],
)
def test_a_slip_is_told_with_the_closest_match(old: str, new: str, message: str, book: Book, prose: Prose) -> None:
    folder = prose(PAGE.replace(old, new))
    (folder / "chapters/references.md.jinja").write_text("A paper.\n")
    with pytest.raises(ReportgenError, match=message):
        render_book(book, overrides=folder)
