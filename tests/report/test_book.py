"""A small book from chapters to files, in both formats."""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reportgen.battery.results import Results
from reportgen.chapters.chapter import Chapter
from reportgen.chapters.check import Check, above
from reportgen.errors import ReportgenError
from reportgen.report.book import Book, render_book
from reportgen.report.data import csv
from reportgen.report.drawing import IMAGES
from reportgen.report.figures import Mapper
from reportgen.report.formats import DEFAULT_FORMATS, FORMATS

AnyChapter = Chapter[Any, Any]
Prose = Callable[..., Path]
Drawn = Mapper
FIGURE = """{% call figure("curve") %}
He stays near {{ f.he.value | num }} at $L = 3$.

Each dot
is a layer.

Line [blue] "near" {{ f.he.value | num }}.
{% endcall %}
"""


@pytest.fixture
def site(chapters: list[AnyChapter], results: Results, prose: Prose, drawn: Drawn) -> dict[str, bytes]:
    return render_book(Book.read(chapters, results), tables=["forward"], overrides=prose(), mapper=drawn)


def test_the_book_has_pages_figures_data_and_static_files(site: dict[str, bytes]) -> None:
    pages = {FORMATS[name].path(slug) for name in DEFAULT_FORMATS for slug in ("index", "glossary")}
    assert {name for name in site if not name.startswith("static/")} == pages | {
        "figures/index-curve.svg",
        "figures/index-curve-narrow.svg",
        "figures/index-curve.png",
        "markdown/figures/index-curve.png",
        "figures/live/index-curve.js",
        "data/index-curve.csv",
        "data/index-curve-means.csv",
        "data/forward.csv.gz",
        *(".nojekyll", "404.html", "robots.txt", "report.html", "embed/index-curve.html"),
    }
    assert {"static/style.css", "static/fonts/reportgen-math.woff2", "static/fonts/OFL.txt"} <= set(site)


def test_only_the_formats_that_are_asked_for_are_written(
    chapters: list[AnyChapter], results: Results, prose: Prose, drawn: Drawn
) -> None:
    site = render_book(Book.read(chapters, results), ["markdown"], overrides=prose(), mapper=drawn)
    assert not [name for name in site if name.endswith(".html")]
    assert "markdown/index.md" in site


def test_a_page_forbids_itself_to_ask_anybody_before_it_names_a_file(site: dict[str, bytes]) -> None:
    for page in (text.decode() for path, text in site.items() if path.endswith(".html") and path != "report.html"):
        policy, first_file = page.index('http-equiv="Content-Security-Policy"'), page.index("href=")
        assert policy < first_file
        assert "content=\"default-src 'none'; script-src 'self'; style-src 'self';" in page[:first_file]
        assert not re.search(r"<[^>]* style=", page)


def test_the_page_of_html_holds_what_the_prose_says(site: dict[str, bytes]) -> None:
    page = site["index.html"].decode()
    for part in (
        "<title>Weight initialization, measured</title>",
        '<meta name="description" content="He keeps the variance at 1.001 ± 0.004. Then we say why.">',
        "<h1>Which start for which activation?</h1>",
        "<strong>He keeps the variance at 1.001\u00a0±\u00a00.004.</strong> Then we say why.",
        '<td class="right">overflow</td>',
        '<th scope="row">tanh|x</th>',
        'above all <a class="term" href="glossary.html#fan-in">fan_in</a>',
        '<a class="term" href="glossary.html#mean-field">the mean field</a>',
        '<a href="glossary.html">the words</a>',
        "<p><strong>Note.</strong> A note over 2, 5 and 10 layers,\nwith <code>code</code> in it.</p>",
        "<summary>How large is it, &amp; why?</summary>\n<p>It is <strong>1.0</strong>, that is 50% of two.</p>",
        'aria-current="page">Which start for which activation?</a>',
        '<a rel="next" href="glossary.html">',
        "preset quick: width 64, 3 replicates, seed 0",
    ):
        assert part in page, part
    assert "he_is_near_one" not in page
    assert 'rel="prev"' not in page
    assert 'rel="prev" href="index.html"' in site["glossary.html"].decode()


def test_a_figure_has_size_words_and_links_so_that_the_page_does_not_jump(site: dict[str, bytes]) -> None:
    page = site["index.html"].decode()
    image = re.search(r"<img [^>]*>", page)
    assert image is not None
    assert 'alt="Line [blue] &#34;near&#34; 1.0."' in image[0]
    assert 'width="768" height="336"' in image[0]  # 8 x 3.5 inches of 96 CSS pixels
    assert 'loading="lazy"' not in image[0], "the first figure of a page is loaded at once"
    assert '<a class="number" href="#figure-curve">Figure 0.1</a> He stays near 1.0 at <span' in page
    assert "<p><strong>How to read it.</strong> Each dot is a layer.</p>" in page
    for address in ("figures/index-curve.svg", "figures/index-curve.png", "data/index-curve.csv"):
        assert f'href="{address}"' in page


