"""The sentences of the chapter on He that the numbers could refute."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

from reportgen.chapters.check import Check, above, below, near, same, within
from reportgen.chapters.he.findings import Findings

__all__ = ["check"]

_SPREAD = (4.0, 6.25)
"""Bounds of n times the variance of the log length per layer; 5 is the first term of a series in 1/n."""

_ANGLE = 0.07
"""How far the mean cosine may be from the map of infinitely wide layers; five standard errors of 64 networks."""


def check(f: Findings) -> Iterator[Check]:
    """Yield the verdict on each sentence."""
    yield from _factors(f)
    yield from _spectra(f)
    yield from _funnel(f)
    yield from _narrow(f)


def _factors(f: Findings) -> Iterator[Check]:
    yield Check.of("half", "ReLU halves the second moment", near(f.half, 0.5))
    yield Check.of("weighted_sum", "He's weighted sum doubles the second moment of its inputs", near(f.weighted_sum, 2))
    yield Check.of("he_keeps", "He keeps the rms from layer to layer", near(f.he, 1))
    yield Check.of("glorot_halves", "Glorot halves the square of the rms in every layer", near(f.glorot, sqrt(0.5)))
    yield Check.of("leaky_keeps", "He with the slope keeps the rms behind leaky ReLU", near(f.leaky, 1))
    yield Check.of("unmatched_grows", "He without the slope lets it grow", near(f.unmatched, f.unmatched_formula))
    text = "He's first layer doubles the mean square of the inputs"
    yield Check.of("first_layer_doubles", text, near(f.first_layer, sqrt(2)))
    text = "under Glorot less than a hundredth of the rms is left in the last layer, and less than half of that varies"
    left, across = f.glorot_last.value, f.glorot_across_last.value
    yield Check.of("glorot_starves", text, below(left, 0.01), below(across, left / 2))
    yield Check.of("uniform_is_normal", "uniform and normal give the same factor", near(f.uniform_difference, 0))


def _spectra(f: Findings) -> Iterator[Check]:
    """Check that orthogonal weights keep all directions where independent ones of the same variance lose most."""
    turned, independent = f.spectra["orthogonal"], [f.spectra[name] for name in ("lecun_normal", "lecun_uniform")]
    text = "products of orthogonal weights have singular values of 1 alone"
    off = max(abs(value - 1) for value in (turned.largest, turned.median))
    yield Check.of("rotations_keep", text, below(off, 1e-9), same(turned.kept_directions, turned.width))
    text = "products of independent weights lose more than half of the directions, and stretch some, normal or uniform"
    kept = max(one.kept_directions / one.width for one in independent)
    yield Check.of("most_are_lost", text, below(kept, 0.5), above(min(one.largest for one in independent), 1))


def _funnel(f: Findings) -> Iterator[Check]:
    root, forward, backward = sqrt(f.funnel[0] / f.funnel[-1]), f.forward, f.backward
    yield Check.of("fan_in_forward", "fan_in keeps the signal in the funnel", near(forward["fan_in"], 1))
    text = "fan_in costs the gradient the root of the ratio of widths"
    yield Check.of("fan_in_backward", text, near(backward["fan_in"], 1 / root))
    text = "fan_out lets the signal grow by the root of the ratio of widths"
    yield Check.of("fan_out_forward", text, near(forward["fan_out"], root))
    yield Check.of("fan_out_backward", "fan_out keeps the gradient in the funnel", near(backward["fan_out"], 1))


def _narrow(f: Findings) -> Iterator[Check]:
    spread, median = f.spread, f.lengths["median"]
    yield Check.of("length_factor", "He keeps the squared length on average over networks", near(f.length_factor, 1))
    yield Check.of("spread", "n times the variance per layer is about 5", *within(_SPREAD[0], spread, _SPREAD[1]))
    yield Check.of("median_shrinks", "the median network loses more than a quarter of its length", below(median, 0.75))
    yield Check.of("most_shrink", "more than three in five of the networks end shorter", above(f.shrunk_share, 0.6))
    yield Check.of("angles_collapse", "two inputs end up nearly parallel", above(f.cosine_last, 0.95))
    yield Check.of("angle_map", "the mean cosine follows the map", below(f.cosine_gap, _ANGLE))
    yield Check.of(
        "across_falls", "less than a third of the mean square varies across inputs", below(f.share_last, 1 / 3)
    )
    yield Check.of("angles_ignore_scale", "the share is the same for Glorot", below(f.share_gap, 1e-3))
    by_formula = f.dead["one_input_by_formula"]
    text = "more than a third of the very narrow networks are born dead"
    yield Check.of("born_dead", text, above(f.dead["every_input"], 1 / 3))
    yield Check.of("one_input_dies", "the formula for one input holds", near(f.dead_one_input, by_formula))
    others = max(f.otherwise_dead.values(), default=0)
    yield Check.of("same_networks_die", "the same networks die at every scale", same(others, 0))
