"""One initializer with one activation, measured on its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import reduce
from operator import add
from typing import NamedTuple

import pandas as pd

from reportgen.battery.cell import Streams
from reportgen.battery.cost import NOMINAL, measure_rates
from reportgen.battery.experiment import Part
from reportgen.battery.machine import memory, size, span
from reportgen.battery.results import Results, tabulate
from reportgen.errors import EnvironmentFault, UsageError, did_you_mean, shortened
from reportgen.experiments.costs import cost_of
from reportgen.experiments.propagation import EXPERIMENT, Propagate
from reportgen.experiments.scale import with_scale
from reportgen.nn.activations import activations
from reportgen.nn.datasets import describe
from reportgen.nn.files.reading import Reading
from reportgen.nn.initializers import initializers
from reportgen.presets import GREATEST

__all__ = ["Propagation", "propagate", "require_affordable", "require_whole"]

_PATIENCE = 3600.0
"""Seconds that one answer may take unless it is forced."""

_ADDRESSES = 2.0**47
"""Bytes that a processor of today can address."""


class Propagation(NamedTuple):
    """What was measured: tidy data frames with the columns of the published CSV files.

    Attributes
    ----------
    forward
        One row per replicate and layer: moments of pre-activations and activations, saturated, dead and finite shares.
    gradients
        One row per replicate, depth and layer: rms of delta and norm of the weight gradient.
    diversity
        One row per replicate and layer: number of units whose incoming weights differ.
    """

    forward: pd.DataFrame
    gradients: pd.DataFrame
    diversity: pd.DataFrame


def propagate(
    initializer: str,
    activation: str,
    *,
    depth: int | tuple[int, ...],
    width: int,
    data: str = "gaussian",
    batch: int = 256,
    replicates: int = 5,
    seed: int = 0,
    bias: float = 0.0,
    dtype: str = "float32",
    reading: Reading | None = None,
    force: bool = False,
) -> Propagation:
    """Send signals forward and gradients back through networks at initialization.

    Parameters
    ----------
    initializer, activation
        Registry names, with parameters where wanted: ``"random_normal(stddev=0.1)"``.
    depth
        Number of hidden layers; several depths share one forward pass.
    width
        Units per hidden layer. Gaussian inputs have as many features.
    data
        Name of a built-in data set, as ``"gaussian"`` or ``"digits"``, or a file as ``FILE`` or ``FILE:LABEL``.
    batch
        Inputs per network.
    replicates
        Independent networks, each with inputs of its own.
    seed
        Root seed.
    bias
        Standard deviation of the biases, drawn from N(0, bias²); 0 means no biases.
    dtype
        ``"float32"`` or ``"float64"``, the precision in which the networks run.
    reading
        How a data file is read, as ``Reading(label="species")``; by default the file tells. Labels are not used: a file
        may do without them, and the column that is named is left out.
    force
        Whether to try what is estimated not to fit on this machine, or to take more than an hour.

    Returns
    -------
    Propagation
        Data frames `.forward`, `.gradients` and `.diversity`.

    Raises
    ------
    UsageError
        For an unknown name, a number out of range, or more than this machine can do.
    DataError
        For a data file that cannot be used.

    Examples
    --------
    >>> measured = propagate("glorot_normal", "tanh", depth=3, width=32, replicates=2)
    >>> measured.forward[["replicate", "layer"]].values.tolist()
    [[0, 1], [0, 2], [0, 3], [1, 1], [1, 2], [1, 3]]
    >>> list(measured.gradients.columns[-4:])
    ['layer', 'delta_rms', 'weight_gradient_norm', 'finite_fraction']
    """
    depths = depth if isinstance(depth, tuple) else (depth,)
    if not depths:
        raise UsageError("depth must be a whole number or several, not an empty tuple")
    require_whole("depth", depths, 1)
    for name, value, least in (
        ("width", width, 1),
        ("batch", batch, 1),
        ("replicates", replicates, 1),
        ("seed", seed, 0),
    ):
        require_whole(name, (value,), least)
    if dtype not in ("float32", "float64"):
        raise UsageError(f"dtype {dtype!r}: {did_you_mean(str(dtype), ('float32', 'float64'))}")
    if not 0 <= bias < float("inf"):
        raise UsageError(f"bias must be a standard deviation of at least 0, not {bias!r}")
    part = Propagate(
        initializers.get(initializer).name,
        activations.get(activation).name,
        describe(data, replace(reading or Reading(), labelled=False)),
        depths=tuple(map(int, depths)),
        width=int(width),
        replicates=int(replicates),
        batch=int(batch),
        bias=float(bias),
        dtype=dtype,
    )
    require_affordable([part], force=force)
    try:
        tables = tabulate([EXPERIMENT], {EXPERIMENT.cell(part): part.measure(Streams(seed))})
        return Propagation(**with_scale(Results(tables, EXPERIMENT.tables, {})).tables)
    except MemoryError:
        raise EnvironmentFault("there is not enough memory for this: try fewer layers or units") from None


def require_affordable(parts: Iterable[Part], *, force: bool = False) -> None:
    """Refuse what does not fit on this machine, or takes more than an hour, before anything is made for it.

    Parameters
    ----------
    parts
        What is to be measured, one after the other.
    force
        Whether to try nevertheless, as far as any machine could.

    Raises
    ------
    UsageError
        With the estimate.
    """
    cost = reduce(add, map(cost_of, parts))
    has, rates = memory().total, NOMINAL
    if cost.memory > has or rates.seconds(cost) > _PATIENCE / 4:
        rates = measure_rates()
    seconds = rates.seconds(cost)
    estimate = f"this takes about {size(cost.memory)} of memory and {span(seconds)}"
    if cost.memory > _ADDRESSES:
        raise UsageError(f"{estimate}, more than any machine has")
    if cost.memory > has and not force:
        raise UsageError(f"{estimate}: this machine has {size(has)} of memory (--force tries it)")
    if seconds > _PATIENCE and not force:
        raise UsageError(f"{estimate}, which is long for one answer (--force begins nevertheless)")


def require_whole(name: str, values: Iterable[int], least: int) -> None:
    """Refuse what is no whole number in a range.

    Parameters
    ----------
    name
        What the numbers are, for the error line.
    values, least
        The numbers, and the least one that is allowed.

    Raises
    ------
    UsageError
        With the first that is not allowed.
    """
    for value in values:
        if not (value >= least and value % 1 == 0):  # neither nan nor inf is
            raise UsageError(f"{name} must be a whole number of at least {least}, not {shortened(repr(value))}")
        if value > GREATEST:
            raise UsageError(f"{name} must be at most {GREATEST}, not {shortened(repr(value))}")
