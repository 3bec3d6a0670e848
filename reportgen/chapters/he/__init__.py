"""He's law: where the 2 comes from, what it keeps, and what it does not."""

from __future__ import annotations

from reportgen.battery.results import Results
from reportgen.chapters.chapter import Chapter, Check, Estimate, Figure
from reportgen.chapters.he import figures as he_figures
from reportgen.chapters.he import tables as he_tables

__all__ = ["CHAPTER"]

_ERRORS = 6
"""Standard errors that a measured mean may be off: with a few networks, five would fail too often by chance."""

_SPREAD = (4.0, 6.25)
"""Bounds of n times the variance of the log length per layer; 5 is the first term of a series in 1/n."""

_ANGLE = 0.06
"""How far the mean cosine may be from the map of infinitely wide layers; five standard errors of 64 networks."""


def _checks(results: Results) -> list[Check]:
    f = he_tables.findings(results)
    ratio, spread = f["funnel_ratio"], f["spread"]
    return [
        _equal("half", "ReLU halves the second moment", f["half"], 0.5),
        _equal("weighted_sum", "He's weighted sum doubles the second moment of its inputs", f["weighted_sum"], 2),
        _equal("he_keeps", "He keeps the second moment from layer to layer", f["he"], 1),
        _equal("glorot_halves", "Glorot halves the second moment from layer to layer", f["glorot"], 0.5),
        _equal("leaky_keeps", "He with the slope keeps the second moment behind leaky ReLU", f["leaky"], 1),
        _equal("unmatched_grows", "He without the slope lets it grow", f["unmatched"], f["unmatched_formula"]),
        _equal("first_layer_doubles", "He's first layer doubles the variance of the inputs", f["first_layer"], 2),
        _equal("uniform_is_normal", "uniform and normal give the same factor", f["uniform_difference"], 0),
        _equal("length_factor", "He keeps the squared length on average over networks", f["length_factor"], 1),
        _equal("fan_in_forward", "fan_in keeps the signal in the funnel", f["forward_fan_in"], 1),
        _equal("fan_in_backward", "fan_in costs the gradient the ratio of widths", f["backward_fan_in"], 1 / ratio),
        _equal("fan_out_forward", "fan_out costs the signal the ratio of widths", f["forward_fan_out"], ratio),
        _equal("fan_out_backward", "fan_out keeps the gradient in the funnel", f["backward_fan_out"], 1),
        _equal("one_input_dies", "the formula for one input holds", f["dead_one_input"], f["dead_one_input_formula"]),
        _true("spread", "n times the variance per layer is about 5", _SPREAD[0] < spread < _SPREAD[1], spread),
        _true("median_shrinks", "the median network loses more than half", f["median"] < 0.5, f["median"]),
        _true("angles_collapse", "two inputs end up nearly parallel", f["cosine_last"] > 0.95, f["cosine_last"]),
        _true("angle_map", "the mean cosine follows the map", f["angle_gap"] < _ANGLE, f["angle_gap"]),
        _true("across_falls", "less than a third varies across inputs", f["share_last"] < 1 / 3, f["share_last"]),
        _true("angles_ignore_scale", "the share is the same for Glorot", f["share_gap"] < 1e-3, f["share_gap"]),
        _true("same_networks_die", "the same networks die at every scale", f["same_networks_die"], f["dead_scales"]),
    ]


def _equal(name: str, statement: str, estimate: Estimate, value: float) -> Check:
    """Check a mean against its value, within the standard errors that chance explains."""
    evidence = f"{estimate.value:.5g} ± {estimate.error:.2g} against {value:.5g}"
    return Check(name, f"{statement}.", abs(estimate.value - value) < _ERRORS * estimate.error, evidence)


def _true(name: str, statement: str, holds: bool, evidence: object) -> Check:
    return Check(name, f"{statement}.", holds, str(evidence))


