"""The sentences of the catalog that the numbers could refute."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.chapters.catalog.findings import Findings
from reportgen.chapters.check import Check, below, same

__all__ = ["check"]


def check(f: Findings) -> Iterator[Check]:
    """Yield the verdict on each sentence."""
    yield Check.of("drawn_as_declared", "every start draws the variance that it declares", below(f.worst, 0.03))
    yield Check.of(
        "uniform_is_narrow",
        "uniform weights of the same variance have no far ends",
        *(
            below(f.starts[f"{law}_uniform"].greatest, 0.9 * f.starts[f"{law}_normal"].greatest)
            for law in ("lecun", "glorot", "he")
        ),
    )
    yield Check.of(
        "he_for_relu", "He goes first for ReLU", same(f.families["relu"], "he"), same(f.families["leaky_relu"], "he")
    )
    yield Check.of("glorot_for_tanh", "Glorot goes first for tanh", same(f.families["tanh"], "glorot"))
    yield Check.of("lecun_for_selu", "LeCun goes first for SELU", same(f.families["selu"], "lecun"))
