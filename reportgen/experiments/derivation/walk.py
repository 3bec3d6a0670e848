"""A weighted sum as it grows term by term: a walk, whose width is the root of the number of its steps.

Every term is ``w_i x_i``, a weight times an input, both standard normal and all independent: each has mean zero and
variance one, and a sum of n of them has variance n.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import ClassVar

import numpy as np

from reportgen.battery.cell import Streams
from reportgen.battery.columns import of_rows
from reportgen.battery.experiment import Column, Measured, Tables
from reportgen.experiments.derivation.montecarlo import MEASURED, Draws, Row, mean, parts

__all__ = ["Walk"]

_STREAM = 3
"""Part of the streams of weights and summands; the steps of the derivation and the growth with fan_in have 1 and 2."""


@dataclass(frozen=True, slots=True)
class Walk:
    """Add up independent terms one after the other, many times over.

    Attributes
    ----------
    draws
        Number of independent sums.
    terms
        Terms of the longest sum.
    marks
        Numbers of terms at which the width of all sums is measured.
    shown
        Sums that are kept whole.
    """

    draws: int
    terms: int = 100
    marks: tuple[int, ...] = (1, 4, 9, 16, 25, 36, 49, 64, 81, 100)
    shown: int = 40

    tables: ClassVar[Tables] = {
        "walk_paths": (
            Column("walk", "", "number of the sum, from 0"),
            Column("terms", "", "terms added up so far, from 0"),
            Column("sum", "", "their sum"),
        ),
        "walk_widths": (
            Column("terms", "", "number of terms of the sums"),
            *MEASURED,
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Draw all sums; keep some whole, and the width of all at the marks."""
        weights, inputs = streams.weights(0, _STREAM), streams.summands(0, _STREAM)
        marks, paths, sums = np.array(self.marks) - 1, [], []
        for size in parts(self.draws):
            w, x = (rng.standard_normal((size, self.terms)) for rng in (weights, inputs))
            walks = np.cumsum(w * x, axis=1)
            paths.append(walks[: self.shown])
            sums.append(walks[:, marks])
        shown, widths = np.concatenate(paths)[: self.shown], zip(self.marks, np.concatenate(sums).T, strict=True)
        return {
            "walk_paths": {
                "walk": np.repeat(np.arange(len(shown)), self.terms + 1),
                "terms": np.tile(np.arange(self.terms + 1), len(shown)),
                "sum": np.pad(shown, ((0, 0), (1, 0))).ravel(),
            },
            "walk_widths": of_rows(_width(terms, ends) for terms, ends in widths),
        }


def _width(terms: int, sums: Draws) -> Row:
    """Return the root mean square of sums; its relative error is half that of the mean square."""
    square = mean(sums**2)
    width = sqrt(square["measured"])
    error = square["standard_error"] / (2 * width)
    return {"terms": terms, "predicted": sqrt(terms)} | square | {"measured": width, "standard_error": error}
