"""The numbers that the chapter on the edge of chaos quotes."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from math import acos, exp
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from reportgen.chapters.edge_of_chaos.reach import Reach
from reportgen.chapters.edge_of_chaos.tables import BAND, Tables, pair_name
from reportgen.chapters.edge_of_chaos.walk import BIAS, Size, Walk
from reportgen.chapters.scale import usable
from reportgen.judgments.frames import by_name, only
from reportgen.presets import INITIALIZERS

__all__ = ["Angles", "Findings", "Lengths", "Path", "Width", "find"]

_EARLY, _LATER = 5, 10
"""Layers at which the prose looks at the angles."""

_DEEP = 50
"""Layer at which the prose looks at nets on the edge; the theory goes twice as deep."""

_SAME, _APART = 1e-9, 0.01
"""Relative differences of two numbers that are one, and of two edges that are two."""

_COMPARED = ["relu", "tanh", "gelu", "selu", "sigmoid"]
_PLACE = {"sigma_w2": "fan_in·Var(w)", "sigma_b2": "Var(b)"}

_PAIRS = {
    "relu": "relu, he_uniform",
    "relu_far": "relu, glorot_uniform(gain=2.83)",
    "sigmoid": "sigmoid, glorot_uniform",
    "glorot": "tanh, glorot_uniform",
    "gain": "tanh, glorot_uniform(gain=1.67)",
    "wild": "tanh, normal(1)",
}
"""What the prose calls a pair -> its name in the figure."""


class Path(NamedTuple):
    """Cosine of two inputs in the first layer, in an early one, in a later one, and in the last."""

    start: float
    early: float
    later: float
    end: float

    @property
    def change(self) -> float:
        """The angle in the last layer over that in the first."""
        return acos(min(self.end, 1.0)) / acos(self.start)


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
    """How the squared length scatters in networks of one width.

    `typical` is its geometric mean in the last layer, and `spread` its variance per layer, times the width.
    """

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


class OnLine(NamedTuple):
    """What theory says of one activation on its edge at one layer.

    `left` is how much of `q` is left in twice as many layers, `closing` the same of one minus the cosine.
    """

    layer: int
    q: float
    left: float
    start: float
    cosine: float
    closing: float


@dataclass(frozen=True, slots=True)
class Findings:
    """The edge of each activation (`critical` is without biases), who stands where, and what networks do there.

    Of the starts that have no place, `no_limit` are those of every run and `undeclared` those that a user adds.

    `factor` is that of the gradient's rms per layer, deep down, by start and activation.

    `scale_free` are the activations whose chi_1 depends on sigma_w2 alone, `two_ways` those that may settle in two ways
    without biases: inputs of mean square one meet another edge (`critical_of_one`) than the largest ones.
    """

    width: int
    no_limit: list[str]
    undeclared: list[str]
    bias: float
    edges: pd.DataFrame
    critical: dict[str, float]
    critical_of_one: dict[str, float]
    scale_free: list[str]
    two_ways: list[str]
    line_tanh: OnLine
    line_relu: OnLine
    critical_with_bias: float
    defaults: pd.DataFrame
    glorot: float
    haiku: float
    factor: dict[str, dict[str, float]]
    walk: Walk
    reach: Reach
    angles: Angles
    lengths: Lengths


def find(tables: Tables) -> Findings:
    """Return every number that the chapter quotes."""
    starts, lines, factors = tables.starts.set_index("label"), tables.lines, tables.settled.transform("sqrt")
    frameworks = starts.loc[starts["kind"] == "framework", ["sigma_w2", "sigma_b2"]]
    biases = [BIAS, lines.columns[-1]]
    heads = ["without biases", *(f"Var(b) = {bias:g}" for bias in biases), "without biases, inputs of mean square one"]
    without = [str(name) for name in starts.index[starts["limit"] == "none"]]
    edges, of_one = lines[[0.0, *biases]], tables.lines_of_one[0.0]
    return Findings(
        width=int(only(starts["width"])),
        no_limit=[name for name in without if name in INITIALIZERS],
        undeclared=[name for name in without if name not in INITIALIZERS],
        bias=BIAS,
        edges=_there(edges.assign(of_one=of_one).set_axis(heads, axis="columns")).reset_index(),
        critical=by_name(lines[0.0]),
        critical_of_one=by_name(of_one),
        scale_free=_scale_free(tables.phases),
        two_ways=list(lines.index[of_one > lines[0.0] * (1 + _APART)]),
        line_tanh=_on_line(tables.on_line, "tanh"),
        line_relu=_on_line(tables.on_line, "relu"),
        critical_with_bias=by_name(lines[BIAS])["tanh"],
        defaults=frameworks.rename(columns=_PLACE).join(factors[_COMPARED]).rename_axis("default").reset_index(),
        glorot=by_name(starts["sigma_w2"])["glorot_normal"],
        haiku=by_name(frameworks["sigma_w2"])["Haiku Linear"],
        factor={str(label): by_name(row) for label, row in factors.iterrows()},
        walk=Walk.of(tables.decay, tables.scales),
        reach=Reach.of(tables.trained),
        angles=_angles(tables),
        lengths=_lengths(tables),
    )


def _there(edges: pd.DataFrame) -> pd.DataFrame:
    """Return edges, or none where no weights can have that scale."""
    return edges.map(lambda scale: "none" if usable(scale) is None else scale)


def _scale_free(phases: pd.DataFrame) -> list[str]:
    shares = (phases["chi_1"] / phases["sigma_w2"]).groupby(phases["activation"], sort=False)
    is_one = shares.max() < shares.min() * (1 + _SAME)
    return list(is_one.index[is_one])


def _on_line(table: pd.DataFrame, activation: str) -> OnLine:
    layers = table[table["activation"] == activation].set_index("layer").loc[[1, _DEEP, 2 * _DEEP]]
    (_, q, q_deeper), (start, cosine, deeper) = layers["q"].to_list(), layers["cosine"].to_list()
    return OnLine(_DEEP, q, q_deeper / q, start, cosine, (1 - deeper) / (1 - cosine))


def _angles(tables: Tables) -> Angles:
    table = tables.angles
    pairs = [pair_name(*names) for names in table[["initializer", "activation"]].itertuples(index=False)]
    cosines = table.assign(pair=pairs).pivot(index="pair", columns="layer", values="cosine")
    first, last = 1, int(cosines.columns[-1])
    shown = cosines.loc[list(dict.fromkeys(pairs)), [first, _LATER, last]].rename(columns="layer {}".format)
    gap = (table["cosine"] - table["predicted"]).abs()
    return Angles(
        size=Size.of(tables.cosines),
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
    ends, steps = logs.iloc[:, -1], np.diff(logs)
    return Width(
        units=last["width"],
        variance=last["variance"],
        predicted=last["variance_by_law"],
        typical=exp(last["mean_log"]),
        spread=float(last["width"] * steps.var(ddof=1)),
        inside=float(np.exp(ends).between(last["lower_by_law"], last["upper_by_law"]).mean()),
    )
