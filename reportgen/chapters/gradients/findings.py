"""The numbers that the chapter on gradients quotes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.chapters.canonical import canonical
from reportgen.chapters.gradients.added import CLOSE, Added
from reportgen.chapters.gradients.length import LengthCounts, length_counts
from reportgen.chapters.gradients.tables import DEEP, DEPTH, Tables, square
from reportgen.chapters.names import LARGE, SMALL, distribution, short_name
from reportgen.judgments.estimates import Estimate, geometric_mean
from reportgen.judgments.frames import where
from reportgen.judgments.verdicts import LIMIT
from reportgen.theory.closed_forms import PiecewiseLinear
from reportgen.theory.finite_width import relative_unit_variance

__all__ = ["FORMULAS", "Findings", "Formula", "Lost", "Tanh", "find"]

_STARTS = {"he": "he_normal", "glorot": "glorot_normal", "small": SMALL, "large": LARGE}
_GAIN_ONE = ["lecun_normal", "lecun_uniform", "glorot_normal", "glorot_uniform", "orthogonal"]
_CARRIED = (("relu", "he_normal"), ("tanh", "glorot_normal"), ("tanh", "he_normal"))
_GREATEST, _LEAST = float(np.finfo(np.float32).max), float(np.finfo(np.float32).smallest_subnormal)


class Formula(NamedTuple):
    """What a layer does to the rms of delta by one activation and initializer.

    `weights` is their part, as a function of the width, and `slopes` that of the activation.
    """

    activation: str
    initializer: str
    weights: Callable[[float], float]
    slopes: float

    def factor(self, width: float) -> float:
        """Return the factor per layer of the rms."""
        return self.weights(width) * self.slopes


_HALF_OF_THEM = sqrt(1 / 2)
"""Rms of ReLU's slopes where half of them are one and the others zero."""

FORMULAS = {
    "he_keeps": Formula("relu", "he_normal", lambda n: sqrt(2), _HALF_OF_THEM),
    "glorot_loses": Formula("relu", "glorot_normal", lambda n: 1.0, _HALF_OF_THEM),
    "torch_loses": Formula("linear", "torch_default", lambda n: sqrt(1 / 3), 1.0),
    "small_vanishes": Formula("tanh", SMALL, lambda n: 0.01 * sqrt(n), 1.0),
    "large_explodes": Formula("relu", LARGE, sqrt, _HALF_OF_THEM),
}


class Lost(NamedTuple):
    """In how many layers numbers left the range of float32: by the formula, and on average over networks."""

    predicted: float
    measured: float


class Tanh(NamedTuple):
    """What different questions answer for tanh.

    `forward` and `backward` are the gains that keep the rms of signal and gradient at variance one, `torch` is
    PyTorch's, and `edge` the one that in the limit of many layers neither loses nor gains by a factor per layer;
    `plain` is that of the orthogonal start for deep plain nets.
    `shallow` and `deep` are Glorot's factors per layer in nets of `DEPTH` and `DEEP` layers, `he` is He's in `DEPTH`.
    """

    forward: float
    backward: float
    torch: float
    edge: float
    plain: float
    shallow: float
    deep: float
    he: float


@dataclass(frozen=True, slots=True)
class Findings:
    """Factors per layer of the rms and what they multiply to.

    `factor` and `formula` are measured and by the formula, `margin` is how far their logarithms may be apart. `relu`
    and `sigmoid` are factors by start, and `saturated` is the share of the sigmoids. `ratio` stands for first layer
    over last, `weight` for the gradient of the weights, `deep` for networks of as many layers. `sigmoid_advised` is the
    ratio with the start that goes first for sigmoid, `carried` are those of deep nets that a sentence says keep it.
    `deviation` is about the pairs of the canonical battery.
    """

    depth: int
    deep: int
    factor: dict[str, Estimate]
    formula: dict[str, float]
    formulas: pd.DataFrame
    margin: float
    limit: float
    pairs: int
    vanishing: int
    exploding: int
    kept: int
    flattest: pd.DataFrame
    relu: dict[str, float]
    sigmoid: dict[str, float]
    saturated: dict[str, float]
    sigmoid_gain_one: float
    sigmoid_ratio: float
    sigmoid_advised: float
    sigmoid_weight: float
    relu_ratio: float
    relu_deep: float
    carried: list[float]
    orthogonal_deep: float
    zeros: float
    small: str
    small_delta: float
    small_weight: float
    small_level: float
    tanh: Tanh
    overflow: Lost
    underflow: Lost
    lost_deltas: float
    close: float
    deviation: float
    length: LengthCounts
    added: list[Added]


