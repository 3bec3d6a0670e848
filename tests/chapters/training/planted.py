"""Findings of the chapter on training that refute its sentences."""

from __future__ import annotations

from collections.abc import Callable

from reportgen.chapters.names import LARGE, SMALL
from reportgen.chapters.training.findings import Findings
from reportgen.chapters.training.studies import Count
from tests.chapters.planting import other

Change = Callable[[Findings], Findings]

SOME, MANY, ALL = Count(10, 1), Count(10, 2), Count(10, 10)


PLANTED: list[tuple[Change, set[str]]] = [
    (other(map={"shares": {2: 0.5, 10: 0.5}}), {"depth_thins_out"}),
    (other(map={"zeros": SOME}), {"zeros_never_learn"}),
    (other(map={"constant_best": 0.6}), {"constant_is_poor"}),
    (other(map={"small": MANY}), {"small_does_not_start"}),
    (other(map={"large_unbounded": 0.8}), {"large_diverges"}),
    (other(map={"large_diverged": {10: ["linear"]}}), {"large_needs_depth"}),
    (other(map={"tanh": {LARGE: 0.9}}), {"large_halts_tanh"}),
    (other(map={"relu_he": 0.3, "relu_glorot": 0.4}), {"he_beats_glorot"}),
    (other(map={"relu": {"torch_default": 0.5}}), {"torch_stalls"}),
    (other(map={"deep_sigmoid": 0.4}), {"sigmoid_never_deep"}),
    (other(glorot={"least_loss": 0.0}), {"glorot_stalls", "he_learns"}),
    (other(glorot={"greatest_loss": 2.4}), {"glorot_stalls"}),
    (other(he={"greatest_loss": 2.3}), {"he_learns"}),
    (other(gain={"best": 0.4, "beyond_best": 0.4}), {"best_near_edge", "none_beyond_reach"}),
    (other(gain={"best": 2.1}), {"best_near_edge"}),
    (other(gain={"early": {"right": 0.9}}), {"chaos_fails_early"}),
    (other(rate={"best": {"relu": {LARGE: 0.5}}}), {"no_rate_rescues"}),
    (other(rate={"best": {"tanh": {SMALL: 0.8}}}), {"no_rate_rescues"}),
    (other(rate={"best": {"tanh": {"torch_default": 0.01}}}), {"best_rate_gains"}),
    (other(rate={"relu_large_diverged": 5}), {"relu_diverges_at_any_rate"}),
    (other(plane={"flat": (0.8, 1.0)}), {"plane_flat"}),
    (other(plane={"flat": (1.0, 1.2)}), {"plane_flat"}),
    (other(plane={"right": {"circle": {"relu": {"he_normal": 0.8}}}}), {"circle_is_learned"}),
    (other(plane={"right": {"spiral": {"relu": {SMALL: 0.9}}}}), {"spiral_is_learned"}),
    (other(plane={"right": {"spiral": {"tanh": {LARGE: 0.4}}}}), {"large_can_be_good"}),
    (other(first_step={"near": SOME, "far": ALL}), {"near_learns", "far_does_not"}),
    (other(verdict={"healthy": SOME}), {"healthy_learns"}),
    (other(verdict={"ill": ALL}), {"healthy_learns"}),
    (other(verdict={"accuracy": 0.7, "base_rate": 0.6}), {"better_than_base"}),
    (other(verdict={"then": {"explodes": {"diverged": 0.5}}}), {"kinds_of_failure"}),
    (other(verdict={"then": {"symmetric": {"learned": 0.5}}}), {"kinds_of_failure"}),
    (other(verdict={"then": {"vanishes": {"stalled": 0.5}}}), {"kinds_of_failure"}),
    (other(verdict={"then": {"saturates": {"learned": 0.0}}}), {"saturated_may_learn"}),
    (other(verdict={"then": {"vanishes": {"learned": 0.6}}}), {"saturated_may_learn"}),
    (other(verdict={"change": {"diverged": 1.0}}), {"diverging_changes_more"}),
    (other(verdict={"linear_outcome": "learned"}), {"linear_he_diverges"}),
]
