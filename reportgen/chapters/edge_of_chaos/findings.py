"""The numbers that the chapter on the edge of chaos quotes."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from math import exp, log
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from reportgen.chapters.edge_of_chaos.tables import BAND, Tables, pair_name
from reportgen.judgments.estimates import Estimate, geometric_mean
from reportgen.judgments.frames import by_name, only

__all__ = ["Angles", "Findings", "Lengths", "Path", "Place", "Size", "Walk", "Width", "find"]

_BIAS = 0.05
"""Variance of the biases at which the chapter follows tanh through the diagram."""

_ORDERED, _CHAOTIC, _HE = (_BIAS, 1.2), (_BIAS, 3.0), (0.0, 2.0)
"""Places on that way, to the left and to the right of the edge; and, without biases, that of He."""

_EARLY, _LATER = 5, 10
"""Layers at which the prose looks at the angles."""

_COMPARED = ["relu", "tanh", "gelu", "selu", "sigmoid"]
_WALKED = ("sigma_w2", "chi_1, theory", "chi_1, measured", "c_star", "xi_c, theory", "xi_c, measured")

_PAIRS = {
    "relu": "relu, he_uniform",
    "sigmoid": "sigmoid, glorot_uniform",
    "glorot": "tanh, glorot_uniform",
    "gain": "tanh, glorot_uniform(gain=1.67)",
    "wild": "tanh, normal(1)",
}
"""What the prose calls a pair -> its name in the figure."""


class Size(NamedTuple):
    """How many networks were measured, and how large they are."""

    networks: int
    width: int
    depth: int


class Place(NamedTuple):
    """What theory says of tanh at one sigma_w2, and what networks do there."""

    sigma_w2: float
    chi_1: float
    chi_1_measured: Estimate
    c_star: float
    xi_c: float
    xi_c_measured: Estimate
    xi_q: float


@dataclass(frozen=True, slots=True)
class Walk:
    """What tanh networks do from the ordered to the chaotic phase; `nearest` are the places next to the edge.

    `sides` are the logarithms of the gradient's factor per layer at every place, in theory and measured.
    """

    size: Size
    table: pd.DataFrame
    critical: float
    ordered: Place
    chaotic: Place
    he: Place
    peak: Place
    nearest: list[float]
    sides: list[tuple[float, float]]
    chi_1_errors: float
    xi_c_ratio: float
    xi_q_ratio: float


class Path(NamedTuple):
    """Cosine of two inputs in the first layer, in an early one, in a later one, and in the last."""

    start: float
    early: float
    later: float
    end: float


@dataclass(frozen=True, slots=True)
class Angles:
    """How the angle of two inputs changes with depth; the gaps are those between networks and theory."""

    size: Size
    table: pd.DataFrame
    paths: dict[str, Path]
    early: int
    later: int
    gap: float
    gap_early: float


class Width(NamedTuple):
    """How the squared length scatters in networks of one width; `spread` is per layer, times the width."""

    units: int
    variance: float
    predicted: float
    typical: float
    spread: float
    inside: float


@dataclass(frozen=True, slots=True)
class Lengths:
    """How far the length of the signal strays in single networks."""

    networks: int
    depth: int
    widths: list[Width]
    narrow: Width
    wide: Width
    band: float
    inside: float


@dataclass(frozen=True, slots=True)
class Findings:
    """The edge of each activation (`critical` is without biases), who stands where, and what networks do there."""

    width: int
    no_limit: list[str]
    bias: float
    edges: pd.DataFrame
    critical: dict[str, float]
    critical_with_bias: float
    defaults: pd.DataFrame
    torch_bias: float
    haiku: float
    chi_1: dict[str, dict[str, float]]
    walk: Walk
    angles: Angles
    lengths: Lengths


def find(tables: Tables) -> Findings:
    """Return every number that the chapter quotes."""
    starts, lines, settled = tables.starts.set_index("label"), tables.lines, tables.settled
    frameworks = starts.loc[starts["kind"] == "framework", ["sigma_w2", "sigma_b2"]]
    biases = [_BIAS, lines.columns[-1]]
    heads = ["without biases", *(f"Var(b) = {bias:g}" for bias in biases)]
    return Findings(
        width=int(only(starts["width"])),
        no_limit=list(starts.index[starts["limit"] == "none"]),
        bias=_BIAS,
        edges=lines[[0.0, *biases]].set_axis(heads, axis="columns").reset_index(),
        critical=by_name(lines[0.0]),
        critical_with_bias=by_name(lines[_BIAS])["tanh"],
        defaults=frameworks.join(settled[_COMPARED]).rename_axis("default").reset_index(),
        torch_bias=by_name(frameworks["sigma_b2"])["PyTorch Linear"],
        haiku=by_name(frameworks["sigma_w2"])["Haiku Linear"],
        chi_1={str(label): by_name(row) for label, row in settled.iterrows()},
        walk=_walk(tables),
        angles=_angles(tables),
        lengths=_lengths(tables),
    )


def _walk(tables: Tables) -> Walk:
    table = tables.scales.dropna(subset="log_chi_1_measured")
    measured, expected = table["log_chi_1_measured"], np.log(table["chi_1"])
    places = {(row["sigma_b2"], row["sigma_w2"]): _place(row) for row in table.to_dict("records")}
    passed = [place for (sigma_b2, _), place in sorted(places.items()) if sigma_b2 == _BIAS]
    at, below = [place.sigma_w2 for place in passed], sum(place.chi_1 < 1 for place in passed)
    log_factors = [log(place.chi_1_measured.value) for place in passed]
    return Walk(
        size=_size(tables.decay),
        table=pd.DataFrame([place[:6] for place in passed], columns=_WALKED),
        critical=exp(np.interp(0.0, log_factors, np.log(at))),
        ordered=places[_ORDERED],
        chaotic=places[_CHAOTIC],
        he=places[_HE],
        peak=max(passed, key=lambda place: place.xi_c_measured.value),
        nearest=at[below - 1 : below + 1],
        sides=list(zip(expected.tolist(), measured.tolist(), strict=True)),
        chi_1_errors=float(((measured - expected).abs() / table["log_chi_1_error"]).max()),
        xi_c_ratio=geometric_mean(table["xi_c_measured"] / table["xi_c"]).value,
        xi_q_ratio=geometric_mean(table["xi_q_measured"] / table["xi_q"]).value,
    )


def _place(row: Mapping[Hashable, Any]) -> Place:
    factor = exp(row["log_chi_1_measured"])
    measured = Estimate(factor, factor * row["log_chi_1_error"]), Estimate(row["xi_c_measured"], row["xi_c_error"])
    return Place(row["sigma_w2"], row["chi_1"], measured[0], row["c_star"], row["xi_c"], measured[1], row["xi_q"])


def _angles(tables: Tables) -> Angles:
    table = tables.angles
    pairs = [pair_name(*names) for names in table[["initializer", "activation"]].itertuples(index=False)]
    cosines = table.assign(pair=pairs).pivot(index="pair", columns="layer", values="cosine")
    first, last = 1, int(cosines.columns[-1])
    shown = cosines.loc[list(dict.fromkeys(pairs)), [first, _LATER, last]].rename(columns="layer {}".format)
    gap = (table["cosine"] - table["predicted"]).abs()
    return Angles(
        size=_size(tables.cosines),
        table=shown.rename_axis("activation, initializer").reset_index(),
        paths={name: Path(*cosines.loc[pair, [first, _EARLY, _LATER, last]]) for name, pair in _PAIRS.items()},
        early=_EARLY,
        later=_LATER,
        gap=float(gap.max()),
        gap_early=float(gap[table["layer"] <= _EARLY].max()),
    )


def _lengths(tables: Tables) -> Lengths:
    logs = tables.networks.pivot(index=["width", "replicate"], columns="layer", values="log_squared_length")
    last = tables.lengths[tables.lengths["layer"] == logs.columns[-1]]
    widths = [_width(row, logs.loc[row["width"]]) for row in last.to_dict("records")]
    return Lengths(
        networks=int(only(last["networks"])),
        depth=int(logs.columns[-1]),
        widths=widths,
        narrow=widths[0],
        wide=widths[-1],
        band=BAND[1] - BAND[0],
        inside=float(np.mean([width.inside for width in widths])),
    )


def _width(last: Mapping[Hashable, Any], logs: pd.DataFrame) -> Width:
    """Judge the networks × layers of one width; `last` is the row of the last layer."""
    ends, steps = np.exp(logs.iloc[:, -1]), np.diff(logs)
    return Width(
        units=last["width"],
        variance=last["variance"],
        predicted=last["variance_by_law"],
        typical=float(ends.median()),
        spread=float(last["width"] * steps.var(ddof=1)),
        inside=float(ends.between(last["lower_by_law"], last["upper_by_law"]).mean()),
    )


def _size(networks: pd.DataFrame) -> Size:
    return Size(networks["replicate"].nunique(), only(networks["width"]), networks["layer"].nunique())
