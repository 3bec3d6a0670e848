"""One initializer with one activation, measured on its own."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from reportgen.battery.cell import Streams
from reportgen.battery.results import tabulate
from reportgen.errors import UsageError, did_you_mean
from reportgen.experiments.propagation import EXPERIMENT, Propagate
from reportgen.nn.activations import activations
from reportgen.nn.datasets import describe
from reportgen.nn.initializers import initializers

__all__ = ["Propagation", "propagate"]


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
    label: str = "label",
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
        Name of a built-in data set, as ``"gaussian"`` or ``"digits"``, or the path of a .csv, .parquet or .npz file.
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
    label
        Name of the label column of a data file.

    Returns
    -------
    Propagation
        Data frames `.forward`, `.gradients` and `.diversity`.

    Raises
    ------
    UsageError
        For an unknown name or a number out of range.
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
    for name, values, least in (("depth", depths, 1), ("width", (width,), 1), ("batch", (batch,), 1)):
        _at_least(name, values, least)
    _at_least("replicates", (replicates,), 1)
    if dtype not in ("float32", "float64"):
        raise UsageError(f"dtype {dtype!r}: {did_you_mean(dtype, ('float32', 'float64'))}")
    if not 0 <= bias < float("inf"):
        raise UsageError(f"bias must be a standard deviation of at least 0, not {bias!r}")
    part = Propagate(
        initializers.get(initializer).name,
        activations.get(activation).name,
        describe(data, label),
        depths=tuple(map(int, depths)),
        width=int(width),
        replicates=int(replicates),
        batch=int(batch),
        bias=float(bias),
        dtype=dtype,
    )
    return Propagation(**tabulate([EXPERIMENT], {EXPERIMENT.cell(part): part.measure(Streams(seed))}))


def _at_least(name: str, values: tuple[int, ...], least: int) -> None:
    for value in values:
        if value != int(value) or value < least:
            raise UsageError(f"{name} must be a whole number of at least {least}, not {value!r}")
