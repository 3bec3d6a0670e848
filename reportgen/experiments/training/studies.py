"""What is trained, and why: the sweeps of every study, whose length and number of replicates grow with the effort."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from math import sqrt

import numpy as np

from reportgen.battery.experiment import Factors, Plan
from reportgen.experiments.sweeps import UNITS
from reportgen.experiments.training.predictions import Predictions, scaled_normal
from reportgen.experiments.training.training import Training
from reportgen.experiments.training.verdicts import Verdicts
from reportgen.nn.initializers import initializers

__all__ = ["predictions", "trainings", "verdicts"]

_DIGITS: Factors = {"data": "digits"}

_MAP_RATE = 0.02

_RATE_DEPTH = 10
_RATES = tuple(float(rate) for rate in np.round(np.geomspace(0.001, 1.0, 7), 6))
_RATE_STARTS = ("random_normal(stddev=0.01)", "random_normal(stddev=1)", "torch_default", "glorot_normal", "he_normal")

_JUDGED = 128
"""Images that go through a network to judge it before it trains, at most."""

_DEEP = 30
_DEEP_RATE = 0.003
"""He's start stalls for a while at 30 layers at larger rates."""

_GAIN_DEPTHS = (10, 30)
_GAINS = tuple(float(gain) for gain in np.round(np.geomspace(0.35, 4.0, 13), 3))
_GAIN_RATES = (0.003, 0.03)

_PLANE = ("circle", "spiral")
_PLANE_STARTS = (
    "zeros",
    "random_normal(stddev=0.01)",
    "random_normal(stddev=1)",
    "random_normal(stddev=5)",
    "glorot_normal",
    "he_normal",
)
_PLANE_DEPTH, _PLANE_RATE = 4, 0.03


def trainings(plan: Plan) -> list[Training]:
    """Return the sweeps of all studies, the longest first."""
    size = _size(plan)
    sweeps = [*_map(plan, size), *_rates(size), *_deep(size), *_gains(size), *_planes(size)]
    return sorted(sweeps, key=lambda sweep: -sweep.depth * sweep.steps)


def predictions(plan: Plan) -> Predictions:
    """Return what is predicted for the gains that are trained."""
    return Predictions("tanh", _some_gains(_size(plan)))


def verdicts(plan: Plan) -> Iterator[Verdicts]:
    """Yield the measurements at initialization of the networks that the map trains."""
    size = _size(plan)
    for data, activation in product(_labelled(plan), plan.activations):
        yield Verdicts(
            plan.initializers,
            activation,
            data,
            _depths(plan, size),
            width=UNITS,
            replicates=int(3 * size),
            batch=min(plan.batch, _JUDGED),
        )


def _size(plan: Plan) -> float:
    """Return what length, number of replicates and greatest depth are proportional to; it is 1 at effort 1."""
    return sqrt(plan.effort)


def _map(plan: Plan, size: float) -> Iterator[Training]:
    for data, activation, depth in product(_labelled(plan), plan.activations, _depths(plan, size)):
        yield Training(
            study="map",
            data=data,
            activation=activation,
            depth=depth,
            initializers=plan.initializers,
            learning_rates=(_MAP_RATE,),
            replicates=int(3 * size),
            steps=round(150 * size),
        )


def _rates(size: float) -> Iterator[Training]:
    for activation in ("tanh", "relu"):
        yield Training(
            study="rate",
            data=_DIGITS,
            activation=activation,
            depth=_RATE_DEPTH,
            initializers=_names(_RATE_STARTS),
            learning_rates=_RATES,
            replicates=round(2 * size),
            steps=round(150 * size),
        )


def _names(starts: Iterable[str]) -> tuple[str, ...]:
    return tuple(initializers.get(start).name for start in starts)


def _labelled(plan: Plan) -> list[Factors]:
    return [data for data in plan.data_factors if data["data"] != "gaussian"]


def _depths(plan: Plan, size: float) -> tuple[int, ...]:
    """Return the depths of the battery that are trained: deeper nets take too long."""
    return tuple(depth for depth in plan.depths if depth <= 20 * size)


def _deep(size: float) -> Iterator[Training]:
    yield Training(
        study="deep",
        data=_DIGITS,
        activation="relu",
        depth=_DEEP,
        initializers=("glorot_normal", "he_normal"),
        learning_rates=(_DEEP_RATE,),
        replicates=round(4 * size),
        steps=round(1200 * size),
        checkpoints=20,
    )


def _gains(size: float) -> Iterator[Training]:
    for depth in _GAIN_DEPTHS:
        yield Training(
            study="gain",
            data=_DIGITS,
            activation="tanh",
            depth=depth,
            initializers=tuple(map(scaled_normal, _some_gains(size))),
            learning_rates=_GAIN_RATES,
            replicates=round(2 * size),
            steps=round(150 * size),
        )


def _some_gains(size: float) -> tuple[float, ...]:
    return _GAINS if size >= 1 else _GAINS[::2]


def _planes(size: float) -> Iterator[Training]:
    for problem, activation in product(_PLANE, ("tanh", "relu")):
        yield Training(
            study="plane",
            data={"data": problem},
            activation=activation,
            depth=_PLANE_DEPTH,
            initializers=_names(_PLANE_STARTS),
            learning_rates=(_PLANE_RATE,),
            replicates=max(2, round(3 * size)),
            steps=round(800 * size),
            checkpoints=round(20 * size),
        )
