"""Every activation keeps its promises: formula, derivative, kinks, dtype, and no trouble far out."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import brentq

from reportgen.errors import UsageError
from reportgen.nn.activations import Activation, activation, activations
from reportgen.registry import Registry

VARIANTS = [
    "leaky_relu(negative_slope=0.2)",
    "leaky_relu(negative_slope=3)",
    "leaky_relu(negative_slope=-1)",
    "elu(alpha=2)",
    "celu(alpha=0.5)",
    "gelu(approximate=True)",
    "silu(beta=0.5)",
    "softplus(beta=0.5)",
    "softplus(beta=2, threshold=1)",
    "hard_tanh(min_val=-2, max_val=0.5)",
    "hard_shrink(threshold=1)",
    "soft_shrink(threshold=1)",
    "threshold(threshold=-1, value=2)",
    "squareplus(b=1)",
    "relu(max_value=4)",
    "relu(negative_slope=0.1, max_value=4, threshold=1)",
    "relu(negative_slope=0.1, threshold=-1)",
    "relu(max_value=2, threshold=-1)",
]
EVERY = [*activations.names(), *VARIANTS]
GRID = np.linspace(-12.0, 12.0, 4801)
STEP = 1e-5

SOFTPLUS_AT_1 = math.log(1 + math.e)
AT_ONE = {
    "linear": (1.0, -1.0),
    "sigmoid": (1 / (1 + math.exp(-1)), 1 / (1 + math.e)),
    "tanh": (math.tanh(1), -math.tanh(1)),
    "relu": (1.0, 0.0),
    "leaky_relu": (1.0, -0.01),
    "leaky_relu(negative_slope=3)": (1.0, -3.0),
    "leaky_relu(negative_slope=-1)": (1.0, 1.0),
    "elu": (1.0, math.exp(-1) - 1),
    "elu(alpha=2)": (1.0, 2 * math.exp(-1) - 2),
    "selu": (1.0507009873554805, 1.7580993408473766 * (math.exp(-1) - 1)),
    "gelu": (math.erfc(-1 / math.sqrt(2)) / 2, -math.erfc(1 / math.sqrt(2)) / 2),
    "silu": (1 / (1 + math.exp(-1)), -1 / (1 + math.e)),
    "softplus": (SOFTPLUS_AT_1, SOFTPLUS_AT_1 - 1),
    "softsign": (0.5, -0.5),
    "mish": (math.tanh(SOFTPLUS_AT_1), -math.tanh(SOFTPLUS_AT_1 - 1)),
    "hard_tanh": (1.0, -1.0),
    "erf": (math.erf(1), -math.erf(1)),
    "lecun_tanh": (1.7159 * math.tanh(2 / 3), -1.7159 * math.tanh(2 / 3)),
    "gelu(approximate=True)": (
        (1 + math.tanh(math.sqrt(2 / math.pi) * 1.044715)) / 2,
        -(1 - math.tanh(math.sqrt(2 / math.pi) * 1.044715)) / 2,
    ),
    "silu(beta=0.5)": (1 / (1 + math.exp(-0.5)), -1 / (1 + math.exp(0.5))),
    "softplus(beta=0.5)": (2 * math.log1p(math.exp(0.5)), 2 * math.log1p(math.exp(-0.5))),
    "softplus(beta=2, threshold=1)": (1.0, math.log1p(math.exp(-2)) / 2),
    "hard_tanh(min_val=-2, max_val=0.5)": (0.5, -1.0),
    "relu6": (1.0, 0.0),
    "relu(max_value=0.5)": (0.5, 0.0),
    "relu(negative_slope=0.1, max_value=4, threshold=2)": (-0.1, -0.3),
    "relu(negative_slope=0.1, threshold=-2)": (1.0, -1.0),
    "relu(max_value=4, threshold=-2)": (1.0, 0.0),
    "celu": (1.0, math.exp(-1) - 1),
    "celu(alpha=0.5)": (1.0, (math.exp(-2) - 1) / 2),
    "exponential": (math.e, 1 / math.e),
    "hard_sigmoid": (4 / 6, 2 / 6),
    "hard_silu": (4 / 6, -2 / 6),
    "hard_shrink": (1.0, -1.0),
    "hard_shrink(threshold=1)": (0.0, 0.0),
    "soft_shrink": (0.5, -0.5),
    "threshold": (0.0, 0.0),
    "threshold(threshold=-1, value=2)": (1.0, 2.0),
    "log_sigmoid": (1 - SOFTPLUS_AT_1, -SOFTPLUS_AT_1),
    "sparse_plus": (1.0, 0.0),
    "sparse_sigmoid": (1.0, 0.0),
    "squareplus": ((1 + math.sqrt(5)) / 2, (-1 + math.sqrt(5)) / 2),
    "tanh_shrink": (1 - math.tanh(1), math.tanh(1) - 1),
}
"""phi(1) and phi(-1) from Python's own math module."""

