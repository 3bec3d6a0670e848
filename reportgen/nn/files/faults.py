"""Everything that can be wrong with a table, each kind found on its own and said with its remedy.

Rows are counted from 1 and a header does not count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import shortened
from reportgen.nn.files.reading import Reading
from reportgen.nn.files.sheet import Sheet, no_value
from reportgen.nn.files.wording import absent, dropping, listed

__all__ = ["found"]


def found(sheet: Sheet, reading: Reading) -> list[str]:
    """Return what is wrong with a table, apart from its classes, the most telling first."""
    faults = [*_label(sheet), *_drops(sheet, reading.drop), *_names(sheet, reading.drop), *_shapes(sheet)]
    faults += [*_words(sheet), *_empty(sheet), *_infinite(sheet)]
    if not reading.drop_missing:
        faults += _missing(sheet)
    elif sheet.rows and sheet.missing().all():
        faults.append("every row has a missing value: drop the columns that have most of them")
    return faults or [*_nothing(sheet), *_constant(sheet)]


def _quoted(name: str) -> str:
    return repr(shortened(name, 30))


def _label(sheet: Sheet) -> Iterator[str]:
    if sheet.label is not None and sheet.target is None:
        names = [name for name, _ in sheet.features]
        yield f"there is no label column {_quoted(sheet.label)}: {absent(sheet.label, names)}, to name as FILE:LABEL"


def _drops(sheet: Sheet, drop: Iterable[str]) -> Iterator[str]:
    names = [name or f"column {at}" for at, name in enumerate(sheet.names, start=1)]
    for name in drop:
        if name not in names:
            yield f"there is no column {_quoted(name)} to drop: {absent(name, names)}"


def _names(sheet: Sheet, drop: Iterable[str]) -> Iterator[str]:
    twice = [name for name, count in Counter(sheet.names).items() if count > 1 and name and name not in drop]
    if twice:
        yield f"there are several columns {listed(twice)}: give each a name of its own"
    bare = [(at, name) for at, name in enumerate(sheet.names, 1) if not name or name.startswith("__index_level_")]
    ours = [name or f"column {at}" for at, name in bare if (name or f"column {at}") not in drop]
    if ours:
        yield f"column {bare[0][0]} has no name (a saved row index?): {dropping(ours)}"


def _shapes(sheet: Sheet) -> Iterator[str]:
    if sheet.target is not None and sheet.target.ndim != 1:
        shape = shortened(str(sheet.target.shape), 30)
        yield f"label array {_quoted(str(sheet.label))} has shape {shape}, not one class per example"
    for name, values in sheet.features:
        if values.shape[:1] != (sheet.rows,):
            shape = shortened(str(values.shape), 30)
            yield f"array {_quoted(name)} has shape {shape}, but there are {sheet.rows} labels"


def _words(sheet: Sheet) -> Iterator[str]:
    if not sheet.words:
        return
    names = [name for name, _ in sheet.words]
    row, word = _first_word(sheet.words[0][1])
    more = f", {listed(names[1:])}" if names[1:] else ""
    remedy = "--drop what is no label" if sheet.label is not None and sheet.target is None else dropping(names)
    yield f"text in {shortened(names[0], 20)!r} ({shortened(word, 20)} in data row {row}){more}: {remedy}"


def _first_word(values: NDArray[Any]) -> tuple[int, str]:
    """Return the row and the text of the first value that does not read as a number."""
    for row, several in enumerate(values.tolist(), start=1):
        for value in several:
            try:
                float(0 if value is None else value)
            except (TypeError, ValueError):
                return row, str(value)
    return 1, str(values[0, 0]) if values.size else "no rows"


def _empty(sheet: Sheet) -> Iterator[str]:
    names = _those(sheet, np.isnan(sheet.numbers).all(axis=0)) if sheet.rows else []
    if names:
        yield f"no value at all in {listed(names)}: {dropping(names)}"


def _infinite(sheet: Sheet) -> Iterator[str]:
    infinite = np.isinf(sheet.numbers)
    names = _those(sheet, infinite.any(axis=0))
    if names:
        row = int(infinite.any(axis=1).argmax())
        yield f"infinite values in {listed(names)} (first in data row {row + 1}): {dropping(names)}"


def _missing(sheet: Sheet) -> Iterator[str]:
    rows = sheet.missing()
    if not rows.any():
        return
    holes = np.isnan(sheet.numbers)
    names = _those(sheet, holes.any(axis=0) & ~holes.all(axis=0))
    if sheet.target is not None and sheet.target.shape == (sheet.rows,) and no_value(sheet.target).any():
        names = [str(sheet.label), *names]
    where = f"{int(rows.sum())} of {sheet.rows} rows, first in data row {int(rows.argmax()) + 1}"
    yield f"missing values in {listed(names)} ({where}): --drop-missing"


def _nothing(sheet: Sheet) -> Iterator[str]:
    if not sheet.rows and sheet.target is None:
        yield "there are no rows"
    if not sheet.columns:
        beside = "" if sheet.label is None else f" beside the label column {_quoted(sheet.label)}"
        yield f"there is no feature{beside}"


def _constant(sheet: Sheet) -> Iterator[str]:
    if sheet.rows > 1 and sheet.columns and (sheet.numbers == sheet.numbers[0]).all():
        yield f"every feature is constant ({listed(sheet.columns)}): there is nothing in them"


def _those(sheet: Sheet, chosen: NDArray[np.bool_] | np.bool_) -> list[str]:
    return [sheet.columns[at] for at in np.flatnonzero(chosen)]
