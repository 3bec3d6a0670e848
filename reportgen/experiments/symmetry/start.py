"""A square hidden layer as an initializer draws it: how alike its units are before anything is learned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from reportgen.battery.cell import Streams
from reportgen.battery.experiment import Column, Measured, Tables
from reportgen.experiments.columns import INITIALIZER
from reportgen.experiments.symmetry.columns import MEAN_ABSOLUTE_COSINE, STABLE_RANK
from reportgen.nn import units
from reportgen.nn.initializers import initializers
from reportgen.nn.statistics import distinct_units

__all__ = ["Start"]


@dataclass(frozen=True, slots=True)
class Start:
    """Draw the second layer of a network of equal widths."""

    initializer: str
    width: int
    replicates: int

    tables: ClassVar[Tables] = {
        "symmetry_start": (
            INITIALIZER,
            Column("width", "units", "units of the layer, and of the layer below"),
            Column("replicate", "", "number of the independent draw, from 0"),
            Column("distinct_units", "units", "units whose incoming weights differ bit by bit"),
            Column("rank", "", "singular values above 1e-10 of the greatest"),
            STABLE_RANK,
            MEAN_ABSOLUTE_COSINE,
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Compare the units of every draw."""
        draw, replicates = initializers.get(self.initializer).draw, range(self.replicates)
        weights = np.stack([draw(streams.weights(replicate, 2), self.width, self.width) for replicate in replicates])
        singular = units.singular_values(weights)
        columns = {
            "replicate": np.array(replicates),
            "distinct_units": distinct_units(weights),
            "rank": units.rank(singular),
            "stable_rank": units.stable_rank(singular),
            "mean_absolute_cosine": units.mean_absolute_cosine(weights),
        }
        return {"symmetry_start": columns}
