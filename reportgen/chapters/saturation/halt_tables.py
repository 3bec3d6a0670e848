"""The tables behind what the chapter on saturation says about training.

Every start is shown at the best of its learning rates. Values are medians over networks, bands their middle half.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reportgen.battery.results import Results
from reportgen.chapters.names import LARGE, SMALL
from reportgen.judgments.outcomes import best_rates

__all__ = ["ACTIVATIONS", "HUGE", "PROBLEMS", "STARTS", "factors", "halt_tables"]

PROBLEMS, ACTIVATIONS = ("circle", "digits"), ("tanh", "sigmoid")
HUGE = "random_normal(stddev=10)"
STARTS = (SMALL, "glorot_normal", LARGE, HUGE)
"""From the smallest weights to the largest."""

_BAND = {"lower": 0.25, "median": 0.5, "upper": 0.75}
_SETTING = ["problem", "activation", "initializer"]
_NET = [*_SETTING, "learning_rate", "replicate"]
"""What tells the starts apart, and the single nets."""


def halt_tables(results: Results) -> dict[str, pd.DataFrame]:
    """Return those of the chapter's tables that are about training, by name."""
    nets = best_rates(results["halt_nets"], _SETTING, "end_loss")
    layers = results["halt_layers"].merge(nets[_NET])
    ends = _first_and_last(layers)
    split = factors(ends)
    return {
        "learning": _learning(results["halt_layers"], nets),
        "factors": split,
        "problems": _problems(nets),
        "trained": nets.groupby(_SETTING)[["start_loss", "end_loss", "test_accuracy"]].median().reset_index(),
        "moments": _moments(ends, split),
    }


def _learning(layers: pd.DataFrame, best: pd.DataFrame) -> pd.DataFrame:
    """Return the loss over epochs at every learning rate, and whether the rate was the best of its start."""
    curves = _quartiles(layers[layers["layer"] == 1], [*_SETTING, "learning_rate", "epoch"], "loss")
    rates = best[[*_SETTING, "learning_rate"]].drop_duplicates()
    merged = curves.merge(rates, how="left", indicator="best")
    return merged.assign(best=merged["best"] == "both")


def _first_and_last(layers: pd.DataFrame) -> pd.DataFrame:
    """Return the layers at the first and the last checkpoint, with ``moment`` start or end."""
    last = layers["step"] == layers.groupby("problem")["step"].transform("max")
    return layers.assign(moment=np.where(last, "end", "start"))[last | (layers["step"] == 0)]


def factors(ends: pd.DataFrame) -> pd.DataFrame:
    """Split the change of delta's rms per layer into weights and slopes, before and after training.

    From delta of layer l + 1 the weights make dLoss/dh of layer l, and of this the slopes make delta of layer l. Both
    are geometric means over the hidden layers of a net; the slopes are 0 if they lose the whole gradient somewhere.
    """
    rows = []
    for net, checkpoint in ends.groupby([*_NET, "moment"], sort=False):
        layers = checkpoint.sort_values("layer")
        upstream, delta = layers["upstream_rms"].to_numpy()[:-1], layers["delta_rms"].to_numpy()
        weights, slopes = _mean_ratio(upstream, delta[1:]), _mean_ratio(delta[:-1], upstream)
        rows.append((*net, weights, slopes, weights * slopes))
    return pd.DataFrame(rows, columns=[*_NET, "moment", "weights", "slopes", "product"])


def _problems(nets: pd.DataFrame) -> pd.DataFrame:
    """Return the sizes of every problem, and `guess`: the loss of a net that calls every class equally likely."""
    sizes = ["problem", "hidden_layers", "units", "training_examples", "epochs"]
    networks = nets.groupby("problem")["replicate"].transform("nunique")
    return nets[sizes].assign(networks=networks, guess=np.log(nets["classes"])).drop_duplicates()


def _moments(ends: pd.DataFrame, split: pd.DataFrame) -> pd.DataFrame:
    """Return what the layers and the gradient of the first one look like, before and after training."""
    keys = [*_NET, "moment"]
    first = ends[ends["layer"] == 1].set_index(keys)
    saturated = ends.groupby(keys)[["saturated_fraction"]].mean()
    own = first[["gradient_norm", "agreement"]].assign(gradient_per_loss=first["gradient_norm"] / first["loss"])
    return saturated.join([own, split.set_index(keys)]).groupby([*_SETTING, "moment"]).median().reset_index()


def _quartiles(table: pd.DataFrame, keys: list[str], column: str) -> pd.DataFrame:
    values = table.groupby(keys)[column]
    return pd.DataFrame({name: values.quantile(share) for name, share in _BAND.items()}).reset_index()


def _mean_ratio(above: NDArray[Any], below: NDArray[Any]) -> float:
    """Return the geometric mean of ratios, over the layers that a gradient reaches; nan if there is none."""
    reached = below > 0
    if not reached.any():
        return np.nan
    with np.errstate(divide="ignore"):
        return float(np.exp(np.log(above[reached] / below[reached]).mean()))
