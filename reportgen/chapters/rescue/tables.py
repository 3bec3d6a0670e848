"""The tables of the chapter on rescues: signal and gradient in every variant of a network, and what is learned."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.judgments.frames import where
from reportgen.judgments.outcomes import best_rates, outcomes

__all__ = ["HE", "MIDDLE", "NET", "SIGNAL", "TRIPLED", "VARIANTS", "Tables", "read"]

HE, TRIPLED = "he_normal", "variance_scaling(scale=18)"
"""He's start, and the same with three times the standard deviation."""

MIDDLE = (10, 40)
"""First and last of the layers that a factor per layer is fitted to; the ends of a net have their own behavior."""

NET = ["form", "activation", "initializer"]
SIGNAL, GRADIENT = "pre_activation_second_moment", "delta_rms"

VARIANTS = ("plain", "layer norm", "batch norm", "residual", "LSUV", "scaled residual", "residual + batch norm")
"""In the order of every map: those that rescue more starts come later."""


class Tables(NamedTuple):
    """What the chapter reads.

    Attributes
    ----------
    layers
        Signal and gradient of every network at initialization, layer by layer.
    factors
        The factors of the rms of z per layer and of that of delta towards the inputs of every network for which they
        are predicted (nan: the numbers left the range of float32), and the predictions.
    profiles
        Signal and gradient by layer, typical rms values relative to layer 1 and to the last layer; inf is lost.
    growth
        By how much signal and gradient change over the whole net, of rms values; the largest `sigma_w2` comes first.
    calibration
        What LSUV did to every layer.
    trials
        Every trained network, with its `outcome`.
    trained
        Of these, for every start in every variant, the median one at the better learning rate, with the `least` and the
        `greatest` test accuracy at that rate; the largest `sigma_w2` comes first.
    equal
        The networks that were trained from zeros or from equal weights.
    """

    layers: pd.DataFrame
    factors: pd.DataFrame
    profiles: pd.DataFrame
    growth: pd.DataFrame
    calibration: pd.DataFrame
    trials: pd.DataFrame
    trained: pd.DataFrame
    equal: pd.DataFrame


def read(results: Results) -> Tables:
    """Read the tables of the experiment ``rescue``."""
    layers, theory = results["rescue_layers"], results["rescue_theory"]
    profiles = _profiles(layers[layers["initializer"].isin(theory["initializer"])])
    trials = results["rescue_training"].assign(outcome=outcomes(results["rescue_training"]))
    return Tables(
        layers=layers,
        factors=_factors(layers, theory.dropna(subset="gradient_factor")),
        profiles=profiles,
        growth=_by_scale(_growth(profiles), layers),
        calibration=results["rescue_calibration"],
        trials=trials,
        trained=_by_scale(_trained(trials), trials),
        equal=results["rescue_symmetry"],
    )


def _factors(layers: pd.DataFrame, theory: pd.DataFrame) -> pd.DataFrame:
    """Fit a straight line to the logarithms of the middle layers of each network."""
    # Behind a norm the prediction depends on the activation alone, so that He's is that of thrice He's too.
    tripled = where(theory, form="batch norm", activation="relu", initializer=HE).assign(initializer=TRIPLED)
    squares = pd.concat([theory, tripled])[[*NET, "signal_factor", "gradient_factor"]].set_index(NET)
    predicted = (squares**0.5).reset_index()  # theory has factors of mean squares
    middle = layers[layers["layer"].between(*MIDDLE)]
    wide = middle.pivot(index="layer", columns=[*NET, "replicate"], values=[SIGNAL, GRADIENT])
    layer = wide.index.to_numpy(float) - np.mean(MIDDLE)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(wide.to_numpy())
    slopes = pd.Series(layer @ np.where(np.isfinite(logs), logs, np.nan) / (layer @ layer), wide.columns)
    factors = pd.DataFrame({"signal": np.exp(slopes[SIGNAL] / 2), "gradient": np.exp(-slopes[GRADIENT])})
    return predicted.merge(factors.reset_index(), on=NET)


def _profiles(layers: pd.DataFrame) -> pd.DataFrame:
    """Return geometric means over replicates, relative to where signal and gradient enter."""
    networks = [layers[key] for key in (*NET, "replicate")]
    with np.errstate(divide="ignore", invalid="ignore"):
        signal, gradient = np.log(layers[SIGNAL]) / 2, np.log(layers[GRADIENT])
        signal -= signal.groupby(networks, sort=False).transform("first")
        # transform("last") would skip nan: where the last delta is lost, all are.
        gradient -= gradient.groupby(networks, sort=False).transform(lambda net: net.iloc[-1])
    logs = pd.DataFrame({"signal": signal, "gradient": gradient.where(layers[GRADIENT] != 0, -np.inf)})
    means = logs.groupby([layers[key] for key in (*NET, "layer")], sort=False).mean()
    return means.transform("exp").fillna(np.inf).reset_index()


def _growth(profiles: pd.DataFrame) -> pd.DataFrame:
    last = where(profiles, layer=profiles["layer"].max()).set_index(NET)["signal"]
    first = where(profiles, layer=1).set_index(NET)["gradient"]
    return pd.DataFrame({"signal": last, "gradient": first}).reset_index()


def _trained(trials: pd.DataFrame) -> pd.DataFrame:
    best = best_rates(trials, NET)
    order = best.sort_values("test_accuracy", na_position="first", kind="stable").groupby(NET, sort=False)
    middle = order.nth((best["replicate"].nunique() - 1) // 2)
    ends = best.fillna({"test_accuracy": 0.0}).groupby(NET)["test_accuracy"].agg(least="min", greatest="max")
    return trials[NET].drop_duplicates().merge(middle, on=NET).join(ends, on=NET)


def _by_scale(nets: pd.DataFrame, measured: pd.DataFrame) -> pd.DataFrame:
    """Set the scale beside every start, as it was measured, and put the largest first; variants as in `VARIANTS`."""
    scales = measured.drop_duplicates("initializer").set_index("initializer")["sigma_w2"]
    table = nets.drop(columns="sigma_w2", errors="ignore")
    table.insert(len(NET), "sigma_w2", table["initializer"].map(scales))
    order = pd.DataFrame({"scale": -table["sigma_w2"], "form": table["form"].map(VARIANTS.index)})
    return table.loc[order.sort_values(["scale", "form"], kind="stable").index].reset_index(drop=True)
