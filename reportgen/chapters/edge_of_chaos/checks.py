"""The sentences of the chapter on the edge of chaos that the numbers could refute."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.chapters.chapter import Check
from reportgen.chapters.edge_of_chaos.findings import Angles, Findings, Lengths, Walk

__all__ = ["check"]

_ERRORS = 8
"""Standard errors that the worst of several measured factors may be off: each comes from a handful of networks."""

_ROUNDING = 1e-6

_DECAY = 0.3
"""How far measured depth scales may be from the theory's, as a share and on average over all places.

A few networks of finite width give one scale to about 10 %, and those of one network go up and down together.
"""

_ANGLE, _EARLY_ANGLE = 0.25, 0.1
"""How far a mean cosine may be from that of infinitely wide layers, in any layer and in the first five."""

_SPREAD = (4.0, 7.0)
"""Bounds of n times the variance of the log length per layer; 5 is the first term of a series in 1/n."""


def check(f: Findings) -> Iterator[Check]:
    """Yield the verdict on each sentence."""
    yield from _diagram(f)
    yield from _walk(f.walk, f.critical_with_bias)
    yield from _angles(f.angles)
    yield from _lengths(f.lengths)


def _diagram(f: Findings) -> Iterator[Check]:
    edge, he, sigmoid = f.critical_with_bias, f.chi_1["he_normal"], f.critical["sigmoid"]
    relu, tanh = (float(f.defaults[name].max()) for name in ("relu", "tanh"))
    yield Check.of("critical", "tanh has its edge at 1.761 where Var(b) is 0.05", abs(edge - 1.761) < 2e-3, edge)
    yield Check.of("he_on_edge", "He stands on ReLU's edge", abs(he["relu"] - 1) < _ROUNDING, he["relu"])
    yield Check.of("defaults_left", "no default reaches ReLU's edge", relu < 1, relu)
    yield Check.of("defaults_tanh", "no default goes beyond the edge of tanh", tanh < 1 + _ROUNDING, tanh)
    text = "He is chaotic for tanh, ordered for GELU"
    yield Check.of("he_not_for_all", text, he["gelu"] < 1 < he["tanh"], he["gelu"], he["tanh"])
    yield Check.of("far_edge", "sigmoid's edge is far out", sigmoid > 50, sigmoid)


def _walk(walk: Walk, edge: float) -> Iterator[Check]:
    at, peak, errors = walk.critical, walk.peak.sigma_w2, walk.chi_1_errors
    yield Check.of("measured_edge", "gradients of networks stop vanishing at the edge", abs(at / edge - 1) < 0.1, at)
    agree = all((expected < 0) == (measured < 0) for expected, measured in walk.sides)
    told = [f"{measured:+.2g} for {expected:+.2g}" for expected, measured in walk.sides]
    text = "gradients shrink left of the edge and grow right of it"
    yield Check.of("sides", text, agree, told)
    yield Check.of("gradients", "gradients change by chi_1 per layer", errors < _ERRORS, errors)
    for what, name, ratio in (("angle", "xi_c", walk.xi_c_ratio), ("length", "xi_q", walk.xi_q_ratio)):
        text = f"differences in {what} decay with {name}"
        yield Check.of(f"{what}s_decay", text, abs(ratio - 1) < _DECAY, ratio)
    text = "differences in angle reach deepest near the edge"
    yield Check.of("reach", text, peak in walk.nearest, peak, walk.nearest)


def _angles(angles: Angles) -> Iterator[Check]:
    relu, sigmoid, glorot, gain, wild = (angles.paths[key] for key in ("relu", "sigmoid", "glorot", "gain", "wild"))
    gap, early = angles.gap, angles.gap_early
    yield Check.of("angle_lines", "angles follow the lines", gap < _ANGLE, gap)
    yield Check.of("angle_lines_early", "closely so at first", early < _EARLY_ANGLE, early)
    yield Check.of("sigmoid_closes", "sigmoid makes all inputs one", sigmoid.early > 0.999, sigmoid.early)
    yield Check.of("relu_closes", "He's ReLU makes inputs alike slowly", relu.early < 0.9 < relu.end, relu)
    yield Check.of("gain_opens", "the gain 5/3 takes similar inputs apart", gain.end < 0.6, gain.end)
    yield Check.of("wild_opens", "N(0, 1) forgets the angle", abs(wild.later) < 0.25, wild.later)
    text = "Glorot's tanh keeps the angle"
    yield Check.of("glorot_keeps", text, abs(glorot.end - glorot.start) < _ANGLE, glorot)


def _lengths(lengths: Lengths) -> Iterator[Check]:
    spreads, (least, greatest) = [width.spread for width in lengths.widths], _SPREAD
    narrow, wide = lengths.narrow, lengths.wide
    text = "every width has about 5 / n per layer"
    yield Check.of("spread", text, least < min(spreads) <= max(spreads) < greatest, spreads)
    yield Check.of("inside", "the band of theory holds most networks", lengths.inside > 0.7, lengths.inside)
    text = "narrow networks stray further"
    yield Check.of("narrow_strays", text, narrow.variance > wide.variance, narrow, wide)
    text = "the typical narrow network loses more"
    yield Check.of("narrow_loses", text, narrow.typical < wide.typical < 1, narrow, wide)
