"""What was known of every network of the map before its first update: its first step, and the verdict on its start."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.judgments.frames import where
from reportgen.judgments.outcomes import OUTCOMES
from reportgen.judgments.verdicts import VERDICTS, verdict_table

__all__ = ["CELL", "DIGITS", "GUIDE", "counts", "first_steps", "predictions"]

DIGITS = "digits"
"""The data set that figures and sentences are about; what a user adds has a section of its own."""

CELL = ["data", "initializer", "activation", "depth"]
"""What tells the starts of the map apart."""

GUIDE = 1e-3
"""An update of this share of the weights is about right, a rule of thumb of Karpathy's lectures."""


def first_steps(norms: pd.DataFrame, on_map: pd.DataFrame) -> pd.DataFrame:
    """Set the first update of every layer in proportion to its weights.

    The first update has no momentum yet: it is the learning rate times the gradient. Where the weights are zero the
    ratio is 0 if they stay so, else inf.

    Parameters
    ----------
    norms
        The table ``training_first_steps``.
    on_map
        The networks of the map that SGD trains, with their `outcome`.
    """
    columns = [*CELL, "replicate", "layer", "weight_norm", "gradient_norm"]
    trials = on_map[[*CELL, "replicate", "learning_rate", "outcome"]]
    table = where(norms, data=DIGITS)[columns].merge(trials, on=[*CELL, "replicate"])
    with np.errstate(all="ignore"):
        ratio = table["learning_rate"] * table["gradient_norm"] / table["weight_norm"]
    ratio = ratio.mask(table["gradient_norm"] == 0, 0.0).fillna(np.inf)
    return table.rename(columns={"gradient_norm": "gradient"}).drop(columns="weight_norm").assign(ratio=ratio)


def predictions(results: Results, cells: pd.DataFrame, data: str) -> pd.DataFrame:
    """Judge the starts in networks of the trained width, with the same initial weights, beside how they ended.

    Parameters
    ----------
    cells
        The map, start by start.
    data
        Name of the data set.
    """
    judged = {name: results[f"training_{name}"] for name in ("forward", "gradients", "diversity")}
    ended = where(cells, data=data)[["optimizer", *CELL[1:], "outcome", "test_accuracy"]]
    return verdict_table(judged, data).merge(ended, on=CELL[1:])


def counts(predictions: pd.DataFrame) -> pd.DataFrame:
    """Count the starts by verdict and outcome; verdicts that no start got are left out."""
    table = pd.crosstab(predictions["verdict"], predictions["outcome"])
    present = [word for word in VERDICTS if word in table.index]
    return table.reindex(index=present, columns=list(OUTCOMES), fill_value=0)
