"""Findings of the chapter on gains that refute its sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from reportgen.chapters.gains.findings import Findings
from reportgen.judgments.estimates import Estimate

Change = Callable[[Findings], Findings]


def scaled(gains: str, factor: float) -> Change:
    """Multiply the gains of all activations."""

    def change(findings: Findings) -> Findings:
        more: Any = {gains: {name: gain * factor for name, gain in getattr(findings, gains).items()}}
        return replace(findings, **more)

    return change


def case(name: str, **values: float) -> Change:
    """Let a deep network do something else."""
    estimates = {key: Estimate(value, 0.0) for key, value in values.items()}
    return lambda f: replace(f, **{name: getattr(f, name)._replace(**estimates)})


PLANTED: list[tuple[Change, set[str]]] = [
    (lambda f: replace(f, same=["linear"]), {"homogeneous_is_the_same"}),
    (lambda f: replace(f, backward=f.forward), {"others_differ"}),
    (scaled("torch", 1.1), {"torch_is_forward_for_relu"}),
    (scaled("forward", 1.1), {"torch_is_forward_for_relu", "selu_is_built_for_one"}),
    (case("tanh_torch", q=0.1, gradient=50.0), {"tanh_settles", "tanh_explodes"}),
    (case("tanh_one", signal=0.1, gradient=1e-6), {"tanh_fades", "tanh_one_changes_less"}),
    (case("selu_one", signal=2.0, gradient=3.0), {"selu_keeps", "selu_grows"}),
    (case("selu_torch", signal=0.5, gradient=0.9), {"selu_falls", "selu_shrinks"}),
    (lambda f: replace(f, farthest=3.0), {"theory_holds"}),
]