LIMITS = {
    "linear": (-math.inf, 1, math.inf, 1),
    "sigmoid": (0, 0, 1, 0),
    "tanh": (-1, 0, 1, 0),
    "relu": (0, 0, math.inf, 1),
    "leaky_relu": (-math.inf, 0.01, math.inf, 1),
    "elu": (-1, 0, math.inf, 1),
    "selu": (-1.7580993408473766, 0, math.inf, 1.0507009873554805),
    "gelu": (0, 0, math.inf, 1),
    "silu": (0, 0, math.inf, 1),
    "softplus": (0, 0, math.inf, 1),
    "softsign": (-1, 0, 1, 0),
    "mish": (0, 0, math.inf, 1),
    "hard_tanh": (-1, 0, 1, 0),
    "erf": (-1, 0, 1, 0),
    "lecun_tanh": (-1.7159, 0, 1.7159, 0),
    "gelu(approximate=True)": (0, 0, math.inf, 1),
    "silu(beta=0.5)": (0, 0, math.inf, 1),
    "softplus(beta=2, threshold=1)": (0, 0, math.inf, 1),
    "hard_tanh(min_val=-2, max_val=0.5)": (-2, 0, 0.5, 0),
    "relu6": (0, 0, 6, 0),
    "relu(negative_slope=0.1, max_value=4, threshold=1)": (-math.inf, 0.1, 4, 0),
    "relu(max_value=4)": (0, 0, 4, 0),
    "celu": (-1, 0, math.inf, 1),
    "exponential": (0, 0, math.inf, math.inf),
    "hard_sigmoid": (0, 0, 1, 0),
    "hard_silu": (0, 0, math.inf, 1),
    "hard_shrink": (-math.inf, 1, math.inf, 1),
    "soft_shrink": (-math.inf, 1, math.inf, 1),
    "threshold": (0, 0, math.inf, 1),
    "log_sigmoid": (-math.inf, 1, 0, 0),
    "sparse_plus": (0, 0, math.inf, 1),
    "sparse_sigmoid": (0, 0, 1, 0),
    "squareplus": (0, 0, math.inf, 1),
    "tanh_shrink": (-math.inf, 1, math.inf, 1),
}
"""phi and its derivative at minus infinity, then at infinity."""


def away_from_kinks(item: Activation) -> NDArray[np.float64]:
    distance = np.min([np.abs(GRID - kink) for kink in item.kinks], axis=0) if item.kinks else np.full(GRID.shape, 1.0)
    return GRID[distance > 2 * STEP]


def central_difference(item: Activation, z: NDArray[np.float64]) -> NDArray[np.float64]:
    difference: NDArray[np.float64] = (item.phi(z + STEP) - item.phi(z - STEP)) / (2 * STEP)
    return difference


# Rounding makes a central difference wrong by about eps |phi| / STEP < 3e-10, the third derivative by STEP^2 < 1e-10;
# of exp, both are shares of the slope.
DIFFERENCE_ERROR = 1e-9


@pytest.mark.parametrize("name", EVERY)
def test_the_derivative_agrees_with_central_differences_away_from_the_kinks(name: str) -> None:
    item = activations.get(name)
    z = away_from_kinks(item)
    np.testing.assert_allclose(item.derivative(z), central_difference(item, z), rtol=1e-10, atol=DIFFERENCE_ERROR)


@pytest.mark.parametrize("name", EVERY)
def test_a_derivative_that_is_off_by_a_millionth_is_noticed(name: str) -> None:
    item = activations.get(name)
    z = away_from_kinks(item)
    wrong = item.derivative(z) * (1 + 1e-6)
    assert np.abs(wrong - central_difference(item, z)).max() > DIFFERENCE_ERROR


