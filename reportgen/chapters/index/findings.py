"""The numbers and verdicts that the front page quotes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reportgen.chapters.index.tables import Tables
from reportgen.chapters.names import LARGE, short_name
from reportgen.judgments.choice import EQUAL, Choice, choose
from reportgen.judgments.verdicts import FLAT, LIMIT, VERDICTS
from reportgen.presets import INITIALIZERS

__all__ = ["Findings", "find"]


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
    """The start to use for every activation, and how the battery fares; the last seven decide the checks."""

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
    )


def _course(verdicts: pd.DataFrame, initializer: str, activation: str) -> Course:
    own = verdicts[(verdicts["initializer"] == initializer) & (verdicts["activation"] == activation)]
    own = own[own["depth"] <= DEEP]
    (change,) = _change(own[own["depth"] == DEEP])
    return Course(sorted(own["verdict"].unique()), float(change), float(own["dead"].max()))


def _least_excess(verdicts: pd.DataFrame, activation: str) -> float:
    """Return how many times a limit is exceeded by the start that is nearest to healthy.

    Of the starts of every battery that tell units apart, in the deepest net; the limits are those of a change and of
    flat slopes.
    """
    ours = verdicts[verdicts["initializer"].isin(INITIALIZERS) & (verdicts["distinct"] > 1)]
    cells = ours[(ours["activation"] == activation) & (ours["depth"] == DEEP)]
    return float(np.maximum(_change(cells) / LIMIT, cells["pressed"] / FLAT).min())


def _change(cells: pd.DataFrame) -> Floats:
    """Return by how much the signal or the gradient changes over the net, whichever changes more."""
    with np.errstate(divide="ignore", over="ignore"):
        changes = np.abs(np.log(cells[["signal", "gradient"]].to_numpy(float)))
        return np.asarray(np.exp(changes.max(axis=1)))


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
    return "; ".join(f"{name}: {depth} layers with {starts} starts" for name, depth, starts in best)
