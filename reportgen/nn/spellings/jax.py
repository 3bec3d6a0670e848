"""JAX's and Flax's initializers (jax.nn.initializers) and activations (jax.nn), with their signatures.

Initializers there are made by factories, ``he_normal()(key, shape)``; their axes are those of (fan_in, fan_out).
"""

from __future__ import annotations

from collections.abc import Callable

from reportgen.callform import Value
from reportgen.registry import Spelling

__all__ = ["ACTIVATIONS", "INITIALIZERS"]


def _spelling(signature: str, meaning: str | Callable[..., str], about: str = "") -> Spelling:
    return Spelling("JAX", signature, meaning, tuple(about.split()))


def _fixed(name: str) -> Callable[..., str]:
    """Return what JAX's functions of a key and a shape are that need neither."""

    def of(key: Value, shape: Value) -> str:
        return name

    return of


_AXES = "in_axis=-2, out_axis=-1, batch_axis=(), dtype=None"
_SCALED = {
    "glorot_normal": "glorot_normal",
    "glorot_uniform": "glorot_uniform",
    "he_normal": "he_normal",
    "he_uniform": "he_uniform",
    "kaiming_normal": "he_normal",
    "kaiming_uniform": "he_uniform",
    "lecun_normal": "lecun_normal",
    "lecun_uniform": "lecun_uniform",
    "xavier_normal": "glorot_normal",
    "xavier_uniform": "glorot_uniform",
}

INITIALIZERS = (
    _spelling("zeros(key=None, shape=None, dtype=None)", _fixed("zeros"), "zeros"),
    _spelling("zeros_init()", "zeros"),
    _spelling("ones(key=None, shape=None, dtype=None)", _fixed("ones"), "ones"),
    _spelling("ones_init()", "ones"),
    _spelling("constant(value, dtype=None)", "constant(value={value})"),
    _spelling("uniform(scale=0.01, dtype=None)", "random_uniform(minval=0.0, maxval={scale})"),
    _spelling("normal(stddev=0.01, dtype=None)", "random_normal(mean=0.0, stddev={stddev})"),
    _spelling(
        "truncated_normal(stddev=0.01, dtype=None, lower=-2.0, upper=2.0)",
        "truncated_normal(mean=0.0, stddev={stddev}, lower={lower}, upper={upper})",
    ),
    _spelling(
        f"variance_scaling(scale, mode, distribution, {_AXES})",
        "variance_scaling(scale={scale}, mode={mode}, distribution={distribution})",
    ),
    _spelling("orthogonal(scale=1.0, column_axis=-1, dtype=None)", "orthogonal(gain={scale})"),
    *(_spelling(f"{name}({_AXES})", ours) for name, ours in _SCALED.items()),
)

ACTIVATIONS = (
    _spelling("relu(x)", "relu"),
    _spelling("relu6(x)", "relu6"),
    _spelling("sigmoid(x)", "sigmoid"),
    _spelling("softplus(x)", "softplus"),
    _spelling("sparse_plus(x)", "sparse_plus"),
    _spelling("sparse_sigmoid(x)", "sparse_sigmoid"),
    _spelling("soft_sign(x)", "softsign"),
    _spelling("silu(x)", "silu"),
    _spelling("swish(x)", "silu"),
    _spelling("log_sigmoid(x)", "log_sigmoid"),
    _spelling("leaky_relu(x, negative_slope=0.01)", "leaky_relu(negative_slope={negative_slope})"),
    _spelling("hard_sigmoid(x)", "hard_sigmoid"),
    _spelling("hard_silu(x)", "hard_silu"),
    _spelling("hard_swish(x)", "hard_silu"),
    _spelling("hard_tanh(x)", "hard_tanh"),
    _spelling("tanh(x)", "tanh"),
    _spelling("elu(x, alpha=1.0)", "elu(alpha={alpha})"),
    _spelling("celu(x, alpha=1.0)", "celu(alpha={alpha})"),
    _spelling("selu(x)", "selu"),
    _spelling("gelu(x, approximate=True)", "gelu(approximate={approximate})"),
    _spelling("squareplus(x, b=4)", "squareplus(b={b})"),
    _spelling("mish(x)", "mish"),
    _spelling("identity(x)", "linear"),
    _spelling("erf(x)", "erf"),
    _spelling("exp(x)", "exponential"),
)
