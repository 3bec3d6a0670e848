"""Sweeps: what is reported of each trial is what the trials did, in tables that fit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from reportgen.battery.cell import Streams
from reportgen.experiments.sweeps import VALIDATION, Outcome, Sweep, run_sweep, tabulate_budgets, tabulate_ends
from reportgen.experiments.trials import MOMENTUM, Schedule, first_batch
from reportgen.nn.activations import activations
from reportgen.nn.datasets import split
from reportgen.nn.ensemble import Architecture, Ensemble
from reportgen.nn.examples import Examples
from reportgen.nn.optimizers import adam
from reportgen.nn.training import Batches, diverged_after, evaluate, train

SWEEP = Sweep(
    data={"data": "circle"},
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


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return run_sweep(SWEEP, Streams(3))


def test_the_end_of_every_trial_is_that_of_its_ensemble_on_the_test_examples(outcome: Outcome) -> None:
    streams = Streams(3)
    data, validation = split(SWEEP.data, streams.data(0)).held_out(VALIDATION)
    ensemble = Ensemble(SWEEP.grid.draw([2, 6, 6, 2], streams), activations.get("tanh"))
    optimizer, batches = SWEEP.grid.sgd(MOMENTUM), Batches(16, streams.order(0))
    losses = train(ensemble, data.training, steps=40, optimizer=optimizer, batches=batches)
    loss, accuracy = evaluate(ensemble, data.test)
    assert [checkpoint.step for checkpoint in outcome.checkpoints] == [10, 20, 30, 40]
    np.testing.assert_array_equal(outcome.checkpoints[-1].test_loss, loss)
    np.testing.assert_array_equal(outcome.checkpoints[-1].test_accuracy, accuracy)
    np.testing.assert_array_equal(outcome.checkpoints[-1].validation_loss, evaluate(ensemble, validation)[0])
    np.testing.assert_array_equal(outcome.losses, losses)
    np.testing.assert_allclose(tabulate_ends(SWEEP, outcome)["end_loss"], losses[36:].mean(axis=0), rtol=1e-15)
    assert np.isinf(diverged_after(outcome.losses)).all()


def test_the_first_gradient_is_that_of_the_first_batch(outcome: Outcome) -> None:
    """One step of plain descent from the start moves the weights by the rate times the first gradient."""
    streams = Streams(3)
    training = split(SWEEP.data, streams.data(0)).held_out(VALIDATION)[0].training
    ensemble = Ensemble(SWEEP.grid.draw([2, 6, 6, 2], streams), activations.get("tanh"))
    train(ensemble, first_batch(training, SWEEP.schedule, streams), steps=1, optimizer=SWEEP.grid.sgd())
    rates = np.array([trial.learning_rate for trial in SWEEP.grid.trials])[:, None, None]
    for layer, W in enumerate(ensemble.parameters.weights):
        moved = outcome.start.parameters.weights[layer] - W
        np.testing.assert_allclose(moved, rates * outcome.first.weights[layer], atol=1e-6)
        assert np.abs(moved[:2]).max() > 1e-4


def test_a_trial_that_diverges_is_recorded_and_disturbs_no_other() -> None:
    wild = replace(SWEEP, activation="relu", depth=6, initializers=("glorot_normal", "random_normal(stddev=1e6)"))
    both = run_sweep(wild, Streams(0))
    calm = run_sweep(replace(wild, initializers=("glorot_normal",)), Streams(0))
    lost = np.array([trial.initializer != "glorot_normal" for trial in wild.grid.trials])
    assert np.isfinite(diverged_after(both.losses)[lost]).all()
    assert np.isinf(diverged_after(both.losses)[~lost]).all()
    assert np.isnan(both.checkpoints[-1].test_accuracy[lost]).all()
    np.testing.assert_allclose(both.checkpoints[-1].test_loss[~lost], calm.checkpoints[-1].test_loss, rtol=1e-4)


def test_what_is_built_of_the_networks_that_were_drawn_is_what_trains(outcome: Outcome) -> None:
    def build(drawn: Ensemble, examples: Examples) -> Ensemble:
        assert len(examples) == len(outcome.data.training)
        return replace(drawn, architecture=Architecture("layer"))

    built = run_sweep(SWEEP, Streams(3), build)
    assert np.array_equal(built.start.parameters.weights[0], outcome.start.parameters.weights[0])
    assert not np.allclose(built.losses[0, :2], outcome.losses[0, :2])


def test_a_sweep_is_split_as_its_grid_is() -> None:
    many = replace(SWEEP, learning_rates=(0.1,), replicates=30)
    assert [one.initializers for one in many.split()] == [("glorot_normal",), ("zeros",)]
    assert {replace(one, initializers=many.initializers) == many for one in many.split()} == {True}


def test_the_checkpoints_share_the_updates_and_the_last_is_after_all_of_them() -> None:
    assert SWEEP.schedule == Schedule(40, 16, (10, 20, 30, 40))
    assert replace(SWEEP, checkpoints=1).schedule.checkpoints == (40,)


def test_the_ends_are_a_row_per_trial_with_the_share_that_guessing_gets_right(outcome: Outcome) -> None:
    ends = tabulate_ends(SWEEP, outcome)
    assert {values.shape for values in ends.values()} == {(8,)}
    assert list(ends["learning_rate"]) == [trial.learning_rate for trial in SWEEP.grid.trials]
    labels = outcome.data.test.labels
    assert set(ends["guess"]) == {max(np.mean(labels == 0), np.mean(labels == 1))}


def test_a_checkpoint_is_reported_as_if_training_had_ended_there(outcome: Outcome) -> None:
    budgets = tabulate_budgets(SWEEP, outcome)
    shorter = tabulate_ends(SWEEP, run_sweep(replace(SWEEP, steps=20, checkpoints=1), Streams(3)))
    after_20 = budgets["steps"] == 20
    assert list(budgets["steps"]) == [step for step in (10, 20, 30, 40) for _ in SWEEP.grid.trials]
    for name in ("end_loss", "validation_loss", "test_loss", "test_accuracy", "start_loss"):
        np.testing.assert_array_equal(budgets[name][after_20], shorter[name])


def test_a_trial_that_diverges_late_had_not_diverged_at_an_early_checkpoint() -> None:
    wild = replace(SWEEP, activation="relu", depth=6, initializers=("random_normal(stddev=1e6)",))
    outcome = run_sweep(wild, Streams(0))
    outcome.losses[:25] = 1.0
    budgets = tabulate_budgets(wild, outcome)
    assert np.isinf(budgets["diverged_after"][budgets["steps"] == 20]).all()
    assert (budgets["diverged_after"][budgets["steps"] == 40] == 25).all()


def test_adam_trains_in_the_place_of_momentum() -> None:
    by_adam = run_sweep(replace(SWEEP, optimizer="adam"), Streams(3))
    streams = Streams(3)
    training = split(SWEEP.data, streams.data(0)).held_out(VALIDATION)[0].training
    ensemble = Ensemble(SWEEP.grid.draw([2, 6, 6, 2], streams), activations.get("tanh"))
    rates = [trial.learning_rate for trial in SWEEP.grid.trials]
    losses = train(ensemble, training, steps=40, optimizer=adam(rates), batches=Batches(16, streams.order(0)))
    np.testing.assert_array_equal(by_adam.losses, losses)


def test_no_example_is_in_two_of_the_three_parts(outcome: Outcome) -> None:
    data, validation = split(SWEEP.data, Streams(3).data(0)).held_out(VALIDATION)
    rows = [set(map(tuple, part.inputs.tolist())) for part in (data.training, validation, data.test)]
    assert sum(map(len, rows)) == len(set.union(*rows))
    assert len(validation) == outcome.validation == round(VALIDATION * (len(validation) + len(data.training)))
