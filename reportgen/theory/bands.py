"""Which gains carry a signal and a gradient through a net of some depth: the best one, and the band around it.

A gain g gives sigma_w2 = g². Over the whole net the rms of the activations changes from that of the inputs to that of
the last layer, the rms of delta from the last layer to the first; both follow from the maps of Schoenholz et al. 2017,
sec. 2 and 4, without biases. Near an unstable fixed point, such as that of GELU at q = 1, the band is a small fraction
of a percent wide: no grid of gains would find it, so it is found by its borders.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reportgen.theory.nonlinearity import Nonlinearity
from reportgen.theory.quadrature import Floats

__all__ = ["Changes", "band", "best_gain", "changes"]

_GAINS = np.exp2(np.linspace(-6.0, 6.0, 97))
"""A best gain is looked for between two neighbors of these, where the logarithms of both changes pass a sum of 0."""

_PARTS = np.linspace(0.0, 1.0, 65)
_ROUNDS = 6
"""Intervals of gains are divided into 64 parts so often, down to 1e-10 of the gain."""

_LIMIT = 1e6
"""A signal is followed until it has grown or shrunk by so much: what follows is not in any band, and every octave of q
that is passed through costs an average."""


class Changes(NamedTuple):
    """Factors by which root mean squares change over the net, of the shape of the gains.

    `signal` is that of the last layer's activations over that of the inputs, `gradient` that of delta in the first
    layer over that in the last.
    """

    signal: Floats
    gradient: Floats

    @property
    def worst(self) -> Floats:
        """The greater factor of the two, shrinking counted like growing; inf where one of them is 0 or unknown."""
        with np.errstate(divide="ignore", over="ignore"):
            sizes = np.maximum(*(np.maximum(part, 1 / part) for part in self))
        return np.where(np.isnan(sizes), np.inf, sizes)


def changes(activation: Nonlinearity, gain: ArrayLike, depth: int, q0: float = 1.0) -> Changes:
    """Return by which factors signal and gradient change over the net.

    Parameters
    ----------
    activation
        The nonlinearity.
    gain
        sqrt(fan_in) times the standard deviation of a weight, any shape; fan_in and fan_out are the same.
    depth
        Number of hidden layers.
    q0
        Mean square of the inputs.

    Returns
    -------
    Changes
        A signal that changes by more than a millionfold is held there.
    """
    sigma_w2 = np.square(np.asarray(gain, np.float64))
    q, h2 = np.empty((depth, *sigma_w2.shape)), np.full(sigma_w2.shape, float(q0))
    for layer in range(depth):
        q[layer] = sigma_w2 * h2
        h2 = np.clip(activation.second_moment(q[layer]), q0 / _LIMIT**2, q0 * _LIMIT**2)
    # A sum of logarithms: over many layers the product of the factors leaves the range of float64.
    logarithm = (_log(sigma_w2) + _log(activation.slope(q[:-1]))).sum(axis=0)
    with np.errstate(over="ignore"):
        return Changes(np.sqrt(h2 / q0), np.exp(logarithm / 2))


@cache
def best_gain(activation: Nonlinearity, depth: int, q0: float = 1.0) -> float:
    """Return the gain at which signal and gradient change least: the greater of their two factors is smallest.

    Parameters
    ----------
    activation
        The nonlinearity.
    depth
        Number of hidden layers.
    q0
        Mean square of the inputs.

    Returns
    -------
    float
        nan where no gain balances the two: for an activation without slopes, or for one layer of a bounded
        activation whose inputs are larger than the bound.

    Notes
    -----
    Both factors grow with the gain, so the greater of their logarithms' sizes is smallest where the two logarithms add
    up to 0. Where an activation has several such gains, that of the smallest factor is returned.
    """

    def grows(gains: Floats) -> NDArray[np.bool_]:
        signal, gradient = map(_log, changes(activation, gains, depth, q0))
        return np.asarray(signal + gradient > 0)

    sides = grows(_GAINS)
    turns = np.flatnonzero(sides[1:] & ~sides[:-1])
    if not turns.size:
        return np.nan
    found = _borders(grows, _GAINS[turns], _GAINS[turns + 1])
    return float(found[changes(activation, found, depth, q0).worst.argmin()])


@cache
def band(activation: Nonlinearity, depth: int, q0: float, factor: float) -> tuple[float, float] | None:
    """Return the interval of gains around the best one at which neither signal nor gradient changes by more.

    Parameters
    ----------
    activation
        The nonlinearity.
    depth
        Number of hidden layers.
    q0
        Mean square of the inputs.
    factor
        By which the root mean squares may grow or shrink over the net, at least 1.

    Returns
    -------
    tuple of float, or None
        Least and greatest gain, 0 and inf where there is no bound; None where even the best gain changes more, or
        where there is none.
    """

    def is_within(gains: ArrayLike) -> NDArray[np.bool_]:
        return np.asarray(changes(activation, gains, depth, q0).worst <= factor)

    def passes(gains: Floats) -> NDArray[np.bool_]:
        """Tell of gains below and above the best one whether the border lies behind them."""
        return np.asarray(is_within(gains) ^ np.array([[False], [True]]))

    best, least, greatest = best_gain(activation, depth, q0), float(_GAINS[0]), float(_GAINS[-1])
    if np.isnan(best):
        return None
    smallest, middle, largest = is_within([least, best, greatest])
    if not middle:
        return None
    lower, upper = _borders(passes, np.array([least, best]), np.array([best, greatest]))
    return (0.0 if smallest else float(lower)), (np.inf if largest else float(upper))


def _borders(inside: Callable[[Floats], NDArray[np.bool_]], below: Floats, above: Floats) -> Floats:
    """Return the gains between `below` and `above`, of shape (cases,), from which on `inside` holds."""
    for _ in range(_ROUNDS):
        tried = below[:, None] * (above / below)[:, None] ** _PARTS
        holds = inside(tried)[:, 1:]
        holds[:, -1] = True  # it does, rounding aside
        first = holds.argmax(axis=1)[:, None]
        below, above = (np.take_along_axis(tried, first + side, axis=1)[:, 0] for side in (0, 1))
    return np.sqrt(below * above)


def _log(factors: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        return np.log(factors)
