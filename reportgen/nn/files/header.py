"""The names of the columns, where the first row holds them; a file without a header must not lose its first row."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reportgen.errors import DataError, shortened
from reportgen.nn.files.numbers import MISSING, looks_numeric
from reportgen.nn.files.reading import Reading

__all__ = ["extent", "found"]


def found(rows: Sequence[list[str]], width: int, reading: Reading, count: Callable[[], int]) -> tuple[int, list[str]]:
    """Return how many rows stand above the data, and the names of the columns.

    Parameters
    ----------
    rows
        The first rows of the file, at least one.
    width
        Number of values that most rows have.
    reading
        Whether there is a header, as told, and which column is the label's.
    count
        Gives the number of rows of the whole file, which takes time.

    Raises
    ------
    DataError
        If the first row holds data, counts, or too few names.
    """
    first, behind = rows[0], rows[1:]
    numbered = [str(number) for number in range(1, width + 1)]
    if _are_counts(first, behind, width) and int(first[0]) == count() - 1:
        if reading.header is False:
            return 1, numbered
        raise DataError(
            f"its first line ({_quoted(first)}) names no columns: it counts {first[0]} rows and {first[1]} features "
            "and names the classes; pass --no-header, which leaves it out"
        )
    if reading.header is False:
        return 0, numbered
    names = first[: extent(first)]
    if reading.header is None and first in behind and not any(looks_numeric(cell) for cell in first if cell):
        raise DataError(
            f"its first row ({_quoted(first)}) stands there again: delete the header of a second file, "
            "or pass --no-header if the columns have no names"
        )
    if reading.header is None and _is_data(first, behind, reading.label or "label"):
        raise DataError(
            f"its first row ({_quoted(first)}) looks like data: pass --no-header if the columns have no names, "
            "--header if these are the names"
        )
    _check_length(names, behind, width)
    return 1, names


def extent(row: Sequence[str]) -> int:
    """Return the number of values up to the last that is not empty."""
    return max((at for at, cell in enumerate(row, start=1) if cell), default=0)


def _are_counts(first: Sequence[str], behind: Sequence[Sequence[str]], width: int) -> bool:
    """Tell whether a row holds the numbers of rows and features, then a name for every class, as scikit-learn's do."""
    names = first[2:]
    if len(names) < 2 or any(map(looks_numeric, names)) or not (first[0].isdecimal() and first[1].isdecimal()):
        return False
    return int(first[1]) == width - 1 and {row[-1] for row in behind} <= {str(at) for at in range(len(names))}


def _is_data(first: Sequence[str], behind: Sequence[Sequence[str]], label: str) -> bool:
    """Tell whether the first row is of numbers for the most part, or has words that stand below them again."""
    numeric = [cell not in MISSING and looks_numeric(cell) for cell in first]
    if all(numeric):
        return True
    if label in first:
        return False
    columns = [{row[at] for row in behind if at < len(row)} for at in range(len(first))]
    again = [cell in column and cell not in MISSING for cell, column in zip(first, columns, strict=True)]
    words_again = any(is_there and not is_number for is_there, is_number in zip(again, numeric, strict=True))
    return 2 * sum(numeric) >= len(first) or words_again


def _check_length(names: Sequence[str], behind: Sequence[Sequence[str]], width: int) -> None:
    extents = [extent(row) for row in behind if len(row) == width]
    if not extents or len(names) in (width, *extents):
        return
    there = max(extents)
    if there == len(names) + 1:
        why = "a row index without a name? (R: write.table(..., row.names=FALSE))"
    elif len(names) < there:
        why = "if it is a title, delete it"
    else:
        why = "values are missing at the end of the rows, or --delimiter is another"
    raise DataError(f"the first line names {len(names)} columns ({_quoted(names)}), most rows have {there}: {why}")


def _quoted(row: Sequence[str]) -> str:
    return shortened(", ".join(row), 40)
