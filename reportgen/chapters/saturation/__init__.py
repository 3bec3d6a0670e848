"""Random, but at the wrong scale: large weights flatten the slopes, small weights let the signal die."""

from __future__ import annotations

from typing import Any

import numpy as np

from reportgen.battery.results import Results
from reportgen.chapters.old import Chapter, Check, Figure, Findings
from reportgen.chapters.saturation import figures, halt, tables
from reportgen.chapters.saturation.halt_figures import FIGURES as HALT_FIGURES

__all__ = ["CHAPTER"]

_Claim = tuple[Any, ...]
"""Name, statement, whether it holds, then the names of the findings that decided."""


def _findings(results: Results) -> Findings:
    return {**tables.findings(results), **halt.findings(results)}


def _checks(results: Results) -> list[Check]:
    f = tables.findings(results)
    claims = [*_small_claims(f), *_large_claims(f), *_right_claims(f), *_unit_claims(f), *_battery_claims(f)]
    at_the_start = [
        Check(name, statement, bool(holds), "; ".join(f"{key} {f[key]}" for key in evidence))
        for name, statement, holds, *evidence in claims
    ]
    return [*at_the_start, *halt.checks(results)]


# The bounds are far from what is expected, which stands in brackets: seeds move these numbers by a few percent.


def _small_claims(f: Findings) -> list[_Claim]:
    return [
        (
            "small_dies",
            "small weights lose the signal [3e-7] without a saturated unit, at steep slopes [0.99]",
            f["small_signal"] < 1e-5 and f["small_saturated"] == 0 and f["small_slope"] > 0.95,
            *("small_signal", "small_saturated", "small_slope"),
        ),
        (
            "small_shrinks_both_ways",
            "small weights shrink signal and gradient by the same factor per layer",
            abs(f["small_factor"] / f["small_back_factor"] - 1) < 0.1 and f["small_factor"] < 0.5,
            *("small_factor", "small_back_factor"),
        ),
        (
            "small_moves_no_layer",
            "with small weights the weight gradients of all layers are alike and below a thousandth of the right ones",
            f["small_weight_share"] < 1e-3 and f["small_weight_spread"] < 1.5,
            *("small_weight_share", "small_weight_spread"),
        ),
    ]


def _large_claims(f: Findings) -> list[_Claim]:
    return [
        (
            "large_saturates",
            "with large weights most units of every layer are saturated [0.92] and slopes are flat [0.024]",
            f["large_saturated_least"] > 0.85 and f["large_slope"] < 0.05 and f["large_signal"] > 0.9,
            *("large_saturated_least", "large_slope", "large_signal"),
        ),
        (
            "large_explodes",
            "with large weights the gradient grows from the last layer down to the first [7e4]",
            f["large_gradient"] > 1e3,
            "large_gradient",
        ),
        (
            "large_is_mostly_nothing",
            "with large weights most units get next to nothing of the gradient [0.83], otherwise hardly any do",
            f["large_nothing"] > 0.75 and max(f["small_nothing"], f["right_nothing"]) < 0.01,
            *("large_nothing", "small_nothing", "right_nothing"),
        ),
        (
            "rounds_in_float32",
            "with large weights more outputs round to one in float32 [0.52] than in float64 [0.22]",
            f["rounded_single"] > f["rounded_double"] + 0.1 and f["rounded_double"] > 0.1,
            *("rounded_single", "rounded_double"),
        ),
    ]


def _right_claims(f: Findings) -> list[_Claim]:
    off = np.log(f["factors"]["measured"] / f["factors"]["product"]).abs().max()
    sigmoid = f["sigmoid_factor"].value
    return [
        (
            "right_is_alive",
            "at the right scale signal [0.23] and gradient [0.28] stay within a factor of ten and few units saturate",
            f["right_signal"] > 0.1 and 0.1 < f["right_gradient"] < 10 and f["right_saturated"] < 0.05,
            *("right_signal", "right_gradient", "right_saturated"),
        ),
        ("weights_times_slopes", "the gradient's factor per layer is weights times slopes", off < 0.15, "factors"),
        (
            "sigmoid_is_not_centered",
            "sigmoids average one half in every layer, not zero",
            abs(f["sigmoid_mean_least"] - 0.5) < 0.1 and abs(f["sigmoid_mean"] - 0.5) < 0.05,
            *("sigmoid_mean_least", "sigmoid_mean"),
        ),
        (
            "sigmoid_loses_a_sixteenth",
            "the squared gradient of sigmoids at gain one falls to less than 1/16 per layer [0.0557]",
            0.045 < sigmoid < 1 / 16,
            "sigmoid_factor",
        ),
    ]


def _unit_claims(f: Findings) -> list[_Claim]:
    return [
        (
            "maps_differ",
            "with large weights each tanh unit is saturated for most inputs; with Glorot tanh and sigmoid hardly are",
            f["map_large_least"] > 0.5 and f["map_glorot"] < 0.06 and f["map_sigmoid_glorot"] < 0.01,
            *("map_large_least", "map_glorot", "map_sigmoid_glorot"),
        ),
        (
            "sigmoids_get_stuck",
            "with large weights more sigmoids are flat for nearly every input in the last layer than in the first",
            f["sigmoid_flat_last"] > f["sigmoid_flat_first"] + 0.1,
            *("sigmoid_flat_first", "sigmoid_flat_last"),
        ),
        ("relu_is_half_inactive", "half of ReLU is inactive", abs(f["relu_inactive"] - 0.5) < 0.1, "relu_inactive"),
        (
            "relu_units_get_stuck",
            "more ReLU units do the same for nearly all inputs in the last layer than in the first",
            f["relu_same_last"] > f["relu_same_first"] + 0.1,
            *("relu_same_first", "relu_same_last"),
        ),
    ]


def _battery_claims(f: Findings) -> list[_Claim]:
    return [
        (
            "large_saturates_most",
            "at every depth large weights saturate more of tanh than any start that scales with the fan",
            f["tanh_margin"] > 0,
            *("tanh_large", "tanh_scaled", "tanh_margin"),
        ),
        (
            "unsaturated_and_lost",
            "in the deepest net small weights saturate no tanh and lose the signal",
            f["tanh_small"] == 0 and f["tanh_small_signal"] < f["lost"],
            *("tanh_small", "tanh_small_signal"),
        ),
        (
            "pale_is_not_healthy",
            "in the deepest nets many of the starts with hardly any saturation have lost the signal [0.6]",
            f["quiet_lost"] > 0.2,
            *("quiet_cells", "quiet_lost"),
        ),
    ]


_FIGURES = (
    Figure(
        slug="layers",
        data=tables.activation_histograms,
        draw=figures.draw_layers,
    ),
    Figure(
        slug="mechanisms",
        data=tables.lecture_layers,
        draw=figures.draw_mechanisms,
    ),
    Figure(
        slug="gradients",
        data=tables.delta_histograms,
        draw=figures.draw_gradients,
    ),
    *HALT_FIGURES,
    Figure(
        slug="units",
        data=tables.unit_map,
        draw=figures.draw_units,
    ),
    Figure(
        slug="battery",
        data=tables.battery_cells,
        draw=figures.draw_battery,
    ),
    Figure(
        slug="rounding",
        data=tables.rounding,
        draw=figures.draw_rounding,
    ),
)

CHAPTER = Chapter(
    slug="saturation",
    title="What goes wrong when the scale is wrong?",
    needs=("saturation", "halt", "propagation"),
    figures=_FIGURES,
    findings=_findings,
    checks=_checks,
)
