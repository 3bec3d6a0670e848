"""Findings of the chapter on frameworks that refute its sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from reportgen.chapters.code.findings import Findings
from tests.chapters.planting import other

Change = Callable[[Findings], Findings]


def default(framework: str, kind: str, measured: float) -> Change:
    """Let a layer start with something else."""

    def change(f: Findings) -> Findings:
        return replace(
            f,
            defaults=[
                one._replace(measured=measured) if (one.framework, one.kind) == (framework, kind) else one
                for one in f.defaults
            ],
        )

    return change


PLANTED: list[tuple[Change, set[str]]] = [
    (default("PyTorch", "dense", 1.9), {"none_is_he", "torch_is_a_third", "torch_is_lowest"}),
    (default("PyTorch", "convolution", 1.0), {"torch_is_a_third"}),
    (default("Keras", "dense", 0.8), {"others_are_near_one"}),
    (default("Flax", "dense", 0.4), {"others_are_near_one", "torch_is_lowest"}),
    (default("Haiku", "dense", 1.0), {"others_are_near_one"}),
    (default("Keras", "LSTM, inputs", 1.0), {"gates_count"}),
    (default("Keras", "LSTM, state", 1.0), {"gates_count"}),
    (default("PyTorch", "embedding", 0.1), {"embeddings_differ"}),
    (default("Keras", "embedding", 0.002), {"embeddings_differ"}),
    (other(worst=0.05), {"drawn_as_declared"}),
    (other(sparse=0.3), {"drawn_as_declared"}),
    (other(narrowing=1.0), {"glorot_in_a_funnel"}),
    (other(cut={("values", 0.02): 0.77}), {"cuts_at_values"}),
    (other(cut={("standard deviations", 0.02): 1.0}), {"cuts_at_values"}),
    (other(lookalike=0.0), {"lookalikes"}),
    (other(alike=0.2), {"lookalikes"}),
    (other(orthogonal={"wider": 1.0}), {"orthogonal_halves"}),
    (other(transposed=2.0), {"transposed_doubles"}),
    (other(slope_growth=1.1), {"slope_adds_up"}),
]
