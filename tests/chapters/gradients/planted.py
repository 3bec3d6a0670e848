"""Findings of the chapter on gradients that refute its sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from reportgen.chapters.gradients.findings import Findings, Lost
from reportgen.judgments.estimates import Estimate

Change = Callable[[Findings], Findings]


def factor(name: str, value: float) -> Change:
    """Let the rms of delta change by another factor per layer."""
    return lambda f: replace(f, factor={**f.factor, name: Estimate(value, 0.01)})


def other(**values: Any) -> Change:
    return lambda f: replace(f, **values)


def length(**values: Any) -> Change:
    return lambda f: replace(f, length=f.length._replace(**values))


def tanh(**values: Any) -> Change:
    return lambda f: replace(f, tanh=f.tanh._replace(**values))


# With 3 networks of width 64 the formulas are checked to exp(0.11): the wrong factors differ by more than that.
PLANTED: list[tuple[Change, set[str]]] = [
    (factor("he_keeps", 0.8), {"he_keeps"}),
    (factor("glorot_loses", 0.85), {"glorot_loses"}),
    (factor("torch_loses", 1.0), {"torch_loses"}),
    (factor("small_vanishes", 1e-2), {"small_vanishes"}),
    (factor("large_explodes", 8.0), {"large_explodes"}),
    (other(relu_deep=0.85**49), {"depth_compounds", "millionth"}),
    (other(carried=[1.0, 0.005, 1.0]), {"carried_deep"}),
    (other(zeros=1e-30, orthogonal_deep=0.998), {"zeros_give_zero", "orthogonal_keeps"}),
    (other(overflow=Lost(8.0, 5.0), underflow=Lost(8.0, 11.0)), {"overflow_is_predicted", "underflow_is_predicted"}),
    (other(sigmoid_gain_one=0.26), {"sigmoid_quarters"}),
    (other(sigmoid_advised=0.02), {"advised_is_shallow"}),
    (other(sigmoid_advised=1e-10), {"advised_is_shallow"}),
    (lambda f: replace(f, sigmoid={**f.sigmoid, "large": 0.1}), {"flat_is_not_healthy"}),
    (lambda f: replace(f, saturated={**f.saturated, "large": 0.0}), {"flat_is_not_healthy"}),
    (tanh(he=0.8), {"he_is_flatter"}),
    (tanh(deep=0.9), {"depth_mends"}),
    (other(small_delta=0.1), {"weight_gradients_hide_it"}),
    (other(small_weight=11.0), {"weight_gradients_hide_it"}),
    (length(names=["silu"], rest=1.5, ratio=1.2), {"length_grows", "length_decides"}),
    (length(others=1.1), {"length_grows"}),
    (length(rest=101.0, ratio=102.0), {"length_hardly_counts"}),
    (other(sigmoid_weight=0.01, deviation=0.03), {"sigmoid_shows_it", "digits_agree"}),
]
