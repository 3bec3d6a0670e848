"""The sentences of the chapter on Var(w·x) = 1 that the numbers could refute."""

from __future__ import annotations

from collections.abc import Iterator
from math import hypot

from reportgen.chapters.check import Check, above, below, near, within
from reportgen.chapters.derivation.findings import Findings
from reportgen.judgments.estimates import Estimate

__all__ = ["check"]

_HARMLESS = {"kept", "correlation"}
_GROWTH = 0.2
"""The relative error of a variance is 1/70 or less, 1/35 with the quick preset: 20 % are 7 of them or more."""

_SPREAD = 0.1
"""The spread of the most spread case has a relative standard error of 2 % with the quick preset."""


def check(f: Findings) -> Iterator[Check]:
    """Yield the verdict on each sentence."""
    yield from _sums(f)
    yield from _cases(f)
    yield from _tanh(f)


def _sums(f: Findings) -> Iterator[Check]:
    text = f"every prediction holds within {f.bound} standard errors"
    yield Check.of("predictions_hold", text, below(f.farthest, f.bound))
    text = "with a fixed Var(w), Var(w·x) grows in proportion to n; with Var(w) = 1/n it stays at 1"
    yield Check.of("grows_with_fan_in", text, below(f.growth_off, _GROWTH))
    normal, uniform = f.measured["glorot_normal"], f.measured["glorot_uniform"]
    apart = Estimate(normal.value - uniform.value, hypot(normal.error, uniform.error))
    text = "normal and uniform Glorot weights have the same variance within what chance explains"
    yield Check.of("normal_equals_uniform", text, near(apart, 0))
    large, scaled = f.large.saturated, f.scaled.saturated
    text = "N(0, 1) weights saturate tanh for most inputs, weights of variance 1/n for less than a tenth"
    yield Check.of("large_saturates", text, above(large, 0.5), below(scaled, 0.1))
    small = f.small.variance.value
    text = "N(0, 0.01²) weights leave less than a tenth of the variance, even with the most inputs"
    yield Check.of("small_vanishes", text, below(small, 0.1))


def _cases(f: Findings) -> Iterator[Check]:
    cases = {name: f.measured[name] for name in f.spread}
    off = {name: abs(case.value - f.target) / case.error for name, case in cases.items()}
    harmless = max(off[name] for name in _HARMLESS)
    harmful = min(error for name, error in off.items() if name not in _HARMLESS)
    text = "every broken assumption moves Var(w·x) away from 1, except correlated features"
    yield Check.of("only_correlation_is_harmless", text, below(harmless, f.bound), above(harmful, f.bound))
    shifted, kept, correlated = cases["input_mean"].value, f.spread["kept"], f.spread["correlation"]
    text = "inputs with a mean bring Var(w·x) nearer to twice than to once its target"
    yield Check.of("mean_of_inputs_adds", text, above(shifted, 1.5))
    text = "correlated features make the variance differ more than three times as much from unit to unit"
    yield Check.of("correlation_spreads_units", text, above(correlated / kept, 3))
    text = "the spread over units is the predicted one within a tenth"
    yield Check.of("spread_is_predicted", text, below(f.spread_off, _SPREAD))


def _tanh(f: Findings) -> Iterator[Check]:
    text = "under Glorot the variance of tanh activations follows 1/(2 l) within a factor of two"
    yield Check.of("tanh_fades", text, below(f.fades, 2))
    text = "with gain 5/3 the variance of the activations changes by less than a tenth over the deep layers"
    yield Check.of("gain_holds_forward", text, *within(0.9, f.gain_held, 1.1))
    gradient, per_layer, fading = f.gain_gradient.value, f.gain_per_layer.value, f.glorot_gradient.value
    text = "with gain 5/3 the variance of the gradient grows more than a thousandfold, by 15 to 27 % per layer"
    yield Check.of("gain_grows_backward", text, above(gradient, 1000), *within(1.15, per_layer, 1.27))
    text = "under Glorot the gradient variance of a tanh network falls too, to less than a tenth"
    yield Check.of("glorot_gradient_fades", text, below(fading, 0.1))
    text = "under Glorot the variance of tanh activations falls like a power of about minus one over the deep layers"
    yield Check.of("fades_like_a_power", text, *within(-1.5, f.fading_exponent, -0.75))
    text = "under Glorot a deep tanh network keeps more than a hundredth of the signal and of the gradient (rms)"
    yield Check.of("glorot_survives", text, above(min(f.glorot_std, f.glorot_gradient_std), 1 / f.limit))
