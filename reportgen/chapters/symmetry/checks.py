"""The sentences of the chapter on symmetry that the numbers could refute."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, pairwise
from math import inf, isfinite

from reportgen.chapters.check import ANYWHERE, Check, Scope, above, below, same, within
from reportgen.chapters.symmetry.findings import Findings

__all__ = ["check"]

_PAIRS = Scope(width=(2, inf))
"""A fresh layer has the width of the settings, and no two units that could differ if that is 1."""

_SOLVED = 0.9
"""Mean test accuracy from which on the circle counts as solved."""

_DIGITS = (0.5, 0.85)
"""Test accuracies on digits: below the first little was learned, above the second most of it."""

_TWO_THIRDS = (0.55, 0.75)
"""Test accuracies on the circle that count as about two thirds."""

_LOGARITHM = 10
"""How unequal the waits for a tenth of the noise may be; if time went like 1/noise, the ratio would be 100."""

_RATE = 3
"""By which factor the wait for a tenth of the noise may differ from the one that the rate of growth predicts."""


def check(f: Findings) -> Iterator[Check]:
    """Yield the verdict on each sentence."""
    for one in chain(_hand(f), _equal(f), _outcomes(f), _zeros(f), _starts(f), _noise(f)):
        yield one.only_for(ANYWHERE)
    for one in _fresh(f):
        yield one.only_for(_PAIRS)


def _hand(f: Findings) -> Iterator[Check]:
    hand, limit = f.hand, f.tolerance
    learns = below(hand.errors[-1], hand.errors[0] / 5), above(hand.between_inputs, 0.1)
    in_step = same(hand.woken, [2, 2, 1]), below(hand.biased_spread, limit)
    parts = above(hand.apart, 1e-3), below(hand.together, limit)
    yield Check.of("by_hand_equal", "The three equal units of the small net stay equal", below(hand.spread, limit))
    yield Check.of(
        "by_hand_learns", "The small net of equal weights learns, and its inputs get unequal weights", *learns
    )
    yield Check.of("by_hand_zeros", "No weight of the small net of zeros moves", same(hand.greatest_of_zeros, 0.0))
    text = "Over weights of zero with equal biases the output weights move first, then the others, all units in step"
    yield Check.of("by_hand_biases", text, *in_step)
    text = "A single weight that differs parts its unit from the others in all weights"
    yield Check.of("by_hand_differs", text, *parts)


def _equal(f: Findings) -> Iterator[Check]:
    first, limit = f.first_layer, f.tolerance
    inputs = min(abs(first.gradient[0] - first.gradient[1]), first.between_inputs)
    units = max(first.gradient_between_units, first.between_units)
    by_input = below(_rounding(inputs, limit), 1e-3), below(units, limit)
    alone = below(f.gap, limit), above(f.random_gap, 0.1)
    yield Check.of("equal_stays_equal", "Equal units stay equal in every run", below(f.spread, limit))
    yield Check.of("rank_one", "The matrix between equal layers keeps rank 1", same(f.ranks, (1, 1)))
    yield Check.of("first_layer", "First-layer gradients differ by input and not by unit", *by_input)
    yield Check.of("single_unit", "One unit per layer answers as all equal ones do", *alone)
    for name, run, subject in (
        ("mini_batches", f.circle_mini_batches, "Mini-batches do"),
        ("another_rate", f.circle_another_rate, "Another step size does"),
        ("more_data", f.circle_more_data, "More data do"),
        ("adam", f.circle_Adam, "Adam does"),
        ("weight_decay", f.circle_weight_decay, "Weight decay does"),
        ("layer_norm", f.circle_layer_norm, "Layer norm does"),
    ):
        yield Check.of(name, f"{subject} not tell equal units apart", below(run.constant.spread, limit))
    text = "Behind layer norm no hidden weight of equal units moves at all"
    yield Check.of("layer_norm_silences", text, below(f.circle_layer_norm.constant.moved, limit))


def _rounding(size: float, limit: float) -> float:
    """Return how much the limit below which differences are rounding is of a size."""
    return limit / max(size, limit)


def _outcomes(f: Findings) -> Iterator[Check]:
    bounded = f.circle, f.circle_mini_batches, f.circle_another_rate, f.circle_odd_width, f.circle_relu
    # A share of the points that is no greater, where it may be the same.
    beaten = max(0.0, max(run.constant.best_accuracy for run in bounded) - f.circle.best_line_accuracy)
    equal, random = f.circle.constant.test_accuracy, f.circle.random
    learned = below(max(f.digits.constant.test_accuracy, f.digits.ones.test_accuracy), _DIGITS[0])
    logistic = f.digits_no_hidden_layer.zeros.test_accuracy, f.digits_no_hidden_layer.random.test_accuracy
    fine = above(min(logistic), _DIGITS[1]), below(abs(logistic[0] - logistic[1]), 0.05)
    text = "On digits random weights learn and equal ones do not"
    yield Check.of("straight_line", "Equal units never beat the best straight line", same(beaten, 0.0))
    yield Check.of("two_thirds", "Equal units get about two thirds of the circle right", within(*_between(equal)))
    yield Check.of("random_solves", "Random weights solve the circle", above(random.test_accuracy, _SOLVED))
    yield Check.of("random_differs", "Random units differ at every checkpoint", above(random.least_spread, 0.1))
    yield Check.of("digits", text, learned, above(f.digits.random.test_accuracy, _DIGITS[1]))
    yield Check.of("no_hidden_layer", "Without a hidden layer zeros do as well as random weights", *fine)


def _between(value: float) -> tuple[float, float, float]:
    return _TWO_THIRDS[0], value, _TWO_THIRDS[1]


def _zeros(f: Findings) -> Iterator[Check]:
    still, moving = [run.zeros for run in (f.circle, f.circle_relu, f.digits, f.digits_relu)], f.digits_sigmoid.zeros
    weights = max(max(zeros.hidden_weights, zeros.readout_weights) for zeros in still)
    biases = min(zeros.output_biases for zeros in still)
    together = above(moving.hidden_weights, 0.01), below(moving.spread, f.tolerance)
    yield Check.of("zeros_stand_still", "No weight of zero ever moves behind tanh or ReLU", same(weights, 0.0))
    yield Check.of("output_bias_moves", "The output biases do move", below(_rounding(biases, f.tolerance), 1e-3))
    yield Check.of("zeros_in_step", "Behind sigmoid zeros move, all units in step", *together)
    little = below(moving.test_accuracy, _DIGITS[0])
    yield Check.of("zeros_learn_little", "Zeros behind sigmoid learn little", little)


def _starts(f: Findings) -> Iterator[Check]:
    """Check who parts and who learns."""
    full, equal, starts = f.digits.units, f.digits.constant.test_accuracy, f.starts
    for name, start, subject in (
        ("noise_parts", starts.noise.last, "The least noise tells"),
        ("biases_part", starts.biases.last, "Random biases tell"),
        ("zero_biases_part", starts.zero_biases.last, "Random biases over weights of zero tell"),
        ("dropout_parts", starts.dropout.last, "Dropout tells"),
    ):
        apart = same(start.distinct_units, float(full)), below(start.mean_absolute_cosine, 0.9)
        learns = above(start.test_accuracy - equal, 0.1)
        yield Check.of(name, f"{subject} units on digits apart, and the net learns", *apart, learns)
    text = "Zeros, ones and equal weights have one unit at every checkpoint on digits"
    yield Check.of("together", text, same(starts.together, 1.0))
    late = same(starts.noise.parted, 0.0), below(starts.noise.first.stable_rank, 1.01)
    text = "Units that noise parts are all different from the start, and yet count as one by stable rank"
    yield Check.of("noise_counts_as_one", text, *late)
    text = "Most of what they learn beyond equal weights comes after they have parted"
    yield Check.of("noise_waits", text, below(starts.early_share, 0.5))


def _noise(f: Findings) -> Iterator[Check]:
    growth = f.growth
    later = (
        same("broken" if isfinite(growth.updates[-1]) else "not broken", "broken"),
        above(min(b - a for a, b in pairwise(growth.updates)), 0),
    )
    rate = within(1 / _RATE, growth.per_tenth / growth.predicted_per_tenth, _RATE)
    together = below(growth.settled_spread, f.circle_settled.constant_value / 2)
    yield Check.of("noise_breaks", "On one hidden layer noise breaks the symmetry, less noise later", *later)
    text = "Waits for a tenth of the noise are of one order, where time like 1/noise would make each ten times the last"
    yield Check.of("logarithm", text, below(growth.extra[1] / growth.extra[0], _LOGARITHM))
    text = "The rate of growth predicts the wait for a tenth of the noise within a factor of three"
    yield Check.of("growth_rate", text, rate)
    text = "A thousandth of the noise takes longer, but less than twenty times as long"
    longer = above(growth.time_ratio, 1), below(growth.time_ratio, 20), same(growth.size_ratio, 1000)
    yield Check.of("a_thousandth", text, *longer)
    text = "Little noise on a net at rest does not even get half way to where the symmetry counts as broken"
    yield Check.of("settled", text, together)


def _fresh(f: Findings) -> Iterator[Check]:
    differ = same(f.fresh.least_distinct, f.fresh.width)
    yield Check.of("fresh_differs", "Every random distribution makes all units of a layer different", differ)
