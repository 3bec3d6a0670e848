"""The slices of the tables that the chapter on saturation shows, and every number that it quotes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.names import short_name
from reportgen.chapters.old import Estimate, Findings

__all__ = [
    "LARGE",
    "LOST",
    "RIGHT",
    "SMALL",
    "activation_histograms",
    "battery_cells",
    "delta_histograms",
    "findings",
    "lecture_layers",
    "rounding",
    "unit_map",
]

SMALL, LARGE = "random_normal(stddev=0.01)", "random_normal(stddev=1)"
RIGHT = "variance_scaling(distribution=untruncated_normal)"
LOST = 1e-6
"""Variance across inputs below which a layer's signal counts as lost; the inputs have 1."""

_SCALED = ("lecun_normal", "lecun_uniform", "glorot_normal", "glorot_uniform", "he_normal", "he_uniform", "orthogonal")
_STUCK = 0.95
"""A unit that is flat for more than this share of the inputs, or for less than the rest, hardly depends on them."""

_QUIET = 0.05
"""A layer with a smaller share of saturated units looks healthy to those who look at saturation only."""


def lecture_layers(results: Results) -> pd.DataFrame:
    """Return the layers of the three wide tanh networks that many lectures show."""
    return _widest(results["scales"])


def activation_histograms(results: Results) -> pd.DataFrame:
    """Return the histograms of h in the lecture's networks."""
    table = _widest(results["histogram"])
    return table[table["quantity"] == "activation"]


def delta_histograms(results: Results) -> pd.DataFrame:
    """Return the histograms of log10 |delta| in the lecture's networks."""
    table = _widest(results["histogram"])
    return table[table["quantity"] == "log10_delta"]


def unit_map(results: Results) -> pd.DataFrame:
    """Return the saturated share of every unit of the narrower networks."""
    table = _narrowest(results["unit_saturation"])
    return table[table["dtype"] == "float32"]


def rounding(results: Results) -> pd.DataFrame:
    """Return the layers of the tanh network with large weights that was run in two floating-point types."""
    table = _narrowest(results["scales"])
    chosen = (table["initializer"] == LARGE) & (table["activation"] == "tanh")
    return table.loc[chosen, ["dtype", "replicate", "layer", "rounded_fraction"]]


def _widest(table: pd.DataFrame) -> pd.DataFrame:
    return table.loc[table["width"].eq(table["width"].max())]


def _narrowest(table: pd.DataFrame) -> pd.DataFrame:
    return table.loc[table["width"].eq(table["width"].min())]


def battery_cells(results: Results) -> pd.DataFrame:
    """Return one row per initializer, activation and depth: what the last layer of that depth looks like."""
    table = results["forward"]
    chosen = (table["data"] == "gaussian") & table["layer"].isin(results.settings["depths"])
    cells = table[chosen].groupby(["initializer", "activation", "layer"], as_index=False)
    summary = cells.agg(
        saturated_fraction=("saturated_fraction", "mean"),
        activation_variance=("activation_variance", "mean"),
        dead_fraction=("dead_fraction", "mean"),
        finite_fraction=("finite_fraction", "min"),
    )
    return summary.rename(columns={"layer": "depth"})


def findings(results: Results) -> Findings:
    """Return every number that the chapter quotes."""
    return {
        **_size_findings(results),
        **_small_findings(results),
        **_large_findings(results),
        **_right_findings(results),
        **_unit_findings(results),
        **_sigmoid_findings(results),
        **_battery_findings(results),
    }


def _size_findings(results: Results) -> Findings:
    wide = lecture_layers(results)
    return {
        "units": int(wide["width"].iloc[0]),
        "layers": int(wide["layer"].max()),
        "networks": int(wide["replicate"].nunique()),
        "small": short_name(SMALL),
        "large": short_name(LARGE),
        "factors": _factors(results),
    }


def _small_findings(results: Results) -> Findings:
    layers = _means(results, SMALL)
    weight_gradient = layers["weight_gradient_norm"]
    return {
        "small_signal": _last(layers["activation_rms"]),
        "small_factor": _per_layer(layers["activation_rms"]),
        "small_saturated": layers["saturated_fraction"].max(),
        "small_slope": layers["mean_squared_slope"].mean(),
        "small_gradient": 1 / _ratio(layers["delta_rms"]),
        "small_back_factor": 1 / _per_layer(layers["delta_rms"]),
        "small_nothing": layers["negligible_fraction"].mean(),
        "small_weight_share": (weight_gradient / _means(results, RIGHT)["weight_gradient_norm"]).max(),
        "small_weight_spread": weight_gradient.max() / weight_gradient.min(),
    }


def _large_findings(results: Results) -> Findings:
    layers = _means(results, LARGE)
    rounded = rounding(results).groupby("dtype")["rounded_fraction"].mean()
    return {
        "large_signal": _last(layers["activation_rms"]),
        "large_saturated": layers["saturated_fraction"].mean(),
        "large_saturated_least": layers["saturated_fraction"].min(),
        "large_slope": layers["mean_squared_slope"].mean(),
        "large_gradient": 1 / _ratio(layers["delta_rms"]),
        "large_nothing": layers["negligible_fraction"].mean(),
        "rounded_single": rounded["float32"],
        "rounded_double": rounded["float64"],
    }


