"""What a unit does to its weighted sum: every activation with its derivative, its kinks and other spellings.

An activation is one function phi decorated with `activation`, here or in a plugin file. ``phi(z)`` and its derivative
take a float array of any shape and return one of the same shape and dtype. No z up to 1e30 in size overflows or warns,
on the way to the result or in it, and an infinite z gives the limit. Where the derivative jumps it has the value from
the left, as in PyTorch; `hard_tanh`, where PyTorch differs, says so.
"""

from __future__ import annotations

from math import pi, sqrt

import numpy as np
from scipy import special

from reportgen.nn.activation import Activation, Array, activation, activations

__all__ = ["Activation", "activation", "activations"]


def _step(z: Array, below: float = 0.0) -> Array:
    """Return 1 where z > 0 and `below` elsewhere, without a branch per entry."""
    above = (z > 0).astype(z.dtype)
    return above + below * (1 - above) if below else above


def _sigmoid(z: Array) -> Array:
    """Return ``1 / (1 + exp(-z))`` with no exponent above zero: nothing overflows and both tails keep their digits."""
    sigma: Array = np.exp(np.minimum(z, 0.0)) / (1 + np.exp(-np.abs(z)))
    return sigma


def _bell(tail: Array) -> Array:
    """Return the sigmoid's slope where exp(-|z|) is `tail`: positive far out, where ``h (1 - h)`` rounds to zero."""
    slope: Array = tail / np.square(1 + tail)
    return slope


def _sech2(z: Array) -> Array:
    return 4 * _bell(np.square(np.exp(-np.abs(z))))


def _elu_slope(z: Array, alpha: float) -> Array:
    slope: Array = np.exp(np.minimum(z, 0.0))
    return slope if alpha == 1 else slope * _step(z, below=alpha)


def _gelu_slope(z: Array) -> Array:
    within = np.clip(z, -40.0, 40.0)
    slope: Array = special.ndtr(within) + within * np.exp(np.square(within) / -2) / sqrt(2 * pi)
    return slope


def _silu_slope(z: Array) -> Array:
    slope: Array = _sigmoid(z) + np.clip(z, -800.0, 800.0) * _bell(np.exp(-np.abs(z)))
    return slope


def _mish_parts(z: Array) -> tuple[Array, Array]:
    """Return u = exp(z) and n = u (u + 2), for which tanh(softplus(z)) = n / (n + 2); z above 20 counts as 20."""
    u = np.exp(np.minimum(z, 20.0))
    return u, u * (u + 2)


def _mish_slope(z: Array) -> Array:
    u, n = _mish_parts(z)
    slope: Array = n / (n + 2) + np.clip(z, -800.0, 20.0) * 4 * u * (1 + u) / np.square(n + 2)
    return slope


@activation("linear", derivative=np.ones_like, label="linear", formula="z", reference="", aliases={"identity": {}})
def linear(z: Array) -> Array:
    """Return z itself."""
    return z


@activation(
    "sigmoid",
    derivative=lambda z: _bell(np.exp(-np.abs(z))),
    label="sigmoid",
    formula=r"\frac{1}{1 + e^{-z}}",
    reference="Rumelhart, Hinton & Williams 1986, eq. 2",
    aliases={"logistic": {}},
)
def sigmoid(z: Array) -> Array:
    """Return ``1 / (1 + exp(-z))``: between 0 and 1, mean 1/2, slope at most 1/4."""
    return _sigmoid(z)


@activation(
    "tanh",
    derivative=_sech2,
    label="tanh",
    formula=r"\tanh z",
    reference="LeCun, Bottou, Orr & Müller 1998, sec. 4.4",
)
def tanh(z: Array) -> Array:
    """Return the hyperbolic tangent: a sigmoid with mean 0 and slope 1 at 0."""
    return np.tanh(z)


@activation(
    "relu",
    derivative=_step,
    kinks=(0.0,),
    label="ReLU",
    formula=r"\max(0, z)",
    reference="Nair & Hinton 2010; Glorot, Bordes & Bengio 2011",
    aliases={"ReLU": {}},
)
def relu(z: Array) -> Array:
    """Return ``max(0, z)``; the derivative at 0 is 0."""
    return np.maximum(z, 0.0)


@activation(
    "leaky_relu",
    derivative=lambda z, negative_slope: _step(z, below=negative_slope),
    kinks=(0.0,),
    label="leaky ReLU",
    formula=r"\max(0, z) + a \min(0, z)",
    reference="Maas, Hannun & Ng 2013, sec. 2",
    aliases={"LeakyReLU": {}},
    parameter_aliases={"a": "negative_slope", "alpha": "negative_slope"},
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
)
def selu(z: Array) -> Array:
    """Return the scaled ELU whose two constants make mean 0 and variance 1 a fixed point (eq. 14)."""
    return _SELU_SCALE * elu(z, alpha=_SELU_ALPHA)


@activation(
    "gelu",
    derivative=_gelu_slope,
    label="GELU",
    formula=r"z \Phi(z)",
    reference="Hendrycks & Gimpel 2016, sec. 2",
)
def gelu(z: Array) -> Array:
    """Return z times the normal distribution function of z: exact, without the tanh that JAX uses by default."""
    return np.maximum(z, -40.0) * special.ndtr(z)


@activation(
    "silu",
    derivative=_silu_slope,
    label="SiLU",
    formula=r"\frac{z}{1 + e^{-z}}",
    reference="Hendrycks & Gimpel 2016; Elfwing, Uchibe & Doya 2018; Ramachandran, Zoph & Le 2017",
    aliases={"swish": {}, "SiLU": {}},
)
def silu(z: Array) -> Array:
    """Return z times its sigmoid, also known as swish."""
    return np.maximum(z, -800.0) * _sigmoid(z)


@activation(
    "softplus",
    derivative=_sigmoid,
    label="softplus",
    formula=r"\ln(1 + e^{z})",
    reference="Dugas, Bengio, Bélisle, Nadeau & Garcia 2001",
)
def softplus(z: Array) -> Array:
    """Return ``ln(1 + exp(z))``, whose derivative is the sigmoid."""
    return np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))


@activation(
    "softsign",
    derivative=lambda z: np.square(1 / (1 + np.abs(z))),
    kinks=(0.0,),
    label="softsign",
    formula=r"\frac{z}{1 + \lvert z \rvert}",
    reference="Bergstra, Desjardins, Lamblin & Bengio 2009",
    aliases={"soft_sign": {}},
)
def softsign(z: Array) -> Array:
    """Return ``z / (1 + |z|)``: like tanh, but its slope falls as 1/z^2 and not exponentially."""
    within = np.clip(z, -1e38, 1e38)
    h: Array = within / (1 + np.abs(within))
    return h


@activation(
    "mish",
    derivative=_mish_slope,
    label="Mish",
    formula=r"z \tanh(\ln(1 + e^{z}))",
    reference="Misra 2019",
)
def mish(z: Array) -> Array:
    """Return ``z tanh(softplus(z))``."""
    _, n = _mish_parts(z)
    h: Array = np.maximum(z, -800.0) * (n / (n + 2))
    return h


@activation(
    "hard_tanh",
    derivative=lambda z: (np.abs(z) < 1).astype(z.dtype),
    kinks=(-1.0, 1.0),
    label="hard tanh",
    formula=r"\max(-1, \min(1, z))",
    reference="Collobert 2004",
    aliases={"Hardtanh": {}},
)
def hard_tanh(z: Array) -> Array:
    """Return z cut at -1 and 1; the derivative is 0 at both kinks."""
    return np.clip(z, -1.0, 1.0)


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
