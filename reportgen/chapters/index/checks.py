"""The sentences of the front page that the numbers could refute."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.chapters.check import Check, above, below, same
from reportgen.chapters.index.advice import Advice
from reportgen.chapters.index.findings import DEEP, Findings, Net
from reportgen.chapters.index.tables import SHOWN
from reportgen.judgments.choice import family_of
from reportgen.judgments.verdicts import DEAD, FLAT, LIMIT

__all__ = ["check"]

_OWN = ("relu", "tanh", "elu", "selu", "softsign", "linear")
"""Activations without an unstable fixed point: their own gain carries for inputs of any size."""


_CARDS = ("relu", "leaky_relu", "gelu", "silu"), ("tanh", "selu", "elu")
"""Activations that start with He, and with half of that variance."""


def check(f: Findings) -> Iterator[Check]:
    """Yield the verdict on each sentence."""
    text = "over a ReLU net N(0, 1) makes signal and gradient explode, N(0, 0.01²) makes both vanish, and He keeps both"
    large, kept, small = (list(f.signal[name].values()) for name in SHOWN)
    changes = [max(value, 1 / value) for value in kept]
    yield Check.of(
        "scale_decides", text, above(min(large), LIMIT), below(max(small), 1 / LIMIT), below(max(changes), LIMIT)
    )
    yield _carries("he_carries_relu", f"He carries ReLU through {DEEP} layers", f.he_relu)
    text = f"Glorot with ReLU vanishes over {DEEP} layers"
    yield Check.of(
        "glorot_loses_relu", text, same(f.glorot_relu.verdicts[-1], "vanishes"), above(f.glorot_relu.change, LIMIT)
    )
    yield _carries("glorot_carries_tanh", f"Glorot carries tanh through {DEEP} layers", f.glorot_tanh)
    text = "zeros are stuck where the activation of 0 is 0; a constant is symmetric with every activation"
    equal = same(f.equal_weights["zeros"], ["stuck", "symmetric"]), same(f.equal_weights["constant"], ["symmetric"])
    yield Check.of("equal_is_symmetric", text, *equal)
    text = f"N(0, 1) presses tanh against its ends at every depth: more than {FLAT} of a layer's slopes are flat"
    yield Check.of("large_saturates_tanh", text, above(f.large_tanh_pressed, FLAT))
    text = f"PyTorch's default weights lose a ReLU net of {DEEP} layers"
    yield Check.of("torch_loses_relu", text, above(f.torch_relu.change, LIMIT))
    text = f"in a ReLU net of {DEEP} layers with He, what differs between inputs is less than six tenths of the signal"
    yield Check.of("relu_makes_alike", text, below(f.he_relu.alike, 0.6))
    shares = list(f.shares.values())
    yield Check.of(
        "depth_narrows", "the deeper the net, the fewer cells are healthy", above(shares[0] / shares[-1], 1.5)
    )
    yield from _advice(f.advice)


def _advice(advice: Advice) -> Iterator[Check]:
    named = advice.named
    text = "He is right for ReLU, leaky ReLU, and GELU and SiLU where not deep; Glorot or LeCun for tanh, SELU and ELU"
    chosen = {name: family_of(named[name].initializer) for names in _CARDS for name in names}
    he, half = ({chosen[name] for name in names} for names in _CARDS)
    deep = [above(named[name].carries, DEEP - 1) for name in ("leaky_relu", "selu", "elu")]
    less = [above(named[name].carries, 4) for name in ("gelu", "silu")]
    yield Check.of(
        "cards_are_chosen", text, same(he, {"he"}), same(half <= {"glorot", "lecun"}, expected=True), deep, less
    )
    text = f"no start with a name carries sigmoid through {DEEP} layers"
    yield Check.of("sigmoid_is_shallow", text, below(named["sigmoid"].carries, DEEP))
    text = f"weights that sum to zero carry sigmoid through {DEEP} layers"
    yield Check.of("centered_carries_sigmoid", text, above(advice.made["sigmoid"].carries, DEEP - 1))
    text = "a sigmoid net with W = 4 W_tanh and its shift computes what the tanh net computes, and learns"
    shifted = advice.shifted
    learns = above(shifted.right[min(shifted.right)], 0.5), above(shifted.right[max(shifted.right)], 1 / 3)
    yield Check.of("shifted_is_tanh", text, below(shifted.difference, 1e-9), *learns)
    text = f"the activation's own gain carries {', '.join(_OWN)} through {DEEP} layers"
    yield Check.of("own_gain_carries", text, [above(advice.made[name].carries, DEEP - 1) for name in _OWN])


def _carries(name: str, statement: str, net: Net) -> Check:
    healthy = same(net.verdicts, ["healthy"]), below(net.change, LIMIT), below(net.dead, DEAD)
    return Check.of(name, statement, *healthy)
