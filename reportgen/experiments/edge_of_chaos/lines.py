"""What theory says of layers on the edge itself, where nothing is lost exponentially."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from reportgen.battery.cell import Streams
from reportgen.battery.experiment import Column, Measured, Tables
from reportgen.experiments.averages import averages
from reportgen.experiments.columns import ACTIVATION, LAYER, SIGMA_W2
from reportgen.theory.maps import correlations, forward_moments

__all__ = ["OnTheLine"]


@dataclass(frozen=True, slots=True)
class OnTheLine:
    """Follow two inputs of mean square one through layers without biases."""

    activation: str
    sigma_w2: float
    first_cosine: float = 0.3
    depth: int = 100

    tables: ClassVar[Tables] = {
        "edge_on_line": (
            ACTIVATION,
            SIGMA_W2,
            LAYER,
            Column("q", "", "second moment of the pre-activations"),
            Column("cosine", "", "cosine of the pre-activations of two inputs"),
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Return a row per layer."""
        phi = averages(self.activation)
        q, _ = forward_moments(phi, self.sigma_w2, 0.0, 1.0, self.depth)
        cosine = correlations(phi, self.sigma_w2, 0.0, 1.0, self.first_cosine, self.depth)
        return {"edge_on_line": {"layer": np.arange(1, self.depth + 1), "q": q, "cosine": cosine}}
