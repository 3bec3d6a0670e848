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

_HE = "he_normal"
_STARTS = ("random_normal(stddev=0.01)", "random_normal(stddev=1)", "glorot_normal", _HE)
_ACTIVATIONS = ("relu", "tanh")
_TRIPLED = "variance_scaling(scale=18)"
"""He's distribution with three times the standard deviation, as in Yang et al. 2019."""

_FEW, _SOME, _MANY = 2, 5, 8
"""Networks per start that signals and gradients go through: at least, where factors are quoted, and at most.

A standard error takes some: with two networks the mean is within two of them in only 70 % of all cases.
"""

_TRAINED = 3
"""Networks that are trained from every start at every rate: the least that has a middle and two ends."""


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
            replicates=_TRAINED,
            steps=round(130 * plan.effort**0.8),
        )


def _layers(plan: Plan) -> Iterator[Layers]:
    """Yield the networks at initialization; of He's starts the page quotes factors with their errors."""
    few, some = (int(np.clip(plan.replicates // 2, least, _MANY)) for least in (_FEW, _SOME))
    for activation, initializer in product(_ACTIVATIONS, _STARTS):
        networks = some if initializer == _HE else few
        yield Layers(activation, initializer, tuple(FORMS), plan.width, networks)
    yield Layers("relu", _TRIPLED, ("batch norm",), plan.width, some)


EXPERIMENT = Experiment(
    name="rescue",
    summary="Signals, gradients and short trainings from bad starts with normalization, shortcuts and LSUV",
    parts=(Training, EqualUnits, Layers, Predictions),
    work=_work,
)
