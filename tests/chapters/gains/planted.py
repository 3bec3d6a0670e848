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


def bands(**ends: Any) -> Change:
    """Give every band the same ends."""

    def change(f: Findings) -> Findings:
        return replace(f, sizes=replace(f.sizes, bands={k: b._replace(**ends) for k, b in f.sizes.bands.items()}))

    return change


def runs(choice: str, signal: Estimate) -> Change:
    """Let all networks with one of the gains do the same."""

    def change(f: Findings) -> Findings:
        changed = {key: run._replace(signal=signal) if key[2] == choice else run for key, run in f.sizes.runs.items()}
        return replace(f, sizes=replace(f.sizes, runs=changed))

    return change


def held(share: float) -> Change:
    """Let one share of the networks hold under every gain."""

    def change(f: Findings) -> Findings:
        count = round(share * f.sizes.networks)
        return replace(f, sizes=replace(f.sizes, runs={k: run._replace(held=count) for k, run in f.sizes.runs.items()}))

    return change


PLANTED: list[tuple[Change, set[str]]] = [
    (lambda f: replace(f, start={**f.start, "gelu": 1.0}), {"recommended"}),
    (lambda f: replace(f, deep=f.forward), {"between"}),
    (lambda f: replace(f, same=["linear"]), {"homogeneous_is_the_same"}),
    (lambda f: replace(f, backward=f.forward), {"others_differ"}),
    (scaled("torch", 1.1), {"torch_is_forward_for_relu"}),
    (scaled("forward", 1.1), {"torch_is_forward_for_relu", "selu_is_built_for_one"}),
    (case("tanh_torch", size=0.3, gradient=7.0), {"tanh_settles", "tanh_gradient_grows"}),
    (case("tanh_one", signal=0.3, gradient=1e-6), {"tanh_fades", "tanh_one_changes_less"}),
    (case("selu_one", signal=1.4, gradient=1.7), {"selu_keeps", "selu_grows"}),
    (case("selu_torch", signal=0.7, gradient=0.9), {"selu_falls"}),
    (lambda f: replace(f, farthest=2.0), {"theory_holds"}),
    (lambda f: replace(f, mean_share={**f.mean_share, "softplus": 0.4}), {"keeps_a_mean"}),
    (
        lambda f: replace(f, soon={**f.soon, "sigmoid": 0.2, "tanh": 0.9}),
        {"loses_differences", "tanh_keeps_differences"},
    ),
    (lambda f: replace(f, unstable=["silu"]), {"unstable"}),
    (lambda f: replace(f, from_small=f.from_large), {"unstable"}),
    (lambda f: replace(f, from_large={**f.from_large, "tanh": 4.0}), {"tanh_stable"}),
    (lambda f: replace(f, leaves={**f.leaves, "tanh": 1.0}), {"tanh_leaves"}),
    (lambda f: replace(f, keeps={**f.keeps, "sigmoid": 0.5}), {"sigmoid_leaves"}),
    (lambda f: replace(f, edge={**f.edge, "sigmoid": 4.8}), {"sigmoid_edge"}),
    (lambda f: replace(f, std=f.forward), {"std_is_larger"}),
    (bands(least=1.2, greatest=2.0), {"norm_decides", "narrow_bands"}),
    (bands(least=1.6), {"shallow"}),
    (bands(best=1.5, least=1.4, greatest=1.55), {"best_is_low"}),
    (runs("forward", Estimate(1.0, 0.0)), {"gelu_either_way", "silu_grows"}),
    (runs("he", Estimate(1.0, 0.0)), {"he_dies"}),
    (held(0), {"middle_holds"}),
    (held(1), {"small_inputs"}),
]
