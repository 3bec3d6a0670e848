"""Symmetry: how alike the units of a layer are when they start, and whether training ever tells them apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reportgen.battery.experiment import Experiment, Part, Plan
from reportgen.experiments.symmetry.runs import RUNS, Run
from reportgen.experiments.symmetry.start import Start

__all__ = ["EXPERIMENT", "RUNS"]


def _work(plan: Plan) -> Iterator[Part]:
    """Yield the runs first: they take longest."""
    for run in RUNS:
        checkpoints = run.checkpoints if plan.effort >= 1 else run.checkpoints // 2
        yield replace(run, checkpoints=checkpoints, replicates=max(2, round(run.replicates * plan.effort)))
    yield from (Start(initializer, plan.width, plan.replicates) for initializer in plan.initializers)


EXPERIMENT = Experiment(
    name="symmetry",
    summary="How alike the units of a layer are at the start and during training",
    parts=(Run, Start),
    work=_work,
)
