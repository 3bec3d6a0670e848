"""Estimates: every part has its own, they grow with the work, and they are near what a cell takes."""

from __future__ import annotations

from dataclasses import replace
from time import process_time
from typing import Any

import pytest

from reportgen.battery.cell import Streams
from reportgen.battery.cost import measure_rates
from reportgen.battery.engine import one_blas_thread
from reportgen.battery.experiment import Part
from reportgen.experiments import EXPERIMENTS
from reportgen.experiments.costs import cost_of
from reportgen.experiments.halt import Halt
from reportgen.experiments.propagation import Propagate
from reportgen.experiments.saturation import Scales
from reportgen.settings import Settings

SMALL = {"Candidates", "Description", "Functions", "Places", "Predictions", "Starts"}
"""Parts that look things up, with next to no work."""

PROPAGATE = Propagate("he_normal", "relu", {"data": "gaussian"}, (2, 10), 64, 3, 128)


@pytest.mark.parametrize("part", [part for experiment in EXPERIMENTS for part in experiment.parts])
def test_every_part_is_counted_in_its_own_way(part: type[Part]) -> None:
    assert part.__name__ in SMALL or cost_of.dispatch(part) is not cost_of.dispatch(object)


@pytest.mark.parametrize("preset", ["quick", "full"])
def test_every_cell_of_the_battery_costs_something(preset: str) -> None:
    battery = Settings(preset=preset).battery()
    costs = [cost_of(part) for experiment in EXPERIMENTS for part in experiment.work(battery)]
    assert all(cost.calls > 0 and cost.stored > 0 for cost in costs)


@pytest.mark.parametrize("field", ["width", "batch", "replicates"])
def test_an_estimate_grows_with_the_work(field: str) -> None:
    larger: dict[str, Any] = {field: 256}
    more, less = cost_of(replace(PROPAGATE, **larger)), cost_of(PROPAGATE)
    assert more.operations > 1.5 * less.operations
    assert more.memory > 1.5 * less.memory
    assert cost_of(replace(PROPAGATE, depths=(2, 1000))).memory > 50 * less.memory


def test_sizes_beyond_all_machines_can_be_estimated() -> None:
    absurd = cost_of(replace(PROPAGATE, depths=(2**63,), width=2**63, batch=2**63))
    assert absurd.memory > 1e50


@pytest.mark.parametrize(
    "part",
    [
        replace(PROPAGATE, depths=(2, 5, 10, 20, 50)),
        replace(PROPAGATE, width=400),
        Scales("he_normal", "relu", 256),
        Halt("circle", "tanh", (4, 4), 200, 100, 20, 20, 3),
    ],
)
def test_the_estimate_is_near_what_a_cell_takes(part: Part) -> None:
    with one_blas_thread():
        part.measure(Streams(0))  # what is loaded once does not count
        start = process_time()
        measured = part.measure(Streams(0))
        seconds = process_time() - start
    estimate, stored = cost_of(part), sum(column.nbytes for table in measured.values() for column in table.values())
    # Beside other work a processor gets half as much done, and a cell of some milliseconds says little.
    assert 1 / 5 < seconds / measure_rates().seconds(estimate) < 5
    assert 1 / 4 < (stored + 4000) / estimate.stored < 4
