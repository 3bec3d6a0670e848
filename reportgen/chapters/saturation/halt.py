"""The halt: the numbers that the chapter on saturation quotes about training, and the sentences that could fail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.names import short_name
from reportgen.chapters.old import Check, Findings
from reportgen.chapters.saturation.halt_tables import STARTS, best_nets, ends

__all__ = ["checks", "findings"]

_PARTS = ("weights", "slopes", "product")
_COMPARED = ("small", "glorot", "huge")

_Claim = tuple[Any, ...]
"""Name, statement, everything that has to be true, then the numbers that decided."""


def findings(results: Results) -> Findings:
    """Return every number on training, as ``halt``: sizes by problem, then by activation and start."""
    halt: dict[str, Any] = {start: short_name(initializer) for initializer, start in STARTS.items()}
    measured = ends(results).to_dict("index")
    nets = best_nets(results).assign(start=lambda table: table["initializer"].map(STARTS))
    for key, rows in nets.groupby(["problem", "activation", "start"]):
        problem, activation, start = map(str, key)
        sizes = halt.setdefault(problem, _sizes(rows.iloc[0], len(rows)))
        medians = rows[["start_loss", "end_loss", "test_accuracy", "learning_rate"]].median()
        sizes.setdefault(activation, {})[start] = {**medians, **measured[key]}
    halt["rates"] = [f"{rate:g}" for rate in sorted(results["halt_nets"]["learning_rate"].unique())]
    halt["momentum"] = f"{results['halt_nets']['momentum'].iloc[0]:g}"
    halt["factors"] = _factors(halt["digits"])
    return {"halt": halt}


def _sizes(net: pd.Series[Any], networks: int) -> dict[str, Any]:
    columns = ("hidden_layers", "units", "training_examples", "batch", "epochs", "classes")
    return {**{name: int(net[name]) for name in columns}, "networks": networks, "guess": float(np.log(net["classes"]))}


def _factors(problem: Mapping[str, Any]) -> pd.DataFrame:
    """Return the factors per layer of the two starts that halt, before and after training."""
    rows = []
    for activation, start in product(("tanh", "sigmoid"), ("small", "huge")):
        measured = problem[activation][start]
        before, after = ([measured[f"{name}_{moment}"] for name in _PARTS] for moment in ("start", "end"))
        rows.append((f"{activation}, {start}", *before, *after))
    return pd.DataFrame(rows, columns=["net", *_PARTS, *(f"{name}, after" for name in _PARTS)])


def checks(results: Results) -> list[Check]:
    """Return the sentences on training; their bounds are far from what is expected, which stands in brackets."""
    halt = findings(results)["halt"]
    claims = [*_outcomes(halt), *_courses(halt), *_mechanisms(halt)]
    return [
        Check(name, statement, all(holds), ", ".join(f"{float(value):.3g}" for value in evidence))
        for name, statement, holds, *evidence in claims
    ]


def _outcomes(halt: Mapping[str, Any]) -> Iterator[_Claim]:
    circle, digits = halt["circle"], halt["digits"]
    tanh, sigmoid = digits["tanh"], digits["sigmoid"]
    small = [_per_guess(problem, kind, "small") for problem in (circle, digits) for kind in ("tanh", "sigmoid")]
    text = "small weights end where a guess is [1.0], with every start and activation"
    yield "halt_small", text, [min(small) > 0.95], *small
    halting = ((circle, "tanh"), (digits, "tanh"), (digits, "sigmoid"))
    wild = [_per_guess(problem, kind, "huge", "start_loss") for problem, kind in halting]
    huge = [_per_guess(problem, kind, "huge") for problem, kind in halting]
    text = "huge weights begin far worse than a guess [15, 25, 17] and end near it [0.85, 1.1, 1.0]"
    yield "halt_huge", text, [min(wild) > 3, min(huge) > 0.6], *wild, *huge
    right = [digits[kind]["huge"]["test_accuracy"] for kind in ("tanh", "sigmoid")]
    yield "halt_knows_little", "huge nets know little of digits [0.27, 0.1]", [max(right) < 0.5], *right
    crawling = [circle["sigmoid"][start]["end_loss"] for start in ("large", "huge")]
    text = "huge sigmoids on the circle stay far behind large ones [0.01, 0.5]"
    yield "halt_crawls", text, [crawling[1] > 3 * crawling[0]], *crawling
    learned = [problem["tanh"]["glorot"]["test_accuracy"] for problem in (circle, digits)]
    yield "halt_glorot", "tanh learns both problems from Glorot [1.0, 0.94]", [min(learned) > 0.85], *learned
    slowed = tanh["glorot"]["end_loss"], tanh["large"]["end_loss"], circle["tanh"]["large"]["test_accuracy"]
    text = "weights of size one slow tanh down on digits [0.07, 0.8] and not on the circle [1.0]"
    yield "halt_slows", text, [slowed[1] > 3 * slowed[0], slowed[2] > 0.95], *slowed
    wanted = _per_guess(digits, "sigmoid", "glorot"), sigmoid["large"]["test_accuracy"]
    text = "sigmoids halt on digits with Glorot [1.0] and learn from weights of size one [0.85]"
    yield "halt_sigmoid", text, [wanted[0] > 0.95, wanted[1] > 0.5], *wanted


def _per_guess(problem: Mapping[str, Any], activation: str, start: str, loss: str = "end_loss") -> float:
    """Return a loss in units of that of a guess."""
    return float(problem[activation][start][loss] / problem["guess"])


def _courses(halt: Mapping[str, Any]) -> Iterator[_Claim]:
    circle, digits = halt["circle"], halt["digits"]
    nets = [circle["tanh"], digits["tanh"], digits["sigmoid"], circle["sigmoid"]]
    saturated = [starts["huge"]["saturated_fraction_start"] for starts in nets]
    later = [starts["huge"]["saturated_fraction_end"] for starts in nets[:3]]
    more = [after > before for before, after in zip(saturated, later, strict=False)]
    text = "huge weights saturate most units [0.85, 0.96, 0.88, 0.64]; tanh and digits more so later [0.95, 0.99, 0.93]"
    yield "halt_saturates", text, [min(saturated) > 0.5, *more], *saturated, *later
    quiet = [starts["small"]["saturated_fraction_end"] for starts in nets]
    yield "halt_small_quiet", "small weights saturate nothing at any time", [max(quiet) < 0.01], *quiet
    first = [digits[kind][start]["gradient_norm_start"] for kind in ("tanh", "sigmoid") for start in ("glorot", "huge")]
    text = "on digits huge weights begin with far more gradient than Glorot [0.5, 60; 0.001, 6]"
    yield "halt_begins_large", text, [first[1] > 3 * first[0], first[3] > 3 * first[2]], *first
    after = [starts["huge"]["gradient_end"] / starts["glorot"]["gradient_end"] for starts in nets[:2]]
    fall = digits["tanh"]["huge"]["gradient_end"] / digits["tanh"]["huge"]["gradient_start"]
    text = "in tanh it ends below a tenth of Glorot's per nat of loss [1e-4, 1e-8], on digits it falls [1e-8]"
    yield "halt_vanishes_later", text, [max(after) < 0.1, fall < 0.01], *after, fall
    sigmoids = [{start: starts[start]["gradient_end"] for start in ("small", "large", "huge")} for starts in nets[2:]]
    lags = [gradient["huge"] / gradient["large"] for gradient in sigmoids]
    leads = [gradient["huge"] / gradient["small"] for gradient in sigmoids]
    text = "in sigmoids it ends below that of the start that learns [0.01, 0.05] and far above the small start's [1e7]"
    yield "halt_lags", text, [max(lags) < 1, min(leads) > 30], *lags, *leads
    agree = {start: [digits[kind][start]["agreement_start"] for kind in ("tanh", "sigmoid")] for start in _COMPARED}
    text = "the halves of the probe agree on the gradient [0.8, 0.6] but for huge weights [0.0]"
    apart = max(abs(cosine) for cosine in agree["huge"])
    holds = [min(*agree["small"], *agree["glorot"]) > 0.3, apart < 0.25]
    yield "halt_disagrees", text, holds, *agree["small"], *agree["glorot"], *agree["huge"]


def _mechanisms(halt: Mapping[str, Any]) -> Iterator[_Claim]:
    tanh, sigmoid = halt["digits"]["tanh"], halt["digits"]["sigmoid"]
    steep = tanh["small"]["slopes_end"], 16 * sigmoid["small"]["slopes_end"]
    weights = tanh["small"]["weights_end"], sigmoid["small"]["weights_end"]
    moved = [net["small"]["weights_end"] / net["small"]["weights_start"] for net in (tanh, sigmoid)]
    text = "small weights fail by their weights [0.0016], before and after [1.0]; their slopes stay steep [1.0]"
    holds = [min(steep) > 0.95, max(weights) < 0.01, min(moved) > 0.5, max(moved) < 2]
    yield "halt_products", text, holds, *weights, *moved, *steep
    huge = tanh["huge"], sigmoid["huge"]
    start = [net["product_start"] for net in huge]
    text = "huge weights begin with factors above one [6, 2.5]: they outweigh the flat slopes"
    yield "halt_outweighs", text, [min(start) > 1], *start
    end = tanh["huge"]["product_end"]
    yield "halt_turns", "in tanh the factor ends far below one [0.003]", [end < 0.5], end
    slopes, weights = (tanh["huge"][f"{key}_end"] / tanh["huge"][f"{key}_start"] for key in ("slopes", "weights"))
    text = "that is the doing of slopes [0.0001], not of weights [4]"
    yield "halt_by_slopes", text, [slopes < 0.1, weights > 0.5], slopes, weights
    alive = tanh["glorot"]["product_end"], sigmoid["large"]["product_end"]
    text = "nets that learn digits end near a factor of one [1.3, 0.9]"
    yield "halt_alive", text, [min(alive) > 0.3, max(alive) < 3], *alive
    met = tanh["huge"]["slopes_end"], tanh["huge"]["mean_squared_slope_end"]
    text = "the gradient meets slopes far below the average [1e-6, 0.003]"
    yield "halt_average_misleads", text, [met[0] < met[1] / 10], *met
