"""The sentences of the chapter on saturation about training that the numbers could refute.

Their bounds are far from what is expected.
"""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.chapters.chapter import Check
from reportgen.chapters.saturation.halt_findings import Halt, Net, Problem, Starts

__all__ = ["check_halt"]

_STEEPEST_SIGMOID = 1 / 16
"""The greatest squared slope of sigmoid; that of tanh is 1."""


def check_halt(halt: Halt) -> Iterator[Check]:
    """Yield the verdict on each sentence about training."""
    circle, digits = halt.circle, halt.digits
    yield from _extremes(circle, digits)
    yield from _activations(circle, digits)
    yield from _saturation([circle.tanh, digits.tanh, digits.sigmoid, circle.sigmoid])
    yield from _beginnings([digits.tanh, digits.sigmoid])
    yield from _ends([circle.tanh, digits.tanh], [circle.sigmoid, digits.sigmoid])
    yield from _factors(digits.tanh, digits.sigmoid)


def _extremes(circle: Problem, digits: Problem) -> Iterator[Check]:
    small = [starts.small.end_loss / one.guess for one in (circle, digits) for starts in (one.tanh, one.sigmoid)]
    text = "small weights end where a guess is, with every start and activation"
    yield Check.of("halt_small", text, min(small) > 0.95, *small)
    halting = ((circle.tanh, circle.guess), (digits.tanh, digits.guess), (digits.sigmoid, digits.guess))
    wild = [starts.huge.start_loss / guess for starts, guess in halting]
    huge = [starts.huge.end_loss / guess for starts, guess in halting]
    text = "huge weights begin far worse than a guess and end near it"
    yield Check.of("halt_huge", text, min(wild) > 3 and min(huge) > 0.6, *wild, *huge)
    right = digits.tanh.huge.test_accuracy, digits.sigmoid.huge.test_accuracy
    yield Check.of("halt_knows_little", "huge nets know little of digits", max(right) < 0.5, *right)
    large, crawling = circle.sigmoid.large.end_loss, circle.sigmoid.huge.end_loss
    text = "huge sigmoids on the circle stay far behind large ones"
    yield Check.of("halt_crawls", text, crawling > 3 * large, large, crawling)


def _activations(circle: Problem, digits: Problem) -> Iterator[Check]:
    learned = circle.tanh.glorot.test_accuracy, digits.tanh.glorot.test_accuracy
    yield Check.of("halt_glorot", "tanh learns both problems from Glorot", min(learned) > 0.85, *learned)
    glorot, slow, fast = digits.tanh.glorot.end_loss, digits.tanh.large.end_loss, circle.tanh.large.test_accuracy
    text = "weights of size one slow tanh down on digits and not on the circle"
    yield Check.of("halt_slows", text, slow > 3 * glorot and fast > 0.95, glorot, slow, fast)
    halted, right = digits.sigmoid.glorot.end_loss / digits.guess, digits.sigmoid.large.test_accuracy
    text = "sigmoids halt on digits with Glorot and learn from weights of size one"
    yield Check.of("halt_sigmoid", text, halted > 0.95 and right > 0.5, halted, right)


def _saturation(nets: list[Starts[Net]]) -> Iterator[Check]:
    """Check how much is saturated; the last of the nets is the one that only crawls."""
    before = [starts.huge.start.saturated for starts in nets]
    after = [starts.huge.end.saturated for starts in nets[:-1]]
    more = all(later > earlier for earlier, later in zip(before, after, strict=False))
    text = "huge weights saturate most units; tanh and digits more so later"
    yield Check.of("halt_saturates", text, min(before) > 0.5 and more, *before, *after)
    quiet = [starts.small.end.saturated for starts in nets]
    yield Check.of("halt_small_quiet", "small weights saturate nothing at any time", max(quiet) < 0.01, *quiet)


def _beginnings(digits: list[Starts[Net]]) -> Iterator[Check]:
    sizes = [starts.huge.start.gradient_norm / starts.glorot.start.gradient_norm for starts in digits]
    text = "on digits huge weights begin with far more gradient than Glorot"
    yield Check.of("halt_begins_large", text, min(sizes) > 3, *sizes)
    agreeing = [net.start.agreement for starts in digits for net in (starts.small, starts.glorot)]
    apart = [starts.huge.start.agreement for starts in digits]
    text = "the halves of the probe agree on the gradient but for huge weights"
    holds = min(agreeing) > 0.3 and max(map(abs, apart)) < 0.25
    yield Check.of("halt_disagrees", text, holds, *agreeing, *apart)


def _ends(tanh: list[Starts[Net]], sigmoid: list[Starts[Net]]) -> Iterator[Check]:
    """Check the gradients after training; of tanh that of digits is the last."""
    shares = [starts.huge.end.gradient / starts.glorot.end.gradient for starts in tanh]
    fall = tanh[-1].huge.end.gradient / tanh[-1].huge.start.gradient
    text = "in tanh it ends below a tenth of Glorot's per nat of loss, on digits it falls"
    yield Check.of("halt_vanishes_later", text, max(shares) < 0.1 and fall < 0.01, *shares, fall)
    lags = [starts.huge.end.gradient / starts.large.end.gradient for starts in sigmoid]
    leads = [starts.huge.end.gradient / starts.small.end.gradient for starts in sigmoid]
    text = "in sigmoids it ends below that of the start that learns and far above the small start's"
    yield Check.of("halt_lags", text, max(lags) < 1 and min(leads) > 30, *lags, *leads)


def _factors(tanh: Starts[Net], sigmoid: Starts[Net]) -> Iterator[Check]:
    weights = tanh.small.end.weights, sigmoid.small.end.weights
    moved = [net.end.weights / net.start.weights for net in (tanh.small, sigmoid.small)]
    steep = tanh.small.end.slopes, sigmoid.small.end.slopes / _STEEPEST_SIGMOID
    holds = min(steep) > 0.95 and max(weights) < 0.01 and min(moved) > 0.5 and max(moved) < 2
    text = "small weights fail by their weights, before and after; their slopes stay steep"
    yield Check.of("halt_products", text, holds, *weights, *moved, *steep)
    outweighing = tanh.huge.start.product, sigmoid.huge.start.product
    text = "huge weights begin with factors above one: they outweigh the flat slopes"
    yield Check.of("halt_outweighs", text, min(outweighing) > 1, *outweighing)
    start, end = tanh.huge.start, tanh.huge.end
    yield Check.of("halt_turns", "in tanh the factor ends far below one", end.product < 0.5, end.product)
    fallen, grown = end.slopes / start.slopes, end.weights / start.weights
    text = "that is the doing of slopes, not of weights"
    yield Check.of("halt_by_slopes", text, fallen < 0.1 and grown > 0.5, fallen, grown)
    text = "the gradient meets slopes far below the average"
    misleads = end.slopes < end.mean_squared_slope / 10
    yield Check.of("halt_average_misleads", text, misleads, end.slopes, end.mean_squared_slope)
    alive = tanh.glorot.end.product, sigmoid.large.end.product
    text = "nets that learn digits end near a factor of one"
    yield Check.of("halt_alive", text, min(alive) > 0.3 and max(alive) < 3, *alive)
