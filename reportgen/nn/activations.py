"""What a unit does to its weighted sum: every activation with its derivative, its kinks and other spellings.

An activation is one function phi decorated with `activation`, here, in a file by subject (`gates`, `piecewise`,
`smooth`) or in a plugin file. ``phi(z)`` and its derivative take a float array of any shape and return one of the same
shape and dtype. No z up to 1e30 in size overflows or warns, on the way to the result or in it (`exponential` alone
does), and an infinite z gives the limit. Where the derivative jumps it has the value from the left, as in PyTorch;
those that are cut at two values, whose slope is 0 at both, say so.
"""

from __future__ import annotations

from functools import partial
from math import inf, pi, sqrt

import numpy as np
from scipy import special

from reportgen.errors import UsageError
from reportgen.nn import fused, slopes
from reportgen.nn.activation import Activation, Array, activation, activations
from reportgen.nn.spellings import ACTIVATIONS, NO_ACTIVATIONS

__all__ = ["Activation", "activation", "activations"]


def _sech2(z: Array) -> Array:
    return 4 * slopes.bell(np.square(np.exp(-np.abs(z))))


def _elu_slope(z: Array, alpha: float) -> Array:
    slope: Array = np.exp(np.minimum(z, 0.0))
    return slope if alpha == 1 else slope * slopes.step(z, below=alpha)


def _relu_is_simpler(negative_slope: float, max_value: float, threshold: float) -> str:
    """Name the activation that Keras's relu is with these values, where it has a name of its own."""
    if negative_slope and max_value == inf and not threshold:
        return f"leaky_relu(negative_slope={negative_slope!r})"
    if not negative_slope and max_value == inf and threshold:
        return f"threshold(threshold={threshold!r})"
    return "relu6" if (negative_slope, max_value, threshold) == (0, 6, 0) else ""


def _relu_kinks(negative_slope: float, max_value: float, threshold: float) -> tuple[float, ...]:
    if max_value == inf:
        return (threshold,)
    first = {threshold} if negative_slope or threshold >= 0 else set()
    return tuple(sorted(first | {kink for kink in (0.0, max_value) if kink > threshold}))


def _relu_slope(z: Array, negative_slope: float, max_value: float, threshold: float) -> Array:
    if not negative_slope and max_value == inf and not threshold:
        return slopes.step(z)
    above = (z > threshold) & ((z > 0) & (z < max_value) if max_value < inf else True)
    return np.where(z > threshold, above.astype(z.dtype), z.dtype.type(negative_slope))


def _softplus_slope(z: Array, beta: float, threshold: float) -> Array:
    steep = slopes.scaled(z, beta)
    slope = slopes.sigmoid(steep)
    return slope if threshold == inf else np.where(steep > threshold, z.dtype.type(1), slope)


@activation(
    "linear",
    derivative=np.ones_like,
    label="linear",
    formula="z",
    reference="",
    aliases={"identity": {}},
    fused=lambda: fused.linear,
)
def linear(z: Array) -> Array:
    """Return z itself."""
    return z


@activation(
    "sigmoid",
    derivative=lambda z: slopes.bell(np.exp(-np.abs(z))),
    label="sigmoid",
    formula=r"\frac{1}{1 + e^{-z}}",
    reference="Rumelhart, Hinton & Williams 1986, eq. 2",
    aliases={"logistic": {}},
    fused=lambda: fused.sigmoid,
)
def sigmoid(z: Array) -> Array:
    """Return ``1 / (1 + exp(-z))``: between 0 and 1, mean 1/2, slope at most 1/4."""
    return slopes.sigmoid(z)


@activation(
    "tanh",
    derivative=_sech2,
    label="tanh",
    formula=r"\tanh z",
    reference="LeCun, Bottou, Orr & Müller 1998, sec. 4.4",
    fused=lambda: fused.tanh,
)
def tanh(z: Array) -> Array:
    """Return the hyperbolic tangent: a sigmoid with mean 0 and slope 1 at 0."""
    return np.tanh(z)


@activation(
    "relu",
    derivative=_relu_slope,
    kinks=_relu_kinks,
    label="ReLU",
    formula=lambda negative_slope, max_value, threshold: (
        r"\max(0, z)" if max_value == inf and not threshold else r"\min(m, z \; [z > \theta]) + a \min(0, z - \theta)"
    ),
    reference="Nair & Hinton 2010; Glorot, Bordes & Bengio 2011",
    simpler=_relu_is_simpler,
    fused=lambda **parameters: fused.relu if tuple(parameters.values()) == (0, inf, 0) else None,
)
def relu(z: Array, *, negative_slope: float = 0.0, max_value: float = inf, threshold: float = 0.0) -> Array:
    """Return ``max(0, z)``; the derivative at 0 is 0.

    With Keras's parameters it is z above the threshold, cut at 0 and `max_value` where there is one, and
    ``negative_slope (z - threshold)`` below.
    """
    if not negative_slope and max_value == inf and not threshold:
        return np.maximum(z, 0.0)
    if max_value <= max(threshold, 0.0):
        raise UsageError(f"max_value must be above 0 and threshold, not {max_value:g}: nothing would pass")
    above = np.where(z <= threshold, z.dtype.type(0), z)
    cut = above if max_value == inf else np.clip(above, 0.0, max_value)
    return cut + negative_slope * np.minimum(z - threshold, 0.0) if negative_slope else cut