@pytest.mark.parametrize("name", EVERY)
def test_the_derivative_jumps_nowhere_but_at_declared_kinks(name: str) -> None:
    item = activations.get(name)
    z = np.linspace(-6, 6, 120_001)
    slope = item.derivative(z)
    # No second derivative here exceeds 4, or the slope: the derivative moves by less than 4e-4 from one z to the next.
    jumps = z[:-1][np.abs(np.diff(slope)) > 5e-4 * np.maximum(1, slope[1:])]
    assert all(min(abs(jump - kink) for kink in item.kinks) < 1e-3 for jump in jumps)
    assert len(jumps) == (0 if name in BENDS else len({kink for kink in item.kinks if abs(kink) <= 6}))


BENDS = ("elu", "softsign", "celu", "celu(alpha=0.5)", "sparse_plus")
"""Those whose derivative has corners at the kinks, and no jumps."""


@pytest.mark.parametrize("name", AT_ONE)
def test_phi_is_the_function_that_its_name_says(name: str) -> None:
    np.testing.assert_allclose(activations.get(name).phi(np.array([1.0, -1.0])), AT_ONE[name], rtol=1e-14)


@pytest.mark.parametrize(
    ("name", "z", "slope"),
    [
        ("relu", 0.0, 0.0),
        ("leaky_relu", 0.0, 0.01),
        ("elu(alpha=2)", 0.0, 2.0),
        ("selu", 0.0, 1.7580993408473766),
        ("hard_tanh", -1.0, 0.0),
        ("hard_tanh", 1.0, 0.0),
        ("relu6", 6.0, 0.0),
        ("hard_sigmoid", -3.0, 0.0),
        ("hard_silu", -3.0, 0.0),
        ("hard_silu", 3.0, 1.0),
        ("hard_shrink", 0.5, 0.0),
        ("soft_shrink", -0.5, 0.0),
        ("threshold", 1.0, 0.0),
        ("relu(negative_slope=0.1, max_value=4, threshold=1)", 1.0, 0.1),
    ],
)
def test_at_a_kink_the_derivative_follows_the_stated_convention(name: str, z: float, slope: float) -> None:
    assert activations.get(name).derivative(np.array([z])) == pytest.approx(slope, rel=1e-15)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", EVERY)
def test_shape_and_dtype_are_kept_and_the_argument_is_left_alone(name: str, dtype: type[np.floating[Any]]) -> None:
    item = activations.get(name)
    z = np.random.default_rng(0).standard_normal((2, 5, 3)).astype(dtype)
    before = z.copy()
    for result in (item.phi(z), item.derivative(z)):
        assert result.shape == z.shape
        assert result.dtype == dtype
    np.testing.assert_array_equal(z, before)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", EVERY)
def test_nothing_overflows_or_warns_up_to_1e30(name: str, dtype: type[np.floating[Any]]) -> None:
    item = activations.get(name)
    sizes = np.array([0, 1e-40, 1e-30, 1, 19, 21, 39, 41, 87, 89, 104, 709, 746, 799, 801, 1e5, 1e19, 1e20, 1e30])
    z = np.concatenate([-sizes, sizes]).astype(dtype)
    if name == "exponential":  # its result overflows, and that alone
        z = np.minimum(z, dtype(80))
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        h, slope = item.phi(z), item.derivative(z)
    assert np.isfinite(h).all()
    assert np.isfinite(slope).all()
    if name != "exponential":
        beyond = 1e-3 if name.startswith(("squareplus", "softplus(beta=0.5")) else 0  # they come near 1 far out alone
        assert np.abs(slope).max() <= item.greatest_slope * (1 + np.finfo(dtype).eps + beyond)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", LIMITS)
def test_infinity_gives_the_limit_and_nan_stays_nan(name: str, dtype: type[np.floating[Any]]) -> None:
    item = activations.get(name)
    z = np.array([-np.inf, np.inf, np.nan], dtype)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        h, slope = item.phi(z), item.derivative(z)
    measured = np.array([h[0], slope[0], h[1], slope[1]])
    np.testing.assert_allclose(measured, LIMITS[name], rtol=2 * float(np.finfo(dtype).eps))
    assert np.isnan(h[2])


