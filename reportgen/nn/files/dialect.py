"""What separates and quotes the values of a text table: as told, by Excel's ``sep=`` line, or by how rows come out.

Every separator is tried on the first rows. It fits where the rows behind the first have equally many values, two or
more. Of those that fit, one by which the first row has as many goes before; then what leaves the most numbers; then the
order of `SEPARATORS` decides.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from reportgen.errors import DataError, shortened
from reportgen.nn.files.numbers import looks_numeric

__all__ = ["SEPARATORS", "Dialect", "found", "rows"]

SEPARATORS = {"\t": "tab", ";": "semicolon", "|": "bar", ",": "comma", " ": "blanks"}
"""Separators that are looked for -> their names in messages; a comma may be a decimal mark, a blank part of a text."""

_SAMPLE = 2**17
"""Characters at the top of a file that tell its dialect."""

_ROWS = 200

_SEP = re.compile(r"""\A["']?sep=(.)["']?[ \t;,]*(?:\r\n|\r|\n|\Z)""", re.IGNORECASE)
_BLANK = re.compile(r"[^\S\r\n]")
_IN_SINGLE = re.compile(r"(?:^|[\t;|, ])'[^'\n]*'(?=[\t;|, \r]|$)", re.MULTILINE)


class Dialect(NamedTuple):
    """What tells values and rows apart.

    Attributes
    ----------
    delimiter, quote
        Between two values; around one that holds a delimiter. A blank stands for any number of blanks and tabs.
    width
        Number of values in most rows behind the first.
    """

    delimiter: str
    quote: str
    width: int


def found(text: str, delimiter: str | None = None) -> tuple[Dialect, str]:
    """Return the dialect of a table, and its text without the line that declares it.

    Parameters
    ----------
    text
        The table.
    delimiter
        As told; None finds it out.
    """
    if declared := _SEP.match(text):
        delimiter, text = delimiter or declared[1], text[declared.end() :]
    sample = _whole_lines(text)
    quote = "'" if '"' not in sample and _IN_SINGLE.search(sample) else '"'
    tried = [_Trial.of(sample, one, quote) for one in ([delimiter] if delimiter else SEPARATORS)]
    best = max(tried, key=lambda trial: trial.score)  # the first of several that are as good
    return Dialect(best.delimiter, quote, best.width), text


class _Trial(NamedTuple):
    """What becomes of the sample with one separator."""

    delimiter: str
    width: int
    score: tuple[bool, bool, float, float]

    @classmethod
    def of(cls, sample: str, delimiter: str, quote: str) -> _Trial:
        body = _sampled(sample, Dialect(delimiter, quote, 0))
        behind = body[1:] or body
        widths = Counter(len(row) for row in behind)
        width, often = max(widths.items(), key=lambda item: item[1], default=(0, 0))
        cells = [cell for row in behind if len(row) == width for cell in row]
        numeric = sum(map(looks_numeric, cells)) / max(len(cells), 1)
        agree = often / max(len(behind), 1)
        is_first_alike = [len(row) for row in body[:1]] == [width]
        return cls(delimiter, width, (width > 1 and agree > _AGREE, is_first_alike, numeric, agree))


_AGREE = 0.8
"""Share of the rows that have as many values as most: a few may be faulty, and are then told."""


def _whole_lines(text: str) -> str:
    """Return the top of a text up to the end of a line, without lines that are comments."""
    top = text[:_SAMPLE]
    if len(text) > _SAMPLE:
        top = top[: max(top.rfind("\n"), top.rfind("\r")) + 1] or top
    return re.sub(r"(?m)^[ \t]*#[^\r\n]*[\r\n]*", "", top)


def _sampled(sample: str, dialect: Dialect) -> list[list[str]]:
    try:
        return [row for _, row in islice(rows(sample, dialect, strict=False), _ROWS)]
    except DataError:
        return []


def rows(text: str, dialect: Dialect, *, strict: bool = True) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of the line and the stripped values of every row that has any.

    Raises
    ------
    DataError
        Where the quotes do not come out even.
    """
    reader = csv.reader(
        _lines(text, dialect.delimiter),
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        skipinitialspace=True,
        strict=strict,
    )
    has_blanks = _BLANK.search(text) is not None  # most large files have none, and this is half of the time
    try:
        for row in reader:
            cells = [cell.strip() for cell in row] if has_blanks else row
            if any(cells):
                yield reader.line_num, cells
    except csv.Error as error:
        why = f"{shortened(str(error))}: is a quote not closed, or one that stands for itself not doubled?"
        raise DataError(f"line {reader.line_num}: {why}") from None


def _lines(text: str, delimiter: str) -> Iterable[str]:
    lines = io.StringIO(text, newline="")
    if delimiter != " ":
        return lines
    return (f"{line.strip()}\n".replace("\t", " ") for line in lines)
