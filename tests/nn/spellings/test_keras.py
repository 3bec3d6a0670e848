"""What people paste from Keras 3 is read as Keras documents it: names, order, defaults, variances and functions."""

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
CUT = 0.87962566103423978**2
"""Variance of a standard normal distribution that is cut at two."""


def two_stddev(variance: float) -> float:
    """Return where Keras cuts a normal distribution that has this variance once it is cut."""
    return 2 * math.sqrt(variance / CUT)


def edge(variance: float) -> float:
    """Return where an even distribution of this variance ends."""
    return math.sqrt(3 * variance)


INITIALIZERS = [
    ("keras.initializers.Zeros()", "zeros", 0.0, 0.0),
    ("Zeros", "zeros", 0.0, 0.0),
    ("keras.initializers.Ones()", "ones", 0.0, 1.0),
    ("keras.initializers.Constant(10.)", "constant(value=10)", 0.0, 10.0),
    ("keras.initializers.Constant()", "constant(value=0)", 0.0, 0.0),
    ("Constant(value=3)", "constant(value=3)", 0.0, 3.0),
    ("keras.initializers.Identity()", "identity", None, 1.0),
    ("tf.keras.initializers.Identity(gain=2.)", "identity(gain=2)", None, 2.0),
    ("keras.initializers.IdentityInitializer()", "identity", None, 1.0),
    ("keras.initializers.RandomNormal()", "random_normal", 0.05**2, math.inf),
    ("keras.initializers.RandomNormal(mean=0.0, stddev=1.0)", "random_normal(stddev=1)", 1.0, math.inf),
    ("RandomNormal(0.0, 0.02)", "random_normal(stddev=0.02)", 4e-4, math.inf),
    ("random_normal", "random_normal", 0.05**2, math.inf),
    ("keras.initializers.RandomUniform()", "random_uniform", 0.1**2 / 12, 0.05),
    ("keras.initializers.RandomUniform(minval=0.0, maxval=1.0)", "random_uniform(minval=0, maxval=1)", 1 / 12, 1.0),
    ("RandomUniform(-0.5, 0.5)", "random_uniform(minval=-0.5, maxval=0.5)", 1 / 12, 0.5),
    ("keras.initializers.TruncatedNormal(mean=0., stddev=1.)", "truncated_normal(stddev=1)", CUT, 2.0),
    ("tf.keras.initializers.TruncatedNormal()", "truncated_normal", CUT * 0.05**2, 0.1),
    ("TruncatedNormal(0.0, 0.02)", "truncated_normal(stddev=0.02)", CUT * 4e-4, 0.04),
    ("keras.initializers.VarianceScaling()", "variance_scaling", 1 / FAN_IN, two_stddev(1 / FAN_IN)),
    (
        "keras.initializers.VarianceScaling(scale=0.1, mode='fan_in', distribution='uniform')",
        "variance_scaling(scale=0.1, distribution=uniform)",
        0.1 / FAN_IN,
        edge(0.1 / FAN_IN),
    ),
    (
        "VarianceScaling(2.0, 'fan_out', 'untruncated_normal')",
        "variance_scaling(scale=2, mode=fan_out, distribution=untruncated_normal)",
        2 / FAN_OUT,
        math.inf,
    ),
    (
        "tf.keras.initializers.VarianceScaling(1., 'fan_avg', 'normal')",
        "variance_scaling(mode=fan_avg)",
        1 / MEAN,
        two_stddev(1 / MEAN),
    ),
    ("keras.initializers.GlorotNormal()", "glorot_normal", 1 / MEAN, two_stddev(1 / MEAN)),
    ("keras.initializers.GlorotUniform()", "glorot_uniform", 1 / MEAN, math.sqrt(6 / (FAN_IN + FAN_OUT))),
    ("'glorot_uniform'", "glorot_uniform", 1 / MEAN, math.sqrt(6 / (FAN_IN + FAN_OUT))),
    ("tf.keras.initializers.HeNormal()", "he_normal", 2 / FAN_IN, two_stddev(2 / FAN_IN)),
    ("HeNormal()(shape=(2, 2))", "he_normal", 2 / FAN_IN, two_stddev(2 / FAN_IN)),
    ("kernel_initializer='he_normal'", "he_normal", 2 / FAN_IN, two_stddev(2 / FAN_IN)),
    ("keras.initializers.HeUniform()", "he_uniform", 2 / FAN_IN, math.sqrt(6 / FAN_IN)),
    ("keras.initializers.LecunNormal()", "lecun_normal", 1 / FAN_IN, two_stddev(1 / FAN_IN)),
    ("keras.initializers.LecunUniform(seed=None)", "lecun_uniform", 1 / FAN_IN, math.sqrt(3 / FAN_IN)),
    ("keras.initializers.Orthogonal()", "orthogonal", 1 / FAN_IN, 1.0),
    ("keras.initializers.OrthogonalInitializer(gain=2.0)", "orthogonal(gain=2)", 4 / FAN_IN, 2.0),
    ("keras.initializers.normal(0., 0.02)", "random_normal(stddev=0.02)", 4e-4, math.inf),
    ("keras.initializers.uniform(-1, 1)", "random_uniform(minval=-1, maxval=1)", 1 / 3, 1.0),
    ("zero", "zeros", 0.0, 0.0),
    ("one", "ones", 0.0, 1.0),
]
"""What is pasted -> our name, the variance for 300 inputs and 200 outputs, and the greatest weight there can be."""

