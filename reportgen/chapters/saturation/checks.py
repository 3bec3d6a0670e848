"""The sentences of the chapter on saturation that the numbers could refute.

The bounds are far from what is expected: seeds move these numbers by a few percent.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import numpy as np

from reportgen.chapters.check import ANYWHERE, Check, above, below, same, within
from reportgen.chapters.saturation.findings import Battery, Findings, Maps, Scale, Sigmoid
from reportgen.chapters.saturation.halt_checks import check_halt
from reportgen.chapters.saturation.tables import LOST_VARIANCE

__all__ = ["check"]


def check(f: Findings) -> Iterator[Check]:
    """Yield the verdict on each sentence."""
    own = (_small(f.small, f.small_weight_share), _large(f), _right(f), _sigmoid(f.sigmoid), _maps(f.maps))
    for one in chain(*own, check_halt(f.halt)):
        yield one.only_for(ANYWHERE)
    yield from _battery(f.battery)


def _small(small: Scale, weight_share: float) -> Iterator[Check]:
    dies = below(small.signal, 1e-5), same(small.most_saturated, 0.0), above(small.slope, 0.97)
    text = "small weights lose the signal without a saturated unit, at steep slopes"
    yield Check.of("small_dies", text, *dies)
    fifth = within(0.15, small.signal_factor, 0.3), within(0.15, small.gradient_factor, 0.3)
    text = "small weights leave about a fifth of signal and gradient in each layer"
    yield Check.of("small_shrinks_both_ways", text, *fifth)
    halts = below(weight_share, 1e-3), below(small.weight_spread, 1.5)
    text = "with small weights the weight gradients of all layers are alike and below a thousandth of the right ones"
    yield Check.of("small_moves_no_layer", text, *halts)


def _large(f: Findings) -> Iterator[Check]:
    large = f.large
    saturates = above(large.least_saturated, 0.85), below(large.slope, 0.25), above(large.signal, 0.9)
    text = "with large weights most units of every layer are saturated and slopes are flat"
    yield Check.of("large_saturates", text, *saturates)
    text = "with large weights the gradient grows from the last layer down to the first"
    yield Check.of("large_explodes", text, above(large.gradient, 1e3))
    nothing = above(large.nothing, 0.75), below(max(f.small.nothing, f.right.nothing), 0.01)
    text = "with large weights most units get next to nothing of the gradient, otherwise hardly any do"
    yield Check.of("large_is_mostly_nothing", text, *nothing)
    text = "with large weights about two thirds of the outputs round to plus or minus one in float32"
    yield Check.of("rounds_in_float32", text, *within(0.6, f.rounded, 0.75))


def _right(f: Findings) -> Iterator[Check]:
    signal, gradient = above(f.right.signal, 0.1), within(0.1, f.right.gradient, 10)
    text = "at the right scale signal and gradient stay within a factor of ten and few units saturate"
    yield Check.of("right_is_alive", text, signal, gradient, below(f.right.most_saturated, 0.05))
    off = float(np.abs(np.log(f.factors["measured"] / f.factors["weights × slopes"])).max())
    text = "the gradient's factor per layer is weights times slopes, within a tenth"
    yield Check.of("weights_times_slopes", text, below(off, 0.1))


def _sigmoid(sigmoid: Sigmoid) -> Iterator[Check]:
    is_half = within(0.4, sigmoid.least_mean, 0.6), within(0.45, sigmoid.mean, 0.55)
    yield Check.of("sigmoid_is_not_centered", "sigmoids average one half in every layer, not zero", *is_half)
    text = "the gradient of sigmoids that start from Glorot falls to less than a quarter per layer"
    yield Check.of("sigmoid_keeps_a_quarter", text, within(0.2, sigmoid.factor.value, 1 / 4))


def _maps(maps: Maps) -> Iterator[Check]:
    differ = above(maps.large_least, 0.5), below(maps.glorot, 0.06)
    text = "with large weights each tanh unit is saturated for most inputs; with Glorot hardly any is"
    yield Check.of("maps_differ", text, *differ)
    first, last = maps.sigmoid_stuck
    text = "with large weights more sigmoids are flat for nearly every input in the last layer than in the first"
    yield Check.of("sigmoids_get_stuck", text, above(last - first, 0.1))
    text = "half of ReLU is inactive"
    yield Check.of("relu_is_half_inactive", text, within(0.4, maps.relu_inactive, 0.6))
    first, last = maps.relu_stuck
    text = "more ReLU units do the same for nearly all inputs in the last layer than in the first"
    yield Check.of("relu_units_get_stuck", text, above(last - first, 0.1))


def _battery(cells: Battery) -> Iterator[Check]:
    text = "at every depth large weights saturate more of tanh than any start that scales with the fan"
    yield Check.of("large_saturates_most", text, above(cells.tanh_margin, 0))
    text = "in the deepest nets the scale next to He's saturates more than a tenth of tanh, He's hardly any"
    yield Check.of("middle_saturates", text, above(cells.tanh_middle, 0.1), below(cells.tanh_he, 0.03))
    is_lost = same(cells.tanh_small, 0.0), below(cells.tanh_small_signal, LOST_VARIANCE**0.5)
    text = "in the deepest net small weights saturate no tanh and lose the signal"
    yield Check.of("unsaturated_and_lost", text, *is_lost)
    text = "in the deepest nets more than half of the starts with hardly any saturation have lost the signal"
    yield Check.of("pale_is_not_healthy", text, above(cells.quiet_lost, 0.5))
