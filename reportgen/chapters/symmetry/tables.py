"""The tables of the chapter on symmetry."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.symmetry.breaking import waiting_times
from reportgen.judgments.frames import only

__all__ = ["Tables", "read"]

_STANDSTILL = {
    "course": ["digits", "digits, relu", "digits, sigmoid", "digits", "digits"],
    "start": ["zeros", "zeros", "zeros", "constant", "random"],
}
"""Run and start of each network whose movement is drawn."""

_STARTS = ("zeros", "ones", "constant", "noise", "biases", "zero_biases", "dropout", "random")
"""All starts, in the order of the microscope; there, noise goes from the most to the least."""

_FRAMES = (0, 0.1, 0.2, 0.4, 1)
"""Moments of the filmstrip, as shares of the run."""

_LEARNING = ["train_loss", "train_accuracy", "test_loss", "test_accuracy"]


class Tables(NamedTuple):
    """What the chapter reads.

    A run of training has its name in the column "course". A "start" is one word: zeros, ones, constant or random, and
    for a constant with something on top of it noise (in the weights), biases (noise in them) or dropout; zero_biases
    is noise in the biases over weights of zero.

    Attributes
    ----------
    outcomes
        Each run with each of its starts: what is trained, how, and what it came to. Accuracy on the test is the mean at
        the end; everything else is the extreme over replicates, layers and checkpoints.
    paths
        Every weight between the two hidden layers, step by step, on the circle.
    maps
        Score of the disc over the plane of the inputs after training on the circle.
    points
        The training points of the circle.
    first_layer
        Weights of the first layer of the equal network, step by step, on the circle.
    film
        All hidden weights of three starts at a few moments, on the circle.
    standstill
        How far the hidden weights of zeros, equal and random ones got, and how far apart their units were.
    microscope
        Medians of each start on digits, step by step: units of the second hidden layer, ranks of all, what is learned.
    waking
        How far the weights of each layer have moved, step by step, from zeros with random biases on digits.
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
        How different the units of a fresh layer are, by initializer and replicate.
    fresh
        The same in shares of the width: the mean over replicates.
    """

    outcomes: pd.DataFrame
    paths: pd.DataFrame
    maps: pd.DataFrame
    points: pd.DataFrame
    first_layer: pd.DataFrame
    film: pd.DataFrame
    standstill: pd.DataFrame
    microscope: pd.DataFrame
    waking: pd.DataFrame
    cosines: pd.DataFrame
    growth: pd.DataFrame
    times: pd.DataFrame
    settled: pd.DataFrame
    draws: pd.DataFrame
    fresh: pd.DataFrame


def read(results: Results) -> Tables:
    """Read the tables of the experiment ``symmetry``."""
    layers, learning, weights, cosines, maps, single = (
        _named(results[f"symmetry_{name}"])
        for name in ("layers", "learning", "weights", "cosines", "map", "single_unit")
    )
    runs, draws = results["symmetry_courses"], results["symmetry_start"]
    limit = only(runs.loc[runs["course"] == "circle, noise", "constant_value"])
    noisy = _networks(layers, "circle, noise")
    growth = _medians(noisy)
    is_equal = weights["start"] == "constant"
    return Tables(
        outcomes=runs.merge(_outcomes(layers, learning, single), on="course").sort_values("problem", kind="stable"),
        paths=weights.loc[weights["layer"] == 2, ["start", "step", "input", "unit", "weight"]],
        maps=maps.loc[maps["start"] != "noise", ["start", "x1", "x2", "logit"]],
        points=results["symmetry_points"][["x1", "x2", "label"]],
        first_layer=weights.loc[is_equal & (weights["layer"] == 1), ["step", "input", "unit", "weight"]],
        film=_film(weights),
        standstill=_standstill(layers),
        microscope=_microscope(*(table[table["course"] == "digits"] for table in (layers, learning))),
        waking=_waking(layers),
        cosines=_cosines(cosines[cosines["course"] == "digits"]),
        growth=growth,
        times=waiting_times(noisy, growth, limit),
        settled=_medians(_networks(layers, "circle, settled")),
        draws=draws,
        fresh=_fresh(draws, results.settings["initializers"]),
    )


def _named(table: pd.DataFrame) -> pd.DataFrame:
    """Name every start in one word."""
    family = table["start"].map({name: name.partition("(")[0] for name in table["start"].unique()})
    word = family.where(family.isin(["zeros", "ones", "constant"]), "random")
    for name, column in (("noise", "weight_noise"), ("biases", "bias_noise"), ("dropout", "dropout")):
        word = word.mask(table[column] > 0, name)
    return table.assign(start=word.mask((family == "zeros") & (word == "biases"), "zero_biases"))


def _outcomes(layers: pd.DataFrame, learning: pd.DataFrame, single: pd.DataFrame) -> pd.DataFrame:
    hidden, readout = (layers[layers["kind"] == kind] for kind in ("hidden", "readout"))
    end = learning[learning["step"] == learning.groupby("course")["step"].transform("max")]
    parts = (hidden, hidden[hidden["layer"] > 1], readout, single, learning, end)
    units, deep, last, alone, training, trained = (part.groupby(["course", "start"]) for part in parts)
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


def _film(weights: pd.DataFrame) -> pd.DataFrame:
    moments = [round(share * weights["step"].max()) for share in _FRAMES]
    shown = weights["step"].isin(moments) & weights["start"].isin(["constant", "noise", "random"])
    return weights.loc[shown, ["start", "weight_noise", "step", "layer", "input", "unit", "weight"]]


def _standstill(layers: pd.DataFrame) -> pd.DataFrame:
    hidden = layers[(layers["kind"] == "hidden") & (layers["replicate"] == 0)]
    furthest = hidden.groupby(["course", "start", "step"])[["moved", "spread"]].max().reset_index()
    return pd.DataFrame(_STANDSTILL).merge(furthest)


def _microscope(layers: pd.DataFrame, learning: pd.DataFrame) -> pd.DataFrame:
    network = ["start", "weight_noise", "replicate", "step"]
    second = layers[layers["layer"] == 2].set_index(network)[["distinct_units", "mean_absolute_cosine", "stable_rank"]]
    ranks = layers.pivot(index=network, columns="layer", values="rank").add_prefix("rank_")
    joined = pd.concat([second, ranks, learning.set_index(network)[_LEARNING]], axis=1)
    medians = joined.groupby(["start", "weight_noise", "step"]).median().reset_index()
    places = np.lexsort((medians["step"], -medians["weight_noise"], medians["start"].map(_STARTS.index)))
    return medians.iloc[places]


def _waking(layers: pd.DataFrame) -> pd.DataFrame:
    waking = layers[(layers["course"] == "digits") & (layers["start"] == "zero_biases")]
    return waking.groupby(["step", "layer"])["moved"].agg(["min", "max"]).reset_index()


def _cosines(cosines: pd.DataFrame) -> pd.DataFrame:
    starts, noise = ["constant", "noise", "dropout", "random"], cosines["weight_noise"]
    shown = cosines["start"].isin(starts) & noise.isin([0, noise.max()]) & (cosines["layer"] == 2)
    return cosines.loc[shown, ["start", "weight_noise", "step", "unit", "other_unit", "cosine"]]


def _networks(layers: pd.DataFrame, run: str) -> pd.DataFrame:
    """Return the greatest difference between two units of a hidden layer, for every network of a run."""
    hidden = layers[(layers["course"] == run) & (layers["kind"] == "hidden")]
    return hidden.groupby(["weight_noise", "bias_noise", "replicate", "step"])["spread"].max().reset_index()


def _medians(networks: pd.DataFrame) -> pd.DataFrame:
    return networks.groupby(["weight_noise", "bias_noise", "step"])["spread"].median().reset_index()


def _fresh(draws: pd.DataFrame, initializers: list[str]) -> pd.DataFrame:
    counts = ["distinct_units", "rank", "stable_rank"]
    shares = draws.drop(columns=["width", "replicate"])
    shares[counts] = draws[counts].div(draws["width"], axis=0)
    means: pd.DataFrame = shares.groupby("initializer").mean()
    return means.reindex(initializers).reset_index()
