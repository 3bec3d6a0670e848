"""The candidates for one activation: what they are, and their signals and gradients at initialization."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from reportgen.battery.cell import Streams
from reportgen.battery.columns import of_rows
from reportgen.battery.experiment import Column, Factors, Measured, Tables
from reportgen.experiments.advice.candidates import DEEP, candidates, law, named, rivals, tuned, why
from reportgen.experiments.columns import ACTIVATION, INITIALIZER, SIGMA_W2
from reportgen.experiments.propagation import Propagate
from reportgen.experiments.sweeps import UNITS
from reportgen.nn.initializers import initializers
from reportgen.nn.snippets import FRAMEWORKS, snippets

__all__ = ["Candidate", "Candidates"]


@dataclass(frozen=True, slots=True)
class Candidates:
    """List the starts that can be recommended for an activation, and how frameworks write them.

    Attributes
    ----------
    activation
        Canonical registry name.
    depth
        Number of hidden layers that the activation's own gain is for.
    """

    activation: str
    depth: int = DEEP

    tables: ClassVar[Tables] = {
        "advice_starts": (
            ACTIVATION,
            INITIALIZER,
            SIGMA_W2,
            Column("named", "", "1 where frameworks have it by name, with a parameter at most, else 0"),
            Column("tuned", "", "1 for the start with the activation's own gain, else 0"),
            Column("reason", "", "why it is the named start to take first; empty for the others"),
            Column("trained", "", "1 for the starts that are trained, else 0"),
            *(
                Column(name.lower(), "", f"the line of {name}; empty where there is no short one")
                for name in FRAMEWORKS
            ),
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Work the list out; nothing here is random."""
        return {"advice_starts": of_rows(map(self._row, candidates(self.activation, self.depth)))}

    def _row(self, initializer: str) -> dict[str, str | float]:
        lines = snippets(initializer)
        return {
            "initializer": initializer,
            "sigma_w2": initializers.get(initializer).sigma_w2(UNITS, UNITS),
            "named": float(initializer in named(self.activation)),
            "tuned": float(initializer == tuned(self.activation, self.depth)),
            "reason": why(self.activation) if initializer == law(self.activation) else "",
            "trained": float(initializer in rivals(self.activation)),
            **{name.lower(): lines.get(name, "") for name in FRAMEWORKS},
        }


@dataclass(frozen=True, slots=True)
class Candidate:
    """Send inputs forward and gradients back through networks of one start that the battery does not have.

    Attributes
    ----------
    initializer, activation, data, depths, width, replicates, batch
        As in `Propagate`.
    """

    initializer: str
    activation: str
    data: Factors
    depths: tuple[int, ...]
    width: int
    replicates: int
    batch: int

    tables: ClassVar[Tables] = {f"advice_{name}": columns for name, columns in Propagate.tables.items()}

    def measure(self, streams: Streams) -> Measured:
        """Measure every layer, and the way of the gradient for each depth."""
        part = Propagate(
            self.initializer, self.activation, self.data, self.depths, self.width, self.replicates, self.batch
        )
        return {f"advice_{table}": columns for table, columns in part.measure(streams).items()}