def test_the_page_of_markdown_survives_every_reader(site: dict[str, bytes]) -> None:
    page = site["markdown/index.md"].decode()
    for part in (
        "# Which start for which activation?\n\n**He keeps the variance at 1.001 ± 0.004.** Then we say why.\n\n",
        '\n\n![Line \\[blue\\] "near" 1.0.](figures/index-curve.png)&nbsp;\n\n**How to read it.** Each dot',
        "\n\n**Figure 0.1.** He stays near 1.0 at $L = 3$.\n\n",
        "\n\n> **Note.** A note over 2, 5 and 10 layers,\n> with `code` in it.\n>\n> And a second paragraph.\n\n",
        '\n\n<details markdown="1">\n<summary>How large is it, &amp; why?</summary>\n\nIt is **1.0**',
        "\n\n$$\n\\mathrm{Var}(w \\cdot x) = \\sum_{i=1}^{n} \\mathrm{Var}(w_i) x_i^2\n$$\n\n",
        "\n\n| activation | gain | units |\n| --- | ---: | ---: |\n",
        "[the mean field](glossary.md#mean-field)",
        "(Data: `data/index-curve.csv` of the site)",
    ):
        assert part in page, part
    assert "\n\n\n" not in page
    assert not re.search(r"[ \t]$", page, flags=re.MULTILINE)


def test_every_link_between_the_files_of_the_book_leads_somewhere(site: dict[str, bytes]) -> None:
    site = {**site, "manifest.json": b""}
    for name, content in site.items():
        links = {".html": r'(?:href|src)="([^"#]+)', ".md": r"\]\(([^)#]+)"}.get(Path(name).suffix)
        addresses = re.findall(links, content.decode()) if links else []
        for address in (one for one in addresses if not one.startswith("data:")):
            assert (Path("/") / Path(name).parent / address).resolve().relative_to("/").as_posix() in site, address


def test_the_battery_s_table_has_six_digits_and_keeps_what_overflowed(site: dict[str, bytes], results: Results) -> None:
    text = gzip.decompress(site["data/forward.csv.gz"]).decode()
    assert "\r" not in text
    assert '"random_uniform(minval=-0.5, maxval=0.5)",2,1.01235,inf\n' in text
    read = pd.read_csv(io.StringIO(text))
    for column in ("activation_variance", "finite_fraction"):
        np.testing.assert_allclose(read[column], results["forward"][column], rtol=5e-6)


def test_csv_gives_every_float32_back() -> None:
    values = np.random.default_rng(0).standard_normal(1000).astype(np.float32)
    read = pd.read_csv(io.BytesIO(csv(pd.DataFrame({"value": values}))))
    assert np.array_equal(read["value"].astype(np.float32), values)


def test_the_same_results_give_the_same_bytes(
    chapters: list[AnyChapter], results: Results, prose: Prose, site: dict[str, bytes]
) -> None:
    assert render_book(Book.read(chapters, results), tables=["forward"], overrides=prose()) == site


