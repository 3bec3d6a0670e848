"""The sentences of the chapter on the playground that the numbers could refute."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from reportgen.chapters.check import ANYWHERE, Check, above, below, same
from reportgen.chapters.playground.findings import Alike, Findings, Halt

__all__ = ["check"]

_MOST = 0.6
"""Share of the nets of a start from which on most of them do something."""

_STILL = 0.15
"""Share of their size by which weights change that hardly move."""

_SOLVED = 0.9
"""Right answers from which on the circle counts as solved."""


def check(f: Findings) -> Iterator[Check]:
    """Yield the verdict on each sentence."""
    for one in chain(_alike(f.alike), _halt(f.halt, f.guess)):
        yield one.only_for(ANYWHERE)


def _alike(alike: Alike) -> Iterator[Check]:
    zeros, equal, noise, random, units = *alike[1:], alike.training.units
    text = "From zeros no weight has a gradient at any time"
    yield Check.of("zeros_stay", text, same(zeros.greatest_gradient, 0.0), same(zeros.distinct, (1, 1)))
    text = "Equal units stay one unit, and get no more points right than a straight line"
    yield Check.of("equal_is_one", text, same(equal.distinct, (1, 1)), same(equal.beaten, 1.0))
    text = "With a little noise all units differ, and most nets beat every straight line"
    yield Check.of("noise_learns", text, same(noise.distinct, (units, units)), above(1 - noise.beaten, _MOST))
    text = "From random weights every net solves the circle"
    yield Check.of("random_learns", text, above(random.least_accuracy, _SOLVED))


def _halt(halt: Halt, guess: float) -> Iterator[Check]:
    large, small, right = halt[1:]
    text = "From large weights most nets get no more points right than the best straight line"
    yield Check.of("large_halts", text, above(large.beaten, _MOST))
    text = "The loss from large weights begins far above a guess, and in most nets does not end clearly below it"
    yield Check.of("large_guesses", text, above(large.start_loss / guess, 3), above(large.unlearned, 0.5))
    text = "Of the large layers the last one moves, where the first hardly does"
    yield Check.of("last_layer_unlearns", text, above(large.last_moved, 0.1), below(large.moved, _STILL))
    text = "Large weights press most of the first layer flat, and hardly move it, where Glorot's moves"
    flat = above(large.saturated, 0.5), below(large.moved, _STILL), above(right.moved, 0.3)
    yield Check.of("large_is_flat", text, *flat)
    text = "From small weights no net leaves the loss of a guess; nothing is saturated, and hardly a gradient arrives"
    arrives = below(small.start_gradient / right.start_gradient, 0.01)
    still = above(small.loss / guess, 0.95), same(small.beaten, 1.0), below(small.saturated, 0.01), arrives
    yield Check.of("small_stays", text, *still)
    text = "From Glorot's weights every net solves the circle"
    yield Check.of("right_learns", text, above(right.least_accuracy, _SOLVED))
