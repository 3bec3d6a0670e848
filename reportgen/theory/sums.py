"""Closed forms for the weighted sum ``w·x + b``: its variance, and how much it differs from unit to unit.

Weights are independent of one another and of the inputs, each with mean m and variance s². The inputs have the
covariance matrix C; only the second function needs normal weights.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import NDArray

__all__ = ["product_variance", "sum_variance", "unit_spread"]

Matrix = NDArray[np.float64]


def product_variance(w_mean: float, w_variance: float, x_mean: float, x_variance: float) -> float:
    """Return Var(w x) of two independent factors: ``E[w]² Var(x) + E[x]² Var(w) + Var(w) Var(x)``.

    Parameters
    ----------
    w_mean, w_variance, x_mean, x_variance
        Mean and variance of each factor.
    """
    return w_mean**2 * x_variance + x_mean**2 * w_variance + w_variance * x_variance


def sum_variance(covariance: Matrix, x_mean: float, w_mean: float, w_variance: float, b_variance: float = 0.0) -> float:
    """Return Var(w·x + b) over weights and inputs: ``s² sum E[x_i²] + m² Var(sum x_i) + Var(b)``.

    Parameters
    ----------
    covariance
        C of the inputs, shape (fan_in, fan_in).
    x_mean
        Mean of every input.
    w_mean, w_variance
        m and s² of every weight.
    b_variance
        Variance of the bias.
    """
    second_moments = np.trace(covariance) + len(covariance) * x_mean**2
    return float(w_variance * second_moments + w_mean**2 * covariance.sum() + b_variance)


def unit_spread(covariance: Matrix, w_mean: float, w_variance: float) -> float:
    """Return how much units differ: the std over units of the variance across inputs, divided by its mean.

    A unit with the weights w has the variance ``v = w^T C w`` across inputs. For normal weights
    ``E[v] = s² tr(C) + m² 1^T C 1`` and ``Var(v) = 2 s⁴ tr(C²) + 4 s² m² 1^T C² 1``.

    Parameters
    ----------
    covariance
        C of the inputs, shape (fan_in, fan_in).
    w_mean, w_variance
        m and s² of every weight.
    """
    squared = covariance @ covariance
    variance = 2 * w_variance**2 * np.trace(squared) + 4 * w_variance * w_mean**2 * squared.sum()
    return float(sqrt(variance) / sum_variance(covariance, 0.0, w_mean, w_variance))
