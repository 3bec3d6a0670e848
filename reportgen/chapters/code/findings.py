"""The numbers that the chapter on frameworks quotes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan, sqrt
from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.chapters.code.tables import Tables
from reportgen.judgments.frames import where
from reportgen.judgments.verdicts import LIMIT
from reportgen.theory.closed_forms import PiecewiseLinear

__all__ = ["Default", "Findings", "Name", "find"]

_LAYERS = 50
"""Depth of the net in which a slope that nobody told He about adds up."""

_KERAS_SLOPE = 0.3
"""Slope of Keras's LeakyReLU if none is given; a test holds it to Keras."""


class Name(NamedTuple):
    """An initializer of a framework.

    Attributes
    ----------
    line
        Its line of code, without the module.
    formula, distribution
        What it draws, and from which distribution, in words.
    declared, measured
        fan_in Var(w); nothing where none is declared.
    largest
        Size of the largest weight drawn.
    """

    line: str
    formula: str
    distribution: str
    declared: float | None
    measured: float
    largest: float


class Default(NamedTuple):
    """A layer of a framework if nothing is said: what it draws from, fan_in Var(w) as drawn, and its biases."""

    framework: str
    layer: str
    kind: str
    rule: str
    measured: float
    biases: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What the frameworks have by name and by default, and what the traps cost.

    Attributes
    ----------
    names
        Framework -> its initializers.
    missing
        Initializers without a counterpart here, and why, in words without code.
    inputs, units
        Size of the layer that was drawn from each of them.
    worst, sparse
        Greatest share by which the variance drawn is off the one declared: of weights that are all drawn, and of
        sparse ones.
    narrowing
        fan_in Var(w) of Glorot's start in that layer.
    defaults
        What the layers do if nothing is said.
    cut
        Share of the variance that cuts leave: (kind of cut, standard deviation) -> share.
    lookalike, alike
        Cosine between the weights of two units: from the uniform distribution between zero and one, and the greatest
        size of all centered random starts.
    orthogonal
        fan_in Var(w) of orthogonal weights in layers that get narrower, stay, or get wider.
    transposed, right_way
        fan_in Var(w) of He's start where the two sizes of a layer were mistaken, and where they were not.
    slope_growth
        Factor by which the rms grows over a net of `layers` leaky layers with Keras's slope, under He's variance for
        ReLU.
    layers
        Of that net.
    limit
        Factor over a whole net beyond which the maps call a signal exploded or vanished.
    """

    names: Mapping[str, list[Name]]
    missing: list[tuple[str, str]]
    inputs: int
    units: int
    worst: float
    sparse: float
    narrowing: float
    defaults: list[Default]
    cut: Mapping[tuple[str, float], float]
    lookalike: float
    alike: float
    orthogonal: Mapping[str, float]
    transposed: float
    right_way: float
    slope_growth: float
    layers: int
    limit: float

    def default(self, framework: str, kind: str) -> float:
        """Return fan_in Var(w) of a layer if nothing is said."""
        (value,) = [one.measured for one in self.defaults if (one.framework, one.kind) == (framework, kind)]
        return value

    @property
    def sums(self) -> list[float]:
        """fan_in Var(w) of every layer that adds something up; an embedding does not."""
        return [one.measured for one in self.defaults if one.kind != "embedding"]


def find(tables: Tables) -> Findings:
    """Return every number that the chapter quotes."""
    names, traps = tables.names, tables.traps.set_index("trap")["measured"]
    found = names[names["initializer"] != ""]
    cosines = names.set_index("line")["cosine"]
    centered = found[(found["sigma_w2"] > 0) & (found["mean"].abs() < found["greatest"] / 10)]
    is_sparse = found["line"].str.contains("sparse")
    orthogonal = {form: float(traps[f"orthogonal, {form}"]) for form in ("narrower", "square", "wider")}
    return Findings(
        names={str(name): [_name(row) for row in _rows(own)] for name, own in found.groupby("framework", sort=False)},
        missing=[(row["line"], row["reason"].replace("`", "")) for row in _rows(names[names["initializer"] == ""])],
        inputs=int(names["fan_in"].iloc[0]),
        units=int(names["fan_out"].iloc[0]),
        worst=_worst(found[~is_sparse]),
        sparse=_worst(found[is_sparse]),
        narrowing=float(where(names, line="keras.initializers.GlorotNormal()")["measured"].iloc[0]),
        defaults=[
            Default(row["framework"], row["layer"], row["kind"], row["rule"], float(row["measured"]), row["biases"])
            for row in _rows(tables.defaults)
        ],
        cut=_cuts(tables.traps),
        lookalike=float(cosines["nn.init.uniform_(w)"]),
        alike=float(centered["cosine"].abs().max()),
        orthogonal=orthogonal,
        transposed=float(traps["transposed"]),
        right_way=float(traps["as it should be"]),
        slope_growth=_growth(_KERAS_SLOPE) ** _LAYERS,
        layers=_LAYERS,
        limit=LIMIT,
    )


def _rows(table: pd.DataFrame) -> list[dict[str, str]]:
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


_MODULES = ("nn.init.", "keras.initializers.", "jax.nn.initializers.")
_NORMAL = {
    "truncated, corrected": "normal, cut and corrected",
    "truncated, not corrected": "normal, cut",
    "not truncated": "normal, not cut",
}


def _name(row: Mapping[str, str]) -> Name:
    declared = float(row["sigma_w2"])
    return Name(
        line=next(row["line"].removeprefix(module) for module in _MODULES if row["line"].startswith(module)),
        formula=row["formula"],
        distribution=_NORMAL.get(row["truncated"], "uniform" if "uniform" in row["initializer"] else "–"),
        declared=None if isnan(declared) else declared,
        measured=float(row["measured"]),
        largest=max(abs(float(row["least"])), abs(float(row["greatest"]))),
    )


def _worst(found: pd.DataFrame) -> float:
    """Return the greatest relative deviation; where no variance is declared none may be drawn."""
    declared, drawn = found["sigma_w2"].to_numpy(float), found["measured"].to_numpy(float)
    known = np.isfinite(declared)
    off = np.abs(drawn - declared)[known] / np.where(declared[known] > 0, declared[known], 1.0)
    return float(off.max())


def _cuts(traps: pd.DataFrame) -> dict[tuple[str, float], float]:
    cut = traps[traps["trap"].str.startswith("cut")]
    stddev = cut["line"].str.extract(r"std(?:dev)?=([\d.]+)")[0].astype(float)
    share = cut["measured"] / (cut["reads"] * stddev**2)
    places = zip(cut["trap"].str.removeprefix("cut at "), stddev, share, strict=True)
    return {(str(kind), float(size)): float(kept) for kind, size, kept in places}


def _growth(slope: float) -> float:
    """Return the factor of the rms per layer: He's variance for ReLU, twice E[phi²], with a slope below zero."""
    return sqrt(2 * float(PiecewiseLinear(slope, 1.0).second_moment(1.0)))
