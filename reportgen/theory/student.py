"""Student's distribution (1908): a mean of few normal values, in its own standard errors."""

from __future__ import annotations

from math import inf, pi, sqrt

import numpy as np
from scipy import special

from reportgen.theory.quadrature import Floats

__all__ = ["covered", "density", "warranted"]


def density(deviation: Floats, number: int) -> Floats:
    """Return the density of the deviation of a mean from the true value, in its own standard errors.

    Parameters
    ----------
    deviation
        In standard errors, any shape.
    number
        Independent normal values behind the mean, at least two; there is one degree of freedom less.
    """
    freedom = number - 1
    peak = np.exp(special.gammaln((freedom + 1) / 2) - special.gammaln(freedom / 2)) / sqrt(freedom * pi)
    return np.asarray(peak * (1 + np.square(deviation) / freedom) ** (-(freedom + 1) / 2))


def covered(errors: float, number: float) -> float:
    """Return how often a mean is within so many of its own standard errors of the true value.

    Parameters
    ----------
    errors
        Standard errors, to both sides.
    number
        Independent normal values behind the mean: the ratio follows Student's distribution (1908) with one degree of
        freedom less.

    Examples
    --------
    >>> [round(covered(2, number), 3) for number in (2, 5, inf)]
    [0.705, 0.884, 0.954]
    """
    below = special.ndtr(-errors) if number == inf else special.stdtr(number - 1, -errors)
    return float(1 - 2 * below)


def warranted(errors: float, number: float) -> float:
    """Return the standard errors that a mean of so few values exceeds as rarely as one of very many exceeds `errors`.

    Parameters
    ----------
    errors
        Standard errors, were they known.
    number
        Independent normal values that they were estimated from.

    Examples
    --------
    >>> [round(warranted(3, number), 1) for number in (2, 5, 64, inf)]
    [235.8, 6.6, 3.1, 3.0]
    """
    if number == inf:
        return float(errors)
    return float(-special.stdtrit(number - 1, float(special.ndtr(-errors))))
