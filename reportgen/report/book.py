"""The book: every chapter as a page of each format, with its figures and the data behind them.

Tables, findings and checks are made once per chapter. Nothing is written before every check holds, and nothing is drawn
before every page is written: a slip of the pen is told at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

from reportgen.battery.results import Results
from reportgen.chapters.chapter import Chapter
from reportgen.errors import CheckFailed
from reportgen.report.drawing import IMAGES, Job, Mapper, csv, render_figures
from reportgen.report.formats import FORMATS
from reportgen.report.page import Edition, Reading, figure_stem, render_page, with_sizes
from reportgen.report.templating import environment, static_files

__all__ = ["PUBLISHED_TABLES", "render_book"]

PUBLISHED_TABLES = ("forward", "gradients", "theory", "training_races")
"""Result tables that are written whole under ``data/``: the battery, the battery beside its prediction, trainings."""


def render_book(
    chapters: Sequence[Chapter[Any, Any]],
    results: Results,
    formats: Iterable[str] = tuple(FORMATS),
    *,
    only: Collection[str] = (),
    tables: Sequence[str] = PUBLISHED_TABLES,
    overrides: Path | None = None,
    mapper: Mapper = map,
) -> dict[str, bytes]:
    """Render the chapters into the files of the site.

    Parameters
    ----------
    chapters
        In the order of the book; the one with the slug ``index`` is the front page and comes first.
    results
        What was measured.
    formats
        Names out of `FORMATS`.
    only
        Slugs of the chapters to render; none means all of them. These are the same pages as in the whole book, but only
        with the images that they show.
    tables
        Names of the result tables that a whole book publishes as ``data/<table>.csv``, as far as they are there.
    overrides
        A user's folder of templates and static files that win over ours.
    mapper
        Draws the figures, which takes most of the time: called as ``mapper(render_figure, jobs)``.

    Returns
    -------
    dict
        Path within the site -> content.

    Raises
    ------
    CheckFailed
        Naming every sentence that the numbers do not bear out.
    ReportgenError
        For what cannot be rendered, naming page and place.
    """
    readings = [Reading.of(chapter, results) for chapter in chapters if not only or chapter.slug in only]
    _require_checks(readings)
    jinja = environment(overrides)
    editions = [Edition(FORMATS[name], chapters, results.settings, tables, jinja) for name in formats]
    pages = {
        edition.format.path(reading.chapter.slug): render_page(reading, edition)
        for edition in editions
        for reading in readings
    }
    images = {edition.format.image for edition in editions} if only else IMAGES
    files = render_figures([job for reading in readings for job in _jobs(reading, images)], mapper)
    whole = [] if only else [table for table in tables if table in results.tables]
    files |= {f"data/{table}.csv": csv(results[table]) for table in whole}
    files |= {path: with_sizes(text, files).encode() for path, text in pages.items()}
    return files | static_files(overrides)


def _jobs(reading: Reading, images: Collection[str]) -> list[Job]:
    return [
        Job(figure_stem(reading.chapter, figure), figure.draw, figure.frames(reading.tables), images)
        for figure in reading.chapter.figures
    ]


def _require_checks(readings: Iterable[Reading]) -> None:
    failed = [
        f"{reading.chapter.slug}/{check.name}: {check.statement} But: {check.evidence}"
        for reading in readings
        for check in reading.checks
        if not check.holds
    ]
    if failed:
        count = "a sentence" if len(failed) == 1 else f"{len(failed)} sentences"
        raise CheckFailed("\n  ".join([f"the numbers do not bear out {count} of the report:", *failed]))
