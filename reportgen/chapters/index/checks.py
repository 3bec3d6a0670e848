"""The sentences of the front page that the numbers could refute."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.chapters.chapter import Check
from reportgen.chapters.index.findings import Findings
from reportgen.judgments.verdicts import FLAT

__all__ = ["check"]


def check(f: Findings) -> Iterator[Check]:
    """Yield the verdict on each sentence."""
    yield _only("he_carries_relu", "He carries ReLU to the deepest net", f.he_relu, "healthy")
    text = "Glorot with ReLU vanishes in the deepest net"
    yield _only("glorot_loses_relu", text, f.glorot_relu_deepest, "vanishes")
    yield _only("glorot_carries_tanh", "Glorot carries tanh to the deepest net", f.glorot_tanh, "healthy")
    yield _only("equal_is_symmetric", "zeros and constant are symmetric everywhere", f.equal_weights, "symmetric")
    pressed = f.large_tanh_pressed
    text = f"N(0, 1) presses tanh against its ends at every depth: more than {FLAT} of a layer's slopes are flat"
    yield Check.of("large_saturates_tanh", text, pressed > FLAT, pressed)
    text = "no start carries sigmoid to the deepest net"
    yield Check.of("sigmoid_is_shallow", text, not f.carry_sigmoid, f.carry_sigmoid)


def _only(name: str, statement: str, verdicts: list[str], expected: str) -> Check:
    return Check.of(name, statement, verdicts == [expected], verdicts)
