"""The sentences of the chapter on the edge of chaos that the numbers could refute."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.chapters.check import Check, Scope, above, below, same, within
from reportgen.chapters.edge_of_chaos.findings import Angles, Findings, Lengths
from reportgen.chapters.edge_of_chaos.reach import Reach
from reportgen.chapters.edge_of_chaos.walk import Walk

__all__ = ["check"]

_ANYWHERE = Scope()
"""The networks of this chapter have sizes of their own, whatever the settings of the run."""

_BATTERY = {"linear", "relu", "leaky_relu", "tanh", "sigmoid", "softsign", "elu", "selu", "gelu", "silu", "softplus"}

_ROUNDING = 1e-6

_FACTOR, _PLACE = 0.05, 0.1
"""How far a measured factor of the gradient, and the place where it is one, may be from the theory's, as a share."""

_DECAY = 0.3
"""How far measured depth scales may be from the theory's, as a share and on average over all places.

A few networks of finite width give one scale to about 10 %, and those of one network go up and down together.
"""

_ANGLE, _EARLY_ANGLE = 0.25, 0.1
"""How far a mean cosine may be from that of infinitely wide layers, in any layer and in the first five."""

_KEPT = 0.25
"""By what share of itself an angle may change that is nearly kept."""

_ALGEBRAIC = 0.05
"""How far what is left after twice as many layers may be from the power of the depth, as a share."""

_UNMOVED = 1e-3
"""Difference of two cosines that is rounding, after 30 layers."""

_SPREAD = (4.0, 7.5)
"""Bounds of n times the variance of the log length per layer; 5 is the first term of a series in 1/n."""


def check(f: Findings) -> Iterator[Check]:
    """Yield the verdict on each sentence."""
    for one in _all(f):
        yield one.only_for(_ANYWHERE)


def _all(f: Findings) -> Iterator[Check]:
    yield from _diagram(f)
    yield from _lines(f)
    yield from _walk(f.walk, f.critical_with_bias)
    yield from _angles(f.angles)
    yield from _lengths(f.lengths)
    yield from _reach(f.reach)


def _diagram(f: Findings) -> Iterator[Check]:
    edge, he, sigmoid = f.critical_with_bias, f.factor["he_normal"], f.critical["sigmoid"]
    relu, tanh = (float(f.defaults[name].max()) for name in ("relu", "tanh"))
    yield Check.of("critical", "tanh has its edge at 1.761 where Var(b) is 0.05", within(1.759, edge, 1.763))
    glorot = f.critical["tanh"] / f.glorot
    yield Check.of("glorot_on_edge", "Glorot stands on tanh's edge", *within(1 - _ROUNDING, glorot, 1 + _ROUNDING))
    yield Check.of("he_on_edge", "He stands on ReLU's edge", within(1 - _ROUNDING, he["relu"], 1 + _ROUNDING))
    yield Check.of("defaults_left", "no default reaches ReLU's edge", below(relu, 1))
    yield Check.of("defaults_tanh", "no default goes beyond the edge of tanh", below(tanh, 1 + _ROUNDING))
    yield Check.of(
        "he_not_for_all", "He is chaotic for tanh, ordered for GELU", below(he["gelu"], 1), above(he["tanh"], 1)
    )
    yield Check.of("far_edge", "sigmoid's edge is far out", above(sigmoid, 50))


