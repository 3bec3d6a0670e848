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
    (lambda f: replace(f, equal_weights=["dies", "symmetric"]), {"equal_is_symmetric"}),
    (lambda f: replace(f, large_tanh_pressed=0.5), {"large_saturates_tanh"}),
    (lambda f: replace(f, sigmoid_excess=0.9), {"sigmoid_is_shallow"}),
]
