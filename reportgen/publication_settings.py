"""Settings of a publication: whose report it is, where it will stand, and what of it is the user's own."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote, urlsplit

from pydantic import BaseModel, ConfigDict, field_validator

from reportgen.errors import UsageError, shortened
from reportgen.report.imprint import TITLE, Imprint, read_logo, read_style, require_templates

__all__ = ["FILES", "Publication"]

FILES = ("logo", "css", "templates")
"""The settings that are paths."""

_LONGEST = 120
"""Letters that a title or a name may have: it stands in the head of every page."""

_LONGEST_ADDRESS = 1000

_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*\.?|\[[0-9A-Fa-f:.]+\]")

_PATH = re.compile(r"(?:/(?:[\w.~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})+)*/*", re.ASCII)
"""Path of an address, as it stands in one."""

_AS = "as https://example.org/course/"

T = TypeVar("T")


class Publication(BaseModel):
    """How a site is published.

    Attributes
    ----------
    base_url
        Address at which the site will stand. With it, pages name their own address and have a picture where they are
        shared, and the site gets a sitemap.
    title, author, course
        Of the report, in head, foot and citations.
    logo
        Picture in the head of every page: an SVG or a PNG.
    css
        A style sheet that every page loads last.
    templates
        A folder of templates and static files that win over those of the program.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)

    base_url: str | None = None
    title: str = TITLE
    author: str | None = None
    course: str | None = None
    logo: Path | None = None
    css: Path | None = None
    templates: Path | None = None

    @field_validator("title", "author", "course")
    @classmethod
    def _is_one_line(cls, value: str | None) -> str | None:
        words = " ".join(value.split()) if value is not None else None
        if words == "":
            raise ValueError("says nothing; leave the key out instead")
        if words and (len(words) > _LONGEST or not words.isprintable()):
            strange = next((f" without {ascii(one)[1:-1]}" for one in words if not one.isprintable()), "")
            raise ValueError(f"must be one line of at most {_LONGEST} letters{strange}, not '{shortened(words, 40)}'")
        return words

    @field_validator("base_url")
    @classmethod
    def _is_an_address(cls, value: str | None) -> str | None:
        return None if value is None else _normal(value.strip())

    def imprint(self) -> Imprint:
        """Read the files that a site is published with.

        Raises
        ------
        UsageError
            For a file that cannot be used, saying which setting names it.
        """
        self._read("templates", require_templates)
        return Imprint(
            self.title,
            self.author or "",
            self.course or "",
            self.base_url or "",
            self._read("logo", read_logo),
            self._read("css", read_style),
        )

    def place(self, key: str) -> str:
        """Return where it stands what a setting is; here, its name."""
        return key

    def _read(self, key: str, read: Callable[[Path], T]) -> T | None:
        path: Path | None = getattr(self, key)
        try:
            return read(path) if path else None
        except UsageError as error:
            raise UsageError(f"{self.place(key)}: {error}") from None


def _normal(address: str) -> str:
    """Return an address with a slash at its end, if a site can stand there."""
    shown = shortened(address)
    if len(address) > _LONGEST_ADDRESS:
        raise ValueError(f"'{shown}' must be an address of at most {_LONGEST_ADDRESS} letters, {_AS}")
    try:
        parts = urlsplit(address)
        port = f":{parts.port}" if parts.port else ""
    except ValueError as error:
        raise ValueError(f"'{shown}' is no address: {error}") from None
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(_host(parts.netloc)):
        raise ValueError(f"'{shown}' must be an address that begins with https:// or http://, {_AS}")
    if "?" in address or "#" in address or "@" in parts.netloc:
        raise ValueError(f"'{shown}' must be the address of a folder, without user, ? or #, {_AS}")
    if not _PATH.fullmatch(parts.path) or {".", ".."} & set(parts.path.split("/")):
        raise ValueError(f"'{shown}' has a path that no address can have, {_AS}")
    # What Markdown or HTML could take for more than a letter is written so that it stays one.
    path = quote(parts.path.rstrip("/"), safe="/%~!+,;=:@")
    return f"{parts.scheme}://{_host(parts.netloc).lower()}{port}{path}/"


def _host(netloc: str) -> str:
    return re.sub(r":\d*$", "", netloc.rpartition("@")[2])
