"""Whether a start could be told to fail before the first update: the battery's measures of what is trained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from reportgen.battery.cell import Streams
from reportgen.battery.columns import merge, with_constants
from reportgen.battery.experiment import Factors, Measured, Tables
from reportgen.experiments.propagation import Propagate

__all__ = ["Verdicts"]


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Measure signals and gradients as the battery does, in networks as small as those that are trained.

    Attributes
    ----------
    initializers
        Canonical registry names, one `Propagate` for each.
    activation, data, depths, width, replicates, batch
        As in `Propagate`.
    """

    initializers: tuple[str, ...]
    activation: str
    data: Factors
    depths: tuple[int, ...]
    width: int
    replicates: int
    batch: int

    tables: ClassVar[Tables] = {f"training_{name}": columns for name, columns in Propagate.tables.items()}

    def measure(self, streams: Streams) -> Measured:
        """Send inputs and gradients through the networks of every initializer."""
        return merge(self._measure_one(initializer, streams) for initializer in self.initializers)

    def _measure_one(self, initializer: str, streams: Streams) -> Measured:
        part = Propagate(initializer, self.activation, self.data, self.depths, self.width, self.replicates, self.batch)
        return {
            f"training_{table}": with_constants(columns, initializer=initializer)
            for table, columns in part.measure(streams).items()
        }