def _lines(f: Findings) -> Iterator[Check]:
    tanh, relu = f.line_tanh, f.line_relu
    near, far = f.angles.paths["relu"].end, f.angles.paths["relu_far"].end
    text = "of the battery, chi_1 depends on sigma_w2 alone for linear, ReLU and leaky ReLU"
    yield Check.of("scale_free", text, same(set(f.scale_free) & _BATTERY, {"linear", "relu", "leaky_relu"}))
    text = "of the battery, GELU and SiLU settle in two ways"
    yield Check.of("two_ways", text, same(set(f.two_ways) & _BATTERY, {"gelu", "silu"}))
    text = "ReLU closes angles alike on its line and at four times its variance"
    yield Check.of("relu_angles", text, below(abs(far - near), _UNMOVED), above(far, 0.9))
    text = "on its line tanh has about 1/(2l) left, half of it in twice as many layers"
    shares = (2 * tanh.layer * tanh.q, 2 * tanh.left)
    least, greatest = 1 - _ALGEBRAIC, 1 + _ALGEBRAIC
    yield Check.of("tanh_line", text, *(one for share in shares for one in within(least, share, greatest)))
    text = "on its line ReLU's cosine closes to 0.98 in 50 layers, and not to a tenth of the gap in 50 more"
    yield Check.of("relu_line", text, above(relu.cosine, 0.98), above(relu.closing, 0.1), below(relu.closing, 0.5))


def _walk(walk: Walk, edge: float) -> Iterator[Check]:
    (least, greatest), off = (1 - _FACTOR, 1 + _FACTOR), walk.factor_off
    text = "gradients of networks stop shrinking within a tenth of the edge"
    yield Check.of("measured_edge", text, within(1 - _PLACE, walk.critical / edge, 1 + _PLACE))
    text = "gradients shrink left of the edge and grow right of it"
    yield Check.of("sides", text, below(walk.left, 1), above(walk.right, 1))
    text = "gradients change per layer as theory says, to within a twentieth"
    yield Check.of("gradients", text, above(off[0], least), below(off[1], greatest))
    for what, name, ratio in (("angle", "xi_c", walk.xi_c_ratio), ("length", "xi_q", walk.xi_q_ratio)):
        text = f"differences in {what} decay with {name}, to within {_DECAY:.0%} on average"
        yield Check.of(f"{what}s_decay", text, within(1 - _DECAY, ratio, 1 + _DECAY))
    text = "differences in angle reach deepest next to the edge"
    yield Check.of("reach", text, above(walk.reach_near, walk.reach_far))


def _angles(angles: Angles) -> Iterator[Check]:
    relu, sigmoid, glorot, gain, wild = (angles.paths[key] for key in ("relu", "sigmoid", "glorot", "gain", "wild"))
    yield Check.of("angle_lines", "angles follow the lines", below(angles.gap, _ANGLE))
    yield Check.of("angle_lines_early", "closely so at first", below(angles.gap_early, _EARLY_ANGLE))
    yield Check.of("sigmoid_closes", "sigmoid makes all inputs one", above(sigmoid.early, 0.999))
    text = "He's ReLU makes inputs alike slowly"
    yield Check.of("relu_closes", text, below(relu.early, 0.9), above(relu.end, 0.9))
    yield Check.of("gain_opens", "the gain 5/3 takes similar inputs apart", below(gain.end, 0.6))
    yield Check.of("wild_opens", "N(0, 1) forgets the angle", within(-0.25, wild.later, 0.25))
    text = "Glorot's tanh keeps the angle to a quarter of itself"
    yield Check.of("glorot_keeps", text, within(1 - _KEPT, glorot.change, 1 + _KEPT))


def _lengths(lengths: Lengths) -> Iterator[Check]:
    spreads, (least, greatest) = [width.spread for width in lengths.widths], _SPREAD
    narrow, wide = lengths.narrow, lengths.wide
    text = "every width has about 5 / n per layer"
    yield Check.of("spread", text, above(min(spreads), least), below(max(spreads), greatest))
    yield Check.of("inside", "the band of theory holds most networks", above(lengths.inside, 0.7))
    yield Check.of("narrow_strays", "narrow networks stray further", below(wide.variance, narrow.variance))
    text = "the typical narrow network loses more"
    yield Check.of("narrow_loses", text, below(narrow.typical, wide.typical), below(wide.typical, 1))


def _reach(reach: Reach) -> Iterator[Check]:
    text = f"no net of the greater depth that is deeper than {reach.scales} depth scales learns"
    yield Check.of("none_beyond_reach", text, below(reach.best_beyond, reach.learned_from))
