"""The tables of the chapter on the edge of chaos."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.edge_of_chaos.reach import trained_gains
from reportgen.chapters.names import short_name
from reportgen.chapters.scale import scale_rows, scale_text, usable
from reportgen.judgments.estimates import Estimate, mean
from reportgen.theory.closed_forms import PiecewiseLinear
from reportgen.theory.finite_width import length_quantile, relative_unit_variance

__all__ = ["BAND", "Tables", "pair_name", "read"]

BAND = 0.05, 0.95
"""Quantiles that bound the band of the squared length."""

_MOST_BIAS = 0.2
"""Variance of the biases up to which edges are drawn: defaults have much less."""

_UNIT_VARIANCE = float(relative_unit_variance(PiecewiseLinear(0.0, 1.0), 1.0))
"""Of ReLU: a layer of n units adds 1/n of it to the variance of ln(length²), and He's weights pass it on unchanged."""


class Tables(NamedTuple):
    """What the chapter reads.

    Attributes
    ----------
    starts
        The initializers and the defaults of frameworks, also those without a mean field limit.
    places
        Those that have a place in the diagram.
    marks
        One row per scale of an initializer, with the names of all that have it.
    phases
        chi_1 on a grid of both variances, for every activation.
    lines
        The edge: the least sigma_w2 at which some gradients do not shrink, activation × sigma_b2.
    lines_of_one
        The same for inputs of mean square one.
    borders
        The edge of tanh and ReLU, in the plane of sigma_w2 and the standard deviation sigma_b of the biases.
    edges
        The edge of every activation without biases for inputs of mean square one, the smallest first.
    on_line
        q and the cosine of two inputs by layer, of tanh and ReLU on their edge.
    settled
        chi_1 that deep layers settle at, start × activation.
    decay
        Differences and gradients by network and layer, at places of tanh on both sides of the edge.
    scales
        The theory's fixed points and depth scales of tanh, with what was measured where it was; `factor` is that of the
        gradient's rms per layer.
    trained
        Networks of tanh that were trained from several gains, with the depth scale xi_c of their start.
    cosines
        Cosine of two inputs by network and layer.
    angles
        The same by layer: mean and standard error over networks, and the theory's.
    networks
        ln of the squared length of the signal, by network and layer, in He's networks of three widths.
    lengths
        Its mean and variance by width and layer, the band of the squared length that was measured, and the one that
        theory expects.
    """

    starts: pd.DataFrame
    places: pd.DataFrame
    marks: pd.DataFrame
    phases: pd.DataFrame
    lines: pd.DataFrame
    lines_of_one: pd.DataFrame
    borders: pd.DataFrame
    edges: pd.DataFrame
    on_line: pd.DataFrame
    settled: pd.DataFrame
    decay: pd.DataFrame
    scales: pd.DataFrame
    trained: pd.DataFrame
    cosines: pd.DataFrame
    angles: pd.DataFrame
    networks: pd.DataFrame
    lengths: pd.DataFrame


def read(results: Results) -> Tables:
    """Read the tables of the experiment ``edge_of_chaos``, and the study of gains of ``training``."""
    starts, phases, lines, decay = (results[f"edge_{name}"] for name in ("places", "phases", "lines", "decay"))
    edges, edges_of_one = (
        lines.pivot(index="activation", columns="sigma_b2", values=column).loc[lines["activation"].unique()]
        for column in ("sigma_w2", "sigma_w2_of_one")
    )
    places = starts.dropna(subset="sigma_w2")
    return Tables(
        starts=starts,
        places=places.assign(sigma_b=np.sqrt(places["sigma_b2"])),
        marks=_marks(starts[starts["kind"] == "initializer"]),
        phases=phases,
        lines=edges,
        lines_of_one=edges_of_one,
        borders=_borders(lines),
        edges=_edges(edges_of_one[0.0]),
        on_line=results["edge_on_line"],
        settled=results["edge_settled"].pivot(index="label", columns="activation", values="chi_1"),
        decay=decay,
        scales=_scales(results["edge_scales"], decay),
        trained=trained_gains(results),
        cosines=results["edge_angles"],
        angles=_angles(results["edge_angles"]),
        networks=results["edge_lengths"],
        lengths=_lengths(results["edge_lengths"]),
    )


def _marks(starts: pd.DataFrame) -> pd.DataFrame:
    rows = [(row.label, row.sigma_w2, row.starts[0]) for row in scale_rows(starts) if scale_text(row.sigma_w2)]
    return pd.DataFrame(rows, columns=["label", "sigma_w2", "initializer"])


