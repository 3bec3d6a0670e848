"""Where Var(w·x) = 1 comes from: every step of the derivation measured, then every assumption broken."""

from __future__ import annotations

from reportgen.chapters.chapter import Chapter, Figure
from reportgen.chapters.derivation.figures import (
    assumptions,
    draw_assumptions,
    draw_growth,
    draw_pulls,
    draw_tanh,
    growth,
    pulls,
    tanh_layers,
)
from reportgen.chapters.derivation.findings import check, find

__all__ = ["CHAPTER"]

CHAPTER = Chapter(
    slug="derivation",
    title="Where does Var(w·x) = 1 come from?",
    needs=("derivation", "assumptions", "tanh_depth"),
    figures=(
        Figure(
            slug="growth",
            caption="Var(w·x) grows with the number of inputs n, unless Var(w) shrinks like 1/n.",
            how_to_read=(
                "Both axes are logarithmic. Lines are n Var(w), markers are measured; "
                "their error bars of {{ f.bound }} standard errors are smaller than the markers."
            ),
            alt=(
                "Var(w·x) against fan_in from {{ f.fewest_inputs }} to {{ f.most_inputs }}. With N(0, 1) weights it "
                "rises from {{ f.large_few | num }} to {{ f.large | num }}, with N(0, 0.01²) weights it ends at "
                "{{ f.small | num }}. With lecun_normal weights it stays flat and ends at {{ f.scaled | pm }}."
            ),
            data=growth,
            draw=draw_growth,
        ),
        Figure(
            slug="pulls",
            caption="All {{ f.comparisons }} predictions of this page agree with what was measured.",
            how_to_read=(
                "A dot is a measured value minus its prediction, in standard errors. "
                "By chance about one in twenty falls outside the shaded band."
            ),
            alt=(
                "Distances between measured and predicted values. The farthest of {{ f.comparisons }} is "
                "{{ f.farthest | num }} standard errors off, {{ f.outside }} are off by more than two."
            ),
            data=pulls,
            draw=draw_pulls,
        ),
        Figure(
            slug="assumptions",
            caption=(
                "Most broken assumptions move Var(w·x) away from 1. Correlated features do not, but they make units "
                "unequal."
            ),
            how_to_read=(
                "Left: Var(w·x) over weights and inputs. Right: the variance across inputs has another value for "
                "each unit; shown is its standard deviation over units, relative to its mean."
            ),
            alt=(
                "Var(w·x) is {{ f.case.kept | pm }} as derived, {{ f.case.correlation | pm }} with correlated "
                "features, {{ f.case.input_mean | pm }} where inputs have a mean, {{ f.case.scales | pm }} with "
                "unscaled features and {{ f.case.first_layer | pm }} in the first layer. The spread over units is "
                "{{ f.spread.kept | num }} as derived and {{ f.spread.correlation | num }} with correlated features."
            ),
            data=assumptions,
            draw=draw_assumptions,
        ),
        Figure(
            slug="tanh",
            caption=(
                "In a deep tanh network gain 1 lets the signal fade; gain 5/3 holds it, but then the gradient explodes."
            ),
            how_to_read=(
                "One line per gain: the geometric mean of {{ f.tanh_networks }} networks, the band spans all of them. "
                "Gradients travel from right to left."
            ),
            alt=(
                "Activation variance by layer falls to {{ f.glorot_last | pm }} at layer {{ f.tanh_depth }} with gain "
                "1 and stays flat with gain 5/3. From the last layer down to the first the gradient variance changes "
                "by a factor of {{ f.glorot_gradient | pm }} with gain 1 and of {{ f.gain_gradient | pm }} with gain "
                "5/3."
            ),
            data=tanh_layers,
            draw=draw_tanh,
        ),
    ),
    findings=find,
    checks=check,
)
