"""Slides and notebooks of the small book: one figure, one message, and what goes with it."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from reportgen.battery.results import Results
from reportgen.errors import UsageError
from reportgen.report.book import Book, render_book
from reportgen.report.imprint import PLAIN, Imprint

CAPTION = "He stays near {{ f.he.value | num }} at $L = 3$."


@pytest.fixture
def render(results: Results, chapters: Sequence[Any], prose: Any, drawn: Any) -> Callable[..., dict[str, bytes]]:
    def rendered(format_name: str, imprint: Imprint = PLAIN, **changed: tuple[str, str]) -> dict[str, bytes]:
        folder = prose()
        page = folder / "chapters/index.md.jinja"
        for old, new in changed.values():
            assert old in page.read_text()
            page.write_text(page.read_text().replace(old, new))
        index = replace(chapters[0], title='What "is" it: a start?')
        book = Book.read([index, chapters[1]], results)
        return render_book(book, [format_name], tables=["forward"], imprint=imprint, overrides=folder, mapper=drawn)

    return rendered


def slides(deck: str) -> list[str]:
    return re.split(r"^## ", deck, flags=re.MULTILINE)


def test_a_chapter_with_figures_has_a_deck_and_others_have_none(render: Any) -> None:
    site = render("slides")
    assert [path for path in site if path.startswith("slides/")] == [
        "slides/index.md",
        "slides/pictures/index/01-curve.png",
        "slides/pictures/index/notes.txt",
    ]


@pytest.mark.parametrize("name", ["slides", "notebook"])
def test_a_chapter_without_figures_alone_is_refused(
    name: str, results: Results, chapters: Sequence[Any], prose: Any, drawn: Any
) -> None:
    with pytest.raises(UsageError, match=f"format {name} is made of figures, and chapter glossary has none"):
        render_book(Book.read(chapters, results, ["glossary"]), [name], overrides=prose(), mapper=drawn)


def test_a_slide_has_a_figure_under_its_message_and_how_to_read_it_as_its_note(render: Any) -> None:
    head, slide, last = slides(render("slides", Imprint(author="Jane *Doe*"))["slides/index.md"].decode())
    assert 'title: "What \\"is\\" it: a start?"' in head
    assert "marp: true" in head
    assert slide.splitlines()[:3] == [
        "He stays near 1.0 at L = 3",
        "",
        "![Figure 0.1 · Jane \\*Doe\\*](pictures/index/01-curve.png)",
    ]
    assert slide.count("How to read it: Each dot is a layer.") == 2, "for Marp as a comment, and for Pandoc"
    assert "Jane \\*Doe\\*: *Weight initialization, measured*" in last
    assert "Not borne out" not in slide


def test_the_head_of_a_deck_says_course_and_title_letter_by_letter(render: Any) -> None:
    imprint = Imprint(title='🎲 "He"', author="- Jane *Doe*", course="Deep learning: week #3, $x_i$")
    head = slides(render("slides", imprint)["slides/index.md"].decode())[0]
    assert 'subtitle: "Deep learning: week #3, \\\\$x_i\\\\$ · 🎲 \\"He\\""' in head.splitlines()
    assert 'author: "- Jane \\\\*Doe\\\\*"' in head.splitlines()


def test_a_long_caption_keeps_its_first_sentence_as_the_message(render: Any) -> None:
    deck = render("slides", more=(CAPTION, "First, _this_ one. Then [another](x.md) one."))["slides/index.md"].decode()
    assert slides(deck)[1].startswith("First, this one\n")
    assert "How to read it: Then another one. Each dot is a layer." in deck


def test_a_message_that_the_numbers_do_not_bear_out_says_so(render: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    moved = ('**He keeps the variance at {{ f.he | pm }}.** {{ holds("he_is_near_one") }}', "He.")
    marked = (CAPTION, 'He stays. {{ holds("he_is_near_one") }}')
    assert slides(render("slides", a=moved, b=marked)["slides/index.md"].decode())[1].startswith("He stays\n")
    monkeypatch.setattr("reportgen.chapters.check.Check.holds", property(lambda self: False))
    false = slides(render("slides", a=moved, b=marked)["slides/index.md"].decode())[1]
    assert false.startswith("He stays (not borne out by this run)\n")


def test_a_picture_fits_a_slide_and_its_pixels_stay(render: Any, drawn: Any) -> None:
    site = render("slides")
    with (
        Image.open(io.BytesIO(site["slides/pictures/index/01-curve.png"])) as slide,
        Image.open(io.BytesIO(site["figures/index-curve.png"])) as figure,
    ):
        assert slide.width / slide.height == pytest.approx(16 / 9, abs=0.01)
        assert slide.width >= figure.width
        assert slide.height == figure.height or slide.width == figure.width


def test_the_folder_of_pictures_says_title_and_note_of_each(render: Any) -> None:
    notes = render("slides", x=(CAPTION, "He < 2 & more."))["slides/pictures/index/notes.txt"].decode()
    assert notes == "01-curve.png\nHe < 2 & more\n\nHow to read it: Each dot is a layer.\n"


@pytest.mark.skipif(not shutil.which("pandoc"), reason="no pandoc on this machine (Debian: apt install pandoc)")
@pytest.mark.parametrize("form", ["pptx", "revealjs", "beamer"])
def test_pandoc_makes_slides_of_a_deck_without_a_warning(form: str, render: Any, tmp_path: Path) -> None:
    odd = Imprint(title="A <b>: 'x'", author="- *Jane*", course="Week #3: $x$ & \\alpha")
    for path, content in render("slides", odd).items():
        if path.startswith("slides/"):
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_bytes(content)
    command = ["pandoc", "index.md", "-s", "-t", form, "-o", "out", "--fail-if-warnings"]
    done = subprocess.run(command, cwd=tmp_path / "slides", capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "slides/out").stat().st_size > 1000


def test_a_notebook_measures_once_and_draws_every_figure(render: Any) -> None:
    site = render("notebook")
    assert [path for path in site if path.endswith(".ipynb")] == ["notebooks/index.ipynb"]
    notebook = json.loads(site["notebooks/index.ipynb"])
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    ids = [cell["id"] for cell in notebook["cells"]]
    assert ids == ["title", "measure", "curve-words", "curve-draw", "curve-table"]
    assert all(re.fullmatch(r"[\w-]{1,64}", one) for one in ids)
    sources = {cell["id"]: cell["source"] for cell in notebook["cells"]}
    assert 'reportgen.Settings(preset="quick", seed=0)' in sources["measure"]
    assert sources["curve-draw"] == 'figure = reportgen.draw("index", "curve", results)\nfigure'
    assert sources["title"].startswith('# What "is" it: a start?\n')
    assert "## He stays near 1.0 at L = 3" in sources["curve-words"]
