"""The numbers that the chapter on Var(w·x) = 1 quotes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.chapters.derivation.tables import BOUND, GAINS, GLOROT, RMS, STABLE, Tables
from reportgen.chapters.names import LARGE, SMALL, distribution
from reportgen.judgments.estimates import Estimate, geometric_mean, mean
from reportgen.judgments.frames import by_name, by_network, only

__all__ = ["SHIFTS", "Findings", "Sum", "Walk", "find"]

SHIFTS = (0.1, 0.5)
"""Means of weights and inputs where the derivation is tried with means that are not zero."""

_SHOWN_LAYERS = [5, 10, 20, 50]


class Walk(NamedTuple):
    """The longest of the sums that grow term by term: their terms, number and width, and what theory says of it."""

    terms: int
    sums: int
    shown: int
    width: Estimate
    by_formula: float
    off: float


class Sum(NamedTuple):
    """The variance of a sum of the most inputs, that of the fewest, and the share of the sums that saturate tanh."""

    variance: Estimate
    few: float
    saturated: float


@dataclass(frozen=True, slots=True)
class Findings:
    """A sum that grows, every step of the derivation, every broken assumption, and deep tanh networks with both gains.

    `measured` and `predicted` are by step and case, `all_of_them` lists both, those furthest apart first; `spread` is
    how the variance differs between the units of a case. `off` are the greatest relative errors of a table, and `fades`
    is the greatest factor off 1/√(2 layer). What deep networks do is told as root mean squares: that of the activations
    in the last layer, and by which factor that of the gradient changes down to the first one. `tenth_lost` is what is
    left of a signal that loses a tenth in every layer.
    """

    target: int
    bound: int
    walk: Walk
    measured: dict[str, Estimate]
    predicted: dict[str, float]
    shifts: tuple[float, float]
    all_of_them: pd.DataFrame
    fan_in: int
    fan_out: int
    draws: int
    comparisons: int
    farthest: float
    large_weights: str
    small_weights: str
    fewest_inputs: int
    most_inputs: int
    large: Sum
    small: Sum
    scaled: Sum
    growth_off: float
    spread: dict[str, float]
    spread_off: float
    first_in: int
    first_out: int
    gains: list[str]
    width: int
    depth: int
    networks: int
    tanh: pd.DataFrame
    fades: float
    glorot_last: Estimate
    glorot_gradient: Estimate
    tenth_lost: float
    gain_held: float
    gain_gradient: Estimate
    gain_per_layer: Estimate


def find(tables: Tables) -> Findings:
    """Return every number that the chapter quotes."""
    steps, cases = tables.steps.set_index("step"), tables.assumptions.set_index("assumption")
    growth, networks, depth = tables.growth, tables.networks, int(tables.networks["layer"].max())
    _, h, delta = (by_network(networks, name, "initializer") for name in RMS)
    low, high = depth // 5, 4 * depth // 5
    backward, per_layer = delta[1] / delta[depth], (delta[low] / delta[high]) ** (1 / (high - low))
    typical = tables.tanh.pivot(index="layer", columns="initializer", values="activation_rms")
    fading = typical.loc[_SHOWN_LAYERS, GLOROT]
    return Findings(
        target=1,
        bound=BOUND,
        walk=_walk(tables),
        measured=_estimates(tables.pulls),
        predicted=by_name(tables.pulls.set_index("name")["predicted"]),
        shifts=SHIFTS,
        all_of_them=_listed(tables.pulls),
        fan_in=int(steps["terms"]["forward"]),
        fan_out=int(steps["terms"]["backward"]),
        draws=int(steps["draws"].min()),
        comparisons=len(tables.pulls),
        farthest=float(tables.pulls["pull"].abs().max()),
        large_weights=distribution(LARGE),
        small_weights=distribution(SMALL),
        fewest_inputs=int(growth["fan_in"].min()),
        most_inputs=int(growth["fan_in"].max()),
        large=_sum(growth, LARGE),
        small=_sum(growth, SMALL),
        scaled=_sum(growth, "lecun_normal"),
        growth_off=_off(growth["measured"], growth["predicted"]),
        spread=by_name(cases["unit_spread"]),
        spread_off=_off(cases["unit_spread"], cases["unit_spread_predicted"]),
        first_in=int(cases["fan_in"]["first_layer"]),
        first_out=int(cases["fan_out"]["first_layer"]),
        gains=list(GAINS.values()),
        width=only(networks["width"]),
        depth=depth,
        networks=networks["replicate"].nunique(),
        tanh=_tanh(h),
        fades=float(np.exp(np.abs(np.log(np.sqrt(2 * fading.index) * fading)).max())),
        glorot_last=mean(h[depth][GLOROT]),
        glorot_gradient=geometric_mean(backward[GLOROT]),
        tenth_lost=0.9 ** (depth - 1),
        gain_held=float(typical[STABLE][depth] / typical[STABLE][_SHOWN_LAYERS[1]]),
        gain_gradient=geometric_mean(backward[STABLE]),
        gain_per_layer=geometric_mean(per_layer[STABLE]),
    )


def _walk(tables: Tables) -> Walk:
    last = tables.widths.iloc[-1]
    return Walk(
        terms=int(last["terms"]),
        sums=int(last["draws"]),
        shown=tables.walks["walk"].nunique(),
        width=Estimate(last["measured"], last["standard_error"]),
        by_formula=float(last["predicted"]),
        off=_off(tables.widths["measured"], tables.widths["predicted"]),
    )


def _estimates(table: pd.DataFrame) -> dict[str, Estimate]:
    rows = table[["name", "measured", "standard_error"]].itertuples(index=False)
    return {name: Estimate(value, error) for name, value, error in rows}


def _listed(pulls: pd.DataFrame) -> pd.DataFrame:
    """Return all predictions as the prose lists them, those that are furthest off first."""
    rows = pulls.sort_values("pull", key=lambda pull: -pull.abs(), kind="stable")
    columns = ["quantity", "predicted", "measured", "off by (standard errors)"]
    listed = zip(rows["quantity"], rows["predicted"], _estimates(rows).values(), rows["pull"], strict=True)
    return pd.DataFrame(listed, columns=columns)


def _sum(growth: pd.DataFrame, initializer: str) -> Sum:
    rows = growth[growth["initializer"] == initializer].sort_values("fan_in")
    few, most = rows.iloc[0], rows.iloc[-1]
    return Sum(Estimate(most["measured"], most["standard_error"]), few["measured"], most["saturated_fraction"])


def _off(measured: pd.Series[float], predicted: pd.Series[float]) -> float:
    return float((measured / predicted - 1).abs().max())


def _tanh(activations: pd.DataFrame) -> pd.DataFrame:
    """Return the rms of the activations at some layers, by gain."""
    by_gain = {
        f"gain {gain}": [mean(activations[layer][name]) for layer in _SHOWN_LAYERS] for name, gain in GAINS.items()
    }
    formula = [float(1 / np.sqrt(2 * layer)) for layer in _SHOWN_LAYERS]
    return pd.DataFrame({"layer": _SHOWN_LAYERS, "1/√(2 × layer)": formula, **by_gain})
