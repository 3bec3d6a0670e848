"""Symmetry: how alike the units of a layer are when they start, and whether training ever tells them apart.

A cell either draws a square hidden layer from one initializer, or trains the starts of one run.
"""

from __future__ import annotations

import numpy as np

from reportgen.battery.cell import Cell, Streams
from reportgen.battery.experiment import Column, Columns, Experiment, Measured, Plan
from reportgen.experiments.columns import INITIALIZER
from reportgen.experiments.symmetry.columns import TABLES
from reportgen.experiments.symmetry.runs import RUNS, train_run
from reportgen.experiments.symmetry.tables import tabulate_run
from reportgen.nn import units
from reportgen.nn.initializers import initializers
from reportgen.nn.statistics import distinct_units

__all__ = ["EXPERIMENT"]

CHECKPOINTS = 20, 40
"""Checkpoints of a run at equal distances: with little effort, and else."""

REPLICATES = 3
"""Draws of every random start of a run, at an effort of 1."""

START = (
    INITIALIZER,
    Column("width", "units", "units of the layer, and of the layer below"),
    Column("replicate", "", "number of the independent draw, from 0"),
    Column("distinct_units", "units", "units whose incoming weights differ bit by bit"),
    Column("rank", "", "singular values above 1e-10 of the greatest"),
    Column("stable_rank", "", "squared Frobenius norm over squared spectral norm; nan for zeros"),
    Column("mean_absolute_cosine", "", "mean of abs(cosine) between two units; nan for zeros"),
)


def _cells(plan: Plan) -> list[Cell]:
    """List the runs first: they take longest."""
    sizes = {"checkpoints": CHECKPOINTS[plan.effort >= 1], "replicates": max(2, round(REPLICATES * plan.effort))}
    runs = [Cell.of(EXPERIMENT.name, course=name, **sizes) for name in RUNS]
    return runs + [
        Cell.of(EXPERIMENT.name, initializer=name, width=plan.width, replicates=plan.replicates)
        for name in plan.initializers
    ]


def _measure(cell: Cell, streams: Streams) -> Measured:
    if "course" in cell.mapping():
        run = RUNS[cell.text("course")]
        return tabulate_run(train_run(run, cell.number("replicates"), cell.number("checkpoints"), streams))
    return {"symmetry_start": _start(cell, streams)}


def _start(cell: Cell, streams: Streams) -> Columns:
    """Draw the second layer of a network of equal widths."""
    width, replicates = cell.number("width"), range(cell.number("replicates"))
    draw = initializers.get(cell.text("initializer")).draw
    weights = np.stack([draw(streams.weights(replicate, 2), width, width) for replicate in replicates])
    return {
        "replicate": np.array(replicates),
        "distinct_units": distinct_units(weights),
        "rank": units.rank(weights),
        "stable_rank": units.stable_rank(weights),
        "mean_absolute_cosine": units.mean_absolute_cosine(weights),
    }


EXPERIMENT = Experiment(
    name="symmetry",
    summary="How alike the units of a layer are at the start and during training",
    tables={"symmetry_start": START, **TABLES},
    cells=_cells,
    measure=_measure,
)
