"""The whole book in one file: made of the rendered pages, with everything that they show inside."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from reportgen.report.contents import Entry, parts
from reportgen.report.extras.inlining import address_of, inlined_style, picture
from reportgen.report.extras.rewriting import Element, Fate, article, ids, rewritten

if TYPE_CHECKING:
    from reportgen.report.extras import Extra

__all__ = ["SINGLE", "report_file"]

SINGLE = "report.html"
"""Where the file lies in the site."""

_LIMIT = 9_500_000
"""Bytes that the file may take before it does without drawings for telephones."""

_HEADING = re.compile(r"h([1-5])")
_HEADINGS = re.compile(r"(?<![\w.#-])h([1-5])(?![\w-])")
"""A heading as an element, and in a style sheet: below the title of the book each is one level lower."""

_OWN = frozenset({"id", "for", "name", "headers", "aria-labelledby", "aria-describedby", "aria-controls"})
"""Attributes that name something on the page, which another page may have too."""

_LEFT_OUT = frozenset({"files", "kicker", "anchor", "sources"})
"""Classes of what has no use in one file: links to files beside it, and what the contents and the references hold."""


class _Text(NamedTuple):
    """A chapter as the template shows it."""

    slug: str
    text: str


def report_file(extra: Extra) -> dict[str, bytes]:
    """Return the file, by its path in the site; it asks nobody for anything and runs no script."""
    pages = {entry.slug: article(extra.files[entry.file].decode()) for entry in extra.edition.entries()}
    whole = _render(extra, pages, narrow=True)
    return {SINGLE: whole if len(whole) <= _LIMIT else _render(extra, pages, narrow=False)}


def _render(extra: Extra, pages: Mapping[str, str], *, narrow: bool) -> bytes:
    edition, results = extra.edition, extra.book.results
    anchors = {slug: ids(text) for slug, text in pages.items()}
    entries = {entry.slug: entry for entry in edition.entries()}
    base_url = edition.imprint.base_url
    texts = [
        _Text(slug, rewritten(text, _Chapter(entries[slug], extra.files, anchors, base_url, narrow).visit))
        for slug, text in pages.items()
    ]
    style = _style(extra, entries.values())
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    template = edition.jinja.get_template("products/report.html.jinja")
    return template.render(
        **edition.shared(),
        versions=results.provenance.get("versions") or {},
        chapters=texts,
        parts=parts(list(entries.values())),
        style=style,
        style_hash=f"sha256-{digest}",
        icon=address_of("static/icon.svg", extra.files),
    ).encode(errors="backslashreplace")


def _style(extra: Extra, entries: Iterable[Entry]) -> str:
    """Return the style sheets of all pages, and that of the book, which also says what stands above each sheet.

    That of the user is last, as on every page: it wins, and what is not closed in it breaks nothing of ours.
    """
    pages, last = [extra.files[entry.file].decode() for entry in entries], extra.edition.imprint.style_path
    ours = inlined_style(pages, {path: content for path, content in extra.files.items() if path != last})
    users = inlined_style([f'<link rel="stylesheet" href="{last}">'], extra.files)
    jinja = extra.edition.jinja
    own, *_ = jinja.loader.get_source(jinja, "products/book.css") if jinja.loader else ("",)
    lines = [_HEADINGS.sub(_lower, ours), own, *_running_titles(extra.edition.entries()), _HEADINGS.sub(_lower, users)]
    return "\n".join(lines)


def _running_titles(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield rules that print the title of a chapter above its sheets."""
    for entry in entries:
        title = (
            f"{entry.number or ''} {entry.title}".strip().replace("\\", r"\\").replace('"', r"\"").replace("<", r"\3c ")
        )
        yield f'@page chapter-{entry.slug} {{ @top-left {{ content: "{title}"; }} }}'
        yield f"@media print {{ #{entry.slug} {{ page: chapter-{entry.slug}; }} }}"


@dataclass(frozen=True, slots=True)
class _Chapter:
    """What becomes of the elements of one page.

    Attributes
    ----------
    entry
        The page.
    files
        All files of the site.
    anchors
        Slug of every page -> the ids on it.
    base_url
        Where the site is published, or "".
    narrow
        Whether drawings for telephones are kept.
    """

    entry: Entry
    files: Mapping[str, bytes]
    anchors: Mapping[str, Collection[str]]
    base_url: str
    narrow: bool

    def visit(self, tag: str, attributes: dict[str, str | None]) -> Element | Fate:
        """Decide on one element."""
        classes = set((attributes.get("class") or "").split())
        if tag == "script" or classes & _LEFT_OUT:
            return Fate.DROPPED
        own = {key: self._renamed(key, value) for key, value in attributes.items()}
        if heading := _HEADING.fullmatch(tag):
            return Element(_lower(heading), own, first=self._number if tag == "h1" else "")
        if tag in ("img", "source"):
            return self._picture(tag, own)
        if tag == "a" and "href" in attributes:
            return self._link(attributes["href"] or "", own, is_picture="picture" in classes)
        if "lab" in classes:
            plain = {key: value for key, value in own.items() if key not in ("role", "aria-labelledby")}
            return Element("div", plain, last=self._pointer)  # nothing runs there, so it is no landmark
        return Fate.KEPT if own == attributes else Element(tag, own)

    @property
    def _number(self) -> str:
        return f'<span class="number">{self.entry.number}</span> ' if self.entry.number else ""

    @property
    def _pointer(self) -> str:
        page = self.entry.file
        shown = f'<a class="address" href="{self.base_url}{page}">{self.base_url}{page}</a>' if self.base_url else page
        return f'<p class="pointer">This is to be tried on the site: {shown}</p>'

    def _picture(self, tag: str, own: dict[str, str | None]) -> Element | Fate:
        key = "src" if tag == "img" else "srcset"
        if tag == "source" and not self.narrow:
            return Fate.DROPPED
        if tag == "img" and "height" not in own:  # a thumbnail of a figure that stands in the book anyway
            return Fate.DROPPED
        return Element(tag, {**own, key: picture(str(own.get(key)), self.files)})

    def _link(self, href: str, own: dict[str, str | None], *, is_picture: bool) -> Element | Fate:
        """Lead to a place in the book; to the site, where that is known, for files and states of widgets.

        Of a link to a file of a site that nobody knows, the words stay.
        """
        file, _, anchor = href.partition("#")
        slug = self.entry.slug if not file else file.removesuffix(".html")
        if slug in self.anchors and not (self.base_url and ":" in anchor):
            return Element("a", {**own, "href": self._inside(slug, anchor)})
        if re.match(r"[a-z]+:", href):
            return Fate.KEPT
        return (
            Element("a", {**own, "href": f"{self.base_url}{'' if file else self.entry.file}{href}"})
            if self.base_url and not is_picture
            else Fate.OPENED
        )

    def _inside(self, slug: str, anchor: str) -> str:
        """Return the address of an anchor of a page; a state of a widget leads to the widget."""
        widget, colon, _ = anchor.partition(":")
        wanted = f"lab-{widget}" if colon else anchor
        return f"#{slug}-{wanted}" if wanted in self.anchors[slug] else f"#{slug}"

    def _renamed(self, key: str, value: str | None) -> str | None:
        """Return the value of an attribute; what names something on the page gets the name of the page."""
        if key not in _OWN or not value:
            return value
        return " ".join(f"{self.entry.slug}-{name}" for name in value.split())


def _lower(heading: re.Match[str]) -> str:
    return f"h{int(heading[1]) + 1}"
