"""The book: every chapter as a page of each format, with its figures and the data behind them.

Tables, findings and checks are made once per chapter. A sentence that the numbers do not bear out is marked where it
stands. Nothing is drawn before every page is written: a slip of the pen is told at once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment

from reportgen.battery.results import Results
from reportgen.chapters.chapter import Chapter
from reportgen.errors import UsageError
from reportgen.presets import DPI
from reportgen.report.calls import figure_stem
from reportgen.report.drawing import IMAGES, Job, titled
from reportgen.report.extras import Extra, extra_files
from reportgen.report.figures import NO_SHELF, Mapper, Progress, render_figures
from reportgen.report.formats import DEFAULT_FORMATS, FORMATS
from reportgen.report.imprint import PLAIN, Imprint
from reportgen.report.page import Edition, Reading, Unmet, render_page, with_sizes
from reportgen.report.products import PRODUCTS
from reportgen.report.scripts import data_files, with_scripts
from reportgen.report.shelf import Shelf
from reportgen.report.templating import environment, static_files

__all__ = ["PUBLISHED_TABLES", "Book", "jobs_of", "render_book"]

PUBLISHED_TABLES = ("forward", "gradients", "theory", "training_races", "advice_starts", "advice_training")
"""Result tables that are written whole under ``data/``: the battery, its prediction, trainings, and the candidates."""


Making = Callable[[str], AbstractContextManager[None]]
"""Surrounds the making of a product, whose name it is given."""


class Book(NamedTuple):
    """What was measured, and what the chapters make of it.

    Attributes
    ----------
    chapters
        All of them, in the order of the book; the one with the slug ``index`` is the front page and comes first.
    results
        What was measured.
    readings
        The chapters that are to be rendered, with their tables, findings and checks.
    """

    chapters: Sequence[Chapter[Any, Any]]
    results: Results
    readings: Sequence[Reading]

    @classmethod
    def read(cls, chapters: Sequence[Chapter[Any, Any]], results: Results, only: Collection[str] = ()) -> Book:
        """Read every chapter, or those whose slugs are `only`, once for all formats."""
        chosen = [chapter for chapter in chapters if not only or chapter.slug in only]
        return cls(chapters, results, [Reading.of(chapter, results) for chapter in chosen])

    @property
    def is_whole(self) -> bool:
        """Whether every chapter is to be rendered."""
        return len(self.readings) == len(self.chapters)

    def unmet(self) -> list[Unmet]:
        """Return the sentences that the numbers do not bear out."""
        return [one for reading in self.readings for one in reading.unmet(self.results.settings)]


def render_book(
    book: Book,
    formats: Iterable[str] = DEFAULT_FORMATS,
    *,
    tables: Sequence[str] = PUBLISHED_TABLES,
    imprint: Imprint = PLAIN,
    overrides: Path | None = None,
    mapper: Mapper = map,
    shelf: Shelf = NO_SHELF,
    progress: Progress = lambda *_: None,
    making: Making = lambda _: nullcontext(),
    dpi: int = DPI,
) -> dict[str, bytes]:
    """Render a book into the files of the site.

    Parameters
    ----------
    book
        The chapters as they were read. Where these are not all chapters, their pages are the same as in the whole book,
        but there are only the images that they show.
    formats
        Names out of `FORMATS`, and of `PRODUCTS` where the book is whole.
    tables
        Names of the result tables that a whole book publishes as ``data/<table>.csv.gz``, as far as they are there.
    imprint
        Whose report it is, and where it will stand.
    overrides
        A user's folder of templates and static files that win over ours.
    mapper
        Draws the figures, which takes most of the time; see `reportgen.report.figures.render_figures`.
    shelf, progress
        The figures that were drawn before; hears how many are drawn.
    making
        Called with the name of a product, surrounds its making.
    dpi
        Pixels per inch of the figures for paper.

    Returns
    -------
    dict
        Path within the site -> content.

    Raises
    ------
    ReportgenError
        For what cannot be rendered, naming page and place.
    """
    names = dict.fromkeys(formats)
    products = [PRODUCTS[name] for name in names if name in PRODUCTS]
    if products and not book.is_whole:
        raise UsageError(f"format {products[0].name} is made of the whole book, not of single chapters")
    static = static_files(overrides) | imprint.files()
    render = partial(_render, book, tables, imprint, environment(overrides), static, mapper, shelf, progress, dpi)
    files = render([name for name in names if name in FORMATS])
    if products:
        site = _as_html(files) if "html" in names else render(["html"])
        for product in products:
            with making(product.name):
                files[product.path] = product.make(site)
    return files


def _render(
    book: Book,
    tables: Sequence[str],
    imprint: Imprint,
    jinja: Environment,
    static: Mapping[str, bytes],
    mapper: Mapper,
    shelf: Shelf,
    progress: Progress,
    dpi: int,
    formats: Sequence[str],
) -> dict[str, bytes]:
    """Render the pages of some formats, with everything that they show; nothing for no formats."""
    if not formats:
        return {}
    chapters, results, readings = book
    generator = str(results.provenance.get("generator", "reportgen"))
    edition_of = partial(Edition, chapters=chapters, settings=results.settings, tables=tables, jinja=jinja)
    editions = [edition_of(FORMATS[name], generator=generator, imprint=imprint) for name in formats]
    titles: dict[str, str] = {}
    pages = {
        edition.format.path(reading.chapter.slug): render_page(reading, edition, titles)
        for edition in editions
        for reading in readings
        if reading.chapter.figures or not edition.format.needs_figures
    }
    if readings and not pages:
        raise UsageError(f"format {formats[0]} is made of figures, and chapter {readings[0].chapter.slug} has none")
    images = set(IMAGES) if book.is_whole else {image for edition in editions for image in edition.format.images}
    whole = [table for table in tables if table in results.tables] if book.is_whole else []
    jobs = [
        *(Job(table, None, {table: results[table]}, ()) for table in whole),
        *(job for reading in readings for job in jobs_of(reading, images, dpi)),
    ]
    files = with_titles(render_figures(jobs, mapper, shelf, progress), titles)
    files |= {path: with_sizes(text, files).encode() for path, text in pages.items()}
    for form in (edition.format for edition in editions if edition.format.beside):
        assert form.beside
        files |= form.beside({path: text for path, text in pages.items() if path.startswith(form.folder)}, files)
    files |= data_files(readings) | with_scripts(static, chapters)
    for edition in editions:
        if edition.format.name == "html" and book.is_whole:
            files |= extra_files(Extra(book, edition, _as_html(files)))
    return files


def _as_html(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return a site without what belongs to other formats."""
    others = tuple(form.folder for form in FORMATS.values() if form.folder)
    return {path: content for path, content in files.items() if not path.startswith(others)}


def with_titles(files: Mapping[str, bytes], titles: Mapping[str, str]) -> dict[str, bytes]:
    """Give every SVG the title that the page has for its figure; the shelf does not depend on words."""
    known = {IMAGES[image].format(stem): title for stem, title in titles.items() for image in ("svg", "narrow")}
    return {path: titled(content, known[path]) if path in known else content for path, content in files.items()}


def jobs_of(reading: Reading, images: Collection[str], dpi: int) -> list[Job]:
    """Return the figures of a chapter that are to be drawn, as so many kinds of image."""
    return [
        Job(figure_stem(reading.chapter, copy), figure.draw, copy.frames, images, dpi)
        for figure in reading.chapter.figures
        for copy in figure.copies(reading.tables)
    ]
