"""The sentences of the front page that the numbers could refute."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.chapters.check import Check, above, below, same
from reportgen.chapters.index.findings import DEEP, Course, Findings
from reportgen.judgments.verdicts import DEAD, FLAT, LIMIT

__all__ = ["check"]


def check(f: Findings) -> Iterator[Check]:
    """Yield the verdict on each sentence."""
    yield _carries("he_carries_relu", f"He carries ReLU through {DEEP} layers", f.he_relu)
    text = f"Glorot with ReLU vanishes over {DEEP} layers"
    yield Check.of(
        "glorot_loses_relu", text, same(f.glorot_relu.verdicts[-1], "vanishes"), above(f.glorot_relu.change, LIMIT)
    )
    yield _carries("glorot_carries_tanh", f"Glorot carries tanh through {DEEP} layers", f.glorot_tanh)
    text = "zeros and constant are symmetric everywhere"
    yield Check.of("equal_is_symmetric", text, same(f.equal_weights, ["symmetric"]))
    text = f"N(0, 1) presses tanh against its ends at every depth: more than {FLAT} of a layer's slopes are flat"
    yield Check.of("large_saturates_tanh", text, above(f.large_tanh_pressed, FLAT))
    text = f"no start that adapts to the width carries sigmoid through {DEEP} layers"
    yield Check.of("sigmoid_is_shallow", text, above(f.sigmoid_excess, 1))


def _carries(name: str, statement: str, course: Course) -> Check:
    healthy = same(course.verdicts, ["healthy"]), below(course.change, LIMIT), below(course.dead, DEAD)
    return Check.of(name, statement, *healthy)
