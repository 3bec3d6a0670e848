"""What rescues a bad start: normalization, residual branches and LSUV, at initialization and in short trainings.

A cell follows one start through every form of a deep network, or trains all starts in one form, or trains networks
of equal units in one form, or predicts.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np

from reportgen.battery.experiment import Experiment, Part, Plan
from reportgen.experiments.rescue.equal_units import EqualUnits
from reportgen.experiments.rescue.forms import FORMS
from reportgen.experiments.rescue.layers import Layers
from reportgen.experiments.rescue.predictions import Predictions
from reportgen.experiments.rescue.training import Training

__all__ = ["EXPERIMENT"]

_STARTS = ("random_normal(stddev=0.01)", "random_normal(stddev=1)", "glorot_normal", "he_normal")
_ACTIVATIONS = ("relu", "tanh")
_TRIPLED = "variance_scaling(scale=18)"
"""He's distribution with three times the standard deviation, as in Yang et al. 2019."""

_REPLICATES = (2, 8)
"""Least and greatest number of networks per start that signals and gradients go through."""


def _work(plan: Plan) -> Iterator[Part]:
    """Yield the trainings first: they take longest."""
    yield from _trainings(plan)
    yield from map(EqualUnits, FORMS)
    yield from _layers(plan)
    yield from (Predictions(activation, _STARTS, plan.width) for activation in _ACTIVATIONS)


def _trainings(plan: Plan) -> Iterator[Training]:
    for form, activation in product(FORMS, _ACTIVATIONS):
        yield Training(
            form=form,
            data={"data": "digits"},
            activation=activation,
            depth=20,
            initializers=_STARTS,
            learning_rates=(0.01, 0.1),
            replicates=max(1, round(plan.effort**0.5)),
            steps=round(130 * plan.effort**0.8),
        )


def _layers(plan: Plan) -> Iterator[Layers]:
    size = plan.width, int(np.clip(plan.replicates // 2, *_REPLICATES))
    for activation, initializer in product(_ACTIVATIONS, _STARTS):
        yield Layers(activation, initializer, tuple(FORMS), *size)
    yield Layers("relu", _TRIPLED, ("batch norm",), *size)


EXPERIMENT = Experiment(
    name="rescue",
    summary="Signals, gradients and short trainings from bad starts with normalization, shortcuts and LSUV",
    parts=(Training, EqualUnits, Layers, Predictions),
    work=_work,
)
