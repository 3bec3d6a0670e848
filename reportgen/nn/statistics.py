"""What is measured in a layer: moments, saturation, dead units, distinct units.

Statistics of an ensemble have one value per member, which does not depend on the others; `layer_statistics` and what
it needs are of one network. Overflow, inf and nan are data: they come out as inf, nan and a finite fraction below 1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reportgen.nn.activations import Activation
from reportgen.nn.ensemble import Array
from reportgen.nn.moments import Moments, mean_square, moments_of

__all__ = [
    "NEGLIGIBLE",
    "PRESSED",
    "SATURATED_SLOPE",
    "distinct_units",
    "finite_fraction",
    "frobenius",
    "gradient_statistics",
    "layer_statistics",
    "moments",
    "rms",
    "saturated",
]

PRESSED = 0.5
"""Outputs are pressed against a bound where their rms is below this share of that of the pre-activations."""

SATURATED_SLOPE = 0.05
"""A unit is saturated where its slope is below this fraction of the activation's greatest slope."""

NEGLIGIBLE = 1e-3
"""A delta below this share of its layer's root mean square counts as nothing."""

PerMember = NDArray[np.float64]


def saturated(slope: Array, activation: Activation, space: Array | None = None) -> NDArray[np.bool_]:
    """Tell where an activation is saturated: its slope is below 5 % of its greatest slope.

    Parameters
    ----------
    slope
        phi'(z), any shape.
    space
        An array of this shape and dtype, which is overwritten.
    """
    is_saturated: NDArray[np.bool_] = np.abs(slope, out=space) < SATURATED_SLOPE * activation.greatest_slope
    return is_saturated


def moments(values: Array) -> tuple[PerMember, PerMember, PerMember]:
    """Return mean, second moment, and variance across inputs averaged over units.

    Parameters
    ----------
    values
        Shape (members, batch, units).

    Returns
    -------
    mean, second_moment, variance
        Each of shape (members,). The second moment is E[x²], not the variance.
    """
    with np.errstate(all="ignore"):
        mean, second_moment, variance = np.array([moments_of(member) for member in values]).T
    return mean, second_moment, variance


def rms(values: Array) -> PerMember:
    """Return the root mean square of each member; shape (members, ...) to (members,)."""
    return np.asarray(np.sqrt(_mean_square(values)))


def frobenius(values: Array) -> PerMember:
    """Return the Frobenius norm of each member's matrix; shape (members, rows, columns) to (members,)."""
    return rms(values) * float(np.sqrt(values[0].size))


def layer_statistics(below: Moments, h: Array, slope: Array, activation: Activation, space: Array) -> dict[str, float]:
    """Measure one layer of one network.

    Parameters
    ----------
    below
        Of the pre-activations.
    h, slope
        Activations phi(z) and slopes phi'(z), each of shape (batch, units).
    space
        An array of their shape and dtype, which is overwritten.

    Returns
    -------
    dict
        Statistic name -> value. `dead_fraction` is the share of units that are saturated for every input of the batch;
        `pressed_fraction` is `saturated_fraction` where a bound of the activation is the reason, and else 0: half of a
        healthy ReLU layer has a slope of 0, and is pressed against nothing.
    """
    is_saturated = saturated(slope, activation, space)
    share = np.count_nonzero(is_saturated) / is_saturated.size
    above = moments_of(h, space)
    presses = activation.is_bounded and above.second_moment < PRESSED**2 * below.second_moment
    return {
        "pre_activation_mean": below.mean,
        "pre_activation_second_moment": below.second_moment,
        "pre_activation_variance": below.variance,
        "activation_mean": above.mean,
        "activation_second_moment": above.second_moment,
        "activation_variance": above.variance,
        "saturated_fraction": share,
        "pressed_fraction": share if presses else 0.0,
        "dead_fraction": np.count_nonzero(np.logical_and.reduce(is_saturated)) / h.shape[1] if share else 0.0,
        "finite_fraction": 1.0 if above.is_finite else np.count_nonzero(np.isfinite(h)) / h.size,
    }


def gradient_statistics(W: Array, slope: Array, delta: Array, activation: Activation) -> dict[str, PerMember]:
    """Measure what a gradient meets in one layer of an ensemble, and what is left of it.

    Parameters
    ----------
    W
        Weights of the layer, shape (members, fan_in, fan_out).
    slope, delta
        Slopes phi'(z) and dLoss/dz, each of shape (members, batch, units).

    Returns
    -------
    dict
        Statistic name -> one value per member. On its way down a gradient's mean square is multiplied by about
        `mean_squared_slope`, the mean of phi'(z)², and by `weight_factor`, fan_out times the mean squared weight.
    """
    delta_rms = rms(delta)
    return {
        "saturated_fraction": saturated(slope, activation).mean(axis=(1, 2)),
        "mean_squared_slope": rms(slope) ** 2,
        "weight_factor": rms(W) ** 2 * W.shape[2],
        "delta_rms": delta_rms,
        "negligible_fraction": (np.abs(delta) < NEGLIGIBLE * delta_rms[:, None, None]).mean(axis=(1, 2)),
    }


def finite_fraction(values: Array) -> PerMember:
    """Return the share of finite entries of each member; shape (members, ...) to (members,)."""
    finite = np.isfinite(values)
    return np.ones(len(values)) if finite.all() else np.asarray(finite.reshape(len(values), -1).mean(axis=1))


def distinct_units(weights: Array, biases: Array | None = None) -> NDArray[np.int64]:
    """Count the units whose incoming weights, or biases, differ, bit by bit.

    Parameters
    ----------
    weights
        Shape (members, fan_in, fan_out). Where one of them is no number, nothing can be said of who is alike, and all
        units count.
    biases
        Shape (members, 1, fan_out), or None for networks without biases.

    Returns
    -------
    ndarray
        Between 1 and fan_out, shape (members,).
    """
    incoming = weights if biases is None else np.concatenate([weights, biases], axis=1)
    return np.array([_distinct(member) for member in incoming])


def _distinct(member: Array) -> int:
    """Count the columns that differ; where all differ in their first entry there is no need to look further."""
    units = int(member.shape[1])
    if len(np.unique(member[0])) == units or not np.isfinite(member).all():
        return units
    return len({unit.tobytes() for unit in np.ascontiguousarray(member.T)})


def _mean_square(values: Array) -> PerMember:
    """Average the squares of each member by itself, so that its sum does not depend on the others."""
    with np.errstate(all="ignore"):
        return np.array([mean_square(member) for member in values])
