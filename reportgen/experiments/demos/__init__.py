"""The demos: the small nets that a reader starts wrong in the playground, with everything a page needs to repeat them.

Two demos learn the same points of the circle. In the first, units that start alike stay alike; in the second, training
halts from large weights and from small ones. The playground starts from the very weights and points that are stored
here, and shows the same numbers as the figures.
"""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.battery.experiment import Experiment, Part, Plan
from reportgen.experiments.demos.presets import ALIKE, HALT, RATES, WAITS
from reportgen.experiments.demos.problem import Problem
from reportgen.experiments.demos.rates import Rates
from reportgen.experiments.demos.trainings import Demo
from reportgen.experiments.demos.waits import Waits

__all__ = ["EXPERIMENT"]


def _work(_: Plan) -> Iterator[Part]:
    """Yield the same at every effort: all of it takes two seconds."""
    yield from (ALIKE, HALT, WAITS, RATES, Problem(ALIKE.points))


EXPERIMENT = Experiment(
    name="demos",
    summary="The nets of the playground: where they start, what they see, and what they come to",
    parts=(Demo, Waits, Rates, Problem),
    work=_work,
)
