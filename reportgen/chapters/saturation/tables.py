"""The tables of the chapter on saturation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.saturation.halt_tables import halt_tables
from reportgen.chapters.scale import merged, ordered, scale_rows, typical
from reportgen.judgments.data_sets import added
from reportgen.judgments.verdicts import verdict_table

__all__ = ["LOST_VARIANCE", "MIDDLE", "RIGHT", "RIGHT_STDDEV", "Tables", "read"]

RIGHT = "variance_scaling(distribution=untruncated_normal)"
"""The right scale of the lecture: `RIGHT_STDDEV`, no tails cut off."""

RIGHT_STDDEV = "1/√fan_in"

MIDDLE = "random_uniform(minval=-0.5, maxval=0.5)"
"""The start whose scale lies between He's and that of the large weights."""

LOST_VARIANCE = 1e-6
"""Variance across inputs below which a layer's signal counts as lost, where the inputs have 1."""


class Tables(NamedTuple):
    """What the chapter reads; the last five are of the nets that train, see `halt_tables`.

    Attributes
    ----------
    lecture
        The layers of the three wide tanh networks that many lectures show, by network.
    rms
        Root mean squares of their activations by layer, means over networks.
    activations
        Histograms of their activations.
    units
        Saturated share of every unit of the narrower networks.
    sigmoid
        The layers of the sigmoid networks that start from Glorot.
    battery
        What the last layer looks like, for every initializer, activation and depth of the battery.
    scales
        `sigma_w2`, which is fan_in Var(w), of every start of the battery at its `width`.
    added
        The same on every data set that was added, with the saturated share `on_random_inputs`.
    deepest
        The greatest depth of `battery` with random weights, one row for starts that are one: their median; and whether
        the activation `is_bounded` on both sides.
    added_deepest
        The same of `added`.
    cells
        The verdict on every row of starts that are one, activation and depth, as `merged` makes it.
    learning
        Loss over epochs at every learning rate.
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
    units: pd.DataFrame
    sigmoid: pd.DataFrame
    battery: pd.DataFrame
    scales: pd.DataFrame
    added: pd.DataFrame
    deepest: pd.DataFrame
    added_deepest: pd.DataFrame
    cells: pd.DataFrame
    learning: pd.DataFrame
    factors: pd.DataFrame
    problems: pd.DataFrame
    trained: pd.DataFrame
    moments: pd.DataFrame


def read(results: Results) -> Tables:
    """Read the experiments ``saturation`` and ``halt``, the layers of ``propagation`` and bounds of ``activations``."""
    depths = results.settings["depths"]
    battery, theirs = _battery(results["forward"], depths, "gaussian"), _added(results["forward"], depths)
    scales, units, rows = results["scales"], results["unit_saturation"], scale_rows(results["starts"])
    lecture, histograms = _widest(scales), _widest(results["histogram"])
    return Tables(
        lecture=lecture,
        rms=lecture.groupby(["initializer", "layer"])[["activation_rms"]].mean().reset_index(),
        activations=histograms[histograms["quantity"] == "activation"],
        units=units[(units["width"] == units["width"].min()) & (units["dtype"] == "float32")],
        sigmoid=scales[(scales["activation"] == "sigmoid") & (scales["initializer"] == "glorot_normal")],
        battery=battery,
        scales=results["starts"][["initializer", "sigma_w2", "width"]],
        added=theirs,
        deepest=_deepest(battery, results, []),
        added_deepest=_deepest(theirs, results, ["data"]),
        cells=merged(ordered(verdict_table(results), rows), rows),
        **halt_tables(results),
    )


def _widest(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["width"].eq(table["width"].max())]


def _deepest(cells: pd.DataFrame, results: Results, keys: list[str]) -> pd.DataFrame:
    """Return the cells of the deepest nets with random weights, starts that are one in one row."""
    moments = results["activation_moments"]
    ends = np.isfinite(moments[["lowest", "highest"]].to_numpy()).all(axis=1)
    is_bounded = dict(zip(moments["activation"], map(int, ends), strict=True))
    deepest = cells[cells["depth"] == cells["depth"].max()]
    starts = results["starts"]
    is_random = deepest["initializer"].isin(starts.loc[starts["sigma_w2"] != 0, "initializer"])
    table = typical(deepest[is_random], scale_rows(starts), [*keys, "activation", "depth"])
    return table.assign(is_bounded=table["activation"].map(is_bounded))


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
