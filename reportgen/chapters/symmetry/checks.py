"""The sentences of the chapter on symmetry that the numbers could refute."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, pairwise
from math import inf

from reportgen.chapters.check import ANYWHERE, Check, Scope, above, below, same, within
from reportgen.chapters.symmetry.findings import Findings

__all__ = ["check"]

_PAIRS = Scope(width=(2, inf))
"""A fresh layer has the width of the settings, and no pair of units if that is 1."""

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
    for one in chain(_equal(f), _outcomes(f), _zeros(f), _microscope(f), _noise(f)):
        yield one.only_for(ANYWHERE)
    for one in _fresh(f):
        yield one.only_for(_PAIRS)


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


def _microscope(f: Findings) -> Iterator[Check]:
    """Check who parts, how far the rank gets, and who learns."""
    full, equal, dropout = f.digits.units, f.digits.constant.test_accuracy, f.microscope.dropout
    for name, start, subject in (
        ("noise_parts", f.microscope.noise.last, "The least noise tells"),
        ("biases_part", f.microscope.biases.last, "Random biases tell"),
        ("zero_biases_part", f.microscope.zero_biases.last, "Random biases over weights of zero tell"),
        ("dropout_parts", dropout.last, "Dropout tells"),
    ):
        apart = same(start.distinct_units, float(full)), below(start.mean_absolute_cosine, 0.9)
        learns = above(start.test_accuracy - equal, 0.1)
        yield Check.of(name, f"{subject} units on digits apart, and the net learns", *apart, learns)
    ranks = (dropout.first.rank_2, dropout.last.rank_2)
    text = "The first update parts no hidden units, under dropout either"
    yield Check.of("first_update", text, above(dropout.parted, 1))
    text = "Over zeros with random biases the readout moves first, then the layer below it, then the first"
    yield Check.of("zeros_wake", text, same(f.microscope.asleep, [2, 1, 0]))
    text = "A readout that starts at zero keeps a rank one below the number of classes"
    yield Check.of("readout_rank", text, same(f.microscope.zero_biases.last.rank_3, f.microscope.full[2] - 1.0))
    yield Check.of("dropout_rank", "Dropout takes the rank from 1 to full", same(ranks, (1, full)))


def _noise(f: Findings) -> Iterator[Check]:
    growth, steps = f.growth, f.circle_noise.steps
    later = above(min(more - less for less, more in pairwise(growth.updates)), 0), below(growth.updates[-1], steps)
    rate = within(1 / _RATE, growth.per_tenth / growth.predicted_per_tenth, _RATE)
    together = below(growth.settled_spread, f.circle_settled.constant_value / 2)
    yield Check.of("noise_breaks", "On one hidden layer noise breaks the symmetry, less noise later", *later)
    text = "Waits for a tenth of the noise are of one order, where time like 1/noise would make each ten times the last"
    yield Check.of("logarithm", text, below(growth.extra[1] / growth.extra[0], _LOGARITHM))
    text = "The rate of growth predicts the wait for a tenth of the noise within a factor of three"
    yield Check.of("growth_rate", text, rate)
    yield Check.of("bias_noise", "Noise in the biases breaks the symmetry", below(growth.bias_updates, steps))
    text = "Little noise on a net at rest does not even get half way to where the symmetry counts as broken"
    yield Check.of("settled", text, together)


def _fresh(f: Findings) -> Iterator[Check]:
    fresh, expected = f.fresh, f.fresh.expected_cosine
    counts, equal = (fresh.least_distinct, fresh.least_rank), (fresh.equal_distinct, fresh.equal_ranks)
    off = max(abs(cosine - expected) for cosine in fresh.cosine)
    full = same(counts, (fresh.width, fresh.width))
    yield Check.of("fresh_differs", "Every random distribution gives distinct units and full rank", full)
    yield Check.of("fresh_equal", "Zeros and constants give one unit, of rank 0 and 1", same(equal, (1, [0, 1])))
    text = "Random units have the cosine of random directions"
    yield Check.of("fresh_cosine", text, below(off, fresh.cosine_margin))
    right = below(fresh.orthogonal_cosine, f.tolerance)
    yield Check.of("orthogonal", "Orthogonal units stand at right angles", right)
