"""How well mean field theory predicts the battery, and why it is off where it is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.names import short_name
from reportgen.chapters.old import Chapter, Check, Figure, Findings
from reportgen.chapters.theory import figures as theory_figures
from reportgen.chapters.theory import tables as theory_tables
from reportgen.judgments.comparison import EXPLANATIONS, LIMIT, MARGIN, comparison, in_range, judged

__all__ = ["CHAPTER"]

_ALLOWANCE = 0.15
"""How far the share may be below that of Student's law: pairs share their draws, so chance moves them together."""

_UNEXPLAINED = 0.01
_SMALL = 0.15
_DOT = 0.25

_QUANTITIES = {
    "pre_activation_second_moment": "second moment of z",
    "activation_second_moment": "second moment of h",
    "delta_rms": "rms of delta",
}


def _findings(results: Results) -> Findings:
    """Return every number that the prose quotes."""
    table = judged(results)
    compared, networks = in_range(table), int(results.settings["replicates"])
    lost = ~np.isfinite(table["log_deviation"])
    scatter = theory_tables.scatter(table, results.settings)
    dots = theory_tables.examples(results)
    return {
        "limit": int(LIMIT),
        "margin": int(MARGIN),
        "networks": networks,
        "width": int(results.settings["width"]),
        "depth": theory_tables.DEPTH,
        "rows": len(table),
        "pairs": len(table[["initializer", "activation"]].drop_duplicates()),
        "no_limit": [short_name(name) for name in theory_tables.no_limit(results)],
        "within": float((compared["deviation_in_standard_errors"].abs() <= LIMIT).mean()),
        "expected": theory_tables.expected_share(networks),
        "relative": float(compared["relative_deviation"].abs().median()),
        "lost": int(lost.sum()),
        "lost_by_surprise": int((lost & ~table["is_lost"]).sum()),
        "out_of_range": float(table["is_lost"].mean()),
        "out_of_range_pairs": _pairs(table[table["is_lost"]]),
        "unexplained": float((compared["explanation"] == "unexplained").mean()),
        "shares": _shares(table),
        "rules": pd.DataFrame({"word": list(EXPLANATIONS), "rule": list(EXPLANATIONS.values())}),
        "scatter_share": float((scatter["measured"] < 2 * scatter["predicted"]).mean()),
        "scatter_ratio": float((scatter["measured"] / scatter["predicted"]).median()),
        "dots": float((dots["measured"] / dots["predicted"] - 1).abs().median()),
        **_by_depth(compared, results.settings["depths"]),
        **_extremes(table, results),
    }


def _pairs(rows: pd.DataFrame) -> int:
    return len(rows[["initializer", "activation"]].drop_duplicates())


def _shares(table: pd.DataFrame) -> pd.DataFrame:
    """Return the share of every explanation as text, one row per explanation."""
    shares = theory_tables.shares(table).rename(index=_QUANTITIES).T
    shares = shares.map(lambda share: f"{share:.2%}").rename_axis(None, axis="columns")
    return shares.rename_axis("explanation").reset_index()


def _by_depth(compared: pd.DataFrame, depths: list[int]) -> dict[str, Any]:
    """Return the typical relative deviation of E[z²] near the inputs and deep in the net."""
    forward = compared[compared["quantity"] == "pre_activation_second_moment"]
    typical = forward["relative_deviation"].abs().groupby(forward["layer"]).median()
    shallow, deep = min(depths), max(depths)
    return {"shallow": shallow, "deep": deep, "relative_shallow": typical[shallow], "relative_deep": typical[deep]}


def _extremes(table: pd.DataFrame, results: Results) -> dict[str, Any]:
    """Return the pairs whose typical layer is furthest off, in standard errors and relative."""
    found: dict[str, Any] = {}
    for name, column in (("errors", "deviation_in_standard_errors"), ("off", "relative_deviation")):
        typical = theory_tables.deviations(table, results.settings, column).to_numpy()
        row, at = np.unravel_index(np.nanargmax(typical), typical.shape)
        initializer, activation = results.settings["initializers"][row], results.settings["activations"][at]
        small = LIMIT if name == "errors" else _SMALL
        found[f"small_{name}"] = float((typical[np.isfinite(typical)] < small).mean())
        found[f"most_{name}"] = float(typical[row, at])
        found[f"most_{name}_pair"] = f"{short_name(initializer)} with {activation}"
    return found


def _checks(results: Results) -> list[Check]:
    f = _findings(results)
    return [
        Check(
            "most_agree",
            "The share within three standard errors is at most a little below that of Student's law.",
            f["within"] > f["expected"] - _ALLOWANCE,
            f"{f['within']:.3g}, by Student's law {f['expected']:.3g}",
        ),
        Check(
            "typically_close",
            f"Half of all predictions are closer than {_SMALL:.0%}.",
            f["relative"] < _SMALL,
            f"median {f['relative']:.3g}",
        ),
        Check(
            "most_pairs_agree",
            f"In most pairs the typical layer is within three standard errors, and closer than {_SMALL:.0%}.",
            min(f["small_errors"], f["small_off"]) > 0.5,
            f"{f['small_errors']:.3g} and {f['small_off']:.3g} of the pairs",
        ),
        Check(
            "dots_on_lines",
            f"Half of the dots of the key figure are closer than {_DOT:.0%} to their lines.",
            f["dots"] < _DOT,
            f"median {f['dots']:.3g}",
        ),
        Check(
            "deeper_is_further",
            "The typical deviation of the signal is larger in the last layers than in the first.",
            bool(f["relative_deep"] > f["relative_shallow"]),
            f"{f['relative_deep']:.3g} and {f['relative_shallow']:.3g}",
        ),
        Check(
            "losses_are_foretold",
            "No number is lost to float32 where theory does not say that it leaves the range.",
            f["lost_by_surprise"] == 0 and f["lost"] > 0,
            f"{f['lost_by_surprise']} of {f['lost']}",
        ),
        Check(
            "all_explained",
            f"Less than {_UNEXPLAINED:.0%} of the deviations are left without an explanation.",
            f["unexplained"] < _UNEXPLAINED,
            f"{f['unexplained']:.3g}",
        ),
        Check(
            "scatter_is_foretold",
            "Nine of ten pairs and layers scatter by less than twice what theory expects.",
            f["scatter_share"] > 0.9,
            f"{f['scatter_share']:.3g}",
        ),
    ]


CHAPTER = Chapter(
    slug="theory",
    title="Does the theory hold?",
    needs=("propagation", "mean_field"),
    figures=(
        Figure(
            slug="lines",
            data=theory_tables.examples,
            draw=theory_figures.draw_lines,
        ),
        Figure(
            slug="errors",
            data=lambda results: _long(results, "deviation_in_standard_errors"),
            draw=theory_figures.draw_errors,
        ),
        Figure(
            slug="relative",
            data=lambda results: _long(results, "relative_deviation"),
            draw=theory_figures.draw_relative,
        ),
        Figure(
            slug="spread",
            data=lambda results: in_range(comparison(results)),
            draw=theory_figures.draw_spread,
        ),
        Figure(
            slug="scatter",
            data=lambda results: theory_tables.scatter(judged(results), results.settings),
            draw=theory_figures.draw_scatter,
        ),
    ),
    findings=_findings,
    checks=_checks,
)


def _long(results: Results, column: str) -> pd.DataFrame:
    table = theory_tables.deviations(judged(results), results.settings, column)
    return table.rename_axis("initializer").reset_index()
