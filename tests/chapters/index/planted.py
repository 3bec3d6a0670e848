"""Findings of the front page that refute its sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from reportgen.chapters.index.findings import Findings
from tests.chapters.planting import other

PLANTED: list[tuple[Callable[[Findings], Findings], set[str]]] = [
    (other(he_relu={"verdicts": ["explodes", "healthy"]}), {"he_carries_relu"}),
    (other(he_relu={"dead": 0.8}), {"he_carries_relu"}),
    (other(glorot_relu={"change": 50.0}), {"glorot_loses_relu"}),
    (other(glorot_tanh={"change": 150.0}), {"glorot_carries_tanh"}),
    (other(he_relu={"alike": 0.7}), {"relu_makes_alike"}),
    (lambda f: replace(f, equal_weights={"zeros": ["symmetric"], "constant": ["symmetric"]}), {"equal_is_symmetric"}),
    (lambda f: replace(f, large_tanh_pressed=0.5), {"large_saturates_tanh"}),
    (other(torch_relu={"change": 50.0}), {"torch_loses_relu"}),
    (lambda f: replace(f, shares={2: 0.5, 50: 0.5}), {"depth_narrows"}),
    (other(signal={"he_normal": {"gradient": 0.001}}), {"scale_decides"}),
    (other(advice={"named": {"gelu": {"initializer": "glorot_normal"}}}), {"cards_are_chosen"}),
    (other(advice={"named": {"sigmoid": {"carries": 50}}}), {"sigmoid_is_shallow"}),
    (other(advice={"made": {"sigmoid": {"carries": 20}}}), {"centered_carries_sigmoid"}),
    (other(advice={"made": {"tanh": {"carries": 20}}}), {"own_gain_carries"}),
    (other(advice={"shifted": {"difference": 0.1}}), {"shifted_is_tanh"}),
    (other(advice={"shifted": {"right": {20: 0.2}}}), {"shifted_is_tanh"}),
]
