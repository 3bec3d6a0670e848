"""One export: the pages as a system reads them, its configuration, and the figures and tables that they link to."""

from __future__ import annotations

from pathlib import Path

from reportgen.presets import DPI
from reportgen.report.book import Book, jobs_of, with_titles
from reportgen.report.contents import parts
from reportgen.report.drawing import IMAGES
from reportgen.report.exports.systems import System
from reportgen.report.figures import NO_SHELF, Mapper, Progress, render_figures
from reportgen.report.imprint import PLAIN, Imprint
from reportgen.report.page import Edition, render_page, with_sizes
from reportgen.report.shelf import Shelf
from reportgen.report.templating import environment, explained

__all__ = ["render_export"]


def render_export(
    book: Book,
    system: System,
    *,
    imprint: Imprint = PLAIN,
    overrides: Path | None = None,
    mapper: Mapper = map,
    shelf: Shelf = NO_SHELF,
    progress: Progress = lambda *_: None,
    dpi: int = DPI,
) -> dict[str, bytes]:
    """Render a book into the files that a publishing system builds a site from.

    Parameters
    ----------
    book
        The chapters as they were read, all of them.
    system
        One of `reportgen.report.exports.systems.SYSTEMS`.
    imprint, overrides, mapper, shelf, progress, dpi
        As in `reportgen.report.book.render_book`.

    Returns
    -------
    dict
        Path within the export -> content.

    Raises
    ------
    ReportgenError
        For what cannot be rendered, naming page and place.
    """
    generator = str(book.results.provenance.get("generator", "reportgen"))
    edition = Edition(system.form, book.chapters, book.results.settings, (), environment(overrides), generator, imprint)
    titles: dict[str, str] = {}
    pages = {system.form.path(one.chapter.slug): render_page(one, edition, titles) for one in book.readings}
    files = {path: text.encode() for path, text in _configuration(system, edition).items()}
    jobs = [job for reading in book.readings for job in jobs_of(reading, set(IMAGES), dpi)]
    drawn = with_titles(render_figures(jobs, mapper, shelf, progress), titles)
    files |= {path: with_sizes(text, drawn).encode() for path, text in pages.items()}
    shown = {IMAGES[image].format(job.stem) for job in jobs for image in system.form.images}
    data = {path for path in drawn if path.startswith("data/")}
    return files | {f"{system.form.folder}{path}": drawn[path] for path in sorted(shown | data)}


def _configuration(system: System, edition: Edition) -> dict[str, str]:
    """Return what the system reads beside the pages."""
    known = {**edition.shared(), "parts": parts(edition.entries()), "system": system}
    with explained(f"export {system.name}"):
        return {path: edition.jinja.get_template(name).render(known) for path, name in system.templates().items()}
