"""Rescues: what normalization, shortcuts and LSUV do for a bad start, and what nothing does."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.old import Chapter, Check, Figure, Findings
from reportgen.chapters.rescue import figures as rescue_figures
from reportgen.chapters.rescue import tables as rescue_tables
from reportgen.chapters.rescue.findings import BOTH, CALIBRATED, HE, LARGE, NORMS, SMALL, findings

__all__ = ["CHAPTER"]

_SAME = 1e-10
"""Weights of float64 that differ by less are equal: sums are taken in another order."""

_TOTAL, _LINEAR = 0.1, 0.25
"""How far the growth of a few residual streams may be from its formula; the second one fluctuates more."""

_LESS = 0.3
"""Less than this share of the growth of the gradient behind batch norm is "little"."""

_UNIT = 0.3
"""How far a layer's variance on fresh inputs may be from 1: LSUV's tolerance, and the luck of two batches."""

_SCALE = 0.05
"""What rounding may do to a deep network whose weights were scaled and scaled back."""

_BEHIND = 0.1
"""Mean accuracies that differ by more are worth a sentence."""


def _checks(results: Results) -> list[Check]:
    f = findings(results)
    return [*_norms(f), *_branches(f), *_lsuv(f), *_learning(f), *_symmetry(f)]


def _norms(f: Findings) -> Iterator[Check]:
    table, narrow, wide = f["all_factors"], f["norm_margin"], f["margin"]
    normed, tanh = table[table["form"].isin(NORMS)], table["activation"] == "tanh"
    layer, batch = (_off(table[(table["form"] == form) & ~tanh], "gradient") for form in NORMS)
    flat = max(_off(normed, "signal"))
    explodes = [*batch, abs(f["tripled"].value / f["he"]["batch norm", "relu"].gradient_theory - 1)]
    others = _off(table[table["form"].isin([*NORMS, CALIBRATED]) & tanh], "gradient")
    low, high = f["shares"]["layer norm"].max(), f["shares"]["batch norm"].min()
    scale = f["weight_ratio"] / f["scale_ratio"]
    yield _check("norm_forward", "A norm keeps the signal flat from every start", flat < narrow, flat)
    yield _check("batch_gradient", "The gradient behind it grows as predicted", max(explodes) < narrow, explodes)
    yield _check("layer_gradient", "Layer norm with ReLU keeps it", max(layer) < wide, layer)
    yield _check("tanh_gradient", "With tanh it grows behind each of them", max(others) < narrow, others)
    yield _check("inputs_apart", "Batch norm alone keeps inputs apart", low < 0.15 and high > 0.5, (low, high))
    yield _check("weight_scale", "Larger weights have smaller gradients", 0.75 < scale < 4 / 3, f["weight_ratio"])


def _off(rows: pd.DataFrame, way: str) -> list[float]:
    """Return how far the measured factors are from the predicted ones, relative to these."""
    return [abs(one.value / two - 1) for one, two in zip(rows[way], rows[f"{way}_theory"], strict=True)]


def _branches(f: Findings) -> Iterator[Check]:
    whole = f["he"]["residual", "relu"]
    doubles = [abs(whole.signal.value / 2 - 1), abs(whole.gradient.value / 2 - 1)]
    linear = [abs(moment.value / (layer + 1) - 1) for layer, moment in f["linear"].items()]
    scaled = abs(f["scaled_total"].value / f["scaled_formula"] - 1)
    less = [f["total"][BOTH][name].max() / f["total"]["batch norm"][name].min() for name in ("relu", "tanh")]
    yield _check("residual_doubles", "A whole branch of He's doubles both", max(doubles) < f["margin"], doubles)
    yield _check("linear", "Normalized branches add one each", max(linear) < _LINEAR, f["linear"])
    yield _check("both_grow_less", "Behind them the gradient grows far less", max(less) < _LESS, less)
    yield _check("scaled_total", "Scaled branches have a total below the limit", scaled < _TOTAL, f["scaled_total"])


def _lsuv(f: Findings) -> Iterator[Check]:
    off, often = max(f["fresh_off"].values()), f["rescalings"]
    yield _check("lsuv_unit", "LSUV's variance holds on fresh inputs", off < _UNIT and 1 <= often <= 2, (off, often))
    yield _check("lsuv_scale", "The scale of its start is gone", f["scale_effect"] < _SCALE, f["scale_effect"])


def _learning(f: Findings) -> Iterator[Check]:
    outcome, accuracy = f["outcome"], f["accuracy"]
    plain = [outcome["plain", name, start] for name in ("relu", "tanh") for start in (SMALL, LARGE)]
    small = [outcome["scaled residual", name, SMALL] for name in ("relu", "tanh")]
    large = accuracy[BOTH, "relu", LARGE] - accuracy["scaled residual", "relu", LARGE]
    he, layer = outcome["residual", "relu", HE], outcome["layer norm", "relu", SMALL]
    gap = f["both_mean"] - f["batch_mean"]
    lsuv = set(outcome[CALIBRATED]["tanh"])
    yield _check("plain_fails", "Plain nets learn from neither extreme", "learned" not in plain, plain)
    yield _check("both_learn", "Normalized branches always learn", set(outcome[BOTH]) == {"learned"}, outcome[BOTH])
    yield _check("batch_alone", "Batch norm alone learns less with ReLU", gap > _BEHIND, gap)
    yield _check("scaled_small", "Scaled branches learn from small weights", set(small) == {"learned"}, small)
    yield _check("scaled_large", "They stay behind from large ones with ReLU", large > _BEHIND, large)
    yield _check("residual_he", "Whole branches of He's do not learn with ReLU", he != "learned", he)
    yield _check("layer_small", "Layer norm leaves small weights with ReLU stalled", layer != "learned", layer)
    yield _check("lsuv_tanh", "With tanh LSUV learns from every start", lsuv == {"learned"}, lsuv)


def _symmetry(f: Findings) -> Iterator[Check]:
    same = f["equal_spread"] <= _SAME and f["equal_units"] == 1
    still = max(f["zeros_movement"], f["layer_movement"])
    units, learned = f["replaced_units"], f["replaced_accuracy"]
    yield _check("equal_stays", "No form tells equal units apart", same, f["equal_spread"])
    yield _check("stands_still", "Zeros, and equal weights behind layer norm, stand still", still <= _SAME, still)
    yield _check("batch_moves", "Behind batch norm equal weights do move", f["batch_movement"] > 0.01, still)
    yield _check("equal_learn_little", "Equal units learn little", f["equal_accuracy"] < 0.5, f["equal_accuracy"])
    other = set(units) == {f["equal"]["width"]} and learned > 0.7
    yield _check("lsuv_replaces", "LSUV replaces equal units by others that learn", other, (units, learned))


def _check(name: str, statement: str, holds: bool, evidence: object) -> Check:
    return Check(name, f"{statement}.", bool(holds), str(evidence))


_CURVES = (
    "From left to right through the forms; above, the signal from layer one up; below, the gradient from the last "
    "layer down, both on a logarithmic axis. Lines on top of each other are drawn thick to thin. Marks at the edge "
    "stand for what lies beyond it, down to exactly zero and up to overflow."
)

CHAPTER = Chapter(
    slug="rescue",
    title="What rescues a bad start?",
    needs=("rescue",),
    figures=(
        Figure(
            slug="training",
            data=rescue_tables.trained,
            draw=rescue_figures.draw_training,
        ),
        Figure(
            slug="relu",
            data=partial(rescue_tables.curves, activation="relu"),
            draw=partial(
                rescue_figures.draw_curves,
                activation="relu",
                title="ReLU: batch norm keeps every signal, and its gradient grows with depth",
            ),
        ),
        Figure(
            slug="tanh",
            data=partial(rescue_tables.curves, activation="tanh"),
            draw=partial(
                rescue_figures.draw_curves,
                activation="tanh",
                title="tanh: every norm keeps the signal and lets the gradient grow",
            ),
        ),
        Figure(
            slug="growth",
            data=rescue_tables.growth,
            draw=rescue_figures.draw_growth,
        ),
    ),
    findings=findings,
    checks=_checks,
)
