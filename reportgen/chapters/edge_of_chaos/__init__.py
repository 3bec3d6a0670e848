"""The edge of chaos: where gradients neither vanish nor explode, and who stands there."""

from __future__ import annotations

from reportgen.battery.results import Results
from reportgen.chapters.edge_of_chaos import figures, tables
from reportgen.chapters.edge_of_chaos.findings import findings
from reportgen.chapters.old import Chapter, Check, Figure

__all__ = ["CHAPTER"]

_ERRORS = 8
"""Standard errors that the worst of several measured factors may be off: each comes from a handful of networks."""

_ROUNDING = 1e-6

_DECAY = 0.3
"""How far measured depth scales may be from the theory's, as a share and on average over all places.

A few networks of finite width give one scale to about 10 %, and those of one network go up and down together.
"""

_ANGLE, _EARLY_ANGLE = 0.25, 0.1
"""How far a mean cosine may be from that of infinitely wide layers, in any layer and in the first five."""

_SPREAD = (4.0, 7.0)
"""Bounds of n times the variance of the log length per layer; 5 is the first term of a series in 1/n."""


def _checks(results: Results) -> list[Check]:
    f = findings(results)
    least, greatest = min(f["spreads"]), max(f["spreads"])
    return [
        _check(
            "critical",
            "tanh has its edge at 1.761 where Var(b) is 0.05",
            abs(f["critical"] - 1.761) < 2e-3,
            f["critical"],
        ),
        _check(
            "measured_edge",
            "gradients of networks stop vanishing at the edge",
            abs(f["measured_critical"] / f["critical"] - 1) < 0.1,
            (f["measured_critical"], f["critical"]),
        ),
        _check("he_on_edge", "He stands on ReLU's edge", abs(f["he_relu"] - 1) < _ROUNDING, f["he_relu"]),
        _check("defaults_left", "no default reaches ReLU's edge", f["default_relu"] < 1, f["default_relu"]),
        _check(
            "defaults_tanh",
            "no default goes beyond the edge of tanh",
            f["default_tanh"] < 1 + _ROUNDING,
            f["default_tanh"],
        ),
        _check(
            "he_not_for_all", "He is chaotic for tanh, ordered for GELU", f["he_gelu"] < 1 < f["he_tanh"], f["he_tanh"]
        ),
        _check("far_edge", "sigmoid's edge is far out", f["critical_sigmoid"] > 50, f["critical_sigmoid"]),
        _check("sides", "gradients shrink left of the edge and grow right of it", f["sides_agree"], f["chi_off"]),
        _check("gradients", "gradients change by chi_1 per layer", f["chi_errors"] < _ERRORS, f["chi_errors"]),
        _check(
            "angles_decay", "differences in angle decay with xi_c", abs(f["xi_c_ratio"] - 1) < _DECAY, f["xi_c_ratio"]
        ),
        _check(
            "lengths_decay", "differences in length decay with xi_q", abs(f["xi_q_ratio"] - 1) < _DECAY, f["xi_q_ratio"]
        ),
        _check(
            "reach",
            "differences in angle reach deepest near the edge",
            f["peak_sigma_w2"] in f["nearest"],
            (f["peak_sigma_w2"], f["nearest"]),
        ),
        _check("angle_lines", "angles follow the lines", f["angle_gap"] < _ANGLE, f["angle_gap"]),
        _check("angle_lines_early", "closely so at first", f["angle_gap_early"] < _EARLY_ANGLE, f["angle_gap_early"]),
        _check("sigmoid_closes", "sigmoid makes all inputs one", f["sigmoid_early"] > 0.999, f["sigmoid_early"]),
        _check(
            "relu_closes", "He's ReLU makes inputs alike slowly", f["relu_early"] < 0.9 < f["relu_end"], f["relu_end"]
        ),
        _check("gain_opens", "the gain 5/3 takes similar inputs apart", f["gain_end"] < 0.6, f["gain_end"]),
        _check("wild_opens", "N(0, 1) forgets the angle", abs(f["wild_later"]) < 0.25, f["wild_later"]),
        _check(
            "glorot_keeps",
            "Glorot's tanh keeps the angle",
            abs(f["glorot_end"] - f["glorot_start"]) < _ANGLE,
            f["glorot_end"],
        ),
        _check(
            "spread", "every width has about 5 / n per layer", _SPREAD[0] < least <= greatest < _SPREAD[1], f["spreads"]
        ),
        _check("inside", "the law's band holds most networks", f["inside"] > 0.7, f["inside"]),
        _check(
            "narrow_strays",
            "narrow networks stray further",
            f["narrow_variance"] > f["wide_variance"],
            (f["narrow_variance"], f["wide_variance"]),
        ),
        _check(
            "narrow_loses",
            "the typical narrow network loses more",
            f["narrow_typical"] < f["wide_typical"] < 1,
            (f["narrow_typical"], f["wide_typical"]),
        ),
    ]


def _check(name: str, statement: str, holds: object, evidence: object) -> Check:
    return Check(name, f"{statement}.", bool(holds), str(evidence))


CHAPTER = Chapter(
    slug="edge_of_chaos",
    title="Where is the edge of chaos?",
    needs=("edge_of_chaos",),
    figures=(
        Figure(
            slug="places",
            data=tables.places,
            draw=figures.draw_places,
        ),
        Figure(
            slug="phases",
            data=tables.diagrams,
            draw=figures.draw_phases,
        ),
        Figure(
            slug="scales",
            data=tables.scales,
            draw=figures.draw_scales,
        ),
        Figure(
            slug="angles",
            data=tables.angles,
            draw=figures.draw_angles,
        ),
        Figure(
            slug="lengths",
            data=tables.lengths,
            draw=figures.draw_lengths,
        ),
    ),
    findings=findings,
    checks=_checks,
)
