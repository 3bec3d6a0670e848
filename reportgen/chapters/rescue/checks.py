"""The sentences of the chapter on rescues that the numbers could refute."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from math import inf, sqrt

import numpy as np

from reportgen.chapters.check import ANYWHERE, MEANT_FOR, Check, above, below, same, within
from reportgen.chapters.names import LARGE, SMALL
from reportgen.chapters.rescue.findings import BOTH, CALIBRATED, NORMS, Equal, Findings, Trained
from reportgen.chapters.rescue.tables import HE
from reportgen.judgments.outcomes import LEARNED

__all__ = ["check"]

_SAME = 1e-10
"""Weights of float64 that differ by less are equal: sums are taken in another order."""

_TOTAL, _ROOT = 0.1, 0.12
"""How far the growth along a few residual nets may be from its formula: "about" means this."""

_KEPT = 10
"""A gradient that changes by less over the whole net is kept: in wide nets the factor per layer is one."""

_LESS = 0.3
"""Less than this share of the growth of the gradient behind batch norm is "little"."""

_UNIT = 0.5
"""How far a layer's variance on fresh inputs may be from 1: LSUV's tolerance, and the luck of two batches."""

_SCALE = 0.05
"""What rounding may do to a deep network whose weights were scaled and scaled back."""

_BEHIND = 0.1
"""Mean accuracies that differ by more are worth a sentence."""

_TWO_THIRDS = 2 / 3
"""Who is right less often than this after so few updates is far behind those that were rescued."""

_LITTLE = 0.7
"""The same for a start that does learn a little."""

_NEARLY = 0.25
"""How far who does nearly as well may be behind: after few updates chance alone can make a tenth."""

_ACTIVATIONS = ("relu", "tanh")

_OF_THIS_WIDTH = replace(MEANT_FOR, replicates=(0, inf), batch=(0, inf), depth=(0, inf))
"""The networks that are followed have the width of the settings, everything else is their own."""


def check(f: Findings) -> Iterator[Check]:
    """Yield the verdict on each sentence."""
    for one in chain(_norms(f), _branches(f), _lsuv(f)):
        yield one.only_for(_OF_THIS_WIDTH)
    for one in chain(_plain_and_both(f.trained), _other_variants(f.trained), _symmetry(f.equal)):
        yield one.only_for(ANYWHERE)


def _norms(f: Findings) -> Iterator[Check]:
    flat = max(f.factors.signal_off[form][name] for form in NORMS for name in _ACTIVATIONS)
    layer = np.array([*f.total["layer norm"]["relu"].values()])
    with np.errstate(divide="ignore"):
        layer_off = float(np.max([layer, 1 / layer]))
    batch = f.factors.gradient_off["batch norm"]["relu"]
    tanh = max(f.factors.gradient_off[form]["tanh"] for form in (*NORMS, CALIBRATED))
    apart = below(max(f.share["layer norm"].values()), 1 / 2), above(min(f.share["batch norm"].values()), 2 / 3)
    scale = within(2 / 3, f.weight_ratio / f.scale_ratio, 3 / 2)
    yield Check.of("norm_forward", "A norm keeps the signal flat from every start", below(flat, f.norm_margin))
    text = f"The gradient behind it grows as predicted, within {f.norm_margin:.0%} per layer"
    yield Check.of("batch_gradient", text, below(batch, f.norm_margin))
    text = "With ReLU it explodes behind batch norm, from every start"
    yield Check.of("batch_explodes", text, above(min(f.total["batch norm"]["relu"].values()), f.limit))
    text = f"Layer norm with ReLU keeps it within a factor of {_KEPT} over all layers"
    yield Check.of("layer_gradient", text, below(layer_off, _KEPT))
    yield Check.of("tanh_gradient", "With tanh it grows behind each of them", below(tanh, f.norm_margin))
    text = "Behind layer norm less than half of the signal tells inputs apart, behind batch norm more than two thirds"
    yield Check.of("inputs_apart", text, *apart)
    yield Check.of("weight_scale", "Gradients are smaller by about the factor by which weights are larger", scale)


def _branches(f: Findings) -> Iterator[Check]:
    ways = [way["residual"]["relu"][HE].value / sqrt(2) for way in (f.factors.signal, f.factors.gradient)]
    grows = above(min(ways), 1 - f.margin), below(max(ways), 1 + f.margin)
    steps = [rms.value / sqrt(layer + 1) for layer, rms in f.normalized.items()]
    root = above(min(steps), 1 - _ROOT), below(max(steps), 1 + _ROOT)
    ends = [[f.total[form][name].values() for form in (BOTH, "batch norm")] for name in _ACTIVATIONS]
    less = [below(max(both), _LESS * min(batch)) for both, batch in ends]
    total = within(1 - _TOTAL, f.scaled.value / f.scaled_theory, 1 + _TOTAL)
    yield Check.of("residual_grows", f"Whole branches of He's multiply both by √2, within {f.margin:.0%}", *grows)
    yield Check.of("root", "Behind normalized branches the signal is about the root of the layers", *root)
    yield Check.of("both_grow_less", "Behind them the gradient grows far less", *less)
    yield Check.of("scaled_total", "Scaled branches have about the total that is predicted", total)


def _lsuv(f: Findings) -> Iterator[Check]:
    unit = below(max(f.fresh_off.values()), _UNIT), same(f.rescalings, 1)
    text = "One pass of LSUV is enough, and on fresh inputs no variance is further from one than a half"
    yield Check.of("lsuv_unit", text, *unit)
    text = "The scale of its start is gone, but for a twentieth"
    yield Check.of("lsuv_scale", text, below(f.scale_effect, _SCALE))


def _plain_and_both(f: Trained) -> Iterator[Check]:
    plain = max(f.progress["plain"][name][start] for name in _ACTIVATIONS for start in (SMALL, LARGE))
    both = min(way for name in _ACTIVATIONS for way in f.progress[BOTH][name].values())
    gap = f.relu[BOTH] - f.relu["batch norm"]
    yield Check.of("plain_fails", "Plain nets learn from neither extreme", below(_right(f, plain), _right(f, LEARNED)))
    yield Check.of("both_learn", "Normalized branches always learn", above(both, LEARNED))
    yield Check.of("batch_alone", "Batch norm alone learns less with ReLU", above(gap, _BEHIND))


def _right(f: Trained, progress: float) -> float:
    """Return the share of right answers at some progress: of nets that guess, progress is luck around nothing."""
    return f.guess + (1 - f.guess) * progress


def _other_variants(f: Trained) -> Iterator[Check]:
    small = min(f.progress["scaled residual"][name][SMALL] for name in _ACTIVATIONS)
    large = f.accuracy[BOTH]["relu"][LARGE] - f.accuracy["scaled residual"]["relu"][LARGE]
    he = f.progress["residual"]["relu"][HE]
    lsuv = min(f.progress[CALIBRATED]["tanh"].values())
    yield Check.of("scaled_small", "Scaled branches learn from small weights", above(small, LEARNED))
    yield Check.of("scaled_large", "They stay behind from large ones with ReLU", above(large, _BEHIND))
    yield Check.of("residual_he", "Whole branches of He's do not learn with ReLU", below(he, LEARNED))
    text = "Behind layer norm with ReLU no start gets two thirds of the answers right"
    yield Check.of("layer_relu", text, below(f.most("layer norm", "relu"), _TWO_THIRDS))
    text = "Scaled branches without a norm do nearly as well as normalized ones, but for large weights"
    yield Check.of("scaled_equal", text, below(f.without_norm, _NEARLY))
    yield Check.of("lsuv_tanh", "With tanh LSUV learns from every start", above(lsuv, LEARNED))
    yield Check.of("lsuv_relu", "With ReLU it learns little", below(f.most(CALIBRATED, "relu"), _LITTLE))


def _symmetry(f: Equal) -> Iterator[Check]:
    constant = f.movement["constant"]
    still, moved = max(*f.movement["zeros"].values(), constant["layer norm"]), constant["batch norm"]
    other = same(set(f.replaced_units), {f.width}), above(f.replaced_accuracy, 0.7)
    text = "No variant tells equal units apart"
    yield Check.of("equal_stays", text, below(f.spread, _SAME), same(f.units, 1))
    text = "Zeros, and equal weights behind layer norm, stand still"
    yield Check.of("stands_still", text, below(still, _SAME))
    yield Check.of("batch_moves", "Behind batch norm equal weights do move", above(moved, 0.01))
    yield Check.of("equal_learn_little", "Equal units learn little", below(f.accuracy, 0.5))
    yield Check.of("lsuv_replaces", "LSUV replaces equal units by others that learn", *other)