def test_a_chapter_is_read_and_checked_once_for_all_formats(
    chapters: list[AnyChapter], results: Results, prose: Prose, drawn: Drawn
) -> None:
    calls: list[str] = []

    def counted(name: str, function: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def call(given: Any) -> Any:
            calls.append(name)
            return function(given)

        return call

    index = chapters[0]
    counting: Any = {name: counted(name, getattr(index, name)) for name in ("read", "find", "check")}
    once = replace(index, **counting)
    render_book(Book.read([once, chapters[1]], results), overrides=prose(), mapper=drawn)
    assert calls == ["read", "find", "check"]


def test_a_single_chapter_is_the_same_page_as_in_the_whole_book(
    chapters: list[AnyChapter], results: Results, prose: Prose, drawn: Drawn, site: dict[str, bytes]
) -> None:
    alone = render_book(Book.read(chapters, results, ["glossary"]), tables=["forward"], overrides=prose(), mapper=drawn)
    assert alone["glossary.html"] == site["glossary.html"]
    assert "index.html" not in alone
    assert "data/forward.csv.gz" not in alone


@pytest.mark.parametrize("name", DEFAULT_FORMATS)
def test_a_chapter_in_a_single_format_has_only_the_images_that_its_page_shows(
    name: str, chapters: list[AnyChapter], results: Results, prose: Prose, site: dict[str, bytes]
) -> None:
    alone = render_book(Book.read(chapters, results, ["index"]), [name], tables=["forward"], overrides=prose())
    assert alone.items() <= site.items()
    assert [path for path in alone if path.startswith("figures/")] == [
        IMAGES[image].format("index-curve") for image in FORMATS[name].images
    ]


def test_a_figure_is_drawn_in_the_style_of_the_house(site: dict[str, bytes]) -> None:
    svg = site["figures/index-curve.svg"].decode()
    assert "currentColor" in svg
    assert "<title>Figure 0.1. He stays near 1.0 at L = 3.</title>" in svg
    assert svg.count(' id="') == svg.count(' id="index-curve-')
    assert site["figures/index-curve.png"].startswith(b"\x89PNG")


def test_every_table_that_a_figure_draws_is_published(site: dict[str, bytes], results: Results) -> None:
    assert site["data/index-curve.csv"] == csv(results["forward"])
    assert site["data/index-curve-means.csv"] == b"mean\n1.00078189\n"


def never(*_: object) -> Iterator[tuple[str, dict[str, bytes]]]:
    raise AssertionError("a figure was drawn")


def failing(*names: str) -> Callable[[Any], list[Check]]:
    return lambda _: [Check.of(name, "Pigs <fly> by *night*", above(0.25, 0.5)) for name in names]


TRIED = {"width": 128, "replicates": 5, "batch": 256, "depths": [2, 50]}
ELSEWHERE = {"width": 16, "replicates": 2, "batch": 256, "depths": [2, 50]}


def book_that_fails(chapters: list[AnyChapter], results: Results, settings: dict[str, Any]) -> Book:
    wrong = [replace(chapters[0], check=failing("he_is_near_one")), chapters[1]]
    return Book.read(wrong, replace(results, settings={**results.settings, **settings}))


def test_a_sentence_that_is_not_borne_out_is_marked_where_it_stands(
    chapters: list[AnyChapter], results: Results, prose: Prose, drawn: Drawn
) -> None:
    book = book_that_fails(chapters, results, TRIED)
    site = render_book(book, overrides=prose(), mapper=drawn)
    html, markdown = (site[FORMATS[name].path("index")].decode() for name in ("html", "markdown"))
    said = "Not borne out by this run: Pigs &lt;fly&gt; by *night*. Measured 0.25, expected above 0.5."
    assert f'<span class="unmet">{said}</span> Then we say why.' in html
    assert "This run does not bear out 1 of the sentences of this page; it is marked where it stands." in html
    assert (
        r"**(Not borne out by this run: Pigs &lt;fly&gt; by \*night\*. Measured 0.25, expected above 0.5.)**"
        in markdown
    )
    assert "does not bear out 1 of the sentences" in markdown
    assert "bear out" not in site[FORMATS["html"].path("glossary")].decode()


@pytest.mark.parametrize(("settings", "outside"), [(TRIED, ""), (ELSEWHERE, "width 16, replicates 2")])
def test_every_sentence_that_is_not_borne_out_is_listed(
    chapters: list[AnyChapter], results: Results, settings: dict[str, Any], outside: str
) -> None:
    (one,) = book_that_fails(chapters, results, settings).unmet()
    assert (one.chapter, one.check, one.outside) == ("index", "he_is_near_one", outside)
    assert str(one).startswith(
        "index/he_is_near_one is not borne out by this run: Pigs <fly> by *night*. Measured 0.25"
    )
    assert len(str(one)) < 300


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("f.he |", "f.hee |", r"^page index: index.md.jinja, line 1: .*no attribute 'hee'"),
        (
            'holds("he_is_near_one")',
            'holds("he_is_near_on")',
            r"there is no check 'he_is_near_on': did you mean he_is_near_one",
        ),
        ('{{ holds("he_is_near_one") }}', "", r"^page index: the prose leaves out check he_is_near_one$"),
        ('figure("curve")', 'figure("curv")', r"there is no figure 'curv': did you mean curve\?"),
        (FIGURE, "", r"^page index: the prose leaves out figure curve$"),
        ("Each dot\nis a layer.\n", "", r"^page index, words of figure curve: three paragraphs are needed .*, not 2$"),
        ("f.he.value | num }} at", "f.gone }} at", r"^page index: index.md.jinja, line \d+: .*no attribute 'gone'"),
        ('link("glossary"', 'link("glosary"', r"there is no chapter 'glosary': did you mean glossary\?"),
        (r"\frac", r"\farc", r"^page index: formula .*Unknown command"),
        ("| table", "| tabel", r"^page index: chapters/index.md.jinja, line \d+: No filter named 'tabel'"),
        ("{% endcall %}", "", r"^page index: chapters/index.md.jinja, line \d+: "),
    ],
)
def test_prose_that_cannot_be_rendered_is_named_in_one_line(
    old: str, new: str, message: str, chapters: list[AnyChapter], results: Results, prose: Prose
) -> None:
    folder = prose()
    source = folder / "chapters/index.md.jinja"
    text = source.read_text()
    assert old in text
    source.write_text(text.replace(old, new))
    with pytest.raises(ReportgenError, match=message) as caught:
        render_book(Book.read(chapters, results), overrides=folder, mapper=never)  # told before anything is drawn
    assert "\n" not in str(caught.value)


def test_a_chapter_without_prose_is_named(chapters: list[AnyChapter], results: Results, prose: Prose) -> None:
    missing = [chapters[0], replace(chapters[1], slug="untold")]
    folder = prose(FIGURE + '{{ holds("he_is_near_one") }}')
    with pytest.raises(ReportgenError, match=r"^page untold: there is no template chapters/untold\.md\.jinja$"):
        render_book(Book.read(missing, results), overrides=folder, mapper=never)
