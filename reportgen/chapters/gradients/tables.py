"""The tables behind the chapter on gradients: factors per layer, profiles by layer, ratios by depth.

Overflow stays inf and an exact zero stays 0: both are results, and every table carries them through.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.battery.results import Results

__all__ = [
    "DEEP",
    "DEPTH",
    "LARGE",
    "SMALL",
    "Lost",
    "agreement",
    "factors",
    "factors_by_pair",
    "flattest",
    "lost_deltas",
    "overflow",
    "profiles",
    "ratios",
    "saturated_share",
    "squared_factors",
    "underflow",
    "weight_gradient_level",
]

DEPTH = 20
"""Layers of the networks whose gradients are compared: deep enough to tell, shallow enough for float32."""

DEEP = 50
"""Layers of the networks that show what depth does."""

SMALL, LARGE = "random_normal(stddev=0.01)", "random_normal(stddev=1)"

_GREATEST, _LEAST = float(np.finfo(np.float32).max), float(np.finfo(np.float32).smallest_subnormal)
_PAIR = ["initializer", "activation"]
_KEYS = ["data", "initializer", "activation", "depth"]


def _ends(results: Results, column: str) -> pd.DataFrame:
    """Return a statistic of the first and the last layer of every network, and the first over the last."""
    table = results["gradients"].set_index([*_KEYS, "replicate"])
    ends = pd.DataFrame(
        {
            "first": table.loc[table["layer"] == 1, column],
            "last": table.loc[table["layer"] == table.index.get_level_values("depth"), column],
        }
    )
    with np.errstate(all="ignore"):
        ratio = ends["first"] / ends["last"]
    is_finite = np.isfinite(ends["first"]) & np.isfinite(ends["last"])
    return ends.assign(ratio=ratio.mask(ends["first"] == 0, 0.0).where(is_finite, np.inf))


def _summary(values: pd.Series[float], keys: list[str], name: str) -> pd.DataFrame:
    """Return the geometric mean over networks, inf where any is not finite, else 0 where any is 0; and their range."""
    with np.errstate(divide="ignore", invalid="ignore"):
        groups = pd.Series(np.log(values.fillna(np.inf)), index=values.index).groupby(keys, sort=False)
        parts = {name: groups.mean().fillna(np.inf), "lowest": groups.min(), "highest": groups.max()}
    return pd.DataFrame({part: np.exp(logs) for part, logs in parts.items()}).reset_index()


def ratios(results: Results, column: str = "delta_rms") -> pd.DataFrame:
    """Return the gradient of the first layer over that of the last, by depth: typical value and range of the networks.

    Parameters
    ----------
    results
        With the table ``gradients``.
    column
        Which gradient: ``delta_rms`` or ``weight_gradient_norm``.
    """
    return _summary(_ends(results, column)["ratio"], _KEYS, "ratio")


def squared_factors(results: Results) -> pd.Series[float]:
    """Return, network by network of `DEPTH` layers, the factor of E[delta^2] from one layer to the one below."""
    ratio = _ends(results, "delta_rms")["ratio"].xs(DEPTH, level="depth")
    return (ratio ** (2 / (DEPTH - 1))).rename("factor")


def factors(results: Results, data: str = "gaussian") -> pd.DataFrame:
    """Return the factor of the rms of delta per layer on its way down, initializer × activation."""
    table = ratios(results)
    here = table[(table["data"] == data) & (table["depth"] == DEPTH)]
    square = here.pivot(index="initializer", columns="activation", values="ratio") ** (1 / (DEPTH - 1))
    return square.loc[here["initializer"].unique(), here["activation"].unique()]


def factors_by_pair(results: Results) -> pd.DataFrame:
    """Return the factors on random inputs, one row per pair."""
    return factors(results).melt(ignore_index=False, value_name="factor_per_layer").reset_index()


def flattest(results: Results) -> pd.Series[str]:
    """Return for each activation the initializer whose gradient changes least; symmetric starts do not count."""
    distinct = results["diversity"].groupby("initializer")["distinct_units"].min()
    square = factors(results)
    square = square[distinct.loc[square.index] > 1]
    return square.where(square > 1, 1 / square.where(square > 0, 1e-300)).idxmin().astype(str)


class Lost(NamedTuple):
    """In how many layers numbers left the range of float32: by the formula, and on average over networks."""

    predicted: float
    measured: float


def overflow(results: Results) -> Lost:
    """Count the layers of deep linear nets with N(0, 1) weights in which the signal has overflowed."""
    table = _deep(results["forward"], LARGE, "linear")
    lost = table["finite_fraction"] < 1
    return Lost(_lost(results, results.settings["width"], _GREATEST), _per_network(lost, table))


def underflow(results: Results) -> Lost:
    """Count the layers of deep sigmoid nets with N(0, 0.01^2) weights in which delta has become exactly zero."""
    table = _deep(results["gradients"].query("depth == @DEEP"), SMALL, "sigmoid")
    lost = table["delta_rms"] == 0
    return Lost(_lost(results, results.settings["width"] * 1e-4 / 16, _LEAST), _per_network(lost, table))


def _deep(table: pd.DataFrame, initializer: str, activation: str) -> pd.DataFrame:
    return table.query(
        "data == 'gaussian' and initializer == @initializer and activation == @activation and layer <= @DEEP"
    )


def _per_network(lost: pd.Series[bool], table: pd.DataFrame) -> float:
    return float(lost.groupby(table["replicate"]).sum().to_numpy().mean())


def _lost(results: Results, factor: float, limit: float) -> float:
    """Return after how many of `DEEP` layers, each with a factor of the mean square, no more can be stored.

    What counts is the largest of all numbers of a layer: of N normal numbers it is about sqrt(2 ln N) times the rms.
    """
    largest = np.sqrt(2 * np.log(results.settings["batch"] * results.settings["width"]))
    per_layer = np.log(factor) / 2
    reach = np.log(limit / largest) / per_layer if per_layer else np.inf
    return float(DEEP - reach) if 0 < reach < DEEP else 0.0


def profiles(results: Results, column: str) -> pd.DataFrame:
    """Return a gradient by layer of the networks of `DEPTH` layers: typical value and range of the networks."""
    table = results["gradients"]
    here = table[(table["data"] == "gaussian") & (table["depth"] == DEPTH)]
    keys = [*_PAIR, "layer"]
    return _summary(here.set_index(keys)[column], keys, "gradient")


def agreement(results: Results) -> pd.DataFrame:
    """Return the factors on random inputs beside those on images of digits, where both are positive numbers."""
    sides = {data: factors(results, data).stack() for data in ("gaussian", "digits")}
    table = pd.DataFrame(sides).rename_axis(_PAIR).reset_index()
    return table[(table["gaussian"] > 0) & (table["digits"] > 0) & np.isfinite(table["gaussian"] + table["digits"])]


def weight_gradient_level(results: Results, initializer: str, activation: str) -> float:
    """Return the typical norm of the weight gradients of a net: the median over its layers."""
    table = profiles(results, "weight_gradient_norm")
    chosen = (table["initializer"] == initializer) & (table["activation"] == activation)
    return float(np.median(table.loc[chosen, "gradient"]))


def saturated_share(results: Results, initializer: str, activation: str) -> float:
    """Return the share of saturated units of layer `DEPTH`, for random inputs."""
    table = results["forward"].query("data == 'gaussian' and layer == @DEPTH")
    chosen = (table["initializer"] == initializer) & (table["activation"] == activation)
    return float(table.loc[chosen, "saturated_fraction"].to_numpy().mean())


def lost_deltas(results: Results) -> float:
    """Return the share of layers whose delta is not finite in deep linear nets with N(0, 1) weights."""
    table = results["gradients"].query("data == 'gaussian' and depth == @DEEP and activation == 'linear'")
    return float((table.loc[table["initializer"] == LARGE, "finite_fraction"] < 1).to_numpy().mean())
