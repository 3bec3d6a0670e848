"""Does it train? What became of every start in a short training, and whether the start had told so before."""

from __future__ import annotations

from functools import partial

from reportgen.chapters.chapter import Chapter, Figure
from reportgen.chapters.training.checks import check
from reportgen.chapters.training.figures import draw_deep, draw_map, draw_plane, draw_rates
from reportgen.chapters.training.findings import find
from reportgen.chapters.training.prediction import first_steps, predictions
from reportgen.chapters.training.prediction_figures import draw_confusion, draw_first_steps, draw_gains
from reportgen.chapters.training.tables import cells, curves, gains, rates

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    slug="training",
    title="Does it train?",
    needs=("training",),
    figures=(
        Figure(
            slug="map",
            caption="Shallow nets forgive a bad start. The deeper the net, the fewer starts let it learn.",
            how_to_read=(
                "One tile per initializer and activation, one panel per depth. Green: learned, the darker the more "
                "test images are right. A dash: stalled. A cross on hatching: diverged."
            ),
            alt=(
                "A map of {{ f.cells }} starts. {{ f.shares[f.shallowest] | percent }} of those with "
                "{{ f.shallowest }} hidden layers learn, and {{ f.shares[f.deepest] | percent }} of those with "
                "{{ f.deepest }}. With {{ f.depth }} layers ReLU gets {{ f.relu_he | percent }} with He and "
                "{{ f.relu_glorot | percent }} with Glorot, tanh {{ f.tanh.glorot_normal | percent }} with Glorot."
            ),
            data=cells,
            draw=draw_map,
        ),
        Figure(
            slug="deep",
            caption="A deep ReLU net that starts with Glorot stalls at the loss of a guess; with He it learns.",
            how_to_read="Thick: the median of the networks, thin: each of them. Dashed: the loss of a guess.",
            alt=(
                "Test loss and accuracy of ReLU nets with {{ f.deep }} layers over {{ f.sizes.deep.steps }} updates. "
                "With Glorot the loss ends at {{ f.glorot.loss | num }}, where {{ f.ln_classes | num }} is a guess; "
                "with He it falls to {{ f.he.loss | num }}, and {{ f.he.accuracy | percent }} of the answers are right."
            ),
            data=partial(curves, study="deep"),
            draw=draw_deep,
        ),
        Figure(
            slug="rate",
            caption="It is not the learning rate: no rate makes up for weights that are wrong by powers of ten.",
            how_to_read=(
                "Median share of right answers in nets of {{ f.depth }} layers. Dashed: always naming the most "
                "frequent class. Crosses in the gray band: diverged."
            ),
            alt=(
                "Accuracy against the learning rate for five starts. With tanh the best rate gives Glorot "
                "{{ f.rate_best.tanh.glorot_normal | percent }} and the small weights "
                '{{ f.rate_best.tanh["random_normal(stddev=0.01)"] | percent }}; with ReLU He reaches '
                "{{ f.rate_best.relu.he_normal | percent }}, and the large weights diverge at "
                "{{ f.relu_large_diverged }} of {{ f.sizes.rate.rates | length }} rates."
            ),
            data=rates,
            draw=draw_rates,
        ),
        Figure(
            slug="gain",
            caption="The theory's depth scale draws the outer limits: beyond them deep nets do not learn.",
            how_to_read=(
                "Dots are networks at the better of {{ f.sizes.gain.rates | length }} learning rates, lines their "
                "medians. Shaded: gains at which the solid curve below, {{ f.reach }} depth scales, is above the "
                "depth of the net."
            ),
            alt=(
                "Accuracy of tanh nets against the gain of their weights. With {{ f.gain_depths[-1] }} layers the best "
                "gain is {{ f.best_gain | num }} with {{ f.best_right | percent }}; most nets learn from "
                "{{ f.working_gains[0] | num }} to {{ f.working_gains[1] | num }} only."
            ),
            data=gains,
            draw=draw_gains,
        ),
        Figure(
            slug="plane",
            caption="Two inputs and two classes tell the same story: without a signal the loss stays at ln 2.",
            how_to_read=(
                "Test loss over the updates. Thick: the median of the networks, thin: each of them. Wide lines under "
                "narrow ones are starts that do the same."
            ),
            alt=(
                "Loss curves for the circle and the spiral. With zeros and N(0, 0.01²) every loss ends within "
                "{{ f.plane_flat_off | num }} of {{ f.ln_two | num }}. With He the circle is learned to "
                "{{ f.plane.circle_relu.he_normal | percent }} and the spiral to "
                "{{ f.plane.spiral_relu.he_normal | percent }} with ReLU."
            ),
            data=partial(curves, study="plane"),
            draw=draw_plane,
        ),
        Figure(
            slug="first_step",
            caption="One look at the first step tells most of it: nets learn near a thousandth, and not far from it.",
            how_to_read=(
                "Above: the size of the first update over that of the weights, layer by layer, median and range of the "
                "networks. Below: what became of all networks by their median over layers; the numbers count them, and "
                "the outer bars hold all that lie further out. Dashed: {{ '%g' | format(f.guide) }}, a rule of thumb."
            ),
            alt=(
                "The first step relative to the weights. Tanh with {{ f.depth }} layers: "
                "{{ f.step.tanh.glorot_normal | num }} with Glorot, "
                '{{ f.step.tanh["random_normal(stddev=0.01)"] | num }} with small weights. Within a factor of '
                "{{ f.near_factor | whole }} of the line {{ f.near_share | percent }} of the nets learn, beyond a "
                "factor of {{ f.far_factor | whole }} {{ f.far_share | percent }}."
            ),
            data=first_steps,
            draw=draw_first_steps,
        ),
        Figure(
            slug="confusion",
            caption="The verdict on the start foretells what training will make of it, with few exceptions.",
            how_to_read="Each number counts starts. The darker, the larger the share of its row.",
            alt=(
                "A table of verdicts by outcomes. Of {{ f.healthy_cells }} healthy starts "
                "{{ f.healthy_learned | percent }} learned, of {{ f.ill_cells }} others {{ f.ill_learned | percent }}."
            ),
            data=predictions,
            draw=draw_confusion,
        ),
    ),
    findings=find,
    checks=check,
)