def test_float32_keeps_small_slopes_that_one_minus_the_square_rounds_to_zero() -> None:
    z = np.array([15.0, -15.0, 40.0], np.float32)
    expected = 4 * np.exp(-2.0 * np.abs(z.astype(float)))
    np.testing.assert_allclose(activations.get("tanh").derivative(z), expected, rtol=1e-5)
    np.testing.assert_allclose(activations.get("sigmoid").derivative(2 * z), expected / 4, rtol=1e-5)
    assert (1 - np.tanh(z) ** 2 == 0).all()


SILU_PEAK = brentq(lambda z: z * math.tanh(z / 2) - 2, 1, 4)


@pytest.mark.parametrize(
    ("name", "slope"),
    [
        ("linear", 1.0),
        ("sigmoid", 0.25),
        ("tanh", 1.0),
        ("relu", 1.0),
        ("leaky_relu(negative_slope=3)", 3.0),
        ("leaky_relu(negative_slope=-2)", 2.0),
        ("elu(alpha=2)", 2.0),
        ("selu", 1.7580993408473766),
        # phi'' = (2 - z^2) normal density: the peak is at the square root of 2.
        ("gelu", (1 + math.erf(1)) / 2 + math.exp(-1) / math.sqrt(math.pi)),
        # phi'' = 0 where z tanh(z / 2) = 2.
        ("silu", (1 + math.tanh(SILU_PEAK / 2)) / 2 + SILU_PEAK / (4 * math.cosh(SILU_PEAK / 2) ** 2)),
        ("softplus", 1.0),
        ("softsign", 1.0),
        ("hard_tanh", 1.0),
        ("erf", 2 / math.sqrt(math.pi)),
        ("lecun_tanh", 1.7159 * 2 / 3),
        ("hard_silu", 1.5),
        ("squareplus", (1 + 40.005 / math.hypot(40.005, 2)) / 2),
        ("exponential", math.e),
    ],
)
def test_the_greatest_slope_is_found(name: str, slope: float) -> None:
    # The finest grid has steps of 5e-6: near a smooth peak a slope is off by about their square, beside a kink by 1e-9.
    assert activations.get(name).greatest_slope == pytest.approx(slope, rel=1e-9)


@pytest.mark.parametrize(
    ("name", "beyond"), [("tanh", [-0.975, 0.975]), ("sigmoid", [0.013, 0.987]), ("softsign", [-0.776, 0.776])]
)
def test_five_percent_of_the_greatest_slope_is_where_the_words_say(name: str, beyond: list[float]) -> None:
    item = activations.get(name)
    z = np.linspace(-8, 8, 16_001)
    healthy = item.phi(z[item.derivative(z) >= 0.05 * item.greatest_slope])
    # The words have three decimals; the grid adds at most its step times the slope there.
    np.testing.assert_allclose([healthy.min(), healthy.max()], beyond, atol=6e-4)


def test_a_slope_that_grows_without_end_is_compared_with_that_of_healthy_pre_activations() -> None:
    square = replace(activations.get("tanh"), phi=np.square, derivative=lambda z: 2 * z, kinks=())
    assert square.greatest_slope == 2
    assert replace(square, derivative=lambda z: 1 + np.tanh(z / 40)).greatest_slope > 1.7


@pytest.mark.parametrize("phi", [np.exp, np.sqrt, lambda z: np.where(z > 100, np.nan, np.tanh(z))])
def test_what_is_no_number_at_moderate_pre_activations_is_not_bounded(phi: Callable[[Any], Any]) -> None:
    assert not replace(activations.get("tanh"), phi=phi).is_bounded
    assert not activations.get("exponential").is_bounded


def test_half_of_a_relu_layer_is_below_five_percent_of_its_greatest_slope() -> None:
    item = activations.get("relu")
    slopes = item.derivative(np.random.default_rng(0).standard_normal(10_000))
    # A share of one half among n draws has standard deviation 1 / (2 sqrt n).
    assert np.mean(slopes < 0.05 * item.greatest_slope) == pytest.approx(0.5, abs=5 * 0.5 / 100)


