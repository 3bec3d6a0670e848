"""What people paste from JAX and Flax is read as JAX documents it: names, order, defaults, variances and functions."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import special

from reportgen.errors import UsageError
from reportgen.nn.activations import activations
from reportgen.nn.initializers import initializers

Floats = NDArray[np.float64]
Function = Callable[[Floats], Floats]

FAN_IN, FAN_OUT = 300, 200
MEAN = (FAN_IN + FAN_OUT) / 2
GEOMETRIC = math.sqrt(FAN_IN * FAN_OUT)
CUT = 0.87962566103423978**2
"""Variance of a standard normal distribution that is cut at two."""


def cut(variance: float) -> float:
    """Return the greatest weight of a normal distribution that is cut and then brought to this variance."""
    return 2 * math.sqrt(variance / CUT)


INITIALIZERS = [
    ("jax.nn.initializers.zeros", "zeros", 0.0, 0.0),
    ("jax.nn.initializers.zeros(key, (2, 3), jnp.float32)", "zeros", 0.0, 0.0),
    ("nn.initializers.zeros_init()", "zeros", 0.0, 0.0),
    ("jax.nn.initializers.ones", "ones", 0.0, 1.0),
    ("nn.initializers.ones_init()", "ones", 0.0, 1.0),
    ("jax.nn.initializers.constant(-7)", "constant(value=-7)", 0.0, 7.0),
    ("jax.nn.initializers.uniform(10.0)", "random_uniform(minval=0, maxval=10)", 100 / 12, 10.0),
    ("jax.nn.initializers.uniform()", "random_uniform(minval=0, maxval=0.01)", 1e-4 / 12, 0.01),
    ("uniform(scale=1)", "random_uniform(minval=0, maxval=1)", 1 / 12, 1.0),
    ("uniform(2)", "random_uniform(minval=0, maxval=2)", 4 / 12, 2.0),
    ("jax.nn.initializers.normal(5.0)", "random_normal(stddev=5)", 25.0, math.inf),
    ("jax.nn.initializers.normal()", "random_normal(stddev=0.01)", 1e-4, math.inf),
    ("nn.initializers.normal(stddev=0.02)", "random_normal(stddev=0.02)", 4e-4, math.inf),
    ("normal", "random_normal(stddev=0.01)", 1e-4, math.inf),
    ("normal(0.02)", "random_normal(stddev=0.02)", 4e-4, math.inf),
    ("jax.nn.initializers.truncated_normal(5.0)", "truncated_normal(stddev=5)", CUT * 25, 10.0),
    ("jax.nn.initializers.truncated_normal()", "truncated_normal(stddev=0.01)", CUT * 1e-4, 0.02),
    (
        "nn.initializers.truncated_normal(0.1, jnp.float32, -1.0, 1.0)",
        "truncated_normal(stddev=0.1, lower=-1, upper=1)",
        0.29112509477279095 / 100,
        0.1,
    ),
    (
        'jax.nn.initializers.variance_scaling(2.0, "fan_in", "truncated_normal", in_axis=-2, out_axis=-1)',
        "variance_scaling(scale=2)",
        2 / FAN_IN,
        cut(2 / FAN_IN),
    ),
    (
        'variance_scaling(2.0, "fan_in", "truncated_normal", in_axis=0, out_axis=1, batch_axis=(), dtype=jnp.float32)',
        "variance_scaling(scale=2)",
        2 / FAN_IN,
        cut(2 / FAN_IN),
    ),
    (
        "variance_scaling(1.0, fan_avg, normal)",
        "variance_scaling(mode=fan_avg, distribution=normal)",
        1 / MEAN,
        math.inf,
    ),
    (
        "nn.initializers.variance_scaling(1/3, 'fan_geo_avg', 'uniform')",
        "variance_scaling(scale=0.3333333333333333, mode=fan_geo_avg, distribution=uniform)",
        1 / 3 / GEOMETRIC,
        math.sqrt(1 / GEOMETRIC),
    ),
    ("jax.nn.initializers.glorot_normal()", "glorot_normal", 1 / MEAN, cut(1 / MEAN)),
    ("jax.nn.initializers.glorot_uniform()", "glorot_uniform", 1 / MEAN, math.sqrt(3 / MEAN)),
    ("jax.nn.initializers.xavier_normal(dtype=jnp.bfloat16)", "glorot_normal", 1 / MEAN, cut(1 / MEAN)),
    ("nn.initializers.xavier_uniform()", "glorot_uniform", 1 / MEAN, math.sqrt(3 / MEAN)),
    ("jax.nn.initializers.he_normal()", "he_normal", 2 / FAN_IN, cut(2 / FAN_IN)),
    ("jax.nn.initializers.he_normal()(key, (128, 64), jnp.float32)", "he_normal", 2 / FAN_IN, cut(2 / FAN_IN)),
    ("jax.nn.initializers.he_uniform(-2, -1)", "he_uniform", 2 / FAN_IN, math.sqrt(6 / FAN_IN)),
    ("jax.nn.initializers.kaiming_normal()", "he_normal", 2 / FAN_IN, cut(2 / FAN_IN)),
    ("kaiming_normal", "he_normal", 2 / FAN_IN, cut(2 / FAN_IN)),
    ("nn.initializers.kaiming_uniform(in_axis=0)", "he_uniform", 2 / FAN_IN, math.sqrt(6 / FAN_IN)),
    ("jax.nn.initializers.lecun_normal()", "lecun_normal", 1 / FAN_IN, cut(1 / FAN_IN)),
    ("jax.nn.initializers.lecun_uniform()", "lecun_uniform", 1 / FAN_IN, math.sqrt(3 / FAN_IN)),
    ("jax.nn.initializers.orthogonal()", "orthogonal", 1 / FAN_IN, 1.0),
    ("nn.initializers.orthogonal(jnp.sqrt(2))", "orthogonal(gain=1.4142135623730951)", 2 / FAN_IN, 1.5),
    ("orthogonal(scale=2, column_axis=-1)", "orthogonal(gain=2)", 4 / FAN_IN, 2.0),
]
"""What is pasted -> our name, the variance for 300 inputs and 200 outputs, and the greatest weight there can be."""


def elu(x: Floats, alpha: float = 1.0) -> Floats:
    return np.where(x > 0, x, alpha * np.expm1(np.where(x > 0, 0.0, x)))


def sigmoid(x: Floats) -> Floats:
    return 1 / (1 + np.exp(-x))


def relu6(x: Floats) -> Floats:
    return np.minimum(np.maximum(x, 0), 6)


def tanh_gelu(x: Floats) -> Floats:
    return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


ACTIVATIONS: list[tuple[str, str, Function]] = [
    ("jax.nn.relu", "relu", lambda x: np.maximum(x, 0)),
    ("nn.relu", "relu", lambda x: np.maximum(x, 0)),
    ("jax.nn.relu6(x)", "relu6", relu6),
    ("jax.nn.sigmoid", "sigmoid", sigmoid),
    ("jax.nn.softplus", "softplus", lambda x: np.logaddexp(x, 0)),
    ("jax.nn.sparse_plus", "sparse_plus", lambda x: np.where(x <= -1, 0, np.where(x >= 1, x, (x + 1) ** 2 / 4))),
    ("jax.nn.sparse_sigmoid", "sparse_sigmoid", lambda x: 0.5 * np.clip(x + 1, 0, 2)),
    ("jax.nn.soft_sign", "softsign", lambda x: x / (np.abs(x) + 1)),
    ("jax.nn.silu", "silu", lambda x: x * sigmoid(x)),
    ("nn.swish", "silu", lambda x: x * sigmoid(x)),
    ("jax.nn.log_sigmoid", "log_sigmoid", lambda x: -np.logaddexp(-x, 0)),
    ("jax.nn.leaky_relu", "leaky_relu", lambda x: np.where(x >= 0, x, 0.01 * x)),
    ("jax.nn.leaky_relu(x, 0.2)", "leaky_relu(negative_slope=0.2)", lambda x: np.where(x >= 0, x, 0.2 * x)),
    (
        "functools.partial(nn.leaky_relu, negative_slope=0.1)",
        "leaky_relu(negative_slope=0.1)",
        lambda x: np.where(x >= 0, x, 0.1 * x),
    ),
    ("jax.nn.hard_sigmoid", "hard_sigmoid", lambda x: relu6(x + 3) / 6),
    ("jax.nn.hard_silu", "hard_silu", lambda x: x * relu6(x + 3) / 6),
    ("jax.nn.hard_swish", "hard_silu", lambda x: x * relu6(x + 3) / 6),
    ("jax.nn.hard_tanh", "hard_tanh", lambda x: np.where(x > 1, 1, np.where(x < -1, -1, x))),
    ("jax.nn.tanh", "tanh", np.tanh),
    ("jnp.tanh", "tanh", np.tanh),
    ("jax.nn.elu(x, alpha=0.5)", "elu(alpha=0.5)", lambda x: elu(x, 0.5)),
    ("jax.nn.celu(x, 2.0)", "celu(alpha=2)", lambda x: np.maximum(x, 0) + 2 * np.expm1(np.minimum(x, 0) / 2)),
    ("jax.nn.selu", "selu", lambda x: 1.0507009873554805 * elu(x, 1.6732632423543772)),
    ("jax.nn.gelu", "gelu(approximate=True)", tanh_gelu),
    ("nn.gelu", "gelu(approximate=True)", tanh_gelu),
    ("jax.nn.gelu(x, approximate=False)", "gelu", lambda x: x / 2 * (special.erf(x / math.sqrt(2)) + 1)),
    ("partial(jax.nn.gelu, approximate=False)", "gelu", lambda x: x / 2 * (special.erf(x / math.sqrt(2)) + 1)),
    ("lambda x: nn.gelu(x, False)", "gelu", lambda x: x / 2 * (special.erf(x / math.sqrt(2)) + 1)),
    ("jax.nn.squareplus", "squareplus", lambda x: (x + np.sqrt(np.square(x) + 4)) / 2),
    ("jax.nn.squareplus(x, b=0.25)", "squareplus(b=0.25)", lambda x: (x + np.sqrt(np.square(x) + 0.25)) / 2),
    ("jax.nn.mish", "mish", lambda x: x * np.tanh(np.logaddexp(x, 0))),
    ("jax.nn.identity", "linear", lambda x: x),
    ("jax.lax.erf", "erf", special.erf),
]
"""What is pasted -> our name, and the formula of JAX's documentation."""

