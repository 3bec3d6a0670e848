"""Mean field maps of a wide network at initialization: variance, gradient and correlation from layer to layer.

With independent weights of mean 0 and variance sigma_w2 / fan_in and biases of variance sigma_b2, in the limit of
great width (Poole et al. 2016, sec. 2; Schoenholz et al. 2017, sec. 2 and 4):

* ``q_1 = sigma_w2 q_0 + sigma_b2`` with q_0 the mean square of the inputs, then
  ``q_{l+1} = sigma_w2 E[phi(sqrt(q_l) z)²] + sigma_b2``;
* a gradient's mean square changes by ``chi_l = sigma_w2 E[phi'(sqrt(q_l) z)²]`` on its way down through layer l;
* two inputs of correlation c have ``c_{l+1} = (sigma_w2 E[phi(u) phi(v)] + sigma_b2) / sqrt(q_a q_b)``.

The maps hold for one input, or one pair; inputs of different norms are mapped each on its own and averaged afterwards.
Layers that are not square have a sigma_w2 of their own: fan_in times the variance of a weight on the way up, fan_out
times that variance on the way down.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from reportgen.theory.nonlinearity import Nonlinearity
from reportgen.theory.quadrature import Floats

__all__ = ["backward_moments", "correlations", "forward_moments"]


def forward_moments(
    activation: Nonlinearity, sigma_w2: ArrayLike, sigma_b2: float, q0: ArrayLike, depth: int
) -> tuple[Floats, Floats]:
    """Follow the second moments of pre-activations and activations through the layers.

    Parameters
    ----------
    activation
        The nonlinearity.
    sigma_w2
        fan_in times the variance of a weight: one number, one per layer, or shape (depth, ...) where the other axes
        are broadcast against those of `q0`, for several networks at once.
    sigma_b2
        Variance of a bias.
    q0
        Mean square of the features of an input; any shape, one entry per input.
    depth
        Number of layers.

    Returns
    -------
    q, activation_second_moment
        Each of shape (depth, ...). What leaves the range of float64 is inf, and so are all layers after it.
    """
    h2 = np.asarray(q0, np.float64)
    q, moments = [], []
    with np.errstate(over="ignore", invalid="ignore"):
        for factor in _per_layer(sigma_w2, depth):
            q.append(factor * h2 + sigma_b2)
            h2 = activation.second_moment(q[-1])
            moments.append(h2)
    return np.stack(q), np.stack(moments)


def backward_moments(slopes: Floats, sigma_w2: ArrayLike, top: float = 1.0) -> Floats:
    """Follow the mean square of delta from the last layer down.

    Parameters
    ----------
    slopes
        E[phi'(z_l)²] of the layers, shape (depth, ...): ``activation.slope(q)`` for the q of `forward_moments`. A
        shallower network has the first few of them.
    sigma_w2
        fan_out times the variance of a weight, as in `forward_moments`; that of the first layer is not used.
    top
        Mean square of the derivative of the loss by an activation of the last layer.

    Returns
    -------
    ndarray
        E[delta_l²], shape (depth, ...): ``E[phi'(z_L)²] top`` in the last layer, and below it
        ``E[delta_l²] = sigma_w2 E[phi'(z_l)²] E[delta_{l+1}²]`` (Schoenholz et al. 2017, sec. 4).
    """
    delta = np.empty_like(slopes)
    factors = _per_layer(sigma_w2, len(slopes))
    upstream = np.asarray(top, np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        for layer in reversed(range(len(slopes))):
            delta[layer] = slopes[layer] * upstream
            upstream = factors[layer] * delta[layer]
    return delta


def correlations(
    activation: Nonlinearity, sigma_w2: ArrayLike, sigma_b2: float, q0: ArrayLike, c0: float, depth: int
) -> Floats:
    """Follow the correlation of two inputs through the layers.

    Parameters
    ----------
    activation
        The nonlinearity.
    sigma_w2
        fan_in times the variance of a weight: one number, or one per layer.
    sigma_b2
        Variance of a bias.
    q0
        Mean square of the features of both inputs, or of each of the two.
    c0
        Cosine of the two inputs.
    depth
        Number of layers.

    Returns
    -------
    ndarray
        E[z_a z_b] / sqrt(E[z_a²] E[z_b²]) of the pre-activations of each layer, shape (depth,); nan from the first
        layer whose pre-activations are all zero, or inf.
    """
    norms = np.broadcast_to(np.asarray(q0, np.float64), 2)
    q, _ = forward_moments(activation, sigma_w2, sigma_b2, norms, depth)
    c = np.full(depth, np.nan)
    shared = c0 * np.sqrt(norms).prod()
    for layer, factor in enumerate(_per_layer(sigma_w2, depth)):
        q_a, q_b = map(float, q[layer])
        size = np.sqrt(q_a) * np.sqrt(q_b)
        if not 0 < size < np.inf:
            break
        c[layer] = np.clip((factor * shared + sigma_b2) / size, -1.0, 1.0)
        shared = activation.product(q_a, q_b, float(c[layer]))
    return c


def _per_layer(sigma_w2: ArrayLike, depth: int) -> Floats:
    """Return one entry per layer, shape (depth, ...)."""
    factors = np.asarray(sigma_w2, np.float64)
    return np.broadcast_to(factors, (depth, *factors.shape[1:]))
