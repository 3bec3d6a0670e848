"""The formats that the prose is published in; each turns the same Markdown into the body of a page.

A format is an entry of `FORMATS` and a folder ``templates/formats/<name>/`` with two files: ``macros.jinja``, which
defines the `MACROS` that the prose calls, and ``page<suffix>.jinja``, which puts the page around its body. The settings
and the help of the command line read the names here, so libraries are imported where a page is finished.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reportgen.report.formats.body import Body
from reportgen.report.formats.portable import finish_portable, own_figures

__all__ = ["DEFAULT_FORMATS", "FORMATS", "MACROS", "Format"]

MACROS = (
    *("figure", "ref", "cite", "link", "term", "holds"),
    *("note", "practice", "predict", "answer", "fold", "table", "lab", "state"),
    *("tabs", "cards", "card", "chapters"),
)
"""What the prose may call; every format defines all of them."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format of the report.

    Attributes
    ----------
    name
        As on the command line, and of its folder of templates.
    suffix
        Of its pages, with the dot.
    folder
        Where its pages lie in the site: "" or a name that ends with a slash.
    images
        The kinds of image that its pages show: svg, narrow, live, png.
    finish
        Called as ``finish(text, where)`` with the rendered prose and the name of the page for error lines.
    default
        Whether it is written where no format is named.
    needs_figures
        Whether only chapters with figures have a page.
    beside
        Called as ``beside(pages, files)`` when the figures are drawn, with path -> content of its pages and of what is
        drawn; returns what lies beside the pages.
    room
        The folder of templates that its own folder lies in.
    """

    name: str
    suffix: str
    folder: str
    images: tuple[str, ...]
    finish: Callable[[str, str], Body]
    default: bool = True
    needs_figures: bool = False
    beside: Callable[[Mapping[str, str], Mapping[str, bytes]], Mapping[str, bytes]] | None = None
    room: str = "formats"

    @property
    def templates(self) -> str:
        """The folder of its templates."""
        return f"{self.room}/{self.name}"

    @property
    def root(self) -> str:
        """The way from a page to the root of the site."""
        return "../" * self.folder.count("/")

    def path(self, slug: str) -> str:
        """Return where the page of a chapter lies in the site."""
        return f"{self.folder}{slug}{self.suffix}"


def _finish_html(text: str, where: str) -> Body:
    from reportgen.report.formats.html import finish_html

    return finish_html(text, where)


def _finish_plates(text: str, where: str) -> Body:
    from reportgen.report.formats.plates import finish_plates

    return finish_plates(text, where)


def _slide_files(pages: Mapping[str, str], files: Mapping[str, bytes]) -> dict[str, bytes]:
    from reportgen.report.formats.plates import slide_files

    return slide_files(pages, files)


FORMATS: Mapping[str, Format] = {
    "html": Format("html", ".html", "", ("svg", "narrow", "live"), _finish_html),
    "markdown": Format("markdown", ".md", "markdown/", ("png",), finish_portable, beside=own_figures),
    "slides": Format(
        "slides", ".md", "slides/", ("png",), _finish_plates, default=False, needs_figures=True, beside=_slide_files
    ),
    "notebook": Format("notebook", ".ipynb", "notebooks/", (), _finish_plates, default=False, needs_figures=True),
}
"""The formats by name."""

DEFAULT_FORMATS = tuple(name for name, one in FORMATS.items() if one.default)
"""What is written where no format is named."""
