"""The experiment on symmetry: what it declares is what it measures, from streams alone."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from reportgen.battery.cell import Streams
from reportgen.battery.experiment import Measured
from reportgen.experiments.symmetry import EXPERIMENT
from reportgen.experiments.symmetry.networks import Trained
from reportgen.experiments.symmetry.runs import RUNS, Run
from reportgen.experiments.symmetry.start import Start
from reportgen.nn.ensemble import Ensemble
from reportgen.nn.mlp import forward
from reportgen.nn.optimizers import sgd
from reportgen.nn.training import evaluate, updates
from tests.experiments.measuring import columns

PLAN = SimpleNamespace(width=16, replicates=3, effort=0.25, initializers=("zeros", "he_normal", "identity"))


def short(name: str, **other: Any) -> Run:
    (found,) = (run for run in RUNS if run.course == name)
    return replace(found, **{"replicates": 2, "checkpoints": 4, **other})


def run(name: str, replicates: int = 2, seed: int = 0) -> Measured:
    return columns(EXPERIMENT, short(name, replicates=replicates), seed)


def trained(name: str, **other: Any) -> Trained:
    return short(name, **other).train(Streams(0))


def equal(one: Measured, other: Measured) -> bool:
    return all(
        np.array_equal(one[table][column], other[table][column], equal_nan=one[table][column].dtype.kind == "f")
        for table in one
        for column in one[table]
    )


def test_every_run_and_every_initializer_is_measured_and_the_long_ones_come_first() -> None:
    work = [*EXPERIMENT.work(PLAN)]
    assert [part.course for part in work if isinstance(part, Run)] == [run.course for run in RUNS]
    assert work[len(RUNS) :] == [Start(name, width=16, replicates=3) for name in PLAN.initializers]


def test_a_run_without_hidden_units_has_no_tables_of_them_and_only_one_is_filmed() -> None:
    tables = {run.course: set(columns(EXPERIMENT, short(run.course, steps=4))) for run in RUNS}
    film = {"symmetry_weights", "symmetry_map", "symmetry_points"}
    hidden = {"symmetry_single_unit", "symmetry_cosines"}
    assert {course for course, found in tables.items() if film & found} == {"circle"}
    assert {course for course, found in tables.items() if not hidden & found} == {"digits, no hidden layer"}
    assert tables["circle"] == set(Run.tables)


def test_a_run_depends_on_the_seed_and_on_nothing_else() -> None:
    first, again, other = (run("circle", seed=seed) for seed in (1, 1, 2))
    assert equal(first, again)
    assert not equal(first, other)


def test_another_replicate_changes_none_of_the_others() -> None:
    few, many = run("digits", 2), run("digits", 3)
    kept = many["symmetry_learning"]["replicate"] < 2
    np.testing.assert_allclose(
        few["symmetry_learning"]["train_loss"], many["symmetry_learning"]["train_loss"][kept], rtol=1e-9
    )


def test_replicates_of_a_random_start_differ_and_zeros_have_one() -> None:
    table = run("circle", 3)["symmetry_learning"]
    start = table["step"] == 0
    losses = table["train_loss"][start & (table["start"] == "glorot_normal")]
    assert len(set(losses)) == 3
    assert (start & (table["start"] == "zeros")).sum() == 1


def test_noise_is_one_pattern_at_every_size() -> None:
    table = run("circle, noise")["symmetry_layers"]
    first = (table["step"] == 0) & (table["kind"] == "hidden") & (table["replicate"] == 0)
    spread = {size: table["spread"][first & (table["weight_noise"] == size)] for size in (1e-2, 1e-3, 1e-5)}
    np.testing.assert_allclose(spread[1e-2], 10 * spread[1e-3], rtol=1e-9)
    np.testing.assert_allclose(spread[1e-2], 1000 * spread[1e-5], rtol=1e-9)
    biases = table["largest_bias"][first & (table["bias_noise"] > 0)]
    assert 0 < biases[0] < 0.05


@pytest.mark.parametrize("name", ["circle", "digits"])
def test_test_examples_are_none_of_the_training_examples_and_classes_are_out_of_balance(name: str) -> None:
    data = trained(name, steps=4).data
    known = {row.tobytes() for row in data.training.inputs}
    assert not known & {row.tobytes() for row in data.test.inputs}
    assert len(set(np.bincount(data.training.labels))) > 1


def test_the_map_is_what_the_trained_network_answers() -> None:
    whole, tables = trained("circle"), run("circle", 2)
    parameters, member = whole.end.parameters, 2
    assert whole.networks[member].start == "glorot_normal"
    chosen = tables["symmetry_map"]["start"] == "glorot_normal"
    h = np.stack([tables["symmetry_map"][axis][chosen] for axis in ("x1", "x2")], axis=1)
    assert parameters.biases is not None
    for layer in range(3):
        h = h @ parameters.weights[layer][member] + parameters.biases[layer][member]
        h = np.tanh(h) if layer < 2 else h
    np.testing.assert_allclose(tables["symmetry_map"]["logit"][chosen], h[:, 1] - h[:, 0], rtol=1e-9)


def test_little_effort_records_less_often_and_draws_less() -> None:
    little, more = (
        next(iter(EXPERIMENT.work(SimpleNamespace(**{**vars(PLAN), "effort": effort})))) for effort in (0.25, 1)
    )
    assert isinstance(little, Run)
    assert isinstance(more, Run)
    assert little.checkpoints < more.checkpoints
    assert 1 < little.replicates < more.replicates


def test_the_first_updates_are_recorded_too() -> None:
    assert [step for step, _ in trained("circle", steps=100).checkpoints] == [0, 1, 2, 4, 8, 16, 25, 50, 75, 100]


def test_dropout_parts_equal_units_and_leaves_the_other_members_alone() -> None:
    with_dropout, without = trained("digits", steps=40), trained("digits", steps=40, dropout=())
    dropped = [network.dropout > 0 for network in with_dropout.networks]
    assert sum(dropped) == 2
    for layer, rest in zip(*(each.end.parameters.weights[:-1] for each in (with_dropout, without)), strict=True):
        np.testing.assert_array_equal(layer[: len(rest)], rest)
        first, second = layer[dropped]
        assert np.ptp(first, axis=1).max() > 0.01
        assert not np.array_equal(first, second)  # each replicate drops other units


def test_a_run_is_evaluated_piece_by_piece_as_it_would_be_whole() -> None:
    whole, measured = trained("digits"), run("digits")["symmetry_learning"]
    assert len(whole.data.training) % 200
    expected = evaluate(whole.end, whole.data.training)
    end = measured["step"] == short("digits").steps
    np.testing.assert_allclose([measured["train_loss"][end], measured["train_accuracy"][end]], expected, rtol=1e-12)


def test_one_unit_per_layer_answers_for_equal_ones_and_not_for_others() -> None:
    table = run("circle")["symmetry_single_unit"]
    equal = np.char.startswith(table["start"], "constant") & (table["weight_noise"] == 0)
    # Scores are sums of some ten numbers of size 1: rounding is about 1e-15.
    assert table["gap"][equal].max() < 1e-12
    assert table["gap"][table["start"] == "glorot_normal"].min() > 0.1


def test_a_unit_that_stands_for_eight_without_their_weights_gives_other_answers() -> None:
    whole = trained("circle")
    parameters, inputs = whole.end.parameters, whole.data.test.inputs[None]
    full = forward(whole.end, inputs, linear_output=True).output[1]
    h = inputs[0]
    for layer, (W, b) in enumerate(zip(parameters.weights, parameters.biases or (), strict=True)):
        rows, units = (2 if layer == 0 else 1), (1 if layer < 2 else 2)
        z = h @ W[1, :rows, :units] + b[1, :, :units]
        h = np.tanh(z) if layer < 2 else z
    assert np.abs(full - h).max() > 0.1


def test_units_that_a_run_calls_equal_are_the_same_bit_by_bit_or_within_rounding() -> None:
    table = run("circle, odd width")["symmetry_layers"]
    equal = np.char.startswith(table["start"], "constant") & (table["kind"] == "hidden")
    assert set(table["distinct_units"][equal]) == {1}
    np.testing.assert_array_equal(table["bitwise_units"][equal] > 1, table["spread"][equal] > 0)


def test_movement_is_counted_from_the_start() -> None:
    table = run("circle")["symmetry_layers"]
    assert set(table["moved"][table["step"] == 0]) == {0}
    zeros = table["start"] == "zeros"
    np.testing.assert_array_equal(table["moved"][zeros], table["largest_weight"][zeros])
    assert table["moved"][(table["start"] == "glorot_normal") & (table["step"] > 0)].min() > 0


def test_a_fresh_layer_of_ones_on_the_diagonal_has_distinct_units_of_full_rank() -> None:
    table = columns(EXPERIMENT, Start("identity", width=16, replicates=2))["symmetry_start"]
    assert table["distinct_units"].tolist() == table["rank"].tolist() == table["stable_rank"].tolist() == [16, 16]
    assert table["mean_absolute_cosine"].tolist() == [0, 0]


def test_adam_weight_decay_and_layer_norm_are_what_the_runs_of_these_names_train_with() -> None:
    (_, first), *_ = trained("circle, Adam", steps=1).end.parameters.layers[::-1]
    assert first is not None
    # Adam's first step is its learning rate, but for an epsilon of 1e-8 beside gradients of about 1e-2.
    np.testing.assert_allclose(np.abs(first), short("circle, Adam").learning_rate, rtol=1e-5)
    plain, decayed = (trained("circle, weight decay", steps=1, weight_decay=share) for share in (0.0, 0.001))
    for before, after in zip(plain.end.parameters.weights, decayed.end.parameters.weights, strict=True):
        np.testing.assert_allclose((before - after)[0], 0.5 * 0.001 * 0.2, rtol=1e-9)  # all weights start at 0.2
    assert trained("circle, layer norm", steps=1).end.architecture.normalization == "layer"


def test_zeros_with_random_biases_wake_from_the_readout_down_and_zeros_without_them_never() -> None:
    whole = trained("digits", steps=3, checkpoints=3)
    names = [(network.start, network.bias_noise) for network in whole.networks]
    woken, zeros = names.index(("zeros", 0.1)), names.index(("zeros", 0.0))
    moved = [
        [bool(np.abs(W[woken]).max() > 0) for W in ensemble.parameters.weights] for _, ensemble in whole.checkpoints
    ]
    assert moved == [[False] * 3, [False, False, True], [False, True, True], [True] * 3]
    assert all(np.abs(W[zeros]).max() == 0 for _, ensemble in whole.checkpoints for W in ensemble.parameters.weights)


def test_zeros_behind_relu_stand_still_whatever_its_slope_at_the_kink() -> None:
    start = trained("digits, relu", steps=0, checkpoints=1)
    relu = start.end.activation
    steep = replace(relu, derivative=lambda z: np.asarray(z >= 0, z.dtype))
    data, zeros = start.data.training, Ensemble(start.end.parameters, steep)
    assert steep.derivative(np.zeros(1)) == 1 != relu.derivative(np.zeros(1))
    for _ in zip(range(5), updates(zeros, data, optimizer=sgd(0.1)), strict=False):
        assert all(np.abs(W).max() == 0 for W in zeros.parameters.weights)
    assert zeros.parameters.biases is not None
    assert np.abs(zeros.parameters.biases[-1]).max() > 0
