"""The tables of the chapter on He."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.judgments.frames import by_network, only
from reportgen.theory.closed_forms import PiecewiseLinear
from reportgen.theory.finite_width import relative_unit_variance
from reportgen.theory.maps import correlations

__all__ = ["CASE", "SIGNAL", "TAIL", "Tables", "read", "silent_chance"]

SIGNAL, _GRADIENT = "pre_activation_second_moment", "delta_second_moment"
CASE = ["initializer", "negative_slope"]

TAIL = 0.05
"""Share of the networks that a band leaves out on either side."""

_HE, _RELU = 2.0, PiecewiseLinear(0.0, 1.0)
"""fan_in times He's variance of a weight, and the activation that it was derived for."""


class Tables(NamedTuple):
    """What the chapter reads.

    Attributes
    ----------
    networks
        Second moments of every network with layers of equal width, by initializer and slope of the activation.
    layers
        Second moment and share across inputs of the ReLU layers: mean, standard error, and the formula's value.
    pairs
        Two inputs in every deep, narrow network: log of the squared length, and cosine (layer 0: the inputs).
    lengths
        Quantiles over networks of the squared length, and mean and variance of its logarithm, by layer.
    angles
        Cosine of the two inputs by layer: mean, standard error, quantiles over networks, and the map's value.
    funnel
        Factor of the signal from layer 1 up to each layer, and of the gradient from the last one down.
    born_dead
        The layer in which every very narrow network falls silent, by standard deviation of the weights.
    spectra
        Singular values of the product of the weights of linear networks, by initializer and depth: means over networks.
    dead
        Share of networks that have fallen silent by each depth: for every input, and for one input.
    """

    networks: pd.DataFrame
    layers: pd.DataFrame
    pairs: pd.DataFrame
    lengths: pd.DataFrame
    angles: pd.DataFrame
    funnel: pd.DataFrame
    born_dead: pd.DataFrame
    spectra: pd.DataFrame
    dead: pd.DataFrame


def read(results: Results) -> Tables:
    """Read the tables of the experiment ``he``."""
    networks, pairs, born_dead = (results[name] for name in ("he_layers", "he_pairs", "he_born_dead"))
    lengths, angles, funnel = _lengths(pairs), _angles(pairs), _funnel(results["he_fans"])
    spectra = results["he_spectra"].drop(columns="replicate").groupby(["initializer", "depth"]).mean().reset_index()
    return Tables(networks, _layers(networks), pairs, lengths, angles, funnel, born_dead, spectra, _dead(born_dead))


def silent_chance(width: int, depth: int) -> float:
    """Return the chance that a ReLU net without biases is silent at one input: ``1 - (1 - 2^-n)^L``."""
    return float(-np.expm1(depth * np.log1p(-(2.0**-width))))


def _layers(networks: pd.DataFrame) -> pd.DataFrame:
    table = networks[networks["negative_slope"] == 0]
    table = table.assign(share=table["pre_activation_variance"] / table[SIGNAL])
    groups = table.groupby(["initializer", "sigma_w2", "layer"])
    summary = groups.agg(
        second_moment=(SIGNAL, "mean"),
        second_moment_error=(SIGNAL, "sem"),
        share_across_inputs=("share", "mean"),
        share_across_inputs_error=("share", "sem"),
    ).reset_index()
    return summary.assign(by_formula=summary["sigma_w2"] * (summary["sigma_w2"] / 2) ** (summary["layer"] - 1))


def _lengths(pairs: pd.DataFrame) -> pd.DataFrame:
    logs, width = by_network(pairs, "log_squared_length"), only(pairs["width"])
    quantiles = {"lowest_5_percent": TAIL, "median": 0.5, "highest_5_percent": 1 - TAIL}
    table = pd.DataFrame({name: np.exp(logs.quantile(level)) for name, level in quantiles.items()})
    by_formula = table.index * float(relative_unit_variance(_RELU, 1.0)) / width
    table = table.assign(log_mean=logs.mean(), log_variance=logs.var(), log_variance_by_formula=by_formula)
    return table.reset_index()


def _angles(pairs: pd.DataFrame) -> pd.DataFrame:
    cosines = by_network(pairs, "cosine")
    table = pd.DataFrame(
        {
            "cosine": cosines.mean(),
            "standard_error": cosines.sem(),
            "lowest_5_percent": cosines.quantile(TAIL),
            "highest_5_percent": cosines.quantile(1 - TAIL),
        }
    )
    # The pre-activations of a layer have the cosine of the activations below it: the first ones, that of the inputs.
    by_formula = correlations(_RELU, _HE, 0.0, 0.5, float(table["cosine"].iloc[0]), len(table))
    return table.assign(by_formula=by_formula).reset_index()


def _funnel(networks: pd.DataFrame) -> pd.DataFrame:
    keys = ["initializer", "layer", "fan_out"]
    table = networks.set_index([*keys, "replicate"])
    each = table.groupby(["initializer", "replicate"])
    factors = {"forward": table[SIGNAL] / each[SIGNAL].first(), "backward": table[_GRADIENT] / each[_GRADIENT].last()}
    groups = pd.DataFrame(factors).groupby(keys)
    summary = groups.mean().join(groups.sem().add_suffix("_error")).reset_index()
    first, last = summary["fan_out"].iloc[[0, -1]]
    by_fan_out = summary["initializer"].str.contains("fan_out")
    return summary.assign(
        forward_by_formula=np.where(by_fan_out, first / summary["fan_out"], 1.0),
        backward_by_formula=np.where(by_fan_out, 1.0, last / summary["fan_out"]),
    )


def _dead(networks: pd.DataFrame) -> pd.DataFrame:
    starts, width, shares = ["stddev", "initializer"], only(networks["width"]), []
    for depth in range(1, only(networks["depth"]) + 1):
        every, one = (networks[name].between(1, depth) for name in ("silent_layer", "silent_layer_one_input"))
        by_start = networks[starts].assign(every_input=every, one_input=one).groupby(starts).mean().reset_index()
        shares.append(by_start.assign(depth=depth, one_input_by_formula=silent_chance(width, depth)))
    return pd.concat(shares, ignore_index=True)
