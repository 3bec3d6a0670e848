"""The sentences of the chapter on activations that the numbers could refute."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.chapters.activations.findings import Findings, Shape
from reportgen.chapters.check import ANYWHERE, Check, Condition, above, below, within

__all__ = ["check"]


def check(f: Findings) -> Iterator[Check]:
    """Yield the verdict on each sentence; nothing here depends on the settings."""
    for one in (*_sizes(f), *_shapes(f)):
        yield one.only_for(ANYWHERE)


def _sizes(f: Findings) -> Iterator[Check]:
    lines = [part for shape in (f.tanh, f.sigmoid) for part in _is_line(shape, min(f.sizes))]
    text = "small sums pass tanh and sigmoid as they would pass a straight line, and no slope is flat"
    yield Check.of("small_is_a_line", text, *lines, below(f.tanh.small.flat + f.sigmoid.small.flat, 1e-6))
    bent = within(0.5, f.tanh.right.output, 0.75), below(f.tanh.right.flat, 0.05)
    text = "of sums of size one tanh keeps about two thirds, and few of its slopes are flat"
    yield Check.of("right_is_bent", text, *bent)
    text = "large sums find tanh flat in more than three quarters of all cases and sigmoid in more than half"
    yield Check.of("large_is_flat", text, above(f.tanh.large.flat, 0.75), above(f.sigmoid.large.flat, 0.5))


def _is_line(shape: Shape, size: float) -> tuple[Condition, ...]:
    return within(0.95, shape.small.output / (size * shape.steepest), 1.05)


def _shapes(f: Findings) -> Iterator[Check]:
    half = within(0.49, f.sigmoid.at_zero, 0.51), within(0.49, f.sigmoid.mean, 0.51)
    text = "sigmoid is one half at zero and on average, and its slope is a quarter at most"
    yield Check.of("sigmoid_half_and_quarter", text, *half, *within(0.24, f.sigmoid.steepest, 0.26))
    centered = within(-0.01, f.tanh.mean, 0.01), within(0.99, f.tanh.steepest, 1.01)
    yield Check.of("tanh_is_centered", "tanh has mean zero and slope one at most", *centered)
    sizes = f.relu.small, f.relu.right, f.relu.large
    off = [part for size in sizes for part in within(0.45, size.flat, 0.55)]
    text = "ReLU is inactive for half of the sums, whatever their size, and its mean is above zero"
    yield Check.of("relu_is_half_off", text, *off, above(f.relu.mean, 0.3))
