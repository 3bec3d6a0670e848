"""The numbers that the chapter on Var(w·x) = 1 quotes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.chapters.derivation.tables import BOUND, GAINS, GLOROT, STABLE, VARIANCES, Tables
from reportgen.chapters.names import LARGE, SMALL, distribution
from reportgen.judgments.estimates import Estimate, geometric_mean, mean
from reportgen.judgments.frames import by_name, by_network, only
from reportgen.judgments.verdicts import LIMIT

__all__ = ["Findings", "Sum", "find"]

_SHOWN_LAYERS = [5, 10, 20, 50]


class Sum(NamedTuple):
    """The variance of a sum of the most inputs, that of the fewest, and the share of the sums that saturate tanh."""

    variance: Estimate
    few: float
    saturated: float


@dataclass(frozen=True, slots=True)
class Findings:
    """Every step of the derivation, every broken assumption, and deep tanh networks with both gains.

    `measured` and `predicted` are by step and case, `spread` is how the variance differs between the units of a case.
    `off` are the greatest relative errors of a table, and `fades` is the greatest factor off 1 / (2 layer). `_std` are
    roots of variances, `halves_std` that of a signal which halves from layer to layer; from a factor `limit` on a
    gradient explodes, and with the gain 5/3 it does in `gain_reach` layers.
    """

    target: int
    bound: int
    measured: dict[str, Estimate]
    predicted: dict[str, float]
    steps: pd.DataFrame
    fan_in: int
    fan_out: int
    draws: int
    comparisons: int
    outside: int
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
    fading_exponent: float
    limit: float
    glorot_std: float
    glorot_gradient_std: float
    halves_std: float
    gain_gradient_std: float
    gain_reach: float
    glorot_last: Estimate
    glorot_gradient: Estimate
    gain_std: Estimate
    gain_pre_activation: Estimate
    gain_held: float
    gain_gradient: Estimate
    gain_per_layer: Estimate


def find(tables: Tables) -> Findings:
    """Return every number that the chapter quotes."""
    steps, cases = tables.steps.set_index("step"), tables.assumptions.set_index("assumption")
    growth, pull = tables.growth, tables.pulls["pull"].abs()
    networks, depth = tables.networks, int(tables.networks["layer"].max())
    z, h, delta = (by_network(networks, name, "initializer") for name in VARIANCES)
    settled, (low, high) = slice(depth // 5, None), (depth // 5, 4 * depth // 5)
    backward, per_layer = delta[1] / delta[depth], (delta[low] / delta[high]) ** (1 / (high - low))
    typical = tables.tanh.pivot(index="layer", columns="initializer", values="activation_variance")
    fading = typical.loc[_SHOWN_LAYERS, GLOROT]
    return Findings(
        target=1,
        bound=BOUND,
        measured=_estimates(tables.pulls),
        predicted=by_name(tables.pulls.set_index("name")["predicted"]),
        steps=_listed(tables.pulls.head(len(steps))),
        fan_in=int(steps["terms"]["forward"]),
        fan_out=int(steps["terms"]["backward"]),
        draws=int(steps["draws"].min()),
        comparisons=len(pull),
        outside=int((pull > 2).sum()),
        farthest=float(pull.max()),
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
        fades=float(np.exp(np.abs(np.log(2 * fading * fading.index)).max())),
        fading_exponent=_exponent(typical.loc[low:, GLOROT]),
        limit=LIMIT,
        glorot_std=float(np.sqrt(mean(h[depth][GLOROT]).value)),
        glorot_gradient_std=float(np.sqrt(geometric_mean(backward[GLOROT]).value)),
        halves_std=float(0.5 ** ((depth - 1) / 2)),
        gain_gradient_std=float(np.sqrt(geometric_mean(backward[STABLE]).value)),
        gain_reach=depth + _layers_until(LIMIT**2, geometric_mean(backward[STABLE]), geometric_mean(per_layer[STABLE])),
        glorot_last=mean(h[depth][GLOROT]),
        glorot_gradient=geometric_mean(backward[GLOROT]),
        gain_std=mean(np.sqrt(h.loc[:, settled].mean(axis="columns")[STABLE])),
        gain_pre_activation=mean(z.loc[:, settled].mean(axis="columns")[STABLE]),
        gain_held=float(typical[STABLE][depth] / typical[STABLE][_SHOWN_LAYERS[1]]),
        gain_gradient=geometric_mean(backward[STABLE]),
        gain_per_layer=geometric_mean(per_layer[STABLE]),
    )


def _estimates(table: pd.DataFrame) -> dict[str, Estimate]:
    rows = table[["name", "measured", "standard_error"]].itertuples(index=False)
    return {name: Estimate(value, error) for name, value, error in rows}


def _listed(pulls: pd.DataFrame) -> pd.DataFrame:
    """Return the steps as the prose lists them."""
    columns = ["quantity", "predicted", "measured", "off by (standard errors)"]
    rows = zip(pulls["quantity"], pulls["predicted"], _estimates(pulls).values(), pulls["pull"], strict=True)
    return pd.DataFrame(rows, columns=columns)


def _sum(growth: pd.DataFrame, initializer: str) -> Sum:
    rows = growth[growth["initializer"] == initializer].sort_values("fan_in")
    few, most = rows.iloc[0], rows.iloc[-1]
    return Sum(Estimate(most["measured"], most["standard_error"]), few["measured"], most["saturated_fraction"])


def _off(measured: pd.Series[float], predicted: pd.Series[float]) -> float:
    return float((measured / predicted - 1).abs().max())


def _exponent(by_layer: pd.Series[float]) -> float:
    """Return the slope of a straight line through the logarithms of values over those of their layers."""
    layers = np.log(by_layer.index.to_numpy(float))
    return float(np.polyfit(layers, np.log(by_layer.to_numpy()), 1)[0])


def _layers_until(limit: float, now: Estimate, per_layer: Estimate) -> float:
    """Return how many layers more, or fewer, it takes to the limit at this factor per layer."""
    return float(np.log(limit / now.value) / np.log(per_layer.value))


def _tanh(activations: pd.DataFrame) -> pd.DataFrame:
    """Return the variance of the activations at some layers, by gain."""
    by_gain = {
        f"gain {gain}": [mean(activations[layer][name]) for layer in _SHOWN_LAYERS] for name, gain in GAINS.items()
    }
    formula = [1 / (2 * layer) for layer in _SHOWN_LAYERS]
    return pd.DataFrame({"layer": _SHOWN_LAYERS, "1 / (2 × layer)": formula, **by_gain})
