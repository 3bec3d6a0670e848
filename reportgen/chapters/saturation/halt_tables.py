"""The slices of the tables behind what the chapter on saturation says about training.

Every start is shown at the best of its learning rates. Values are medians over networks, bands their middle half.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reportgen.battery.results import Results
from reportgen.judgments.outcomes import best_rates

__all__ = ["ACTIVATIONS", "PROBLEMS", "STARTS", "best_nets", "causes", "ends", "factors", "learning"]

PROBLEMS, ACTIVATIONS = ("circle", "digits"), ("tanh", "sigmoid")
STARTS: Mapping[str, str] = {
    "random_normal(stddev=0.01)": "small",
    "glorot_normal": "glorot",
    "random_normal(stddev=1)": "large",
    "random_normal(stddev=10)": "huge",
}
"""Initializer -> how findings call it; from the smallest weights to the largest."""

_BAND = {"lower": 0.25, "median": 0.5, "upper": 0.75}
_SETTING = ["problem", "activation", "initializer"]
_NET = [*_SETTING, "learning_rate", "replicate"]


def best_nets(results: Results) -> pd.DataFrame:
    """Return the networks that trained at the best learning rate of their start."""
    return best_rates(results["halt_nets"], _SETTING)


def learning(results: Results) -> pd.DataFrame:
    """Return the loss over epochs at every learning rate, and whether the rate was the best of its start."""
    looks = results["halt_layers"].query("layer == 1")
    curves = _quartiles(looks, [*_SETTING, "learning_rate", "epoch"], "loss")
    best = best_nets(results)[[*_SETTING, "learning_rate"]].drop_duplicates()
    merged = curves.merge(best, how="left", indicator="best")
    return merged.assign(best=merged["best"] == "both")


def causes(results: Results) -> pd.DataFrame:
    """Return saturation and gradient over epochs.

    The gradient is that of the first hidden layer per nat of loss: a net that has learned has little of either.
    """
    keys = [*_NET, "epoch"]
    layers = _best_layers(results)
    first = layers[layers["layer"] == 1].set_index(keys)
    nets = pd.DataFrame(
        {
            "saturated_fraction": layers.groupby(keys)["saturated_fraction"].mean(),
            "gradient_per_loss": first["gradient_norm"] / first["loss"],
        }
    )
    tidy = nets.melt(var_name="quantity", ignore_index=False).reset_index()
    return _quartiles(tidy, [*_SETTING, "quantity", "epoch"], "value")


def factors(results: Results) -> pd.DataFrame:
    """Split the change of the squared delta per layer into weights and slopes, before and after training.

    From delta of layer l + 1 the weights make dLoss/dh of layer l, and of this the slopes make delta of layer l. Both
    are geometric means over the hidden layers of a net; the slopes are 0 if they lose the whole gradient somewhere.
    """
    rows = []
    for net, looks in _first_and_last(results).groupby([*_NET, "moment"], sort=False):
        layers = looks.sort_values("layer")
        upstream, delta = layers["upstream_rms"].to_numpy()[:-1], layers["delta_rms"].to_numpy()
        weights, slopes = _mean_square_ratio(upstream, delta[1:]), _mean_square_ratio(delta[:-1], upstream)
        rows.append((*net, weights, slopes, weights * slopes, layers["mean_squared_slope"].iloc[:-1].mean()))
    return pd.DataFrame(rows, columns=[*_NET, "moment", "weights", "slopes", "product", "mean_squared_slope"])


def ends(results: Results) -> pd.DataFrame:
    """Return medians over networks, a row per (problem, activation, start), a column per quantity_start and _end."""
    looks = _first_and_last(results)
    keys = [*_NET, "moment"]
    first = looks[looks["layer"] == 1].set_index(keys)
    means = looks.groupby(keys)[["saturated_fraction", "negligible_fraction", "weight_factor"]].mean()
    own = first[["gradient_norm", "agreement"]].assign(gradient=first["gradient_norm"] / first["loss"])
    medians = means.join([own, factors(results).set_index(keys)]).groupby([*_SETTING, "moment"]).median()
    start, end = (medians.xs(moment, level="moment").add_suffix(f"_{moment}") for moment in ("start", "end"))
    return start.join(end).rename(index=STARTS, level="initializer")


def _best_layers(results: Results) -> pd.DataFrame:
    return results["halt_layers"].merge(best_nets(results)[_NET])


def _first_and_last(results: Results) -> pd.DataFrame:
    """Return the first and the last look, with ``moment`` start or end."""
    layers = _best_layers(results)
    last = layers["step"] == layers.groupby("problem")["step"].transform("max")
    moments = layers.assign(moment=np.where(last, "end", "start"))
    return moments[last | (layers["step"] == 0)]


def _quartiles(table: pd.DataFrame, keys: list[str], column: str) -> pd.DataFrame:
    values = table.groupby(keys)[column]
    return pd.DataFrame({name: values.quantile(share) for name, share in _BAND.items()}).reset_index()


def _mean_square_ratio(above: NDArray[Any], below: NDArray[Any]) -> float:
    """Return the geometric mean of squared ratios, over the layers that a gradient reaches; nan if there is none."""
    reached = below > 0
    if not reached.any():
        return np.nan
    with np.errstate(divide="ignore"):
        return float(np.exp(2 * np.log(above[reached] / below[reached]).mean()))
