"""Findings of the chapter on activations that refute its sentences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.chapters.planting import other

PLANTED: list[tuple[Callable[[Any], Any], set[str]]] = [
    (other(tanh={"small": {"output": 0.12}}), {"small_is_a_line"}),
    (other(sigmoid={"small": {"output": 0.1}}), {"small_is_a_line"}),
    (other(sigmoid={"small": {"flat": 0.1}}), {"small_is_a_line"}),
    (other(tanh={"right": {"output": 0.99}}), {"right_is_bent"}),
    (other(tanh={"right": {"flat": 0.2}}), {"right_is_bent"}),
    (other(tanh={"large": {"flat": 0.6}}), {"large_is_flat"}),
    (other(sigmoid={"large": {"flat": 0.4}}), {"large_is_flat"}),
    (other(sigmoid={"mean": 0.0}), {"sigmoid_half_and_quarter"}),
    (other(sigmoid={"at_zero": 0.0}), {"sigmoid_half_and_quarter"}),
    (other(sigmoid={"steepest": 1.0}), {"sigmoid_half_and_quarter"}),
    (other(tanh={"mean": 0.5, "steepest": 0.25}), {"tanh_is_centered"}),
    (other(relu={"large": {"flat": 0.9}}), {"relu_is_half_off"}),
    (other(relu={"mean": 0.0}), {"relu_is_half_off"}),
]
