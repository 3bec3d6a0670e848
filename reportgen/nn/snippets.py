"""A start in the code of the frameworks: one line of Keras, PyTorch and JAX for every start that is recommended.

The lines are for a dense layer: `Dense` of Keras, `nn.Linear` of PyTorch with its weight `w` (the transpose of ours:
fan_in is ``w.shape[1]``), and `nn.Dense` of Flax. Biases start at zero, which Keras and Flax do by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reportgen.nn.initializers import initializers
from reportgen.registry import Scalar

__all__ = ["FRAMEWORKS", "snippets"]

FRAMEWORKS = ("Keras", "PyTorch", "JAX")

_Lines = tuple[str, str, str]
"""What makes the weights in Keras, PyTorch and JAX."""


def snippets(initializer: str) -> Mapping[str, str]:
    """Return framework -> the line that gives a dense layer this start; nothing for a start that has no short one.

    Parameters
    ----------
    initializer
        Registry name, with parameters where wanted.

    Examples
    --------
    >>> print(snippets("orthogonal(gain=1.5)")["PyTorch"])
    nn.init.orthogonal_(w, gain=1.5); nn.init.zeros_(b)
    >>> print(snippets("he_normal")["Keras"])
    Dense(units, kernel_initializer="he_normal")
    """
    definition, given = initializers.definition(initializer), initializers.parameters(initializer)
    others = {name for name, value in given.items() if value != definition.parameters[name]} - _SCALES
    if definition.name not in _WRITTEN or others:
        return {}
    keras, torch, jax = _WRITTEN[definition.name](given)
    return {
        "Keras": f"Dense(units, kernel_initializer={keras})",
        "PyTorch": f"{torch}; nn.init.zeros_(b)",
        "JAX": f"nn.Dense(units, kernel_init={jax})",
    }


def _number(value: Scalar) -> str:
    return f"{float(value):.6g}"


def _scaled(scale: float, mode: str, distribution: str = "truncated_normal") -> tuple[str, str]:
    """Return the family's general member in Keras and in JAX, whose normals are cut and corrected alike."""
    keras = [f"scale={_number(scale)}", f'mode="{mode}"']
    if distribution != "truncated_normal":
        keras.append(f'distribution="{distribution}"')
    return (
        f"keras.initializers.VarianceScaling({', '.join(keras)})",
        f'jax.nn.initializers.variance_scaling({_number(scale)}, "{mode}", "{distribution}")',
    )


def _glorot(given: Mapping[str, Scalar]) -> _Lines:
    gain = float(given["gain"])
    if gain == 1:
        return '"glorot_normal"', "nn.init.xavier_normal_(w)", "jax.nn.initializers.glorot_normal()"
    keras, jax = _scaled(gain * gain, "fan_avg")
    return keras, f"nn.init.xavier_normal_(w, gain={_number(gain)})", jax


def _he(given: Mapping[str, Scalar]) -> _Lines:
    slope = float(given["negative_slope"])
    if slope == 0:
        return '"he_normal"', 'nn.init.kaiming_normal_(w, nonlinearity="relu")', "jax.nn.initializers.he_normal()"
    keras, jax = _scaled(2 / (1 + slope * slope), "fan_in")
    return keras, f'nn.init.kaiming_normal_(w, a={_number(slope)}, nonlinearity="leaky_relu")', jax


def _lecun(_given: Mapping[str, Scalar]) -> _Lines:
    torch = 'nn.init.kaiming_normal_(w, nonlinearity="linear")'
    return '"lecun_normal"', torch, "jax.nn.initializers.lecun_normal()"


def _orthogonal(given: Mapping[str, Scalar]) -> _Lines:
    gain = float(given["gain"])
    if gain == 1:
        return "keras.initializers.Orthogonal()", "nn.init.orthogonal_(w)", "jax.nn.initializers.orthogonal()"
    return (
        f"keras.initializers.Orthogonal(gain={_number(gain)})",
        f"nn.init.orthogonal_(w, gain={_number(gain)})",
        f"jax.nn.initializers.orthogonal(scale={_number(gain)})",
    )


def _variance_scaling(given: Mapping[str, Scalar]) -> _Lines:
    scale = float(given["scale"])
    keras, jax = _scaled(scale, "fan_in")
    return keras, f"nn.init.normal_(w, std=({_number(scale)} / w.shape[1]) ** 0.5)", jax


def _torch_default(_given: Mapping[str, Scalar]) -> _Lines:
    keras, jax = _scaled(1 / 3, "fan_in", "uniform")
    return keras, "nn.init.kaiming_uniform_(w, a=5 ** 0.5)", jax


def _centered(given: Mapping[str, Scalar]) -> _Lines:
    gain = _number(given["gain"])
    return (
        f"lambda shape, dtype=None: (w := {gain} / shape[0] ** 0.5 * keras.random.normal(shape)) "
        "- keras.ops.mean(w, axis=0)",
        f"nn.init.normal_(w, std={gain} / w.shape[1] ** 0.5); w.data -= w.data.mean(1, keepdim=True)",
        f"lambda key, shape, dtype=float: (w := {gain} / shape[0] ** 0.5 * jax.random.normal(key, shape)) - w.mean(0)",
    )


_SCALES = {"gain", "scale", "negative_slope"}
"""Parameters that a line can have another value of; the others stay at their defaults."""

_WRITTEN: Mapping[str, Callable[[Mapping[str, Scalar]], _Lines]] = {
    "glorot_normal": _glorot,
    "he_normal": _he,
    "lecun_normal": _lecun,
    "orthogonal": _orthogonal,
    "variance_scaling": _variance_scaling,
    "torch_default": _torch_default,
    "centered_normal": _centered,
}
