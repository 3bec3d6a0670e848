"""Which starts are tried for an activation: the laws that have a name, and starts with the activation's own gain."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from math import isnan, sqrt

import numpy as np

from reportgen.experiments.averages import averages
from reportgen.nn.initializers import initializers
from reportgen.theory.bands import band, best_gain, changes
from reportgen.theory.centered import Centered
from reportgen.theory.closed_forms import PiecewiseLinear
from reportgen.theory.fixed_points import critical_sigma_w2, gains
from reportgen.theory.nonlinearity import Nonlinearity
from reportgen.theory.quadrature import NotConverged

__all__ = ["DEEP", "EQUAL", "candidates", "law", "named", "own_gain", "rivals", "tuned", "why"]

DEEP = 50
"""Hidden layers for which the front page asks what an activation's own gain is."""

_LAWS = ("lecun_normal", "glorot_normal", "he_normal", "orthogonal", "torch_default")
"""Starts that adapt to the width, one of each law: a uniform form does what the normal one does."""

_SIGMOID = "glorot_normal(gain=4)"
"""Glorot's own advice for sigmoid: four times what he derived for tanh (tutorial of the LISA lab, 2010)."""

_FIRST = {
    "linear": ("glorot_normal", "derived for it (Glorot & Bengio 2010)"),
    "tanh": ("glorot_normal", "derived for it, taken as linear (Glorot & Bengio 2010)"),
    "relu": ("he_normal", "derived for it (He et al. 2015)"),
    "leaky_relu": ("he_normal", "derived for it (He et al. 2015)"),
    "selu": ("lecun_normal", "SELU was made for it (Klambauer et al. 2017)"),
    "sigmoid": (_SIGMOID, "Glorot's own advice for sigmoid (2010)"),
}
"""Activation -> the law that was derived for it, or advised, and by whom. No other activation has one."""

_CARRIED = 100.0
"""A signal or a gradient whose rms changes by more than this factor over the net is not carried."""

EQUAL = 10.0
"""Two changes over the whole net that are within this factor count as the same."""

_ALIKE = 0.05
"""Two gains that are closer than this share are not tried both."""

_DEEPEST = 200
"""Hidden layers beyond which the gain is not looked for anew: it would take long, and hardly differ."""

_STEEPEST = 1e6
"""Slope below zero beyond which He's variance for it is no number of float32 any more."""

_MOSTLY_MEAN = 0.8
"""Share of the squared mean in E[phi²] from which on a start must take the mean away."""


def candidates(activation: str, depth: int = DEEP) -> tuple[str, ...]:
    """Return the canonical names of the starts to try for an activation in a net of some depth.

    Parameters
    ----------
    activation
        Registry name.
    depth
        Number of hidden layers.
    """
    return tuple(dict.fromkeys(initializers.get(name).name for name in _candidates(activation, depth)))


def named(activation: str) -> tuple[str, ...]:
    """Return those of the candidates that frameworks have under a name of their own, with a parameter at most.

    He's law comes with the slope of the activation below zero, where it has one (He et al. 2015, eq. 15).
    """
    laws = [_he(activation) if law == "he_normal" else law for law in _LAWS]
    return tuple(initializers.get(law).name for law in [*laws, *([_SIGMOID] if activation == "sigmoid" else [])])


def tuned(activation: str, depth: int = DEEP) -> str:
    """Return the start that theory makes for an activation and a depth.

    It is orthogonal with the activation's own gain; where the activation's output is mostly a mean, as sigmoid's is, it
    has weights that sum to zero instead. Without averages to go by it is orthogonal.
    """
    gain = own_gain(activation, depth)
    form = "centered_normal" if _is_mostly_mean(activation) else "orthogonal"
    return initializers.get("orthogonal" if isnan(gain) else f"{form}(gain={gain:g})").name


def law(activation: str) -> str:
    """Return the law with a name that goes first for an activation; `why` has the reason.

    It is the one that was derived for the activation, or advised by its author. Where there is none, theory chooses
    between Glorot's law and He's: the one with which signal and gradient change less over `DEEP` layers, and where the
    two changes are within a factor of `EQUAL` the smaller weights, which take larger steps better.
    """
    word = activation.partition("(")[0]
    chosen = _FIRST.get(word, ("", ""))[0] or _less_changing(activation)
    return initializers.get(_he(activation) if chosen == "he_normal" else chosen).name


def why(activation: str) -> str:
    """Return why the law of an activation goes first, in a few words."""
    return _FIRST.get(
        activation.partition("(")[0],
        ("", f"theory: of Glorot's law and He's it changes less over {DEEP} layers, or as little and is smaller"),
    )[1]


