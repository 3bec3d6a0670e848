"""The tables of the chapter on Var(w·x) = 1."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from reportgen.battery.results import Results
from reportgen.judgments.estimates import geometric_mean

__all__ = ["BOUND", "GAINS", "GLOROT", "STABLE", "VARIANCES", "Tables", "read"]

BOUND = 5
"""Standard errors that a measured value may be off: by chance about one in two million is."""

GLOROT, STABLE = "glorot_uniform", "glorot_uniform(gain=1.66666666667)"
GAINS = {GLOROT: "1", STABLE: "5/3"}
"""Start of a deep tanh network -> its gain as it is written."""

VARIANCES = ["pre_activation_variance", "activation_variance", "delta_variance"]


class Tables(NamedTuple):
    """What the chapter reads.

    Attributes
    ----------
    steps
        Every step of the derivation: what is predicted and what was measured.
    growth
        Var(w·x) by initializer and fan_in.
    assumptions
        Var(w·x) and its spread over units for every broken assumption.
    pulls
        Every measured variance of `steps` and `assumptions` with its distance from theory in standard errors.
    networks
        The variances of every deep tanh network by layer.
    tanh
        The same by layer: geometric mean and range over networks; delta relative to the last layer.
    """

    steps: pd.DataFrame
    growth: pd.DataFrame
    assumptions: pd.DataFrame
    pulls: pd.DataFrame
    networks: pd.DataFrame
    tanh: pd.DataFrame


def read(results: Results) -> Tables:
    """Read the tables of the experiments ``derivation``, ``assumptions`` and ``tanh_depth``."""
    steps, cases, networks = (results[name] for name in ("steps", "assumptions", "tanh_layers"))
    return Tables(steps, results["fan_in_growth"], cases, _pulls(steps, cases), networks, _by_layer(networks))


def _pulls(steps: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    broken = "Var(w·x), " + cases["broken"].replace("nothing", "as derived")
    named = [steps.rename(columns={"step": "name"}), cases.rename(columns={"assumption": "name"})]
    table = pd.concat([named[0], named[1].assign(quantity=broken)], ignore_index=True)
    table = table[["name", "quantity", "predicted", "measured", "standard_error", "draws"]]
    return table.assign(pull=(table["measured"] - table["predicted"]) / table["standard_error"])


def _by_layer(networks: pd.DataFrame) -> pd.DataFrame:
    last = networks.groupby(["initializer", "replicate"])["delta_variance"].transform("last")
    relative = networks.assign(delta_variance=networks["delta_variance"] / last)
    groups = relative.groupby(["initializer", "layer"])[VARIANCES]
    lowest, highest = groups.min().add_suffix("_lowest"), groups.max().add_suffix("_highest")
    return groups.aggregate(_typical).join(lowest).join(highest).reset_index()


def _typical(values: pd.Series[float]) -> float:
    return geometric_mean(values).value
