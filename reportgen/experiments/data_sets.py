"""What the data sets are: how many rows, features and classes each has, and on which scale networks see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from reportgen.battery.cell import Streams
from reportgen.battery.experiment import Column, Experiment, Factors, Measured, Plan, Tables
from reportgen.experiments.columns import DATA
from reportgen.nn import datasets

__all__ = ["EXPERIMENT", "Description"]

_FEW, _ALL = 2, 2**62
"""Rows to look at where they are drawn anew each time, and where a set has a number of its own."""


@dataclass(frozen=True, slots=True)
class Description:
    """Count what a data set consists of.

    Attributes
    ----------
    data
        Factors of the data set, at least ``data``.
    width
        Number of features of random inputs.
    """

    data: Factors
    width: int

    tables: ClassVar[Tables] = {
        "data_sets": (
            DATA,
            Column("rows", "examples", "rows of the set; 0 where they are drawn anew for every network"),
            Column("features", "", "inputs of a network that is shown it"),
            Column("classes", "", "number of classes; 0 without labels"),
            Column("constant_features", "", "features that have one value in all rows"),
            Column("standardized", "", "whether every feature is brought to mean 0 and variance 1"),
        )
    }

    def measure(self, streams: Streams) -> Measured:
        """Look at all rows, or at a few where there is no end of them."""
        is_drawn = "data_file" not in self.data and self.data["data"] != "digits"
        examples = datasets.load(self.data, streams.data(0), _FEW if is_drawn else _ALL, self.width)
        inputs = examples.inputs
        is_constant = np.zeros(1) if is_drawn else (inputs == inputs[:1]).all(axis=0)
        counted = {
            "rows": 0 if is_drawn else len(examples),
            "features": inputs.shape[1],
            "classes": examples.classes,
            "constant_features": int(is_constant.sum()),
            "standardized": bool(self.data.get("standardize", True)),
        }
        return {"data_sets": {name: np.array([value]) for name, value in counted.items()}}


def _work(plan: Plan) -> list[Description]:
    return [Description(data, plan.width) for data in plan.data_factors]


EXPERIMENT = Experiment(
    name="data_sets",
    summary="Rows, features and classes of every data set",
    parts=(Description,),
    work=_work,
)
