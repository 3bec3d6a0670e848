"""Draw the figures of the book in worker processes: it takes nearly as long as measuring."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from reportgen.battery.engine import available_cpus, open_engine
from reportgen.battery.results import Results
from reportgen.chapters import CHAPTERS
from reportgen.chapters.chapter import Chapter, Figure
from reportgen.experiments import EXPERIMENTS
from reportgen.report.book import Mapper, render_figure

__all__ = ["drawing"]


def drawing(jobs: int | None, advance: Callable[[int], None]) -> Mapper:
    """Return the mapper with which `render_book` draws its figures.

    Parameters
    ----------
    jobs
        Number of worker processes; None takes as many as there are CPUs, and 1 draws in this process.
    advance
        Called with the number of figures that are drawn.
    """
    in_parallel = (jobs or available_cpus()) > 1

    def mapper(
        function: object, chapters: Sequence[Chapter], figures: Sequence[Figure], results: Iterable[Results]
    ) -> Iterator[Mapping[str, bytes]]:
        slugs = [chapter.slug for chapter in chapters], [figure.slug for figure in figures]
        tables = [_trimmed(*pair) for pair in zip(results, chapters, strict=True)]
        with open_engine("processes" if in_parallel else "serial", jobs) as executor:
            each = executor.map if in_parallel else map
            for done, drawn in enumerate(each(_draw, *slugs, tables), 1):
                yield drawn
                advance(done)

    return mapper


def _draw(chapter: str, figure: str, results: Results) -> Mapping[str, bytes]:
    """Draw a figure that is told by its names: chapters hold functions, which cannot be sent to another process."""
    owner = next(one for one in CHAPTERS if one.slug == chapter)
    return render_figure(owner, next(one for one in owner.figures if one.slug == figure), results)


def _trimmed(results: Results, chapter: Chapter) -> Results:
    """Keep the tables of the experiments that a chapter needs, so that little is sent to a worker."""
    needed = {table for one in EXPERIMENTS if one.name in chapter.needs for table in one.tables}
    return replace(results, tables={name: table for name, table in results.tables.items() if name in needed})
