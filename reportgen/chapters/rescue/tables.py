"""What the chapter on rescues reads from its tables: the slices behind the figures."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.old import Estimate
from reportgen.judgments.estimates import geometric_mean
from reportgen.judgments.outcomes import best_rates, outcomes

__all__ = ["MIDDLE", "curves", "factors", "growth", "per_layer", "starts", "trained"]

MIDDLE = (10, 40)
"""First and last of the layers that a factor per layer is fitted to; the ends of a net have their own behavior."""

_NET = ["form", "activation", "initializer"]
_PREDICTED = ["signal_factor", "gradient_factor"]


def starts(results: Results) -> list[str]:
    """Return the starts that were sent through every form."""
    return list(results["rescue_theory"]["initializer"].unique())


def curves(results: Results, activation: str | None = None) -> pd.DataFrame:
    """Return signal and gradient by layer: geometric means over replicates of rms values.

    The signal is relative to layer 1 and the gradient to the last layer. What has left the range of float32 is inf.
    """
    table = _layers(results)
    if activation is not None:
        table = table[table["activation"] == activation]
    keys = [*_NET, "layer"]
    logs = table[["log_signal", "log_gradient"]].groupby([table[key] for key in keys], sort=False).mean()
    means = logs.transform("exp").fillna(np.inf).reset_index()
    return means.rename(columns={"log_signal": "signal", "log_gradient": "gradient"})


def _layers(results: Results) -> pd.DataFrame:
    """Return the logarithms of signal and gradient of every network, relative to where they enter; nan is lost."""
    table = results["rescue_layers"]
    table = table[table["initializer"].isin(starts(results))]
    networks = [table[key] for key in (*_NET, "replicate")]
    with np.errstate(divide="ignore", invalid="ignore"):
        signal = np.log(table["pre_activation_second_moment"]) / 2
        gradient = np.log(table["delta_rms"])
        log_signal = signal - signal.groupby(networks, sort=False).transform("first")
        # transform("last") would skip nan: where the last delta is lost, all are.
        log_gradient = gradient - gradient.groupby(networks, sort=False).transform(lambda net: net.iloc[-1])
    log_gradient = log_gradient.where(table["delta_rms"] != 0, -np.inf)
    return table.assign(log_signal=log_signal, log_gradient=log_gradient)


def growth(results: Results) -> pd.DataFrame:
    """Return by how much signal and gradient change over the whole net, of rms values."""
    table = curves(results)
    last = table[table["layer"] == table["layer"].max()].set_index(_NET)["signal"]
    first = table[table["layer"] == 1].set_index(_NET)["gradient"]
    return pd.DataFrame({"signal": last, "gradient": first}).reset_index()


def factors(results: Results) -> pd.DataFrame:
    """Return the factors per layer of E[z²] and E[delta²] as `Estimate`, with what is predicted.

    Only nets whose factors are predicted are here.
    """
    theory = results["rescue_theory"].dropna(subset="gradient_factor")
    rows = [
        {
            "form": form,
            "activation": activation,
            "initializer": initializer,
            "signal": per_layer(results, form, activation, initializer, "pre_activation_second_moment"),
            "signal_theory": signal,
            "gradient": per_layer(results, form, activation, initializer, "delta_rms"),
            "gradient_theory": gradient,
        }
        for form, activation, initializer, signal, gradient in theory[[*_NET, *_PREDICTED]].itertuples(index=False)
    ]
    return pd.DataFrame(rows)


def per_layer(results: Results, form: str, activation: str, initializer: str, column: str) -> Estimate:
    """Return the factor of a mean square per layer: upwards for the signal, towards the inputs for ``delta_rms``.

    Each network's factor is the slope of a straight line through the logarithms of its middle layers. It is nan where
    one of them has left the range of float32.
    """
    table = results["rescue_layers"]
    net = (table["form"] == form) & (table["activation"] == activation) & (table["initializer"] == initializer)
    values = table[net & table["layer"].between(*MIDDLE)].pivot(index="layer", columns="replicate", values=column)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(values.to_numpy()) * (-2 if column == "delta_rms" else 1)
    if not np.isfinite(logs).all():
        return Estimate(np.nan, np.nan)
    return geometric_mean(np.exp(np.polyfit(values.index, logs, 1)[0]))


def trained(results: Results) -> pd.DataFrame:
    """Return what every start learned in every form at its better learning rate: the median over replicates."""
    races = results["rescue_training"]
    best = best_rates(races.assign(outcome=outcomes(races)), _NET)
    order = best.sort_values("test_accuracy", na_position="first", kind="stable").groupby(_NET, sort=False)
    middle = order.nth((best["replicate"].nunique() - 1) // 2)
    return races[_NET].drop_duplicates().merge(middle, on=_NET)