CHAPTER = Chapter(
    slug="he",
    title="Why is there a 2 in He initialization?",
    needs=("he",),
    figures=(
        Figure(
            slug="layers",
            caption=(
                "He keeps the second moment of the signal behind ReLU; Glorot, which for layers of equal width "
                "is the same law as LeCun's, loses half of it in every layer."
            ),
            how_to_read=(
                "Each dot is the mean of {{ f.networks }} networks with its standard error, each line the "
                "formula; a straight line down on this axis is a constant factor per layer."
            ),
            alt=(
                "Second moment of the pre-activations by layer, logarithmic. He, normal and uniform, stays near "
                "{{ f.first_layer.value | num }}. Glorot and LeCun fall on a straight line, from near one to "
                "{{ f.glorot_last.value | num }} at layer {{ f.depth }}."
            ),
            data=he_tables.layers,
            draw=he_figures.draw_layers,
        ),
        Figure(
            slug="fans",
            caption=(
                "In a funnel, fan_in keeps the signal and fan_out the gradient. Either one costs the other "
                "direction the ratio of the widths, once and not per layer."
            ),
            how_to_read=(
                "Left, the factor from the first layer up to each layer; right, the factor from the last layer "
                "down to each layer. Lines are the formula, and change only where the width changes."
            ),
            alt=(
                "Two panels over layers of {{ f.funnel | words }} units. Forward, fan_in stays at one and "
                "fan_out rises to {{ f.forward_fan_out.value | num }}. Backward, fan_out stays at one and "
                "fan_in falls to {{ f.backward_fan_in.value | num }}."
            ),
            data=he_tables.totals,
            draw=he_figures.draw_fans,
        ),
        Figure(
            slug="lengths",
            caption=(
                "He keeps the squared length on average over all networks, but a few networks carry that "
                "average. {{ f.shrunk_share | percent }} of the networks end below it."
            ),
            how_to_read=(
                "Each thin line is one network. Right, all networks at the last layer, and the normal law of "
                "the logarithm."
            ),
            alt=(
                "Squared length of the signal by layer in networks of {{ f.pairs_width }} units, logarithmic. "
                "The lines fan out from one. At layer {{ f.pairs_depth }} the median is {{ f.median | num }}, "
                "and {{ f.band | percent }} of the networks lie between {{ f.low | num }} and "
                "{{ f.high | num }}."
            ),
            data=he_tables.lengths,
            draw=he_figures.draw_lengths,
        ),
        Figure(
            slug="angles",
            caption="Whatever the scale of the weights, ReLU layers turn all inputs into one direction.",
            how_to_read=(
                "Left, the cosine between two inputs: dots are means over networks, the band holds "
                "{{ f.band | percent }} of them, the line is the formula for infinitely wide layers. Right, how "
                "much of the second moment differs between inputs."
            ),
            alt=(
                "Left, the cosine of two inputs rises from {{ f.cosine_start | num }} to "
                "{{ f.cosine_last | num }} at layer {{ f.pairs_depth }}. Right, the share of the second moment "
                "that varies across inputs falls to {{ f.share_last | percent }} at layer {{ f.depth }}, for He "
                "as for Glorot."
            ),
            data=he_tables.angles,
            draw=he_figures.draw_angles,
        ),
        Figure(
            slug="dead",
            caption=(
                "Very narrow ReLU networks are often born dead, and it is exactly the same networks that die at "
                "every scale of the weights."
            ),
            how_to_read=(
                "Left, flat lines: the scale makes no difference. Right, the deeper the net, the more often "
                "some layer is silent, and all layers after it."
            ),
            alt=(
                "Left, the share of dead networks does not change over standard deviations of "
                "{{ f.dead_scales | words }}. Right, it rises with depth, to {{ f.dead_share | percent }} at "
                "{{ f.dead_depth }} layers of {{ f.dead_width }} units."
            ),
            data=he_tables.dead_shares,
            draw=he_figures.draw_dead,
        ),
    ),
    findings=he_tables.findings,
    checks=_checks,
)
