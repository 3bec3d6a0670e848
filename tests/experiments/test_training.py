"""The experiment on training: what it plans, what it measures, and that both agree with what can be known otherwise."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from reportgen.battery.cell import Cell, Streams
from reportgen.battery.experiment import Measured
from reportgen.experiments.propagation import Propagate
from reportgen.experiments.training import EXPERIMENT
from reportgen.settings import ACTIVATIONS, DEPTHS, INITIALIZERS, Settings

DIGITS, GAUSSIAN = {"data": "digits"}, {"data": "gaussian"}


def plan(effort: float = 0.25, **changes: Any) -> Any:
    factors = {
        "effort": effort,
        "batch": 64,
        "depths": DEPTHS,
        "initializers": INITIALIZERS,
        "activations": ACTIVATIONS,
        "data_factors": (GAUSSIAN, DIGITS),
    }
    return SimpleNamespace(**{**factors, **changes})


def cells(study: str, plan: Any) -> list[Cell]:
    return [cell for cell in EXPERIMENT.cells(plan) if cell.text("study") == study]


SMALL = plan(initializers=("zeros", "he_normal"), activations=("relu",), depths=(2,))


@pytest.fixture(scope="module")
def measured() -> dict[Cell, Measured]:
    chosen = [cell for cell in EXPERIMENT.cells(SMALL) if cell.text("study") in ("map", "rate", "theory", "verdicts")]
    chosen.append(cells("plane", SMALL)[0])
    return {cell: EXPERIMENT.measure(cell, Streams(0)) for cell in chosen}


def test_a_cell_of_the_map_trains_all_initializers_of_one_activation_and_depth() -> None:
    found = cells("map", plan())
    assert all(cell.words("initializers") == INITIALIZERS for cell in found)
    assert {(cell.text("activation"), cell.number("depth")) for cell in found} == {
        (activation, depth) for activation in ACTIVATIONS for depth in (2, 5, 10)
    }


@pytest.mark.parametrize(("effort", "deepest"), [(0.25, 10), (1.0, 20), (4.0, 40)])
def test_the_deepest_nets_of_the_battery_are_not_trained(effort: float, deepest: int) -> None:
    depths = (*DEPTHS, 30, 40)
    assert max(cell.number("depth") for cell in cells("map", plan(effort, depths=depths))) == deepest


def test_more_effort_means_longer_sweeps_of_more_networks() -> None:
    few, many = (cells("map", plan(effort))[0] for effort in (0.25, 4.0))
    assert many.number("steps") > few.number("steps")
    assert many.number("replicates") > few.number("replicates") >= 1


def test_data_of_a_user_is_trained_on_and_data_without_labels_is_not() -> None:
    mine = {"data": "mine.csv", "data_file": "/x/mine.csv", "data_label": "y", "data_sha256": "0", "standardize": True}
    with_mine = plan(data_factors=(GAUSSIAN, DIGITS, mine))
    assert {cell.text("data") for cell in cells("map", with_mine)} == {"digits", "mine.csv"}


def test_the_longest_sweeps_come_first() -> None:
    work = [
        cell.number("depth") * cell.number("steps")
        for cell in EXPERIMENT.cells(plan(1.0))
        if "depth" in dict(cell.factors)
    ]
    assert work == sorted(work, reverse=True)


def test_the_cells_of_the_presets_are_all_different() -> None:
    found = EXPERIMENT.cells(Settings(preset="quick").battery())
    assert len(set(found)) == len(found)


def test_a_cell_fills_the_declared_columns_to_one_length(measured: dict[Cell, Measured]) -> None:
    for cell, tables in measured.items():
        assert tables
        for table, columns in tables.items():
            declared = {column.name for column in EXPERIMENT.tables[table]}
            assert set(columns) <= declared <= set(columns) | set(cell.mapping())
            assert len({values.shape for values in columns.values()}) == 1
    assert {table for tables in measured.values() for table in tables} == set(EXPERIMENT.tables)


def test_measuring_again_gives_the_same_and_another_seed_does_not() -> None:
    cell = cells("map", SMALL)[0]
    first, again, other = (EXPERIMENT.measure(cell, Streams(seed))["training_races"] for seed in (1, 1, 2))
    assert np.array_equal(first["test_loss"], again["test_loss"])
    assert not np.array_equal(first["test_loss"], other["test_loss"])


def test_zeros_end_where_guessing_ends_and_he_does_not() -> None:
    races = EXPERIMENT.measure(cells("map", SMALL)[0], Streams(0))["training_races"]
    zeros = races["initializer"] == "zeros"
    assert races["test_loss"][zeros] == pytest.approx(np.log(10), abs=0.05)
    assert (races["test_accuracy"][zeros] <= races["guess"][zeros]).all()
    assert races["test_accuracy"][~zeros].min() > 0.8
    assert races["start_loss"][zeros] == pytest.approx(np.log(10), rel=1e-6)


def test_the_networks_that_are_judged_are_those_that_are_trained() -> None:
    """The same initializer, width and replicate draw the same weights in a battery cell of that width."""
    judged = EXPERIMENT.measure(cells("verdicts", SMALL)[0], Streams(0))["training_forward"]
    part = Propagate("he_normal", "relu", DIGITS, (2,), 32, replicates=1, batch=64)
    expected = part.measure(Streams(0))["forward"]
    rows = (judged["initializer"] == "he_normal") & (judged["replicate"] == 0)
    assert judged["activation_variance"][rows] == pytest.approx(expected["activation_variance"], rel=1e-12)


def test_the_depth_scale_of_tanh_is_the_one_of_mean_field_theory(measured: dict[Cell, Measured]) -> None:
    theory = next(tables["training_theory"] for tables in measured.values() if "training_theory" in tables)
    below = theory["gain"] < 1
    # Without biases and below gain 1 everything shrinks to 0, where the slope of tanh is 1: chi_1 = gain².
    np.testing.assert_allclose(theory["chi_1"][below], theory["gain"][below] ** 2, rtol=1e-6)
    np.testing.assert_allclose(theory["xi_c"][below], -1 / np.log(theory["gain"][below] ** 2), rtol=1e-6)
    assert (theory["chi_1"][~below] > 1).all()
    wrong = -1 / np.log(theory["gain"][below])
    assert not np.allclose(theory["xi_c"][below], wrong, rtol=0.1)
    first_above = np.argmax(~below)
    assert np.argmax(theory["xi_c"]) in (first_above - 1, first_above), "the scale peaks at the edge, gain 1"


def test_the_gains_that_are_trained_are_those_that_are_predicted(measured: dict[Cell, Measured]) -> None:
    theory = next(tables["training_theory"] for tables in measured.values() if "training_theory" in tables)
    for cell in cells("gain", SMALL):
        assert list(theory["initializer"]) == list(cell.words("initializers"))
