"""Every initializer draws what it declares, and every framework's spelling means what it means there."""

from __future__ import annotations

import re
from collections.abc import Callable
from math import ceil, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from reportgen.errors import UsageError
from reportgen.nn.initializers import TRUNCATED_STDDEV, initializer, initializers
from reportgen.registry import Registry

VARIANTS = [
    "constant(value=-2)",
    "random_normal(stddev=1)",
    "random_normal(mean=3, stddev=0.5)",
    "random_uniform(minval=-0.5, maxval=0.5)",
    "random_uniform(minval=1, maxval=2)",
    "truncated_normal(mean=1, stddev=2)",
    "truncated_normal(lower=-1, upper=3)",
    "truncated_normal(stddev=1, lower=-0.5, upper=0.25, absolute=True)",
    "variance_scaling(scale=3, mode=fan_out)",
    "variance_scaling(mode=fan_avg, distribution=normal)",
    "variance_scaling(mode=fan_geo_avg, distribution=uniform)",
    "lecun_normal(truncated=False)",
    "glorot_normal(gain=1.6, truncated=False)",
    "glorot_uniform(gain=1.6, mode=fan_in)",
    "he_normal(mode=fan_out)",
    "he_normal(negative_slope=0.25, truncated=False)",
    "he_uniform(negative_slope=2, mode=fan_geo_avg)",
    "orthogonal(gain=1.5)",
    "centered_normal(gain=4)",
    "identity(gain=2)",
    "sparse(sparsity=0.5, stddev=1)",
    "sparse(sparsity=1)",
]
EVERY = [*initializers.names(), *VARIANTS]
FIXED = ("zeros", "ones", "constant", "identity")
FAN_IN, FAN_OUT = 400, 300

KOLMOGOROV = sqrt(np.log(2 / 1e-6) / 2)
"""A distance of two distribution functions above this / sqrt(n) comes about by chance once in a million times."""


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def draw(text: str, fan_in: int = FAN_IN, fan_out: int = FAN_OUT, seed: int = 0) -> NDArray[np.float64]:
    return initializers.get(text).draw(rng(seed), fan_in, fan_out)


def agrees(weights: NDArray[np.float64], variance: float) -> bool:
    """Tell whether the weights may have this variance, up to five standard errors of a sample variance.

    The variance of a sample variance is (m4 - m2^2) / n, with m4 the fourth central moment. Equal weights have none:
    they may be off by rounding.
    """
    centered = weights - weights.mean()
    standard_error = np.sqrt((np.mean(centered**4) - np.mean(centered**2) ** 2) / weights.size)
    return bool(abs(np.mean(centered**2) - variance) <= 5 * standard_error + 1e-24)


@pytest.mark.parametrize("shape", [(1, 1), (1, 6), (6, 1), (40, 30), (30, 40)], ids=str)
@pytest.mark.parametrize("text", EVERY)
def test_weights_are_finite_float64_of_shape_fan_in_by_fan_out(text: str, shape: tuple[int, int]) -> None:
    weights = draw(text, *shape)
    assert weights.shape == shape
    assert weights.dtype == np.float64
    assert np.isfinite(weights).all()


@pytest.mark.parametrize("text", EVERY)
def test_equal_generators_give_equal_weights_and_others_do_not(text: str) -> None:
    assert draw(text, 20, 10).tobytes() == draw(text, 20, 10).tobytes()
    is_fixed = text.partition("(")[0] in FIXED or text == "sparse(sparsity=1)"
    assert (draw(text, 20, 10).tobytes() == draw(text, 20, 10, seed=1).tobytes()) == is_fixed


@pytest.mark.parametrize("text", EVERY)
def test_the_measured_variance_is_the_declared_one(text: str) -> None:
    declared = initializers.get(text).variance(FAN_IN, FAN_OUT)
    if declared is None:
        assert text.startswith("identity")
    else:
        assert agrees(draw(text), declared)


@pytest.mark.parametrize("text", [name for name in EVERY if name.partition("(")[0] not in FIXED and "=1)" not in name])
def test_a_declared_variance_that_is_five_percent_off_is_noticed(text: str) -> None:
    declared = initializers.get(text).variance(FAN_IN, FAN_OUT)
    assert declared is not None
    assert not agrees(draw(text), 1.05 * declared)
    assert not agrees(draw(text), 0.95 * declared)


