"""The tables behind what the chapter on saturation says about training.

Every start is shown at the best of its learning rates. Values are medians over networks, bands their middle half.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reportgen.chapters.names import LARGE, SMALL

__all__ = [
    "ACTIVATIONS",
    "HUGE",
    "NET",
    "PROBLEMS",
    "SETTING",
    "STARTS",
    "causes",
    "ends",
    "factors",
    "learning",
    "moments",
    "problems",
]

PROBLEMS, ACTIVATIONS = ("circle", "digits"), ("tanh", "sigmoid")
HUGE = "random_normal(stddev=10)"
STARTS = (SMALL, "glorot_normal", LARGE, HUGE)
"""From the smallest weights to the largest."""

_BAND = {"lower": 0.25, "median": 0.5, "upper": 0.75}
SETTING = ["problem", "activation", "initializer"]
NET = [*SETTING, "learning_rate", "replicate"]
"""What tells the starts apart, and the single nets."""


def learning(layers: pd.DataFrame, best: pd.DataFrame) -> pd.DataFrame:
    """Return the loss over epochs at every learning rate, and whether the rate was the best of its start."""
    curves = _quartiles(layers[layers["layer"] == 1], [*SETTING, "learning_rate", "epoch"], "loss")
    rates = best[[*SETTING, "learning_rate"]].drop_duplicates()
    merged = curves.merge(rates, how="left", indicator="best")
    return merged.assign(best=merged["best"] == "both")


def causes(layers: pd.DataFrame) -> pd.DataFrame:
    """Return saturation and gradient over epochs.

    The gradient is that of the first hidden layer per nat of loss: a net that has learned has little of either.
    """
    keys = [*NET, "epoch"]
    first = layers[layers["layer"] == 1].set_index(keys)
    nets = pd.DataFrame(
        {
            "saturated_fraction": layers.groupby(keys)["saturated_fraction"].mean(),
            "gradient_per_loss": first["gradient_norm"] / first["loss"],
        }
    )
    tidy = nets.melt(var_name="quantity", ignore_index=False).reset_index()
    return _quartiles(tidy, [*SETTING, "quantity", "epoch"], "value")


def ends(layers: pd.DataFrame) -> pd.DataFrame:
    """Return the layers at the first and the last checkpoint, with ``moment`` start or end."""
    last = layers["step"] == layers.groupby("problem")["step"].transform("max")
    return layers.assign(moment=np.where(last, "end", "start"))[last | (layers["step"] == 0)]


def factors(both_ends: pd.DataFrame) -> pd.DataFrame:
    """Split the change of the squared delta per layer into weights and slopes, before and after training.

    From delta of layer l + 1 the weights make dLoss/dh of layer l, and of this the slopes make delta of layer l. Both
    are geometric means over the hidden layers of a net; the slopes are 0 if they lose the whole gradient somewhere.
    """
    rows = []
    for net, checkpoint in both_ends.groupby([*NET, "moment"], sort=False):
        layers = checkpoint.sort_values("layer")
        upstream, delta = layers["upstream_rms"].to_numpy()[:-1], layers["delta_rms"].to_numpy()
        weights, slopes = _mean_square_ratio(upstream, delta[1:]), _mean_square_ratio(delta[:-1], upstream)
        rows.append((*net, weights, slopes, weights * slopes, layers["mean_squared_slope"].iloc[:-1].mean()))
    return pd.DataFrame(rows, columns=[*NET, "moment", "weights", "slopes", "product", "mean_squared_slope"])


def problems(nets: pd.DataFrame) -> pd.DataFrame:
    """Return the sizes of every problem, and `guess`: the loss of a net that calls every class equally likely."""
    sizes = ["problem", "hidden_layers", "units", "training_examples", "batch", "epochs", "momentum"]
    networks = nets.groupby("problem")["replicate"].transform("nunique")
    return nets[sizes].assign(networks=networks, guess=np.log(nets["classes"])).drop_duplicates()


def moments(both_ends: pd.DataFrame, split: pd.DataFrame) -> pd.DataFrame:
    """Return what the layers and the gradient of the first one look like, before and after training."""
    keys = [*NET, "moment"]
    first = both_ends[both_ends["layer"] == 1].set_index(keys)
    saturated = both_ends.groupby(keys)[["saturated_fraction"]].mean()
    own = first[["gradient_norm", "agreement"]].assign(gradient_per_loss=first["gradient_norm"] / first["loss"])
    return saturated.join([own, split.set_index(keys)]).groupby([*SETTING, "moment"]).median().reset_index()


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
