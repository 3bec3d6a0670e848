"""What is trained, and why: the sweeps of every study, whose length and number of replicates grow with the effort."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, product
from math import sqrt

from reportgen.battery.experiment import Factors, Plan
from reportgen.experiments.sweeps import UNITS
from reportgen.experiments.training.predictions import Predictions, scaled_normal
from reportgen.experiments.training.training import Training
from reportgen.experiments.training.verdicts import Verdicts
from reportgen.nn.initializers import initializers

__all__ = ["predictions", "trainings", "verdicts"]

_DIGITS: Factors = {"data": "digits"}

_MAP_RATES = {"sgd": 0.02, "adam": 0.003}
_TWINS = ("lecun_normal", "lecun_uniform", "glorot_uniform", "he_uniform")
"""Starts of the battery that do what another one of the map does: its hidden layers have as many inputs as units, and
the normal and the uniform form of one variance train alike."""
_COMPARED = 10
"""Hidden layers of the nets whose accuracies are compared: there are more of them."""

_RATES = {"sgd": (0.003, 0.01, 0.03, 0.1, 0.3), "adam": (0.001, 0.003, 0.01)}
_RATE_STARTS = ("random_normal(stddev=0.01)", "random_normal(stddev=1)", "torch_default", "glorot_normal", "he_normal")
_BUDGETS = 4
"""How many times as long the nets train that are to show what a larger budget changes."""
_LONG_STARTS = ("torch_default", "glorot_normal", "he_normal")
_LONG_RATES = {"sgd": (0.01, 0.03, 0.1), "adam": (0.001, 0.003)}

_SMALL_RATES = {"sgd": (0.03, 0.3), "adam": (0.003,)}
_SMALL_DEPTHS = {"sgd": (5,), "adam": (5, 10)}

_READOUTS = (1.0, 0.1, 0.0)
"""Factors of the last layer's weights."""
_READOUT_STARTS = (("tanh", "glorot_normal"), ("relu", "he_normal"), ("selu", "he_normal"))

_JUDGED = 128
"""Images that go through a network to judge it before it trains, at most."""

_DEEP = 30
_DEEP_RATE = 0.003
"""He's start stalls for a while at 30 layers at larger rates."""

_GAIN_DEPTHS = (10, 30)
_GAINS = (0.5, 0.7, 0.95, 1.1, 1.25, 1.4, 1.8, 2.2, 4.0)
_GAIN_RATES = (0.003, 0.03)


def trainings(plan: Plan) -> list[Training]:
    """Return the sweeps of all studies, the longest first."""
    size = _size(plan)
    studies = (_map(plan, size), _rates(size), _small(size), _deep(size), _gains(size), _readouts(size))
    return sorted(chain.from_iterable(studies), key=lambda sweep: -sweep.depth * sweep.steps)


def predictions(plan: Plan) -> Predictions:
    """Return what is predicted for the gains that are trained."""
    return Predictions("tanh", _some_gains(_size(plan)))


def verdicts(plan: Plan) -> Iterator[Verdicts]:
    """Yield the measurements at initialization of the networks that the map trains."""
    size = _size(plan)
    for data, activation, starts in product(_labelled(plan), plan.activations, _on_map(plan)):
        yield Verdicts(
            starts,
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
    groups = [(starts, _fixed(starts)) for starts in _on_map(plan)]
    for data, optimizer, activation, depth, (starts, fixed) in product(
        _labelled(plan), _MAP_RATES, plan.activations, _depths(plan, size), groups
    ):
        if optimizer == "sgd" or data["data"] == _DIGITS["data"]:
            yield Training(
                study="map",
                data=data,
                activation=activation,
                depth=depth,
                initializers=starts,
                learning_rates=(_MAP_RATES[optimizer],),
                replicates=int((5 if depth == _COMPARED else 3) * size),
                once=fixed,
                steps=round(150 * size),
                optimizer=optimizer,
            )


def _on_map(plan: Plan) -> list[tuple[str, ...]]:
    return [tuple(name for name in group if name not in _TWINS) for group in plan.initializer_groups]


def _fixed(starts: Sequence[str]) -> tuple[str, ...]:
    """Return the starts in which no weight is random."""
    return tuple(name for name in starts if initializers.get(name).variance(1, 1) == 0)


def _rates(size: float) -> Iterator[Training]:
    """Yield all starts at all rates; some of the ReLU nets train longer, and are tested at every budget."""
    starts, long = _names(_RATE_STARTS), _names(_LONG_STARTS)
    for optimizer, rates in _RATES.items():
        others = tuple(rate for rate in rates if rate not in _LONG_RATES[optimizer])
        rest = tuple(name for name in starts if name not in long)
        yield _rate(size, optimizer, "tanh", starts, rates)
        yield _rate(size, optimizer, "relu", rest, rates)
        yield _rate(size, optimizer, "relu", long, others)
        yield _rate(size, optimizer, "relu", long, _LONG_RATES[optimizer], budgets=_BUDGETS)


def _rate(
    size: float, optimizer: str, activation: str, starts: tuple[str, ...], rates: tuple[float, ...], budgets: int = 1
) -> Training:
    return Training(
        study="rate",
        data=_DIGITS,
        activation=activation,
        depth=_COMPARED,
        initializers=starts,
        learning_rates=rates,
        replicates=int(5 * size),
        steps=budgets * round(150 * size),
        checkpoints=budgets,
        optimizer=optimizer,
    )


def _small(size: float) -> Iterator[Training]:
    for optimizer, activation in product(_SMALL_RATES, ("tanh", "relu")):
        for depth in _SMALL_DEPTHS[optimizer]:
            yield Training(
                study="small",
                data=_DIGITS,
                activation=activation,
                depth=depth,
                initializers=_names(["random_normal(stddev=0.01)"]),
                learning_rates=_SMALL_RATES[optimizer],
                replicates=int(5 * size),
                steps=round(1000 * size),
                optimizer=optimizer,
            )


def _readouts(size: float) -> Iterator[Training]:
    for (activation, start), readout in product(_READOUT_STARTS, _READOUTS):
        yield Training(
            study="readout",
            data=_DIGITS,
            activation=activation,
            depth=_COMPARED,
            initializers=(start,),
            learning_rates=(_MAP_RATES["sgd"],),
            replicates=max(5, int(5 * size)),
            steps=round(150 * size),
            checkpoints=3,
            readout=readout,
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
            replicates=int(5 * size),
            steps=round(150 * size),
        )


def _some_gains(size: float) -> tuple[float, ...]:
    return _GAINS if size >= 1 else _GAINS[::2]
