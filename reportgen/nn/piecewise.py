"""Activations made of straight and quadratic pieces: the hard ones, those that shrink, those with a threshold.

Some have a step (`hard_shrink`, `threshold`). Backpropagation does not see a step, in PyTorch as here, and neither does
the theory of gradients.
"""

from __future__ import annotations

import numpy as np

from reportgen.errors import UsageError
from reportgen.nn.activation import Array, activation
from reportgen.nn.slopes import inside

__all__: list[str] = []


@activation(
    "relu6",
    derivative=lambda z: inside(z, 0.0, 6.0),
    kinks=(0.0, 6.0),
    label="ReLU6",
    formula=r"\min(6, \max(0, z))",
    reference="Krizhevsky 2010, Convolutional Deep Belief Networks on CIFAR-10",
)
def relu6(z: Array) -> Array:
    """Return ReLU cut at 6; the derivative is 0 at both kinks."""
    return np.clip(z, 0.0, 6.0)


@activation(
    "hard_sigmoid",
    derivative=lambda z: inside(z, -3.0, 3.0) / 6,
    kinks=(-3.0, 3.0),
    label="hard sigmoid",
    formula=r"\max(0, \min(1, \frac{z}{6} + \frac{1}{2}))",
    reference="Howard et al. 2019, sec. 5.2; Courbariaux, Bengio & David 2015, with a slope of 1/2",
)
def hard_sigmoid(z: Array) -> Array:
    """Return ``relu6(z + 3) / 6``, as PyTorch, Keras 3 and JAX do (Keras 2 had a slope of 0.2)."""
    return np.clip(z, -3.0, 3.0) / 6 + 0.5


def _hard_silu_slope(z: Array) -> Array:
    within = np.clip(z, -3.0, 3.0)
    slope: Array = np.where(z >= 3, z.dtype.type(1), (z > -3) * (2 * within + 3) / 6)
    return slope


@activation(
    "hard_silu",
    derivative=_hard_silu_slope,
    kinks=(-3.0, 3.0),
    label="hard SiLU",
    formula=r"z \max(0, \min(1, \frac{z}{6} + \frac{1}{2}))",
    reference="Howard et al. 2019, sec. 5.2",
    aliases={"hard_swish": {}},
)
def hard_silu(z: Array) -> Array:
    """Return ``z relu6(z + 3) / 6``, also known as hard swish; the derivative is 0 at -3 and 1 at 3."""
    return np.maximum(z, -3.0) * hard_sigmoid(z)


def _two_sided(threshold: float) -> tuple[float, ...]:
    return (-threshold, threshold) if threshold else (0.0,)


def _not_negative(threshold: float) -> None:
    if threshold < 0:
        raise UsageError(f"threshold must be 0 or more, not {threshold:g}")


@activation(
    "hard_shrink",
    derivative=lambda z, threshold: (np.abs(z) > threshold).astype(z.dtype),
    kinks=_two_sided,
    label="hard shrink",
    formula=r"z \; [\lvert z \rvert > \lambda]",
    reference="Donoho & Johnstone 1994, sec. 1.2",
    parameter_aliases={"lambd": "threshold"},
)
def hard_shrink(z: Array, *, threshold: float = 0.5) -> Array:
    """Return z, and 0 within the threshold."""
    _not_negative(threshold)
    h: Array = np.where(np.abs(z) <= threshold, z.dtype.type(0), z)
    return h


@activation(
    "soft_shrink",
    derivative=lambda z, threshold: (np.abs(z) > threshold).astype(z.dtype),
    kinks=_two_sided,
    label="soft shrink",
    formula=r"z - \max(-\lambda, \min(\lambda, z))",
    reference="Donoho & Johnstone 1994, sec. 1.2",
    parameter_aliases={"lambd": "threshold"},
)
def soft_shrink(z: Array, *, threshold: float = 0.5) -> Array:
    """Return z moved towards 0 by the threshold, and 0 within it."""
    _not_negative(threshold)
    h: Array = z - np.clip(z, -threshold, threshold)
    return h


@activation(
    "threshold",
    derivative=lambda z, threshold, value: (z > threshold).astype(z.dtype),
    kinks=lambda threshold, value: (threshold,),
    label="threshold",
    formula=r"z \; [z > \theta] + v \; [z \le \theta]",
    reference="Konda, Memisevic & Krueger 2015",
    parameter_aliases={"default_value": "value", "theta": "threshold"},
    simpler=lambda threshold, value: "" if threshold or value else "relu",
)
def threshold(z: Array, *, threshold: float = 1.0, value: float = 0.0) -> Array:
    """Return z above the threshold and `value` up to it: with 0 for both it is ReLU."""
    h: Array = np.where(z <= threshold, z.dtype.type(value), z)
    return h


@activation(
    "sparse_plus",
    derivative=lambda z: np.clip((z + 1) / 2, 0.0, 1.0),
    kinks=(-1.0, 1.0),
    label="sparse plus",
    formula=r"\int_{-\infty}^{z} \max(0, \min(1, \frac{t + 1}{2})) \, dt",
    reference="Martins & Astudillo 2016, of whose sparsemax for two it is the integral; JAX, Keras",
)
def sparse_plus(z: Array) -> Array:
    """Return 0 up to -1, z from 1 on, and ``(z + 1)² / 4`` in between: a softplus without tails."""
    h: Array = np.square(np.clip(z, -1.0, 1.0) + 1) / 4 + (np.maximum(z, 1.0) - 1)
    return h


@activation(
    "sparse_sigmoid",
    derivative=lambda z: inside(z, -1.0, 1.0) / 2,
    kinks=(-1.0, 1.0),
    label="sparse sigmoid",
    formula=r"\max(0, \min(1, \frac{z + 1}{2}))",
    reference="Martins & Astudillo 2016, sparsemax for two",
)
def sparse_sigmoid(z: Array) -> Array:
    """Return ``(z + 1) / 2`` cut at 0 and 1, the derivative of `sparse_plus`."""
    return (np.clip(z, -1.0, 1.0) + 1) / 2
