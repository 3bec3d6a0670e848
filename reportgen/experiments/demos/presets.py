"""What is demonstrated: the presets of the playground, and the noise of its exercise.

The nets of the first demo are those of the run "circle" of the experiment on symmetry, draw for draw. Those of the
second have the size of the nets in a well-known browser playground, as in the experiment on the halt.
"""

from __future__ import annotations

from reportgen.experiments.demos.rates import Rates
from reportgen.experiments.demos.trainings import Demo
from reportgen.experiments.demos.waits import Waits
from reportgen.experiments.symmetry import RUNS
from reportgen.nn.initializers import initializers

__all__ = ["ALIKE", "HALT", "RATES", "WAITS"]

(_CIRCLE,) = (run for run in RUNS if run.course == "circle")
_EQUAL = initializers.get(f"constant(value={_CIRCLE.constant})").name

_NETWORKS = 10
"""Draws of each random start: what is said of a start has to hold for most of them."""

ALIKE = Demo(
    demo="alike",
    presets=("zeros", "equal", "noise", "random"),
    initializers=("zeros", _EQUAL, _EQUAL, "glorot_normal"),
    weight_noise=(0.0, 0.0, *_CIRCLE.weight_noise, 0.0),
    activation=_CIRCLE.activation,
    hidden=_CIRCLE.hidden,
    learning_rate=_CIRCLE.learning_rate,
    steps=_CIRCLE.steps,
    points=_CIRCLE.points,
    replicates=_NETWORKS,
    live="first",
)

HALT = Demo(
    demo="halt",
    presets=("large", "small", "right"),
    initializers=tuple(
        initializers.get(name).name
        for name in ("random_normal(stddev=20)", "random_normal(stddev=0.01)", "glorot_normal")
    ),
    weight_noise=(0.0, 0.0, 0.0),
    activation="tanh",
    hidden=(4, 4, 4),
    learning_rate=0.3,
    steps=_CIRCLE.steps,
    points=_CIRCLE.points,
    replicates=_NETWORKS,
    live="typical",
)

WAITS = Waits(
    initializer=_EQUAL,
    weight_noise=(1e-1, 1e-2, 1e-3, 1e-4),
    activation=_CIRCLE.activation,
    hidden=_CIRCLE.hidden,
    learning_rate=_CIRCLE.learning_rate,
    steps=_CIRCLE.steps,
    points=_CIRCLE.points,
    replicates=_NETWORKS,
)

RATES = Rates(
    initializers=HALT.initializers[:2],
    learning_rates=(0.03, 0.3, 3.0, 30.0),
    activation=HALT.activation,
    hidden=HALT.hidden,
    steps=HALT.steps,
    points=HALT.points,
    replicates=5,
)
"""Of the two starts that halt."""
