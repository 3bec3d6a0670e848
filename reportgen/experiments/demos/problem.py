"""What all nets of the demos learn: the points of the circle that a run of the experiment on symmetry trains on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from reportgen.battery.cell import Streams
from reportgen.battery.columns import of_rows
from reportgen.battery.experiment import Column, Measured, Tables
from reportgen.nn.datasets import split
from reportgen.nn.examples import Examples
from reportgen.nn.plane import best_line

__all__ = ["Problem", "draw_points"]

_OTHERS = 800
"""Points that are drawn with those to train on; all together are standardized. As many as in the run on symmetry."""


def draw_points(points: int, streams: Streams, replicate: int = 0) -> Examples:
    """Draw the points to train on.

    Parameters
    ----------
    points
        How many.
    streams, replicate
        Give them.
    """
    return split({"data": "circle"}, streams.data(replicate), points, _OTHERS).training


@dataclass(frozen=True, slots=True)
class Problem:
    """List the points, and what can be had without a net.

    Attributes
    ----------
    points
        How many there are to train on.
    """

    points: int

    tables: ClassVar[Tables] = {
        "demos_points": (
            Column("x1", "input std", "first input of a training point"),
            Column("x2", "input std", "second input of a training point"),
            Column("label", "", "1 in the disc, 0 in the ring"),
        ),
        "demos_problem": (
            Column("points", "", "number of the training points"),
            Column("best_line_accuracy", "share", "training points right with the best straight line"),
            Column("guess_accuracy", "share", "training points right if all are called by the more frequent class"),
            Column("guess_loss", "nats", "mean cross-entropy if all that is known is how frequent the classes are"),
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Draw the points, and search for the best line."""
        drawn = draw_points(self.points, streams)
        shares = np.bincount(drawn.labels) / len(drawn)
        known = {
            "best_line_accuracy": best_line(drawn.inputs, drawn.labels),
            "guess_accuracy": float(shares.max()),
            "guess_loss": float(-(shares * np.log(shares)).sum()),
        }
        x1, x2 = drawn.inputs.T
        return {"demos_points": {"x1": x1, "x2": x2, "label": drawn.labels}, "demos_problem": of_rows([known])}
