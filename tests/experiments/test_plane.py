"""Decision maps: what is stored on the grid is what the typical network of every start answers after its training."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from reportgen.battery.cell import Streams
from reportgen.battery.experiment import Measured
from reportgen.experiments.plane import EXPERIMENT, GRID, STARTS, Plane, _typical
from reportgen.experiments.sweeps import VALIDATION
from reportgen.experiments.trials import MOMENTUM
from reportgen.nn.activations import activations
from reportgen.nn.datasets import split
from reportgen.nn.ensemble import Ensemble
from reportgen.nn.examples import Examples
from reportgen.nn.training import Batches, evaluate, train
from tests.experiments.measuring import columns

SEED = 3
WORK = [part for part in EXPERIMENT.work(SimpleNamespace()) if isinstance(part, Plane)]
SHORT = replace(WORK[0], steps=40, replicates=3)


@pytest.fixture(scope="module")
def measured() -> Measured:
    return columns(EXPERIMENT, SHORT, SEED)


def test_both_problems_are_learned_with_both_activations_from_all_starts() -> None:
    assert {(part.data["data"], part.activation) for part in WORK} == {
        (problem, activation) for problem in ("circle", "spiral") for activation in ("tanh", "relu")
    }
    assert {len(part.initializers) for part in WORK} == {len(STARTS)}


def test_the_typical_network_is_the_median_and_those_that_diverged_are_the_worst() -> None:
    accuracy = np.array([[0.5, 0.9, 0.7], [np.nan, 0.2, np.nan], [0.4, 0.4, 0.4]])
    assert np.argmax(_typical(accuracy), axis=1).tolist() == [2, 2, 1]
    assert (_typical(accuracy).sum(axis=1) == 1).all()


def test_one_network_of_every_start_is_asked_and_its_accuracy_is_the_median(measured: Measured) -> None:
    nets = measured["plane_nets"]
    right = nets["test_accuracy"].reshape(len(STARTS), 3)
    assert nets["test_accuracy"][nets["typical"]] == pytest.approx(np.median(right, axis=1))
    starts, numbers = np.unique(measured["plane_answers"]["initializer"], return_counts=True)
    assert set(starts) == set(SHORT.initializers)
    assert set(numbers) == {len(GRID) ** 2}


# A net that is trained again without the experiment and asked about three points of the grid, by another way.
def test_the_answers_are_those_of_the_network_after_its_training(measured: Measured) -> None:
    start, streams = SHORT.initializers[3], Streams(SEED)
    nets = measured["plane_nets"]
    draw = int(nets["replicate"][(nets["initializer"] == start) & nets["typical"]].item())
    training = split(SHORT.data, streams.data(0)).held_out(VALIDATION)[0].training
    grid = replace(SHORT, initializers=(start,)).grid
    ensemble = Ensemble(grid.draw([2, *[8] * 4, 2], streams), activations.get("tanh"))
    train(ensemble, training, steps=40, optimizer=grid.sgd(MOMENTUM), batches=Batches(SHORT.batch, streams.order(0)))
    table = measured["plane_answers"]
    rows = np.flatnonzero(table["initializer"] == start)[[0, 700, 2000]]
    for row in rows:
        point = np.array([[table["x1"][row], table["x2"][row]]])
        # The loss of label 1 is minus the logarithm of its probability.
        loss, _ = evaluate(ensemble, Examples(point, np.array([1]), 2))
        assert np.exp(-loss[draw]) == pytest.approx(table["answer"][row], abs=1e-4)


def test_points_lie_on_the_grid_and_have_both_labels(measured: Measured) -> None:
    points = measured["plane_points"]
    assert max(np.abs(points["x1"]).max(), np.abs(points["x2"]).max()) < GRID[-1]
    assert set(points["label"]) == {0, 1}
