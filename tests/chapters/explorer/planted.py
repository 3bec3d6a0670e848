"""Findings that refute the sentences of the explorer's page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from reportgen.chapters.explorer.findings import Findings
from tests.chapters.planting import other

PLANTED: list[tuple[Callable[[Findings], Findings], set[str]]] = [
    (lambda f: replace(f, shares={2: 0.8, 50: 0.4}), {"few_are_deep"}),
    (lambda f: replace(f, shares={2: 0.5, 50: 0.2}), {"few_are_deep"}),
    (lambda f: replace(f, failures={"explodes": 200, "vanishes": 100}), {"most_vanish"}),
    (lambda f: replace(f, failures={"vanishes": 100, "explodes": 60}), {"most_vanish"}),
    (lambda f: replace(f, gradient_alone=0.05), {"gradient_alone"}),
    (other(example={"crosses": "signal"}), {"gradient_alone"}),
    (other(example={"verdict": "healthy"}), {"gradient_alone"}),
    (lambda f: replace(f, arrives_alike=0.7), {"a_constant_arrives"}),
    (lambda f: replace(f, foreseen=0.85), {"theory_foresees"}),
    (other(learned={"healthy": 0.5}), {"healthy_learns"}),
    (other(learned={"vanishes": 0.2}), {"healthy_learns"}),
]
