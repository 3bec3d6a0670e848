"""What mean field theory predicts of the phase diagram: its lines and phases, and who stands where in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from reportgen.battery.cell import Streams
from reportgen.battery.columns import of_rows
from reportgen.battery.experiment import Column, Columns, Measured, Tables
from reportgen.experiments.averages import averages, if_averaged
from reportgen.experiments.columns import ACTIVATION, INITIALIZER, SIGMA_B2, SIGMA_W2, SQUARE_WIDTH
from reportgen.nn.initializers import initializers
from reportgen.theory.edges import settled_sigma_w2
from reportgen.theory.fixed_points import critical_sigma_w2, q_star
from reportgen.theory.nonlinearity import Nonlinearity

__all__ = ["LAYERS", "Diagram", "Places", "Settled"]

Floats = NDArray[np.float64]

_SIGMA_W2 = np.geomspace(1e-2, 1e3, 61)
_SIGMA_B2 = np.array([0.0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0])

LAYERS: Mapping[str, tuple[str, bool]] = {
    "PyTorch Linear": ("torch_default", True),
    "Keras Dense": ("glorot_uniform", False),
    "Flax Dense": ("lecun_normal", False),
    "Haiku Linear": ("truncated_normal(stddev={scale:.12g})", False),
}
"""Framework and layer -> registry name of the weights, and whether the biases are drawn like the weights."""


@dataclass(frozen=True, slots=True)
class Places:
    """Find where initializers and framework defaults stand in the diagram, for layers of some width.

    Attributes
    ----------
    labels
        Registry names of initializers, and names out of `LAYERS`.
    width
        Units of both layers.
    """

    labels: tuple[str, ...]
    width: int

    tables: ClassVar[Tables] = {
        "edge_places": (
            Column("label", "", "registry name, or framework and layer"),
            Column("kind", "", "initializer or framework"),
            INITIALIZER,
            Column("limit", "", "iid, orthogonal, or none where mean field theory does not apply"),
            SQUARE_WIDTH,
            SIGMA_W2,
            SIGMA_B2,
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Look up what every initializer declares."""
        return {"edge_places": _places(self.labels, self.width)}


@dataclass(frozen=True, slots=True)
class Diagram:
    """Draw up the phase diagram of one activation: its line, and chi_1 on a grid."""

    activation: str

    tables: ClassVar[Tables] = {
        "edge_lines": (
            ACTIVATION,
            SIGMA_B2,
            Column("sigma_w2", "", "the least fan_in times variance of a weight at which some gradients do not shrink"),
            Column("sigma_w2_of_one", "", "the same for inputs of mean square 1; 0 or inf where there is no such edge"),
        ),
        "edge_phases": (
            ACTIVATION,
            SIGMA_W2,
            SIGMA_B2,
            Column("chi_1", "", "factor of a gradient's mean square per layer, deep down, for inputs of mean square 1"),
            Column("edge", "", "sigma_w2_of_one of edge_lines, at this sigma_b2"),
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Return the diagram, or nothing where the activation has no averages."""
        return if_averaged(self._predict)

    def _predict(self) -> Measured:
        activation = averages(self.activation)
        sigma_w2, sigma_b2 = (grid.ravel() for grid in np.meshgrid(_SIGMA_W2, _SIGMA_B2))
        edge = settled_sigma_w2(activation, _SIGMA_B2, _SIGMA_W2)
        return {
            "edge_lines": {
                "sigma_b2": _SIGMA_B2,
                "sigma_w2": critical_sigma_w2(activation, _SIGMA_B2),
                "sigma_w2_of_one": edge,
            },
            "edge_phases": {
                "sigma_w2": sigma_w2,
                "sigma_b2": sigma_b2,
                "chi_1": _chi_1(activation, sigma_w2, sigma_b2),
                "edge": edge.repeat(len(_SIGMA_W2)),
            },
        }


@dataclass(frozen=True, slots=True)
class Settled:
    """Find the chi_1 at which deep layers of one activation settle, at the places of the diagram.

    Attributes
    ----------
    activation
        Canonical registry name.
    labels, width
        As in `Places`.
    """

    activation: str
    labels: tuple[str, ...]
    width: int

    tables: ClassVar[Tables] = {
        "edge_settled": (
            ACTIVATION,
            Column("label", "", "place in the diagram: registry name, or framework and layer"),
            Column("chi_1", "", "as in edge_phases; nan where mean field theory does not apply"),
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Follow the places to where their signals settle, or return nothing where the activation has no averages."""
        return if_averaged(self._predict)

    def _predict(self) -> Measured:
        places = _places(self.labels, self.width)
        at = (places[name].astype(float) for name in ("sigma_w2", "sigma_b2"))
        return {"edge_settled": {"label": places["label"], "chi_1": _chi_1(averages(self.activation), *at)}}


def _chi_1(activation: Nonlinearity, sigma_w2: Floats, sigma_b2: Floats) -> Floats:
    """Return chi_1 where inputs of mean square one settle; nan where there is no sigma_w2."""
    known = np.isfinite(sigma_w2)
    chi_1 = np.full(sigma_w2.shape, np.nan)
    q = q_star(activation, sigma_w2[known], sigma_b2[known])
    chi_1[known] = sigma_w2[known] * activation.slope(q)
    return chi_1


def _places(labels: tuple[str, ...], width: int) -> Columns:
    return of_rows(_place(label, width) for label in labels)


def _place(label: str, width: int) -> dict[str, Any]:
    """Return one place; sigma_w2 is nan where the initializer has no mean-field limit."""
    name, biases = LAYERS.get(label, (label, False))
    initializer = initializers.get(name.format(scale=width**-0.5) if label in LAYERS else name)
    variance = initializer.variance(width, width) if initializer.limit != "none" else None
    return {
        "label": label,
        "kind": "framework" if label in LAYERS else "initializer",
        "initializer": initializer.name,
        "limit": initializer.limit,
        "sigma_w2": np.nan if variance is None else width * variance,
        "sigma_b2": variance if biases and variance is not None else 0.0,
    }
