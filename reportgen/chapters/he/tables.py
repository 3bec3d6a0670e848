"""The tables of the chapter on He."""

from __future__ import annotations

from typing import Any, NamedTuple

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

_WIDTHS = (2, 4, 8)
"""Units per layer for which the chance of silence is told."""

_HE, _RELU = 2.0, PiecewiseLinear(0.0, 1.0)
"""fan_in times He's variance of a weight, and the activation that it was derived for."""


class Tables(NamedTuple):
    """What the chapter reads.

    Attributes
    ----------
    networks
        Second moments of every network with layers of equal width, by initializer and slope of the activation.
    layers
        Rms of the pre-activations of the ReLU layers over inputs, units and networks, with its standard error and the
        formula's value; and the share of its square that varies across inputs.
    pairs
        Two inputs in every deep, narrow network: log of the squared length, and cosine (layer 0: the inputs).
    lengths
        Quantiles over networks of the length by layer, and mean and variance of the logarithm of its square.
    angles
        Cosine of the two inputs by layer: mean, standard error, quantiles over networks, and the map's value.
    funnel
        Factor of the signal's rms from layer 1 up to each layer, and of the gradient's from the last one down.
    born_dead
        The layer in which every very narrow network falls silent, by standard deviation of the weights.
    spectra
        Singular values of the product of the weights of linear networks, by initializer and depth: means over networks.
    dead
        Share of networks that have fallen silent by each depth: for every input, and for one input.
    silence
        The chance of the latter by the formula, for several widths.
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
    silence: pd.DataFrame


def read(results: Results) -> Tables:
    """Read the tables of the experiment ``he``."""
    networks, pairs, born_dead = (results[name] for name in ("he_layers", "he_pairs", "he_born_dead"))
    lengths, angles, funnel = _lengths(pairs), _angles(pairs), _funnel(results["he_fans"])
    spectra = results["he_spectra"].drop(columns="replicate").groupby(["initializer", "depth"]).mean().reset_index()
    layers, dead, silence = _layers(networks), _dead(born_dead), _silence(only(born_dead["depth"]))
    return Tables(networks, layers, pairs, lengths, angles, funnel, born_dead, spectra, dead, silence)


def silent_chance(width: int, depth: int) -> float:
    """Return the chance that a ReLU net without biases is silent at one input: ``1 - (1 - 2^-n)^L``."""
    return float(-np.expm1(depth * np.log1p(-(2.0**-width))))


def _layers(networks: pd.DataFrame) -> pd.DataFrame:
    table = networks[networks["negative_slope"] == 0]
    table = table.assign(share=table["pre_activation_variance"] / table[SIGNAL])
    groups = table.groupby(["initializer", "sigma_w2", "layer"])
    square, share = groups[SIGNAL], groups["share"]
    rms, rms_error = _roots(square.mean(), square.sem())
    measured = {"rms": rms, "rms_error": rms_error, "share_across_inputs": share.mean()}
    summary = pd.DataFrame(measured).assign(share_across_inputs_error=share.sem()).reset_index()
    scale = summary["sigma_w2"]
    return summary.assign(by_formula=np.sqrt(scale * (scale / 2) ** (summary["layer"] - 1)))


def _roots(squares: Any, errors: Any) -> tuple[Any, Any]:
    """Return roots of mean squares with their standard errors."""
    rms = np.sqrt(squares)
    return rms, errors / (2 * rms)


def _lengths(pairs: pd.DataFrame) -> pd.DataFrame:
    logs, width = by_network(pairs, "log_squared_length"), only(pairs["width"])
    quantiles = {"lowest_5_percent": TAIL, "median": 0.5, "highest_5_percent": 1 - TAIL}
    table = pd.DataFrame({name: np.exp(logs.quantile(level) / 2) for name, level in quantiles.items()})
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
    rms, errors = _roots(groups.mean(), groups.sem())
    summary: pd.DataFrame = rms.join(errors.add_suffix("_error")).reset_index()
    first, last = summary["fan_out"].iloc[[0, -1]]
    by_fan_out = summary["initializer"].str.contains("fan_out")
    return summary.assign(
        forward_by_formula=np.where(by_fan_out, np.sqrt(first / summary["fan_out"]), 1.0),
        backward_by_formula=np.where(by_fan_out, 1.0, np.sqrt(last / summary["fan_out"])),
    )


def _dead(networks: pd.DataFrame) -> pd.DataFrame:
    starts, width, shares = ["stddev", "initializer", "width"], only(networks["width"]), []
    for depth in range(1, only(networks["depth"]) + 1):
        every, one = (networks[name].between(1, depth) for name in ("silent_layer", "silent_layer_one_input"))
        by_start = networks[starts].assign(every_input=every, one_input=one).groupby(starts).mean().reset_index()
        shares.append(by_start.assign(depth=depth, one_input_by_formula=silent_chance(width, depth)))
    return pd.concat(shares, ignore_index=True)


def _silence(depth: int) -> pd.DataFrame:
    layers = range(1, depth + 1)
    rows = [(width, layer, silent_chance(width, layer)) for width in _WIDTHS for layer in layers]
    return pd.DataFrame(rows, columns=["width", "depth", "one_input_by_formula"])
