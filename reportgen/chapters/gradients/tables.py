"""The tables of the chapter on gradients.

Overflow stays inf and an exact zero stays 0: both are results, and every table carries them through.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.names import LARGE, SMALL
from reportgen.chapters.scale import scale_rows, typical
from reportgen.judgments.data_sets import CANONICAL, without_added
from reportgen.judgments.frames import only
from reportgen.presets import ACTIVATIONS

__all__ = ["DEEP", "DEPTH", "Tables", "read", "square"]

DEPTH, DEEP = 20, 50
"""Layers of the networks that are compared, deep enough to tell and shallow enough for float32, and of deep ones."""

_PAIR = ["initializer", "activation"]


class Tables(NamedTuple):
    """What the chapter reads; on random inputs and of `DEPTH` layers where nothing else is said.

    Attributes
    ----------
    networks
        Factor of the rms of delta per layer on its way down, by network.
    factors
        The same by pair of initializer and activation: the typical network.
    factors_map
        The same with one row for starts that are one: their median; without equal weights other than zeros.
    agreement
        `factors` beside those on images of digits, where both are positive numbers.
    deep_agreement
        What networks of `DEEP` layers leave of the gradient, `gaussian` and `digits`, by pair, where both are positive
        numbers; symmetric starts do not count.
    elasticity
        By how much percent E[phi(z)²] grows when the variance of z grows by one percent from 1, by activation. Above 1
        what is longer than others is more so behind the layer.
    gains
        Gains of tanh that other pages and frameworks name; `plain_gain` is that of its start for deep plain nets.
    added
        `factors` beside those on every data set that was added, for all pairs: `on_random_inputs` and `on_this_data`.
    advised
        The start that goes first for every activation.
    flattest
        The initializer whose gradient changes least, by activation; symmetric starts do not count.
    depths
        Delta of the first layer over that of the last by depth, on random inputs and on digits: typical value and range
        of the networks. With the battery's starts, and those of `advised`.
    deltas
        Rms of delta by layer, over that of the last layer, of the same starts.
    weights
        Norm of the weight gradient by layer: typical value and range of the networks.
    zeros
        Delta below the last layer where all weights are zero, at every depth on random inputs and on digits, with the
        activations of every run.
    saturated
        Share of saturated units in the last layer, by pair.
    lost
        Layers of networks of `DEEP` layers, and whether float32 has lost them: signals of linear networks with large
        weights (overflow) and their deltas (lost deltas), deltas of sigmoid networks with small weights (underflow).
    settings
        Of the run: width, batch and replicates.
    """

    networks: pd.DataFrame
    factors: pd.DataFrame
    factors_map: pd.DataFrame
    agreement: pd.DataFrame
    deep_agreement: pd.DataFrame
    elasticity: pd.DataFrame
    gains: pd.DataFrame
    added: pd.DataFrame
    advised: pd.DataFrame
    flattest: pd.DataFrame
    depths: pd.DataFrame
    deltas: pd.DataFrame
    weights: pd.DataFrame
    zeros: pd.DataFrame
    saturated: pd.DataFrame
    lost: pd.DataFrame
    settings: pd.DataFrame


def read(results: Results) -> Tables:
    """Read the tables of the experiments ``propagation``, ``gains``, ``starts`` and ``advice``."""
    forward, gradients, gains = results["forward"], results["gradients"], results["activation_gains"]
    first = results["advice_starts"]
    advised = first.loc[first["reason"] != "", ["activation", "initializer"]].reset_index(drop=True)
    shown = pd.concat([gradients, results["advice_gradients"].merge(advised)])
    ratios = _ratios(gradients)
    depths = _summary(ratios, "ratio")
    by_data = {str(data): _factors(rows) for data, rows in depths[depths["depth"] == DEPTH].groupby("data", sort=False)}
    is_below_last = (gradients["layer"] < gradients["depth"]) & gradients["activation"].isin(ACTIVATIONS)
    return Tables(
        networks=(ratios.loc["gaussian", :, :, DEPTH] ** (1 / (DEPTH - 1))).rename("factor").reset_index(),
        factors=by_data["gaussian"],
        factors_map=_without_equal(typical(by_data["gaussian"], scale_rows(results["starts"]))),
        agreement=_agreement(by_data),
        deep_agreement=_deep_agreement(depths, results["diversity"]),
        elasticity=_elasticity(results["gain_curves"]),
        gains=_gains(gains, first),
        added=_added(by_data),
        advised=advised,
        flattest=_flattest(by_data["gaussian"], results["diversity"]),
        depths=without_added(_summary(_ratios(shown), "ratio")),
        deltas=_summary(_profiles(_random(shown, depth=DEPTH)), "delta"),
        weights=_summary(_by_layer(_random(gradients, depth=DEPTH))["weight_gradient_norm"], "gradient"),
        zeros=without_added(gradients[(gradients["initializer"] == "zeros") & is_below_last]),
        saturated=_random(forward, layer=DEPTH).groupby(_PAIR)["saturated_fraction"].mean().reset_index(),
        lost=_lost(forward[forward["layer"] <= DEEP], gradients[gradients["depth"] == DEEP]),
        settings=pd.DataFrame([{name: results.settings[name] for name in ("width", "batch", "replicates")}]),
    )


def _gains(gains: pd.DataFrame, starts: pd.DataFrame) -> pd.DataFrame:
    names = ["forward_gain", "backward_gain", "torch_gain", "edge_gain"]
    plain = starts.loc[(starts["activation"] == "tanh") & (starts["tuned"] == 1), "sigma_w2"]
    return gains.loc[gains["activation"] == "tanh", names].assign(plain_gain=only(plain) ** 0.5)


def square(factors: pd.DataFrame) -> pd.DataFrame:
    """Return factors as a map, initializer × activation, in the order of the battery."""
    table = factors.pivot(index="initializer", columns="activation", values="factor_per_layer")
    return table.loc[factors["initializer"].unique(), factors["activation"].unique()]


def _random(table: pd.DataFrame, **values: object) -> pd.DataFrame:
    """Return the rows on random inputs in which columns have these values."""
    chosen = table["data"] == "gaussian"
    for name, value in values.items():
        chosen &= table[name] == value
    return table[chosen]


def _ratios(gradients: pd.DataFrame) -> pd.Series[float]:
    """Return delta of the first layer over that of the last, by network."""
    deltas = gradients.set_index(["data", *_PAIR, "depth", "replicate"])
    first = deltas.loc[deltas["layer"] == 1, "delta_rms"]
    last = deltas.loc[deltas["layer"] == deltas.index.get_level_values("depth"), "delta_rms"]
    with np.errstate(all="ignore"):
        ratio = (first / last).mask(first == 0, 0.0)
    return ratio.where(np.isfinite(first) & np.isfinite(last), np.inf)


def _by_layer(gradients: pd.DataFrame) -> pd.DataFrame:
    return gradients.set_index([*_PAIR, "layer", "replicate"])


def _profiles(gradients: pd.DataFrame) -> pd.Series[float]:
    """Return delta of every layer over that of the last, by network; 0 where it is exactly zero."""
    table = _by_layer(gradients)
    last = table["delta_rms"].groupby(level=[*_PAIR, "replicate"]).transform(lambda net: net.iloc[-1])
    with np.errstate(all="ignore"):
        ratio = (table["delta_rms"] / last).mask(table["delta_rms"] == 0, 0.0)
    return ratio.where(np.isfinite(table["delta_rms"]) & np.isfinite(last), np.inf)


def _summary(values: pd.Series[float], name: str) -> pd.DataFrame:
    """Return the geometric mean over networks, inf where any is not finite, else 0 where any is 0; and their range."""
    keys = [key for key in values.index.names if key != "replicate"]
    with np.errstate(divide="ignore", invalid="ignore"):
        groups = pd.Series(np.log(values.fillna(np.inf)), index=values.index).groupby(keys, sort=False)
        parts = {name: groups.mean().fillna(np.inf), "lowest": groups.min(), "highest": groups.max()}
    return pd.DataFrame({part: np.exp(logs) for part, logs in parts.items()}).reset_index()


def _factors(depths: pd.DataFrame) -> pd.DataFrame:
    return depths[_PAIR].assign(factor_per_layer=depths["ratio"] ** (1 / (DEPTH - 1))).reset_index(drop=True)


def _without_equal(cells: pd.DataFrame) -> pd.DataFrame:
    return cells[cells["row"] != "constant"].reset_index(drop=True)


def _agreement(by_data: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    table = pd.DataFrame({data: square(by_data[data]).stack() for data in ("gaussian", "digits")})
    return _numbers(table).rename_axis(_PAIR).reset_index()


def _numbers(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows without an exact zero or an overflow."""
    return table[(table.min(axis="columns") > 0) & (table.max(axis="columns") < np.inf)]


