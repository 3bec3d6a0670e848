"""The order of every map: starts by fan_in Var(w), the largest on top, and activations in groups that are alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from math import inf, isnan
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from reportgen.chapters.names import short_name
from reportgen.judgments.choice import family_of
from reportgen.presets import INITIALIZERS

if TYPE_CHECKING:
    from pandas.core.groupby import DataFrameGroupBy

__all__ = [
    "GROUPS",
    "Row",
    "at_width_of",
    "by_group",
    "by_row",
    "by_scale",
    "edges",
    "merged",
    "ordered",
    "scale_rows",
    "scale_text",
    "typical",
    "usable",
]

GROUPS = (
    ("sigmoid", "tanh", "softsign"),
    ("linear",),
    ("selu",),
    ("elu",),
    ("relu", "leaky_relu"),
    ("gelu",),
    ("silu",),
    ("softplus",),
)
"""Activations that do alike: bounded ones, then those that grow, by how much they let through below zero."""

_DIGITS = 3
"""Scales that agree to so many digits are one."""

_WHOLE, _HUGE = 100, 1e6
"""From the first to the second a scale is written as a whole number."""


_Said = tuple[str, int, int, str]
"""A verdict, of how many networks, how many of them agree, and what most of the others say."""


class Row(NamedTuple):
    """One row of a map: starts that are one and the same between layers of equal width.

    Attributes
    ----------
    label
        Their families, for an axis.
    sigma_w2
        fan_in Var(w); nan where none is declared.
    starts
        Registry names.
    """

    label: str
    sigma_w2: float
    starts: tuple[str, ...]

    @property
    def text(self) -> str:
        """The label with the scale behind it."""
        return f"{self.label}  {scale_text(self.sigma_w2)}".rstrip()


def scale_text(sigma_w2: float) -> str:
    """Return a scale as maps print it.

    Examples
    --------
    >>> [scale_text(value) for value in (1024.0, 128.0, 2.0, 1 / 3, 0.0128, float("nan"))]
    ['1024', '128', '2', '0.33', '0.013', '']
    """
    if _WHOLE <= sigma_w2 < _HUGE:
        return f"{sigma_w2:.0f}"
    return "" if isnan(sigma_w2) else f"{sigma_w2:.{2 if sigma_w2 < 1 else 3}g}"


def usable(scale: float) -> float | None:
    """Return a gain or an edge, or None for one that no weights can have: odd functions ask for such.

    Examples
    --------
    >>> [usable(value) for value in (1.5, 3e-303, float("inf"), float("nan"))]
    [1.5, None, None, None]
    """
    return scale if 1 / _HUGE <= scale <= _HUGE else None


def scale_rows(starts: pd.DataFrame) -> list[Row]:
    """Return the rows of a map, the largest scale on top; starts without one come last.

    A normal distribution and its uniform form are one, and so are laws of the same variance: LeCun's and Glorot's, and
    orthogonal matrices. Starts that theory has no limit for, such as equal weights, keep a row of their own, and so do
    those that a user adds.

    Parameters
    ----------
    starts
        The table ``starts``: `initializer`, `sigma_w2` and `limit`.
    """
    groups: dict[tuple[str, str], list[str]] = {}
    scales: dict[tuple[str, str], float] = {}
    for name, sigma_w2, limit in starts[["initializer", "sigma_w2", "limit"]].itertuples(index=False):
        is_alone = limit == "none" or name not in INITIALIZERS
        key = (f"{sigma_w2:.{_DIGITS}g}", str(name) if is_alone else "")
        groups.setdefault(key, []).append(str(name))
        scales.setdefault(key, float(sigma_w2))
    written = Counter(map(_label, groups.values()))
    rows = [
        Row(label if written[label := _label(names)] == 1 else names[0], scales[key], tuple(names))
        for key, names in groups.items()
    ]
    return _sorted(rows)


def at_width_of(table: pd.DataFrame, rows: Iterable[Row]) -> list[Row]:
    """Return rows with the scales of networks of another width, in their order; what the table lacks stays.

    Parameters
    ----------
    table
        Of networks of one width: `initializer` and `sigma_w2`.
    rows
        As from `scale_rows`.
    """
    scales = dict(table[["initializer", "sigma_w2"]].drop_duplicates("initializer").itertuples(index=False, name=None))
    own = [(row, [scales[name] for name in row.starts if name in scales]) for row in rows]
    return _sorted(row._replace(sigma_w2=found[0]) if found else row for row, found in own)


def _sorted(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: inf if isnan(row.sigma_w2) else -row.sigma_w2)


def by_scale(names: Iterable[str], rows: Sequence[Row]) -> list[str]:
    """Return names of starts in the order of the rows; those in none of them come last."""
    place = {name: at for at, name in enumerate(chain.from_iterable(row.starts for row in rows))}
    return sorted(names, key=lambda name: place.get(name, len(place)))


def by_group(activations: Iterable[str]) -> list[str]:
    """Return activations in the order of `GROUPS`; others come last, as they are.

    Examples
    --------
    >>> by_group(["linear", "mine", "tanh", "relu"])
    ['tanh', 'linear', 'relu', 'mine']
    """
    place = {name: at for at, name in enumerate(chain.from_iterable(GROUPS))}
    return sorted(activations, key=lambda name: place.get(name, len(place)))


def edges(activations: Sequence[str]) -> list[int]:
    """Return the places in a sequence of activations where another group begins."""
    group = {name: at for at, names in enumerate(GROUPS) for name in names}
    return [
        at
        for at in range(1, len(activations))
        if group.get(activations[at]) is None or group.get(activations[at]) != group.get(activations[at - 1])
    ]


def ordered(table: pd.DataFrame, rows: Sequence[Row]) -> pd.DataFrame:
    """Return a table with its starts in the order of the rows and its activations in groups; the rest stays as it is.

    Parameters
    ----------
    table
        Any with `initializer` and `activation`.
    rows
        As from `scale_rows`.
    """
    starts = by_scale(table["initializer"].unique(), rows)
    activations = by_group(table["activation"].unique())
    place = table["initializer"].map(starts.index) * len(activations) + table["activation"].map(activations.index)
    return table.iloc[place.argsort(kind="stable")].reset_index(drop=True)


def by_row(table: pd.DataFrame, rows: Sequence[Row]) -> pd.DataFrame:
    """Return a table in the order of a map, in which every start has given way to its `row` and that one's `sigma_w2`.

    Parameters
    ----------
    table, rows
        As for `ordered`; every initializer is in one of the rows.
    """
    of = {name: row for row in rows for name in row.starts}
    named = ordered(table, rows).drop(columns="sigma_w2", errors="ignore")
    own = [of[name] for name in named.pop("initializer")]
    named.insert(0, "row", [row.label for row in own])
    named.insert(1, "sigma_w2", [row.sigma_w2 for row in own])
    return named


def typical(cells: pd.DataFrame, rows: Sequence[Row], keys: Sequence[str] = ("activation",)) -> pd.DataFrame:
    """Return numbers with one row for starts that are one: their median, which zeros and overflows do not upset.

    Parameters
    ----------
    cells
        `initializer`, the keys, and columns of numbers.
    rows, keys
        As from `scale_rows`; columns that tell cells of one start apart, `activation` among them.

    Returns
    -------
    DataFrame
        `row` (the label), `sigma_w2`, the keys and the medians, in the order of `ordered`.
    """
    return _cells(by_row(cells, rows), keys).median().reset_index()


def merged(cells: pd.DataFrame, rows: Sequence[Row]) -> pd.DataFrame:
    """Return verdicts with one row for starts that are one: the most frequent verdict, and what the others say.

    Parameters
    ----------
    cells
        As from `verdict_table`: `initializer`, `activation`, `depth`, `verdict`, `networks`, `agree`, `other`.

    Returns
    -------
    DataFrame
        One line per `row` (the label), `sigma_w2`, `activation` and `depth`, with `verdict`, the number of `networks`,
        how many `agree`, and the most frequent `other` verdict, "" where all agree.
    """
    place, said = ["row", "sigma_w2", "activation", "depth"], ["verdict", "networks", "agree", "other"]
    table = by_row(cells, rows)
    judged: dict[int, list[_Said]] = {}
    for number, one in zip(
        _cells(table, place[2:]).ngroup(), table[said].itertuples(index=False, name=None), strict=True
    ):
        judged.setdefault(number, []).append(one)
    merged_cells = table[place].drop_duplicates().reset_index(drop=True)
    majorities = [_majority(group) for group in judged.values()]
    return merged_cells.join(pd.DataFrame(majorities, columns=said))


def _cells(table: pd.DataFrame, keys: Sequence[str]) -> DataFrameGroupBy[Any, Any]:
    return table.groupby(["row", "sigma_w2", *keys], sort=False, dropna=False)


def _majority(group: Sequence[_Said]) -> _Said:
    votes: dict[str, int] = {}
    for verdict, networks, agree, other in group:
        votes[verdict] = votes.get(verdict, 0) + int(agree)
        if other:
            votes[other] = votes.get(other, 0) + int(networks - agree)
    first, *rest = sorted(votes, key=lambda word: -votes[word])
    return (
        first,
        sum(networks for _, networks, _, _ in group),
        votes[first],
        next((word for word in rest if votes[word]), ""),
    )


def _label(names: Sequence[str]) -> str:
    """Return the families of some starts; a start alone keeps its whole name."""
    if len(names) == 1:
        return short_name(names[0])
    return ", ".join(dict.fromkeys(family_of(name) + name[len(name.partition("(")[0]) :] for name in names))