@pytest.mark.parametrize(
    "text",
    [
        "rellu",
        "elu(beta=1)",
        "celu(alpha=0)",
        "squareplus(b=-1)",
        "silu(beta=0)",
        "softplus(beta=-1)",
        "hard_tanh(min_val=1, max_val=-1)",
        "hard_shrink(threshold=-1)",
        "soft_shrink(threshold=-1)",
        "relu(max_value=0)",
        "relu(max_value=1, threshold=2)",
        "swish(beta)",
    ],
)
def test_what_is_no_activation_is_told_in_one_line(text: str) -> None:
    with pytest.raises(UsageError) as told:
        activations.get(text)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("name", EVERY)
def test_texts_are_there(name: str) -> None:
    item = activations.get(name)
    assert item.label
    assert item.formula
    assert "\\\\" not in item.formula


def test_a_decorated_function_becomes_an_activation(monkeypatch: pytest.MonkeyPatch) -> None:
    fresh: Registry[Activation] = Registry("activation")
    monkeypatch.setattr("reportgen.nn.activation.activations", fresh)

    @activation(
        "sine",
        derivative=lambda z, w: w * np.cos(w * z),
        label="sine",
        formula=r"\sin w z",
        reference="Sitzmann et al. 2020",
    )
    def sine(z: NDArray[Any], *, w: float = 30.0) -> NDArray[Any]:
        return np.sin(w * z)

    item = fresh.get("Sine(w=2)")
    assert (item.name, item.label, item.kinks) == ("sine(w=2)", "sine (w=2)", ())
    assert item.greatest_slope == pytest.approx(2, rel=1e-9)
    np.testing.assert_allclose(item.derivative(GRID), central_difference(item, GRID), rtol=0, atol=DIFFERENCE_ERROR)


TORCH: dict[str, Callable[[Any, Any], Any]] = {
    "linear": lambda _, z: z * 1,
    "sigmoid": lambda torch, z: torch.sigmoid(z),
    "tanh": lambda torch, z: torch.tanh(z),
    "relu": lambda torch, z: torch.relu(z),
    "leaky_relu": lambda torch, z: torch.nn.functional.leaky_relu(z),
    "elu": lambda torch, z: torch.nn.functional.elu(z),
    "elu(alpha=2)": lambda torch, z: torch.nn.functional.elu(z, alpha=2),
    "selu": lambda torch, z: torch.selu(z),
    "gelu": lambda torch, z: torch.nn.functional.gelu(z),
    "silu": lambda torch, z: torch.nn.functional.silu(z),
    # PyTorch returns z itself above its threshold, which is 20 unless told otherwise.
    "softplus": lambda torch, z: torch.nn.functional.softplus(z, threshold=1000),
    "softsign": lambda torch, z: torch.nn.functional.softsign(z),
    "mish": lambda torch, z: torch.nn.functional.mish(z),
    "hard_tanh": lambda torch, z: torch.nn.functional.hardtanh(z),
    "erf": lambda torch, z: torch.erf(z),
    "lecun_tanh": lambda torch, z: 1.7159 * torch.tanh(2 / 3 * z),
    "gelu(approximate=True)": lambda torch, z: torch.nn.functional.gelu(z, approximate="tanh"),
    "silu(beta=0.5)": lambda torch, z: z * torch.sigmoid(0.5 * z),
    "softplus(beta=0.5)": lambda torch, z: torch.nn.functional.softplus(z, 0.5, 1000),
    "softplus(beta=2, threshold=1)": lambda torch, z: torch.nn.functional.softplus(z, 2, 1),
    "hard_tanh(min_val=-2, max_val=0.5)": lambda torch, z: torch.nn.functional.hardtanh(z, -2, 0.5),
    "relu6": lambda torch, z: torch.nn.functional.relu6(z),
    "relu(max_value=4)": lambda torch, z: torch.nn.functional.hardtanh(z, 0, 4),
    "celu": lambda torch, z: torch.nn.functional.celu(z),
    "celu(alpha=0.5)": lambda torch, z: torch.nn.functional.celu(z, 0.5),
    "exponential": lambda torch, z: torch.exp(z),
    "hard_sigmoid": lambda torch, z: torch.nn.functional.relu6(z + 3) / 6,  # its own slope is 1/6 in float32
    "hard_silu": lambda torch, z: torch.nn.functional.hardswish(z),
    "hard_shrink": lambda torch, z: torch.nn.functional.hardshrink(z),
    "hard_shrink(threshold=1)": lambda torch, z: torch.nn.functional.hardshrink(z, 1),
    "soft_shrink": lambda torch, z: torch.nn.functional.softshrink(z),
    "threshold": lambda torch, z: torch.nn.functional.threshold(z, 1, 0),
    "threshold(threshold=-1, value=2)": lambda torch, z: torch.nn.functional.threshold(z, -1, 2),
    "log_sigmoid": lambda torch, z: torch.nn.functional.logsigmoid(z),
    "sparse_plus": lambda torch, z: torch.where(z <= -1, 0 * z, torch.where(z < 1, (z + 1) ** 2 / 4, z)),
    "sparse_sigmoid": lambda torch, z: torch.nn.functional.hardtanh((z + 1) / 2, 0, 1),
    "squareplus": lambda torch, z: (z + torch.sqrt(z * z + 4)) / 2,
    "tanh_shrink": lambda torch, z: torch.nn.functional.tanhshrink(z),
}


