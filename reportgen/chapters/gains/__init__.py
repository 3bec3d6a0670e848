"""Which gain an activation needs: one for the signal, another for the gradient."""

from __future__ import annotations

import numpy as np

from reportgen.battery.results import Results
from reportgen.chapters.chapter import Chapter, Check, Figure, Findings
from reportgen.chapters.gains import figures as gains_figures
from reportgen.chapters.gains import tables as gains_tables

__all__ = ["CHAPTER"]

_HOMOGENEOUS = ("linear", "relu", "leaky_relu")
_OTHERS = ("sigmoid", "tanh", "elu", "selu", "gelu", "silu", "softplus", "softsign")
_CLEAR = 0.01
"""Relative difference of two gains that is more than rounding."""

_KEPT = 1.5
"""Factor within which the signal of the last layers counts as kept."""

_NEAR = 2.5
"""Factor within which a typical network of some dozens follows theory over all layers."""


def _checks(results: Results) -> list[Check]:
    f = gains_tables.findings(results)
    return [*_check_gains(f), *_check_tanh(f), *_check_selu(f), _check_theory(f)]


def _check_gains(f: Findings) -> list[Check]:
    apart = {name: abs(f["forward"][name] / f["backward"][name] - 1) for name in _OTHERS}
    torch = {
        name: abs(f["torch"][name] / f["forward"][name] - 1) for name in (*_HOMOGENEOUS, "sigmoid", "tanh", "selu")
    }
    return [
        _true(
            "homogeneous_is_the_same",
            "linear, ReLU and leaky ReLU have one gain for both ways",
            set(_HOMOGENEOUS) <= set(f["same"]),
            f["same"],
        ),
        _true(
            "others_differ",
            "all other activations of the battery need two gains that differ by more than a percent",
            min(apart.values()) > _CLEAR,
            apart,
        ),
        _true(
            "torch_is_forward_for_relu",
            "PyTorch's gain is the forward gain for linear, ReLU and leaky ReLU, and neither gain for the others",
            max(torch[name] for name in _HOMOGENEOUS) < 1e-6
            and min(torch[name] for name in ("sigmoid", "tanh", "selu")) > _CLEAR
            and all(abs(f["torch"][name] / f["backward"][name] - 1) > _CLEAR for name in ("sigmoid", "tanh", "selu")),
            torch,
        ),
        _true(
            "selu_is_built_for_one",
            "SELU's forward gain is one",
            abs(f["forward"]["selu"] - 1) < 1e-6,
            f["forward"]["selu"],
        ),
    ]


def _check_tanh(f: Findings) -> list[Check]:
    q = f["tanh_torch_q"].value / f["tanh_torch_q_theory"]
    one, torch = f["tanh_one_gradient"].value, f["tanh_torch_gradient"].value
    return [
        _true("tanh_settles", "tanh with gain 5/3 settles at the fixed point of theory", 1 / _KEPT < q < _KEPT, q),
        _true("tanh_explodes", "its gradient grows more than a hundredfold in variance", torch > 100, torch),
        _true(
            "tanh_fades",
            "with gain 1 the signal of tanh falls to less than a twentieth",
            f["tanh_one_signal"].value < 1 / 20,
            f["tanh_one_signal"],
        ),
        _true(
            "tanh_one_changes_less",
            "with gain 1 the gradient shrinks, by a smaller factor than it grows by with gain 5/3",
            one < 1 and abs(np.log(one)) < np.log(torch),
            (one, torch),
        ),
    ]


def _check_selu(f: Findings) -> list[Check]:
    kept, grown = f["selu_one_signal"].value, f["selu_one_gradient"].value
    fallen, shrunk = f["selu_torch_signal"].value, f["selu_torch_gradient"].value
    return [
        _true("selu_keeps", "SELU with gain 1 keeps its signal", 1 / _KEPT < kept < _KEPT, kept),
        _true("selu_grows", "and its gradient grows more than fivefold in variance", grown > 5, grown),
        _true("selu_falls", "with gain 3/4 the signal falls to less than a tenth", fallen < 0.1, fallen),
        _true("selu_shrinks", "and the gradient shrinks to less than a half", shrunk < 0.5, shrunk),
    ]


def _check_theory(f: Findings) -> Check:
    statement = f"at every layer the typical network is within a factor of {_NEAR:g} of theory"
    return _true("theory_holds", statement, f["farthest"] < _NEAR, f["farthest"])


def _true(name: str, statement: str, holds: bool, evidence: object) -> Check:
    return Check(name, f"{statement}.", bool(holds), str(evidence))


CHAPTER = Chapter(
    slug="gains",
    title="Which gain does my activation need?",
    needs=("gains",),
    figures=(
        Figure(
            slug="table",
            caption=(
                "The gain that keeps the signal is not the gain that keeps the gradient, unless the activation is "
                "made of straight lines through zero."
            ),
            how_to_read=(
                "Per activation, the dot is the gain at which a signal of variance one keeps its size, the diamond "
                "the gain at which a gradient does; the cross is what PyTorch recommends, where it does."
            ),
            alt=(
                "Gains on a logarithmic axis. {{ f.same | words }} have one gain for both ways. The two are furthest "
                "apart for sigmoid, {{ f.forward.sigmoid | num }} and {{ f.backward.sigmoid | num }}. For tanh they "
                "are {{ f.forward.tanh | num }} and {{ f.backward.tanh | num }}, and PyTorch's is "
                "{{ f.torch.tanh | num }}."
            ),
            data=gains_tables.gains,
            draw=gains_figures.draw_gains,
        ),
        Figure(
            slug="curves",
            caption=(
                "What an activation does to signal and gradient depends on how large the pre-activations are. Only "
                "for linear, ReLU and leaky ReLU does the slope average stay the same at every scale."
            ),
            how_to_read=(
                "Left, the second moment behind the activation, right, the second moment of its slope, both over the "
                "variance in front of it. On both axes one step is a factor."
            ),
            alt=(
                "Left, the averages of linear, ReLU and their relatives rise in proportion to q, those of sigmoid, "
                "tanh and softsign level off. Right, the slopes of sigmoid, tanh and softsign fall for large q, the "
                "others level off."
            ),
            data=gains_tables.curves,
            draw=gains_figures.draw_curves,
        ),
        Figure(
            slug="layers",
            caption=(
                "A gain that keeps the signal over {{ f.depth }} layers lets the gradient grow, for tanh and for SELU."
            ),
            how_to_read=(
                "Dots are the typical one of {{ f.networks }} networks of width {{ f.width }} with its standard error, "
                "lines are theory. Left, the signal goes to the right; right, the gradient comes from the right."
            ),
            alt=(
                "Left, tanh with gain {{ f.torch.tanh | num }} and SELU with gain {{ f.torch.linear | num }} stay "
                "level, the other two fall. Right, the gradient of these two grows on its way down, by "
                "{{ f.tanh_torch_gradient.value | num }} and {{ f.selu_one_gradient.value | num }}; that of the other "
                "two shrinks, to {{ f.tanh_one_gradient.value | num }} and {{ f.selu_torch_gradient.value | num }}."
            ),
            data=gains_tables.layers,
            draw=gains_figures.draw_layers,
        ),
    ),
    findings=gains_tables.findings,
    checks=_checks,
)