def find(tables: Tables) -> Findings:
    """Return every number that the chapter quotes."""
    settings, by_pair, networks = tables.settings.iloc[0], square(tables.factors), tables.networks
    change = by_pair ** (DEPTH - 1)
    is_random = tables.depths["data"] == "gaussian"
    ratio = tables.depths[is_random].set_index(["initializer", "activation", "depth"])["ratio"]
    advised = tables.advised.set_index("activation")["initializer"]
    weights = tables.weights.pivot(index=["initializer", "activation"], columns="layer", values="gradient")
    level, weight = weights.median(axis="columns"), weights[1] / weights[DEPTH]
    saturated = where(tables.saturated, activation="sigmoid").set_index("initializer")
    agreement = canonical(tables.agreement)
    deviation = (agreement["digits"] / agreement["gaussian"] - 1).abs()
    lost = tables.lost.groupby(["what", "replicate"])["is_lost"].sum().groupby("what").mean()
    gains = tables.gains.iloc[0]
    factor = {name: _factor(networks, one) for name, one in FORMULAS.items()}
    return Findings(
        depth=DEPTH,
        deep=DEEP,
        factor=factor,
        formula={name: one.factor(settings["width"]) for name, one in FORMULAS.items()},
        formulas=_formulas(factor, settings["width"]),
        margin=_margin(settings["width"], settings["replicates"]),
        limit=LIMIT,
        pairs=by_pair.size,
        vanishing=int((change < 1 / LIMIT).sum().sum()),
        exploding=int((change > LIMIT).sum().sum()),
        kept=int(((change >= 1 / LIMIT) & (change <= LIMIT)).sum().sum()),
        flattest=_flattest(by_pair, tables.flattest),
        relu=_by_start(by_pair["relu"]),
        sigmoid=_by_start(by_pair["sigmoid"]),
        saturated=_by_start(saturated["saturated_fraction"]),
        sigmoid_gain_one=float(by_pair["sigmoid"][_GAIN_ONE].max()),
        sigmoid_ratio=ratio["glorot_normal", "sigmoid", DEPTH],
        sigmoid_advised=ratio[advised["sigmoid"], "sigmoid", DEPTH],
        sigmoid_weight=weight["glorot_normal", "sigmoid"],
        relu_ratio=ratio["glorot_normal", "relu", DEPTH],
        relu_deep=ratio["glorot_normal", "relu", DEEP],
        carried=[ratio[initializer, activation, DEEP] for activation, initializer in _CARRIED],
        orthogonal_deep=ratio["orthogonal", "linear", DEEP],
        zeros=float(tables.zeros["delta_rms"].max(skipna=False)),
        small=distribution(SMALL),
        small_delta=ratio[SMALL, "tanh", DEPTH],
        small_weight=weight[SMALL, "tanh"],
        small_level=level[SMALL, "tanh"] / level["glorot_normal", "tanh"],
        tanh=Tanh(
            forward=gains["forward_gain"],
            backward=gains["backward_gain"],
            torch=gains["torch_gain"],
            edge=gains["edge_gain"],
            plain=gains["plain_gain"],
            shallow=by_pair["tanh"]["glorot_normal"],
            deep=ratio["glorot_normal", "tanh", DEEP] ** (1 / (DEEP - 1)),
            he=by_pair["tanh"]["he_normal"],
        ),
        overflow=Lost(_lost(settings, settings["width"], _GREATEST), lost["overflow"]),
        underflow=Lost(_lost(settings, settings["width"] * 1e-4 / 16, _LEAST), lost["underflow"]),
        lost_deltas=lost["lost deltas"] / DEEP,
        close=CLOSE,
        deviation=float(deviation.median()),
        length=length_counts(canonical(tables.deep_agreement), canonical(tables.elasticity)),
        added=[Added.of(str(name), rows) for name, rows in tables.added.groupby("data", sort=False)],
    )


def _factor(networks: pd.DataFrame, one: Formula) -> Estimate:
    return geometric_mean(where(networks, initializer=one.initializer, activation=one.activation)["factor"])


def _margin(width: int, networks: int) -> float:
    """Return how far the log of a measured factor of the rms may be from that of the formula.

    The log of a product of m factors of the mean square has a variance of up to m times that of a layer (5 / n for
    ReLU), so its mean over networks, per layer, has the standard error sqrt(variance / (m networks)); and the typical
    net is below the mean by up to half a variance per layer. For the rms all of this is half as much.
    """
    variance = float(relative_unit_variance(PiecewiseLinear(0.0, 1.0), 1.0)) / width
    return (5 * sqrt(variance / ((DEPTH - 1) * networks)) + variance / 2) / 2


def _formulas(factor: dict[str, Estimate], width: int) -> pd.DataFrame:
    columns = ["activation", "start", "weights", "slopes", "weights × slopes", "measured"]
    rows = [
        (
            one.activation,
            short_name(one.initializer),
            one.weights(width),
            one.slopes,
            one.factor(width),
            factor[key],
        )
        for key, one in FORMULAS.items()
    ]
    return pd.DataFrame(rows, columns=columns)


def _flattest(by_pair: pd.DataFrame, flattest: pd.DataFrame) -> pd.DataFrame:
    """Return the start that changes the gradient least, by activation, and what it leaves of a gradient."""
    rows = [
        (activation, short_name(name), by_pair[activation][name], by_pair[activation][name] ** (DEPTH - 1))
        for activation, name in flattest.itertuples(index=False)
    ]
    return pd.DataFrame(rows, columns=["activation", "changes least", "per layer", f"over {DEPTH} layers"])


def _by_start(values: pd.Series[float]) -> dict[str, float]:
    return {start: float(values[name]) for start, name in _STARTS.items()}


def _lost(settings: pd.Series[int], factor: float, limit: float) -> float:
    """Return after how many of `DEEP` layers, each with a factor of the mean square, no more can be stored.

    What counts is the largest of all numbers of a layer: of N normal numbers it is about sqrt(2 ln N) times the rms.
    """
    largest = np.sqrt(2 * np.log(settings["batch"] * settings["width"]))
    per_layer = np.log(factor) / 2
    reach = np.log(limit / largest) / per_layer if per_layer else np.inf
    return float(DEEP - reach) if 0 < reach < DEEP else 0.0
