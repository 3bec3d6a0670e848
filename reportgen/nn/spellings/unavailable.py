"""Initializers and activations of the frameworks that cannot be here: why not, and what is nearest.

Weights here are dense matrices, and an activation acts on every unit by itself, has no weights of its own and draws
nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.callform import Call
from reportgen.registry import Reason
from reportgen.spelling import framework_of, without_array

__all__ = ["NO_ACTIVATIONS", "NO_INITIALIZERS"]

_CONVOLUTION = "it is made for convolutions, and weights here are dense matrices"

NO_INITIALIZERS: Mapping[str, Reason] = {
    "dirac_": f"{_CONVOLUTION}; for them identity does the same, it hands every input on",
    "dirac": f"{_CONVOLUTION}; for them identity does the same, it hands every input on",
    "delta_orthogonal": f"{_CONVOLUTION}; for them write orthogonal, which it draws at the center of the filter",
    "STFT": f"{_CONVOLUTION}; its waves are fixed, a file for `--plugin` can return them as a matrix",
    "STFTInitializer": f"{_CONVOLUTION}; its waves are fixed, a file for `--plugin` can return them as a matrix",
    "LSUV": "it rescales by data what another start has drawn: write orthogonal, from which it begins",
}


def _gated(gate: str) -> str:
    return (
        f"it multiplies one half of the units with {gate} of the other, and activations here act on every unit by"
        f" itself; the gate alone is {gate}"
    )


def _mixing(nearest: str) -> str:
    return f"its value depends on several units, and activations here act on every unit by itself; {nearest}"


def _number(call: Call, at: int, key: str, default: float) -> float:
    """Return a parameter that may stand at a place or by its name."""
    value = call.positional[at] if len(call.positional) > at else call.keywords.get(key, default)
    return value if isinstance(value, float | int) else default


def _learned(call: Call) -> str:
    """Name the start of PReLU: 0.25 in PyTorch unless told otherwise, 0 in Keras, 0.01 in Flax."""
    framework = framework_of(call.path, call.name)
    start = {"Keras": 0.0, "JAX": 0.01}.get(framework, _number(call, 1, "init", 0.25))
    here = f"leaky_relu({start:.6g})" if start else "relu"
    return f"its slope is learned, and activations here have no weights; {here} is what it starts as"


def _random(call: Call) -> str:
    bare = without_array(call)
    mean = (_number(bare, 0, "lower", 1 / 8) + _number(bare, 1, "upper", 1 / 3)) / 2
    return (
        "it draws its slopes anew in every step, and activations here draw nothing;"
        f" leaky_relu({mean:.6g}) has their mean, and is what it does after training"
    )


_DROPOUT = "it drops units at random: it is a layer and no activation; on average it is linear"
_NORMALIZATION = "it is a normalization over units or inputs and no activation; write linear for a layer without one"
_LAYER = "it is a layer with weights of its own and no activation"

NO_ACTIVATIONS: Mapping[str, Reason] = {
    **{name: _gated("sigmoid") for name in ("GLU", "gated_linear_unit")},
    "SwiGLU": _gated("silu"),
    "GEGLU": _gated("gelu"),
    "ReGLU": _gated("relu"),
    "Bilinear": _gated("linear"),
    **{name: _mixing("sigmoid is a softmax of two") for name in ("softmax", "Softmax2d", "softmin", "gumbel_softmax")},
    "log_softmax": _mixing("log_sigmoid is that of two"),
    "logsumexp": _mixing("softplus is that of one unit and zero"),
    "sparsemax": _mixing("sparse_sigmoid is that of two"),
    "Maxout": _mixing("leaky_relu is the greater of two lines"),
    "CReLU": "it makes two units of one, relu(z) and relu(-z), and activations here keep their number; write relu",
    "PReLU": _learned,
    "RReLU": _random,
    "RReLU_": _random,
    **dict.fromkeys(("Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout"), _DROPOUT),
    **dict.fromkeys(("FeatureAlphaDropout", "GaussianDropout", "SpatialDropout1D"), _DROPOUT),
    **dict.fromkeys(("normalize", "standardize", "LayerNorm", "BatchNorm", "BatchNorm1d", "RMSNorm"), _NORMALIZATION),
    **dict.fromkeys(("LayerNormalization", "BatchNormalization"), _NORMALIZATION),
    **dict.fromkeys(("MultiheadAttention", "AdaptiveLogSoftmaxWithLoss", "Linear", "Dense"), _LAYER),
}
"""Name -> why it cannot be an activation here, and what is nearest; capitals and underscores do not count."""
