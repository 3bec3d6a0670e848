"""Findings of the chapter on He that refute its sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from reportgen.chapters.he.findings import Findings
from reportgen.judgments.estimates import Estimate

Change = Callable[[Findings], Findings]


def wrong(*names: str, **values: Any) -> Change:
    """Change findings: estimates to what none of them is, or to these values."""
    estimates: dict[str, Any] = {name: Estimate(1.5, 0.01) for name in names}
    return lambda f: replace(f, **estimates, **values)


def spectrum(name: str, **values: float) -> Change:
    """Let deep linear networks of a start do something else."""
    return lambda f: replace(f, spectra={**f.spectra, name: f.spectra[name]._replace(**values)})


WRONG = dict.fromkeys(("fan_in", "fan_out"), Estimate(1.5, 0.01))

PLANTED: list[tuple[Change, set[str]]] = [
    (wrong("half", "weighted_sum", "first_layer"), {"half", "weighted_sum", "first_layer_doubles"}),
    (wrong("he", "glorot", "uniform_difference"), {"he_keeps", "glorot_halves", "uniform_is_normal"}),
    (spectrum("orthogonal", median=0.9), {"rotations_keep"}),
    (spectrum("orthogonal", kept_directions=63.0), {"rotations_keep"}),
    (spectrum("lecun_uniform", kept_directions=40.0), {"most_are_lost"}),
    (spectrum("lecun_normal", largest=0.9), {"most_are_lost"}),
    (wrong(glorot_last=Estimate(0.02, 0.001)), {"glorot_starves"}),
    (lambda f: replace(f, glorot_across_last=f.glorot_last), {"glorot_starves"}),
    (wrong("leaky", "unmatched"), {"leaky_keeps", "unmatched_grows"}),
    (wrong(forward=WRONG), {"fan_in_forward", "fan_out_forward"}),
    (wrong(backward=WRONG), {"fan_in_backward", "fan_out_backward"}),
    (wrong("length_factor", spread=3.0, lengths={"median": 0.8}), {"length_factor", "spread", "median_shrinks"}),
    (wrong(spread=7.0, shrunk_share=0.5), {"spread", "most_shrink"}),
    (wrong(cosine_last=0.9, cosine_gap=0.1), {"angles_collapse", "angle_map"}),
    (wrong(share_last=0.4, share_gap=0.01), {"across_falls", "angles_ignore_scale"}),
    (lambda f: replace(f, dead={**f.dead, "every_input": 0.3}), {"born_dead"}),
    (wrong("dead_one_input", otherwise_dead={"0.1": 0, "10": 3}), {"one_input_dies", "same_networks_die"}),
]
