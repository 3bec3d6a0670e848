"""Every sentence of the chapter on symmetry that the numbers could refute."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.battery.results import Results
from reportgen.chapters.old import Check, Findings
from reportgen.chapters.symmetry.findings import findings

__all__ = ["checks"]

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


def checks(results: Results) -> list[Check]:
    """Return the verdict on each sentence."""
    f = findings(results)
    return [*_equal(f), *_no_help(f), *_outcomes(f), *_zeros(f), *_broken(f), *_noise(f), *_fresh(f)]


def _equal(f: Findings) -> Iterator[Check]:
    limit, gradient, units = f["tolerance"], f["gradient"], max(f["gradient_between_units"], f["between_units"])
    inputs = min(abs(gradient[0] - gradient[1]), f["between_inputs"])
    first = inputs > 1000 * limit and units <= limit
    single = f["single_unit"]["constant"], f["single_unit"]["random"]
    alone = single[0] <= limit and single[1] > 0.1
    yield _check("equal_stays_equal", "Equal units stay equal on every course", f["spread"] <= limit, f["spread"])
    yield _check("rank_one", "The matrix between equal layers keeps rank 1", f["ranks"] == [1], f["ranks"])
    yield _check("first_layer", "First-layer gradients differ by input and not by unit", first, (inputs, units))
    yield _check("single_unit", "One unit per layer gives the answers of all equal ones", alone, single)


def _no_help(f: Findings) -> Iterator[Check]:
    named = (
        ("mini", "mini_batches", "Mini-batches do"),
        ("rate", "another_rate", "Another step size does"),
        ("data", "more_data", "More data do"),
    )
    for key, name, subject in named:
        spread = f[key]["constant"]["spread"]
        yield _check(name, f"{subject} not tell equal units apart", spread <= f["tolerance"], spread)


def _outcomes(f: Findings) -> Iterator[Check]:
    circles = [f[key]["constant"]["best_accuracy"] for key in ("circle", "mini", "rate", "odd", "relu")]
    share = f["circle"]["constant"]["test"]
    solved, spread = f["circle"]["random"]["test"], f["circle"]["random"]["least_spread"]
    digits = f["digits"]["constant"]["test"], f["digits"]["ones"]["test"], f["digits"]["random"]["test"]
    learned = max(digits[:2]) < _DIGITS[0] and digits[2] > _DIGITS[1]
    logistic = f["logistic"]["zeros"]["test"], f["logistic"]["random"]["test"]
    fine = min(logistic) > _DIGITS[1] and abs(logistic[0] - logistic[1]) < 0.05
    about = _TWO_THIRDS[0] < share < _TWO_THIRDS[1]
    yield _check("straight_line", "Equal units never beat the best straight line", max(circles) <= f["line"], circles)
    yield _check("two_thirds", "Equal units get about two thirds of the circle right", about, share)
    yield _check("random_solves", "Random weights solve the circle", solved > _SOLVED, solved)
    yield _check("random_differs", "Random units differ from the first look to the last", spread > 0.1, spread)
    yield _check("digits", "On digits random weights learn and equal ones do not", learned, digits)
    yield _check("no_hidden_layer", "Without a hidden layer zeros do as well as random weights", fine, logistic)


def _zeros(f: Findings) -> Iterator[Check]:
    table = f["movement"].set_index("activation")
    still, moving = table.drop("sigmoid"), table.loc["sigmoid"]
    weights = still[["hidden weights", "readout weights"]].to_numpy().max()
    biases = still["output biases"].min()
    steps = moving["hidden weights"], moving["difference between units"]
    together = steps[0] > 0.01 and steps[1] <= f["tolerance"]
    accuracy = f["sigmoid"]["zeros"]["test"]
    yield _check("zeros_stand_still", "No weight of zero ever moves behind tanh or ReLU", weights == 0, weights)
    yield _check("output_bias_moves", "The output biases do move", biases > 0, biases)
    yield _check("zeros_in_step", "Behind sigmoid zeros move, all units in step", together, steps)
    yield _check("zeros_learn_little", "Zeros behind sigmoid learn little of digits", accuracy < _DIGITS[0], accuracy)


def _broken(f: Findings) -> Iterator[Check]:
    """Check the microscope: who parts, how far the ranks get, and who learns."""
    found, full = f["broken"], f["digits"]["units"]
    equal = f["digits"]["constant"]["test"]
    for word, name, subject in (
        ("noise", "noise_parts", "The least noise tells"),
        ("biases", "biases_part", "Random biases tell"),
        ("dropout", "dropout_parts", "Dropout tells"),
    ):
        end = found[word]
        evidence = end["distinct_units"], end["mean_absolute_cosine"], end["test_accuracy"]
        parted = evidence[0] == full and evidence[1] < 0.9 and evidence[2] > equal + 0.1
        yield _check(name, f"{subject} the units on digits apart, and the network learns", parted, evidence)
    ranks = found["dropout"]["first_rank_2"], found["dropout"]["rank_2"]
    parted = found["dropout"]["parted"]
    yield _check(
        "first_update", "The first update moves no hidden unit apart, under dropout either", parted > 1, parted
    )
    yield _check("dropout_rank", "Dropout takes the rank from 1 to full", ranks == (1, full), ranks)


def _noise(f: Findings) -> Iterator[Check]:
    updates, extra = list(f["noise_times"]["updates"]), f["extra"]
    later = updates == sorted(updates) and updates[-1] < f["noise"]["steps"]
    logarithmic = extra[1] < _LOGARITHM * extra[0]
    slopes = f["per_tenth"], f["predicted_per_tenth"]
    near = 1 / _RATE < slopes[0] / slopes[1] < _RATE
    biases, settled = f["bias_updates"], f["settled_spread"]
    together = settled < f["settled"]["constant_value"] / 10
    yield _check("noise_breaks", "On one hidden layer each noise breaks the symmetry, less noise later", later, updates)
    yield _check("logarithm", "Each tenth of the noise costs about as many updates more", logarithmic, extra)
    yield _check("growth_rate", "The rate of growth predicts the wait for a tenth of the noise", near, slopes)
    yield _check("bias_noise", "Noise in the biases breaks the symmetry", biases < f["noise"]["steps"], biases)
    yield _check("settled", "Where the equal net has settled, little noise stays little", together, settled)


def _fresh(f: Findings) -> Iterator[Check]:
    width, expected = f["width"], f["expected_cosine"]
    full = f["least_distinct"] == f["least_rank"] == width
    equal = f["equal_distinct"], f["equal_ranks"]
    near = max(abs(cosine - expected) for cosine in f["cosine"]) < f["cosine_margin"]
    orthogonal = f["orthogonal_cosine"]
    yield _check("fresh_differs", "Every random law gives distinct units and full rank", full, f["least_rank"])
    yield _check("fresh_equal", "Zeros and constants give one unit, of rank 0 and 1", equal == (1, [0, 1]), equal)
    yield _check("fresh_cosine", "Random units have the cosine of random directions", near, (f["cosine"], expected))
    yield _check("orthogonal", "Orthogonal units stand at right angles", orthogonal < f["tolerance"], orthogonal)


def _check(name: str, statement: str, holds: bool, evidence: object) -> Check:
    return Check(name, f"{statement}.", bool(holds), str(evidence))
