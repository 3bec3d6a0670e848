"""What mean field theory predicts for the chapter on the edge of chaos: lines, phases, places and depth scales."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.battery.columns import of_rows
from reportgen.battery.experiment import Columns
from reportgen.experiments.averages import averages
from reportgen.nn.initializers import initializers
from reportgen.theory.fixed_points import critical_sigma_w2, find_fixed_point, q_star
from reportgen.theory.nonlinearity import Nonlinearity

__all__ = ["diagram", "fixed_points", "places"]

Floats = NDArray[np.float64]

_SIGMA_W2 = np.geomspace(1e-2, 1e3, 61)
_SIGMA_B2 = np.array([0.0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0])

# (name for people, registry name of the weights, whether the biases are drawn like the weights)
_FRAMEWORKS = (
    ("PyTorch Linear", "torch_default", True),
    ("Keras Dense", "glorot_uniform", False),
    ("Flax Dense", "lecun_normal", False),
    ("Haiku Linear", "truncated_normal(stddev={scale:.12g})", False),
)


def diagram(name: str, places: Columns) -> dict[str, Columns]:
    """Return the phase diagram of one activation: its line, chi_1 on a grid, and chi_1 at some places."""
    activation = averages(name)
    sigma_w2, sigma_b2 = (grid.ravel() for grid in np.meshgrid(_SIGMA_W2, _SIGMA_B2))
    at_places = _chi_1(activation, places["sigma_w2"].astype(float), places["sigma_b2"].astype(float))
    return {
        "edge_lines": {"sigma_b2": _SIGMA_B2, "sigma_w2": critical_sigma_w2(activation, _SIGMA_B2)},
        "edge_phases": {
            "sigma_w2": sigma_w2,
            "sigma_b2": sigma_b2,
            "chi_1": _chi_1(activation, sigma_w2, sigma_b2),
        },
        "edge_settled": {"label": places["label"], "chi_1": at_places},
    }


def _chi_1(activation: Nonlinearity, sigma_w2: Floats, sigma_b2: Floats) -> Floats:
    """Return chi_1 where inputs of mean square one settle; nan where there is no sigma_w2."""
    known = np.isfinite(sigma_w2)
    chi_1 = np.full(sigma_w2.shape, np.nan)
    q = q_star(activation, sigma_w2[known], sigma_b2[known])
    chi_1[known] = sigma_w2[known] * activation.slope(q)
    return chi_1


def places(names: Sequence[str], width: int) -> Columns:
    """Return where initializers and framework defaults stand in the diagram, for layers of `width` units."""
    named = [_place(name, "initializer", name, width, biases=False) for name in names]
    defaults = [
        _place(label, "framework", name.format(scale=width**-0.5), width, biases=biases)
        for label, name, biases in _FRAMEWORKS
    ]
    return of_rows(named + defaults)


def _place(label: str, kind: str, name: str, width: int, *, biases: bool) -> dict[str, Any]:
    """Return one place; sigma_w2 is nan where the initializer has no mean-field limit."""
    initializer = initializers.get(name)
    variance = initializer.variance(width, width) if initializer.limit != "none" else None
    return {
        "label": label,
        "kind": kind,
        "initializer": initializer.name,
        "limit": initializer.limit,
        "width": width,
        "sigma_w2": np.nan if variance is None else width * variance,
        "sigma_b2": variance if biases and variance is not None else 0.0,
    }


def fixed_points(name: str, points: Sequence[tuple[float, float]]) -> Columns:
    """Return fixed points and depth scales of one activation at some (sigma_b2, sigma_w2)."""
    activation = averages(name)
    return of_rows(
        {"sigma_b2": sigma_b2, "sigma_w2": sigma_w2, **asdict(find_fixed_point(activation, sigma_w2, sigma_b2))}
        for sigma_b2, sigma_w2 in points
    )
