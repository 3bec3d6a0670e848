"""What every experiment promises: its work is made of its parts, and its cells are pure data that say all of it."""

from __future__ import annotations

import json

import pytest

from reportgen.battery.experiment import Experiment
from reportgen.experiments import EXPERIMENTS
from reportgen.settings import PRESETS, Settings

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


@each_experiment
def test_a_part_says_what_it_measures_and_its_tables_are_its_own(experiment: Experiment) -> None:
    names = [name for part in experiment.parts for name in part.tables]
    assert len(set(names)) == len(names)
    assert all(part.__doc__ and part.measure.__doc__ for part in experiment.parts)
