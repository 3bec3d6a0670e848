"""What people paste from PyTorch is read as PyTorch means it: the very text is run there too."""

from __future__ import annotations

import inspect
import math
import re
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from reportgen.callform import parse_call
from reportgen.errors import UsageError
from reportgen.nn.activations import activations
from reportgen.nn.initializers import initializers
from reportgen.nn.spellings import pytorch
from reportgen.registry import Spelling

FAN_IN, FAN_OUT = 300, 200
BOTH = FAN_IN + FAN_OUT

INITIALIZERS = [
    ("nn.init.uniform_(w)", "random_uniform(minval=0, maxval=1)", 1 / 12),
    ("nn.init.uniform_(w, -0.1, 0.1)", "random_uniform(minval=-0.1, maxval=0.1)", 0.04 / 12),
    ("torch.nn.init.uniform_(w, a=-1)", "random_uniform(minval=-1, maxval=1)", 4 / 12),
    ("nn.init.normal_(w)", "random_normal(stddev=1)", 1.0),
    ("nn.init.normal_(w, mean=0, std=0.01)", "random_normal(stddev=0.01)", 1e-4),
    ("nn.init.normal_(w, 0.0, 1 / math.sqrt(128))", "random_normal(stddev=0.08838834764831843)", 1 / 128),
    ("nn.init.constant_(w, 0.3)", "constant(value=0.3)", 0.0),
    ("nn.init.ones_(w)", "ones", 0.0),
    ("nn.init.zeros_(w)", "zeros", 0.0),
    ("nn.init.eye_(w)", "identity", None),
    ("nn.init.xavier_uniform_(w)", "glorot_uniform", 2 / BOTH),
    (
        "nn.init.xavier_uniform_(w, gain=nn.init.calculate_gain('relu'))",
        "glorot_uniform(gain=1.4142135623730951)",
        4 / BOTH,
    ),
    ("nn.init.xavier_uniform_(w, gain=5/3)", "glorot_uniform(gain=1.6666666666666667)", 25 / 9 * 2 / BOTH),
    ("torch.nn.init.xavier_normal_(w)", "glorot_normal(truncated=False)", 2 / BOTH),
    (
        "nn.init.xavier_normal_(w, nn.init.calculate_gain('leaky_relu', 0.2))",
        "glorot_normal(gain=1.3867504905630728, truncated=False)",
        2 / 1.04 * 2 / BOTH,
    ),
    ("nn.init.kaiming_uniform_(w)", "he_uniform", 2 / FAN_IN),
    (
        "nn.init.kaiming_uniform_(w, a=math.sqrt(5))",
        "he_uniform(negative_slope=2.23606797749979)",
        1 / (3 * FAN_IN),
    ),
    ("nn.init.kaiming_uniform_(w, a=5**0.5)", "he_uniform(negative_slope=2.23606797749979)", 1 / (3 * FAN_IN)),
    ("nn.init.kaiming_uniform_(w, mode='fan_in', nonlinearity='relu')", "he_uniform", 2 / FAN_IN),
    (
        "nn.init.kaiming_normal_(w, mode='fan_out', nonlinearity='relu')",
        "he_normal(mode=fan_out, truncated=False)",
        0.01,
    ),
    ("nn.init.kaiming_normal_(w, a=3, nonlinearity='relu')", "he_normal(truncated=False)", 2 / FAN_IN),
    ("nn.init.kaiming_normal_(w, 0, 'fan_out', 'relu')", "he_normal(mode=fan_out, truncated=False)", 2 / FAN_OUT),
    (
        "nn.init.kaiming_normal_(w, 0.2, 'fan_in', 'leaky_relu')",
        "he_normal(negative_slope=0.2, truncated=False)",
        2 / 1.04 / FAN_IN,
    ),
    ("nn.init.kaiming_normal_(w, nonlinearity='linear')", "lecun_normal(truncated=False)", 1 / FAN_IN),
    ("nn.init.kaiming_normal_(w, nonlinearity='sigmoid')", "lecun_normal(truncated=False)", 1 / FAN_IN),
    ("nn.init.kaiming_uniform_(w, nonlinearity='conv2d')", "lecun_uniform", 1 / FAN_IN),
    (
        "nn.init.kaiming_normal_(w, nonlinearity='tanh')",
        "glorot_normal(gain=1.6666666666666667, mode=fan_in, truncated=False)",
        25 / 9 / FAN_IN,
    ),
    (
        "nn.init.kaiming_uniform_(w, mode='fan_out', nonlinearity='selu')",
        "glorot_uniform(gain=0.75, mode=fan_out)",
        9 / 16 / FAN_OUT,
    ),
    (
        "nn.init.trunc_normal_(w)",
        "truncated_normal(stddev=1, absolute=True)",
        0.7737413035760353,
    ),
    ("nn.init.trunc_normal_(w, std=0.02)", "truncated_normal(stddev=0.02, absolute=True)", 4e-4),
    (
        "nn.init.trunc_normal_(w, mean=0., std=1., a=-1., b=1.)",
        "truncated_normal(stddev=1, lower=-1, upper=1, absolute=True)",
        0.29112509477279095,
    ),
    ("nn.init.orthogonal_(w)", "orthogonal", 1 / FAN_IN),
    ("nn.init.orthogonal_(w, gain=2)", "orthogonal(gain=2)", 4 / FAN_IN),
    ("nn.init.sparse_(w, sparsity=0.1)", "sparse", 0.9e-4),
    ("nn.init.sparse_(w, 0.5, std=1)", "sparse(sparsity=0.5, stddev=1)", 0.5),
    ("nn.init.normal_(tensor=w, std=0.1)", "random_normal(stddev=0.1)", 0.01),
    ("nn.init.xavier_uniform_(w, generator=None)", "glorot_uniform", 2 / BOTH),
]
"""What is pasted -> our name, and the variance for 300 inputs and 200 outputs by PyTorch's documentation."""

