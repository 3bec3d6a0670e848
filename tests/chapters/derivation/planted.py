"""Findings of the chapter on Var(w·x) = 1 that refute its sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from reportgen.chapters.derivation.findings import Findings
from reportgen.judgments.estimates import Estimate

Change = Callable[[Findings], Findings]


def measured(name: str, value: float) -> Change:
    """Let a step or a case come out differently."""
    return lambda f: replace(f, measured={**f.measured, name: Estimate(value, 0.01)})


def other(**values: Any) -> Change:
    return lambda f: replace(f, **values)


PLANTED: list[tuple[Change, set[str]]] = [
    (lambda f: replace(f, walk=f.walk._replace(off=0.2)), {"spreads_like_a_walk"}),
    (other(farthest=5.5), {"predictions_hold"}),
    (other(growth_off=0.3), {"grows_with_fan_in"}),
    (measured("glorot_uniform", 1.1), {"normal_equals_uniform"}),
    (lambda f: replace(f, large=f.large._replace(saturated=0.7)), {"large_saturates"}),
    (lambda f: replace(f, scaled=f.scaled._replace(saturated=0.2)), {"large_saturates"}),
    (lambda f: replace(f, small=f.small._replace(variance=Estimate(0.2, 0.01))), {"small_vanishes"}),
    (measured("correlation", 1.2), {"only_correlation_is_harmless"}),
    (measured("halving", 1.0), {"only_correlation_is_harmless"}),
    (measured("input_mean", 1.2), {"mean_of_inputs_adds"}),
    (measured("scales", 20.0), {"scales_add"}),
    (lambda f: replace(f, spread={**f.spread, "correlation": 0.3}), {"correlation_spreads_units"}),
    (other(spread_off=0.2), {"spread_is_predicted"}),
    (other(fades=1.5, gain_held=1.1), {"tanh_fades", "gain_holds_forward"}),
    (other(gain_gradient=Estimate(7.0, 1.0)), {"gain_grows_backward"}),
    (other(gain_per_layer=Estimate(1.3, 0.01)), {"gain_grows_backward"}),
    (other(glorot_last=Estimate(0.009, 0.001)), {"glorot_survives"}),
    (other(glorot_gradient=Estimate(0.009, 0.001)), {"glorot_survives"}),
    (other(glorot_gradient=Estimate(1.0, 0.01)), {"glorot_gradient_fades"}),
]