SELU_SCALE, SELU_ALPHA = 1.0507009873554804934193349852946, 1.6732632423543772848170429916717


def elu(x: Floats, alpha: float = 1.0) -> Floats:
    return np.where(x > 0, x, alpha * (np.exp(np.minimum(x, 0)) - 1))


def sigmoid(x: Floats) -> Floats:
    return 1 / (1 + np.exp(-x))


def relu(x: Floats, negative_slope: float = 0.0, max_value: float = math.inf, threshold: float = 0.0) -> Floats:
    """Follow the order of Keras's own code."""
    negative = negative_slope * np.maximum(threshold - x, 0)
    above = x * (x > threshold) if threshold else np.maximum(x, 0)
    return (above if max_value == math.inf else np.clip(above, 0, max_value)) - negative


def log_sigmoid(x: Floats) -> Floats:
    return np.log(1 / (1 + np.exp(-x)))


ACTIVATIONS: list[tuple[str, str, Function]] = [
    ("keras.activations.celu(x)", "celu", elu),
    ("keras.activations.celu(x, alpha=0.5)", "celu(alpha=0.5)", lambda x: np.where(x > 0, x, elu(2 * x) / 2)),
    ("keras.activations.elu(x, alpha=2.0)", "elu(alpha=2)", lambda x: elu(x, 2)),
    ("keras.layers.ELU()", "elu", elu),
    ("keras.activations.exponential", "exponential", np.exp),
    ("keras.activations.gelu", "gelu", lambda x: 0.5 * x * (1 + special.erf(x / math.sqrt(2)))),
    (
        "keras.activations.gelu(x, approximate=True)",
        "gelu(approximate=True)",
        lambda x: 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))),
    ),
    ("tf.nn.gelu(features, approximate=False)", "gelu", lambda x: 0.5 * x * (1 + special.erf(x / math.sqrt(2)))),
    ("keras.activations.hard_shrink", "hard_shrink", lambda x: np.where(np.abs(x) > 0.5, x, 0)),
    ("keras.activations.hard_shrink(x, 1)", "hard_shrink(threshold=1)", lambda x: np.where(np.abs(x) > 1, x, 0)),
    ("keras.activations.hard_sigmoid", "hard_sigmoid", lambda x: np.clip(x / 6 + 0.5, 0, 1)),
    ("keras.activations.hard_silu", "hard_silu", lambda x: x * np.clip(x / 6 + 0.5, 0, 1)),
    ("keras.activations.hard_swish", "hard_silu", lambda x: x * np.clip(x / 6 + 0.5, 0, 1)),
    ("keras.activations.hard_tanh", "hard_tanh", lambda x: np.clip(x, -1, 1)),
    ("keras.activations.leaky_relu", "leaky_relu(negative_slope=0.2)", lambda x: np.where(x > 0, x, 0.2 * x)),
    ("keras.ops.leaky_relu(x, 0.1)", "leaky_relu(negative_slope=0.1)", lambda x: np.where(x > 0, x, 0.1 * x)),
    ("tf.nn.leaky_relu(x, alpha=0.3)", "leaky_relu(negative_slope=0.3)", lambda x: np.where(x > 0, x, 0.3 * x)),
    ("keras.layers.LeakyReLU()", "leaky_relu(negative_slope=0.3)", lambda x: np.where(x > 0, x, 0.3 * x)),
    ("tf.keras.layers.LeakyReLU(alpha=0.2)", "leaky_relu(negative_slope=0.2)", lambda x: np.where(x > 0, x, 0.2 * x)),
    ("layers.LeakyReLU(0.1, name='act')", "leaky_relu(negative_slope=0.1)", lambda x: np.where(x > 0, x, 0.1 * x)),
    ("keras.activations.linear", "linear", lambda x: x),
    ("keras.layers.Identity()", "linear", lambda x: x),
    ("keras.activations.log_sigmoid", "log_sigmoid", log_sigmoid),
    ("keras.activations.mish", "mish", lambda x: x * np.tanh(np.log1p(np.exp(x)))),
    ("keras.activations.relu", "relu", relu),
    ("keras.activations.relu(x, negative_slope=0.5)", "leaky_relu(negative_slope=0.5)", lambda x: relu(x, 0.5)),
    ("keras.activations.relu(x, max_value=5.)", "relu(max_value=5)", lambda x: relu(x, 0, 5)),
    ("keras.activations.relu(x, threshold=5.)", "threshold(threshold=5)", lambda x: relu(x, threshold=5)),
    (
        "keras.activations.relu(x, 0.1, 6, 1)",
        "relu(negative_slope=0.1, max_value=6, threshold=1)",
        lambda x: relu(x, 0.1, 6, 1),
    ),
    (
        "keras.activations.relu(x, 0.1, None, -1)",
        "relu(negative_slope=0.1, threshold=-1)",
        lambda x: relu(x, 0.1, threshold=-1),
    ),
    ("keras.layers.ReLU(max_value=6)", "relu6", lambda x: relu(x, 0, 6)),
    ("keras.layers.ReLU(4.0, 0.25)", "relu(negative_slope=0.25, max_value=4)", lambda x: relu(x, 0.25, 4)),
    ("ReLU(6)", "relu6", lambda x: relu(x, 0, 6)),
    ("tf.keras.layers.ThresholdedReLU(theta=2.0)", "threshold(threshold=2)", lambda x: np.where(x > 2, x, 0)),
    ("keras.activations.relu6", "relu6", lambda x: np.clip(x, 0, 6)),
    ("keras.activations.selu", "selu", lambda x: SELU_SCALE * elu(x, SELU_ALPHA)),
    ("keras.activations.sigmoid", "sigmoid", sigmoid),
    ("keras.activations.silu", "silu", lambda x: x * sigmoid(x)),
    ("tf.nn.silu(x, beta=1.702)", "silu(beta=1.702)", lambda x: x * sigmoid(1.702 * x)),
    ("Activation('swish')", "silu", lambda x: x * sigmoid(x)),
    (
        "keras.activations.soft_shrink",
        "soft_shrink",
        lambda x: np.where(x > 0.5, x - 0.5, np.where(x < -0.5, x + 0.5, 0)),
    ),
    ("keras.activations.softplus", "softplus", lambda x: np.log(np.exp(x) + 1)),
    ("keras.activations.softsign", "softsign", lambda x: x / (np.abs(x) + 1)),
    (
        "keras.activations.sparse_plus",
        "sparse_plus",
        lambda x: np.where(x <= -1, 0, np.where(x < 1, (x + 1) ** 2 / 4, x)),
    ),
    ("keras.activations.sparse_sigmoid", "sparse_sigmoid", lambda x: np.clip(0.5 * (x + 1), 0, 1)),
    ("keras.activations.squareplus", "squareplus", lambda x: (x + np.sqrt(x**2 + 4)) / 2),
    ("keras.activations.squareplus(x, b=1)", "squareplus(b=1)", lambda x: (x + np.sqrt(x**2 + 1)) / 2),
    ("keras.activations.tanh", "tanh", np.tanh),
    ("keras.activations.tanh_shrink", "tanh_shrink", lambda x: x - np.tanh(x)),
    (
        "keras.activations.threshold(x, threshold=0.5, default_value=-1.0)",
        "threshold(threshold=0.5, value=-1)",
        lambda x: np.where(x > 0.5, x, -1),
    ),
]
"""What is pasted -> our name, and the formula of Keras's documentation."""

