"""The battery, against closed forms at a width where sampling error is small."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.ask.propagate import propagate
from reportgen.battery.cell import Streams
from reportgen.battery.experiment import Measured
from reportgen.experiments import starting
from reportgen.experiments.propagation import Propagate

WIDTH, REPLICATES = 256, 6


def measure(initializer: str, activation: str, depths: tuple[int, ...] = (5,), dtype: str = "float32") -> Measured:
    part = Propagate(initializer, activation, {"data": "gaussian"}, depths, WIDTH, REPLICATES, batch=64, dtype=dtype)
    return part.measure(Streams(0))


def by_layer(measured: Measured, table: str, column: str) -> np.ndarray:
    """Return one row per replicate, one column per layer."""
    return measured[table][column].reshape(REPLICATES, -1).astype(float)


# The mean of n_in squared weights per unit and of a few hundred units: the second moment of one layer of one net has a
# relative standard deviation of about sqrt(5 / WIDTH); it adds up over the layers and averages over the replicates.
def tolerance(layers: int) -> float:
    return 5 * np.sqrt(5 * layers / WIDTH / REPLICATES)


@pytest.mark.parametrize(
    ("initializer", "factor"), [("he_normal", 1.0), ("glorot_normal", 0.5), ("torch_default", 1 / 6)]
)
def test_relu_multiplies_the_second_moment_by_half_the_scale(initializer: str, factor: float) -> None:
    q = by_layer(measure(initializer, "relu"), "forward", "pre_activation_second_moment").mean(axis=0)
    expected = 2 * factor * factor ** np.arange(5)
    assert q / expected == pytest.approx(np.ones(5), abs=tolerance(5))
    assert abs(q[-1] / (1.3**4 * expected[-1]) - 1) > tolerance(5), "a factor of 1.3 per layer more would be noticed"


def test_he_keeps_the_gradient_of_relu_and_glorot_halves_it() -> None:
    for initializer, factor in (("he_normal", 1.0), ("glorot_uniform", 0.5)):
        delta = by_layer(measure(initializer, "relu"), "gradients", "delta_rms")
        ratio = np.mean(delta[:, 0] ** 2 / delta[:, -1] ** 2)
        assert ratio / factor**4 == pytest.approx(1, abs=tolerance(5))


def test_orthogonal_weights_keep_the_length_of_every_input_of_a_linear_net() -> None:
    moments = by_layer(measure("orthogonal", "linear", dtype="float64"), "forward", "activation_second_moment")
    assert moments == pytest.approx(np.repeat(moments[:, :1], 5, axis=1), rel=1e-12)


def test_the_layers_of_a_shallow_net_are_those_of_a_deep_one() -> None:
    shallow, deep = (measure("he_normal", "tanh", depths) for depths in ((3,), (3, 6)))
    for name in ("activation_second_moment", "saturated_fraction"):
        assert by_layer(shallow, "forward", name).tolist() == by_layer(deep, "forward", name)[:, :3].tolist()
    is_shallow = deep["gradients"]["depth"] == 3
    assert shallow["gradients"]["delta_rms"].tolist() == deep["gradients"]["delta_rms"][is_shallow].tolist()


def test_initializers_share_their_random_numbers() -> None:
    he, lecun = (
        by_layer(measure(name, "linear"), "forward", "pre_activation_second_moment")
        for name in ("he_normal", "lecun_normal")
    )
    assert he[:, 0] == pytest.approx(2 * lecun[:, 0], rel=1e-5)


def test_more_replicates_leave_the_first_ones_alone() -> None:
    one, more = (
        Propagate("glorot_normal", "gelu", {"data": "gaussian"}, (2, 5), 32, number, 16).measure(Streams(0))
        for number in (1, 3)
    )
    for table in ("forward", "gradients", "diversity"):
        first = more[table]["replicate"] == 0
        for name, values in one[table].items():
            assert values.tolist() == more[table][name][first].tolist()


def test_weights_that_are_kept_are_those_that_would_be_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = [(start, activation) for start in ("he_normal", "orthogonal") for activation in ("tanh", "relu")]
    kept = [measure(*cell, dtype=dtype) for cell in cells for dtype in ("float32", "float64")]
    monkeypatch.setattr(starting, "_MOST", 0)
    drawn = [measure(*cell, dtype=dtype) for cell in cells for dtype in ("float32", "float64")]
    for one, other in zip(kept, drawn, strict=True):
        np.testing.assert_equal(one, other)


def test_the_weights_that_are_kept_are_the_first_of_one_start_alone() -> None:
    for start in ("he_normal", "lecun_normal"):
        Propagate(start, "relu", {"data": "gaussian"}, (3,), 16, 2, 8).measure(Streams(0))
    assert len(starting._kept.layers) == 6
    assert starting._kept.size == 6 * 16 * 16 * 4


@pytest.mark.filterwarnings("error")
def test_overflow_is_recorded_without_a_warning() -> None:
    measured = measure("random_normal(stddev=1)", "relu", (50,))
    assert by_layer(measured, "forward", "finite_fraction")[:, 0].tolist() == [1.0] * REPLICATES
    assert by_layer(measured, "forward", "finite_fraction")[:, -1].max() < 1
    assert not np.isfinite(by_layer(measured, "gradients", "delta_rms")[:, -1]).any(), (
        "a lost slope is not a slope of 0"
    )


def test_equal_weights_leave_one_distinct_unit() -> None:
    assert set(measure("constant", "tanh")["diversity"]["distinct_units"]) == {1}
    assert set(measure("he_normal", "tanh")["diversity"]["distinct_units"]) == {WIDTH}


def test_units_of_equal_weights_differ_by_their_biases() -> None:
    part = Propagate("constant", "tanh", {"data": "gaussian"}, (3,), 16, 2, 8, bias=0.1)
    assert set(part.measure(Streams(0))["diversity"]["distinct_units"]) == {16}


def test_biases_have_the_standard_deviation_that_was_asked_for() -> None:
    without, with_biases = (
        propagate("glorot_normal", "linear", depth=1, width=WIDTH, replicates=REPLICATES, bias=bias, dtype="float64")
        for bias in (0.0, 2.0)
    )
    added = with_biases.forward["pre_activation_second_moment"] - without.forward["pre_activation_second_moment"]
    # The mean of WIDTH squared normal numbers has a relative standard deviation of sqrt(2 / WIDTH); the cross term with
    # z adds 2 * 2 / sqrt(WIDTH) per network.
    error = np.sqrt((4 * np.sqrt(2 / WIDTH)) ** 2 + (4 / np.sqrt(WIDTH)) ** 2) / np.sqrt(REPLICATES)
    assert added.mean() == pytest.approx(4.0, abs=5 * error)
    assert abs(added.mean() - 2.0) > 5 * error, "variance and standard deviation are told apart"
