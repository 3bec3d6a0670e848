"""Catalog: what the registry knows of every start and activation of the run, and what a start's weights look like."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.battery.experiment import Experiment, Part, Plan
from reportgen.experiments.catalog.activations import Functions
from reportgen.experiments.catalog.starts import Cards

__all__ = ["EXPERIMENT"]


def _work(plan: Plan) -> Iterator[Part]:
    yield from (Cards(group, plan.width) for group in plan.initializer_groups)
    yield from map(Functions, plan.activations)


EXPERIMENT = Experiment(
    name="catalog",
    summary="Formula, reference, code and drawn weights of every start, and formula, reference and code of every "
    "activation",
    parts=(Cards, Functions),
    work=_work,
)