def _borders(lines: pd.DataFrame) -> pd.DataFrame:
    shown = lines[lines["activation"].isin(["tanh", "relu"]) & (lines["sigma_b2"] <= _MOST_BIAS)]
    edge = {"sigma_b": np.sqrt(shown["sigma_b2"]), "sigma_w2": shown["sigma_w2_of_one"]}
    return shown[["activation"]].assign(**edge)


def _edges(lines: pd.Series[float]) -> pd.DataFrame:
    """Return the edges that there are: some activations have none, and some none for these inputs."""
    is_there = [usable(scale) is not None for scale in lines]
    return lines[is_there].sort_values(kind="stable").rename("sigma_w2").reset_index()


def _scales(scales: pd.DataFrame, decay: pd.DataFrame) -> pd.DataFrame:
    table = scales.merge(_measured_scales(decay), how="left", on=["sigma_b2", "sigma_w2"])
    return table.assign(factor=np.sqrt(table["chi_1"]))


def pair_name(initializer: str, activation: str) -> str:
    """Return how an initializer with its activation is called in figures and prose.

    >>> pair_name("glorot_uniform(gain=1.66666666667)", "tanh")
    'tanh, glorot_uniform(gain=1.67)'
    """
    short = re.sub(r"\d+\.\d+", lambda number: f"{float(number[0]):.3g}", short_name(initializer))
    return f"{activation}, {short}"


def _measured_scales(decay: pd.DataFrame) -> pd.DataFrame:
    """Return measured depth scales and factors of the gradient's rms with their standard errors, by place."""
    rows = []
    for (sigma_b2, sigma_w2), table in decay.groupby(["sigma_b2", "sigma_w2"]):
        by_layer = table.pivot(index="replicate", columns="layer")
        xi_c, xi_q = (_depth_scale(by_layer[column].to_numpy()) for column in ("cosine_gap", "length_gap"))
        delta = np.log(by_layer["delta_second_moment"].to_numpy())
        inner = delta[:, 2:-2]  # at both ends gradient and signal are not yet settled
        log_factor = mean((inner[:, 0] - inner[:, -1]) / (2 * (inner.shape[1] - 1)))
        numbers = [number for one in (xi_c, xi_q, log_factor) for number in (one.value, one.error)]
        rows.append((sigma_b2, sigma_w2, *numbers))
    named = [f"{name}_{what}" for name in ("xi_c", "xi_q", "log_factor") for what in ("measured", "error")]
    return pd.DataFrame(rows, columns=["sigma_b2", "sigma_w2", *named])


def _depth_scale(gaps: np.ndarray) -> Estimate:
    """Return the depth scale of a gap, networks × layers, with its error by leaving out one network at a time."""
    others = [_fitted_scale(np.delete(gaps, network, axis=0).mean(axis=0)) for network in range(len(gaps))]
    error = np.sqrt((len(others) - 1) * np.var(others))
    return Estimate(_fitted_scale(gaps.mean(axis=0)), float(error))


def _fitted_scale(gap: np.ndarray) -> float:
    """Fit a straight line to the logarithm of a gap until it has shrunk by e, over three layers at least."""
    large = np.minimum.accumulate(gap > gap[0] / np.e)
    layers = np.arange(max(3, int(large.sum())))
    slope = np.polyfit(layers, np.log(np.maximum(gap[layers], 1e-12)), 1)[0]
    return float(-1 / slope)


def _angles(cosines: pd.DataFrame) -> pd.DataFrame:
    groups = cosines.groupby(["initializer", "activation", "sigma_w2", "layer"], sort=False)
    return groups.agg(
        cosine=("cosine", "mean"), standard_error=("cosine", "sem"), predicted=("predicted", "first")
    ).reset_index()


def _lengths(networks: pd.DataFrame) -> pd.DataFrame:
    groups = networks.groupby(["width", "layer"])["log_squared_length"]
    lowest, highest = (np.exp(groups.quantile(at)) for at in BAND)
    columns = {"mean_log": groups.mean(), "variance": groups.var(), "networks": groups.size()}
    table = pd.DataFrame({**columns, "lower": lowest, "upper": highest}).reset_index()
    per_unit = table["layer"] / table["width"]
    variance = _UNIT_VARIANCE * per_unit
    lower, upper = (length_quantile(variance, probability) for probability in BAND)
    return table.assign(layers_per_unit=per_unit, variance_by_law=variance, lower_by_law=lower, upper_by_law=upper)