def test_every_activation_is_held_against_pytorch_and_against_its_limits() -> None:
    assert [name for name in activations.names() if name not in TORCH] == []
    assert [name for name in activations.names() if name not in LIMITS] == []
    assert [name for name in activations.names() if name not in AT_ONE] == []


@pytest.mark.parametrize("name", TORCH)
def test_value_and_derivative_agree_with_pytorch_to_rounding(name: str) -> None:
    torch = pytest.importorskip("torch", reason="the oracle extra (PyTorch) is not installed")
    z = np.concatenate([GRID, [0.0, -1.0, 1.0], activations.get(name).kinks])
    theirs = torch.tensor(z, requires_grad=True)
    h = TORCH[name](torch, theirs)
    h.sum().backward()
    item = activations.get(name)
    np.testing.assert_allclose(item.phi(z), h.detach().numpy(), rtol=1e-14, atol=1e-14)
    np.testing.assert_allclose(item.derivative(z), theirs.grad.numpy(), rtol=1e-14, atol=1e-14)


def test_an_activation_without_a_derivative_is_refused_when_it_is_registered() -> None:
    with pytest.raises(UsageError, match="activation step has no derivative"):
        activation("step", derivative=None, label="step", formula="", reference="")  # type: ignore[arg-type]
    assert "step" not in activations


@pytest.mark.parametrize("text", [*activations.names(), "gelu(approximate=True)"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_phi_and_slope_at_once_are_those_that_each_gives_alone(text: str, dtype: type[np.floating[Any]]) -> None:
    item = activations.get(text)
    z = np.concatenate([np.linspace(-50, 50, 4001), [-1e30, 1e30, -np.inf, np.inf]]).astype(dtype)
    with np.errstate(all="ignore"):
        h, slope = item.with_slope(z)
        alone = item.phi(z), item.derivative(z)
        written = item.with_slope(z, (np.empty_like(z), np.empty_like(z)))
    # In single precision GELU has a distribution function of its own, to 1e-5 of a tail and 1e-6 of the whole.
    off = {"rtol": 1e-5, "atol": 3e-7} if text == "gelu" else {"rtol": 0}
    np.testing.assert_allclose(h, alone[0], **off)
    np.testing.assert_allclose(slope, alone[1], **off)
    np.testing.assert_array_equal(written, (h, slope))
    assert h.dtype == slope.dtype == dtype


@pytest.mark.parametrize("text", ["tanh", "sigmoid", "gelu", "silu", "elu", "selu", "softplus", "softsign"])
def test_a_lost_number_stays_lost_when_both_are_written(text: str) -> None:
    h, slope = activations.get(text).with_slope(np.array([np.nan], np.float32))
    assert np.isnan([h[0], slope[0]]).all()


def test_values_without_a_function_for_both_are_not_given_that_of_others() -> None:
    plain = ("relu", "leaky_relu(negative_slope=0.2)", "elu(alpha=2)", "gelu", "silu", "softplus")
    others = ("relu(threshold=1)", "leaky_relu(negative_slope=2)", "gelu(approximate=True)", "silu(beta=2)")
    assert all(activations.get(text).fused for text in plain)
    assert not any(activations.get(text).fused for text in others)