@pytest.mark.parametrize("text", EVERY)
def test_iid_weights_have_mean_zero_and_those_with_a_mean_are_not_offered_to_theory(text: str) -> None:
    weights, limit = draw(text), initializers.get(text).limit
    if limit != "none":
        assert abs(weights.mean()) <= 5 * weights.std() / sqrt(weights.size)
    without = any(word in text for word in (*FIXED, "mean=", "minval=1", "lower=", "centered"))
    assert (limit == "none") == without, (
        f"{text} is declared with limit={limit!r}: independent weights of mean 0 are iid"
    )
    assert (limit == "orthogonal") == text.startswith("orthogonal")


@pytest.mark.parametrize(
    ("text", "factor", "other"),
    [
        ("he_normal", sqrt(2), "lecun_normal"),
        ("glorot_normal", sqrt(2 * FAN_IN / (FAN_IN + FAN_OUT)), "lecun_normal"),
        ("he_normal(mode=fan_out)", sqrt(2 * FAN_IN / FAN_OUT), "lecun_normal"),
        ("truncated_normal(stddev=1)", TRUNCATED_STDDEV * sqrt(FAN_IN), "lecun_normal"),
        ("kaiming_normal_", sqrt(2 / FAN_IN), "random_normal(stddev=1)"),
        ("he_uniform", sqrt(2), "lecun_uniform"),
        ("torch_default", sqrt(1 / 3), "lecun_uniform"),
        ("random_uniform(minval=-0.5, maxval=0.5)", sqrt(FAN_IN / 12), "lecun_uniform"),
    ],
)
def test_initializers_of_a_family_differ_by_their_scale_alone(text: str, factor: float, other: str) -> None:
    np.testing.assert_allclose(draw(text), factor * draw(other), rtol=1e-13, atol=1e-15)


def test_truncation_draws_anew_only_what_lies_beyond_the_cuts() -> None:
    cut, uncut = draw("truncated_normal(stddev=1)"), draw("random_normal(stddev=1)")
    beyond = np.abs(uncut) > 2
    np.testing.assert_array_equal(cut != uncut, beyond)
    assert np.abs(cut).max() <= 2


@pytest.mark.parametrize(
    ("text", "lower", "upper"),
    [
        ("truncated_normal(stddev=1)", -2.0, 2.0),
        ("truncated_normal(stddev=1, lower=-0.3, upper=4)", -0.3, 4.0),
        ("trunc_normal_(mean=1, std=2, a=-1, b=2)", -1.0, 0.5),
    ],
)
def test_truncated_draws_follow_the_truncated_normal_law(text: str, lower: float, upper: float) -> None:
    weights = draw(text, 200, 100).ravel()
    scaled = (weights - 1) / 2 if "mean=1" in text else weights
    truncated = stats.truncnorm(lower, upper)
    assert stats.kstest(scaled, truncated.cdf).statistic < KOLMOGOROV / sqrt(weights.size)
    # Moving what lies beyond the cuts onto them is the usual mistake.
    clipped = np.clip(rng().standard_normal(weights.size), lower, upper)
    assert stats.kstest(clipped, truncated.cdf).statistic > KOLMOGOROV / sqrt(weights.size)


def test_corrected_and_untruncated_normals_have_the_same_variance_and_different_greatest_weights() -> None:
    greatest = 2 / TRUNCATED_STDDEV * sqrt(2 / FAN_IN)
    assert np.abs(draw("he_normal")).max() <= greatest < np.abs(draw("he_normal(truncated=False)")).max()
    assert initializers.get("he_normal").variance(8, 4) == initializers.get("kaiming_normal_").variance(8, 4) == 0.25


@pytest.mark.parametrize(
    ("text", "truncated"),
    [
        ("he_normal", "truncated, corrected"),
        ("glorot_normal(truncated=False)", "not truncated"),
        ("variance_scaling", "truncated, corrected"),
        ("variance_scaling(distribution=untruncated_normal)", "not truncated"),
        ("variance_scaling(distribution=uniform)", ""),
        ("truncated_normal", "truncated, not corrected"),
        ("random_normal", "not truncated"),
        ("he_uniform", ""),
        ("orthogonal", ""),
    ],
)
def test_every_normal_says_whether_it_is_truncated(text: str, truncated: str) -> None:
    assert initializers.get(text).truncated == truncated


