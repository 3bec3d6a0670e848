"""The tables of the chapter on saturation."""

from __future__ import annotations

from collections.abc import Iterable
from math import erfc, sqrt
from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.names import LARGE
from reportgen.chapters.saturation.halt_tables import halt_tables
from reportgen.chapters.scale import scale_rows, typical
from reportgen.judgments.data_sets import added

__all__ = ["LOST_SIGN", "LOST_VARIANCE", "RIGHT", "RIGHT_STDDEV", "Tables", "read", "rounds_from"]

RIGHT = "variance_scaling(distribution=untruncated_normal)"
"""The right scale of the lecture: `RIGHT_STDDEV`, no tails cut off."""

RIGHT_STDDEV = "1/√fan_in"

LOST_VARIANCE, LOST_SIGN = 1e-6, "0"
"""Variance across inputs below which a layer's signal counts as lost, where the inputs have 1; and how maps say so."""


class Tables(NamedTuple):
    """What the chapter reads; the last six are of the nets that train, see `halt_tables`.

    Attributes
    ----------
    lecture
        The layers of the three wide tanh networks that many lectures show, by network.
    rms
        Root mean squares of their activations and deltas by layer, means over networks.
    activations
        Histograms of their activations.
    deltas
        Histograms of log10 of their deltas.
    units
        Saturated share of every unit of the narrower networks.
    sigmoid
        The layers of the sigmoid networks that start from Glorot.
    rounding
        Share of outputs of tanh that round to +1 or -1, with large weights, in two floating-point types, measured and
        as normal pre-activations have it.
    battery
        What the last layer looks like, for every initializer, activation and depth of the battery.
    added
        The same on every data set that was added, with the saturated share `on_random_inputs`.
    battery_map
        As `battery`, with one row for starts that are one: their median.
    added_map
        The same of `added`.
    learning
        Loss over epochs at every learning rate.
    causes
        Saturation and gradient over epochs at the best one.
    factors
        What weights and slopes do to the gradient in every net, before and after training.
    problems
        Sizes of the problems and of the nets that learn them.
    trained
        Losses and test accuracy of every start.
    moments
        Layers and gradients of every start, before and after training.
    """

    lecture: pd.DataFrame
    rms: pd.DataFrame
    activations: pd.DataFrame
    deltas: pd.DataFrame
    units: pd.DataFrame
    sigmoid: pd.DataFrame
    rounding: pd.DataFrame
    battery: pd.DataFrame
    added: pd.DataFrame
    battery_map: pd.DataFrame
    added_map: pd.DataFrame
    learning: pd.DataFrame
    causes: pd.DataFrame
    factors: pd.DataFrame
    problems: pd.DataFrame
    trained: pd.DataFrame
    moments: pd.DataFrame


def read(results: Results) -> Tables:
    """Read the tables of the experiments ``saturation`` and ``halt``, and the layers of ``propagation``."""
    rows, depths = scale_rows(results["starts"]), results.settings["depths"]
    battery, theirs = _battery(results["forward"], depths, "gaussian"), _added(results["forward"], depths)
    scales, units = results["scales"], results["unit_saturation"]
    lecture, histograms = _widest(scales), _widest(results["histogram"])
    return Tables(
        lecture=lecture,
        rms=lecture.groupby(["initializer", "layer"])[["activation_rms", "delta_rms"]].mean().reset_index(),
        activations=histograms[histograms["quantity"] == "activation"],
        deltas=histograms[histograms["quantity"] == "log10_delta"],
        units=units[(units["width"] == units["width"].min()) & (units["dtype"] == "float32")],
        sigmoid=scales[(scales["activation"] == "sigmoid") & (scales["initializer"] == "glorot_normal")],
        rounding=_rounding(scales),
        battery=battery,
        added=theirs,
        battery_map=typical(battery, rows, ["activation", "depth"]),
        added_map=typical(theirs, rows, ["data", "activation", "depth"]),
        **halt_tables(results),
    )


def _widest(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["width"].eq(table["width"].max())]


def _rounding(scales: pd.DataFrame) -> pd.DataFrame:
    is_large_tanh = (scales["initializer"] == LARGE) & (scales["activation"] == "tanh")
    is_narrow = scales["width"].eq(scales["width"].min())
    table = scales[is_large_tanh & is_narrow]
    below = table.groupby(["dtype", "replicate"])["activation_rms"].shift(fill_value=1.0)
    # Var(w) is one: z is normal with the variance width * E[h²].
    deviations = table["dtype"].map(rounds_from) / (np.sqrt(table["width"]) * below)
    kept = table[["dtype", "replicate", "layer", "rounded_fraction"]]
    return kept.assign(predicted_fraction=(deviations / sqrt(2)).map(erfc))


def rounds_from(dtype: str) -> float:
    """Return the |z| from which tanh rounds to one: ``2 exp(-2|z|)`` is half of the last digit below one.

    Examples
    --------
    >>> f"{rounds_from('float32'):.2f}, {rounds_from('float64'):.2f}"
    '9.01, 19.06'
    """
    return float(np.log(4 / np.finfo(dtype).epsneg) / 2)


def _battery(forward: pd.DataFrame, depths: Iterable[int], data: str) -> pd.DataFrame:
    """Summarize the layers at the depths of the battery: the last ones of nets so deep."""
    chosen = forward[(forward["data"] == data) & forward["layer"].isin(list(depths))]
    summary = chosen.groupby(["initializer", "activation", "layer"], as_index=False).agg(
        saturated_fraction=("saturated_fraction", "mean"),
        activation_variance=("activation_variance", "mean"),
        dead_fraction=("dead_fraction", "mean"),
        finite_fraction=("finite_fraction", "min"),
    )
    return summary.rename(columns={"layer": "depth"})


def _added(forward: pd.DataFrame, depths: Iterable[int]) -> pd.DataFrame:
    """Summarize the same layers on every added data set; rows come in the order of the battery."""
    cell = ["initializer", "activation", "depth"]
    random = _battery(forward, depths, "gaussian")
    random = random[cell].assign(on_random_inputs=random["saturated_fraction"])
    order = forward[cell[:2]].drop_duplicates()
    names = added(forward)["data"].unique()
    tables = [order.merge(_battery(forward, depths, name)).merge(random).assign(data=name) for name in names]
    return pd.concat(tables or [random.iloc[:0].assign(data="", saturated_fraction=0.0)], ignore_index=True)
