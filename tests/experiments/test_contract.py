"""What every experiment promises: its work is made of its parts, and its cells are pure data that say all of it."""

from __future__ import annotations

import json

import pytest

from reportgen.battery.cell import Cell
from reportgen.battery.cost import NOMINAL
from reportgen.battery.experiment import Experiment
from reportgen.experiments import EXPERIMENTS
from reportgen.experiments.costs import cost_of
from reportgen.settings import PRESETS, Battery, Settings

each_experiment = pytest.mark.parametrize("experiment", EXPERIMENTS, ids=lambda experiment: experiment.name)
each_preset = pytest.mark.parametrize("preset", PRESETS)


@each_preset
@each_experiment
def test_every_part_is_read_back_from_its_cell_even_after_a_way_through_json(
    experiment: Experiment, preset: str
) -> None:
    plan = Settings(preset=preset).battery()
    work = list(experiment.work(plan))
    cells = experiment.cells(plan)
    assert [experiment.part(cell) for cell in cells] == work
    for cell in cells:
        factors = json.loads(cell.canonical())["factors"]
        again = {name: tuple(value) if isinstance(value, list) else value for name, value in factors.items()}
        assert again == dict(cell.factors)


@each_preset
@each_experiment
def test_the_work_has_every_part_and_no_cell_twice(experiment: Experiment, preset: str) -> None:
    plan = Settings(preset=preset).battery()
    assert {type(part) for part in experiment.work(plan)} == set(experiment.parts)
    assert len(set(experiment.cells(plan))) == len(experiment.cells(plan))


ADDED = {
    "initializers": ("he_normal(mode=fan_out)", 0.1),
    "activations": ("mish", 0.1),
    # It is measured with every start and activation, like each of the two data sets that the battery has.
    "data": ("circle", 0.3),
}
"""What a user may add to the battery, and the share of the work of the battery that it may take."""


@pytest.mark.parametrize("key", ADDED)
@each_experiment
def test_what_is_added_to_the_battery_leaves_its_cells_as_they_are_and_in_their_order(
    experiment: Experiment, key: str
) -> None:
    plain, more = experiment.cells(Settings().battery()), experiment.cells(battery_with(key))
    assert [cell for cell in more if cell in set(plain)] == plain


@pytest.mark.parametrize("key", ADDED)
def test_what_is_added_to_the_battery_takes_a_small_part_of_its_work(key: str) -> None:
    plain = seconds(Settings().battery())
    assert seconds(battery_with(key)) / plain - 1 < ADDED[key][1]


def test_each_of_two_initializers_that_are_added_has_cells_of_its_own() -> None:
    names = "he_normal(mode=fan_out)", "random_normal(stddev=0.3)"
    both = cells(Settings(initializers=names).battery())
    for name in names:
        assert cells(Settings(initializers=(name,)).battery()) < both


def battery_with(key: str) -> Battery:
    return Settings.model_validate({key: (ADDED[key][0],)}).battery()


def cells(battery: Battery) -> set[Cell]:
    return {cell for experiment in EXPERIMENTS for cell in experiment.cells(battery)}


def seconds(battery: Battery) -> float:
    return sum(NOMINAL.seconds(cost_of(part)) for experiment in EXPERIMENTS for part in experiment.work(battery))


@each_experiment
def test_a_part_says_what_it_measures_and_its_tables_are_its_own(experiment: Experiment) -> None:
    names = [name for part in experiment.parts for name in part.tables]
    assert len(set(names)) == len(names)
    assert all(part.__doc__ and part.measure.__doc__ for part in experiment.parts)
