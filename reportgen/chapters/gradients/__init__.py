"""Where the gradients go: one factor per layer, on the way from the last layer down to the first."""

from __future__ import annotations

from functools import partial

from reportgen.chapters.chapter import Chapter, Figure
from reportgen.chapters.gradients.figures import draw_agreement, draw_depths, draw_factors, draw_profiles
from reportgen.chapters.gradients.findings import check, find
from reportgen.chapters.gradients.tables import agreement, factors_by_pair, profiles, ratios

__all__ = ["CHAPTER"]

_LINES = (
    "Thick, and named above the panel: the initializer whose delta changes least. Bands span all networks. A line that "
    "leaves the frame goes on; marks in the gray bands are exact zeros and overflows."
)

CHAPTER = Chapter(
    slug="gradients",
    title="Where do the gradients go?",
    needs=("propagation", "mean_field"),
    figures=(
        Figure(
            slug="factors",
            caption="One factor per layer decides: white keeps the gradient, blue loses it, red blows it up.",
            how_to_read=(
                "Each number is the factor of the rms of delta from one layer to the one below, the geometric mean "
                "over {{ f.depth }} layers. Gray: exactly zero arrives. ∞: it overflows."
            ),
            alt=(
                "A map of {{ f.pairs }} pairs of initializer and activation. Over {{ f.depth }} layers the gradient "
                "falls to less than a tenth in {{ f.vanishing }}, grows more than tenfold in {{ f.exploding }} and "
                "stays in between in {{ f.kept }}. ReLU has {{ f.relu_he | num }} with He and "
                "{{ f.relu_glorot | num }} with Glorot, sigmoid {{ f.sigmoid_glorot | num }} with Glorot."
            ),
            data=factors_by_pair,
            draw=draw_factors,
        ),
        Figure(
            slug="deltas",
            caption=(
                "From right to left the gradients fan out. He keeps those of ReLU, orthogonal weights those of a "
                "linear net."
            ),
            how_to_read=(
                "One panel per activation, one line per initializer, dotted what mean field theory predicts where it "
                "has a limit. " + _LINES
            ),
            alt=(
                "The rms of delta by layer in nets of {{ f.depth }} layers. ReLU: flat with He, falling to "
                "{{ f.relu_glorot_ratio | num }} in the first layer with Glorot. Sigmoid: falling to "
                "{{ f.sigmoid_ratio | num }} with Glorot. Linear: flat with orthogonal weights."
            ),
            data=partial(profiles, column="delta_rms"),
            draw=partial(draw_profiles, column="delta_rms", label="rms of delta", decades=8),
        ),
        Figure(
            slug="depths",
            caption="A factor per layer is a straight line on a logarithmic axis: depth acts exponentially.",
            how_to_read="The gradient of the first layer over that of the last, for nets of every depth. " + _LINES,
            alt=(
                "With ReLU under Glorot the gradient of the first layer is {{ f.relu_glorot_ratio | num }} of that of "
                "the last in nets of {{ f.depth }} layers and {{ f.relu_glorot_deep | num }} in nets of {{ f.deep }}."
            ),
            data=ratios,
            draw=draw_depths,
        ),
        Figure(
            slug="weights",
            caption="The gradient of the weights can be flat and yet far too small or too large: look at its level.",
            how_to_read="One panel per activation, one line per initializer. " + _LINES,
            alt=(
                "The norm of the weight gradient by layer. With tanh and N(0, 0.01²) weights the first layer has "
                "{{ f.small_weight | num }} times the norm of the last, but the whole line is at "
                "{{ f.small_level | num }} of Glorot's."
            ),
            data=partial(profiles, column="weight_gradient_norm"),
            draw=partial(draw_profiles, column="weight_gradient_norm", label="norm of the weight gradient", decades=32),
        ),
        Figure(
            slug="digits",
            caption="Real images give nearly the same factors as random inputs: what counts is the net, not the data.",
            how_to_read="One mark per pair of initializer and activation. On the line both give the same factor.",
            alt=(
                "Factors on images of digits against factors on random inputs. Half of the pairs are less than "
                "{{ f.deviation | percent }} off the line, {{ f.close_share | percent }} are less than "
                "{{ f.close | percent }} off."
            ),
            data=agreement,
            draw=draw_agreement,
        ),
    ),
    findings=find,
    checks=check,
)