@pytest.mark.parametrize("shape", [(5, 5), (7, 3), (3, 7)], ids=str)
def test_orthogonal_has_orthogonal_rows_or_columns_whichever_are_fewer(shape: tuple[int, int]) -> None:
    W = draw("orthogonal(gain=3)", *shape)
    gram = W.T @ W if shape[0] >= shape[1] else W @ W.T
    np.testing.assert_allclose(gram, 9 * np.eye(min(shape)), atol=1e-13)


def test_orthogonal_prefers_no_sign() -> None:
    corners = np.array([draw("orthogonal", 3, 3, seed=seed)[0, 0] for seed in range(2000)])
    # An entry of an evenly distributed orthogonal 3 x 3 matrix has mean 0 and variance 1/3.
    bound = 5 * sqrt(1 / 3 / 2000)
    assert abs(corners.mean()) < bound
    without_signs = [np.linalg.qr(rng(seed).standard_normal((3, 3))).Q[0, 0] for seed in range(200)]
    assert abs(np.mean(without_signs)) > bound


def test_centered_weights_sum_to_zero_over_the_inputs_of_every_unit() -> None:
    weights = draw("centered_normal(gain=4)", 40, 30)
    np.testing.assert_allclose(weights.sum(axis=0), 0, atol=1e-12)
    assert np.abs(draw("glorot_normal(gain=4)", 40, 30).sum(axis=0)).min() > 1e-3


def test_a_sigmoid_net_of_centered_weights_is_a_tanh_net_of_a_quarter_of_them() -> None:
    """sigmoid(2 z) = 1/2 + tanh(z) / 2, and the 1/2 of the inputs sums to zero: no bias is needed."""
    inputs = rng(1).standard_normal((7, 40))
    sigmoid, tanh = inputs, inputs
    for layer in range(20):
        W = draw("centered_normal(gain=4)", 40, 40, seed=layer)
        sigmoid = 1 / (1 + np.exp(-(sigmoid @ (W if layer else W / 2))))
        tanh = np.tanh(tanh @ (W / 4))
    np.testing.assert_allclose(sigmoid, 0.5 + tanh / 2, atol=1e-13)


@pytest.mark.parametrize("sparsity", [0.0, 0.1, 0.25, 1.0])
def test_sparse_sets_the_same_number_of_inputs_of_every_unit_to_zero(sparsity: float) -> None:
    zeros = draw(f"sparse(sparsity={sparsity})", 30, 20) == 0
    assert set(zeros.sum(axis=0)) == {ceil(30 * sparsity)}
    assert sparsity in (0, 1) or len({column.tobytes() for column in zeros.T}) > 1


@pytest.mark.parametrize("text", EVERY)
def test_every_alias_leads_to_its_initializer(text: str) -> None:
    item = initializers.get(text)
    name = text.partition("(")[0]
    needs = {"constant_": "(val=1)", "sparse_": "(sparsity=0.5)"}
    assert all(initializers.definition(alias + needs.get(alias, "")).name == name for alias in item.aliases)


@settings(deadline=None)  # a busy machine is no failure
@given(stddev=st.floats(0, 1e6), mean=st.floats(-1e6, 1e6), truncated=st.booleans(), gain=st.floats(1e-3, 1e3))
def test_a_canonical_name_draws_the_same_weights_again(
    stddev: float, mean: float, truncated: bool, gain: float
) -> None:
    for text in (
        f"random_normal(stddev={stddev!r}, mean={mean!r})",
        f"glorot_normal(truncated={truncated}, gain={gain!r})",
    ):
        item = initializers.get(text)
        again = initializers.get(item.name)
        assert again.name == item.name
        assert again.draw(rng(), 3, 2).tobytes() == item.draw(rng(), 3, 2).tobytes()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("random_normal(stddev=-1)", "random_normal: stddev must be 0 or more, not -1"),
        ("random_uniform(minval=2, maxval=1)", "random_uniform: minval must not be above maxval, but 2 > 1"),
        ("truncated_normal(stddev=0)", "truncated_normal: stddev must be above 0, not 0"),
        ("truncated_normal(lower=3, upper=-3)", "truncated_normal: lower=3 and upper=-3 cut everything off"),
        ("trunc_normal_(mean=50)", "truncated_normal: lower=-2 and upper=2 cut everything off"),
        ("variance_scaling(scale=0)", "variance_scaling: scale must be above 0, not 0"),
        ("glorot_normal(gain=-1)", "glorot_normal: gain must be above 0, not -1"),
        ("he_normal(mode=fan_inn)", "he_normal: unknown mode 'fan_inn': did you mean fan_in? Allowed: fan_in, fan_out"),
        ("variance_scaling(distribution=unifrm)", "unknown distribution 'unifrm': did you mean uniform?"),
        ("sparse(sparsity=1.5)", "sparse: sparsity must lie between 0 and 1, not 1.5"),
        ("sparse(stddev=-1)", "sparse: stddev must be 0 or more, not -1"),
        ("he_normal(stddev=1)", "he_normal: unknown parameter stddev"),
        (
            "he_normal(gain=1.5)",
            "a gain of 1.5 write glorot_normal(gain=1.5, mode=fan_in) or variance_scaling(scale=2.25, mode=fan_in)",
        ),
        ("lecun_uniform(gain=5/3, mode=fan_out)", "glorot_uniform(gain=1.66667, mode=fan_out) or variance_scaling("),
        ("he_normal(gain=x)", "its gain is built in; for another write glorot_normal(gain=..., mode=fan_in)"),
        ("glorot_uniform(scale=2)", "write variance_scaling(scale=2, mode=fan_avg, distribution=uniform)"),
        ("he_uniform(nonlinearity=tanh)", "write kaiming_uniform_(nonlinearity=tanh)"),
        ("xavier_norml", "did you mean xavier_normal?"),
    ],
)
def test_bad_values_are_told_in_one_line_when_the_name_is_read(text: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=re.escape(sentence)) as told:
        initializers.get(text)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("text", EVERY)
