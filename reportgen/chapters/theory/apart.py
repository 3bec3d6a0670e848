"""Where prediction and measurement are apart: how many rows, by how much, to which side, and from which draws."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from reportgen.chapters.names import short_name
from reportgen.chapters.theory.tables import SIGNAL
from reportgen.judgments.comparison import MULTIPLIED
from reportgen.judgments.frames import where
from reportgen.presets import DEPTHS

__all__ = ["STABLE", "UNSTABLE", "WALK", "Apart", "Draws", "Profile", "Unstable", "furthest"]

WALK, STABLE, UNSTABLE = (("he_normal", name) for name in ("relu", "tanh", "gelu"))
"""Under He, the length of a signal is a random walk with ReLU, is drawn back with tanh and driven away with GELU."""

_EARLY = 5
"""Layer up to which the signal of the unstable pair is still close to its prediction."""


class Apart(NamedTuple):
    """Counts of rows in range: all, those that do not agree, and of these those that have no word.

    `below` is the share of negative deviations, and `where` names the pair that most of the unexplained rows belong to.
    """

    rows: int
    off: int
    unexplained: int
    where: str
    where_rows: int
    below: float

    @classmethod
    def of(cls, compared: pd.DataFrame) -> Apart:
        """Count the rows of a comparison."""
        words, relative = compared["explanation"], compared["relative_deviation"]
        unexplained = compared[words == "unexplained"]
        pairs = unexplained.groupby(["initializer", "activation"]).size().sort_values(kind="stable")
        return cls(
            rows=len(compared),
            off=int((words != "agrees").sum()),
            unexplained=len(unexplained),
            where=_pair(pairs.index[-1]) if len(pairs) else "none",
            where_rows=int(pairs.iloc[-1]) if len(pairs) else 0,
            below=float((relative < 0).mean()),
        )


class Unstable(NamedTuple):
    """Pairs whose maps multiply deviations, the rows that are filed so, and one pair, followed on random inputs.

    `early` and `late` are measured over predicted rms of z, `multiplied` is by how much the maps enlarge a
    deviation until the last layer.
    """

    activations: list[str]
    pairs: int
    rows: int
    name: str
    early_layer: int
    early: float
    late_layer: int
    late: float
    multiplied: float

    @classmethod
    def of(cls, compared: pd.DataFrame) -> Unstable:
        """Read the rows of a comparison."""
        multiplied = compared[compared["multiplied"] > MULTIPLIED]
        pairs = multiplied[["activation", "initializer"]].drop_duplicates()
        own = _signal(compared, UNSTABLE)
        factor, late = 1 + own["relative_deviation"], int(own.index.max())
        return cls(
            activations=list(pairs["activation"].unique()),
            pairs=len(pairs),
            rows=int((compared["explanation"] == "unstable fixed point").sum()),
            name=_pair(UNSTABLE),
            early_layer=_EARLY,
            early=float(factor[_EARLY]),
            late_layer=late,
            late=float(factor[late]),
            multiplied=float(own["multiplied"][late]),
        )


class Draws(NamedTuple):
    """Starts that are compared, and the distinct base draws behind them."""

    starts: int
    kinds: int

    @classmethod
    def of(cls, compared: pd.DataFrame) -> Draws:
        """Count the starts whose first layers are off by another share.

        Starts of one distribution use the same random numbers at another scale, which a first weighted sum shows.
        """
        first = where(compared, quantity=SIGNAL, layer=1, activation="relu")
        shares = first.pivot_table(index="initializer", columns="data", values="relative_deviation")
        return cls(len(shares), len(shares.round(4).drop_duplicates()))


class Profile(NamedTuple):
    """How far the rms of z is off by layer, where a stable value draws it back and where its length is a random walk.

    `stable` and `walk` are how far each is off at most, as a share of the prediction, and `stable_scatter` and
    `walk_scatter` the standard deviation that theory gives the logarithm of one network in the last layer.
    """

    table: pd.DataFrame
    stable: float
    walk: float
    stable_scatter: float
    walk_scatter: float

    @classmethod
    def of(cls, compared: pd.DataFrame) -> Profile:
        """Follow both pairs on random inputs through the layers that are depths of the battery."""
        rows = {_pair(pair): _signal(compared, pair) for pair in (STABLE, WALK)}
        off = pd.DataFrame({pair: own["relative_deviation"] for pair, own in rows.items()}).T
        off = off[[layer for layer in DEPTHS if layer in off]]
        scatter = [float(own["expected_scatter"].iloc[-1]) for own in rows.values()]
        shown = off.map(lambda share: f"{share:+.1%}".replace("-", "−")).add_prefix("layer ")
        return cls(shown.rename_axis("pair").reset_index(), *map(float, off.abs().max(axis=1)), *scatter)


def _signal(compared: pd.DataFrame, pair: tuple[str, str]) -> pd.DataFrame:
    initializer, activation = pair
    rows = where(compared, initializer=initializer, activation=activation, data="gaussian", quantity=SIGNAL)
    return rows.set_index("layer")


def _pair(pair: tuple[str, str]) -> str:
    return f"{short_name(pair[0])} with {pair[1]}"


def furthest(lines: pd.DataFrame) -> tuple[float, str]:
    """Return the largest deviation of the dots of the key figure, as a share of their line, and the pair."""
    predicted = lines.dropna(subset="predicted")
    off = (predicted["measured"] / predicted["predicted"] - 1).abs().to_numpy()
    row = predicted.iloc[int(off.argmax())]
    return float(off.max()), _pair((row["initializer"], row["activation"]))
