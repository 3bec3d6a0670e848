"""Everything that can be wrong with a table, each kind found on its own and said with its remedy.

Rows are counted from 1 and a header does not count.
"""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import shortened
from reportgen.nn.files.numbers import strays
from reportgen.nn.files.reading import Reading
from reportgen.nn.files.sheet import Sheet, no_value
from reportgen.nn.files.wording import absent, dropping, listed

__all__ = ["found"]


def found(sheet: Sheet, reading: Reading) -> list[str]:
    """Return what is wrong with a table, apart from its classes, the most telling first."""
    faults = [*_label(sheet), *_drops(sheet, reading.drop), *_names(sheet, reading.drop), *_shapes(sheet)]
    faults += [*_words(sheet, reading.decimal), *_empty(sheet), *_infinite(sheet)]
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


def _words(sheet: Sheet, decimal: str | None) -> Iterator[str]:
    if not sheet.words:
        return
    names = [name for name, _ in sheet.words]
    more = f", {listed(names[1:])}" if names[1:] else ""
    yield f"{_text(*sheet.words[0], decimal)}{more}: {_without_text(sheet, names)}"


def _without_text(sheet: Sheet, names: Sequence[str]) -> str:
    """Return what to do about columns of text: one may be the label, where none is known."""
    if sheet.label is None:
        name = shlex.quote(shortened(names[0], 30)) if len(names) == 1 else "COLUMN"
        return f"FILE:{name} (or --label {name}) if it is the label, else {dropping(names)}"
    return "--drop what is no label" if sheet.target is None else dropping(names)


def _text(name: str, values: NDArray[Any], decimal: str | None) -> str:
    """Return where a column has text: its first cell, and how many where most of the others are numbers."""
    cells = [None if value is None else str(value) for value in values.ravel().tolist()]
    there = strays(cells, decimal)
    at = there[0] if there else 0
    row = at // max(values.shape[1], 1) + 1
    where = f"{shortened(str(cells[at]), 20) if cells else 'no rows'} in data row {row}"
    numbers = len(cells) - cells.count(None) - len(there)
    if there and numbers > len(there):
        verb = "is" if len(there) == 1 else "are"
        return f"{len(there)} of {len(cells)} cells in {shortened(name, 20)!r} {verb} no number ({where})"
    return f"text in {shortened(name, 20)!r} ({where})"


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
