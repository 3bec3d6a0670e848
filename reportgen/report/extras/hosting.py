"""What a site needs where it is published: a page for what is missing, a map for search engines, a picture to share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.sax.saxutils import escape

from reportgen.report.contents import parts
from reportgen.report.formats.body import Body
from reportgen.report.templating import explained

if TYPE_CHECKING:
    from reportgen.report.extras import Extra
    from reportgen.report.page import Edition

__all__ = ["CARD", "publishing_files"]

CARD = "static/card.png"
"""Where the picture lies that stands for the site where a link to it is shared."""

_CARD_SIZE = (1200, 630)


class _Missing(NamedTuple):
    """Stands for a chapter on the page for what is missing."""

    slug: str = "404"
    title: str = "There is no such page"


def publishing_files(extra: Extra) -> Mapping[str, bytes]:
    """Return what a server and those who find the site need; what needs its address, where that is known."""
    imprint = extra.edition.imprint
    files = {
        ".nojekyll": b"",  # GitHub Pages then serves the files as they are
        "404.html": _missing(extra.edition).encode(),
        "robots.txt": _robots(imprint.address("sitemap.xml")).encode(),
    }
    if imprint.base_url:
        files["sitemap.xml"] = _sitemap(extra.edition).encode()
        files |= _card(extra)
    return files


def _robots(sitemap: str) -> str:
    return "User-agent: *\nAllow: /\n" + (f"Sitemap: {sitemap}\n" if sitemap else "")


def _sitemap(edition: Edition) -> str:
    lines = [f"<url><loc>{escape(edition.imprint.address(entry.file))}</loc></url>" for entry in edition.entries()]
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return "\n".join([head, *lines, "</urlset>\n"])


def _missing(edition: Edition) -> str:
    """Return the page for what is missing, with links that hold at any depth where the address of the site is known."""
    top = edition.imprint.top
    entries = [entry._replace(file=f"{top}{entry.file}") for entry in edition.entries()]
    known: dict[str, Any] = {**edition.shared(), "root": top, "entries": entries, "parts": parts(entries)}
    with explained("page 404"):
        text = edition.jinja.get_template("formats/html/missing.html.jinja").render(known)
        return edition.jinja.get_template("formats/html/page.html.jinja").render(
            **known,
            chapter=_Missing(),
            entry=entries[0]._replace(slug="404", part="", level=""),
            body=Body(text, "There is no page at this address; here is a list of all pages of the report."),
            page_path="",
            tables=[],
            unmet={},
            sources=[],
            scripts=[],
            previous=None,
            next=None,
        )


def _card(extra: Extra) -> dict[str, bytes]:
    """Return the first figure of the front page on paper of the size in which links are shown."""
    from reportgen.chapters.paper import on_paper

    figures = (f"figures/{entry.picture}.png" for entry in extra.edition.entries() if entry.picture)
    first = next((extra.files[path] for path in figures if path in extra.files), None)
    return {CARD: on_paper(first, *_CARD_SIZE, margin=30)} if first else {}
