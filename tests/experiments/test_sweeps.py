"""Sweeps: what is reported of each trial is what the trials did, in tables that fit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from reportgen.battery.cell import Cell, Streams
from reportgen.experiments.sweeps import Outcome, Sweep, run_sweep
from reportgen.experiments.training.tables import TABLES, tabulate_sweep
from reportgen.experiments.trials import MOMENTUM, Grid, Schedule, Trial, first_batch
from reportgen.nn.activations import activations
from reportgen.nn.datasets import split
from reportgen.nn.ensemble import Architecture, Ensemble
from reportgen.nn.examples import Examples
from reportgen.nn.training import Batches, evaluate, train

SWEEP = Sweep(
    data={"data": "circle"},
    activation="tanh",
    depth=2,
    width=6,
    grid=Grid(("glorot_normal", "zeros"), (0.05, 0.2), replicates=2),
    schedule=Schedule(steps=40, batch=16, checkpoints=(10, 20, 30, 40)),
)


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return run_sweep(SWEEP, Streams(3))


def test_the_end_of_every_trial_is_that_of_its_ensemble_on_the_test_examples(outcome: Outcome) -> None:
    streams = Streams(3)
    data = split(SWEEP.data, streams.data(0))
    ensemble = Ensemble(SWEEP.grid.draw([2, 6, 6, 2], streams), activations.get("tanh"))
    optimizer, batches = SWEEP.grid.sgd(MOMENTUM), Batches(16, streams.order(0))
    losses = train(ensemble, data.training, steps=40, optimizer=optimizer, batches=batches)
    loss, accuracy = evaluate(ensemble, data.test)
    assert [checkpoint.step for checkpoint in outcome.checkpoints] == [10, 20, 30, 40]
    np.testing.assert_array_equal(outcome.checkpoints[-1].test_loss, loss)
    np.testing.assert_array_equal(outcome.checkpoints[-1].test_accuracy, accuracy)
    np.testing.assert_array_equal(outcome.start_loss, losses[0])
    np.testing.assert_allclose(outcome.end_loss, losses[36:].mean(axis=0), rtol=1e-15)
    assert np.isinf(outcome.diverged_after).all()


def test_the_first_gradient_is_that_of_the_first_batch(outcome: Outcome) -> None:
    """One step of plain descent from the start moves the weights by the rate times the first gradient."""
    streams = Streams(3)
    training = split(SWEEP.data, streams.data(0)).training
    ensemble = Ensemble(SWEEP.grid.draw([2, 6, 6, 2], streams), activations.get("tanh"))
    train(ensemble, first_batch(training, SWEEP.schedule, streams), steps=1, optimizer=SWEEP.grid.sgd())
    rates = np.array([trial.learning_rate for trial in SWEEP.grid.trials])[:, None, None]
    for layer, W in enumerate(ensemble.parameters.weights):
        moved = outcome.start.weights[layer] - W
        np.testing.assert_allclose(moved, rates * outcome.first.weights[layer], atol=1e-6)
        assert np.abs(moved[:2]).max() > 1e-4


def test_a_trial_that_diverges_is_recorded_and_disturbs_no_other() -> None:
    wild = replace(
        SWEEP, activation="relu", grid=replace(SWEEP.grid, initializers=("glorot_normal", "random_normal(stddev=1e6)"))
    )
    wild = replace(wild, depth=6)
    both = run_sweep(wild, Streams(0))
    calm = run_sweep(replace(wild, grid=replace(wild.grid, initializers=("glorot_normal",))), Streams(0))
    lost = np.array([trial.initializer != "glorot_normal" for trial in wild.grid.trials])
    assert np.isfinite(both.diverged_after[lost]).all()
    assert np.isinf(both.diverged_after[~lost]).all()
    assert np.isnan(both.checkpoints[-1].test_accuracy[lost]).all()
    np.testing.assert_allclose(both.checkpoints[-1].test_loss[~lost], calm.checkpoints[-1].test_loss, rtol=1e-4)


def test_what_is_built_of_the_networks_that_were_drawn_is_what_trains(outcome: Outcome) -> None:
    def build(drawn: Ensemble, examples: Examples) -> Ensemble:
        assert len(examples) == len(outcome.data.training)
        return replace(drawn, architecture=Architecture("layer"))

    built = run_sweep(SWEEP, Streams(3), build)
    assert np.array_equal(built.start.weights[0], outcome.start.weights[0])
    assert not np.allclose(built.start_loss[:2], outcome.start_loss[:2])


def test_parts_are_those_of_the_grid() -> None:
    many = replace(SWEEP, grid=Grid(("glorot_normal", "zeros"), (0.1,), replicates=12))
    assert [part.grid.initializers for part in many.parts()] == [("glorot_normal",), ("zeros",)]
    assert {replace(part, grid=many.grid) == many for part in many.parts()} == {True}


def test_a_sweep_is_read_from_a_cell_which_may_have_other_factors() -> None:
    cell = Cell.of(
        "training",
        study="map",
        data="mine.csv",
        data_file="/x/mine.csv",
        activation="tanh",
        depth=2,
        width=6,
        initializers=("glorot_normal", "zeros"),
        learning_rates=(0.05, 0.2),
        replicates=2,
        steps=40,
        batch=16,
        checkpoints=4,
    )
    assert Sweep.of(cell) == replace(SWEEP, data={"data": "mine.csv", "data_file": "/x/mine.csv"})


def test_the_tables_of_a_sweep_have_a_row_per_trial_checkpoint_and_layer(outcome: Outcome) -> None:
    tables = tabulate_sweep("map", SWEEP, outcome)
    rows = {name: len(columns["initializer"]) for name, columns in tables.items()}
    assert rows == {"training_races": 8, "training_curves": 8 * 4, "training_first_steps": 2 * 2 * 3}
    for name, columns in tables.items():
        assert set(columns) <= {column.name for column in TABLES[name]}
        assert len({values.shape for values in columns.values()}) == 1


def test_the_norms_of_the_first_step_stand_in_the_row_of_their_network_and_layer(outcome: Outcome) -> None:
    table = tabulate_sweep("map", SWEEP, outcome)["training_first_steps"]
    row = (table["initializer"] == "glorot_normal") & (table["replicate"] == 1) & (table["layer"] == 3)
    member = SWEEP.grid.trials.index(Trial("glorot_normal", 0.05, 1))
    assert table["weight_norm"][row] == pytest.approx(np.linalg.norm(outcome.start.weights[2][member]), rel=1e-6)
    assert table["gradient_norm"][row] == pytest.approx(np.linalg.norm(outcome.first.weights[2][member]), rel=1e-6)
    zeros = table["initializer"] == "zeros"
    assert (table["weight_norm"][zeros] == 0).all()


def test_a_sweep_that_is_recorded_at_its_end_alone_has_no_curves() -> None:
    once = replace(SWEEP, schedule=Schedule(2, 16, (2,)))
    assert set(tabulate_sweep("gain", once, run_sweep(once, Streams(0)))) == {"training_races"}
