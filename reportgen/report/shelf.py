"""Figures that were drawn before, by the key of what they are drawn from: tables, code, kinds of image and libraries.

What is stored is bytes of known kinds under names that are known beforehand. Nothing of it is run, and what is not as
it has to be is drawn again with a warning.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Callable, Collection, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from reportgen.battery.closure import source_closure
from reportgen.battery.entries import Entries
from reportgen.battery.folder import FIGURE
from reportgen.report.drawing import Job
from reportgen.report.live import contents_of

__all__ = ["Shelf", "code_of", "frame_digest", "key_of"]

_LIBRARIES = ("matplotlib", "numpy", "pandas", "pillow", "seaborn")

_ACTIVE = re.compile(rb"<\s*(?:script|foreignObject|iframe)|<[^>]*\son\w+\s*=|javascript:", re.IGNORECASE)
"""What an image of ours never holds, and what would be run where it is shown."""

_IS_KIND: Mapping[str, Callable[[bytes], bool]] = {
    "png": lambda content: content.startswith(b"\x89PNG\r\n\x1a\n"),
    "svg": lambda content: b"<svg" in content[:2000] and not _ACTIVE.search(content),
    "js": lambda content: (shown := contents_of(content)) is not None and not _ACTIVE.search(shown),
    "csv": lambda content: b"\0" not in content,
    "gz": lambda content: content.startswith(b"\x1f\x8b\x08"),
}
"""Suffix of a file -> whether it is what the suffix says, as far as its bytes tell at once."""


class Shelf:
    """The stored figures of a cache.

    Parameters
    ----------
    entries
        The cache.
    draws
        The functions that will draw. Their sources are read now: this process runs what it has imported, so that a
        file that is changed later must not count.
    """

    def __init__(self, entries: Entries, draws: Collection[Callable[..., Any]] = ()) -> None:
        self.entries = entries
        for draw in (None, *draws):
            code_of(draw)

    def get(self, job: Job) -> dict[str, bytes] | None:
        """Return the files of a figure, or None where there are none that can be trusted."""
        if self.entries.folder is None:
            return None
        key = key_of(job)
        files = self.entries.get_files(key, FIGURE)
        if files is not None and not _are_of(job, files):
            self.entries.distrust(key, FIGURE)
            return None
        return files

    def put(self, job: Job, files: Mapping[str, bytes]) -> None:
        """Store the files of a figure."""
        if self.entries.folder is not None:
            self.entries.put_files(key_of(job), FIGURE, files)


def key_of(job: Job) -> str:
    """Return the sha256 of everything that the files of a figure depend on."""
    name = f"{job.draw.__module__}.{job.draw.__qualname__}" if job.draw else ""
    frames = [(name, frame_digest(frame)) for name, frame in job.frames.items()]
    content = [job.stem, name, code_of(job.draw), sorted(job.images), job.dpi, frames, _versions()]
    return hashlib.sha256(json.dumps(content).encode(errors="backslashreplace")).hexdigest()


def code_of(draw: Callable[..., Any] | None) -> str:
    """Return the sha256 of the sources that decide what a function draws, and how that is written.

    A change in the figures of one chapter leaves those of another as they are; one of the style concerns all of them.
    """
    return _closure(draw.__module__, "reportgen.report.drawing") if draw else _closure("reportgen.report.data")


@functools.cache
def _closure(*modules: str) -> str:
    return hashlib.sha256(json.dumps(source_closure(modules)).encode()).hexdigest()


@functools.cache
def _versions() -> tuple[str, ...]:
    return tuple(map(_version, _LIBRARIES))


def _version(library: str) -> str:
    try:
        return f"{library} {version(library)}"
    except PackageNotFoundError:
        return f"{library} -"


def frame_digest(frame: Any) -> str:
    """Return the sha256 of a data frame: its names, types, index and values, each number to its last bit."""
    total = hashlib.sha256(repr(frame.attrs).encode(errors="backslashreplace"))
    index = frame.index.to_frame(index=False)
    for part in (index, frame):
        for at, name in enumerate(part.columns):
            column = part.iloc[:, at]
            total.update(f"{name!r} {column.dtype} {len(column)}\n".encode(errors="backslashreplace"))
            total.update(_values(column))
    return total.hexdigest()


def _values(column: Any) -> bytes:
    """Return the bytes of numbers; of words each once, as JSON, and which stands where."""
    if column.dtype == "category":
        known = list(map(str, column.cat.categories))
        return json.dumps([known, column.cat.ordered, column.cat.codes.tolist()]).encode()
    array = column.to_numpy()
    if array.dtype.kind in "biuf":
        return bytes(array.tobytes())
    if column.dtype == object:
        return repr(array.tolist()).encode(errors="backslashreplace")
    codes, words = column.factorize()
    return json.dumps(list(map(str, words))).encode() + bytes(codes.tobytes())


def _are_of(job: Job, files: Mapping[str, bytes]) -> bool:
    """Tell whether files have the names and kinds of a figure; the checksum alone is no secret."""
    return files.keys() == set(job.paths()) and all(
        _IS_KIND[name.rpartition(".")[2]](content) for name, content in files.items()
    )
