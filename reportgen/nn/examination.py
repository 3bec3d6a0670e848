"""A closer look at what a plugin registers: once when it is loaded, and at what it declares of itself.

A fault is refused: nothing could be said of such a thing, or not twice the same. A declaration that does not hold
(`doubts`) is a warning: what it describes is measured as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.nn.activation import Activation, activations
from reportgen.nn.contract import Draw, Elementwise, Variance
from reportgen.nn.declared import slope_off, weights_off
from reportgen.nn.initializer import Initializer, initializers

__all__ = ["doubts", "examine"]

_FANS = ((7, 4), (3, 8))
"""Shapes that differ from their transposes, so that a swapped one shows."""

_GRID = np.linspace(-5.0, 5.0, 24).reshape(2, 3, 4)


def examine(item: Initializer | Activation) -> None:
    """Look closely at what a plugin has registered.

    An initializer draws at two shapes, twice with equal generators. The functions of an activation are called twice, in
    both precisions, on a grid and on pieces of it, and their argument is looked at afterwards.

    Raises
    ------
    PluginFault
        If a value is not of the right shape and kind, differs between two equal calls, or depends on other elements of
        the array; or if an argument was changed.
    """
    if isinstance(item, Initializer):
        _examine_initializer(item)
        return
    for function in (item.phi, item.derivative):
        if isinstance(function, Elementwise):
            _examine_elementwise(function, _GRID)
            _examine_elementwise(function, _GRID.astype(np.float32))


def _examine_initializer(item: Initializer) -> None:
    if not isinstance(item.draw, Draw):
        return
    for fans in _FANS:
        first, second = (item.draw(np.random.default_rng(1), *fans) for _ in range(2))
        if not np.array_equal(first, second, equal_nan=True):
            raise item.draw.fault("gave other weights at the second call", "the same from equal generators (use rng)")
        item.variance(*fans)


def _examine_elementwise(function: Elementwise, z: NDArray[Any]) -> None:
    given = z.copy()
    first, second = function(given).copy(), function(z.copy())
    if not np.array_equal(given, z):
        raise function.fault("changes its argument", "a new array")
    if not np.array_equal(first, second, equal_nan=True):
        raise function.fault("gave other values at the second call", "the same for the same z")
    alone = np.concatenate([function(row) for row in z.reshape(6, 4).copy()]).reshape(z.shape)
    with np.errstate(all="ignore"):
        if not np.allclose(alone, first, rtol=1e-4, atol=1e-6, equal_nan=True):
            raise function.fault("gave values that depend on the other elements of z", "each unit by itself")


def doubts(names: Iterable[str], phis: Iterable[str]) -> list[str]:
    """Return a line for each declaration of a plugin that does not hold.

    Parameters
    ----------
    names, phis
        Initializers and activations by their registry names; only those of plugins are looked at.
    """
    found = [line for name in names for line in _doubted_weights(initializers.get(name))]
    return found + [line for name in phis for line in _doubted_slope(activations.get(name))]


def _doubted_weights(item: Initializer) -> list[str]:
    if not isinstance(item.draw, Draw) or not isinstance(item.variance, Variance):
        return []
    off = weights_off(item.draw, item.variance)
    consequence = "; theory leaves it out" if item.draw.limit != "none" else ""
    return [f"{item.draw.what}: its plugin {off}{consequence}"] if off else []


def _doubted_slope(item: Activation) -> list[str]:
    if not isinstance(item.phi, Elementwise) or not isinstance(item.derivative, Elementwise):
        return []
    off = slope_off(item.phi, item.derivative, item.kinks)
    return [f"{item.phi.what}: its plugin {off}"] if off else []
