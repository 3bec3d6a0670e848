"""Frameworks: every initializer of PyTorch, Keras and JAX as we read it, and what their layers do if nothing is said.

Lines of code are read by the registry's spellings and drawn here, so no framework is needed; the tests run the same
lines, and build the same layers, where the frameworks are installed.
"""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.battery.experiment import Experiment, Part, Plan
from reportgen.experiments.frameworks.defaults import Defaults
from reportgen.experiments.frameworks.names import LINES, Named
from reportgen.experiments.frameworks.traps import Traps

__all__ = ["EXPERIMENT"]


def _work(plan: Plan) -> Iterator[Part]:
    yield from map(Named, LINES)
    yield Defaults()
    yield Traps()


EXPERIMENT = Experiment(
    name="frameworks",
    summary="Every initializer of PyTorch, Keras and JAX with its declared and measured variance, and the defaults of "
    "their layers",
    parts=(Named, Defaults, Traps),
    work=_work,
)
