"""What is left of randomness at finite width: the length of a signal as a random walk over the layers.

The mean square of a layer of n units, given the layer below, is an average of n independent terms: from network to
network it fluctuates around the mean field by a relative variance of the order 1/n, and the layers add up
(Hanin & Rolnick 2018 for ReLU). All inputs of a network share most of it: a larger batch does not help.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from reportgen.theory.maps import forward_moments
from reportgen.theory.nonlinearity import Nonlinearity
from reportgen.theory.quadrature import Floats

__all__ = ["length_quantile", "length_second_moment", "log_length_variance", "relative_unit_variance"]


def relative_unit_variance(activation: Nonlinearity, q: ArrayLike) -> Floats:
    """Return the relative variance of the square of one unit: E[phi⁴] / E[phi²]² - 1, of the shape of `q`.

    A layer of n units has 1/n of it. It is 5 for ReLU and 2 for a linear layer, whatever q is.

    Parameters
    ----------
    activation
        The nonlinearity.
    q
        Second moment of the pre-activations.
    """
    return activation.fourth_moment(q) / np.square(activation.second_moment(q)) - 1


def log_length_variance(
    activation: Nonlinearity, sigma_w2: float, sigma_b2: float, q0: float, widths: Sequence[int]
) -> Floats:
    """Return the variance over networks of the log of each layer's mean square activation.

    Parameters
    ----------
    activation
        The nonlinearity.
    sigma_w2, sigma_b2
        fan_in times the variance of a normal weight; variance of a bias.
    q0
        Mean square of the features of the input.
    widths
        Units n of each layer.

    Returns
    -------
    ndarray
        Shape (depth,), to first order in 1/n. For He and ReLU it is 5 / n per layer, 5 L / n in all.

    Notes
    -----
    With h the mean square of a layer and q = sigma_w2 h + sigma_b2 of the pre-activations above it, a layer adds
    `relative_unit_variance` / n to what it is given times ``(d ln E[phi²] / d ln q)² (d ln q / d ln h)²``. This factor
    is 1 for ReLU without biases and below 1 near a stable fixed point.
    """
    q, h = forward_moments(activation, sigma_w2, sigma_b2, q0, len(widths))
    passed = activation.growth(q) * q / h * (1 - sigma_b2 / q)
    added = relative_unit_variance(activation, q) / np.asarray(widths)
    variance = np.zeros(len(widths) + 1)
    for layer, (factor, own) in enumerate(zip(passed, added, strict=True)):
        variance[layer + 1] = factor**2 * variance[layer] + own
    return variance[1:]


def length_quantile(variance: ArrayLike, probability: float) -> Floats:
    """Return a quantile of the squared length, in units of its mean, from the variance of its log.

    Parameters
    ----------
    variance
        As from `log_length_variance` for an activation that is linear on both sides of 0, without biases: then the
        mean is kept, and the log is close to normal with a mean of minus half its variance.
    probability
        Between 0 and 1; 0.5 gives the median.

    Examples
    --------
    >>> round(float(length_quantile(5 * 50 / 64, 0.5)), 3)
    0.142
    """
    spread = np.asarray(variance, np.float64)
    return np.asarray(np.exp(np.sqrt(spread) * special.ndtri(probability) - spread / 2))


def length_second_moment(widths: Sequence[int], unit_variance: float = 5.0) -> Floats:
    """Return E[M_l²] / E[M_l]² of the squared length M_l in each layer: the product of ``1 + unit_variance / n``.

    Parameters
    ----------
    widths
        Units n of each layer.
    unit_variance
        As from `relative_unit_variance`: 5 for ReLU (Hanin & Rolnick 2018), 2 for a linear network.

    Returns
    -------
    ndarray
        Shape (depth,); exact for normal weights, no biases, and an activation that is linear on both sides of 0.
    """
    return np.asarray(np.cumprod(1 + unit_variance / np.asarray(widths, np.float64)), np.float64)