ACTIVATIONS = [
    ("nn.ELU()", "elu"),
    ("nn.ELU(alpha=0.5, inplace=False)", "elu(alpha=0.5)"),
    ("nn.Hardshrink()", "hard_shrink"),
    ("nn.Hardshrink(lambd=1.0)", "hard_shrink(threshold=1)"),
    ("nn.Hardsigmoid()", "hard_sigmoid"),
    ("nn.Hardtanh()", "hard_tanh"),
    ("nn.Hardtanh(-2, 2)", "hard_tanh(min_val=-2, max_val=2)"),
    ("nn.Hardtanh(min_val=-2,max_val=2)", "hard_tanh(min_val=-2, max_val=2)"),
    ("nn.Hardswish()", "hard_silu"),
    ("nn.LeakyReLU()", "leaky_relu"),
    ("nn.LeakyReLU(0.1)", "leaky_relu(negative_slope=0.1)"),
    ("nn.LeakyReLU(negative_slope=0.2, inplace=True)", "leaky_relu(negative_slope=0.2)"),
    ("nn.LogSigmoid()", "log_sigmoid"),
    ("nn.ReLU()", "relu"),
    ("nn.ReLU(True)", "relu"),
    ("nn.ReLU(inplace=True)", "relu"),
    ("torch.nn.ReLU6()", "relu6"),
    ("nn.SELU()", "selu"),
    ("nn.CELU()", "celu"),
    ("nn.CELU(2.0)", "celu(alpha=2)"),
    ("nn.GELU()", "gelu"),
    ("nn.GELU('tanh')", "gelu(approximate=True)"),
    ("nn.GELU(approximate='tanh')", "gelu(approximate=True)"),
    ("nn.Sigmoid()", "sigmoid"),
    ("nn.SiLU()", "silu"),
    ("nn.Mish()", "mish"),
    ("nn.Softplus()", "softplus"),
    ("nn.Softplus(beta=10)", "softplus(beta=10)"),
    ("nn.Softplus(1, 2)", "softplus(threshold=2)"),
    ("nn.Softshrink()", "soft_shrink"),
    ("nn.Softshrink(0.25)", "soft_shrink(threshold=0.25)"),
    ("nn.Softsign()", "softsign"),
    ("nn.Tanh()", "tanh"),
    ("nn.Tanhshrink()", "tanh_shrink"),
    ("nn.Threshold(0, 0)", "relu"),
    ("nn.Threshold(0.1, 20)", "threshold(threshold=0.1, value=20)"),
    ("nn.Identity()", "linear"),
    ("F.threshold(x, 0.1, 20)", "threshold(threshold=0.1, value=20)"),
    ("F.relu(x)", "relu"),
    ("F.relu(x, inplace=False)", "relu"),
    ("torch.relu(x)", "relu"),
    ("F.hardtanh(x, -2, 2)", "hard_tanh(min_val=-2, max_val=2)"),
    ("F.hardswish(x)", "hard_silu"),
    ("F.relu6(x)", "relu6"),
    ("F.elu(x, alpha=2.0)", "elu(alpha=2)"),
    ("torch.selu(x)", "selu"),
    ("F.celu(x, 0.5)", "celu(alpha=0.5)"),
    ("F.leaky_relu(x)", "leaky_relu"),
    ("F.leaky_relu(x, 0.2)", "leaky_relu(negative_slope=0.2)"),
    ("F.gelu(x)", "gelu"),
    ("F.gelu(x, approximate='tanh')", "gelu(approximate=True)"),
    ("F.logsigmoid(x)", "log_sigmoid"),
    ("F.hardshrink(x, 0.3)", "hard_shrink(threshold=0.3)"),
    ("F.tanhshrink(x)", "tanh_shrink"),
    ("F.softsign(x)", "softsign"),
    ("F.softplus(x, beta=2)", "softplus(beta=2)"),
    ("F.softshrink(x)", "soft_shrink"),
    ("F.silu(x)", "silu"),
    ("F.mish(x)", "mish"),
    ("F.hardsigmoid(x)", "hard_sigmoid"),
    ("torch.tanh(x)", "tanh"),
    ("torch.sigmoid(x)", "sigmoid"),
    ("torch.erf(x)", "erf"),
    ("torch.exp(x)", "exponential"),
]
"""What is pasted -> our name."""