REFUSED_WEIGHTS = [
    ("jax.nn.initializers.delta_orthogonal()", "for them write orthogonal"),
    (
        "he_normal(in_axis=-1, out_axis=-2)",
        "in_axis=-1: weights here have the axes (fan_in, fan_out), so it is",
    ),
    (
        "jax.nn.initializers.lecun_normal(out_axis=0)",
        "so it is -1 or 1",
    ),
    ("he_normal(in_axis=(0, 1))", "in_axis=(0, 1): weights here have the axes"),
    ("he_normal(batch_axis=0)", "weights here have no batch axis"),
    ("jax.nn.initializers.normal(dtype=jnp.complex64)", "real floating-point numbers"),
    ("jax.nn.initializers.normal(dtype=int)", "real floating-point numbers"),
    ("jax.nn.initializers.constant()", "write constant(value=...)"),
    ("normal(0.0, 0.02)", "0.02 without its name is dtype in JAX, whose order is stddev, dtype: write the names"),
    ("uniform(-0.1, 0.1)", "0.1 without its name is dtype in JAX, whose order is scale, dtype: write the names"),
]

AMBIGUOUS = [
    ("truncated_normal(0.02)", "0.02 without its name is mean here and in Keras, stddev in JAX"),
    ("he_normal(42)", "42 without its name is negative_slope here, seed in Keras, in_axis in JAX"),
    ("glorot_uniform(0)", "0 without its name is gain here, seed in Keras, in_axis in JAX"),
    ("orthogonal(1.0, 0)", "0 without its name is nothing here, seed in Keras, column_axis in JAX"),
]


