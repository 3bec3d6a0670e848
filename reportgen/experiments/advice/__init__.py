"""Advice: the starts that can be recommended for each activation, at initialization and in training.

The battery has the same starts for every activation. Here each activation has those made for it: He's law with its
slope, the gain that theory gives it, weights that sum to zero where its output is mostly a mean.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import sqrt

from reportgen.battery.experiment import Experiment, Part, Plan
from reportgen.experiments.advice.candidates import named, rivals, tuned
from reportgen.experiments.advice.shifted import Shifted
from reportgen.experiments.advice.starts import Candidate, Candidates
from reportgen.experiments.advice.training import Learning

__all__ = ["EXPERIMENT", "RATES"]

RATES = {"sgd": (0.003, 0.015), "adam": (0.001, 0.003)}
"""Optimizer -> the learning rates that every start may choose from."""


def _work(plan: Plan) -> Iterator[Part]:
    yield from _trainings(plan)
    yield from _shifted(plan)
    yield from map(Candidates, plan.activations)
    for activation in plan.activations:
        for initializer in (*named(activation), tuned(activation)):
            if initializer not in plan.initializers:
                data = {"data": "gaussian"}
                yield Candidate(initializer, activation, data, plan.depths, plan.width, plan.replicates, plan.batch)


def _trainings(plan: Plan) -> Iterator[Learning]:
    """Yield the trainings; length, number of networks and greatest depth grow with the effort."""
    size = sqrt(plan.effort)
    depths = tuple(depth for depth in plan.depths if depth <= 50 * plan.effort)
    for activation, (optimizer, rates) in product(plan.activations, RATES.items()):
        yield Learning(
            data={"data": "digits"},
            activation=activation,
            optimizer=optimizer,
            initializers=rivals(activation),
            learning_rates=rates,
            depths=depths,
            networks=max(2, round(5 * size)),
            short=round(150 * size),
            long=round(300 * size),
        )


def _shifted(plan: Plan) -> Iterator[Shifted]:
    size = sqrt(plan.effort)
    for depth in (10, 20):
        yield Shifted(
            data={"data": "digits"},
            activation="tanh",
            depth=depth,
            initializers=("glorot_normal",),
            learning_rates=(0.03, 0.1),
            replicates=max(2, round(5 * size)),
            steps=round(400 * size),
        )


EXPERIMENT = Experiment(
    name="advice",
    summary="The starts made for each activation: signals and gradients, and to which depth networks learn",
    parts=(Candidates, Candidate, Learning, Shifted),
    work=_work,
)
