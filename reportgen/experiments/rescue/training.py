"""Short trainings on digits in every form, from bad starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from reportgen.battery.cell import Streams
from reportgen.battery.experiment import Measured, Tables
from reportgen.experiments.columns import (
    ACTIVATION,
    DEPTH,
    INITIALIZER,
    LEARNING_RATE_WITH_MOMENTUM,
    START_REPLICATE,
)
from reportgen.experiments.rescue.forms import FORM, FORMS, seen
from reportgen.experiments.sweeps import ENDS, Sweep, run_sweep, tabulate_ends
from reportgen.nn.ensemble import Ensemble
from reportgen.nn.examples import Examples

__all__ = ["Training"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Training(Sweep):
    """Train all starts and learning rates of one form and activation as one ensemble.

    Attributes
    ----------
    form
        What is done to the networks that were drawn, by its name in `FORMS`.
    """

    form: str

    tables: ClassVar[Tables] = {
        "rescue_training": (
            FORM,
            ACTIVATION,
            INITIALIZER,
            LEARNING_RATE_WITH_MOMENTUM,
            START_REPLICATE,
            DEPTH,
            *ENDS,
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Train, and tell how every trial ended."""
        return {"rescue_training": tabulate_ends(self, run_sweep(self, streams, self._build))}

    def _build(self, drawn: Ensemble, examples: Examples) -> Ensemble:
        return FORMS[self.form].start(drawn, self.depth, seen(examples, drawn)).ensemble
