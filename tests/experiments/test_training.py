"""The experiment on training: what it plans, what it measures, and that both agree with what can be known otherwise."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import product
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from reportgen.battery.cell import Streams
from reportgen.battery.experiment import Columns
from reportgen.experiments.propagation import Propagate
from reportgen.experiments.sweeps import Outcome, run_sweep
from reportgen.experiments.training import EXPERIMENT
from reportgen.experiments.training.predictions import Predictions
from reportgen.experiments.training.training import Training
from reportgen.experiments.training.verdicts import Verdicts
from reportgen.settings import ACTIVATIONS, DEPTHS, INITIALIZERS
from tests.experiments.measuring import columns

TWINS = ("lecun_normal", "lecun_uniform", "glorot_uniform", "he_uniform")
DIGITS, GAUSSIAN = {"data": "digits"}, {"data": "gaussian"}


def plan(effort: float = 0.25, **changes: Any) -> Any:
    factors = {
        "effort": effort,
        "batch": 64,
        "depths": DEPTHS,
        "initializer_groups": (INITIALIZERS,),
        "activations": ACTIVATIONS,
        "data_factors": (GAUSSIAN, DIGITS),
    }
    return SimpleNamespace(**{**factors, **changes})


def trainings(plan: Any, study: str = "") -> list[Training]:
    return [part for part in EXPERIMENT.work(plan) if isinstance(part, Training) and study in ("", part.study)]


SMALL = plan(initializer_groups=(("zeros", "he_normal"),), activations=("relu",), depths=(2,))


def test_the_map_trains_every_start_once_per_optimizer_activation_and_depth() -> None:
    found = trainings(plan(), "map")
    nets = Counter(
        (part.optimizer, part.activation, part.depth, start) for part in found for start in part.initializers
    )
    starts = [name for name in INITIALIZERS if name not in TWINS]
    assert set(nets) == set(product(("sgd", "adam"), ACTIVATIONS, (2, 5, 10), starts))
    assert set(nets.values()) == {1}


def test_starts_that_are_drawn_have_as_many_networks_everywhere_but_where_accuracies_are_compared() -> None:
    drawn = [part for part in trainings(plan(1.0), "map") if "he_normal" in part.initializers]
    assert {(part.depth, part.replicates) for part in drawn} == {(2, 3), (5, 3), (10, 5), (20, 3)}


def test_where_no_weight_is_random_one_network_tells_as_much_as_many() -> None:
    part = trainings(plan(1.0), "map")[-1]
    assert part.once == ("zeros", "constant")
    trials = Counter(trial.initializer for trial in part.grid.trials)
    assert {trials[name] for name in part.once} == {1}
    assert {trials[name] for name in part.initializers if name not in part.once} == {part.replicates}
    twice = replace(part, depth=2, width=6, steps=3, initializers=part.once, replicates=2, once=())
    ends = columns(EXPERIMENT, twice)["training_races"]
    first, second = (ends["test_loss"][ends["replicate"] == number] for number in (0, 1))
    assert np.array_equal(first, second)


def test_nets_that_train_longer_begin_like_those_that_stop_early() -> None:
    long = replace(CIRCLE, study="rate", initializers=("glorot_normal",), learning_rates=(0.1,), checkpoints=4)
    short = replace(long, steps=10, checkpoints=1)
    ends, early = (columns(EXPERIMENT, part)["training_races"] for part in (long, short))
    assert sorted(set(ends["steps"])) == [10, 20, 30, 40]
    for name in ("test_loss", "validation_loss", "end_loss", "start_loss", "test_accuracy"):
        np.testing.assert_array_equal(ends[name][ends["steps"] == 10], early[name])


def test_a_readout_of_nothing_gives_all_classes_the_same_chance() -> None:
    start = [
        columns(EXPERIMENT, replace(CIRCLE, study="readout", readout=factor))["training_races"]["start_loss"]
        for factor in (1.0, 0.1, 0.0)
    ]
    assert start[2] == pytest.approx(np.log(2), rel=1e-6)
    whole, tenth = (np.abs(losses[:4] - np.log(2)) for losses in start[:2])
    assert (tenth < 0.5 * whole).all()


@pytest.mark.parametrize(("effort", "deepest"), [(0.25, 10), (1.0, 20), (4.0, 40)])
def test_the_deepest_nets_of_the_battery_are_not_trained(effort: float, deepest: int) -> None:
    depths = (*DEPTHS, 30, 40)
    assert max(part.depth for part in trainings(plan(effort, depths=depths), "map")) == deepest


def test_more_effort_means_longer_sweeps_of_more_networks() -> None:
    few, many = (trainings(plan(effort), "map")[0] for effort in (0.25, 4.0))
    assert many.steps > few.steps
    assert many.replicates > few.replicates >= 1


def test_data_of_a_user_is_trained_on_and_data_without_labels_is_not() -> None:
    mine = {"data": "mine.csv", "data_file": "/x/mine.csv", "data_label": "y", "data_sha256": "0", "standardize": True}
    found = trainings(plan(data_factors=(GAUSSIAN, DIGITS, mine)), "map")
    assert {part.data["data"] for part in found} == {"digits", "mine.csv"}


def test_the_longest_sweeps_come_first() -> None:
    work = [part.depth * part.steps for part in trainings(plan(1.0))]
    assert work == sorted(work, reverse=True)
    assert all(isinstance(part, Training) for part in [*EXPERIMENT.work(plan(1.0))][: len(work)])


CIRCLE = Training(
    study="map",
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
    return run_sweep(CIRCLE, Streams(3))


def test_the_tables_of_a_sweep_have_a_row_per_trial_checkpoint_and_layer() -> None:
    rows = {name: len(table["initializer"]) for name, table in columns(EXPERIMENT, CIRCLE).items()}
    assert rows == {"training_races": 8, "training_curves": 8 * 4, "training_first_steps": 2 * 2 * 3}


def test_curves_go_checkpoint_by_checkpoint_and_end_where_the_trial_ends(outcome: Outcome) -> None:
    tables = CIRCLE.tabulate(outcome)
    curves, ends = tables["training_curves"], tables["training_races"]
    assert curves["step"].tolist() == [step for step in (10, 20, 30, 40) for _ in range(8)]
    for name in ("initializer", "learning_rate", "replicate", "test_loss", "test_accuracy"):
        np.testing.assert_array_equal(curves[name][-8:], ends[name])
    assert not np.array_equal(curves["test_loss"][:8], ends["test_loss"])


def test_the_norms_of_the_first_step_stand_in_the_row_of_their_network_and_layer(outcome: Outcome) -> None:
    table = CIRCLE.tabulate(outcome)["training_first_steps"]
    row = (table["initializer"] == "glorot_normal") & (table["replicate"] == 1) & (table["layer"] == 3)
    member = CIRCLE.grid.trials.index(("glorot_normal", 0.05, 1))
    start = outcome.start.parameters.weights
    assert table["weight_norm"][row] == pytest.approx(np.linalg.norm(start[2][member]), rel=1e-6)
    assert table["gradient_norm"][row] == pytest.approx(np.linalg.norm(outcome.first.weights[2][member]), rel=1e-6)
    zeros = table["initializer"] == "zeros"
    assert (table["weight_norm"][zeros] == 0).all()


def test_a_sweep_that_is_tested_at_its_end_alone_has_no_curves() -> None:
    once = replace(CIRCLE, study="gain", steps=2, checkpoints=1)
    assert set(columns(EXPERIMENT, once)) == {"training_races"}


def test_measuring_again_gives_the_same_and_another_seed_does_not() -> None:
    first, again, other = (columns(EXPERIMENT, CIRCLE, seed)["training_races"]["test_loss"] for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_zeros_end_where_guessing_ends_and_he_does_not() -> None:
    ends = columns(EXPERIMENT, trainings(SMALL, "map")[0])["training_races"]
    he, zeros = (
        {name: values[ends["initializer"] == start] for name, values in ends.items()}
        for start in ("he_normal", "zeros")
    )
    assert zeros["test_loss"] == pytest.approx(np.log(10), abs=0.05)
    assert (zeros["test_accuracy"] <= zeros["guess"]).all()
    assert he["test_accuracy"].min() > 0.8
    assert zeros["start_loss"] == pytest.approx(np.log(10), rel=1e-6)


def test_the_networks_that_are_judged_are_those_that_are_trained() -> None:
    """The same initializer, width and replicate draw the same weights in a battery cell of that width."""
    (verdicts,) = (part for part in EXPERIMENT.work(SMALL) if isinstance(part, Verdicts))
    trained = trainings(SMALL, "map")[0]
    assert (verdicts.width, verdicts.replicates) == (trained.width, trained.replicates)
    judged = columns(EXPERIMENT, verdicts)["training_forward"]
    part = Propagate("he_normal", "relu", DIGITS, (2,), trained.width, replicates=1, batch=64)
    expected = part.measure(Streams(0))["forward"]
    rows = (judged["initializer"] == "he_normal") & (judged["replicate"] == 0)
    assert judged["activation_variance"][rows] == pytest.approx(expected["activation_variance"], rel=1e-12)


@pytest.fixture(scope="module")
def theory() -> Columns:
    (predictions,) = (part for part in EXPERIMENT.work(SMALL) if isinstance(part, Predictions))
    return columns(EXPERIMENT, predictions)["training_theory"]


def test_the_depth_scale_of_tanh_is_the_one_of_mean_field_theory(theory: Columns) -> None:
    below = theory["gain"] < 1
    # Without biases and below gain 1 everything shrinks to 0, where the slope of tanh is 1: chi_1 = gain².
    np.testing.assert_allclose(theory["chi_1"][below], theory["gain"][below] ** 2, rtol=1e-6)
    np.testing.assert_allclose(theory["xi_c"][below], -1 / np.log(theory["gain"][below] ** 2), rtol=1e-6)
    assert (theory["chi_1"][~below] > 1).all()
    wrong = -1 / np.log(theory["gain"][below])
    assert not np.allclose(theory["xi_c"][below], wrong, rtol=0.1)
    first_above = np.argmax(~below)
    assert np.argmax(theory["xi_c"]) in (first_above - 1, first_above), "the scale peaks at the edge, gain 1"


def test_the_gains_that_are_trained_are_those_that_are_predicted(theory: Columns) -> None:
    for part in trainings(SMALL, "gain"):
        assert tuple(theory["initializer"]) == part.initializers
