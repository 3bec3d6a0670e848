"""The sentences of the chapter on rescues that the numbers could refute."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.chapters.chapter import Check
from reportgen.chapters.names import LARGE, SMALL
from reportgen.chapters.rescue.findings import BOTH, CALIBRATED, NORMS, Equal, Findings, Trained
from reportgen.chapters.rescue.tables import HE

__all__ = ["check"]

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

_ACTIVATIONS = ("relu", "tanh")


def check(f: Findings) -> Iterator[Check]:
    """Yield the verdict on each sentence."""
    yield from _norms(f)
    yield from _branches(f)
    yield from _lsuv(f)
    yield from _plain_and_both(f.trained)
    yield from _other_forms(f.trained)
    yield from _symmetry(f.equal)


def _norms(f: Findings) -> Iterator[Check]:
    flat = max(f.factors.signal_off[form][name] for form in NORMS for name in _ACTIVATIONS)
    layer, batch = (f.factors.gradient_off[form]["relu"] for form in NORMS)
    tanh = max(f.factors.gradient_off[form]["tanh"] for form in (*NORMS, CALIBRATED))
    low, high = max(f.share["layer norm"].values()), min(f.share["batch norm"].values())
    scale = f.weight_ratio / f.scale_ratio
    yield Check.of("norm_forward", "A norm keeps the signal flat from every start", flat < f.norm_margin, flat)
    yield Check.of("batch_gradient", "The gradient behind it grows as predicted", batch < f.norm_margin, batch)
    yield Check.of("layer_gradient", "Layer norm with ReLU keeps it", layer < f.margin, layer)
    yield Check.of("tanh_gradient", "With tanh it grows behind each of them", tanh < f.norm_margin, tanh)
    yield Check.of("inputs_apart", "Batch norm alone keeps inputs apart", low < 0.15 and high > 0.5, low, high)
    yield Check.of("weight_scale", "Larger weights have smaller gradients", 0.75 < scale < 4 / 3, scale)


def _branches(f: Findings) -> Iterator[Check]:
    doubles = [abs(way["residual"]["relu"][HE].value / 2 - 1) for way in (f.factors.signal, f.factors.gradient)]
    linear = [abs(moment.value / (layer + 1) - 1) for layer, moment in f.normalized.items()]
    less = [max(f.total[BOTH][name].values()) / min(f.total["batch norm"][name].values()) for name in _ACTIVATIONS]
    off = abs(f.scaled.value / f.scaled_theory - 1)
    yield Check.of("residual_doubles", "A whole branch of He's doubles both", max(doubles) < f.margin, doubles)
    yield Check.of("linear", "Normalized branches add one each", max(linear) < _LINEAR, f.normalized)
    yield Check.of("both_grow_less", "Behind them the gradient grows far less", max(less) < _LESS, less)
    yield Check.of("scaled_total", "Scaled branches have a total below the limit", off < _TOTAL, f.scaled)


def _lsuv(f: Findings) -> Iterator[Check]:
    off, often = max(f.fresh_off.values()), f.rescalings
    text = "LSUV's variance holds on fresh inputs"
    yield Check.of("lsuv_unit", text, off < _UNIT and 1 <= often <= 2, off, often)
    yield Check.of("lsuv_scale", "The scale of its start is gone", f.scale_effect < _SCALE, f.scale_effect)


def _plain_and_both(f: Trained) -> Iterator[Check]:
    plain = [f.outcome["plain"][name][start] for name in _ACTIVATIONS for start in (SMALL, LARGE)]
    both = {word for name in _ACTIVATIONS for word in f.outcome[BOTH][name].values()}
    gap = f.relu[BOTH] - f.relu["batch norm"]
    yield Check.of("plain_fails", "Plain nets learn from neither extreme", "learned" not in plain, plain)
    yield Check.of("both_learn", "Normalized branches always learn", both == {"learned"}, both)
    yield Check.of("batch_alone", "Batch norm alone learns less with ReLU", gap > _BEHIND, gap)


def _other_forms(f: Trained) -> Iterator[Check]:
    small = {f.outcome["scaled residual"][name][SMALL] for name in _ACTIVATIONS}
    large = f.accuracy[BOTH]["relu"][LARGE] - f.accuracy["scaled residual"]["relu"][LARGE]
    he, layer = f.outcome["residual"]["relu"][HE], f.outcome["layer norm"]["relu"][SMALL]
    lsuv = set(f.outcome[CALIBRATED]["tanh"].values())
    yield Check.of("scaled_small", "Scaled branches learn from small weights", small == {"learned"}, small)
    yield Check.of("scaled_large", "They stay behind from large ones with ReLU", large > _BEHIND, large)
    yield Check.of("residual_he", "Whole branches of He's do not learn with ReLU", he != "learned", he)
    yield Check.of("layer_small", "Layer norm leaves small weights with ReLU stalled", layer != "learned", layer)
    yield Check.of("lsuv_tanh", "With tanh LSUV learns from every start", lsuv == {"learned"}, lsuv)


def _symmetry(f: Equal) -> Iterator[Check]:
    constant = f.movement["constant"]
    still, moved = max(*f.movement["zeros"].values(), constant["layer norm"]), constant["batch norm"]
    other = set(f.replaced_units) == {f.width} and f.replaced_accuracy > 0.7
    text = "No form tells equal units apart"
    yield Check.of("equal_stays", text, f.spread <= _SAME and f.units == 1, f.spread, f.units)
    text = "Zeros, and equal weights behind layer norm, stand still"
    yield Check.of("stands_still", text, still <= _SAME, still)
    yield Check.of("batch_moves", "Behind batch norm equal weights do move", moved > 0.01, moved)
    yield Check.of("equal_learn_little", "Equal units learn little", f.accuracy < 0.5, f.accuracy)
    text = "LSUV replaces equal units by others that learn"
    yield Check.of("lsuv_replaces", text, other, f.replaced_units, f.replaced_accuracy)