@pytest.mark.parametrize(("text", "name", "variance", "greatest"), INITIALIZERS, ids=str)
def test_an_initializer_is_read_with_its_parameters_variance_and_range(
    text: str, name: str, variance: float, greatest: float
) -> None:
    item = initializers.get(text)
    assert item.name == name
    assert item.variance(FAN_IN, FAN_OUT) == pytest.approx(variance, rel=1e-9)
    drawn = np.abs(item.draw(np.random.default_rng(0), FAN_IN, FAN_OUT)).max()
    if greatest == math.inf:
        assert drawn > 3.5 * math.sqrt(variance)
    else:
        # Of 60 000 draws the greatest comes near the end, but for the entries of an orthogonal matrix.
        assert (0.0 if "orthogonal" in name else 0.99) * greatest <= drawn <= greatest * (1 + 1e-12)


@pytest.mark.parametrize(("text", "name", "formula"), ACTIVATIONS, ids=[text for text, _, _ in ACTIVATIONS])
def test_an_activation_is_read_with_its_parameters_and_is_the_documented_function(
    text: str, name: str, formula: Function
) -> None:
    item = activations.get(text)
    assert item.name == name
    x = np.linspace(-8, 8, 1601)
    np.testing.assert_allclose(item.phi(x), formula(x), rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize(("text", "told"), REFUSED_WEIGHTS, ids=str)
def test_what_dense_weights_cannot_be_is_told_with_the_reason(text: str, told: str) -> None:
    with pytest.raises(UsageError, match=re.escape(told)) as caught:
        initializers.get(text)
    assert len(str(caught.value)) <= 300


@pytest.mark.parametrize(("text", "told"), AMBIGUOUS, ids=str)
def test_a_value_without_a_name_that_frameworks_read_differently_is_refused_with_the_readings(
    text: str, told: str
) -> None:
    with pytest.raises(UsageError, match=re.escape(told)) as caught:
        initializers.get(text)
    assert len(str(caught.value)) <= 300


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("he_normal(0.2)", "he_normal(negative_slope=0.2)"),  # no seed and no axis
        ("glorot_normal(1.5)", "glorot_normal(gain=1.5)"),
        ("orthogonal(2)", "orthogonal(gain=2)"),  # scale in JAX, which is the same
        ("truncated_normal(0.0, 0.02)", "truncated_normal(stddev=0.02)"),  # JAX has a type in the second place
    ],
)
def test_a_value_without_a_name_that_all_read_alike_or_only_one_can_read_is_read(text: str, name: str) -> None:
    assert initializers.get(text).name == name


