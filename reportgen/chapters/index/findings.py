"""The numbers and verdicts that the front page quotes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reportgen.chapters.index.tables import Tables
from reportgen.chapters.names import LARGE, short_name
from reportgen.judgments.choice import EQUAL, Choice, adapts, carried_depths, choose, family_of
from reportgen.judgments.data_sets import DataSet, described
from reportgen.judgments.frames import where
from reportgen.judgments.verdicts import FLAT, LIMIT, VERDICTS
from reportgen.presets import INITIALIZERS

__all__ = ["Added", "Findings", "find"]


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


Floats = NDArray[np.float64]

DEEP = 50
"""Hidden layers of the nets that the sentences speak of: every preset measures them, whatever else is added."""


class Course(NamedTuple):
    """One start with one activation in nets up to `DEEP`.

    Attributes
    ----------
    verdicts
        On every depth, each once.
    change
        Factor by which the signal or the gradient changes over the deepest net, whichever is further from one.
    dead
        Greatest share of dead units.
    """

    verdicts: list[str]
    change: float
    dead: float


@dataclass(frozen=True, slots=True)
class Findings:
    """The start to use for every activation, how the battery fares, what decides the checks, and added data."""

    limit: int
    equal: float
    depths: list[int]
    cells: int
    healthy_share: float
    healthy_deepest_share: float
    use: dict[str, Choice]
    recommended: pd.DataFrame
    sigmoid_depth: int
    agreement: float
    rules: pd.DataFrame
    carried_words: str
    deep: int
    he_relu: Course
    glorot_relu: Course
    glorot_tanh: Course
    equal_weights: list[str]
    large_tanh_pressed: float
    sigmoid_excess: float
    added: list[Added]


def find(tables: Tables) -> Findings:
    """Return every number and verdict that the front page quotes."""
    verdicts, carried = tables.verdicts, tables.carried.set_index("initializer")
    is_healthy, is_deepest = verdicts["verdict"] == "healthy", verdicts["depth"] == verdicts["depth"].max()
    use = {activation: choose(verdicts, activation) for activation in carried.columns}
    large_tanh = verdicts.query(f"initializer == '{LARGE}' and activation == 'tanh'")
    return Findings(
        limit=int(LIMIT),
        equal=EQUAL,
        depths=tables.depths["depth"].tolist(),
        cells=len(verdicts),
        healthy_share=float(is_healthy.mean()),
        healthy_deepest_share=float(is_healthy[is_deepest].mean()),
        use=use,
        recommended=_printable(use.values()),
        sigmoid_depth=int(carried["sigmoid"].max()),
        agreement=_agreement(verdicts, tables.digits),
        rules=pd.DataFrame({"verdict": list(VERDICTS), "it means that": list(VERDICTS.values())}),
        carried_words=_in_words(carried),
        deep=DEEP,
        he_relu=_course(verdicts, "he_normal", "relu"),
        glorot_relu=_course(verdicts, "glorot_normal", "relu"),
        glorot_tanh=_course(verdicts, "glorot_normal", "tanh"),
        equal_weights=sorted(verdicts.query("initializer in ('zeros', 'constant')")["verdict"].unique()),
        large_tanh_pressed=float(large_tanh["pressed"].min()),
        sigmoid_excess=_least_excess(verdicts, "sigmoid"),
        added=[_added(data, where(tables.added, data=data.name), use) for data in described(tables.data_sets)],
    )


def _course(verdicts: pd.DataFrame, initializer: str, activation: str) -> Course:
    own = verdicts[(verdicts["initializer"] == initializer) & (verdicts["activation"] == activation)]
    own = own[own["depth"] <= DEEP]
    (change,) = _change(own[own["depth"] == DEEP])
    return Course(sorted(own["verdict"].unique()), float(change), float(own["dead"].max()))


def _least_excess(verdicts: pd.DataFrame, activation: str) -> float:
    """Return how many times a limit is exceeded by the start that is nearest to healthy.

    Of the starts of every battery that adapt to the width, in the deepest net; the limits are those of a change and of
    flat slopes.
    """
    ours = verdicts[verdicts["initializer"].isin(INITIALIZERS) & adapts(verdicts["initializer"])]
    cells = ours[(ours["activation"] == activation) & (ours["depth"] == DEEP)]
    return float(np.maximum(_change(cells) / LIMIT, cells["pressed"] / FLAT).min())


def _change(cells: pd.DataFrame) -> Floats:
    """Return by how much the signal or the gradient changes over the net, whichever changes more."""
    with np.errstate(divide="ignore", over="ignore"):
        changes = np.abs(np.log(cells[["signal", "gradient"]].to_numpy(float)))
        return np.asarray(np.exp(changes.max(axis=1)))


def _added(data: DataSet, cells: pd.DataFrame, use: Mapping[str, Choice]) -> Added:
    own = {activation: choose(cells, activation) for activation in use}
    healthy, random = (cells[column] == "healthy" for column in ("verdict", "on_random_inputs"))
    is_deepest, is_same = cells["depth"] == cells["depth"].max(), cells["verdict"] == cells["on_random_inputs"]
    random_starts = [short_name(choice.initializer) for choice in use.values()]
    return Added(
        data=data,
        cells=len(cells),
        healthy=float(healthy.mean()),
        healthy_random=float(random.mean()),
        agreement=float(is_same.mean()),
        pairs=int(is_deepest.sum()),
        deepest=int(healthy[is_deepest].sum()),
        deepest_random=int(random[is_deepest].sum()),
        differ=int((~is_same[is_deepest]).sum()),
        others=[name for name, choice in own.items() if _family(choice) != _family(use[name])],
        never=[name for name, choice in own.items() if not choice.carries],
        recommended=_printable(own.values()).assign(**{"with random inputs": random_starts}),
        changes=_counted(cells[~is_same]),
        carried_words=_in_words(carried_depths(cells)),
    )


def _family(choice: Choice) -> str:
    return family_of(choice.initializer)


def _counted(changed: pd.DataFrame) -> pd.DataFrame:
    """Return how often a verdict became another, the most frequent change first."""
    counts = changed.groupby(["on_random_inputs", "verdict"]).size().rename("cells")
    named = counts.rename_axis(["on random inputs", "on this data"]).reset_index()
    return named.sort_values("cells", ascending=False, kind="stable")


def _printable(choices: Iterable[Choice]) -> pd.DataFrame:
    also = f"also within a factor of {EQUAL:g}"
    heads = ["your activation", "start with", "healthy to depth", "gradient per layer", also]
    rows = [
        (one.activation, short_name(one.initializer), one.carries, one.gradient, ", ".join(one.families) or "none")
        for one in choices
    ]
    return pd.DataFrame(rows, columns=heads)


def _agreement(verdicts: pd.DataFrame, digits: pd.DataFrame) -> float:
    """Return the share of cells that get the same verdict on the handwritten digits."""
    both = verdicts.merge(digits, on=["initializer", "activation", "depth"], suffixes=("", "_digits"))
    return float((both["verdict"] == both["verdict_digits"]).mean())


def _in_words(carried: pd.DataFrame) -> str:
    """Return how many starts carry deepest, activation by activation, for those who cannot see the figure."""
    best = [(name, depths.max(), depths.eq(depths.max()).sum()) for name, depths in carried.items()]
    return "; ".join(
        f"{name}: {depth} layers with {starts} starts" if depth else f"{name}: none" for name, depth, starts in best
    )
