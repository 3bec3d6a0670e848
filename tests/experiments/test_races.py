"""Races: every runner trains as it would alone, on common examples and from common random numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from reportgen.battery.cell import Cell, Streams
from reportgen.experiments.race_tables import TABLES, tabulate_race
from reportgen.experiments.races import MOMENTUM, Finish, Race, Runner, run
from reportgen.nn.activations import activations
from reportgen.nn.datasets import split
from reportgen.nn.ensemble import Ensemble, draw_parameters
from reportgen.nn.initializers import initializers
from reportgen.nn.optimizers import sgd
from reportgen.nn.training import Batches, evaluate, train
from reportgen.settings import INITIALIZERS

RACE = Race(
    data={"data": "circle"},
    activation="tanh",
    depth=2,
    width=6,
    initializers=("glorot_normal", "zeros"),
    learning_rates=(0.05, 0.2),
    replicates=2,
    steps=40,
    batch=16,
    looks=4,
)


@pytest.fixture(scope="module")
def finish() -> Finish:
    return run(RACE, Streams(3))


def alone(runner: Runner, seed: int = 3) -> tuple[float, float]:
    """Train one runner by itself, put together from the parts, and return its test loss and accuracy."""
    streams = Streams(seed)
    data = split(RACE.data, streams.data(0))
    parameters = draw_parameters(
        initializers.get(runner.initializer),
        [2, 6, 6, 2],
        lambda _, layer: streams.weights(runner.replicate, layer),
        1,
        biases=True,
    )
    single = Ensemble(parameters, activations.get("tanh"))
    optimizer = sgd(runner.learning_rate, momentum=MOMENTUM)
    train(
        single,
        data.training,
        steps=RACE.steps,
        optimizer=optimizer,
        batches=Batches(RACE.batch, streams.order(0)),
    )
    loss, accuracy = evaluate(single, data.test)
    return float(loss[0]), float(accuracy[0])


def test_every_combination_of_start_rate_and_replicate_runs() -> None:
    assert len(RACE.runners) == len(set(RACE.runners)) == 8
    assert {runner.initializer for runner in RACE.runners} == {"glorot_normal", "zeros"}


def test_a_runner_ends_as_it_would_alone(finish: Finish) -> None:
    for member, runner in enumerate(RACE.runners):
        loss, accuracy = alone(runner)
        # float32: the sums of a batched product may be taken in another order.
        assert finish.looks[-1].test_loss[member] == pytest.approx(loss, rel=1e-4)
        assert finish.looks[-1].test_accuracy[member] == pytest.approx(accuracy, abs=0.01)


def test_the_race_is_looked_at_as_often_as_asked_and_last_at_its_end(finish: Finish) -> None:
    assert [look.step for look in finish.looks] == [10, 20, 30, 40]


def test_the_first_gradient_is_that_of_the_first_batch(finish: Finish) -> None:
    """One step of plain descent from the start moves the weights by the rate times the first gradient."""
    short = replace(RACE, steps=1, looks=1)
    streams = Streams(3)
    training = split(short.data, streams.data(0)).training
    parameters = draw_parameters(
        initializers.get("glorot_normal"), [2, 6, 6, 2], streams.weights, short.replicates, biases=True
    )
    plain = Ensemble(parameters, activations.get("tanh"))
    train(plain, training, steps=1, optimizer=sgd(0.05), batches=Batches(short.batch, streams.order(0)))
    for layer, W in enumerate(parameters.weights):
        moved = finish.start.weights[layer][:2] - W
        np.testing.assert_allclose(moved, 0.05 * finish.first.weights[layer][:2], atol=1e-6)
        assert np.abs(moved).max() > 1e-4


def test_runners_that_differ_in_the_learning_rate_alone_begin_alike(finish: Finish) -> None:
    same = [m for m, r in enumerate(RACE.runners) if (r.initializer, r.replicate) == ("glorot_normal", 1)]
    first, second = (finish.start.weights[0][member] for member in same)
    assert np.array_equal(first, second)
    assert finish.start_loss[same[0]] == finish.start_loss[same[1]]


def test_a_runner_that_diverges_is_recorded_and_disturbs_nobody() -> None:
    wild = replace(RACE, activation="relu", initializers=("glorot_normal", "random_normal(stddev=1e6)"), depth=6)
    finish = run(wild, Streams(0))
    calm = run(replace(wild, initializers=("glorot_normal",)), Streams(0))
    lost = np.array([runner.initializer != "glorot_normal" for runner in wild.runners])
    assert np.isfinite(finish.diverged_after[lost]).all()
    assert np.isinf(finish.diverged_after[~lost]).all()
    assert np.isnan(finish.looks[-1].test_accuracy[lost]).all()
    np.testing.assert_allclose(finish.looks[-1].test_loss[~lost], calm.looks[-1].test_loss, rtol=1e-4)


def test_heats_are_the_race_in_parts_and_change_nobody() -> None:
    many = replace(RACE, initializers=INITIALIZERS, learning_rates=(0.1,), steps=5, looks=1)
    heats = list(many.heats())
    assert len(heats) > 1
    assert tuple(runner for heat in heats for runner in heat.runners) == many.runners
    parts = np.concatenate([run(heat, Streams(0)).looks[-1].test_loss for heat in heats])
    assert np.array_equal(parts, run(many, Streams(0)).looks[-1].test_loss, equal_nan=True)


def test_a_race_is_read_from_a_cell_and_what_it_does_not_know_describes_the_data() -> None:
    factors = {name: getattr(RACE, name) for name in Race.__dataclass_fields__ if name != "data"}
    cell = Cell.of("training", study="map", data="mine.csv", data_file="/x/mine.csv", **factors)
    assert Race.of(cell) == replace(RACE, data={"data": "mine.csv", "data_file": "/x/mine.csv"})


def test_the_tables_of_a_race_have_a_row_per_runner_look_and_layer(finish: Finish) -> None:
    tables = tabulate_race("map", RACE, finish)
    rows = {name: len(columns["initializer"]) for name, columns in tables.items()}
    assert rows == {"training_races": 8, "training_curves": 8 * 4, "training_first_steps": 2 * 2 * 3}
    for name, columns in tables.items():
        assert set(columns) <= {column.name for column in TABLES[name]}
        assert len({values.shape for values in columns.values()}) == 1


def test_the_norms_of_the_first_step_stand_in_the_row_of_their_network_and_layer(finish: Finish) -> None:
    table = tabulate_race("map", RACE, finish)["training_first_steps"]
    row = (table["initializer"] == "glorot_normal") & (table["replicate"] == 1) & (table["layer"] == 3)
    member = RACE.runners.index(Runner("glorot_normal", 0.05, 1))
    assert table["weight_norm"][row] == pytest.approx(np.linalg.norm(finish.start.weights[2][member]), rel=1e-6)
    assert table["gradient_norm"][row] == pytest.approx(np.linalg.norm(finish.first.weights[2][member]), rel=1e-6)
    zeros = table["initializer"] == "zeros"
    assert (table["weight_norm"][zeros] == 0).all()


def test_a_race_without_looks_on_the_way_has_no_curves() -> None:
    once = replace(RACE, looks=1, steps=2)
    assert set(tabulate_race("gain", once, run(once, Streams(0)))) == {"training_races"}