@pytest.mark.parametrize(
    "text", ["jax.nn.softmax", "nn.log_softmax", "jax.nn.glu(x)", "jax.nn.standardize", "nn.PReLU()"]
)
def test_what_is_no_activation_of_single_units_is_told_with_what_is_nearest(text: str) -> None:
    with pytest.raises(UsageError, match=r"it is a|several units|the gate alone|it starts as"):
        activations.get(text)


DOCUMENTED_INITIALIZERS = re.findall(
    r"\w+",
    "glorot_normal glorot_uniform he_normal he_uniform kaiming_normal kaiming_uniform lecun_normal lecun_uniform normal"
    " ones orthogonal truncated_normal uniform xavier_normal xavier_uniform zeros",
)
DOCUMENTED_ACTIVATIONS = re.findall(
    r"\w+",
    "relu relu6 sigmoid softplus sparse_plus sparse_sigmoid soft_sign silu swish log_sigmoid leaky_relu hard_sigmoid"
    " hard_silu hard_swish hard_tanh tanh elu celu selu gelu squareplus mish identity",
)


@pytest.mark.parametrize("name", DOCUMENTED_INITIALIZERS)
def test_every_initializer_of_jax_is_known(name: str) -> None:
    assert initializers.get(f"jax.nn.initializers.{name}").name == initializers.get(f"nn.initializers.{name}()").name


@pytest.mark.parametrize("name", DOCUMENTED_ACTIVATIONS)
def test_every_activation_of_jax_is_known(name: str) -> None:
    assert activations.get(f"jax.nn.{name}").name == activations.get(f"jax.nn.{name}(x)").name
