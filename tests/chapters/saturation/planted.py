"""Findings of the chapter on saturation that refute its sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from reportgen.chapters.saturation.findings import Findings
from reportgen.judgments.estimates import Estimate

Change = Callable[[Findings], Findings]


def of(path: str, **values: Any) -> Change:
    """Give other values to the record at a dotted path."""
    head, *names = path.split(".")
    return lambda f: replace(f, **{head: inside(getattr(f, head), names, values)})


def inside(record: Any, names: list[str], values: dict[str, Any]) -> Any:
    if names:
        head, *rest = names
        values = {head: inside(getattr(record, head), rest, values)}
    return record._replace(**values)


TANH_CIRCLE, SIGMOID_CIRCLE = "halt.circle.tanh", "halt.circle.sigmoid"
TANH_DIGITS, SIGMOID_DIGITS = "halt.digits.tanh", "halt.digits.sigmoid"

PLANTED: list[tuple[Change, set[str]]] = [
    (of("small", signal=0.2, gradient_factor=1.0), {"small_dies", "small_shrinks_both_ways"}),
    (of("small", most_saturated=0.001, weight_spread=2.0), {"small_dies", "small_moves_no_layer"}),
    (of("small", slope=0.9, nothing=0.5), {"small_dies", "large_is_mostly_nothing"}),
    (lambda f: replace(f, small_weight_share=0.1), {"small_moves_no_layer"}),
    (of("large", least_saturated=0.5, gradient=1.0), {"large_saturates", "large_explodes"}),
    (of("large", slope=0.5, nothing=0.01), {"large_saturates", "large_is_mostly_nothing"}),
    # What numpy's float32 tanh makes of the narrower nets' outputs, and what float64 rounds.
    (lambda f: replace(f, rounded=0.52), {"rounds_in_float32"}),
    (of("large", signal=0.5), {"large_saturates"}),
    (of("right", signal=0.01), {"right_is_alive"}),
    (of("right", most_saturated=0.2), {"right_is_alive"}),
    (of("right", gradient=1e-3), {"right_is_alive"}),
    (lambda f: replace(f, factors=f.factors.assign(measured=1.0)), {"weights_times_slopes"}),
    (of("sigmoid", mean=0.0, factor=Estimate(0.26, 0.0)), {"sigmoid_is_not_centered", "sigmoid_keeps_a_quarter"}),
    (of("sigmoid", least_mean=0.3), {"sigmoid_is_not_centered"}),
    (of("maps", large_least=0.4, relu_inactive=0.3), {"maps_differ", "relu_is_half_inactive"}),
    (of("maps", glorot=0.2, sigmoid_stuck=(0.3, 0.2)), {"maps_differ", "sigmoids_get_stuck"}),
    (of("maps", relu_stuck=(0.3, 0.2)), {"relu_units_get_stuck"}),
    (of("battery", tanh_margin=-0.1, quiet_lost=0.4), {"large_saturates_most", "pale_is_not_healthy"}),
    (of("battery", tanh_small_signal=0.1), {"unsaturated_and_lost"}),
    (of("battery", tanh_middle=0.05), {"middle_saturates"}),
    (of("battery", tanh_he=0.1), {"middle_saturates"}),
    (of(f"{SIGMOID_DIGITS}.small", end_loss=0.5), {"halt_small"}),
    (of(f"{TANH_CIRCLE}.huge", end_loss=0.1), {"halt_huge"}),
    (of(f"{SIGMOID_DIGITS}.huge", start_loss=2.4, test_accuracy=0.9), {"halt_huge", "halt_knows_little"}),
    (of(f"{TANH_CIRCLE}.glorot", test_accuracy=0.5), {"halt_glorot"}),
    (of(f"{TANH_CIRCLE}.large", test_accuracy=0.92), {"halt_large_is_right"}),
    (of(f"{SIGMOID_DIGITS}.large", end_loss=2.5), {"halt_large_is_right"}),
    (of(f"{TANH_DIGITS}.large", end_loss=0.01), {"halt_slows"}),
    (of(f"{SIGMOID_DIGITS}.glorot", end_loss=0.5), {"halt_sigmoid"}),
    (of(f"{SIGMOID_DIGITS}.large", test_accuracy=0.1), {"halt_sigmoid"}),
    (of(f"{TANH_DIGITS}.huge.start", saturated=-0.9), {"halt_saturates"}),
    (of(f"{TANH_CIRCLE}.huge.end", saturated=0.6, gradient=10.0), {"halt_saturates", "halt_vanishes_later"}),
    (of(f"{SIGMOID_CIRCLE}.small.end", saturated=0.1), {"halt_small_quiet"}),
    (of(f"{SIGMOID_DIGITS}.huge.start", gradient_norm=1e-3), {"halt_begins_large"}),
    (of("halt", outweighing=0.5), {"halt_outweighs"}),
    (of(f"{TANH_DIGITS}.huge.start", gradient=1e-12, agreement=-0.7), {"halt_vanishes_later", "halt_disagrees"}),
    (of(f"{TANH_DIGITS}.small.start", agreement=0.0), {"halt_disagrees"}),
    (of(f"{SIGMOID_DIGITS}.small.start", weights=1.0), {"halt_products"}),
    (of(f"{SIGMOID_DIGITS}.small.end", slopes=1 / 5), {"halt_products"}),
    (of(f"{TANH_DIGITS}.huge.end", product=1.0, slopes=1.0), {"halt_by_slopes"}),
    (of(f"{TANH_DIGITS}.glorot.end", product=0.1), {"halt_alive"}),
]
