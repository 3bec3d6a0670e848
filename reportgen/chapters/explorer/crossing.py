"""Where a net crosses the limit that gave it its verdict: the first layer on the way of signal or gradient."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reportgen.judgments.verdicts import ALIKE, DEAD, FLAT, LIMIT

__all__ = ["with_crossing"]

Grid = Mapping[str, NDArray[Any]]
"""Columns of numbers, each with the shape (pairs, layers)."""

Mask = NDArray[np.bool_]
Places = NDArray[np.int64]

_PAIR = ["data", "initializer", "activation"]

_AT_ONCE = ("stuck", "symmetric", "saturates", "dies", "overflows")
"""Verdicts for which one layer is enough; the others ask for the size that arrives at the end of the way."""


def with_crossing(cells: pd.DataFrame, layers: pd.DataFrame, gradients: pd.DataFrame) -> pd.DataFrame:
    """Return cells with the layer where the limit of their verdict is crossed, and what theory says of their ends.

    Parameters
    ----------
    cells, layers, gradients
        As in `Tables`, in its order: every pair has the same depths, and every net all of its layers.

    Returns
    -------
    DataFrame
        With `crosses`, "signal" or "gradient", and `crossed`, the layer, from 1 on. A signal is beyond the limit from
        there up to the last layer, a gradient from there down to the first one; where one layer is enough, it is the
        first on this way. "" and 0 where the medians cross no limit: in a healthy net, and in some on which single
        networks do not agree. Then `theory_signal` and `theory_gradient`: rms of the activations of the last layer, and
        of delta in the first.
    """
    parts = []
    for depth, own in cells.groupby("depth"):
        up = {name: values[:, :depth] for name, values in _grid(layers, len(own)).items()}
        down = _grid(gradients[gradients["depth"] == depth], len(own))
        parts.append(own.assign(**_crossed(own["verdict"], up, down), **_theory(up, down)))
    return pd.concat(parts).sort_index()


def _grid(table: pd.DataFrame, pairs: int) -> Grid:
    columns = table.select_dtypes("number").columns.drop("depth", errors="ignore")
    return {str(name): table[name].to_numpy().reshape(pairs, -1) for name in columns}


def _crossed(verdicts: pd.Series[str], up: Grid, down: Grid) -> dict[str, NDArray[Any]]:
    """Return where each net crosses the limit of its verdict: on the way of the signal, or else of the gradient."""
    signal, gradient = np.zeros((2, len(verdicts)), np.int64)
    for verdict, beyond in _signal_beyond(up).items():
        signal = np.where(verdicts == verdict, (_first if verdict in _AT_ONCE else _from_there_on)(beyond), signal)
    for verdict, beyond in _gradient_beyond(down).items():
        places = (_first if verdict in _AT_ONCE else _from_there_on)(beyond[:, ::-1])
        from_below = np.where(places > 0, beyond.shape[1] + 1 - places, 0)
        gradient = np.where(verdicts == verdict, from_below, gradient)
    return {
        "crosses": np.select([signal > 0, gradient > 0], ["signal", "gradient"], ""),
        "crossed": np.where(signal > 0, signal, gradient),
    }


def _signal_beyond(up: Grid) -> dict[str, Mask]:
    """Return for every verdict in which layers the signal is beyond its limit."""
    return {
        "stuck": up["size"] == 0,
        "symmetric": up["distinct"] <= 1,
        "overflows": up["finite"] < 1,
        "saturates": up["pressed"] > FLAT,
        "dies": up["dead"] > DEAD,
        "explodes": up["size"] > LIMIT,
        "vanishes": up["size"] < 1 / LIMIT,
        "alike": up["signal"] < ALIKE * up["size"],
    }


def _gradient_beyond(down: Grid) -> dict[str, Mask]:
    return {
        "overflows": down["finite"] < 1,
        "explodes": down["gradient"] > LIMIT,
        "vanishes": down["gradient"] < 1 / LIMIT,
    }


def _first(beyond: Mask) -> Places:
    """Return the place, from 1 on, of the first that is beyond, 0 where none is."""
    return np.where(beyond.any(axis=1), beyond.argmax(axis=1) + 1, 0)


def _from_there_on(beyond: Mask) -> Places:
    """Return the place, from 1 on, from which all are beyond up to the end of the way, 0 where the last is not."""
    inside = ~beyond[:, ::-1]
    run = np.where(inside.any(axis=1), inside.argmax(axis=1), beyond.shape[1])
    return np.where(run > 0, beyond.shape[1] + 1 - run, 0)


def _theory(up: Grid, down: Grid) -> dict[str, NDArray[Any]]:
    return {"theory_signal": up["theory"][:, -1], "theory_gradient": down["theory"][:, 0]}
