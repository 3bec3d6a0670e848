"""Averages of functions of two correlated normal numbers, for all sizes and correlations at once.

In normalized Hermite polynomials, ``f = sum a_k He_k`` and ``g = sum b_k He_k``, and for u, v of correlation c
``E[f(u) g(v)] = sum a_k b_k c^k`` (Mehler 1866). `gaussian_mean_of_pair` is good to eight digits and has one pair of
sizes at a time; this is good to about one in a hundred, one in ten where a function is narrow and c is near 1, and
costs a matrix product for all layers of a network.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from reportgen.theory.nonlinearity import Nonlinearity
from reportgen.theory.quadrature import Floats

__all__ = ["PairMeans", "series"]

_TERMS = 40
"""Polynomials that are kept; what is left of a function with a kink counts as one more term."""

_POINTS, _FOCUS = 1200, 8.0
_Z = 9 * np.sinh(np.linspace(-_FOCUS, _FOCUS, _POINTS)) / np.sinh(_FOCUS)
"""Where functions are taken, in standard deviations: close together around 0, where a slope may be narrow."""

_LOG_Q = np.linspace(np.log(1e-6), np.log(1e6), 61)
"""Logarithms of second moments for which coefficients are kept; beyond, an activation is as it is at the ends."""


class PairMeans(NamedTuple):
    """Coefficients of c^k, shape (sizes, terms): those of an activation at ever larger pre-activations.

    Attributes
    ----------
    cosine
        E[phi(u) phi(v)] / E[phi²].
    squares
        E[phi(u)² phi(v)²] / E[phi²]².
    cubes
        E[phi(u)³ phi(v)] / E[phi²]².
    slope_cosine, slope_squares
        As `cosine` and `squares`, of phi'.
    mixed
        E[phi(u)² phi'(v)²] / (E[phi²] E[phi'²]).
    """

    cosine: Floats
    squares: Floats
    cubes: Floats
    slope_cosine: Floats
    slope_squares: Floats
    mixed: Floats

    @classmethod
    def along(cls, activation: Nonlinearity, q: Floats) -> PairMeans:
        """Return the coefficients in every layer of a network, from second moments of shape (layers,)."""
        known = _known(activation)
        place = np.clip(np.log(q), _LOG_Q[0], _LOG_Q[-1])
        above = np.clip(np.searchsorted(_LOG_Q, place), 1, len(_LOG_Q) - 1)
        share = ((place - _LOG_Q[above - 1]) / (_LOG_Q[above] - _LOG_Q[above - 1]))[:, None]
        return cls(*(values[above - 1] * (1 - share) + values[above] * share for values in known))


def series(coefficients: Floats, c: Floats) -> Floats:
    """Return sum_k coefficients_k c^k.

    Parameters
    ----------
    coefficients
        Shape (..., functions, terms).
    c
        Shape (..., correlations).

    Returns
    -------
    ndarray
        Shape (..., functions, correlations).
    """
    powers = np.ones((*c.shape, coefficients.shape[-1]))
    powers[..., 1:] = c[..., None]
    np.multiply.accumulate(powers, axis=-1, out=powers)
    return np.asarray(coefficients @ np.swapaxes(powers, -1, -2))


@cache
def _known(activation: Nonlinearity) -> PairMeans:
    """Return the coefficients for all of `_LOG_Q`."""
    x = np.exp(_LOG_Q / 2)[:, None] * _Z
    phi, slope = (_of_unit_size(function(x)) for function in (activation.phi, activation.derivative))
    return PairMeans(
        cosine=_coefficients(phi, phi),
        squares=_coefficients(phi**2, phi**2),
        cubes=_coefficients(phi**3, phi),
        slope_cosine=_coefficients(slope, slope),
        slope_squares=_coefficients(slope**2, slope**2),
        mixed=_coefficients(phi**2, slope**2),
    )


def _of_unit_size(values: Floats) -> Floats:
    """Divide functions by their rms value; one that is 0 everywhere stays so."""
    with np.errstate(all="ignore"):
        scaled = np.nan_to_num(values / np.abs(values).max(axis=1, keepdims=True))  # 1e200² is no number
        size = np.sqrt(scaled**2 @ _weights())
        return np.asarray(np.nan_to_num(scaled / size[:, None]))


def _coefficients(f: Floats, g: Floats) -> Floats:
    """Return a_k b_k, and what is missing of E[f g] as the last term."""
    weighted = _polynomials() * _weights()
    products = (f @ weighted.T) * (g @ weighted.T)
    rest = (f * g) @ _weights() - products.sum(axis=1)
    return np.column_stack([products, rest])


@cache
def _weights() -> Floats:
    """Return the share of a standard normal number at each point."""
    weights = np.exp(-(_Z**2) / 2) * np.gradient(_Z)
    return np.asarray(weights / weights.sum())


@cache
def _polynomials() -> Floats:
    """Return the normalized Hermite polynomials at the points, shape (terms, points)."""
    rows = [np.ones_like(_Z), _Z]
    for k in range(1, _TERMS - 1):
        rows.append((_Z * rows[k] - np.sqrt(k) * rows[k - 1]) / np.sqrt(k + 1))
    return np.array(rows)
