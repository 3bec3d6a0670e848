"""By how much a cell that is measured here and by PyTorch differs, from the same weights, inputs and cotangents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from benchmarks import torch_cell
from benchmarks.torch_modules import torch
from reportgen.battery.cell import Streams
from reportgen.battery.experiment import Columns
from reportgen.experiments.propagation import Propagate
from reportgen.nn.initializers import initializers

__all__ = ["AGREES", "difference"]

AGREES = 1e-3
"""Float32 rounds to 6e-8; fifty layers of tanh with He's start let a deviation grow some thousandfold."""

VANISHED: Mapping[str, float] = MappingProxyType(
    {
        "pre_activation_second_moment": 1e-60,
        "activation_second_moment": 1e-60,
        "delta_rms": 1e-30,
        "weight_gradient_norm": 1e-30,
    }
)
"""Rows with less than this are not compared: near an rms of 1e-38 float32 begins to have fewer and fewer digits."""

_PLACE = ("replicate", "depth", "layer")
_SHARES = ("_fraction", "distinct_units")


def difference(one: Propagate) -> float:
    """Return the greatest difference between the two measurements of a cell.

    It is relative to the value, for variances to the second moment and for means to its root (near 0 they have no
    digits); that of a share is as it is, for rounding puts some slopes on the other side of a bound.
    """
    ours = one.measure(Streams(0))
    theirs = torch_cell.measure(one, _given(one, Streams(0)))
    return max(apart for table in ours for apart in _apart(ours[table], theirs[table]))


def _given(one: Propagate, streams: Streams) -> torch_cell.Draw:
    """Return a function that fills tensors with the numbers that our networks get."""
    initializer = initializers.get(one.initializer)

    def draw(values: Any, replicate: int, layer: int) -> None:
        if layer > 0:
            array = initializer.draw(streams.weights(replicate, layer), one.width, one.width).T
        else:
            generator = streams.cotangents(replicate) if layer < 0 else streams.data(replicate)
            array = generator.standard_normal((one.batch, one.width))
        values.data.copy_(torch.from_numpy(np.ascontiguousarray(array)))

    return draw


def _apart(ours: Columns, rows: list[dict[str, float]]) -> Iterator[float]:
    """Yield the greatest difference of every column, of the rows whose signal has not vanished."""
    names = [*rows[0]]
    a = _in_order({name: np.asarray(ours[name], float) for name in names})
    b = _in_order({name: np.array([row[name] for row in rows]) for name in names})
    kept = ~np.any([a[name] < VANISHED.get(name, -np.inf) for name in names], axis=0)
    for name in names:
        with np.errstate(invalid="ignore", divide="ignore"):
            distance = np.where(kept & (a[name] != b[name]), np.abs(a[name] - b[name]) / _scale(name, a), 0.0)
        yield float(np.where(np.isnan(distance), np.inf, distance).max())


def _in_order(columns: Columns) -> Columns:
    order = np.lexsort([columns[name] for name in _PLACE if name in columns])
    return {name: values[order] for name, values in columns.items()}


def _scale(name: str, a: Columns) -> Any:
    """Return what a difference is divided by."""
    if name in _PLACE or name.endswith(_SHARES):
        return 1.0
    stem, _, kind = name.rpartition("_")
    if kind == "mean":
        return np.sqrt(a[f"{stem}_second_moment"])
    return a[f"{stem}_second_moment"] if kind == "variance" else np.abs(a[name])
