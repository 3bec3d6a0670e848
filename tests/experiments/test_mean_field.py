"""Predictions for the battery: by hand where that can be done, and against wide networks."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from scipy.integrate import quad

from reportgen.battery.cell import Streams
from reportgen.battery.experiment import Columns
from reportgen.experiments import propagation
from reportgen.experiments.mean_field import EXPERIMENT
from reportgen.nn import datasets

WIDTH, DEPTHS, REPLICATES, BATCH = 32, (2, 5), 2, 16
Z, H, DELTA = "pre_activation_second_moment", "activation_second_moment", "delta_rms"


def plan(**changes: object) -> SimpleNamespace:
    values = {
        "initializers": ("zeros", "constant", "he_normal", "he_uniform", "glorot_normal", "orthogonal"),
        "activations": ("relu",),
        "data_factors": ({"data": "gaussian"},),
        "depths": DEPTHS,
        "width": WIDTH,
        "replicates": REPLICATES,
        "batch": BATCH,
    }
    planned = {**values, **changes}
    return SimpleNamespace(**planned, initializer_groups=(planned["initializers"],))


def measure(**changes: object) -> dict[str, Columns]:
    (part,) = EXPERIMENT.work(plan(**changes))
    return part.measure(Streams(0))


def of(table: Columns, initializer: str, column: str, **chosen: int) -> np.ndarray:
    """Return one column of one initializer, shape (replicates, layers)."""
    rows = table["initializer"] == initializer
    for name, value in chosen.items():
        rows = rows & (table[name] == value)
    return np.asarray(table[column][rows], dtype=float).reshape(REPLICATES, -1)


def mean_squares(data: str) -> np.ndarray:
    loaded = [datasets.load({"data": data}, Streams(0).data(r), BATCH, WIDTH).inputs for r in range(REPLICATES)]
    return np.square(loaded).mean(axis=(1, 2))


def test_an_initializer_without_a_limit_has_no_prediction() -> None:
    named = set(measure()["forward_theory"]["initializer"])
    assert named == {"he_normal", "he_uniform", "glorot_normal", "orthogonal"}


def test_behind_relu_he_keeps_and_glorot_halves() -> None:
    tables, q0 = measure(), mean_squares("gaussian")[:, None]
    layers = np.arange(max(DEPTHS))
    assert of(tables["forward_theory"], "he_normal", Z) == pytest.approx(2 * q0 + 0 * layers)
    assert of(tables["forward_theory"], "glorot_normal", Z) == pytest.approx(q0 * 0.5**layers)
    assert of(tables["forward_theory"], "glorot_normal", H) == pytest.approx(q0 * 0.5 ** (layers + 1))
    for depth in DEPTHS:
        down = np.arange(depth)[::-1] + 0 * q0
        assert of(tables["gradient_theory"], "he_normal", DELTA, depth=depth) == pytest.approx(np.sqrt(0.5) + 0 * down)
        halved = np.sqrt(0.5 ** (down + 1))
        assert of(tables["gradient_theory"], "glorot_normal", DELTA, depth=depth) == pytest.approx(halved)


def test_a_first_layer_that_is_not_square_has_its_own_fan_in() -> None:
    forward, q0 = measure(data_factors=({"data": "digits"},))["forward_theory"], mean_squares("digits")
    assert of(forward, "glorot_normal", Z)[:, 0] == pytest.approx(q0 * 64 * 2 / (64 + WIDTH))
    assert of(forward, "he_normal", Z)[:, 0] == pytest.approx(2 * q0)
    assert of(forward, "orthogonal", Z)[:, 0] == pytest.approx(q0 * 64 / max(64, WIDTH))


def test_the_map_is_applied_to_each_input_and_then_averaged() -> None:
    forward = measure(data_factors=({"data": "digits"},), activations=("tanh",))["forward_theory"]
    inputs = datasets.load({"data": "digits"}, Streams(0).data(0), BATCH, WIDTH).inputs
    variances = 2 * np.square(inputs).mean(axis=1)

    def after_tanh(q: float) -> float:
        def integrand(z: float) -> float:
            return float(np.tanh(np.sqrt(q) * z) ** 2 * np.exp(-z * z / 2) / np.sqrt(2 * np.pi))

        return float(quad(integrand, -10, 10, limit=200)[0])

    each = float(np.mean([after_tanh(q) for q in variances]))
    assert of(forward, "he_normal", H)[0, 0] == pytest.approx(each, rel=1e-8)
    assert after_tanh(float(variances.mean())) != pytest.approx(each, rel=1e-3)


def test_initializers_of_the_same_scale_share_their_prediction() -> None:
    forward = measure()["forward_theory"]
    assert np.array_equal(of(forward, "he_normal", Z), of(forward, "he_uniform", Z))


def test_an_initializer_that_is_predicted_alone_gets_what_it_gets_among_others() -> None:
    among, alone = (measure(activations=("tanh",), **names) for names in ({}, {"initializers": ("he_normal",)}))
    for table, columns in alone.items():
        rows = among[table]["initializer"] == "he_normal"
        for name, values in columns.items():
            assert np.array_equal(among[table][name][rows], values), (table, name)


def test_an_initializer_without_a_limit_that_is_added_gets_no_cell() -> None:
    assert not [*EXPERIMENT.work(plan(initializers=("zeros",)))]


def test_what_leaves_float64_is_infinite() -> None:
    tables = measure(initializers=("random_normal(stddev=1e5)",), depths=(40,))
    assert np.isinf(tables["forward_theory"][Z]).any()
    assert not np.isnan(tables["forward_theory"][Z]).any()


# The log of a statistic of one network has the declared variance or less; 5 standard errors of the mean of the
# networks, and a drift of half the variance.
@pytest.mark.parametrize("activation", ["tanh", "gelu"])
def test_wide_networks_do_what_is_predicted(activation: str) -> None:
    width, replicates, names = 256, 4, ("glorot_normal",)
    wide = plan(activations=(activation,), width=width, replicates=replicates, initializers=names)
    (prediction,), (propagate,) = EXPERIMENT.work(wide), propagation.EXPERIMENT.work(wide)
    predicted, measured = prediction.measure(Streams(1)), propagate.measure(Streams(1))
    pairs = (("forward", "forward_theory", H, "activation"), ("gradients", "gradient_theory", DELTA, "delta"))
    for table, theory, column, name in pairs:
        logs = np.log(measured[table][column] / predicted[theory][column]).reshape(replicates, -1)
        variance = predicted[theory][f"{name}_log_variance"].reshape(replicates, -1)[0]
        tolerance = 5 * np.sqrt(variance / replicates) + variance / 2
        if table == "forward":
            assert np.all(np.abs(logs.mean(axis=0)) < tolerance)
        else:
            order = np.abs(np.log(measured[table][column] / predicted[theory][column]))
            assert order.max() < 5 * np.sqrt(variance.max()) + variance.max() / 2
        assert not np.all(np.abs(logs.mean(axis=0) + np.log(2)) < tolerance), "twice the prediction would be seen"
