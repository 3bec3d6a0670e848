"""He's law: where the 2 comes from, what it keeps, and what it does not."""

from __future__ import annotations

from reportgen.battery.results import Results
from reportgen.chapters.he import figures as he_figures
from reportgen.chapters.he import tables as he_tables
from reportgen.chapters.old import Chapter, Check, Estimate, Figure

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
            data=he_tables.layers,
            draw=he_figures.draw_layers,
        ),
        Figure(
            slug="fans",
            data=he_tables.totals,
            draw=he_figures.draw_fans,
        ),
        Figure(
            slug="lengths",
            data=he_tables.lengths,
            draw=he_figures.draw_lengths,
        ),
        Figure(
            slug="angles",
            data=he_tables.angles,
            draw=he_figures.draw_angles,
        ),
        Figure(
            slug="dead",
            data=he_tables.dead_shares,
            draw=he_figures.draw_dead,
        ),
    ),
    findings=he_tables.findings,
    checks=_checks,
)
