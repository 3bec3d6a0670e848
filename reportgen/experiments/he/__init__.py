"""Where the 2 in He's initialization comes from, what it keeps, and what it does not.

Ensembles of small networks, without biases, at initialization. Their sizes do not depend on the preset; its effort
decides how many blocks of networks are measured. All parts of a block share its random numbers.
"""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.battery.experiment import Experiment, Part, Plan
from reportgen.experiments.he.born_dead import BornDead
from reportgen.experiments.he.funnel import Funnel
from reportgen.experiments.he.lengths import Moments, Pairs
from reportgen.experiments.he.spectra import Spectra

__all__ = ["EXPERIMENT"]

_BLOCKS = 4
"""Number of blocks at effort 1."""

_STARTS = (
    ("he_normal", 0.0),
    ("he_uniform", 0.0),
    ("glorot_normal", 0.0),
    ("lecun_normal", 0.0),
    ("he_normal(negative_slope=0.25)", 0.25),
    ("he_normal", 0.25),
)
"""Initializer, and slope of the activation below 0."""

_MODES = ("he_uniform", "he_uniform(mode=fan_out)")
_SCALES = (
    "random_normal(stddev=0.01)",
    "random_normal(stddev=0.1)",
    "he_normal(truncated=False)",
    "random_normal(stddev=10)",
)
"""They all scale the same normal draws."""

_LINEAR = ("lecun_normal", "lecun_uniform", "orthogonal")
"""Initializers of the variance 1/n, which keeps a linear signal on average."""


def _work(plan: Plan) -> Iterator[Part]:
    for block in range(max(1, round(_BLOCKS * plan.effort))):
        yield from (Moments(block, initializer, slope) for initializer, slope in _STARTS)
        yield Pairs(block)
        yield from (Funnel(block, initializer) for initializer in _MODES)
        yield from (BornDead(block, initializer) for initializer in _SCALES)
        yield from (Spectra(block, initializer) for initializer in _LINEAR)


EXPERIMENT = Experiment(
    name="he",
    summary="Lengths, angles, gradients, silence and lost directions with He's initialization, and without it",
    parts=(Moments, Pairs, Funnel, BornDead, Spectra),
    work=_work,
)