@activation(
    "leaky_relu",
    derivative=lambda z, negative_slope: slopes.step(z, below=negative_slope),
    kinks=(0.0,),
    label="leaky ReLU",
    formula=r"\max(0, z) + a \min(0, z)",
    reference="Maas, Hannun & Ng 2013, sec. 2",
    parameter_aliases={"a": "negative_slope", "alpha": "negative_slope"},
    fused=lambda negative_slope: partial(fused.leaky_relu, a=negative_slope) if 0 <= negative_slope <= 1 else None,
)
def leaky_relu(z: Array, *, negative_slope: float = 0.01) -> Array:
    """Return z, times `negative_slope` below 0 (PyTorch's and JAX's default; Keras's is 0.2)."""
    larger = np.maximum if negative_slope <= 1 else np.minimum
    return larger(z, negative_slope * z)


@activation(
    "elu",
    derivative=_elu_slope,
    kinks=(0.0,),
    label="ELU",
    formula=r"\max(0, z) + \alpha (e^{\min(0, z)} - 1)",
    reference="Clevert, Unterthiner & Hochreiter 2016, sec. 3",
    fused=lambda alpha: partial(fused.elu, alpha=alpha),
)
def elu(z: Array, *, alpha: float = 1.0) -> Array:
    """Return z above 0 and ``alpha (exp(z) - 1)`` below."""
    return np.maximum(z, 0.0) + alpha * np.expm1(np.minimum(z, 0.0))


_SELU_ALPHA = 1.6732632423543772
_SELU_SCALE = 1.0507009873554805


@activation(
    "selu",
    derivative=lambda z: _SELU_SCALE * _elu_slope(z, _SELU_ALPHA),
    kinks=(0.0,),
    label="SELU",
    formula=r"\lambda (\max(0, z) + \alpha (e^{\min(0, z)} - 1))",
    reference="Klambauer, Unterthiner, Mayr & Hochreiter 2017, eq. 2 and 14",
    fused=lambda: partial(fused.elu, alpha=_SELU_ALPHA, scale=_SELU_SCALE),
)
def selu(z: Array) -> Array:
    """Return the scaled ELU whose two constants make mean 0 and variance 1 a fixed point (eq. 14)."""
    return _SELU_SCALE * elu(z, alpha=_SELU_ALPHA)


@activation(
    "softplus",
    derivative=_softplus_slope,
    kinks=lambda beta, threshold: () if threshold == inf else (threshold / beta,),
    label="softplus",
    formula=lambda beta, threshold: r"\ln(1 + e^{z})" if beta == 1 else r"\frac{1}{\beta} \ln(1 + e^{\beta z})",
    reference="Dugas, Bengio, Bélisle, Nadeau & Garcia 2001",
    fused=lambda beta, threshold: fused.softplus if (beta, threshold) == (1, inf) else None,
)
def softplus(z: Array, *, beta: float = 1.0, threshold: float = inf) -> Array:
    """Return ``ln(1 + exp(beta z)) / beta``, whose derivative is the sigmoid; z itself where beta z > threshold."""
    steep = slopes.scaled(z, beta)
    h = np.maximum(steep, 0.0) + np.log1p(np.exp(-np.abs(steep)))
    h = h if beta == 1 else h / beta
    return h if threshold == inf else np.where(steep > threshold, z, h)


@activation(
    "softsign",
    derivative=lambda z: np.square(1 / (1 + np.abs(z))),
    kinks=(0.0,),
    label="softsign",
    formula=r"\frac{z}{1 + \lvert z \rvert}",
    reference="Bergstra, Desjardins, Lamblin & Bengio 2009",
    aliases={"soft_sign": {}},
    fused=lambda: fused.softsign,
)
def softsign(z: Array) -> Array:
    """Return ``z / (1 + |z|)``: like tanh, but its slope falls as 1/z^2 and not exponentially."""
    within = np.clip(z, -1e38, 1e38)
    h: Array = within / (1 + np.abs(within))
    return h


@activation(
    "hard_tanh",
    derivative=slopes.inside,
    kinks=lambda min_val, max_val: (min_val, max_val),
    label="hard tanh",
    formula=lambda min_val, max_val: rf"\max({min_val:.4g}, \min({max_val:.4g}, z))",
    reference="Collobert 2004",
    parameter_aliases={"min_value": "min_val", "max_value": "max_val"},
)
def hard_tanh(z: Array, *, min_val: float = -1.0, max_val: float = 1.0) -> Array:
    """Return z cut at two values, -1 and 1 by default; the derivative is 0 at both kinks."""
    if min_val >= max_val:
        raise UsageError(f"min_val must be below max_val, but {min_val:g} >= {max_val:g}")
    return np.clip(z, min_val, max_val)


@activation(
    "erf",
    derivative=lambda z: (2 / sqrt(pi)) * np.exp(-np.square(np.clip(z, -40.0, 40.0))),
    label="erf",
    formula=r"\mathrm{erf} z",
    reference="Williams 1997",
)
def erf(z: Array) -> Array:
    """Return the error function: nearly tanh, and mean field theory has it in closed form."""
    return special.erf(z)


@activation(
    "lecun_tanh",
    derivative=lambda z: (1.7159 * 2 / 3) * _sech2((2 / 3) * z),
    label="LeCun's tanh",
    formula=r"1.7159 \tanh \frac{2 z}{3}",
    reference="LeCun, Bottou, Orr & Müller 1998, sec. 4.4",
)
def lecun_tanh(z: Array) -> Array:
    """Return ``1.7159 tanh(2 z / 3)``, which maps 1 to 1 and -1 to -1."""
    return 1.7159 * np.tanh((2 / 3) * z)


from reportgen.nn import gates, piecewise, smooth  # noqa: E402, F401  (the lists name them after those above)

activations.spell(ACTIVATIONS, NO_ACTIVATIONS)
