"""The tables of the chapter on symmetry."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.demos import read_live
from reportgen.chapters.symmetry.breaking import waiting_times
from reportgen.judgments.frames import only

__all__ = ["Tables", "read"]

_STANDSTILL = {
    "run": ["digits", "digits, relu", "digits, sigmoid", "digits", "digits"],
    "start": ["zeros", "zeros", "zeros", "constant", "random"],
}
"""Run and start of each network whose movement is drawn."""

_STARTS = ("zeros", "ones", "constant", "noise", "biases", "zero_biases", "dropout", "random")
"""All starts in order; noise goes from the most to the least."""

_FRAMES = (0, 0.1, 0.2, 0.4, 1)
"""Moments of the filmstrip, as shares of the run."""


class Tables(NamedTuple):
    """What the chapter reads.

    A run of training has its name in the column "run". A "start" is one word: zeros, ones, constant or random, and for
    a constant with something on top of it noise (in the weights), biases (noise in them) or dropout; zero_biases is
    noise in the biases over weights of zero.

    Attributes
    ----------
    hand_nets
        The net that a reader follows with paper, update by update, from each of its starts.
    hand_units
        Each of its hidden units.
    outcomes
        Each run with each of its starts: what is trained, how, and what it came to. Accuracy on the test is the mean at
        the end; everything else is the extreme over replicates, layers and checkpoints.
    paths
        Every weight between the two hidden layers, step by step, on the circle.
    maps
        Score of the disc over the plane of the inputs after training on the circle.
    points
        The training points of the circle.
    ends
        Test accuracy of the networks whose maps are drawn.
    first_layer
        Weights of the first layer of the equal network, step by step, on the circle.
    film
        All hidden weights of three starts at a few moments, on the circle.
    standstill
        How far the hidden weights of zeros, equal and random ones got, and how far apart their units were.
    units
        Medians of each start on digits, step by step: units of the second hidden layer, and what is learned.
    cosines
        Cosines between units of the second hidden layer, before and after training on digits.
    growth
        Greatest difference between two units, step by step, for every size of noise: the median over replicates.
    times
        Updates until that difference reaches the limit, for every size of noise, measured and predicted; how fast the
        logarithm of the least noise in the weights grew, and how many updates more a tenth of the noise took.
    settled
        As `growth`, for the network that comes to rest.
    draws
        How many units of a fresh layer differ, by initializer and replicate.
    live_nets
        The nets of the playground, how they are trained, and what they come to.
    live_layers
        Readings of each of their layers after the last update.
    live_weights
        Their weights before the first update.
    live_points
        The points that they learn.
    """

    hand_nets: pd.DataFrame
    hand_units: pd.DataFrame
    outcomes: pd.DataFrame
    paths: pd.DataFrame
    maps: pd.DataFrame
    points: pd.DataFrame
    ends: pd.DataFrame
    first_layer: pd.DataFrame
    film: pd.DataFrame
    standstill: pd.DataFrame
    units: pd.DataFrame
    cosines: pd.DataFrame
    growth: pd.DataFrame
    times: pd.DataFrame
    settled: pd.DataFrame
    draws: pd.DataFrame
    live_nets: pd.DataFrame
    live_layers: pd.DataFrame
    live_weights: pd.DataFrame
    live_points: pd.DataFrame


def read(results: Results) -> Tables:
    """Read the tables of the experiments ``symmetry``, ``by_hand`` and ``demos``."""
    layers, learning, weights, cosines, maps, single = (
        _named(results[f"symmetry_{name}"])
        for name in ("layers", "learning", "weights", "cosines", "map", "single_unit")
    )
    runs = results["symmetry_courses"].rename(columns={"course": "run"})
    limit = only(runs.loc[runs["run"] == "circle, noise", "constant_value"])
    noisy = _networks(layers, "circle, noise")
    growth = _medians(noisy)
    is_equal, is_drawn = weights["start"] == "constant", maps["start"] != "noise"
    return Tables(
        hand_nets=results["by_hand_nets"],
        hand_units=results["by_hand_units"],
        outcomes=runs.merge(_outcomes(layers, learning, single), on="run").sort_values("problem", kind="stable"),
        paths=weights.loc[weights["layer"] == 2, ["start", "step", "input", "unit", "weight"]],
        maps=maps.loc[is_drawn, ["start", "x1", "x2", "logit"]],
        points=results["symmetry_points"][["x1", "x2", "label"]],
        ends=_ends(learning),
        first_layer=weights.loc[is_equal & (weights["layer"] == 1), ["step", "input", "unit", "weight"]],
        film=_film(weights),
        standstill=_standstill(layers),
        units=_units(*(table[table["run"] == "digits"] for table in (layers, learning))),
        cosines=_cosines(cosines[cosines["run"] == "digits"]),
        growth=growth,
        times=waiting_times(noisy, growth, limit),
        settled=_medians(_networks(layers, "circle, settled")),
        draws=results["symmetry_start"][["initializer", "width", "replicate", "distinct_units"]],
        **read_live(results)._asdict(),
    )


def _named(table: pd.DataFrame) -> pd.DataFrame:
    """Name every start in one word, and what belongs together a run."""
    table = table.rename(columns={"course": "run"})
    family = table["start"].map({name: name.partition("(")[0] for name in table["start"].unique()})
    word = family.where(family.isin(["zeros", "ones", "constant"]), "random")
    for name, column in (("noise", "weight_noise"), ("biases", "bias_noise"), ("dropout", "dropout")):
        word = word.mask(table[column] > 0, name)
    return table.assign(start=word.mask((family == "zeros") & (word == "biases"), "zero_biases"))


def _outcomes(layers: pd.DataFrame, learning: pd.DataFrame, single: pd.DataFrame) -> pd.DataFrame:
    hidden, readout = (layers[layers["kind"] == kind] for kind in ("hidden", "readout"))
    end = learning[learning["step"] == learning.groupby("run")["step"].transform("max")]
    parts = (hidden, hidden[hidden["layer"] > 1], readout, single, learning, end)
    units, deep, last, alone, training, trained = (part.groupby(["run", "start"]) for part in parts)
    outcomes = {
        "spread": units["spread"].max(),
        "least_spread": units["spread"].min(),
        "bitwise_units": units["bitwise_units"].max(),
        "distinct_units": units["distinct_units"].max(),
        "moved": units["moved"].max(),
        "hidden_weights": units["largest_weight"].max(),
        "least_rank": deep["rank"].min(),
        "greatest_rank": deep["rank"].max(),
        "readout_weights": last["largest_weight"].max(),
        "output_biases": last["largest_bias"].max(),
        "gap": alone["gap"].max(),
        "least_gap": alone["gap"].min(),
        "best_accuracy": training["train_accuracy"].max(),
        "test_accuracy": trained["test_accuracy"].mean(),
        "dropout": trained["dropout"].max(),
        "bias_noise": trained["bias_noise"].max(),
        "replicates": trained["replicate"].nunique(),
    }
    return pd.concat(outcomes, axis=1).reset_index()


def _ends(learning: pd.DataFrame) -> pd.DataFrame:
    """Return what the first network of each start on the circle has learned in the end."""
    circle = learning[(learning["run"] == "circle") & (learning["replicate"] == 0) & (learning["start"] != "noise")]
    ends: pd.DataFrame = circle.loc[circle["step"] == circle["step"].max(), ["start", "test_accuracy"]]
    return ends


def _film(weights: pd.DataFrame) -> pd.DataFrame:
    moments = [round(share * weights["step"].max()) for share in _FRAMES]
    shown = weights["step"].isin(moments) & weights["start"].isin(["constant", "noise", "random"])
    return weights.loc[shown, ["start", "weight_noise", "step", "layer", "input", "unit", "weight"]]


def _standstill(layers: pd.DataFrame) -> pd.DataFrame:
    hidden = layers[(layers["kind"] == "hidden") & (layers["replicate"] == 0)]
    furthest = hidden.groupby(["run", "start", "step"])[["moved", "spread"]].max().reset_index()
    return pd.DataFrame(_STANDSTILL).merge(furthest)


def _units(layers: pd.DataFrame, learning: pd.DataFrame) -> pd.DataFrame:
    network = ["start", "weight_noise", "replicate", "step"]
    second = layers[layers["layer"] == 2].set_index(network)[["distinct_units", "mean_absolute_cosine", "stable_rank"]]
    medians = second.join(learning.set_index(network)["test_accuracy"]).groupby(["start", "weight_noise", "step"])
    units = medians.median().reset_index()
    return units.iloc[np.lexsort((units["step"], -units["weight_noise"], units["start"].map(_STARTS.index)))]


def _cosines(cosines: pd.DataFrame) -> pd.DataFrame:
    starts, noise = ["constant", "noise", "dropout", "random"], cosines["weight_noise"]
    shown = cosines["start"].isin(starts) & noise.isin([0, noise.max()]) & (cosines["layer"] == 2)
    return cosines.loc[shown, ["start", "weight_noise", "step", "unit", "other_unit", "cosine"]]


def _networks(layers: pd.DataFrame, run: str) -> pd.DataFrame:
    """Return the greatest difference between two units of a hidden layer, for every network of a run."""
    hidden = layers[(layers["run"] == run) & (layers["kind"] == "hidden")]
    return hidden.groupby(["weight_noise", "bias_noise", "replicate", "step"])["spread"].max().reset_index()


def _medians(networks: pd.DataFrame) -> pd.DataFrame:
    return networks.groupby(["weight_noise", "bias_noise", "step"])["spread"].median().reset_index()
