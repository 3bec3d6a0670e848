"""How differently the directions of a signal fare in deep linear networks: the singular values of the whole product.

The variance of the weights says what happens to an input on average over all directions. Saxe, McClelland & Ganguli
(2014) look at the single ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from reportgen.battery.cell import Streams
from reportgen.battery.columns import concatenate, with_constants
from reportgen.battery.experiment import Column, Columns, Measured, Tables
from reportgen.experiments.columns import DEPTH, INITIALIZER, REPLICATE, SQUARE_WIDTH
from reportgen.experiments.he.block import draw_block

__all__ = ["LOST", "Spectra"]

LOST = 0.01
"""A direction is lost where no more than this share of its length is left."""


@dataclass(frozen=True, slots=True)
class Spectra:
    """Multiply the weights of linear networks of variance 1/n, and take the singular values of the product."""

    block: int
    initializer: str
    networks: int = 8
    width: int = 64
    depths: tuple[int, ...] = (2, 10, 50)

    tables: ClassVar[Tables] = {
        "he_spectra": (
            INITIALIZER,
            SQUARE_WIDTH,
            REPLICATE,
            DEPTH,
            Column("mean_square", "", "mean of the squared singular values of the product of all weights"),
            Column("largest", "", "the greatest singular value"),
            Column("median", "", "the median one"),
            Column("kept_directions", "units", "singular values above 0.01"),
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Follow the networks of a block down to every depth."""
        # float64: the range of singular values is that of a power of the depth.
        widths = [self.width] * (max(self.depths) + 1)
        weights = draw_block(streams, self.block, self.initializer, widths, self.networks, np.float64).weights
        products, product = {}, np.eye(self.width)
        for layer, W in enumerate(weights, start=1):
            product = product @ W
            products[layer] = product
        return {"he_spectra": concatenate(self._depth(depth, products[depth]) for depth in self.depths)}

    def _depth(self, depth: int, product: NDArray[np.float64]) -> Columns:
        singular = np.linalg.svd(product, compute_uv=False)
        columns: Columns = {
            "replicate": self.block * self.networks + np.arange(self.networks),
            "mean_square": np.square(singular).mean(axis=1),
            "largest": singular[:, 0],
            "median": np.median(singular, axis=1),
            "kept_directions": (singular > LOST).sum(axis=1),
        }
        return with_constants(columns, depth=depth)
