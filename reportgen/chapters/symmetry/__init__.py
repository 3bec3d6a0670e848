"""Symmetry: why equal weights stay equal, why zeros are a story of their own, and what tells units apart."""

from __future__ import annotations

from reportgen.chapters.chapter import Chapter, Figure
from reportgen.chapters.symmetry import curves as symmetry_curves
from reportgen.chapters.symmetry import figures as symmetry_figures
from reportgen.chapters.symmetry import film as symmetry_film
from reportgen.chapters.symmetry import tables as symmetry_tables
from reportgen.chapters.symmetry.checks import checks
from reportgen.chapters.symmetry.findings import findings

__all__ = ["CHAPTER"]

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
                "the hidden layers all weights stay one number. A little noise grows until every unit is another."
            ),
            how_to_read=(
                "Each picture holds the weights of one moment: {{ f.inputs }} inputs by {{ f.circle.units }} units "
                "above, {{ f.circle.units }} by {{ f.circle.units }} below. A column is a unit, a row what comes "
                "from one input. Where a row is one weight, its value is written in."
            ),
            alt=(
                "Weight matrices after {{ f.frames | words }} updates. Equal weights keep identical columns; after "
                "training the rows of the first layer differ by {{ f.between_inputs | num }}. With noise of "
                "{{ f.film_noise }} the columns look alike at first and end up all different, like those of random "
                "weights."
            ),
            data=symmetry_tables.film,
            draw=symmetry_film.draw_strip,
        ),
        Figure(
            slug="standstill",
            caption=(
                "Zeros behind tanh and ReLU stand still. Zeros behind sigmoid move like any equal weights do: in "
                "lock-step, with no difference between units. Random weights move and differ."
            ),
            how_to_read=(
                "Blue, how far any weight of the hidden layers has moved from its start; orange, the greatest "
                "difference between two units. Where orange stays on the axis, the units are equal."
            ),
            alt=(
                "Five panels over the updates on digits. Zeros with tanh and ReLU: both curves stay at zero. Zeros "
                "with sigmoid and equal weights with tanh: the movement rises, to "
                "{{ f.moved.sigmoid | num }} and {{ f.moved.constant | num }}, and the difference stays at zero. "
                "Random weights: both are far from zero."
            ),
            data=symmetry_tables.standstill,
            draw=symmetry_curves.draw_standstill,
        ),
        Figure(
            slug="microscope",
            caption=(
                "Under the microscope: zeros, ones and equal weights keep one unit and rank one at most, and learn "
                "little. Noise, random biases and dropout make all units differ, and the network learns."
            ),
            how_to_read=(
                "One panel per quantity, one line per start, over the updates on a logarithmic axis. Units and "
                "cosines are those of the second hidden layer. Lines of the same count are drawn side by side."
            ),
            alt=(
                "Nine panels over the updates on digits. Zeros, ones and equal weights stay at one unit and at most "
                "rank one, with a test accuracy of {{ f.digits.constant.test | percent }} or less. All others reach "
                "{{ f.digits.units }} units and full rank, their cosines fall, and their test accuracy ends between "
                "{{ f.broken.accuracy[0] | percent }} and {{ f.broken.accuracy[1] | percent }}."
            ),
            data=symmetry_tables.microscope,
            draw=symmetry_curves.draw_microscope,
        ),
        Figure(
            slug="cosines",
            caption=(
                "Equal units point in one direction before training and after it. Noise and dropout turn them away "
                "from each other; random ones never agreed."
            ),
            how_to_read=(
                "The cosine between the incoming weights of every two units of the second hidden layer, before and "
                "after training on digits: 1 on the diagonal, 0 at a right angle."
            ),
            alt=(
                "Eight matrices of cosines between {{ f.digits.units }} units. For equal weights every cosine is one, "
                "before and after. With noise or dropout nearly all are one before, and after training they scatter, "
                "as they do for random weights from the start."
            ),
            data=symmetry_tables.cosines,
            draw=symmetry_figures.draw_cosines,
        ),
        Figure(
            slug="noise",
            caption=(
                "Noise on top of equal weights grows by a factor per update until it breaks the symmetry. With "
                "{{ f.noise_ratio | whole }} times less noise that takes {{ f.time_ratio | num }} times as long."
            ),
            how_to_read=(
                "Left, the greatest difference between two units, on a logarithmic axis, for each size of noise; a "
                "straight rise is a constant factor per update. Right, when it reaches the constant, and the line "
                "that the rate of growth predicts."
            ),
            alt=(
                "Differences between units, from noise of {{ f.noise_range[0] }} to {{ f.noise_range[1] }}, rise one "
                "after the other and end close together. The symmetry is broken after "
                "{{ f.noise_times.updates.tolist() | map('whole') | words }} updates, near the predicted line."
            ),
            data=symmetry_tables.growth,
            draw=symmetry_curves.draw_noise,
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
    checks=checks,
)
