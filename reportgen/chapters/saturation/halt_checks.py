"""The sentences of the chapter on saturation about training that the numbers could refute.

Their bounds are far from what is expected.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import fmean

from reportgen.chapters.check import Check, above, below, within
from reportgen.chapters.saturation.halt_findings import Halt, Net, Problem, Starts

__all__ = ["check_halt"]

_STEEPEST_SIGMOID = 1 / 4
"""The greatest slope of sigmoid; that of tanh is 1."""


def check_halt(halt: Halt) -> Iterator[Check]:
    """Yield the verdict on each sentence about training."""
    circle, digits = halt.circle, halt.digits
    yield from _extremes(circle, digits)
    yield from _activations(circle, digits)
    yield from _saturation([circle.tanh, digits.tanh, digits.sigmoid, circle.sigmoid])
    yield from _beginnings([digits.tanh, digits.sigmoid])
    yield from _ends([circle.tanh, digits.tanh])
    yield from _factors(digits.tanh, digits.sigmoid)
    text = "huge weights outweigh the flat slopes at first, on average over tanh and sigmoid, and the gradient grows"
    yield Check.of("halt_outweighs", text, above(halt.outweighing, 1))


def _extremes(circle: Problem, digits: Problem) -> Iterator[Check]:
    small = [starts.small.end_loss / one.guess for one in (circle, digits) for starts in (one.tanh, one.sigmoid)]
    text = "small weights end where a guess is, with every start and activation"
    yield Check.of("halt_small", text, above(min(small), 0.95))
    halting = ((circle.tanh, circle.guess), (digits.tanh, digits.guess), (digits.sigmoid, digits.guess))
    wild = [starts.huge.start_loss / guess for starts, guess in halting]
    huge = [starts.huge.end_loss / guess for starts, guess in halting]
    text = "huge weights begin at more than twice the loss of a guess and do not end below half of it"
    yield Check.of("halt_huge", text, below(1 / min(wild), 1 / 2), above(min(huge), 0.5))
    right = digits.tanh.huge.test_accuracy, digits.sigmoid.huge.test_accuracy
    yield Check.of("halt_knows_little", "huge nets know little of digits", below(max(right), 0.5))


def _activations(circle: Problem, digits: Problem) -> Iterator[Check]:
    learned = circle.tanh.glorot.test_accuracy, digits.tanh.glorot.test_accuracy
    yield Check.of("halt_glorot", "tanh learns both problems from Glorot", above(min(learned), 0.85))
    slowed, fast = digits.tanh.large.end_loss / digits.tanh.glorot.end_loss, circle.tanh.large.test_accuracy
    text = "weights of size one slow tanh down on digits and not on the circle"
    yield Check.of("halt_slows", text, above(slowed, 3), above(fast, 0.9))
    on_circle, on_digits = circle.sigmoid, digits.sigmoid
    rivals = ((on_circle, ()), (on_digits, (on_digits.huge,)))
    ratio = max(
        one.large.end_loss / min(net.end_loss for net in (one.small, one.glorot, *more)) for one, more in rivals
    )
    as_well = circle.tanh.large.test_accuracy - circle.tanh.glorot.test_accuracy
    text = "of size one, weights train tanh on the circle as well as Glorot, and sigmoids better than it and small ones"
    yield Check.of("halt_large_is_right", text, above(as_well, -0.05), below(ratio, 1))
    halted, right = digits.sigmoid.glorot.end_loss / digits.guess, digits.sigmoid.large.test_accuracy
    text = "sigmoids halt on digits with Glorot and learn from weights of size one"
    yield Check.of("halt_sigmoid", text, above(halted, 0.95), above(right, 0.5))


def _saturation(nets: list[Starts[Net]]) -> Iterator[Check]:
    """Check how much is saturated; the last of the nets may learn something and come out of it."""
    before = [starts.huge.start.saturated for starts in nets]
    risen = [starts.huge.end.saturated - starts.huge.start.saturated for starts in nets[:-1]]
    text = "huge weights saturate most units, on average over problems and activations; tanh and digits more so later"
    yield Check.of("halt_saturates", text, above(fmean(before), 0.5), above(min(risen), 0))
    quiet = [starts.small.end.saturated for starts in nets]
    yield Check.of("halt_small_quiet", "small weights saturate nothing at any time", below(max(quiet), 0.01))


def _beginnings(digits: list[Starts[Net]]) -> Iterator[Check]:
    sizes = [starts.glorot.start.gradient_norm / starts.huge.start.gradient_norm for starts in digits]
    text = "on digits huge weights begin with more than twice the gradient of Glorot"
    yield Check.of("halt_begins_large", text, below(max(sizes), 1 / 2))
    tanh = digits[0]
    agreeing, apart = [net.start.agreement for net in (tanh.small, tanh.glorot)], abs(tanh.huge.start.agreement)
    text = "in tanh the halves of the probe agree on the gradient but for huge weights"
    yield Check.of("halt_disagrees", text, above(min(agreeing), 0.3), below(apart, 0.1))


def _ends(tanh: list[Starts[Net]]) -> Iterator[Check]:
    """Check the gradients after training; that of digits is the last."""
    shares = [starts.huge.end.gradient / starts.glorot.end.gradient for starts in tanh]
    fall = tanh[-1].huge.end.gradient / tanh[-1].huge.start.gradient
    text = "in tanh it ends below a tenth of Glorot's per unit of loss, on digits it falls"
    yield Check.of("halt_vanishes_later", text, below(max(shares), 0.1), below(fall, 0.01))


def _factors(tanh: Starts[Net], sigmoid: Starts[Net]) -> Iterator[Check]:
    weights = tanh.small.end.weights, sigmoid.small.end.weights
    moved = [net.end.weights / net.start.weights for net in (tanh.small, sigmoid.small)]
    steep = tanh.small.end.slopes, sigmoid.small.end.slopes / _STEEPEST_SIGMOID
    still = above(min(moved), 0.7), below(max(moved), 1.4)
    text = "small weights fail by their weights, before and after; their slopes stay steep"
    yield Check.of("halt_products", text, above(min(steep), 0.97), below(max(weights), 0.1), *still)
    start, end = tanh.huge.start, tanh.huge.end
    fallen, grown = end.slopes / start.slopes, end.weights / start.weights
    text = "in tanh slopes and not weights let the factor end far below one"
    yield Check.of("halt_by_slopes", text, below(end.product, 0.7), below(fallen, 0.3), above(grown, 0.7))
    alive = tanh.glorot.end.product, sigmoid.large.end.product
    text = "nets that learn digits end near a factor of one"
    yield Check.of("halt_alive", text, within(0.55, min(alive), 1.8), within(0.55, max(alive), 1.8))
