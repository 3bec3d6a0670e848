"""The battery on the data sets that a user adds, beside that on random inputs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pandas as pd

from reportgen.chapters.index.tables import Tables
from reportgen.chapters.names import short_name
from reportgen.judgments.choice import Choice, carried_depths, choose, family_of
from reportgen.judgments.data_sets import DataSet, described
from reportgen.judgments.frames import where

__all__ = ["Added", "added"]


class Added(NamedTuple):
    """How the battery fares on a data set that was added, and how that compares to random inputs.

    `healthy` and `deepest` are shares of healthy cells, of all and of those in the deepest nets, `differ` counts cells
    there with another verdict; `others` are the activations for which another family is chosen, `never` those for which
    no start that adapts to the width is healthy even in the shallowest nets.
    """

    data: DataSet
    cells: int
    healthy: float
    healthy_random: float
    agreement: float
    pairs: int
    deepest: int
    deepest_random: int
    differ: int
    others: list[str]
    never: list[str]
    recommended: pd.DataFrame
    changes: pd.DataFrame
    carried_words: str


def added(tables: Tables) -> list[Added]:
    """Return what is to be said of each data set that was added."""
    if tables.data_sets.empty:
        return []
    starts = tables.starts[tables.starts["reason"] != ""]
    first = {str(one.activation): str(one.initializer) for one in starts.itertuples()}
    random = {name: choose(_normal(tables.verdicts), name, start) for name, start in first.items()}
    return [_added(data, where(tables.added, data=data.name), random, first) for data in described(tables.data_sets)]


def _added(data: DataSet, cells: pd.DataFrame, random: Mapping[str, Choice], first: Mapping[str, str]) -> Added:
    own = {activation: choose(_normal(cells), activation, first[activation]) for activation in random}
    healthy, usually = (cells[column] == "healthy" for column in ("verdict", "on_random_inputs"))
    is_deepest, is_same = cells["depth"] == cells["depth"].max(), cells["verdict"] == cells["on_random_inputs"]
    return Added(
        data=data,
        cells=len(cells),
        healthy=float(healthy.mean()),
        healthy_random=float(usually.mean()),
        agreement=float(is_same.mean()),
        pairs=int(is_deepest.sum()),
        deepest=int(healthy[is_deepest].sum()),
        deepest_random=int(usually[is_deepest].sum()),
        differ=int((~is_same[is_deepest]).sum()),
        others=[name for name, choice in own.items() if _family(choice) != _family(random[name])],
        never=[name for name, choice in own.items() if not choice.carries],
        recommended=_printable(own.values(), random),
        changes=_counted(cells[~is_same]),
        carried_words=_in_words(carried_depths(cells)),
    )


def _normal(cells: pd.DataFrame) -> pd.DataFrame:
    """Leave out uniform forms, which do what the normal ones do."""
    return cells[~cells["initializer"].str.partition("(")[0].str.endswith("_uniform")]


def _family(choice: Choice) -> str:
    return family_of(choice.initializer)


def _printable(choices: Iterable[Choice], random: Mapping[str, Choice]) -> pd.DataFrame:
    rows = [
        (
            one.activation,
            short_name(one.initializer),
            one.in_words,
            ", ".join(map(short_name, one.ties)) or "none of the others",
            short_name(random[one.activation].initializer),
        )
        for one in choices
    ]
    heads = ["your activation", "start with", "carries to depth", "as good", "with random inputs"]
    return pd.DataFrame(rows, columns=heads)


def _counted(changed: pd.DataFrame) -> pd.DataFrame:
    """Return how often a verdict became another, the most frequent change first."""
    counts = changed.groupby(["on_random_inputs", "verdict"]).size().rename("cells")
    named = counts.rename_axis(["on random inputs", "on this data"]).reset_index()
    return named.sort_values("cells", ascending=False, kind="stable")


def _in_words(carried: pd.DataFrame) -> str:
    """Return how many starts carry deepest, activation by activation, for those who cannot see the figure."""
    best = [(name, depths.max(), depths.eq(depths.max()).sum()) for name, depths in carried.items()]
    return "; ".join(
        f"{name}: {_counted_in('layer', depth)} with {_counted_in('start', starts)}" if depth else f"{name}: none"
        for name, depth, starts in best
    )


def _counted_in(unit: str, number: int) -> str:
    """Return a number with its unit.

    Examples
    --------
    >>> _counted_in("start", 1), _counted_in("layer", 20)
    ('1 start', '20 layers')
    """
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
