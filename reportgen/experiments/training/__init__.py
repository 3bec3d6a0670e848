"""Training: whether a start lets a network learn, and whether that could be known before the first update.

Most cells are sweeps (see `sweeps`): all initializers, learning rates and replicates of one activation and depth train
together, and an initializer that was added to the battery trains alone. The others judge the networks of the map before
they train, and predict depth scales.
"""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.battery.experiment import Experiment, Part, Plan
from reportgen.experiments.training.predictions import Predictions
from reportgen.experiments.training.studies import predictions, trainings, verdicts
from reportgen.experiments.training.training import Training
from reportgen.experiments.training.verdicts import Verdicts

__all__ = ["EXPERIMENT"]


def _work(plan: Plan) -> Iterator[Part]:
    yield from trainings(plan)
    yield predictions(plan)
    yield from verdicts(plan)


EXPERIMENT = Experiment(
    name="training",
    summary="What networks learn in a short training, from every initializer, activation and depth",
    parts=(Training, Predictions, Verdicts),
    work=_work,
)
