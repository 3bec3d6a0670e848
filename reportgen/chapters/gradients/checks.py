"""The sentences of the chapter on gradients that the numbers could refute."""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, log, log10, sqrt

from reportgen.chapters.check import Check, Condition, above, below, same, within
from reportgen.chapters.gradients.findings import Findings, Lost, Tanh
from reportgen.chapters.gradients.length import LengthCounts

__all__ = ["check"]

_FORMULAS = {
    "he_keeps": "ReLU under He keeps the rms of delta",
    "glorot_loses": "ReLU under Glorot leaves √½ of the rms of delta per layer",
    "torch_loses": "PyTorch's default leaves √⅓ of it per layer of a linear net",
    "small_vanishes": "N(0, 0.01²) leaves √width / 100 of it per layer",
    "large_explodes": "N(0, 1) multiplies it by √(width / 2) per layer",
}


def check(f: Findings) -> Iterator[Check]:
    """Yield the verdict on each sentence."""
    off = exp(f.margin)
    for name, text in _FORMULAS.items():
        measured, formula = f.factor[name], f.formula[name]
        yield Check.of(name, text, within(1 / off, measured.value / formula, off))
    text = "over the deeper net, too, ReLU under Glorot leaves √½ of the rms of delta per layer"
    per_layer = f.relu_deep ** (1 / (f.deep - 1))
    yield Check.of("depth_compounds", text, within(1 / off, per_layer / sqrt(1 / 2), off))
    text = "about seven tenths per layer are less than a millionth over the deeper net"
    yield Check.of("millionth", text, within(0.65, f.relu["glorot"], 0.75), below(f.relu_deep, 1e-6))
    text = "over the deeper net ReLU keeps its gradient with He, and tanh with Glorot and with He"
    yield Check.of("carried_deep", text, *(within(1 / f.limit, one, f.limit) for one in f.carried))
    yield from _exact(f)
    yield from _sigmoid(f)
    yield from _weights(f)
    yield from _tanh(f.tanh)
    text = "on images of digits half of the pairs have the same factor as on random inputs to within two percent"
    yield Check.of("digits_agree", text, below(f.deviation, 0.02))
    yield from _length(f.length, f.limit)


def _length(length: LengthCounts, limit: float) -> Iterator[Check]:
    text = "E[phi²] grows faster than the variance for GELU and SiLU and for no other activation of the battery"
    yield Check.of("length_grows", text, same(sorted(length.names), ["gelu", "silu"]), below(length.others, 1.01))
    text = "digits and random inputs leave gradients furthest apart with an activation for which the length counts"
    yield Check.of("length_decides", text, above(log10(length.ratio / length.rest), 0))
    text = "with all other activations and random starts they are less than a factor of 100 apart in the deeper net"
    yield Check.of("length_hardly_counts", text, below(length.rest, limit))


def _exact(f: Findings) -> Iterator[Check]:
    text = "with zero weights every delta below the last layer is exactly zero"
    yield Check.of("zeros_give_zero", text, same(f.zeros, 0.0))
    text = "orthogonal weights keep the gradient of a linear net to a thousandth, however deep"
    yield Check.of("orthogonal_keeps", text, within(0.999, f.orthogonal_deep, 1.001))
    text = "N(0, 1) weights make the signal of a linear net overflow in as many layers as predicted, within two"
    yield Check.of("overflow_is_predicted", text, _within_two(f.overflow))
    text = "N(0, 0.01²) weights bring delta to exactly zero in as many sigmoid layers as predicted, within two"
    yield Check.of("underflow_is_predicted", text, _within_two(f.underflow))


def _within_two(lost: Lost) -> tuple[Condition, Condition]:
    return within(lost.predicted - 2, lost.measured, lost.predicted + 2)


def _sigmoid(f: Findings) -> Iterator[Check]:
    text = "at gain one the rms of delta shrinks to less than a quarter per sigmoid layer"
    yield Check.of("sigmoid_quarters", text, below(f.sigmoid_gain_one, 1 / 4))
    text = "four times Glorot's weights leave a sigmoid's first layer a thousand times as much, and still too little"
    more = above(log10(f.sigmoid_advised / f.sigmoid_ratio), 3)
    yield Check.of("advised_is_shallow", text, more, below(f.sigmoid_advised, 1 / f.limit))
    large, glorot, saturated = f.sigmoid["large"], f.sigmoid["glorot"], f.saturated
    flatter, fuller = below(abs(log(large)), abs(log(glorot))), above(saturated["large"], saturated["glorot"])
    text = "N(0, 1) weights keep a sigmoid's gradient better than Glorot, and saturate more units"
    yield Check.of("flat_is_not_healthy", text, flatter, fuller)


def _weights(f: Findings) -> Iterator[Check]:
    weight, delta, level = f.small_weight, f.small_delta, f.small_level
    text = (
        "with small weights and tanh the weight gradients of the first and the last layer are alike within a factor of "
        "ten and less than a hundredth of Glorot's, while delta falls to less than a hundredth"
    )
    yield Check.of("weight_gradients_hide_it", text, within(0.1, weight, 10), below(delta, 0.01), below(level, 0.01))
    text = "with sigmoids under Glorot the first layer's weight gradient is less than a thousandth of the last's"
    yield Check.of("sigmoid_shows_it", text, below(f.sigmoid_weight, 1e-3))


def _tanh(tanh: Tanh) -> Iterator[Check]:
    text = "with tanh He's factor per layer is nearer to one than Glorot's"
    yield Check.of("he_is_flatter", text, below(abs(log(tanh.he)), abs(log(tanh.shallow))))
    text = "with tanh and Glorot less is lost per layer in the deeper net"
    yield Check.of("depth_mends", text, below(abs(log(tanh.deep)), abs(log(tanh.shallow))))
