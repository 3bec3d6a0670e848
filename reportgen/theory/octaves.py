"""Averages of one function at every size of its argument, for a function that is rough at zero at most.

The line is cut at 0 and at the powers of two, and the function is taken once, at the nodes of a Gauss-Legendre rule on
every piece. Seen from ``q = 4^k`` these pieces lie where they lie seen from q = 1: the weights of an octave of q are
those of all the others, so that its averages cost a product of a matrix and a vector. Pieces so near to zero that the
normal density is flat there are added up beforehand.
"""

from __future__ import annotations

from functools import cache
from math import pi, sqrt

import numpy as np
from numpy.polynomial.chebyshev import chebpts1

from reportgen.theory.quadrature import Floats, Function

__all__ = ["OCTAVE", "Octaves"]

OCTAVE = np.exp2((chebpts1(14) + 1) / 2)
"""The q in an octave at which averages are taken, over the q that it begins with: Chebyshev points of ln q."""

_FLAT, _REACH = 28, 5
"""Powers of two, in standard deviations, between which pieces are weighed: from where exp(-z²/2) is 1 to rounding, to
where it is less than 1e-50."""

_FIRST, _TRIED, _LAST = -340, 20, 256
"""Exponents of the first piece; of the last that is taken at once (theory asks of any function to bear arguments of a
million); and of the last of all."""

_COARSE, _FINE = 10, 20
"""Nodes per piece: the error is estimated by doubling them, as `quadrature` does it, and held to the same limits."""

_TOLERANCE, _NEGLIGIBLE = 1e-10, 1e-14
_BEYOND = 4
"""The piece from 2^4, at least 8 standard deviations out, must have no say."""


class Octaves:
    """Averages ``E[f(sqrt(q) z)]``, octave by octave of q.

    Parameters
    ----------
    function
        f, smooth but for zero. Where it changes its sign the error is held against the average, not that of abs(f).
    """

    def __init__(self, function: Function) -> None:
        self._function = function
        self._pieces = 0
        self._values = [np.empty((_LAST - _FIRST, nodes)) for nodes in (_COARSE, _FINE)]
        self._below = [np.zeros(_LAST - _FIRST + 1) for _ in self._values]

    def __call__(self, exponent: int) -> Floats | None:
        """Return the averages at q of ``2^exponent OCTAVE``; None where few nodes and many do not agree on them.

        Parameters
        ----------
        exponent
            The octave begins at 2 to this power; from -500 to 499.
        """
        half, odd = divmod(exponent, 2)
        first = half - _FLAT - _FIRST
        with np.errstate(all="ignore"):
            self._take(first + _FLAT + _REACH)
            flat = 2.0**-half / np.sqrt(2 * pi * 2**odd * OCTAVE)
            seen = [values[first : first + _FLAT + _REACH] for values in self._values]
            coarse, fine = (
                _weights(odd, nodes.shape[1]) @ nodes.ravel() + below[first] * flat
                for nodes, below in zip(seen, self._below, strict=True)
            )
            tail = _weights(odd, _COARSE)[:, -_COARSE * (_REACH - _BEYOND) :] @ seen[0][_BEYOND - _REACH :].ravel()
            agreed = np.abs(fine - coarse) <= _TOLERANCE * fine
            agreed &= (fine < np.inf) & (tail <= np.maximum(_TOLERANCE * fine, _NEGLIGIBLE))
        return fine if agreed.all() else None

    def _take(self, pieces: int) -> None:
        """Take the function on so many pieces, of both signs, and add up what lies below each."""
        new = slice(self._pieces, max(pieces, _TRIED - _FIRST if not self._pieces else pieces))
        if new.stop <= new.start:
            return
        scale = np.exp2(np.arange(new.start, new.stop) + float(_FIRST))[:, None]
        for values, below in zip(self._values, self._below, strict=True):
            x, weight = _rule(values.shape[1])
            values[new] = self._function(scale * x) + self._function(-scale * x)
            parts = (scale * weight * values[new]).sum(axis=1)
            below[new.start + 1 : new.stop + 1] = below[new.start] + np.cumsum(parts)
        self._pieces = new.stop


@cache
def _rule(nodes: int) -> tuple[Floats, Floats]:
    """Return nodes and weights on the piece from 1 to 2."""
    x, weight = np.polynomial.legendre.leggauss(nodes)
    return (x + 3) / 2, weight / 2


@cache
def _weights(odd: int, nodes: int) -> Floats:
    """Return what every node adds to the averages in the octave that begins at 1, or at 2; shape (q, nodes)."""
    x, weight = (np.exp2(np.arange(-_FLAT, _REACH))[:, None] * part for part in _rule(nodes))
    std = np.sqrt(2**odd * OCTAVE)[:, None, None]
    density = np.exp(-np.square(x / std) / 2) / (sqrt(2 * pi) * std)
    return np.asarray((weight * density).reshape(len(OCTAVE), -1))