def _deep_agreement(depths: pd.DataFrame, diversity: pd.DataFrame) -> pd.DataFrame:
    deep = depths[(depths["depth"] == DEEP) & depths["data"].isin(["gaussian", "digits"])]
    table = deep[deep["initializer"].isin(_not_symmetric(diversity))].pivot(index=_PAIR, columns="data", values="ratio")
    return _numbers(table).reset_index()


def _elasticity(curves: pd.DataFrame) -> pd.DataFrame:
    """Return the slope of ln E[phi²] over ln q at q = 1, between the two values of q around it."""
    moments = curves.pivot(index="q", columns="activation", values="second_moment")
    q = moments.index.to_numpy()
    at = int(np.abs(np.log(q)).argmin())
    growth = moments.iloc[at + 1] / moments.iloc[at - 1]
    elasticity: pd.Series[float] = growth.map(np.log) / np.log(q[at + 1] / q[at - 1])
    return elasticity.rename("elasticity").reset_index()


def _not_symmetric(diversity: pd.DataFrame) -> pd.Index[str]:
    distinct = diversity.groupby("initializer")["distinct_units"].min()
    return distinct.index[distinct > 1]


def _added(by_data: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    random = by_data["gaussian"].rename(columns={"factor_per_layer": "on_random_inputs"})
    names = [data for data in by_data if data not in CANONICAL]
    tables = [random.merge(by_data[data], on=_PAIR).assign(data=data) for data in names]
    table = pd.concat(tables or [random.iloc[:0].assign(factor_per_layer=0.0, data="")])
    return table.rename(columns={"factor_per_layer": "on_this_data"})


def _flattest(factors: pd.DataFrame, diversity: pd.DataFrame) -> pd.DataFrame:
    table = square(factors)
    table = table[table.index.isin(_not_symmetric(diversity))]
    change = table.where(table > 1, 1 / table.where(table > 0, 1e-300))
    return change.idxmin().rename("initializer").reset_index()


def _lost(forward: pd.DataFrame, gradients: pd.DataFrame) -> pd.DataFrame:
    large = {"initializer": LARGE, "activation": "linear"}
    signals, deltas = _random(forward, **large), _random(gradients, **large)
    zeros = _random(gradients, initializer=SMALL, activation="sigmoid")
    parts = (
        ("overflow", signals, signals["finite_fraction"] < 1),
        ("lost deltas", deltas, deltas["finite_fraction"] < 1),
        ("underflow", zeros, zeros["delta_rms"] == 0),
    )
    return pd.concat([rows[["replicate", "layer"]].assign(what=what, is_lost=lost) for what, rows, lost in parts])
