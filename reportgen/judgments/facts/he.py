"""Facts about ReLU nets: the factor two, and what it does not do."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.judgments.frames import by_network, where

__all__ = ["FACTS"]

_SIGNAL = "pre_activation_second_moment"
_FAN_OUT = "he_uniform(mode=fan_out)"


def he_factor(results: Results) -> float:
    """Return the factor of the signal's rms per ReLU layer, under He."""
    return _factor(results, "he_normal")


def he_uniform_factor(results: Results) -> float:
    """Return the same of He's uniform weights."""
    return _factor(results, "he_uniform")


def glorot_factor(results: Results) -> float:
    """Return the same of Glorot's weights."""
    return _factor(results, "glorot_normal")


def typical_length(results: Results) -> float:
    """Return what the median of many narrow nets under He leaves of an input's length."""
    return float(np.exp(_last_pairs(results)["log_squared_length"].median() / 2))


def shrunk_share(results: Results) -> float:
    """Return the share of these nets that leave less than the input's length."""
    return float((_last_pairs(results)["log_squared_length"] < 0).mean())


def last_cosine(results: Results) -> float:
    """Return the mean cosine of two inputs in the last layer of these nets."""
    return float(_last_pairs(results)["cosine"].mean())


def first_cosine(results: Results) -> float:
    """Return the mean cosine of these inputs themselves."""
    return float(where(results["he_pairs"], layer=0)["cosine"].mean())


def born_dead(results: Results) -> float:
    """Return the share of very narrow and deep ReLU nets that give zero for every input before they train."""
    return float((results["he_born_dead"]["silent_layer"] > 0).mean())


def born_dead_apart(results: Results) -> float:
    """Return by how much that share differs between the scales of the weights."""
    dead = results["he_born_dead"]["silent_layer"] > 0
    shares = dead.groupby(results["he_born_dead"]["initializer"]).mean()
    return float(shares.max() - shares.min())


def fan_in_signal(results: Results) -> float:
    """Return the rms of the signal in a funnel's last layer over that in its first, with fan_in in He's formula."""
    return _funnel(results, "he_uniform", _SIGNAL, up=True)


def fan_in_gradient(results: Results) -> float:
    """Return the rms of delta in the first layer over that in the last, with fan_in."""
    return _funnel(results, "he_uniform", "delta_second_moment", up=False)


def fan_out_signal(results: Results) -> float:
    """Return the rms of the signal in the last layer over that in the first, with fan_out."""
    return _funnel(results, _FAN_OUT, _SIGNAL, up=True)


def fan_out_gradient(results: Results) -> float:
    """Return the rms of delta in the first layer over that in the last, with fan_out."""
    return _funnel(results, _FAN_OUT, "delta_second_moment", up=False)


def orthogonal_kept(results: Results) -> float:
    """Return the share of directions that the deepest linear nets of orthogonal weights do not crush to a hundredth."""
    return _kept(results, "orthogonal")


def independent_kept(results: Results) -> float:
    """Return the same of independent weights of the same variance."""
    return _kept(results, "lecun_normal")


FACTS = (
    he_factor,
    he_uniform_factor,
    glorot_factor,
    typical_length,
    shrunk_share,
    last_cosine,
    first_cosine,
    born_dead,
    born_dead_apart,
    fan_in_signal,
    fan_in_gradient,
    fan_out_signal,
    fan_out_gradient,
    orthogonal_kept,
    independent_kept,
)


def _factor(results: Results, initializer: str) -> float:
    """Return the factor of the rms per layer: of the mean over networks, which is what He's derivation is about."""
    table = where(results["he_layers"], initializer=initializer, negative_slope=0.0)
    means = by_network(table, _SIGNAL).mean()
    layers = means.index.to_numpy()
    return float((means.iloc[-1] / means.iloc[0]) ** (1 / (2 * (layers[-1] - layers[0]))))


def _last_pairs(results: Results) -> pd.DataFrame:
    return where(results["he_pairs"], layer=results["he_pairs"]["layer"].max())


def _funnel(results: Results, initializer: str, statistic: str, *, up: bool) -> float:
    means = by_network(where(results["he_fans"], initializer=initializer), statistic).mean()
    ratio = means.iloc[-1] / means.iloc[0]
    return float(np.sqrt(ratio if up else 1 / ratio))


def _kept(results: Results, initializer: str) -> float:
    table = results["he_spectra"]
    deepest = where(table, initializer=initializer, depth=table["depth"].max())
    return float((deepest["kept_directions"] / deepest["width"]).mean())
