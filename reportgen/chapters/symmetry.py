"""Symmetry: why equal weights stay equal, why zeros are a story of their own, and what tells units apart."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.battery.results import Results
from reportgen.chapters import symmetry_figures, symmetry_tables
from reportgen.chapters.chapter import Chapter, Check, Figure, Findings
from reportgen.chapters.symmetry_findings import findings

__all__ = ["CHAPTER"]

_SOLVED = 0.95
"""Mean test accuracy from which on the circle counts as solved."""

_DIGITS = (0.4, 0.85)
"""Test accuracies on digits: below the first little was learned, above the second most of it."""

_LOGARITHM = 5
"""How unequal the waits for a tenth of the noise may be; if time went like 1/noise, the ratio would be 100."""


def _checks(results: Results) -> list[Check]:
    f = findings(results)
    return [*_equal(f), *_outcomes(f), *_zeros(f), *_noise(f), *_fresh(f)]


def _equal(f: Findings) -> Iterator[Check]:
    limit, mini = f["tolerance"], f["mini"]["constant"]["spread"]
    inputs, units = f["between_inputs"], f["between_units"]
    first = inputs > 1000 * limit and units <= limit
    yield _check("equal_stays_equal", "Equal units stay equal on every course", f["spread"] <= limit, f["spread"])
    yield _check("mini_batches", "Mini-batches do not tell equal units apart", mini <= limit, mini)
    yield _check("rank_one", "The matrix between equal layers keeps rank 1", f["ranks"] == [1], f["ranks"])
    yield _check("first_layer", "First-layer weights differ by input and not by unit", first, (inputs, units))


def _outcomes(f: Findings) -> Iterator[Check]:
    circles = [f[key]["constant"]["best_accuracy"] for key in ("circle", "mini", "relu")]
    solved, spread = f["circle"]["random"]["test"], f["circle"]["random"]["least_spread"]
    digits = f["digits"]["constant"]["test"], f["digits"]["random"]["test"]
    learned = digits[0] < _DIGITS[0] and digits[1] > _DIGITS[1]
    logistic = f["logistic"]["zeros"]["test"], f["logistic"]["random"]["test"]
    fine = min(logistic) > _DIGITS[1] and abs(logistic[0] - logistic[1]) < 0.05
    yield _check("straight_line", "Equal units never beat the best straight line", max(circles) <= f["line"], circles)
    yield _check("random_solves", "Random weights solve the circle", solved > _SOLVED, solved)
    yield _check("random_differs", "Random units differ from the first look to the last", spread > 0.1, spread)
    yield _check("digits", "On digits random weights learn and equal ones do not", learned, digits)
    yield _check("no_hidden_layer", "Without a hidden layer zeros do as well as random weights", fine, logistic)


def _zeros(f: Findings) -> Iterator[Check]:
    table = f["movement"].set_index("course")
    still, moving = table.drop("digits, sigmoid"), table.loc["digits, sigmoid"]
    weights = still[["hidden weights", "readout weights"]].to_numpy().max()
    biases = still["output biases"].min()
    steps = moving["hidden weights"], moving["difference between units"]
    together = steps[0] > 0.01 and steps[1] <= f["tolerance"]
    accuracy = f["sigmoid"]["zeros"]["test"]
    yield _check("zeros_stand_still", "No weight of zero ever moves behind tanh or ReLU", weights == 0, weights)
    yield _check("output_bias_moves", "The output biases do move", biases > 0, biases)
    yield _check("zeros_in_step", "Behind sigmoid zeros move, all units in step", together, steps)
    yield _check("zeros_learn_little", "Zeros behind sigmoid learn little of digits", accuracy < 0.5, accuracy)


def _noise(f: Findings) -> Iterator[Check]:
    updates, extra = list(f["noise_times"]["updates"]), f["extra"]
    later = updates == sorted(updates) and updates[-1] < f["noise"]["steps"]
    logarithmic = extra[1] < _LOGARITHM * extra[0]
    biases = f["bias_updates"]
    yield _check("noise_breaks", "Any noise breaks the symmetry, less noise later", later, updates)
    yield _check("logarithm", "Each tenth of the noise costs about as many updates more", logarithmic, extra)
    yield _check("bias_noise", "Noise in the biases breaks the symmetry", biases < f["noise"]["steps"], biases)


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


CHAPTER = Chapter(
    slug="symmetry",
    title="Why not start all weights equal?",
    needs=("symmetry",),
    figures=(
        Figure(
            slug="starts",
            caption=(
                "The same network from three starts. Zeros never move. Equal weights move as one, and all that they "
                "learn is a straight line. Random weights go separate ways, and their units enclose the disc."
            ),
            how_to_read=(
                "Top, one line per weight between the two hidden layers; lines that coincide are counted as one. "
                "Bottom, the answer after training, from ring (orange) to disc (purple), with the training points."
            ),
            alt=(
                "Three networks trained on a disc inside a ring for {{ f.circle.steps }} updates. From zeros all "
                "weights stay at zero and the map has one color. From {{ f.circle.constant_value | num }} all weights "
                "follow one line and the map is cut by a straight line. From random weights the lines spread and the "
                "map shows a closed region around the disc."
            ),
            data=symmetry_tables.paths,
            draw=symmetry_figures.draw_starts,
        ),
        Figure(
            slug="strip",
            caption=(
                "Equal weights: in the first layer each input gets its own weight, the same for every unit; between "
                "the hidden layers all weights stay one number."
            ),
            how_to_read=(
                "Each picture holds the two weight matrices of one moment: the first layer's above, the second's "
                "below. A column is a unit, a row one of its inputs; columns of the same colors are the same unit."
            ),
            alt=(
                "Weight matrices after {{ f.frames | words }} updates. Zeros stay blank. Equal weights keep identical "
                "columns; after training the rows of the first layer differ by {{ f.between_inputs | num }}. Random "
                "weights form a pattern without equal columns."
            ),
            data=symmetry_tables.filmstrip,
            draw=symmetry_figures.draw_strip,
        ),
        Figure(
            slug="learning",
            caption=(
                "On the circle equal units cannot get past the best straight line; on digits they stay far behind. "
                "Zeros learn no more than which class is the most frequent."
            ),
            how_to_read="Share of training examples that are classified rightly; random is a mean over replicates.",
            alt=(
                "Training accuracy over updates. Circle: random reaches {{ f.circle.random.accuracy | percent }}, "
                "equal weights {{ f.circle.constant.accuracy | percent }}, not above the best straight line at "
                "{{ f.line | percent }}; zeros {{ f.circle.zeros.accuracy | percent }}. Digits: random "
                "{{ f.digits.random.accuracy | percent }}, equal {{ f.digits.constant.accuracy | percent }}, zeros "
                "{{ f.digits.zeros.accuracy | percent }}."
            ),
            data=symmetry_tables.learning,
            draw=symmetry_figures.draw_learning,
        ),
        Figure(
            slug="cosines",
            caption="Equal units point in one direction before training and after it; random ones never did.",
            how_to_read=(
                "The cosine between the incoming weights of every two units of the second hidden layer, before and "
                "after training on digits: 1 on the diagonal, 0 at a right angle."
            ),
            alt=(
                "Four matrices of cosines between {{ f.digits.units }} units. For equal weights every cosine is one, "
                "before and after. For random weights only the diagonal is one and the rest scatters around zero."
            ),
            data=symmetry_tables.cosines,
            draw=symmetry_figures.draw_cosines,
        ),
        Figure(
            slug="noise",
            caption=(
                "Noise on top of equal weights breaks the symmetry, because differences grow by a factor per update. "
                "With {{ f.noise_ratio | whole }} times less noise it takes {{ f.time_ratio | num }} times as long."
            ),
            how_to_read=(
                "Left, the greatest difference between two units, on a logarithmic axis, for each size of noise; a "
                "straight rise is a constant factor per update. Right, when it reaches the constant (dashed)."
            ),
            alt=(
                "Differences between units, from noise of {{ f.noise_range[0] }} to {{ f.noise_range[1] }}, rise one "
                "after the other and end close together. The symmetry is broken after "
                "{{ f.noise_times.updates.tolist() | map('whole') | words }} updates."
            ),
            data=symmetry_tables.growth,
            draw=symmetry_figures.draw_noise,
        ),
        Figure(
            slug="fresh",
            caption=(
                "For symmetry the choice of the random law does not matter: each of them makes all units different, "
                "with full rank. Only zeros and constants make them equal."
            ),
            how_to_read=(
                "A hidden layer of {{ f.width }} units with {{ f.width }} inputs, before training. Rank counts the "
                "directions of the weights, stable rank those of some strength. A matrix of zeros has no stable rank."
            ),
            alt=(
                "Distinct units, rank and stable rank as shares of the width. Zeros and constant are near zero. All "
                "random laws have all units distinct and full rank, and a stable rank from "
                "{{ f.stable_rank[0] | num }} to {{ f.stable_rank[1] | num }} of {{ f.width }}; orthogonal has full "
                "stable rank."
            ),
            data=symmetry_tables.start,
            draw=symmetry_figures.draw_fresh,
        ),
    ),
    findings=findings,
    checks=_checks,
)