REFUSED = [
    ("keras.layers.PReLU()", "relu is what it starts as"),
    ("keras.activations.softmax", "several units"),
    ("keras.activations.log_softmax(x, axis=-1)", "log_sigmoid"),
    ("keras.activations.sparsemax", "sparse_sigmoid"),
    ("keras.activations.glu", "the gate alone is sigmoid"),
    ("tf.nn.crelu(x)", "two units of one"),
    ("keras.layers.Dropout(0.5)", "a layer"),
    ("keras.activations.threshold(x)", "write threshold(threshold=..., default_value=...)"),
    ("keras.layers.LeakyReLU(axis=1)", "along no axis"),
]

SEEDED = [
    "HeNormal(seed=42)",
    "keras.initializers.GlorotUniform(42)",
    "RandomNormal(0.0, 0.05, 42)",
    "he_normal(seed=42)",
]


@pytest.mark.parametrize(("text", "name", "variance", "greatest"), INITIALIZERS, ids=str)
def test_an_initializer_is_read_with_its_parameters_variance_and_range(
    text: str, name: str, variance: float | None, greatest: float
) -> None:
    item = initializers.get(text)
    assert item.name == name
    assert item.variance(FAN_IN, FAN_OUT) == (None if variance is None else pytest.approx(variance, rel=1e-9))
    drawn = np.abs(item.draw(np.random.default_rng(0), FAN_IN, FAN_OUT)).max()
    if greatest == math.inf:
        assert drawn > 3.5 * math.sqrt(variance or 0)
    else:
        # Of 60 000 draws the greatest comes near the end, but for the entries of an orthogonal matrix.
        assert (0.0 if "orthogonal" in name else 0.99) * greatest <= drawn <= greatest * (1 + 1e-12)


