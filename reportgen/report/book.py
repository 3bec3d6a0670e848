"""The book: every chapter as a page of each format, with its figures and the data behind them.

Findings and checks are computed once per chapter, and nothing is drawn before every check holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat
from pathlib import Path
from typing import Any

from reportgen.chapters.chapter import Chapter, Figure, Results
from reportgen.errors import CheckFailed
from reportgen.report.formats import FORMATS
from reportgen.report.page import Edition, Study, figure_stem, render_page
from reportgen.report.templating import environment, static_files

__all__ = ["Mapper", "render_book", "render_figure", "render_figures"]

Mapper = Callable[..., Iterable[Mapping[str, bytes]]]
"""`map`, or the method of that name of a `concurrent.futures.Executor`."""


def render_book(
    chapters: Sequence[Chapter],
    results: Results,
    formats: Iterable[str] = tuple(FORMATS),
    *,
    tables: Sequence[str] = (),
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
    tables
        Names of the result tables that are published whole as ``data/<table>.csv``.
    overrides
        A user's folder of templates and static files that win over ours.
    mapper
        Draws the figures, which takes most of the time: called as ``mapper(render_figure, chapters, figures, results)``
        with one item per figure in each of the three.

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
    studies = [Study(chapter, chapter.findings(results), chapter.checks(results)) for chapter in chapters]
    _require_checks(studies)
    files = render_figures(chapters, results, mapper)
    files |= {f"data/{table}.csv": _csv(results[table]) for table in tables}
    jinja = environment(overrides)
    for name in formats:
        edition = Edition(FORMATS[name], chapters, files, results.settings, tables, jinja)
        files |= {edition.format.path(study.chapter.slug): render_page(study, edition).encode() for study in studies}
    return files | static_files(overrides)


def render_figures(chapters: Iterable[Chapter], results: Results, mapper: Mapper = map) -> dict[str, bytes]:
    """Draw every figure of the chapters; see `render_book` for the mapper."""
    pairs = [(chapter, figure) for chapter in chapters for figure in chapter.figures]
    owners, figures = [chapter for chapter, _ in pairs], [figure for _, figure in pairs]
    drawn = mapper(render_figure, owners, figures, repeat(results, len(pairs)))
    return {path: content for files in drawn for path, content in files.items()}


def render_figure(chapter: Chapter, figure: Figure, results: Results) -> dict[str, bytes]:
    """Draw one figure; the same bytes for the same results.

    Returns
    -------
    dict
        Path within the site -> SVG, PNG and the data as CSV.
    """
    from reportgen.chapters.style import figure_style, to_png, to_svg

    with figure_style():
        canvas = figure.draw(results)
    stem = figure_stem(chapter, figure)
    return {
        f"figures/{stem}.svg": to_svg(canvas).encode(),
        f"figures/{stem}.png": to_png(canvas),
        f"data/{stem}.csv": _csv(figure.data(results)),
    }


def _require_checks(studies: Iterable[Study]) -> None:
    failed = [
        f"{study.chapter.slug}/{check.name}: {check.statement} But: {check.evidence}"
        for study in studies
        for check in study.checks
        if not check.holds
    ]
    if failed:
        count = "a sentence" if len(failed) == 1 else f"{len(failed)} sentences"
        raise CheckFailed("\n  ".join([f"the numbers do not bear out {count} of the report:", *failed]))


def _csv(frame: Any) -> bytes:
    """Write a data frame with nine significant digits, enough to give every float32 back."""
    text: str = frame.to_csv(index=False, float_format="%.9g", na_rep="nan", lineterminator="\n")
    return text.encode()
