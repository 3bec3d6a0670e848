"""The sentences of the chapter on saturation that the numbers could refute.

The bounds are far from what is expected: seeds move these numbers by a few percent.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from reportgen.chapters.chapter import Check
from reportgen.chapters.saturation.findings import Battery, Findings, Maps, Scale, Sigmoid
from reportgen.chapters.saturation.halt_checks import check_halt

__all__ = ["check"]


def check(f: Findings) -> Iterator[Check]:
    """Yield the verdict on each sentence."""
    yield from _small(f.small, f.small_weight_share)
    yield from _large(f)
    yield from _right(f.right)
    off = float(np.abs(np.log(f.factors["measured"] / f.factors["product"])).max())
    yield Check.of("weights_times_slopes", "the gradient's factor per layer is weights times slopes", off < 0.15, off)
    yield from _sigmoid(f.sigmoid)
    yield from _maps(f.maps)
    yield from _battery(f.battery)
    yield from check_halt(f.halt)


def _small(small: Scale, weight_share: float) -> Iterator[Check]:
    dies = small.signal < 1e-5 and small.most_saturated == 0 and small.slope > 0.95
    text = "small weights lose the signal without a saturated unit, at steep slopes"
    yield Check.of("small_dies", text, dies, small.signal, small.most_saturated, small.slope)
    alike = abs(small.signal_factor / small.gradient_factor - 1) < 0.1 and small.signal_factor < 0.5
    text = "small weights shrink signal and gradient by the same factor per layer"
    yield Check.of("small_shrinks_both_ways", text, alike, small.signal_factor, small.gradient_factor)
    halts = weight_share < 1e-3 and small.weight_spread < 1.5
    text = "with small weights the weight gradients of all layers are alike and below a thousandth of the right ones"
    yield Check.of("small_moves_no_layer", text, halts, weight_share, small.weight_spread)


def _large(f: Findings) -> Iterator[Check]:
    large, single, double = f.large, f.rounded["float32"], f.rounded["float64"]
    saturates = large.least_saturated > 0.85 and large.slope < 0.05 and large.signal > 0.9
    text = "with large weights most units of every layer are saturated and slopes are flat"
    yield Check.of("large_saturates", text, saturates, large.least_saturated, large.slope, large.signal)
    text = "with large weights the gradient grows from the last layer down to the first"
    yield Check.of("large_explodes", text, large.gradient > 1e3, large.gradient)
    nothing = large.nothing, f.small.nothing, f.right.nothing
    text = "with large weights most units get next to nothing of the gradient, otherwise hardly any do"
    yield Check.of("large_is_mostly_nothing", text, nothing[0] > 0.75 and max(nothing[1:]) < 0.01, *nothing)
    text = "with large weights more outputs round to one in float32 than in float64"
    yield Check.of("rounds_in_float32", text, single > double + 0.1 and double > 0.1, single, double)


def _right(right: Scale) -> Iterator[Check]:
    alive = right.signal > 0.1 and 0.1 < right.gradient < 10 and right.most_saturated < 0.05
    text = "at the right scale signal and gradient stay within a factor of ten and few units saturate"
    yield Check.of("right_is_alive", text, alive, right.signal, right.gradient, right.most_saturated)


def _sigmoid(sigmoid: Sigmoid) -> Iterator[Check]:
    is_half = abs(sigmoid.least_mean - 0.5) < 0.1 and abs(sigmoid.mean - 0.5) < 0.05
    text = "sigmoids average one half in every layer, not zero"
    yield Check.of("sigmoid_is_not_centered", text, is_half, sigmoid.least_mean, sigmoid.mean)
    factor = sigmoid.factor.value
    text = "the squared gradient of sigmoids at gain one falls to less than 1/16 per layer"
    yield Check.of("sigmoid_loses_a_sixteenth", text, 0.045 < factor < 1 / 16, factor)


def _maps(maps: Maps) -> Iterator[Check]:
    differ = maps.large_least > 0.5 and maps.glorot < 0.06 and maps.sigmoid_glorot < 0.01
    text = "with large weights each tanh unit is saturated for most inputs; with Glorot tanh and sigmoid hardly are"
    yield Check.of("maps_differ", text, differ, maps.large_least, maps.glorot, maps.sigmoid_glorot)
    first, last = maps.sigmoid_stuck
    text = "with large weights more sigmoids are flat for nearly every input in the last layer than in the first"
    yield Check.of("sigmoids_get_stuck", text, last > first + 0.1, first, last)
    inactive = maps.relu_inactive
    yield Check.of("relu_is_half_inactive", "half of ReLU is inactive", abs(inactive - 0.5) < 0.1, inactive)
    first, last = maps.relu_stuck
    text = "more ReLU units do the same for nearly all inputs in the last layer than in the first"
    yield Check.of("relu_units_get_stuck", text, last > first + 0.1, first, last)


def _battery(cells: Battery) -> Iterator[Check]:
    text = "at every depth large weights saturate more of tanh than any start that scales with the fan"
    yield Check.of("large_saturates_most", text, cells.tanh_margin > 0, cells.tanh_margin)
    is_lost = cells.tanh_small == 0 and cells.tanh_small_signal < cells.lost
    text = "in the deepest net small weights saturate no tanh and lose the signal"
    yield Check.of("unsaturated_and_lost", text, is_lost, cells.tanh_small, cells.tanh_small_signal)
    text = "in the deepest nets many of the starts with hardly any saturation have lost the signal"
    yield Check.of("pale_is_not_healthy", text, cells.quiet_lost > 0.2, cells.quiet_lost, cells.quiet_cells)
