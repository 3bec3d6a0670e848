"""Starts: every initializer of the battery on the one scale, fan_in times the variance of a weight."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from reportgen.battery.cell import Streams
from reportgen.battery.columns import of_rows
from reportgen.battery.experiment import Column, Experiment, Measured, Plan, Tables
from reportgen.experiments.columns import INITIALIZER, SIGMA_W2, SQUARE_WIDTH
from reportgen.nn.initializers import initializers

__all__ = ["EXPERIMENT", "Starts"]


@dataclass(frozen=True, slots=True)
class Starts:
    """List what the initializers declare of themselves, between layers of equal width.

    Attributes
    ----------
    initializers
        Canonical registry names.
    width
        Units of both layers.
    """

    initializers: tuple[str, ...]
    width: int

    tables: ClassVar[Tables] = {
        "starts": (
            INITIALIZER,
            SIGMA_W2,
            SQUARE_WIDTH,
            Column("limit", "", "what theory may put in the place of a wide layer: iid, orthogonal or none"),
            Column("label", "", "short name for people"),
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Ask the registry; nothing here is random."""
        return {"starts": of_rows(map(self._row, self.initializers))}

    def _row(self, name: str) -> dict[str, str | float]:
        item = initializers.get(name)
        scale = item.sigma_w2(self.width, self.width)
        return {"initializer": name, "sigma_w2": scale, "limit": item.limit, "label": item.label}


def _work(plan: Plan) -> Iterator[Starts]:
    yield from (Starts(group, plan.width) for group in plan.initializer_groups)


EXPERIMENT = Experiment(
    name="starts",
    summary="What every initializer declares: fan_in times the variance of a weight, and what theory makes of it",
    parts=(Starts,),
    work=_work,
)
"""fan_in Var(w) is sigma_w² of mean field theory (Poole et al. 2016, eq. 1)."""
