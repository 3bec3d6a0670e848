"""The sentences of the chapter on symmetry that the numbers could refute."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.chapters.chapter import Check
from reportgen.chapters.symmetry.findings import Findings

__all__ = ["check"]

_SOLVED = 0.9
"""Mean test accuracy from which on the circle counts as solved."""

_DIGITS = (0.5, 0.85)
"""Test accuracies on digits: below the first little was learned, above the second most of it."""

_TWO_THIRDS = (0.55, 0.75)
"""Test accuracies on the circle that count as about two thirds."""

_LOGARITHM = 5
"""How unequal the waits for a tenth of the noise may be; if time went like 1/noise, the ratio would be 100."""

_RATE = 2
"""By which factor the wait for a tenth of the noise may differ from the one that the rate of growth predicts."""


def check(f: Findings) -> Iterator[Check]:
    """Yield the verdict on each sentence."""
    yield from _equal(f)
    yield from _outcomes(f)
    yield from _zeros(f)
    yield from _microscope(f)
    yield from _noise(f)
    yield from _fresh(f)


def _equal(f: Findings) -> Iterator[Check]:
    first, limit = f.first_layer, f.tolerance
    inputs = min(abs(first.gradient[0] - first.gradient[1]), first.between_inputs)
    units = max(first.gradient_between_units, first.between_units)
    by_input, alone = inputs > 1000 * limit and units <= limit, f.gap <= limit and f.random_gap > 0.1
    yield Check.of("equal_stays_equal", "Equal units stay equal in every run", f.spread <= limit, f.spread)
    yield Check.of("rank_one", "The matrix between equal layers keeps rank 1", f.ranks == (1, 1), f.ranks)
    yield Check.of("first_layer", "First-layer gradients differ by input and not by unit", by_input, inputs, units)
    yield Check.of("single_unit", "One unit per layer answers as all equal ones do", alone, f.gap, f.random_gap)
    for name, run, subject in (
        ("mini_batches", f.circle_mini_batches, "Mini-batches do"),
        ("another_rate", f.circle_another_rate, "Another step size does"),
        ("more_data", f.circle_more_data, "More data do"),
    ):
        spread = run.constant.spread
        yield Check.of(name, f"{subject} not tell equal units apart", spread <= limit, spread)


def _outcomes(f: Findings) -> Iterator[Check]:
    bounded = f.circle, f.circle_mini_batches, f.circle_another_rate, f.circle_odd_width, f.circle_relu
    best = max(run.constant.best_accuracy for run in bounded)
    line, equal, random = f.circle.best_line_accuracy, f.circle.constant.test_accuracy, f.circle.random.test_accuracy
    share, spread = _TWO_THIRDS[0] < equal < _TWO_THIRDS[1], f.circle.random.least_spread
    digits = [start.test_accuracy for start in (f.digits.constant, f.digits.ones, f.digits.random)]
    learned = max(digits[:2]) < _DIGITS[0] and digits[2] > _DIGITS[1]
    logistic = f.digits_no_hidden_layer.zeros.test_accuracy, f.digits_no_hidden_layer.random.test_accuracy
    fine = min(logistic) > _DIGITS[1] and abs(logistic[0] - logistic[1]) < 0.05
    yield Check.of("straight_line", "Equal units never beat the best straight line", best <= line, best, line)
    yield Check.of("two_thirds", "Equal units get about two thirds of the circle right", share, equal)
    yield Check.of("random_solves", "Random weights solve the circle", random > _SOLVED, random)
    yield Check.of("random_differs", "Random units differ at every checkpoint", spread > 0.1, spread)
    yield Check.of("digits", "On digits random weights learn and equal ones do not", learned, digits)
    yield Check.of("no_hidden_layer", "Without a hidden layer zeros do as well as random weights", fine, logistic)


def _zeros(f: Findings) -> Iterator[Check]:
    still, moving = [run.zeros for run in (f.circle, f.circle_relu, f.digits, f.digits_relu)], f.digits_sigmoid.zeros
    weights = max(max(zeros.hidden_weights, zeros.readout_weights) for zeros in still)
    biases = min(zeros.output_biases for zeros in still)
    steps, accuracy = (moving.hidden_weights, moving.spread), moving.test_accuracy
    together = steps[0] > 0.01 and steps[1] <= f.tolerance
    yield Check.of("zeros_stand_still", "No weight of zero ever moves behind tanh or ReLU", weights == 0, weights)
    yield Check.of("output_bias_moves", "The output biases do move", biases > 0, biases)
    yield Check.of("zeros_in_step", "Behind sigmoid zeros move, all units in step", together, steps)
    yield Check.of("zeros_learn_little", "Zeros behind sigmoid learn little", accuracy < _DIGITS[0], accuracy)


def _microscope(f: Findings) -> Iterator[Check]:
    """Check who parts, how far the rank gets, and who learns."""
    full, equal, dropout = f.digits.units, f.digits.constant.test_accuracy, f.microscope.dropout
    for name, start, subject in (
        ("noise_parts", f.microscope.noise.last, "The least noise tells"),
        ("biases_part", f.microscope.biases.last, "Random biases tell"),
        ("dropout_parts", dropout.last, "Dropout tells"),
    ):
        units, cosine, accuracy = start.distinct_units, start.mean_absolute_cosine, start.test_accuracy
        apart = units == full and cosine < 0.9 and accuracy > equal + 0.1
        yield Check.of(name, f"{subject} units on digits apart, and the net learns", apart, units, cosine, accuracy)
    parted, ranks = dropout.parted, (dropout.first.rank_2, dropout.last.rank_2)
    yield Check.of("first_update", "The first update parts no hidden units, under dropout either", parted > 1, parted)
    yield Check.of("dropout_rank", "Dropout takes the rank from 1 to full", ranks == (1, full), ranks)


def _noise(f: Findings) -> Iterator[Check]:
    growth, updates, extra, biases = f.growth, f.growth.updates, f.growth.extra, f.growth.bias_updates
    later = updates == sorted(updates) and updates[-1] < f.circle_noise.steps
    logarithmic, slopes = extra[1] < _LOGARITHM * extra[0], (growth.per_tenth, growth.predicted_per_tenth)
    near = 1 / _RATE < slopes[0] / slopes[1] < _RATE
    together = growth.settled_spread < f.circle_settled.constant_value / 10
    yield Check.of("noise_breaks", "On one hidden layer noise breaks the symmetry, less noise later", later, updates)
    yield Check.of("logarithm", "Each tenth of the noise costs about as many updates more", logarithmic, extra)
    yield Check.of("growth_rate", "The rate of growth predicts the wait for a tenth of the noise", near, slopes)
    yield Check.of("bias_noise", "Noise in the biases breaks the symmetry", biases < f.circle_noise.steps, biases)
    yield Check.of("settled", "Little noise stays little on a net at rest", together, growth.settled_spread)


def _fresh(f: Findings) -> Iterator[Check]:
    fresh, expected, orthogonal = f.fresh, f.fresh.expected_cosine, f.fresh.orthogonal_cosine
    counts, equal = (fresh.least_distinct, fresh.least_rank), (fresh.equal_distinct, fresh.equal_ranks)
    full, one = counts == (fresh.width, fresh.width), equal == (1, [0, 1])
    near = max(abs(cosine - expected) for cosine in fresh.cosine) < fresh.cosine_margin
    yield Check.of("fresh_differs", "Every random distribution gives distinct units and full rank", full, counts)
    yield Check.of("fresh_equal", "Zeros and constants give one unit, of rank 0 and 1", one, equal)
    yield Check.of("fresh_cosine", "Random units have the cosine of random directions", near, fresh.cosine, expected)
    yield Check.of("orthogonal", "Orthogonal units stand at right angles", orthogonal < f.tolerance, orthogonal)
