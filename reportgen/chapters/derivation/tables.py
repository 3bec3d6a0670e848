"""The tables of the chapter on Var(w·x) = 1."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.judgments.estimates import geometric_mean

__all__ = ["BOUND", "GAINS", "GLOROT", "RMS", "STABLE", "Tables", "read"]

BOUND = 5
"""Standard errors that a measured value may be off: by chance about one in two million is."""

GLOROT, STABLE = "glorot_uniform", "glorot_uniform(gain=1.66666666667)"
GAINS = {GLOROT: "1", STABLE: "5/3"}
"""Start of a deep tanh network -> its gain as it is written."""

RMS = ["pre_activation_rms", "activation_rms", "delta_rms"]


class Tables(NamedTuple):
    """What the chapter reads.

    Attributes
    ----------
    walks
        Single sums as they grow term by term.
    widths
        Root mean square of many such sums by their number of terms.
    steps
        Every step of the derivation: what is predicted and what was measured.
    growth
        Var(w·x) by initializer and fan_in.
    assumptions
        Var(w·x) and its spread over units for every broken assumption, those that move it least first.
    pulls
        Every measured variance of `steps` and `assumptions` with its distance from theory in standard errors.
    networks
        Root mean squares (rms) of every deep tanh network by layer.
    tanh
        The same by layer: geometric mean and range over networks; delta relative to the last layer.
    """

    walks: pd.DataFrame
    widths: pd.DataFrame
    steps: pd.DataFrame
    growth: pd.DataFrame
    assumptions: pd.DataFrame
    pulls: pd.DataFrame
    networks: pd.DataFrame
    tanh: pd.DataFrame


def read(results: Results) -> Tables:
    """Read the tables of the experiments ``derivation`` and ``walk``."""
    steps, growth, networks = results["steps"], results["fan_in_growth"], _rms(results["tanh_layers"])
    cases = results["assumptions"].sort_values("predicted", key=_effect, kind="stable", ignore_index=True)
    walks, widths = results["walk_paths"], results["walk_widths"]
    return Tables(walks, widths, steps, growth, cases, _pulls(steps, cases), networks, _by_layer(networks))


def _effect(predicted: pd.Series[float]) -> pd.Series[float]:
    """Return by which factor variances are off one, either way."""
    return predicted.where(predicted >= 1, 1 / predicted).round(6)


def _rms(networks: pd.DataFrame) -> pd.DataFrame:
    """Return roots of the variances: every mean is zero here, so they are root mean squares."""
    variances = [name.replace("_rms", "_variance") for name in RMS]
    return networks.drop(columns=variances).assign(
        **{name: np.sqrt(networks[variance]) for name, variance in zip(RMS, variances, strict=True)}
    )


def _pulls(steps: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    broken = "Var(w·x), " + cases["broken"].replace("nothing", "as derived")
    named = [steps.rename(columns={"step": "name"}), cases.rename(columns={"assumption": "name"})]
    table = pd.concat([named[0], named[1].assign(quantity=broken)], ignore_index=True)
    table = table[["name", "quantity", "predicted", "measured", "standard_error", "draws"]]
    return table.assign(pull=(table["measured"] - table["predicted"]) / table["standard_error"])


def _by_layer(networks: pd.DataFrame) -> pd.DataFrame:
    last = networks.groupby(["initializer", "replicate"])["delta_rms"].transform("last")
    relative = networks.assign(delta_rms=networks["delta_rms"] / last)
    groups = relative.groupby(["initializer", "layer"])[RMS]
    lowest, highest = groups.min().add_suffix("_lowest"), groups.max().add_suffix("_highest")
    return groups.aggregate(_typical).join(lowest).join(highest).reset_index()


def _typical(values: pd.Series[float]) -> float:
    return geometric_mean(values).value
