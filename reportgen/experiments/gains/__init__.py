"""Gains: what keeps the signal, what keeps the gradient, and what the one does to the other in deep networks.

The averages are taken over normal pre-activations; the networks are square, without biases, at initialization.
"""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.battery.experiment import Experiment, Part, Plan
from reportgen.experiments.gains.activation import Averages, Differences
from reportgen.experiments.gains.layers import Layers
from reportgen.experiments.gains.norms import Bands, Norms

__all__ = ["EXPERIMENT", "Averages", "Bands", "Differences", "Layers", "Norms"]

_TRIED = (("tanh", 1.0), ("tanh", 5 / 3), ("selu", 1.0), ("selu", 3 / 4))
"""Activation and gain of the deep networks."""

_LOSING = ("softplus", "sigmoid", "relu", "tanh")
"""Activations under whose forward gain two inputs are followed."""

_BANDS = ("gelu", "silu", "relu", "tanh")
_UNSTABLE = ("gelu", "silu")
"""Activations for which the norm of the inputs decides what a gain does."""


def _work(plan: Plan) -> Iterator[Part]:
    yield from map(Averages, plan.activations)
    yield from map(Differences, _LOSING)
    yield from map(Bands, _BANDS)
    networks = max(12, round(16 * plan.effort))
    yield from (Layers(activation, gain, networks) for activation, gain in _TRIED)
    yield from (Norms(activation, max(8, round(12 * plan.effort))) for activation in _UNSTABLE)


EXPERIMENT = Experiment(
    name="gains",
    summary="Forward and backward gains of every activation, deep networks with gains that keep only one of them, and "
    "the gains that carry GELU and SiLU",
    parts=(Averages, Differences, Bands, Layers, Norms),
    work=_work,
)
