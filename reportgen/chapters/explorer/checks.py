"""The sentences of the page that the numbers could refute."""

from __future__ import annotations

from collections.abc import Iterator
from math import nan

from reportgen.chapters.check import Check, above, below, same
from reportgen.chapters.explorer.findings import Findings

__all__ = ["check"]


def check(f: Findings) -> Iterator[Check]:
    """Yield the verdict on each sentence."""
    shallow, *_, deep = f.shares.values()
    text = "of the pairs most are healthy in the shallowest nets, and fewer than a third in the deepest"
    yield Check.of("few_are_deep", text, above(shallow, 0.6), below(deep, 1 / 3))
    first, second, *_ = f.failures
    text = "vanishing is the most frequent failure, at least twice as frequent as any other"
    yield Check.of("most_vanish", text, same(first, "vanishes"), below(f.failures[second], f.failures[first] / 2))
    text = "in some of the cells that vanish the activations keep their size, and the gradient does not"
    example = same(f.example.verdict, "vanishes"), same(f.example.crosses, "gradient")
    yield Check.of("gradient_alone", text, above(f.gradient_alone, 0.1), *example)
    text = "where activations keep their size and the gradient does not, what arrives is the same for every input"
    yield Check.of("a_constant_arrives", text, above(f.arrives_alike, 0.8))
    text = "what becomes of signal and gradient theory says rightly in more than nine of ten cells"
    yield Check.of("theory_foresees", text, above(f.foreseen, 0.9))
    text = "most healthy starts learn with SGD, and hardly any that vanishes"
    yield Check.of(
        "healthy_learns", text, above(f.learned.get("healthy", nan), 0.6), below(f.learned.get("vanishes", nan), 0.1)
    )