@pytest.mark.parametrize(("text", "name", "formula"), ACTIVATIONS, ids=[text for text, _, _ in ACTIVATIONS])
def test_an_activation_is_read_with_its_parameters_and_is_the_documented_function(
    text: str, name: str, formula: Function
) -> None:
    item = activations.get(text)
    assert item.name == name
    x = np.linspace(-8, 8, 1601) + 1e-3  # beside the steps
    np.testing.assert_allclose(item.phi(x), formula(x), rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize(("text", "told"), REFUSED, ids=str)
def test_what_is_no_activation_of_single_units_is_told_with_what_is_nearest(text: str, told: str) -> None:
    with pytest.raises(UsageError, match=re.escape(told)) as caught:
        activations.get(text)
    assert len(str(caught.value)) <= 300


@pytest.mark.parametrize("text", SEEDED)
def test_a_seed_is_answered_with_the_option_and_what_one_seed_twice_does(text: str) -> None:
    with pytest.raises(UsageError, match=r"`--seed 42`, .* draws the same weights twice$"):
        initializers.get(text)


def test_a_convolutions_initializer_is_told() -> None:
    with pytest.raises(UsageError, match="STFT: it is made for convolutions"):
        initializers.get("keras.initializers.STFT('real', 'hann')")


DOCUMENTED_INITIALIZERS = re.findall(
    r"\w+",
    "RandomNormal RandomUniform TruncatedNormal Zeros Ones GlorotNormal GlorotUniform HeNormal HeUniform Orthogonal"
    " Constant VarianceScaling LecunNormal LecunUniform Identity IdentityInitializer OrthogonalInitializer",
)
DOCUMENTED_ACTIVATIONS = re.findall(
    r"\w+",
    "celu elu exponential gelu hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh leaky_relu linear log_sigmoid"
    " mish relu relu6 selu sigmoid silu soft_shrink softplus softsign sparse_plus sparse_sigmoid squareplus swish tanh"
    " tanh_shrink",
)


@pytest.mark.parametrize("name", DOCUMENTED_INITIALIZERS)
def test_every_initializer_of_keras_is_known(name: str) -> None:
    assert initializers.get(f"keras.initializers.{name}").name == initializers.get(f"{name}()").name


@pytest.mark.parametrize("name", DOCUMENTED_ACTIVATIONS)
def test_every_activation_of_keras_is_known(name: str) -> None:
    assert activations.get(f"keras.activations.{name}").name == activations.get(f"keras.ops.{name}(x)").name
