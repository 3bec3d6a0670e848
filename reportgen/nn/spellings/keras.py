"""Keras 3's initializers and activations, its activation layers and those of tf.nn, with their signatures."""

from __future__ import annotations

from collections.abc import Callable

from reportgen.callform import Value
from reportgen.registry import Spelling

__all__ = ["ACTIVATIONS", "INITIALIZERS"]


def _spelling(signature: str, meaning: str | Callable[..., str], about: str = "", *, bare: bool = True) -> Spelling:
    return Spelling("Keras", signature, meaning, tuple(about.split()), bare)


def _both(signature: str, meaning: str | Callable[..., str], about: str = "") -> tuple[Spelling, Spelling]:
    """Return a class and the snake_case name that Keras keeps for it."""
    snake = "".join(f"_{one.lower()}" if one.isupper() else one for one in signature.partition("(")[0]).strip("_")
    return _spelling(signature, meaning, about), _spelling(f"{snake}({signature.partition('(')[2]}", meaning, about)


def _variance_scaling(scale: Value, mode: Value, distribution: Value) -> str:
    """Take "normal" for the truncated one, as Keras has done since it had both."""
    word = "truncated_normal" if distribution == "normal" else distribution
    return f"variance_scaling(scale={scale!r}, mode={mode!r}, distribution={word!r})"


def _relu(negative_slope: Value, max_value: Value, threshold: Value) -> str:
    bound = "" if max_value is None else f", max_value={max_value!r}"
    return f"relu(negative_slope={negative_slope!r}{bound}, threshold={threshold!r})"


INITIALIZERS = (
    *_both("Zeros()", "zeros"),
    *_both("Ones()", "ones"),
    _spelling("zero()", "zeros"),
    _spelling("one()", "ones"),
    *_both("Constant(value=0.0)", "constant(value={value})"),
    *_both("Identity(gain=1.0)", "identity(gain={gain})"),
    _spelling("IdentityInitializer(gain=1.0)", "identity(gain={gain})"),
    *_both("RandomNormal(mean=0.0, stddev=0.05, seed=None)", "random_normal(mean={mean}, stddev={stddev})"),
    *_both("RandomUniform(minval=-0.05, maxval=0.05, seed=None)", "random_uniform(minval={minval}, maxval={maxval})"),
    *_both("TruncatedNormal(mean=0.0, stddev=0.05, seed=None)", "truncated_normal(mean={mean}, stddev={stddev})"),
    _spelling(
        "VarianceScaling(scale=1.0, mode='fan_in', distribution='truncated_normal', seed=None)",
        _variance_scaling,
        "variance_scaling",
    ),
    _spelling(
        "variance_scaling(scale=1.0, mode='fan_in', distribution='truncated_normal', seed=None)",
        "variance_scaling(scale={scale}, mode={mode}, distribution={distribution})",
    ),
    *_both("GlorotNormal(seed=None)", "glorot_normal"),
    *_both("GlorotUniform(seed=None)", "glorot_uniform"),
    *_both("HeNormal(seed=None)", "he_normal"),
    *_both("HeUniform(seed=None)", "he_uniform"),
    *_both("LecunNormal(seed=None)", "lecun_normal"),
    *_both("LecunUniform(seed=None)", "lecun_uniform"),
    *_both("Orthogonal(gain=1.0, seed=None)", "orthogonal(gain={gain})"),
    _spelling("OrthogonalInitializer(gain=1.0, seed=None)", "orthogonal(gain={gain})"),
    # Short names of older versions, which JAX has too: only behind Keras's prefix.
    _spelling("normal(mean=0.0, stddev=0.05, seed=None)", "random_normal(mean={mean}, stddev={stddev})", bare=False),
    _spelling(
        "uniform(minval=-0.05, maxval=0.05, seed=None)", "random_uniform(minval={minval}, maxval={maxval})", bare=False
    ),
)

_LEAKY = "leaky_relu(negative_slope={negative_slope})"

ACTIVATIONS = (
    _spelling("celu(x, alpha=1.0)", "celu(alpha={alpha})"),
    _spelling("elu(x, alpha=1.0)", "elu(alpha={alpha})"),
    _spelling("exponential(x)", "exponential"),
    _spelling("exp(x)", "exponential"),
    _spelling("gelu(x, approximate=False)", "gelu(approximate={approximate})"),
    _spelling("hard_shrink(x, threshold=0.5)", "hard_shrink(threshold={threshold})"),
    _spelling("hard_sigmoid(x)", "hard_sigmoid"),
    _spelling("hard_silu(x)", "hard_silu"),
    _spelling("hard_swish(x)", "hard_silu"),
    _spelling("hard_tanh(x)", "hard_tanh"),
    _spelling("leaky_relu(x, negative_slope=0.2)", _LEAKY),
    _spelling("linear(x)", "linear"),
    _spelling("log_sigmoid(x)", "log_sigmoid"),
    _spelling("mish(x)", "mish"),
    _spelling("relu(x, negative_slope=0.0, max_value=None, threshold=0.0)", _relu, "relu"),
    _spelling("relu6(x)", "relu6"),
    _spelling("selu(x)", "selu"),
    _spelling("sigmoid(x)", "sigmoid"),
    _spelling("silu(x, beta=1.0)", "silu(beta={beta})"),  # beta is tf.nn's
    _spelling("swish(x, beta=1.0)", "silu(beta={beta})"),
    _spelling("soft_shrink(x, threshold=0.5)", "soft_shrink(threshold={threshold})"),
    _spelling("softplus(x)", "softplus"),
    _spelling("softsign(x)", "softsign"),
    _spelling("sparse_plus(x)", "sparse_plus"),
    _spelling("sparse_sigmoid(x)", "sparse_sigmoid"),
    _spelling("squareplus(x, b=4)", "squareplus(b={b})"),
    _spelling("tanh(x)", "tanh"),
    _spelling("tanh_shrink(x)", "tanh_shrink"),
    _spelling("threshold(x, threshold, default_value)", "threshold(threshold={threshold}, value={default_value})"),
    # The layers have an order, and a default, of their own.
    _spelling("ReLU(max_value=None, negative_slope=0.0, threshold=0.0)", _relu, "relu"),
    _spelling("LeakyReLU(negative_slope=0.3)", _LEAKY),
    _spelling("ELU(alpha=1.0)", "elu(alpha={alpha})"),
    _spelling("Identity()", "linear"),
    _spelling("ThresholdedReLU(theta=1.0)", "threshold(threshold={theta}, value=0.0)"),
)