def test_texts_are_there_and_formulas_use_commands_of_letters_only(text: str) -> None:
    item = initializers.get(text)
    assert item.label
    assert item.reference
    assert re.search(r"\d|=|\\sim", item.formula)
    assert not re.search(r"\\[^a-zA-Z]", item.formula)
    assert not any(mark in item.formula for mark in ("$", "\n", "operatorname"))


@pytest.mark.parametrize(
    ("text", "label", "formula"),
    [
        ("he_normal", "He normal", r"\mathrm{Var}(w) = \frac{2}{n_{\mathrm{in}}}"),
        ("he_normal(mode=fan_out)", "He normal (mode=fan_out)", r"\mathrm{Var}(w) = \frac{2}{n_{\mathrm{out}}}"),
        ("glorot_uniform", "Glorot uniform", r"\mathrm{Var}(w) = \frac{2}{n_{\mathrm{in}} + n_{\mathrm{out}}}"),
        (
            "random_normal(stddev=1e-5)",
            "normal (stddev=1e-05)",
            r"w \sim \mathcal{N}\left( 0, \left( 1 \times 10^{-5} \right)^{2} \right)",
        ),
        (
            "orthogonal(gain=2)",
            "orthogonal (gain=2)",
            r"\mathrm{Var}(w) = \frac{4}{\max(n_{\mathrm{in}}, n_{\mathrm{out}})}",
        ),
        ("identity(gain=2)", "identity (gain=2)", "W = 2 I"),
    ],
)
def test_label_and_formula_follow_the_parameters(text: str, label: str, formula: str) -> None:
    item = initializers.get(text)
    assert (item.label, item.formula) == (label, formula)


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> Registry[Any]:
    """Return an empty registry in the place of the real one."""
    registry: Registry[Any] = Registry("initializer")
    monkeypatch.setattr("reportgen.nn.initializer.initializers", registry)
    return registry


def test_a_decorated_function_becomes_an_initializer(fresh: Registry[Any]) -> None:
    @initializer("coin", variance=lambda *_, size: size**2, label="coin", formula="w = s", reference="none")
    def coin(rng: np.random.Generator, fan_in: int, fan_out: int, *, size: float = 0.1) -> NDArray[np.float64]:
        return size * rng.choice([-1.0, 1.0], (fan_in, fan_out))

    item = fresh.get("Coin(2)")
    assert item.name == "coin(size=2)"
    assert item.variance(3, 4) == 4
    assert item.limit == "none"
    assert agrees(item.draw(rng(), 30, 20), 4)
    assert "coin" not in initializers


def test_an_initializer_that_draws_the_transpose_is_refused(fresh: Registry[Any]) -> None:
    @initializer("flipped", variance=lambda *_: 0.0, label="flipped", formula="w = 0", reference="none")
    def flipped(_rng: np.random.Generator, fan_in: int, fan_out: int) -> NDArray[np.float64]:
        return np.zeros((fan_out, fan_in))

    with pytest.raises(
        UsageError, match=re.escape("initializer flipped: gave shape (3, 2), expected (fan_in, fan_out) = (2, 3)")
    ):
        fresh.get("flipped")


