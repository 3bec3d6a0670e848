"""Whether the best candidates learn: a short training of small networks, for one answer on a screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from reportgen.ask.propagate import require_affordable
from reportgen.battery.cell import Streams
from reportgen.battery.experiment import Factors
from reportgen.battery.results import tabulate
from reportgen.experiments.advice import EXPERIMENT, RATES
from reportgen.experiments.advice.training import Learning
from reportgen.judgments.outcomes import outcomes

__all__ = ["train_candidates"]

_NETWORKS, _SHORT, _LONG = 5, 150, 300


def train_candidates(
    activation: str,
    initializers: Sequence[str],
    depth: int,
    optimizer: str,
    data: Factors,
    seed: int,
    *,
    force: bool = False,
) -> pd.DataFrame:
    """Train some starts in networks of one depth, as the front page does, and return a row for each.

    Parameters
    ----------
    activation, initializers
        Canonical registry names.
    depth
        Number of hidden layers.
    optimizer
        ``"sgd"`` or ``"adam"``.
    data
        Factors of the data set; digits take the place of one without labels.
    seed
        Root seed.
    force
        As in `propagate`.

    Returns
    -------
    DataFrame
        `initializer`, `learned` (how many of the networks), `updates` (of the longest training), `learning_rate` and
        `right` (median share of right test answers).

    Raises
    ------
    UsageError
        If it takes more than this machine can do, unless forced.
    """
    part = Learning(
        data={"data": "digits"} if data["data"] == "gaussian" else data,
        activation=activation,
        optimizer=optimizer,
        initializers=tuple(initializers),
        learning_rates=RATES[optimizer],
        depths=(depth,),
        networks=_NETWORKS,
        short=_SHORT,
        long=_LONG,
    )
    require_affordable([part], force=force)
    rows = tabulate([EXPERIMENT], {EXPERIMENT.cell(part): part.measure(Streams(seed))})["advice_training"]
    rows = rows.assign(outcome=outcomes(rows))
    return pd.DataFrame([_told(str(name), nets) for name, nets in rows.groupby("initializer", sort=False)])


def _told(name: str, nets: pd.DataFrame) -> dict[str, Any]:
    last = nets[nets["steps"] == nets["steps"].max()]
    learned = int((last["outcome"] == "learned").sum())
    right = float(np.nanmedian(last["test_accuracy"])) if last["test_accuracy"].notna().any() else float("nan")
    return {
        "initializer": name,
        "learned": f"{learned} of {len(last)}",
        "updates": int(last["steps"].iloc[0]),
        "learning_rate": float(last["learning_rate"].iloc[0]),
        "right": right,
    }
