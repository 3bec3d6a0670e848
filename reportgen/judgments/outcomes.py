"""The outcome of a training: one word per network, by rules that the chapter on training states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

__all__ = ["LEARNED", "OUTCOMES", "best_rates", "outcomes"]

LEARNED = 0.25
"""Who has learned has come at least this share of the way from guessing to all right."""

_WORSE = 2.0
"""A loss beyond this many times that of a net that knows nothing, and beyond that of the start, has run away."""

OUTCOMES: Mapping[str, str] = {
    "diverged": "a number is no longer finite, or the loss ends above its start and above twice that of a guess",
    "stalled": "neither of the others: the net does little better than guessing",
    "learned": "the net has come at least a quarter of the way from guessing to all right",
}
"""Outcome -> its rule in words."""


def outcomes(trials: pd.DataFrame) -> pd.Series[str]:
    """Return the outcome of every row.

    Parameters
    ----------
    trials
        With `diverged_after`, `start_loss`, `end_loss` and `test_loss` (nats), `test_accuracy`, `guess` (the share of
        right answers of always naming the most frequent class) and `classes`.
    """
    lost = np.isfinite(trials["diverged_after"]) | ~np.isfinite(trials[["end_loss", "test_loss"]]).all(axis=1)
    ran_away = (trials["end_loss"] > trials["start_loss"]) & (trials["end_loss"] > _WORSE * np.log(trials["classes"]))
    learned = trials["test_accuracy"] >= trials["guess"] + LEARNED * (1 - trials["guess"])
    words = np.select([lost | ran_away, learned], ["diverged", "learned"], default="stalled")
    return pd.Series(words, index=trials.index, dtype=str)


def best_rates(trials: pd.DataFrame, setting: Sequence[str], by: str = "validation_loss") -> pd.DataFrame:
    """Return the rows of the learning rate that ended with the least loss, for every setting.

    A rate is judged by its median over replicates; one at which half of the losses or more are not finite stands behind
    all others. The test examples, on which the result is reported, have no say.

    Parameters
    ----------
    trials
        With `learning_rate`, `replicate`, the column `by` and the columns of `setting`.
    setting
        What tells the nets apart that are to be tried at several rates.
    by
        The loss that decides: that of the validation examples, or the training loss ``end_loss``.
    """
    loss = trials[by].where(np.isfinite(trials[by]), np.inf)
    keys = [*setting, "learning_rate"]
    medians = trials[keys].assign(loss=loss).groupby(keys, sort=False)["loss"].median().reset_index()
    order = medians.sort_values("loss", kind="stable").drop_duplicates(list(setting))
    return trials.merge(order[keys], on=keys)