TORCH = {
    "xavier_uniform_": lambda init, w: init.xavier_uniform_(w),
    "xavier_uniform_(gain=1.5)": lambda init, w: init.xavier_uniform_(w, gain=1.5),
    "xavier_normal_": lambda init, w: init.xavier_normal_(w),
    "kaiming_uniform_": lambda init, w: init.kaiming_uniform_(w),
    "kaiming_uniform_(a=0.5, mode=fan_out)": lambda init, w: init.kaiming_uniform_(w, a=0.5, mode="fan_out"),
    "kaiming_normal_": lambda init, w: init.kaiming_normal_(w),
    "torch_default": lambda init, w: init.kaiming_uniform_(w, a=sqrt(5)),
    "normal_": lambda init, w: init.normal_(w),
    "normal_(mean=1, std=0.02)": lambda init, w: init.normal_(w, 1, 0.02),
    "uniform_": lambda init, w: init.uniform_(w),
    "uniform_(a=-1, b=3)": lambda init, w: init.uniform_(w, -1, 3),
    "trunc_normal_": lambda init, w: init.trunc_normal_(w),
    "trunc_normal_(std=0.02)": lambda init, w: init.trunc_normal_(w, std=0.02),
    "trunc_normal_(mean=1, std=2, a=-1, b=2)": lambda init, w: init.trunc_normal_(w, 1, 2, -1, 2),
    "constant_(val=3)": lambda init, w: init.constant_(w, 3),
    "zeros_": lambda init, w: init.zeros_(w),
    "ones_": lambda init, w: init.ones_(w),
    "kaiming_normal_(nonlinearity=relu)": lambda init, w: init.kaiming_normal_(w, nonlinearity="relu"),
    "kaiming_normal_(a=2, nonlinearity=relu)": lambda init, w: init.kaiming_normal_(w, a=2, nonlinearity="relu"),
    "kaiming_uniform_(0, 'fan_out', 'tanh')": lambda init, w: init.kaiming_uniform_(w, 0, "fan_out", "tanh"),
    "kaiming_normal_(nonlinearity=selu)": lambda init, w: init.kaiming_normal_(w, nonlinearity="selu"),
    "kaiming_uniform_(nonlinearity=sigmoid)": lambda init, w: init.kaiming_uniform_(w, nonlinearity="sigmoid"),
    "kaiming_uniform_(a=math.sqrt(5))": lambda init, w: init.kaiming_uniform_(w, a=sqrt(5)),
    "xavier_normal_(gain=calculate_gain('tanh'))": lambda init, w: init.xavier_normal_(w, init.calculate_gain("tanh")),
    "eye_": lambda init, w: init.eye_(w),
    "orthogonal_(gain=2)": lambda init, w: init.orthogonal_(w, gain=2),
    "sparse_(sparsity=0.25, std=1)": lambda init, w: init.sparse_(w, 0.25, std=1),
}


def distance_from_pytorch(text: str, fill: Callable[[Any, Any], Any]) -> float:
    """Return the Kolmogorov distance of our weights and PyTorch's, in units that exceed 1 once in a million times."""
    torch = pytest.importorskip("torch", reason="the oracle extra (PyTorch) is not installed")
    torch.manual_seed(0)
    theirs = fill(torch.nn.init, torch.empty(FAN_OUT, FAN_IN, dtype=torch.float64)).numpy().T
    ours = draw(text)
    assert ours.shape == theirs.shape
    distance = stats.ks_2samp(ours.ravel(), theirs.ravel(), method="asymp").statistic
    return float(distance / (KOLMOGOROV * sqrt(2 / ours.size)))


@pytest.mark.parametrize("text", TORCH)
def test_pytorchs_spellings_draw_from_pytorchs_laws(text: str) -> None:
    assert distance_from_pytorch(text, TORCH[text]) < 1


@pytest.mark.parametrize(
    ("wrong", "right"), [("kaiming_normal", "kaiming_normal_"), ("he_uniform", "torch_default"), ("normal", "normal_")]
)
def test_a_wrong_law_is_told_from_pytorchs(wrong: str, right: str) -> None:
    assert distance_from_pytorch(wrong, TORCH[right]) > 1
