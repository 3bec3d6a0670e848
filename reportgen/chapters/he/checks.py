"""The sentences of the chapter on He that the numbers could refute."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.chapters.chapter import Check
from reportgen.chapters.he.findings import Findings

__all__ = ["check"]

_SPREAD = (4.0, 6.25)
"""Bounds of n times the variance of the log length per layer; 5 is the first term of a series in 1/n."""

_ANGLE = 0.06
"""How far the mean cosine may be from the map of infinitely wide layers; five standard errors of 64 networks."""


def check(f: Findings) -> Iterator[Check]:
    """Yield the verdict on each sentence."""
    yield from _factors(f)
    yield from _funnel(f)
    yield from _narrow(f)


def _factors(f: Findings) -> Iterator[Check]:
    yield Check.near("half", "ReLU halves the second moment", f.half, 0.5)
    yield Check.near("weighted_sum", "He's weighted sum doubles the second moment of its inputs", f.weighted_sum, 2)
    yield Check.near("he_keeps", "He keeps the second moment from layer to layer", f.he, 1)
    yield Check.near("glorot_halves", "Glorot halves the second moment from layer to layer", f.glorot, 0.5)
    yield Check.near("leaky_keeps", "He with the slope keeps the second moment behind leaky ReLU", f.leaky, 1)
    yield Check.near("unmatched_grows", "He without the slope lets it grow", f.unmatched, f.unmatched_formula)
    yield Check.near("first_layer_doubles", "He's first layer doubles the variance of the inputs", f.first_layer, 2)
    yield Check.near("uniform_is_normal", "uniform and normal give the same factor", f.uniform_difference, 0)


def _funnel(f: Findings) -> Iterator[Check]:
    ratio, forward, backward = f.funnel[0] / f.funnel[-1], f.forward, f.backward
    yield Check.near("fan_in_forward", "fan_in keeps the signal in the funnel", forward["fan_in"], 1)
    yield Check.near("fan_in_backward", "fan_in costs the gradient the ratio of widths", backward["fan_in"], 1 / ratio)
    yield Check.near("fan_out_forward", "fan_out costs the signal the ratio of widths", forward["fan_out"], ratio)
    yield Check.near("fan_out_backward", "fan_out keeps the gradient in the funnel", backward["fan_out"], 1)


def _narrow(f: Findings) -> Iterator[Check]:
    spread, median = f.spread, f.lengths["median"]
    yield Check.near("length_factor", "He keeps the squared length on average over networks", f.length_factor, 1)
    yield Check.of("spread", "n times the variance per layer is about 5", _SPREAD[0] < spread < _SPREAD[1], spread)
    yield Check.of("median_shrinks", "the median network loses more than half", median < 0.5, median)
    yield Check.of("angles_collapse", "two inputs end up nearly parallel", f.cosine_last > 0.95, f.cosine_last)
    yield Check.of("angle_map", "the mean cosine follows the map", f.cosine_gap < _ANGLE, f.cosine_gap)
    yield Check.of("across_falls", "less than a third varies across inputs", f.share_last < 1 / 3, f.share_last)
    yield Check.of("angles_ignore_scale", "the share is the same for Glorot", f.share_gap < 1e-3, f.share_gap)
    by_formula = f.dead["one_input_by_formula"]
    yield Check.near("one_input_dies", "the formula for one input holds", f.dead_one_input, by_formula)
    yield Check.of(
        "same_networks_die",
        "the same networks die at every scale",
        not any(f.otherwise_dead.values()),
        f.otherwise_dead,
    )
