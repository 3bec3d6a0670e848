"""Findings of the chapter on the edge of chaos that refute its sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from reportgen.chapters.edge_of_chaos.findings import Findings, Path

Change = Callable[[Findings], Findings]


def part(name: str, **values: Any) -> Change:
    """Change the walk, the angles or the lengths."""
    return lambda f: replace(f, **{name: replace(getattr(f, name), **values)})


def he(factor: float) -> Change:
    """Let He give every activation one factor."""
    return lambda f: replace(f, factor={**f.factor, "he_normal": dict.fromkeys(f.factor["he_normal"], factor)})


PLANTED: list[tuple[Change, set[str]]] = [
    (lambda f: replace(f, critical_with_bias=0.18), {"critical", "measured_edge"}),
    (lambda f: replace(f, critical={**f.critical, "sigmoid": 10.0}), {"far_edge"}),
    (lambda f: replace(f, scale_free=[*f.scale_free, "softplus"]), {"scale_free"}),
    (lambda f: replace(f, two_ways=["gelu"]), {"two_ways"}),
    (lambda f: replace(f, line_tanh=f.line_tanh._replace(left=0.25)), {"tanh_line"}),
    (lambda f: replace(f, line_relu=f.line_relu._replace(closing=0.01)), {"relu_line"}),
    (lambda f: replace(f, glorot=1.1), {"glorot_on_edge"}),
    (he(2.1), {"he_on_edge", "he_not_for_all"}),
    (lambda f: replace(f, defaults=f.defaults.assign(relu=1.1, tanh=1.1)), {"defaults_left", "defaults_tanh"}),
    (
        part("walk", left=1.1, factor_off=(0.7, 1.0), reach_far=100.0),
        {"sides", "gradients", "reach"},
    ),
    (part("walk", right=0.9, factor_off=(1.0, 1.3)), {"sides", "gradients"}),
    (part("walk", xi_c_ratio=0.5, xi_q_ratio=0.5), {"angles_decay", "lengths_decay"}),
    (part("angles", gap=0.3, gap_early=0.2), {"angle_lines", "angle_lines_early"}),
    (
        lambda f: part("angles", paths=dict.fromkeys(f.angles.paths, Path(0.3, 0.95, 0.95, 0.95)))(f),
        {"sigmoid_closes", "relu_closes", "gain_opens", "wild_opens", "glorot_keeps"},
    ),
    (
        lambda f: part("angles", paths={**f.angles.paths, "relu_far": Path(0.3, 0.2, 0.1, 0.0)})(f),
        {"relu_angles"},
    ),
    (lambda f: part("lengths", widths=[one._replace(spread=20.0) for one in f.lengths.widths])(f), {"spread"}),
    (part("lengths", inside=0.5), {"inside"}),
    (lambda f: part("lengths", narrow=f.lengths.wide, wide=f.lengths.narrow)(f), {"narrow_strays", "narrow_loses"}),
    (part("reach", best_beyond=0.5), {"none_beyond_reach"}),
]
