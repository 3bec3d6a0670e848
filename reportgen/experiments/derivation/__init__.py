"""Where Var(w·x) = 1 comes from: sums as they grow, every step of the derivation, and every assumption broken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reportgen.battery.experiment import Experiment, Part, Plan
from reportgen.experiments.derivation.assumptions import ASSUMPTIONS, Assumption
from reportgen.experiments.derivation.steps import FanIn, Steps
from reportgen.experiments.derivation.tanh import TanhLayers
from reportgen.experiments.derivation.walk import Walk

__all__ = ["EXPERIMENT"]

_BY_FAN_IN = (
    "random_normal(stddev=1)",
    "random_uniform(minval=-0.5, maxval=0.5)",
    "lecun_normal",
    "lecun_uniform",
    "random_normal(stddev=0.01)",
)
_TANH = ("glorot_uniform", "glorot_uniform(gain=1.66666666667)")


def _work(plan: Plan) -> Iterator[Part]:
    draws = round(40_000 * plan.effort)
    yield Walk(round(20_000 * plan.effort))
    yield Steps(draws)
    yield from (FanIn(initializer, draws // 2) for initializer in _BY_FAN_IN)
    yield from (replace(assumption, draws=draws) for assumption in ASSUMPTIONS)
    yield from (TanhLayers(initializer, max(8, round(12 * plan.effort))) for initializer in _TANH)


EXPERIMENT = Experiment(
    name="derivation",
    summary="Sums that grow, Var(w·x) step by step, against fan_in, without its assumptions, and in deep tanh nets",
    parts=(Walk, Steps, FanIn, Assumption, TanhLayers),
    work=_work,
)