REFUSED = [
    ("nn.PReLU()", "leaky_relu(0.25)"),
    ("nn.PReLU(init=0.1)", "leaky_relu(0.1)"),
    ("F.prelu(x, w)", "leaky_relu(0.25)"),
    ("nn.RReLU()", "leaky_relu(0.229167)"),
    ("nn.RReLU(0.1, 0.3)", "leaky_relu(0.2)"),
    ("F.rrelu(x, 0.1, 0.3)", "leaky_relu(0.2)"),
    ("nn.GLU()", "the gate alone is sigmoid"),
    ("F.glu(x)", "the gate alone is sigmoid"),
    ("nn.Softmax(dim=1)", "several units"),
    ("nn.Softmin(dim=1)", "several units"),
    ("nn.Softmax2d()", "several units"),
    ("nn.LogSoftmax(dim=-1)", "log_sigmoid"),
    ("F.gumbel_softmax(x)", "several units"),
    ("nn.Dropout(0.5)", "a layer"),
    ("nn.MultiheadAttention(8, 2)", "a layer"),
    ("nn.AdaptiveLogSoftmaxWithLoss(8, 9, [2])", "a layer"),
    ("nn.ReLU(dim=1)", "along no axis"),
    ("nn.Threshold()", "write Threshold(threshold=..., value=...)"),
    ("nn.GELU(approximate='erf')", "approximate must be none or tanh, not 'erf'"),
]
"""What is pasted and is no activation of single units -> what the line says."""

NO_WEIGHTS = [
    ("nn.init.dirac_(w)", "made for convolutions"),
    ("nn.init.constant_(w)", "write constant_(val=...)"),
    ("nn.init.sparse_(w)", "write sparse_(sparsity=...)"),
    ("nn.init.xavier_uniform_(w, generator=g)", "--seed"),
    ("nn.init.kaiming_normal_(w, nonlinearity='gelu')", "did you mean selu?"),
    ("nn.init.calculate_gain('tanh')", "it is the number 1.66667"),
    ("nn.init.xavier_uniform_(gain=nn.init.calculate_gain('gelu'))", "PyTorch has no gain for gelu"),
    ("nn.init.xavier_normal_(w, 1.0, None, 3)", "too many values; PyTorch has gain, generator"),
]


def run(text: str, **names: Any) -> Any:
    """Run a text in PyTorch."""
    torch = pytest.importorskip("torch", reason="the oracle extra (PyTorch) is not installed")
    space = {"torch": torch, "nn": torch.nn, "F": torch.nn.functional, "math": math, **names}
    return eval(text, space)


@pytest.mark.parametrize(("text", "name", "variance"), INITIALIZERS, ids=str)
def test_an_initializer_is_read_with_its_parameters_and_variance(text: str, name: str, variance: float | None) -> None:
    item = initializers.get(text)
    assert item.name == name
    assert initializers.get(name).name == name
    assert item.variance(FAN_IN, FAN_OUT) == (None if variance is None else pytest.approx(variance, rel=1e-9))


