"""The sentences of the chapter on frameworks that the numbers could refute."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.chapters.check import ANYWHERE, Check, above, below, within
from reportgen.chapters.code.findings import Findings

__all__ = ["check"]

_HE = 2.0
_THIRD, _QUARTER = 1 / 3, 1 / 4


def check(f: Findings) -> Iterator[Check]:
    """Yield the verdict on each sentence; the layers have one size at every setting."""
    for one in (*_defaults(f), *_names(f), *_traps(f)):
        yield one.only_for(ANYWHERE)


def _defaults(f: Findings) -> Iterator[Check]:
    dense = {name: f.default(name, "dense") for name in ("PyTorch", "Keras", "Flax", "Haiku")}
    others = [scale for name, scale in dense.items() if name != "PyTorch"]
    yield Check.of("none_is_he", "no layer that adds up starts with He's variance", below(max(f.sums), 0.6 * _HE))
    yield Check.of(
        "torch_is_a_third",
        "PyTorch's dense layers and convolutions have a third of LeCun's variance",
        within(0.97 * _THIRD, dense["PyTorch"], 1.03 * _THIRD),
        within(0.97 * _THIRD, f.default("PyTorch", "convolution"), 1.03 * _THIRD),
    )
    yield Check.of(
        "torch_is_lowest",
        "of the dense layers PyTorch's starts lowest",
        below(dense["PyTorch"], 0.6 * min(others)),
    )
    yield Check.of(
        "others_are_near_one",
        "dense layers of Keras and Flax have a variance of one over fan_in, those of Haiku less",
        within(0.97, dense["Keras"], 1.03),
        within(0.97, dense["Flax"], 1.03),
        within(0.75, dense["Haiku"], 0.8),
    )
    yield Check.of(
        "gates_count",
        "in Keras's LSTM the inputs get less than half of what a dense layer gets, and the state a quarter",
        below(f.default("Keras", "LSTM, inputs"), 0.45 * dense["Keras"]),
        within(0.98 * _QUARTER, f.default("Keras", "LSTM, state"), 1.02 * _QUARTER),
    )
    yield Check.of(
        "embeddings_differ",
        "a row of PyTorch's embeddings has variance one, a row of Keras's less than a thousandth",
        within(0.97, f.default("PyTorch", "embedding"), 1.03),
        below(f.default("Keras", "embedding"), 0.001),
    )


def _names(f: Findings) -> Iterator[Check]:
    text = "every name draws the variance that it declares, to two percent; sparse weights to a tenth"
    yield Check.of("drawn_as_declared", text, below(f.worst, 0.02), below(f.sparse, 0.1))
    yield Check.of("glorot_in_a_funnel", "in a layer that halves Glorot is above one", within(1.3, f.narrowing, 1.37))


def _traps(f: Findings) -> Iterator[Check]:
    yield Check.of(
        "cuts_at_values",
        "PyTorch's cuts take away nothing of small weights, Keras's a fifth or more of all",
        above(f.cut["values", 0.02], 0.98),
        below(f.cut["values", 1.0], 0.8),
        *(below(f.cut["standard deviations", stddev], 0.8) for stddev in (0.02, 1.0)),
    )
    yield Check.of(
        "lookalikes",
        "two units of uncentered weights have a cosine of three quarters, those of centered ones of none",
        within(0.73, f.lookalike, 0.77),
        below(f.alike, 0.01),
    )
    yield Check.of(
        "orthogonal_halves",
        "orthogonal weights into twice as many units have half of the variance",
        within(0.49, f.orthogonal["wider"], 0.51),
        within(0.98, f.orthogonal["narrower"], 1.02),
        within(0.98, f.orthogonal["square"], 1.02),
    )
    yield Check.of(
        "transposed_doubles",
        "He's start doubles where the sizes of a layer that halves are mistaken",
        within(1.9, f.transposed / f.right_way, 2.1),
    )
    yield Check.of("slope_adds_up", "a slope that He was not told adds up over a deep net", above(f.slope_growth, 5.0))
