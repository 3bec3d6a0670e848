"""The experiment on halting: what it declares is what it measures, and its measures are what they stand for."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray

from reportgen.battery.cell import Streams
from reportgen.battery.experiment import Columns, Measured
from reportgen.experiments.halt import CHECKPOINTS, EXPERIMENT, LEARNING_RATES, PROBE, STARTS, Halt
from reportgen.nn.activations import activations
from reportgen.nn.datasets import split
from reportgen.nn.ensemble import Ensemble, draw_parameters
from reportgen.nn.examples import Examples
from reportgen.nn.initializers import initializers
from reportgen.nn.training import loss_gradients
from tests.experiments.measuring import columns

SMALL, GLOROT, _, HUGE = STARTS
SEED = 7


QUICK = [*EXPERIMENT.work(SimpleNamespace(replicates=3, effort=0.25))]


def short(problem: str, replicates: int = 2) -> Halt:
    part = next(part for part in QUICK if isinstance(part, Halt) and part.problem == problem)
    return replace(part, activation="tanh", replicates=replicates, epochs=2)


@pytest.fixture(scope="module")
def measured() -> dict[str, Measured]:
    return {problem: columns(EXPERIMENT, short(problem), SEED) for problem in ("circle", "digits")}


def rows(table: Columns, **wanted: object) -> NDArray[np.bool_]:
    return np.logical_and.reduce([table[column] == value for column, value in wanted.items()])


def test_quick_trains_for_fewer_epochs_and_every_preset_for_the_same_problems() -> None:
    full = [*EXPERIMENT.work(SimpleNamespace(replicates=3, effort=4.0))]
    for few, many in zip(QUICK, full, strict=True):
        assert isinstance(few, Halt)
        assert isinstance(many, Halt)
        assert few.epochs < many.epochs
        assert replace(few, epochs=many.epochs) == many


def test_every_start_runs_at_every_rate_and_is_measured_in_every_layer(measured: dict[str, Measured]) -> None:
    for problem, layers in (("circle", 3), ("digits", 5)):
        nets = len(STARTS) * len(LEARNING_RATES) * 2
        assert len(measured[problem]["halt_nets"]["end_loss"]) == nets
        assert len(measured[problem]["halt_layers"]["loss"]) == nets * layers * (CHECKPOINTS + 1)


def test_nets_that_differ_in_their_rate_begin_alike_and_then_part(measured: dict[str, Measured]) -> None:
    nets = measured["circle"]["halt_nets"]
    one = rows(nets, initializer=GLOROT, replicate=1)
    assert len(set(nets["start_loss"][one])) == 1
    assert len(set(nets["end_loss"][one])) == len(LEARNING_RATES)


def test_another_replicate_changes_none_of_the_others(measured: dict[str, Measured]) -> None:
    more = columns(EXPERIMENT, short("circle", replicates=3), SEED)["halt_nets"]
    kept = more["replicate"] < 2
    np.testing.assert_allclose(measured["circle"]["halt_nets"]["end_loss"], more["end_loss"][kept], rtol=1e-3)


def probed(start: str) -> tuple[Ensemble, Examples]:
    """Draw the first network of a start for digits, and the probe, without the experiment."""
    data = split({"data": "digits"}, Streams(SEED).data(0), 1297, 500)
    parameters = draw_parameters(
        initializers.get(start), [64, *[16] * 5, 10], Streams(SEED).weights, 1, biases=True, dtype=np.float64
    )
    return Ensemble(parameters, activations.get("tanh")), data.training[:PROBE]


@pytest.mark.parametrize("start", [SMALL, GLOROT])
def test_gradients_before_training_are_those_of_the_loss(measured: dict[str, Measured], start: str) -> None:
    loss, gradients = loss_gradients(*probed(start))
    table = measured["digits"]["halt_layers"]
    first = rows(table, initializer=start, replicate=0, step=0, learning_rate=LEARNING_RATES[0])
    norms = [np.linalg.norm(gradient) for gradient in gradients.weights[:-1]]
    # float32 against float64.
    assert table["gradient_norm"][first] == pytest.approx(norms, rel=1e-3)
    assert table["loss"][first] == pytest.approx(float(loss[0]), rel=1e-5)


def test_agreement_is_the_cosine_between_the_gradients_of_two_halves(measured: dict[str, Measured]) -> None:
    ensemble, probe = probed(GLOROT)
    halves = [probe[: PROBE // 2], probe[PROBE // 2 :]]
    one, other = (loss_gradients(ensemble, half)[1].weights[0][0] for half in halves)
    cosine = (one * other).sum() / np.linalg.norm(one) / np.linalg.norm(other)
    table = measured["digits"]["halt_layers"]
    first = rows(table, initializer=GLOROT, replicate=0, step=0, layer=1, learning_rate=LEARNING_RATES[0])
    assert table["agreement"][first].item() == pytest.approx(cosine, abs=1e-3)


def test_upstream_stands_between_the_weights_above_and_the_slopes(measured: dict[str, Measured]) -> None:
    """Small weights leave every slope of tanh near 1: what the weights pass on is delta, but not that from above."""
    table = measured["digits"]["halt_layers"]
    small = rows(table, initializer=SMALL, replicate=0, step=0, learning_rate=LEARNING_RATES[0])
    upstream, delta = table["upstream_rms"][small], table["delta_rms"][small]
    # In the first layer z has a variance of 64 * 0.01**2, and delta is smaller than upstream by about that.
    assert upstream == pytest.approx(delta, rel=0.02)
    assert upstream[:-1] != pytest.approx(delta[1:], rel=0.5)


def test_huge_weights_saturate_and_small_ones_do_not(measured: dict[str, Measured]) -> None:
    for tables in measured.values():
        table = tables["halt_layers"]
        assert table["saturated_fraction"][rows(table, initializer=SMALL)].max() == 0
        assert table["saturated_fraction"][rows(table, initializer=HUGE, step=0)].mean() > 0.7


def test_a_cell_depends_on_the_seed_and_on_nothing_else(measured: dict[str, Measured]) -> None:
    again, other = (columns(EXPERIMENT, short("circle"), seed)["halt_layers"] for seed in (SEED, SEED + 1))
    first = measured["circle"]["halt_layers"]
    assert all(np.array_equal(first[name], again[name]) for name in first)
    assert not np.array_equal(first["loss"], other["loss"])