def weights(text: str) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return our weights, and those that PyTorch draws for the very same text."""
    torch = pytest.importorskip("torch", reason="the oracle extra (PyTorch) is not installed")
    torch.manual_seed(0)
    theirs = run(text, w=torch.empty(FAN_OUT, FAN_IN, dtype=torch.float64)).numpy().T
    return initializers.get(text).draw(np.random.default_rng(0), FAN_IN, FAN_OUT), theirs


@pytest.mark.parametrize("text", [text for text, _, _ in INITIALIZERS])
def test_pytorch_draws_from_the_same_distribution(text: str) -> None:
    ours, theirs = weights(text)
    # Twice this distance of two distribution functions of n draws comes about once in a million times.
    allowed = math.sqrt(math.log(2 / 1e-6) / 2 * 2 / ours.size)
    assert stats.ks_2samp(ours.ravel(), theirs.ravel(), method="asymp").statistic < allowed
    if np.ptp(theirs) and initializers.get(text).truncated == "truncated, not corrected":
        assert np.abs(ours).max() <= max(2.0, np.abs(theirs).max() * 1.1)


@pytest.mark.parametrize(("text", "name"), ACTIVATIONS, ids=str)
def test_an_activation_is_read_with_its_parameters_and_is_the_same_function(text: str, name: str) -> None:
    item = activations.get(text)
    assert item.name == name
    torch = pytest.importorskip("torch", reason="the oracle extra (PyTorch) is not installed")
    x = torch.linspace(-8, 8, 1601, dtype=torch.float64)
    made = run(text, x=x.clone())
    theirs = made(x.clone()) if callable(made) and not torch.is_tensor(made) else made
    # PyTorch's softplus is its argument above a threshold of 20; its hard sigmoid multiplies by 1/6 in float32.
    rounding = {"softplus(beta=10)": 3e-10, "softplus(beta=2)": 2e-9, "hard_sigmoid": 1e-7}.get(name, 1e-14)
    np.testing.assert_allclose(item.phi(x.numpy()), theirs.numpy(), rtol=1e-14, atol=rounding)


@pytest.mark.parametrize(("text", "told"), REFUSED, ids=str)
def test_what_is_no_activation_of_single_units_is_told_with_what_is_nearest(text: str, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        activations.get(text)
    assert told in str(caught.value)
    assert len(str(caught.value)) <= 300


@pytest.mark.parametrize(("text", "told"), NO_WEIGHTS, ids=str)
def test_what_is_no_initializer_of_dense_weights_is_told_with_what_is_nearest(text: str, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        initializers.get(text)
    assert told in str(caught.value)
    assert len(str(caught.value)) <= 300


def test_what_pytorch_does_after_training_with_a_random_slope_is_what_the_line_says() -> None:
    torch = pytest.importorskip("torch", reason="the oracle extra (PyTorch) is not installed")
    x = torch.linspace(-3, 3, 7, dtype=torch.float64)
    theirs = torch.nn.RReLU(0.1, 0.3).eval()(x)
    np.testing.assert_allclose(activations.get("leaky_relu(0.2)").phi(x.numpy()), theirs.numpy(), rtol=1e-14)


ROWS = {row.name: row for row in (*pytorch.INITIALIZERS, *pytorch.ACTIVATIONS)}


def answered(registry: Any, text: str) -> bool:
    """Tell whether a name is read or refused with a reason, and not merely unknown."""
    try:
        registry.get(text)
    except UsageError as told:
        return not str(told).startswith("unknown")
    return True


def test_every_initializer_of_pytorch_is_known() -> None:
    init = pytest.importorskip("torch.nn.init", reason="the oracle extra (PyTorch) is not installed")
    names = [name for name in vars(init) if name.endswith("_") and not name.startswith("_")]
    assert len(names) >= 13
    assert [name for name in names if not answered(initializers, f"nn.init.{name}")] == []


def test_every_activation_module_of_pytorch_is_known() -> None:
    module = pytest.importorskip("torch.nn.modules.activation", reason="the oracle extra (PyTorch) is not installed")
    assert [name for name in module.__all__ if not answered(activations, f"nn.{name}")] == []


FUNCTIONS = re.findall(
    r"\w+",
    "threshold threshold_ relu relu_ hardtanh hardtanh_ hardswish relu6 elu elu_ selu celu leaky_relu leaky_relu_ prelu"
    " rrelu rrelu_ glu gelu logsigmoid hardshrink tanhshrink softsign softplus softmin softmax softshrink"
    " gumbel_softmax log_softmax tanh sigmoid hardsigmoid silu mish",
)
"""The non-linear activation functions of torch.nn.functional, as its documentation lists them."""


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_activation_function_of_pytorch_is_known(name: str) -> None:
    assert answered(activations, f"F.{name}(x)")


@pytest.mark.parametrize("row", [row for row in ROWS.values() if row.bare], ids=lambda row: row.signature)
def test_a_signature_is_that_of_pytorch(row: Spelling) -> None:
    torch = pytest.importorskip("torch", reason="the oracle extra (PyTorch) is not installed")
    homes = (torch.nn.init, torch.nn, torch.nn.functional, torch)
    thing = next(getattr(home, row.name) for home in homes if hasattr(home, row.name))
    try:
        signature = inspect.signature(thing)
    except ValueError:  # written in C: the signature is the first line of its documentation
        head = str(thing.__doc__ or row.signature).strip().partition("->")[0].replace(" *,", "")
        documented = dict(parse_call(head).keywords)
        documented.pop("out", None)
        assert documented == row.defaults
        return
    parameters = [item for item in signature.parameters.values() if item.kind is not item.VAR_KEYWORD]
    if any(item.kind is item.VAR_POSITIONAL for item in parameters):
        assert row.parameters == ()  # Sigmoid(*args, **kwargs) reads none of them
        return
    own = parameters[row.takes_array :]
    assert row.parameters == tuple(item.name for item in own)
    assert row.defaults == {item.name: item.default for item in own if item.default is not item.empty}
