"""A function of q that is read from interpolants: one average costs a few polynomials instead of a quadrature.

Averages over ``sqrt(q) z`` are analytic functions of ln q in the strip of half-width pi/2 around the real line, however
rough the averaged function is, because the normal density is analytic in 1/q. On an octave of q the error of n
Chebyshev nodes therefore falls like 9^-n: with 14 nodes it is about 1e-13.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.polynomial.chebyshev import chebpts1, chebvander
from numpy.typing import ArrayLike

from reportgen.theory.octaves import OCTAVE
from reportgen.theory.quadrature import Floats, require_variance

__all__ = ["GREATEST", "SMALLEST", "Table"]

_LOWEST, _HIGHEST = -500, 500
SMALLEST, GREATEST = 2.0**_LOWEST, 2.0**_HIGHEST
"""About 3e-151 and 3e150: the range of q in which a square of a square can be written in float64."""

_NODES = len(OCTAVE)
_ACCURACY = 1e-10
"""Relative to the greatest value in the octave. It is missed where an average changes by many powers of ten."""

_BLOCK = 4096
"""Values that are read at once: their coefficients stay in the cache of a core, and are read three times as fast."""

_TRANSFORM = chebvander(chebpts1(_NODES), _NODES - 1) * (2 - (np.arange(_NODES) == 0)) / _NODES
"""From values at the nodes to Chebyshev coefficients, of which the first is a mean."""


OfOctave = Callable[[int], Floats | None]
"""Returns the function at ``2^exponent OCTAVE``, or None where it cannot."""


class Table:
    """A function of q, tabulated octave by octave when it is first asked for.

    Parameters
    ----------
    function
        Called with q of shape (n,), returns the same shape. It must be analytic in ln q, as said above.
    octaves
        Where it is given, octaves are asked of it first, as `Octaves` are.
    """

    def __init__(self, function: Callable[[Floats], Floats], octaves: OfOctave | None = None) -> None:
        self._function, self._octaves = function, octaves
        self._coefficients = np.full((_NODES, _HIGHEST - _LOWEST), np.nan)

    def __call__(self, q: ArrayLike) -> Floats:
        """Return the function at q, of the shape of q; beyond `SMALLEST` and `GREATEST` the value there."""
        q = require_variance(q)
        values = np.empty(q.size)
        for first in range(0, q.size, _BLOCK):
            block = slice(first, first + _BLOCK)
            values[block] = self._read(np.minimum(np.maximum(q.ravel()[block], SMALLEST), GREATEST))
        return np.reshape(values, q.shape)

    def _read(self, q: Floats) -> Floats:
        """Return the function at some q within the range, shape (n,)."""
        position = np.log2(q) - _LOWEST
        octave = np.minimum(position.astype(int), _HIGHEST - _LOWEST - 1)
        if (missing := np.isnan(self._coefficients[0].take(octave))).any():
            for number in np.unique(octave[missing]):
                self._coefficients[:, number] = self._interpolate(int(number))
        within = 2 * (position - octave) - 1
        values = _clenshaw(self._coefficients.take(octave, axis=1), within)
        if (untabulated := np.isinf(values)).any():
            values[untabulated] = self._function(q[untabulated])
        return values

    def _interpolate(self, octave: int) -> Floats:
        """Return the Chebyshev coefficients of an octave, of which the first is inf where they do not suffice."""
        values = self._octaves(_LOWEST + octave) if self._octaves else None
        if values is None:
            values = self._function(2.0 ** (_LOWEST + octave) * OCTAVE)
        coefficients: Floats = values @ _TRANSFORM
        if not np.abs(coefficients[-2:]).max() <= _ACCURACY * np.abs(values).max():
            coefficients = np.array([np.inf, *np.zeros(_NODES - 1)])
        return coefficients


def _clenshaw(coefficients: Floats, x: Floats) -> Floats:
    """Return Chebyshev series, shape (terms, ...), at x of shape (...); the coefficients are overwritten.

    The steps are those of `numpy.polynomial.chebyshev.chebval`; nothing is copied.
    """
    first, second, twice = coefficients[-2], coefficients[-1], 2 * x
    for term in coefficients[-3::-1]:
        term -= second
        second *= twice
        second += first
        first = term
    return np.asarray(first + second * x)
