"""Trials: every network trains as it would alone, on common examples and from common random numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from reportgen.battery.cell import Streams
from reportgen.experiments.trials import Grid, Schedule, Trial, evenly, first_batch, names, train_and_record
from reportgen.nn.activations import activations
from reportgen.nn.datasets import split
from reportgen.nn.ensemble import Array, Ensemble, Parameters, draw_parameters
from reportgen.nn.examples import Examples
from reportgen.nn.initializers import initializers
from reportgen.nn.optimizers import sgd
from reportgen.nn.training import Batches, Dropout, loss_gradients, train
from reportgen.settings import INITIALIZERS

GRID = Grid(("glorot_normal", "zeros"), (0.05, 0.2), replicates=2)
SCHEDULE = Schedule(steps=40, batch=16, checkpoints=(0, 10, 40))
WIDTHS = [2, 6, 6, 2]
SEED = 3


def examples() -> Examples:
    return split({"data": "circle"}, Streams(SEED).data(0), 300, 100).training


def trained(
    grid: Grid = GRID, schedule: Schedule = SCHEDULE, momentum: float = 0.9, dropout: Dropout | None = None
) -> tuple[Array, list[tuple[int, Parameters]]]:
    streams = Streams(SEED)
    ensemble = Ensemble(grid.draw(WIDTHS, streams), activations.get("tanh"))
    return train_and_record(
        ensemble,
        examples(),
        schedule,
        grid.sgd(momentum),
        streams,
        record=lambda step, now: (step, now.parameters.copy()),
        dropout=dropout,
    )


def alone(trial: Trial) -> tuple[Array, Parameters]:
    """Train one trial by itself, put together from the parts, and return its losses and parameters."""
    streams = Streams(SEED)
    parameters = draw_parameters(
        initializers.get(trial.initializer),
        WIDTHS,
        lambda _, layer: streams.weights(trial.replicate, layer),
        1,
        biases=True,
    )
    losses = train(
        Ensemble(parameters, activations.get("tanh")),
        examples(),
        steps=40,
        optimizer=sgd(trial.learning_rate, momentum=0.9),
        batches=Batches(16, streams.order(0)),
    )
    return losses, parameters


def test_every_combination_of_start_rate_and_replicate_is_a_trial() -> None:
    assert len(GRID.trials) == len(set(GRID.trials)) == 8
    assert {trial.initializer for trial in GRID.trials} == {"glorot_normal", "zeros"}
    assert {trial.learning_rate for trial in GRID.trials} == {0.05, 0.2}


def test_trials_are_named_in_the_order_of_the_members() -> None:
    columns = names(GRID.trials)
    assert [*zip(*(values.tolist() for values in columns.values()), strict=True)] == [*GRID.trials]
    assert [*names([("a", 1)], ("one", "other"))] == ["one", "other"]


def test_a_trial_trains_as_it_would_alone() -> None:
    losses, [*_, (_, end)] = trained()
    for member, trial in enumerate(GRID.trials):
        own_losses, own = alone(trial)
        # float32: the sums of a batched product may be taken in another order.
        np.testing.assert_allclose(losses[:, member], own_losses[:, 0], rtol=1e-4)
        for ours, expected in zip(end.arrays, own.arrays, strict=True):
            np.testing.assert_allclose(ours[member], expected[0], rtol=1e-3, atol=1e-5)


def test_trials_that_differ_in_the_learning_rate_alone_start_alike_and_part() -> None:
    losses, [(_, start), *_, (_, end)] = trained()
    same = [m for m, trial in enumerate(GRID.trials) if (trial.initializer, trial.replicate) == ("glorot_normal", 1)]
    assert np.array_equal(*start.weights[0][same])
    assert np.equal(*losses[0, same])
    assert not np.allclose(*end.weights[0][same])


def test_checkpoints_are_recorded_in_their_order_and_see_the_updates_made_so_far() -> None:
    _, recorded = trained()
    assert [step for step, _ in recorded] == [0, 10, 40]
    drawn = GRID.draw(WIDTHS, Streams(SEED))
    assert all(np.array_equal(*pair) for pair in zip(recorded[0][1].arrays, drawn.arrays, strict=True))
    _, [(_, ten)] = trained(schedule=Schedule(10, 16, (10,)))
    assert all(np.array_equal(*pair) for pair in zip(recorded[1][1].arrays, ten.arrays, strict=True))
    assert not np.array_equal(ten.weights[0], recorded[2][1].weights[0])


def test_momentum_and_dropout_reach_the_training() -> None:
    (plain, _), (with_momentum, _) = trained(momentum=0), trained()
    with_dropout, _ = trained(dropout=Dropout(0.5, np.random.default_rng(0)))
    assert np.array_equal(plain[0], with_momentum[0])
    assert not np.allclose(plain[-1], with_momentum[-1])
    assert not np.allclose(with_dropout[-1], with_momentum[-1])


def test_a_batch_of_none_takes_all_examples_and_the_first_batch_is_that_of_the_first_update() -> None:
    for batch, size in ((16, 16), (None, 300)):
        schedule = replace(SCHEDULE, batch=batch)
        first = first_batch(examples(), schedule, Streams(SEED))
        assert len(first) == size
        ensemble = Ensemble(GRID.draw(WIDTHS, Streams(SEED)), activations.get("tanh"))
        np.testing.assert_array_equal(trained(schedule=schedule)[0][0], loss_gradients(ensemble, first)[0])


def test_parts_are_the_grid_in_pieces_and_change_no_trial() -> None:
    many, schedule = Grid(INITIALIZERS, (0.1,), 6, once=("zeros",)), Schedule(5, 16, (5,))
    parts = list(many.split())
    assert len(parts) > 1
    assert tuple(trial for part in parts for trial in part.trials) == many.trials
    losses = np.concatenate([trained(part, schedule)[0] for part in parts], axis=1)
    assert np.array_equal(losses, trained(many, schedule)[0])


def test_parts_are_of_about_one_size() -> None:
    sizes = [len(part.trials) for part in Grid(INITIALIZERS, (0.1,), 6, once=("zeros", "ones")).split()]
    assert max(sizes) - min(sizes) <= 2 * 6, "a start more at either end"


def test_a_start_that_is_drawn_once_has_one_trial_at_each_rate() -> None:
    grid = replace(GRID, once=("zeros",))
    assert [trial for trial in grid.trials if trial.initializer == "zeros"] == [
        ("zeros", 0.05, 0),
        ("zeros", 0.2, 0),
    ]
    assert grid.draw(WIDTHS, Streams(SEED)).members == len(grid.trials) == 6
    assert np.array_equal(trained(grid)[0], trained(GRID)[0][:, [0, 1, 2, 3, 4, 6]])


def test_a_grid_whose_starts_are_large_already_is_split_into_single_starts() -> None:
    parts = list(Grid(("glorot_normal", "zeros"), (0.1, 0.2), replicates=40).split())
    assert [part.initializers for part in parts] == [("glorot_normal",), ("zeros",)]


def test_networks_run_in_the_precision_that_is_asked_for() -> None:
    assert GRID.draw(WIDTHS, Streams(0)).dtype == np.float32
    assert GRID.draw(WIDTHS, Streams(0), np.float64).dtype == np.float64


@pytest.mark.parametrize(("steps", "number", "expected"), [(10, 1, (0, 10)), (3, 3, (0, 1, 2, 3)), (2, 5, (0, 1, 2))])
def test_even_checkpoints_end_with_the_training_and_none_comes_twice(
    steps: int, number: int, expected: tuple[int, ...]
) -> None:
    assert evenly(steps, number) == expected
