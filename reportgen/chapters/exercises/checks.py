"""The sentences of the teachers' sheet that the numbers could refute."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.chapters.check import ANYWHERE, Check, above, below, same, within
from reportgen.chapters.exercises.findings import Findings

__all__ = ["check"]

_MOST = 0.5
"""Share of the nets from which on most of them do something."""


def check(f: Findings) -> Iterator[Check]:
    """Yield the verdict on each sentence."""
    for one in _check(f):
        yield one.only_for(ANYWHERE)


def _check(f: Findings) -> Iterator[Check]:
    text = "Equal units stay one, and get no more points right than the best straight line"
    yield Check.of("equal_is_a_line", text, same(f.equal_units, 1), same(max(0.0, f.equal_lead), 0.0))
    text = "Most nets with a little noise beat every straight line"
    yield Check.of("noise_beats_lines", text, above(f.noise_beats, _MOST))
    text = (
        "The loss of large weights begins far above a guess, and most nets end neither clearly below it nor above lines"
    )
    falls = above(f.large_start, 3), above(f.large_unlearned, _MOST), above(f.large_beaten, _MOST)
    yield Check.of("large_comes_to_rest", text, *falls, below(f.large_moved, 0.15))
    text = "At the learning rates that were tried hardly a net from large or from small weights learns"
    yield Check.of("no_rate_saves", text, above(1 - f.saved, 0.9))
    text = "Small weights stay at the loss of a guess"
    yield Check.of("small_stays_at_a_guess", text, above(f.small_loss, 0.95))
    text = "Large weights saturate most of the first layer, small ones none of it"
    yield Check.of("saturation_parts_them", text, above(f.large_saturated, 0.5), below(f.small_saturated, 0.01))
    text = "Before training the last layer of most nets with large weights has a larger gradient than from Glorot's"
    yield Check.of("large_gradient_is_large", text, above(f.large_gradient, _MOST))
    text = "The first layer's gradient from large weights differs from draw to draw by more than a factor of a thousand"
    yield Check.of("large_gradients_differ", text, above(f.large_apart, 1000))
    text = "Small weights leave the first layer less than a hundredth of the gradient that Glorot's do"
    yield Check.of("small_gradient_is_small", text, below(f.small_gradient, 0.01))
    text = "A tenth of the noise takes longer, but less than ten times as long"
    yield Check.of("a_tenth", text, within(1, f.tenth, 10))
    _, more, *_, few = f.learned
    text = "With noise of a ten-thousandth most nets do not learn in time, with a hundredth more do"
    yield Check.of("in_time", text, above(1 - few, _MOST), above(more - few, 0.2))