def rivals(activation: str) -> tuple[str, ...]:
    """Return the starts that are trained: the law of the activation, the tuned start, and what is compared with them.

    That is Glorot's law for ReLU, and Glorot's and He's for sigmoid, which the law is four times as large as.
    """
    compared = {"relu": ("glorot_normal",), "sigmoid": ("glorot_normal", "he_normal")}.get(activation, ())
    return tuple(dict.fromkeys([*compared, law(activation), tuned(activation)]))


@cache
def _less_changing(activation: str) -> str:
    phi = _averaged(activation)
    if phi is None:
        return "glorot_normal"
    try:
        with np.errstate(all="ignore"):
            glorot, he = changes(phi, np.sqrt([1.0, 2.0]), DEEP).worst
    except NotConverged:  # a signal that has left variance one may meet a jump that averages do not get over
        return "glorot_normal"
    return "glorot_normal" if glorot <= EQUAL * he else "he_normal"


@cache
def own_gain(activation: str, depth: int = DEEP) -> float:
    """Return the gain in the middle of those that carry signal and gradient through the net, to three digits.

    Parameters
    ----------
    activation, depth
        As in `candidates`. In a net of fewer than `DEEP` layers the gain for `DEEP` does well too, and one for fewer
        would only press the signal into a shape that nothing asks for.

    Returns
    -------
    float
        nan where theory cannot average the activation, or no gain balances the two. Where no gain carries them, the
        gain with the smallest change.

    Notes
    -----
    Inputs have mean square 1. The gain of the smallest change would be the theory's optimum, but for GELU and SiLU it
    lies at the lower brink of the band, over which chance pushes networks of finite width. Where the mean of phi is
    taken away, inputs are compared with phi at slope 1: sigmoid's output is four times as small as its argument, and
    the first layer, which gets the inputs, would pay for that.
    """
    try:
        with np.errstate(all="ignore"):
            phi = averages(activation)
            if not _is_mostly_mean(activation):
                return float(f"{_carrying(phi, depth):.3g}")
            factor = float(1 / np.sqrt(phi.slope(0.0)))
            if not np.isfinite(factor):  # flat at 0: no gain brings a gradient back
                return float("nan")
            return float(f"{factor * _carrying(Centered(phi, factor), depth):.3g}")
    except NotConverged:
        return float("nan")


def _carrying(phi: Nonlinearity, depth: int) -> float:
    """Return the geometric middle of the gains that carry signal and gradient, else the gain of the smallest change."""
    layers = min(max(depth, DEEP), _DEEPEST)
    lowest, greatest = band(phi, layers, 1.0, _CARRIED) or (best_gain(phi, layers),) * 2
    return float(np.sqrt(lowest * greatest))


def _candidates(activation: str, depth: int) -> Iterator[str]:
    yield from named(activation)
    yield tuned(activation, depth)
    tried = [1.0, sqrt(2)]
    for gain in _gains(activation, depth):
        if np.isfinite(gain) and gain > 0 and min(abs(gain / other - 1) for other in tried) > _ALIKE:
            tried.append(gain)
            yield f"variance_scaling(scale={float(f'{gain * gain:.3g}'):g})"


def _gains(activation: str, depth: int) -> Iterator[float]:
    """Yield the gains of theory for weights that are drawn independently.

    They are the middle of those that carry, the one that keeps E[phi²] at 1, and the one with chi_1 = 1 at its own
    fixed point.
    """
    try:
        with np.errstate(all="ignore"):
            phi = averages(activation)
            yield _carrying(phi, depth)
            yield gains(phi).forward
            yield float(np.sqrt(critical_sigma_w2(phi, 0.0)))
    except NotConverged:
        return


def _he(activation: str) -> str:
    """Return He's law for the slope below zero of an activation of two straight lines, the upper one of slope 1."""
    phi = _averaged(activation)
    if (
        not isinstance(phi, PiecewiseLinear)
        or phi.above != 1
        or phi.below == 0
        or activation == "linear"
        or abs(phi.below) > _STEEPEST
    ):
        return "he_normal"
    return f"he_normal(negative_slope={phi.below:g})"


def _averaged(activation: str) -> Nonlinearity | None:
    """Return the averages of an activation, None where it has none."""
    try:
        phi = averages(activation)
        with np.errstate(all="ignore"):
            phi.second_moment(1.0), phi.slope(1.0)
    except NotConverged:
        return None
    return phi


def _is_mostly_mean(activation: str) -> bool:
    phi = _averaged(activation)
    if phi is None:
        return False
    with np.errstate(all="ignore"):
        return bool(np.square(phi.mean(1.0)) > _MOSTLY_MEAN * phi.second_moment(1.0))
