"""Findings of the front page that refute its sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from reportgen.chapters.index.findings import Findings

PLANTED: list[tuple[Callable[[Findings], Findings], set[str]]] = [
    (lambda f: replace(f, he_relu=["explodes", "healthy"]), {"he_carries_relu"}),
    (lambda f: replace(f, glorot_relu_deepest=["healthy"]), {"glorot_loses_relu"}),
    (lambda f: replace(f, glorot_tanh=["healthy", "vanishes"]), {"glorot_carries_tanh"}),
    (lambda f: replace(f, equal_weights=["dies", "symmetric"]), {"equal_is_symmetric"}),
    (lambda f: replace(f, large_tanh_pressed=0.5), {"large_saturates_tanh"}),
    (lambda f: replace(f, carry_sigmoid=["he_normal"]), {"sigmoid_is_shallow"}),
]
