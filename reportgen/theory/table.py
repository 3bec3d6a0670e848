"""A function of q that is read from interpolants: one average costs a few polynomials instead of a quadrature.

Averages over ``sqrt(q) z`` are analytic functions of ln q in the strip of half-width pi/2 around the real line, however
rough the averaged function is, because the normal density is analytic in 1/q. On an octave of q the error of n
Chebyshev nodes therefore falls like 9^-n: with 14 nodes it is about 1e-13.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.polynomial.chebyshev import chebpts1, chebval, chebvander
from numpy.typing import ArrayLike

from reportgen.theory.quadrature import Floats, require_variance

__all__ = ["GREATEST", "SMALLEST", "Table"]

_LOWEST, _HIGHEST = -500, 500
SMALLEST, GREATEST = 2.0**_LOWEST, 2.0**_HIGHEST
"""About 3e-151 and 3e150: the range of q in which a square of a square can be written in float64."""

_NODES = 14
_ACCURACY = 1e-10
"""Relative to the greatest value in the octave. It is missed where an average changes by many powers of ten."""


class Table:
    """A function of q, tabulated octave by octave when it is first asked for.

    Parameters
    ----------
    function
        Called with q of shape (n,), returns the same shape. It must be analytic in ln q, as said above.
    """

    def __init__(self, function: Callable[[Floats], Floats]) -> None:
        self._function = function
        self._coefficients = np.full((_NODES, _HIGHEST - _LOWEST), np.nan)

    def __call__(self, q: ArrayLike) -> Floats:
        """Return the function at q, of the shape of q; beyond `SMALLEST` and `GREATEST` the value there."""
        q = np.clip(require_variance(q), SMALLEST, GREATEST)
        position = np.log2(q) - _LOWEST
        octave = np.minimum(position.astype(int), _HIGHEST - _LOWEST - 1)
        for missing in np.unique(octave[np.isnan(self._coefficients[0, octave])]):
            self._coefficients[:, missing] = self._interpolate(int(missing))
        within = 2 * (position - octave) - 1
        values = np.asarray(chebval(within, self._coefficients.take(octave, axis=1), tensor=False))
        untabulated = np.isinf(values)
        if untabulated.any():
            values[untabulated] = self._function(q[untabulated])
        return values

    def _interpolate(self, octave: int) -> Floats:
        """Return the Chebyshev coefficients of an octave, of which the first is inf where they do not suffice."""
        nodes = chebpts1(_NODES)
        values = self._function(np.exp2(_LOWEST + octave + (nodes + 1) / 2))
        coefficients = np.asarray(2 / _NODES * values @ chebvander(nodes, _NODES - 1))
        coefficients[0] /= 2
        if not np.abs(coefficients[-2:]).max() <= _ACCURACY * np.abs(values).max():
            coefficients = np.array([np.inf, *np.zeros(_NODES - 1)])
        return coefficients
