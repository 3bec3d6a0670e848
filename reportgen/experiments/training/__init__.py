"""Training: whether a start lets a network learn, and whether that could be known before the first update.

Most cells are sweeps (see `sweeps`): all initializers, learning rates and replicates of one activation and depth train
together. The study says what a sweep is for: the map, the learning rate, the deep net, the gain, or a problem in the
plane. The other cells judge the networks of the map before they train, and predict depth scales.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product

import numpy as np

from reportgen.battery.cell import Cell, Factor, Streams
from reportgen.battery.columns import merge, with_constants
from reportgen.battery.experiment import Columns, Experiment, Measured, Plan
from reportgen.experiments.averages import averages, if_averaged
from reportgen.experiments.propagation import Propagate
from reportgen.experiments.sweeps import Sweep, run_sweep
from reportgen.experiments.training.tables import TABLES, tabulate_sweep
from reportgen.nn.datasets import DATA_FACTORS
from reportgen.nn.initializers import initializers
from reportgen.theory.fixed_points import find_fixed_point

__all__ = ["EXPERIMENT"]

_WIDTH, _BATCH = 32, 24
_RATE = 0.02

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


def _cells(plan: Plan) -> list[Cell]:
    """List the longest sweeps first; their length, width in replicates and greatest depth grow with the effort."""
    size = plan.effort**0.5
    sweeps = [*_map(plan, size), *_rates(size), *_deep(size), *_gains(size), *_planes(size)]
    sweeps.sort(key=lambda cell: -cell.number("depth") * cell.number("steps"))
    return [*sweeps, _theory(size), *_verdicts(plan, size)]


def _sweep(study: str, data: Mapping[str, Factor], **factors: Factor) -> Cell:
    settings = {"width": _WIDTH, "batch": _BATCH, "checkpoints": 1, **data, **factors}
    return Cell.of(EXPERIMENT.name, study=study, **settings)


def _map(plan: Plan, size: float) -> Iterator[Cell]:
    for data, activation, depth in product(_labelled(plan), plan.activations, _depths(plan, size)):
        yield _sweep(
            "map",
            data,
            activation=activation,
            depth=depth,
            initializers=plan.initializers,
            learning_rates=(_RATE,),
            replicates=int(3 * size),
            steps=round(150 * size),
        )


def _rates(size: float) -> Iterator[Cell]:
    for activation in ("tanh", "relu"):
        yield _sweep(
            "rate",
            {"data": "digits"},
            activation=activation,
            depth=_RATE_DEPTH,
            initializers=_names(_RATE_STARTS),
            learning_rates=_RATES,
            replicates=round(2 * size),
            steps=round(150 * size),
        )


def _names(starts: Iterable[str]) -> tuple[str, ...]:
    return tuple(initializers.get(start).name for start in starts)


def _labelled(plan: Plan) -> list[Mapping[str, Factor]]:
    return [data for data in plan.data_factors if data["data"] != "gaussian"]


def _depths(plan: Plan, size: float) -> list[int]:
    """Return the depths of the battery that are trained: deeper nets take too long."""
    return [depth for depth in plan.depths if depth <= 20 * size]


def _deep(size: float) -> Iterator[Cell]:
    yield _sweep(
        "deep",
        {"data": "digits"},
        activation="relu",
        depth=_DEEP,
        initializers=("glorot_normal", "he_normal"),
        learning_rates=(_DEEP_RATE,),
        replicates=round(4 * size),
        steps=round(1200 * size),
        checkpoints=20,
    )


def _gains(size: float) -> Iterator[Cell]:
    for depth in _GAIN_DEPTHS:
        yield _sweep(
            "gain",
            {"data": "digits"},
            activation="tanh",
            depth=depth,
            initializers=tuple(map(_scaled, _some_gains(size))),
            learning_rates=_GAIN_RATES,
            replicates=round(2 * size),
            steps=round(150 * size),
        )


def _some_gains(size: float) -> tuple[float, ...]:
    return _GAINS if size >= 1 else _GAINS[::2]


def _scaled(gain: float) -> str:
    """Name the untruncated normal distribution of variance gain² / fan_in."""
    return initializers.get(f"variance_scaling(scale={gain**2:.12g}, distribution=untruncated_normal)").name


def _planes(size: float) -> Iterator[Cell]:
    for problem, activation in product(_PLANE, ("tanh", "relu")):
        yield _sweep(
            "plane",
            {"data": problem},
            activation=activation,
            depth=_PLANE_DEPTH,
            initializers=_names(_PLANE_STARTS),
            learning_rates=(_PLANE_RATE,),
            replicates=max(2, round(3 * size)),
            steps=round(800 * size),
            checkpoints=round(20 * size),
        )


def _theory(size: float) -> Cell:
    return Cell.of(EXPERIMENT.name, study="theory", activation="tanh", gains=_some_gains(size))


def _verdicts(plan: Plan, size: float) -> Iterator[Cell]:
    """List the measurements at initialization of the networks that the map trains."""
    for data, activation in product(_labelled(plan), plan.activations):
        yield Cell.of(
            EXPERIMENT.name,
            study="verdicts",
            **data,
            activation=activation,
            initializers=plan.initializers,
            depths=tuple(_depths(plan, size)),
            width=_WIDTH,
            batch=min(plan.batch, _JUDGED),
            replicates=int(3 * size),
        )


def _measure(cell: Cell, streams: Streams) -> Measured:
    study = cell.text("study")
    if study == "theory":
        return if_averaged(lambda: {"training_theory": _depth_scales(cell)})
    if study == "verdicts":
        return _propagate(cell, streams)
    return merge(tabulate_sweep(study, part, run_sweep(part, streams)) for part in Sweep.of(cell).parts())


def _depth_scales(cell: Cell) -> Columns:
    """Predict how deep a difference between two inputs reaches, for every gain.

    Without biases a signal below gain 1 dies before its correlations settle; a trace of bias makes them settle by
    chi_1 per layer, as fast as the signal dies (Schoenholz et al. 2017, section 3).
    """
    gains = np.array(cell["gains"])
    points = [find_fixed_point(averages(cell.text("activation")), gain**2, 0.0) for gain in gains]
    return {
        "gain": gains,
        "initializer": np.array([_scaled(gain) for gain in gains]),
        "chi_1": np.array([point.chi_1 for point in points]),
        "xi_c": np.array([point.xi_c if point.chi_1 > 1 else -1 / np.log(point.chi_1) for point in points]),
    }


def _propagate(cell: Cell, streams: Streams) -> Measured:
    """Measure signals and gradients as the battery does, in networks as small as those that are trained."""
    data = {name: factor for name, factor in cell.mapping().items() if name in DATA_FACTORS}
    depths = cell.numbers("depths")
    width, replicates, batch = (cell.number(name) for name in ("width", "replicates", "batch"))
    parts = []
    for name in cell.words("initializers"):
        part = Propagate(name, cell.text("activation"), data, depths, width, replicates, batch)
        measured = part.measure(streams)
        parts.append(
            {f"training_{table}": with_constants(columns, initializer=name) for table, columns in measured.items()}
        )
    return merge(parts)


EXPERIMENT = Experiment(
    name="training",
    summary="What networks learn in a short training, from every initializer, activation and depth",
    tables={**TABLES, **{f"training_{name}": columns for name, columns in Propagate.tables.items()}},
    cells=_cells,
    measure=_measure,
)
