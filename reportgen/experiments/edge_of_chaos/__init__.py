"""Where the edge of chaos lies, and what networks on either side of it do to angles, gradients and lengths.

The theory's tables stand beside ensembles of networks at initialization. The sizes of the networks do not depend on
the preset; its effort decides how many there are. Only the places of the initializers follow the battery's width.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from reportgen.battery.experiment import Experiment, Part, Plan
from reportgen.experiments.edge_of_chaos.diagram import LAYERS, Diagram, Places, Settled
from reportgen.experiments.edge_of_chaos.lines import OnTheLine
from reportgen.experiments.edge_of_chaos.networks import Angles, Lengths
from reportgen.experiments.edge_of_chaos.scales import Decay, Scales

__all__ = ["EXPERIMENT"]

_PAIRS = (
    ("he_uniform", "relu", 0.3),
    ("glorot_uniform(gain=2.82842712475)", "relu", 0.3),
    ("glorot_uniform", "sigmoid", 0.3),
    ("glorot_uniform", "tanh", 0.3),
    ("glorot_uniform(gain=1.66666666667)", "tanh", 0.9),
    ("random_normal(stddev=1)", "tanh", 0.9),
    ("lecun_uniform", "selu", 0.3),
)
"""Two inputs through deep networks: initializer, activation, their cosine."""

_LINES = (("tanh", 1.0), ("relu", 2.0))
"""Activation, and the sigma_w2 of its edge without biases."""

_WIDTHS = (24, 48, 96)
"""Of the networks that one input goes through."""


def _work(plan: Plan) -> Iterator[Part]:
    def networks(at_effort_1: int, least: int) -> int:
        return max(least, round(at_effort_1 * plan.effort))

    own, *added = plan.initializer_groups
    places = [(*own, *LAYERS), *added]
    yield from (Places(labels, plan.width) for labels in places)
    yield from map(Diagram, plan.activations)
    yield from (Settled(activation, labels, plan.width) for activation, labels in product(plan.activations, places))
    yield Scales("tanh")
    yield from (OnTheLine(*line) for line in _LINES)
    yield Decay(networks(12, 8))
    yield from (Angles(*pair, networks(8, 6)) for pair in _PAIRS)
    yield from (Lengths(width, networks(80, 40)) for width in _WIDTHS)


EXPERIMENT = Experiment(
    name="edge_of_chaos",
    summary="The phase diagram of every activation, and what networks in it do to angles, gradients and lengths",
    parts=(Places, Diagram, Settled, Scales, OnTheLine, Decay, Angles, Lengths),
    work=_work,
)
