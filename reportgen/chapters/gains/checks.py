"""The sentences of the chapter on gains that the numbers could refute."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.chapters.check import Check, above, below, same, within
from reportgen.chapters.gains.findings import Findings

__all__ = ["check"]

_STRAIGHT = ("linear", "relu", "leaky_relu")
_BENT = ("sigmoid", "tanh", "selu")
_OTHERS = (*_BENT, "elu", "gelu", "silu", "softplus", "softsign")

_CLEAR = 0.01
"""Relative difference of two gains that is more than rounding."""

_KEPT = 1.5
"""Factor within which the signal of the last layers counts as kept."""

_NEAR = 2.5
"""Factor within which a typical network of some dozens follows theory over all layers."""


def check(f: Findings) -> Iterator[Check]:
    """Yield the verdict on each sentence."""
    yield from _gains(f)
    yield from _tanh(f)
    yield from _selu(f)
    statement = f"at every layer the typical network is within a factor of {_NEAR:g} of theory"
    yield Check.of("theory_holds", statement, below(f.farthest, _NEAR))


def _gains(f: Findings) -> Iterator[Check]:
    apart = {name: abs(f.forward[name] / f.backward[name] - 1) for name in _OTHERS}
    torch = {name: abs(f.torch[name] / f.forward[name] - 1) for name in (*_STRAIGHT, *_BENT)}
    neither = [min(torch[name], abs(f.torch[name] / f.backward[name] - 1)) for name in _BENT]
    selu = f.forward["selu"]
    text = "linear, ReLU and leaky ReLU have one gain for both ways"
    yield Check.of("homogeneous_is_the_same", text, same(set(_STRAIGHT) - set(f.same), set()))
    text = "all other activations of the battery need two gains that differ by more than a percent"
    yield Check.of("others_differ", text, above(min(apart.values()), _CLEAR))
    text = "PyTorch's gain is the forward gain for linear, ReLU and leaky ReLU, and neither gain for the others"
    straight = max(torch[name] for name in _STRAIGHT)
    yield Check.of("torch_is_forward_for_relu", text, below(straight, 1e-6), above(min(neither), _CLEAR))
    yield Check.of("selu_is_built_for_one", "SELU's forward gain is one", below(abs(selu - 1), 1e-6))


def _tanh(f: Findings) -> Iterator[Check]:
    q = f.tanh_torch.q.value / f.tanh_torch.q_theory
    one, torch, signal = f.tanh_one.gradient.value, f.tanh_torch.gradient.value, f.tanh_one.signal.value
    text = "tanh with gain 5/3 settles at the fixed point of theory"
    yield Check.of("tanh_settles", text, *within(1 / _KEPT, q, _KEPT))
    yield Check.of("tanh_explodes", "its gradient grows more than a hundredfold in variance", above(torch, 100))
    text = "with gain 1 the signal of tanh falls to less than a twentieth"
    yield Check.of("tanh_fades", text, below(signal, 1 / 20))
    text = "with gain 1 the gradient shrinks, by a smaller factor than it grows by with gain 5/3"
    yield Check.of("tanh_one_changes_less", text, *within(1 / torch, one, 1))


def _selu(f: Findings) -> Iterator[Check]:
    kept, grown = f.selu_one.signal.value, f.selu_one.gradient.value
    fallen, shrunk = f.selu_torch.signal.value, f.selu_torch.gradient.value
    yield Check.of("selu_keeps", "SELU with gain 1 keeps its signal", *within(1 / _KEPT, kept, _KEPT))
    yield Check.of("selu_grows", "and its gradient grows more than fivefold in variance", above(grown, 5))
    yield Check.of("selu_falls", "with gain 3/4 the signal falls to less than a tenth", below(fallen, 0.1))
    yield Check.of("selu_shrinks", "and the gradient shrinks to less than a half", below(shrunk, 0.5))
