"""Findings of the catalog that refute its sentences."""

from __future__ import annotations

from collections.abc import Callable

from reportgen.chapters.catalog.findings import Findings
from tests.chapters.planting import other

Change = Callable[[Findings], Findings]

PLANTED: list[tuple[Change, set[str]]] = [
    (other(worst=0.1), {"drawn_as_declared"}),
    (other(starts={"he_uniform": {"greatest": 9.0}}), {"uniform_is_narrow"}),
    (other(starts={"lecun_normal": {"greatest": 0.0}}), {"uniform_is_narrow"}),
    (other(families={"relu": "glorot"}), {"he_for_relu"}),
    (other(families={"leaky_relu": "lecun"}), {"he_for_relu"}),
    (other(families={"tanh": "he"}), {"glorot_for_tanh"}),
    (other(families={"selu": "he"}), {"lecun_for_selu"}),
]
