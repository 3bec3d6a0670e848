"""The sentences of the chapter on Var(w·x) = 1 that the numbers could refute."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.chapters.check import Check, above, below, within
from reportgen.chapters.derivation.findings import Findings

__all__ = ["check"]

_HARMLESS = {"kept", "correlation"}
_WALK = 0.1
"""The relative error of a width is 1/50 or less with the quick preset: 10 % are five of them."""

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
    text = "the typical size of a sum of n terms of size one is the root of n, within a tenth"
    yield Check.of("spreads_like_a_walk", text, below(f.walk.off, _WALK))
    text = f"every prediction holds within {f.bound} standard errors"
    yield Check.of("predictions_hold", text, below(f.farthest, f.bound))
    text = "with a fixed Var(w), Var(w·x) grows in proportion to n; with Var(w) = 1/n it stays at 1"
    yield Check.of("grows_with_fan_in", text, below(f.growth_off, _GROWTH))
    normal, uniform = f.measured["glorot_normal"], f.measured["glorot_uniform"]
    text = "normal and uniform Glorot weights have the same variance within three percent"
    yield Check.of("normal_equals_uniform", text, below(abs(normal.value - uniform.value), 0.03))
    large, scaled = f.large.saturated, f.scaled.saturated
    text = "N(0, 1) weights saturate tanh for more than three quarters of the sums, Var(w) = 1/n for less than a tenth"
    yield Check.of("large_saturates", text, above(large, 0.75), below(scaled, 0.1))
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
    shifted, unscaled = cases["input_mean"].value, cases["scales"].value
    text = "inputs with a mean about double Var(w·x)"
    yield Check.of("mean_of_inputs_adds", text, *within(1.75, shifted, 2.25))
    text = "unscaled features make Var(w·x) about ten times as large"
    yield Check.of("scales_add", text, *within(8, unscaled, 14))
    text = "correlated features make the variance differ more than three times as much from unit to unit"
    yield Check.of("correlation_spreads_units", text, above(f.spread["correlation"] / f.spread["kept"], 3))
    text = "the spread over units is the predicted one within a tenth"
    yield Check.of("spread_is_predicted", text, below(f.spread_off, _SPREAD))


def _tanh(f: Findings) -> Iterator[Check]:
    text = "under Glorot the rms of tanh activations follows 1/√(2 l) within a factor of 1.4"
    yield Check.of("tanh_fades", text, below(f.fades, 1.4))
    text = "with gain 5/3 the rms of the activations changes by less than a twentieth over the deep layers"
    yield Check.of("gain_holds_forward", text, *within(0.95, f.gain_held, 1.05))
    gradient, per_layer, fading = f.gain_gradient.value, f.gain_per_layer.value, f.glorot_gradient.value
    text = "with gain 5/3 the rms of the gradient grows more than thirtyfold, by about a tenth per layer"
    yield Check.of("gain_grows_backward", text, above(gradient, 30), *within(1.07, per_layer, 1.13))
    text = "under Glorot the gradient of a tanh network fades too, to less than a third"
    yield Check.of("glorot_gradient_fades", text, below(fading, 1 / 3))
    text = "under Glorot a deep tanh network keeps about a tenth of the signal and of the gradient"
    kept = [condition for one in (f.glorot_last.value, fading) for condition in within(0.05, one, 0.2)]
    yield Check.of("glorot_survives", text, kept)
