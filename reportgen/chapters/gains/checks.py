"""The sentences of the chapter on gains that the numbers could refute."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from reportgen.chapters.check import Check, above, below, same, within
from reportgen.chapters.gains.findings import Findings
from reportgen.chapters.gains.sizes import Sizes

__all__ = ["check"]

_STRAIGHT = ("linear", "relu", "leaky_relu")
_BENT = ("sigmoid", "tanh", "selu")
_OTHERS = (*_BENT, "elu", "gelu", "silu", "softplus", "softsign")

_UNSTABLE = ("gelu", "silu")
_HE = ("relu", "leaky_relu", *_UNSTABLE)
_ONE = ("linear", "tanh", "selu", "elu")
_SETTLING = ("tanh", "softsign", "elu", "selu")

_MOST = 0.75
"""Share of the networks from which on most of them hold."""

_CLEAR = 0.01
"""Relative difference of two gains that is more than rounding."""

_KEPT = 1.25
"""Factor within which the signal of the last layers counts as kept."""

_NEAR = 1.6
"""Factor within which a typical network of some dozens follows theory over all layers."""


def check(f: Findings) -> Iterator[Check]:
    """Yield the verdict on each sentence."""
    yield from _gains(f)
    yield from _kept(f)
    yield from _sizes(f.sizes)
    yield from _tanh(f)
    yield from _selu(f)
    statement = f"at every layer the typical network is within a factor of {_NEAR:g} of theory"
    yield Check.of("theory_holds", statement, below(f.farthest, _NEAR))


def _gains(f: Findings) -> Iterator[Check]:
    apart = {name: abs(f.forward[name] / f.backward[name] - 1) for name in _OTHERS}
    torch = {name: abs(f.torch[name] / f.forward[name] - 1) for name in (*_STRAIGHT, *_BENT)}
    neither = [min(torch[name], abs(f.torch[name] / f.backward[name] - 1)) for name in _BENT]
    selu, starts = f.forward["selu"], {**dict.fromkeys(_HE, 2**0.5), **dict.fromkeys(_ONE, 1.0)}
    text = (
        "the front page starts ReLU, leaky ReLU, GELU and SiLU with He, and linear layers, tanh, SELU and ELU with one"
    )
    off = max(abs(f.start[name] / gain - 1) for name, gain in starts.items())
    yield Check.of("recommended", text, below(off, 1e-3))
    text = "the gain for deep nets lies between the edge and the forward gain where nets settle, and for GELU and SiLU"
    rooms = [(f.deep[name] / f.edge[name], f.forward[name] / f.deep[name]) for name in (*_SETTLING, *_UNSTABLE)]
    yield Check.of("between", text, above(min(min(pair) for pair in rooms), 1 + _CLEAR))
    text = "linear, ReLU and leaky ReLU have one gain for both ways"
    yield Check.of("homogeneous_is_the_same", text, same(set(_STRAIGHT) - set(f.same), set()))
    text = "all other activations of the battery need two gains that differ by more than a percent"
    yield Check.of("others_differ", text, above(min(apart.values()), _CLEAR))
    text = "PyTorch's gain is the forward gain for linear, ReLU and leaky ReLU, and neither gain for the others"
    straight = max(torch[name] for name in _STRAIGHT)
    yield Check.of("torch_is_forward_for_relu", text, below(straight, 1e-6), above(min(neither), _CLEAR))
    yield Check.of("selu_is_built_for_one", "SELU's forward gain is one", below(abs(selu - 1), 1e-6))


def _kept(f: Findings) -> Iterator[Check]:
    text = "most of the second moment of softplus and of sigmoid is a squared mean"
    yield Check.of("keeps_a_mean", text, above(min(f.mean_share["softplus"], f.mean_share["sigmoid"]), 0.5))
    text = "under their forward gain ten layers leave less than a hundredth of a difference, and ReLU's a third"
    lost = max(f.soon["softplus"], f.soon["sigmoid"])
    yield Check.of("loses_differences", text, below(lost, 0.01), above(f.soon["relu"], 1 / 3))
    text = "tanh keeps all of a difference at right angles"
    yield Check.of("tanh_keeps_differences", text, *within(1 - _CLEAR, f.soon["tanh"], 1 + _CLEAR))
    text = "of the battery, variance one is unstable for GELU and SiLU"
    battery = {*_STRAIGHT, *_OTHERS}
    ends = [f.from_small[name] == 0 and f.from_large[name] == inf for name in _UNSTABLE]
    unstable = sorted(battery & set(f.unstable))
    yield Check.of("unstable", text, same(unstable, list(_UNSTABLE)), same(sum(ends), len(_UNSTABLE)))
    text = "tanh comes back to variance one from below and from above"
    settled = f.from_small["tanh"], f.from_large["tanh"]
    yield Check.of("tanh_stable", text, above(min(settled), 1 - _CLEAR), below(max(settled), 1 + _CLEAR))
    text = "tanh with its backward gain settles below one, and its gradient grows"
    yield Check.of("tanh_leaves", text, below(f.leaves["tanh"], 0.9), above(f.keeps["tanh"], 1 + _CLEAR))
    text = "sigmoid leaves one under its backward gain, and the gradient shrinks to less than a tenth in ten layers"
    yield Check.of("sigmoid_leaves", text, above(f.leaves["sigmoid"], 2), below(f.keeps["sigmoid"], 0.1))
    text = "the edge of sigmoid is at more than twice its backward gain"
    yield Check.of("sigmoid_edge", text, above(f.edge["sigmoid"], 2 * f.backward["sigmoid"]))
    text = "the gain that keeps the standard deviation is larger than the forward gain where the mean is not zero"
    larger = [f.std[name] / f.forward[name] for name in ("sigmoid", "relu", "elu", "gelu", "silu", "softplus")]
    yield Check.of("std_is_larger", text, above(min(larger), 1 + _CLEAR))


def _sizes(sizes: Sizes) -> Iterator[Check]:
    def typical(activation: str, q0: float, choice: str) -> float:
        return sizes.runs[activation, q0, choice].signal.value

    text = "the larger the inputs of GELU and SiLU, the smaller the gain that holds, and small ones need another"
    apart = [sizes.bands[name, 50, 0.25].least / sizes.bands[name, 50, 4.0].greatest for name in _UNSTABLE]
    yield Check.of("norm_decides", text, above(min(apart), 1 + _CLEAR))
    text = "for small inputs the bands of GELU and SiLU are less than a hundredth wide, ReLU's above a tenth"
    narrow = [sizes.width_of_band(name, 50, 0.25) for name in _UNSTABLE]
    yield Check.of("narrow_bands", text, below(max(narrow), 0.01), above(sizes.width_of_band("relu", 50, 0.25), 0.1))
    text = f"in ten layers a gain of {sizes.roomy:g} is inside every band of GELU and SiLU"
    shallow = [sizes.bands[name, 10, q0] for name in _UNSTABLE for q0 in (0.25, 1.0, 4.0)]
    least, greatest = max(band.least for band in shallow), min(band.greatest for band in shallow)
    yield Check.of("shallow", text, below(least, sizes.roomy), above(greatest, sizes.roomy))
    text = "at its forward gain GELU shrinks small inputs to less than a fifth, and larger ones more than double"
    small, large = (typical("gelu", q0, "forward") for q0 in (0.25, 1.0))
    yield Check.of("gelu_either_way", text, below(small, 1 / 5), above(large, 2))
    text = "at its forward gain SiLU grows beyond the limit from inputs of mean square one"
    yield Check.of("silu_grows", text, above(typical("silu", 1.0, "forward"), 3 * sizes.limit))
    text = "with He's gain both die from inputs of mean square one"
    he = max(typical(name, 1.0, "he") for name in _UNSTABLE)
    yield Check.of("he_dies", text, below(he, 1 / sizes.limit))
    text = "from mean square one on, the best gains of GELU and SiLU are in the lowest quarter of their bands"
    deep = [sizes.bands[name, 50, q0] for name in _UNSTABLE for q0 in (1.0, 4.0)]
    places = [(band.best - band.least) / (band.greatest - band.least) for band in deep]
    yield Check.of("best_is_low", text, below(max(places), 1 / 4))
    text = "in the middle of the band three of four networks hold: GELU from mean square one, SiLU from four"
    held = [sizes.held(*case, "middle") for case in (("gelu", 1.0), ("gelu", 4.0), ("silu", 4.0))]
    yield Check.of("middle_holds", text, above(min(held), _MOST))
    text = "from small inputs less than half of the networks hold, all gains taken together"
    yield Check.of("small_inputs", text, below(sizes.held_of(0.25), 0.5))


def _tanh(f: Findings) -> Iterator[Check]:
    size = f.tanh_torch.size.value / f.tanh_torch.size_theory
    one, torch, signal = f.tanh_one.gradient.value, f.tanh_torch.gradient.value, f.tanh_one.signal.value
    text = "tanh with gain 5/3 settles where theory says, with outputs of rms 0.65"
    yield Check.of("tanh_settles", text, *within(1 / _KEPT, size, _KEPT), *within(0.6, f.tanh_torch.output, 0.7))
    yield Check.of("tanh_gradient_grows", "its gradient grows more than tenfold", above(torch, 10))
    text = "with gain 1 the signal of tanh falls to less than a quarter"
    yield Check.of("tanh_fades", text, below(signal, 1 / 4))
    text = "with gain 1 the gradient shrinks, by a smaller factor than it grows by with gain 5/3"
    yield Check.of("tanh_one_changes_less", text, *within(1 / torch, one, 1))


def _selu(f: Findings) -> Iterator[Check]:
    kept, grown = f.selu_one.signal.value, f.selu_one.gradient.value
    fallen, shrunk = f.selu_torch.signal.value, f.selu_torch.gradient.value
    yield Check.of("selu_keeps", "SELU with gain 1 keeps its signal", *within(1 / _KEPT, kept, _KEPT))
    yield Check.of("selu_grows", "and its gradient more than doubles", above(grown, 2))
    text = "with gain 3/4 signal and gradient shrink, the signal to less than a third"
    yield Check.of("selu_falls", text, below(fallen, 1 / 3), below(shrunk, 0.8))
