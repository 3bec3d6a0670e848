"""The verdict on a start: one word per initializer, activation and depth, by the rules of one table.

Each of several networks is judged on its own, and the verdict is that of most of them. Where they do not agree, another
seed may well give another verdict, and `verdict_table` says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reportgen.battery.results import Results

__all__ = ["ALIKE", "DEAD", "FLAT", "LIMIT", "RULES", "VERDICTS", "Rule", "occurring", "verdict_table"]

LIMIT = 100.0
"""A signal or a gradient whose rms changes by more than this factor over the whole net explodes or vanishes."""

FLAT = 0.5
"""A layer saturates where more than this share of its outputs is pressed against a bound of the activation."""

DEAD = 0.75
"""Where inputs have become alike, half of a healthy ReLU layer is off for all of them: dead means clearly more."""

ALIKE = 1 / LIMIT
"""Inputs have become alike where the rms of their differences is below this share of the rms of the signal."""

_TINY = float(np.finfo(np.float32).tiny)
"""Below this rms the pre-activations themselves are lost: such a layer has vanished, it did not die."""

_CELL = ["initializer", "activation"]
_NET = [*_CELL, "depth", "replicate"]


@dataclass(frozen=True, slots=True)
class Rule:
    """When a start gets a verdict.

    Attributes
    ----------
    verdict
        The word.
    sign
        One letter or sign for figures.
    meaning
        The rule in words, with its threshold.
    holds
        Tells it from the numbers of `verdict_table`, row by row.
    """

    verdict: str
    sign: str
    meaning: str
    holds: Callable[[pd.DataFrame], pd.Series[bool]]


RULES = (
    Rule(
        "stuck",
        "0",
        "the signal is zero from the first layer on, and so is every gradient of the hidden weights: nothing moves",
        lambda table: table["stuck"] == 1,
    ),
    Rule(
        "symmetric",
        "=",
        "all units of a layer start alike, and get the same gradient",
        lambda table: table["distinct"] <= 1,
    ),
    Rule(
        "overflows", "∞", "a number leaves the range of float32, or is none any more", lambda table: table["finite"] < 1
    ),
    Rule(
        "saturates",
        "S",
        f"more than {FLAT:.0%} of the outputs of a layer are pressed against a bound of an activation that has two, "
        "where its slope is flat",
        lambda table: table["pressed"] > FLAT,
    ),
    Rule(
        "dies",
        "†",
        f"more than {DEAD:.0%} of the units of a layer are inactive for every input",
        lambda table: table["dead"] > DEAD,
    ),
    Rule(
        "explodes",
        "↑",
        f"the signal or the gradient grows by more than a factor of {LIMIT:g} over the net",
        lambda table: (table["magnitude"] > LIMIT) | (table["gradient"] > LIMIT),
    ),
    Rule(
        "vanishes",
        "↓",
        f"the signal or the gradient shrinks by more than a factor of {LIMIT:g} over the net",
        lambda table: (table["magnitude"] < 1 / LIMIT) | (table["gradient"] < 1 / LIMIT),
    ),
    Rule(
        "alike",
        "≈",
        f"inputs have become alike: what differs between them is less than {ALIKE:.0%} of the signal",
        lambda table: table["signal"] < ALIKE * table["magnitude"],
    ),
    Rule("healthy", "✓", "none of these failures", lambda table: pd.Series(data=True, index=table.index)),
)
"""In the order in which they are applied: the first that holds gives the verdict. Sizes are root mean squares."""

VERDICTS: Mapping[str, str] = {rule.verdict: rule.meaning for rule in RULES}
"""Verdict -> its rule in words."""


def verdict_table(results: Results | Mapping[str, pd.DataFrame], data: str = "gaussian") -> pd.DataFrame:
    """Judge every initializer, activation and depth of the battery.

    Parameters
    ----------
    results
        With the tables of the experiment ``propagation``.
    data
        Name of the data set to judge on.

    Returns
    -------
    DataFrame
        One row per initializer (with `sigma_w2` where the tables have it), activation and depth, with `verdict` and
        the numbers that decided, of the typical
        network: as geometric means over the replicates `magnitude` and `signal` (rms of the last layer's activations,
        and of their differences across inputs, inputs having 1) and `gradient` (rms of delta at layer 1 over that at
        the last layer); as means `saturated`, `pressed` and `dead` (greatest share of any layer); as medians `finite`
        (least share), `distinct` (least number of distinct units) and `stuck` (1 where nothing can move). Then what
        single networks say: `networks`, how many `agree`, and the most frequent `other` verdict, "" where all agree.
    """
    forward, gradients, diversity = (_of(results[table], data) for table in ("forward", "gradients", "diversity"))
    nets = _networks(forward, gradients, diversity)
    nets["verdict"] = _judge(nets)
    table = _typical(nets)
    table = table.join(_votes(nets, _judge(table)))
    order = forward[[*_CELL, *(column for column in ["sigma_w2"] if column in forward)]].drop_duplicates(_CELL)
    return order.merge(table.reset_index(), on=_CELL)


def occurring(*tables: pd.DataFrame) -> tuple[Rule, ...]:
    """Return the rules of the verdicts that some cell of these tables has: no others need to be explained."""
    seen = {word for table in tables for word in table["verdict"]}
    return tuple(rule for rule in RULES if rule.verdict in seen)


def _of(table: pd.DataFrame, data: str) -> pd.DataFrame:
    """Return the rows of one data set, numbered anew: tables that were put together may have numbers twice."""
    return table[table["data"] == data].reset_index(drop=True)


def _networks(forward: pd.DataFrame, gradients: pd.DataFrame, diversity: pd.DataFrame) -> pd.DataFrame:
    """Return the numbers of every network that was cut off at every depth."""
    forward = forward.sort_values("layer", kind="stable")
    # Nets are known by numbers: to join three tables by their words takes most of the time.
    net, of_gradients, of_diversity = _numbered(forward, gradients, diversity)
    layer, depths = forward["layer"].to_numpy(), np.unique(gradients["depth"])
    alone = diversity["distinct_units"].where(diversity["width"] > 1, np.inf)  # one unit has no other to be like
    units = np.full((net.max(initial=0) + 1, layer.max(initial=0) + 1), np.nan)
    units[of_diversity, diversity["layer"]] = alone
    layers = _layers(forward).assign(distinct=units[net, layer])
    is_cut = np.isin(layer, depths)
    changes = _gradient(gradients, of_gradients, depths)
    table = _cut_off(layers, net, layer)[is_cut].reset_index(drop=True)
    for name, values in changes.items():
        table[name] = values[net[is_cut], np.searchsorted(depths, layer[is_cut])]
    table["finite"] = table[["finite", "finite_gradient"]].min(axis=1)
    table["stuck"] = ((table["first"] == 0) & (table["moves"] == 0)).astype(float)
    names = forward[[*_CELL, "replicate"]][is_cut].assign(depth=layer[is_cut])
    return table.drop(columns=["finite_gradient", "first", "moves"]).set_index(pd.MultiIndex.from_frame(names[_NET]))


def _numbered(*tables: pd.DataFrame) -> list[NDArray[np.int64]]:
    """Give the networks of some tables numbers from 0; a net has one number in all of them."""
    keys = [*_CELL, "replicate"]
    numbers = pd.concat([table[keys] for table in tables]).groupby(keys, sort=False).ngroup().to_numpy()
    return np.split(numbers, np.cumsum([len(table) for table in tables])[:-1])


def _layers(forward: pd.DataFrame) -> pd.DataFrame:
    """Return the sizes and shares of every layer of every network."""
    pre_activation = np.sqrt(forward["pre_activation_second_moment"])
    return pd.DataFrame(
        {
            "signal": np.sqrt(forward["activation_variance"]),
            "magnitude": np.sqrt(forward["activation_second_moment"]),
            "pre_activation": pre_activation,
            "saturated": forward["saturated_fraction"],
            "pressed": forward["pressed_fraction"],
            "dead": forward["dead_fraction"].where(pre_activation > _TINY, 0.0),
            "finite": forward["finite_fraction"],
        }
    )


def _cut_off(layers: pd.DataFrame, net: NDArray[np.int64], layer: NDArray[np.int64]) -> pd.DataFrame:
    """Summarize the nets that are cut off behind every layer, which come in their order.

    That is the last layer's signal, the worst layer's shares, and the first pre-activation.
    """
    first = np.full(net.max(initial=0) + 1, np.nan)
    first[net[layer == 1]] = layers["pre_activation"].to_numpy()[layer == 1]
    worst = layers[["saturated", "pressed", "dead"]].groupby(net).cummax()
    worst[["finite", "distinct"]] = layers[["finite", "distinct"]].groupby(net).cummin()
    return layers[["signal", "magnitude"]].join(worst).assign(first=first[net])


def _gradient(gradients: pd.DataFrame, net: NDArray[np.int64], depths: NDArray[np.int64]) -> dict[str, NDArray[Any]]:
    """Return the gradient's change from the last layer down to the first, the least finite share, and what moves.

    Each has the shape (nets, depths).
    """
    layer, delta = gradients["layer"].to_numpy(), gradients["delta_rms"].to_numpy()
    depth = np.searchsorted(depths, gradients["depth"])
    first, last, finite, moves = np.full((4, net.max(initial=0) + 1, len(depths)), np.nan)
    for ends, end in ((first, 1), (last, depths[depth])):
        ends[net[layer == end], depth[layer == end]] = delta[layer == end]
    np.fmin.at(finite, (net, depth), gradients["finite_fraction"].to_numpy())
    np.fmax.at(moves, (net, depth), gradients["weight_gradient_norm"].to_numpy())
    with np.errstate(all="ignore"):
        ratio = np.where(first == 0, 0.0, first / last)
    return {"gradient": ratio, "finite_gradient": finite, "moves": moves}


_TYPICAL = ["signal", "magnitude", "gradient"]
_USUAL = ["finite", "distinct", "stuck"]
_MEAN = ["saturated", "pressed", "dead"]


def _typical(nets: pd.DataFrame) -> pd.DataFrame:
    """Average over the replicates: sizes by their logarithms, shares as they are, and of the rest the median."""
    keys = [*_CELL, "depth"]
    groups = nets.groupby(keys)
    with np.errstate(all="ignore"):
        sizes = nets[_TYPICAL].transform("log").groupby(keys).mean().transform("exp")
    return pd.concat([sizes, groups[_MEAN].mean(), groups[_USUAL].median()], axis=1)


def _votes(nets: pd.DataFrame, typical: pd.Series[str]) -> pd.DataFrame:
    """Return the verdict of most networks, how many agree with it, and what most of the others say.

    Between verdicts of as many networks that on the typical network decides, unless it is healthy; else the order of
    the rules.
    """
    keys = [*_CELL, "depth"]
    words = [rule.verdict for rule in RULES]
    counts = nets.groupby([*keys, "verdict"]).size().unstack(fill_value=0).reindex(columns=words, fill_value=0)
    favored = pd.get_dummies(typical).reindex(index=counts.index, columns=words, fill_value=False)
    favored["healthy"] = False
    verdict = (counts + favored / 2).idxmax(axis=1)
    others = counts.mask(pd.get_dummies(verdict).reindex(columns=words, fill_value=False), 0)
    return pd.DataFrame(
        {
            "verdict": verdict.astype(str),
            "networks": counts.sum(axis=1),
            "agree": counts.sum(axis=1) - others.sum(axis=1),
            "other": others.idxmax(axis=1).where(others.max(axis=1) > 0, ""),
        }
    )


def _judge(table: pd.DataFrame) -> pd.Series[str]:
    """Apply the rules; the first that holds gives the verdict."""
    verdict = np.select([rule.holds(table) for rule in RULES], [rule.verdict for rule in RULES], default="")
    return pd.Series(verdict, index=table.index, dtype=str)
