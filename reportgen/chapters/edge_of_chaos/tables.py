"""The slices of the result tables behind the figures of the chapter on the edge of chaos."""

from __future__ import annotations

import re
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.names import short_name
from reportgen.chapters.old import Estimate
from reportgen.judgments.estimates import mean

__all__ = ["BAND", "angles", "decay", "diagrams", "lengths", "pair_name", "places", "points", "scales"]

BAND = 0.95
_TAIL = NormalDist().inv_cdf(BAND)
"""Standard deviations between which, on either side of its mean, a normal law has all but a tenth."""


def places(results: Results) -> pd.DataFrame:
    """Return the initializers and framework defaults that have a place in the diagram."""
    return results["edge_places"].dropna(subset="sigma_w2")


def points(results: Results) -> pd.DataFrame:
    """Return one row per place of the diagram, with the names of all that stand there."""
    table = places(results).assign(name=[_family(label) for label in places(results)["label"]])
    grouped = table.groupby(["sigma_w2", "sigma_b2"], sort=True)
    return grouped.agg(
        names=("name", lambda names: ", ".join(dict.fromkeys(names))), initializer=("initializer", "first")
    ).reset_index()


def _family(label: str) -> str:
    """Return a short name; normal and uniform siblings stand at the same place."""
    return re.sub(r"^(lecun|glorot|he)_(normal|uniform)$", r"\1", short_name(label))


def diagrams(results: Results) -> pd.DataFrame:
    """Return the phase diagrams: chi_1 on a grid, for every activation."""
    return results["edge_phases"]


def scales(results: Results) -> pd.DataFrame:
    """Return the theory's fixed points and depth scales of tanh, with what was measured where it was."""
    return results["edge_scales"].merge(decay(results), how="left", on=["sigma_b2", "sigma_w2"])


def decay(results: Results) -> pd.DataFrame:
    """Return measured depth scales and factors of the gradient with their standard errors, by place."""
    rows = []
    for (sigma_b2, sigma_w2), table in results["edge_decay"].groupby(["sigma_b2", "sigma_w2"]):
        row: dict[str, Any] = {"sigma_b2": sigma_b2, "sigma_w2": sigma_w2}
        for name, column in (("xi_c", "cosine_gap"), ("xi_q", "length_gap")):
            estimate = _depth_scale(table.pivot(index="replicate", columns="layer", values=column))
            row |= {f"{name}_measured": estimate.value, f"{name}_error": estimate.error}
        delta = np.log(table.pivot(index="replicate", columns="layer", values="delta_second_moment").to_numpy())
        inner = delta[:, 2:-2]  # at both ends gradient and signal are not yet settled
        factor = mean((inner[:, 0] - inner[:, -1]) / (inner.shape[1] - 1))
        row |= {"log_chi_1_measured": factor.value, "log_chi_1_error": factor.error}
        rows.append(row)
    return pd.DataFrame(rows)


def _depth_scale(gaps: pd.DataFrame) -> Estimate:
    """Return the depth scale of a gap, networks × layers, with its error by leaving out one network at a time."""
    values = gaps.to_numpy()
    others = [_fitted_scale(np.delete(values, network, axis=0).mean(axis=0)) for network in range(len(values))]
    error = np.sqrt((len(others) - 1) * np.var(others))
    return Estimate(_fitted_scale(values.mean(axis=0)), float(error))


def _fitted_scale(gap: np.ndarray) -> float:
    """Fit a straight line to the logarithm of a gap until it has shrunk by e, over three layers at least."""
    large = np.minimum.accumulate(gap > gap[0] / np.e)
    layers = np.arange(max(3, int(large.sum())))
    slope = np.polyfit(layers, np.log(np.maximum(gap[layers], 1e-12)), 1)[0]
    return float(-1 / slope)


def angles(results: Results) -> pd.DataFrame:
    """Return the cosine of two inputs by layer: mean and standard error over networks, and the theory's."""
    table = results["edge_angles"].groupby(["initializer", "activation", "sigma_w2", "layer"], sort=False)
    return table.agg(
        cosine=("cosine", "mean"), standard_error=("cosine", "sem"), predicted=("predicted", "first")
    ).reset_index()


def pair_name(initializer: str, activation: str) -> str:
    """Return how an initializer with its activation is called in figures and prose.

    >>> pair_name("glorot_uniform(gain=1.66666666667)", "tanh")
    'tanh, glorot_uniform(gain=1.67)'
    """
    short = re.sub(r"\d+\.\d+", lambda number: f"{float(number[0]):.3g}", short_name(initializer))
    return f"{activation}, {short}"


def lengths(results: Results) -> pd.DataFrame:
    """Return mean and variance of the log of the squared length by width and layer, and the band of the law."""
    table = results["edge_lengths"].groupby(["width", "layer"])["log_squared_length"]
    summary = table.agg(mean_log="mean", variance="var", networks="count").reset_index()
    summary["layers_per_unit"] = summary["layer"] / summary["width"]
    by_law = 5 * summary["layers_per_unit"]
    return summary.assign(
        variance_by_law=by_law,
        lower_by_law=np.exp(-by_law / 2 - _TAIL * np.sqrt(by_law)),
        upper_by_law=np.exp(-by_law / 2 + _TAIL * np.sqrt(by_law)),
    )