def _right_findings(results: Results) -> Findings:
    layers = _means(results, RIGHT)
    return {
        "right_signal": _last(layers["activation_rms"]),
        "right_saturated": layers["saturated_fraction"].max(),
        "right_gradient": 1 / _ratio(layers["delta_rms"]),
        "right_nothing": layers["negligible_fraction"].mean(),
    }


def _means(results: Results, initializer: str) -> pd.DataFrame:
    """Return one of the lecture's networks by layer, averaged over replicates."""
    table = lecture_layers(results)
    return table[table["initializer"] == initializer].groupby("layer").mean(numeric_only=True)


def _first(layers: pd.Series[float]) -> float:
    return float(layers.iloc[0])


def _last(layers: pd.Series[float]) -> float:
    return float(layers.iloc[-1])


def _ratio(layers: pd.Series[float]) -> float:
    return _last(layers) / _first(layers)


def _per_layer(layers: pd.Series[float]) -> float:
    """Return the mean factor from one layer to the next."""
    return float(_ratio(layers) ** (1 / (len(layers) - 1)))


def _factors(results: Results) -> pd.DataFrame:
    """Split the change of the squared delta per layer into weights and slopes, and put it beside the measured one.

    From layer l + 1 down to l it takes the weights of layer l + 1 and the slopes of layer l.
    """
    rows = []
    for scale, initializer in (("too small", SMALL), ("too large", LARGE), ("right", RIGHT)):
        layers = _means(results, initializer)
        weights = float(np.exp(np.log(layers["weight_factor"].iloc[1:]).mean()))
        slopes = float(np.exp(np.log(layers["mean_squared_slope"].iloc[:-1]).mean()))
        rows.append((scale, weights, slopes, weights * slopes, _per_layer(layers["delta_rms"]) ** -2))
    return pd.DataFrame(rows, columns=["scale", "fan_out · Var(w)", "mean squared slope", "product", "measured"])


def _unit_findings(results: Results) -> Findings:
    """Tell how saturated the units of the maps are, and how many do the same for nearly all inputs."""
    table = unit_map(results)
    networks = table.groupby(["initializer", "activation"])
    units = {network: rows.groupby("layer")["saturated_fraction"] for network, rows in networks}
    relu = units["he_normal", "relu"]
    flat = units[LARGE, "sigmoid"].agg(lambda share: (share > _STUCK).mean())
    same = relu.agg(lambda share: (abs(share - 1 / 2) > _STUCK - 1 / 2).mean())
    return {
        "map_units": int(table["width"].iloc[0]),
        "stuck": _STUCK,
        "map_large_least": units[LARGE, "tanh"].min().min(),
        "map_glorot": units["glorot_normal", "tanh"].mean().max(),
        "map_sigmoid_glorot": units["glorot_normal", "sigmoid"].mean().max(),
        "sigmoid_flat_first": _first(flat),
        "sigmoid_flat_last": _last(flat),
        "relu_inactive": relu.mean().mean(),
        "relu_same_first": _first(same),
        "relu_same_last": _last(same),
    }


def _sigmoid_findings(results: Results) -> Findings:
    """Measure sigmoid at gain 1; its factor from layer 2 on, where sigmoids and no longer inputs come in."""
    table = results["scales"]
    chosen = table[(table["activation"] == "sigmoid") & (table["initializer"] == "glorot_normal")]
    factors = [_per_layer(layers["delta_rms"].iloc[1:]) ** -2 for _, layers in chosen.groupby("replicate")]
    means = chosen.groupby("layer")[["activation_mean", "delta_rms"]].mean()
    return {
        "sigmoid_factor": Estimate(float(np.mean(factors)), float(np.std(factors, ddof=1) / np.sqrt(len(factors)))),
        "sigmoid_mean": means["activation_mean"].mean(),
        "sigmoid_mean_least": means["activation_mean"].min(),
        "sigmoid_gradient": 1 / _ratio(means["delta_rms"]),
    }


def _battery_findings(results: Results) -> Findings:
    cells = battery_cells(results)
    tanh = cells[cells["activation"] == "tanh"]
    saturated = tanh.pivot(index="depth", columns="initializer", values="saturated_fraction")
    signal = tanh.pivot(index="depth", columns="initializer", values="activation_variance") ** 0.5
    scaled = saturated[list(_SCALED)].max(axis=1)
    deepest = cells[(cells["depth"] == cells["depth"].max()) & (cells["finite_fraction"] == 1)]
    quiet = deepest[deepest["saturated_fraction"] < _QUIET]
    return {
        "width": results.settings["width"],
        "starts": len(results.settings["initializers"]),
        "functions": len(results.settings["activations"]),
        "depths": sorted(int(depth) for depth in cells["depth"].unique()),
        "deepest": int(cells["depth"].max()),
        "lost": LOST**0.5,
        "quiet": _QUIET,
        "quiet_cells": len(quiet),
        "quiet_lost": (quiet["activation_variance"] < LOST).mean(),
        "tanh_large": saturated[LARGE].min(),
        "tanh_scaled": scaled.max(),
        "tanh_margin": (saturated[LARGE] - scaled).min(),
        "tanh_small": saturated[SMALL].max(),
        "tanh_small_signal": _last(signal[SMALL]),
    }
