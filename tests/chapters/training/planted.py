"""Findings of the chapter on training that refute its sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from reportgen.chapters.names import LARGE, SMALL
from reportgen.chapters.training.findings import Findings
from reportgen.chapters.training.studies import Count
from tests.chapters.planting import other

Change = Callable[[Findings], Findings]

SOME, ALL = Count(10, 1), Count(10, 10)


PLANTED: list[tuple[Change, set[str]]] = [
    (other(map={"shares": {2: 0.5, 10: 0.5}}), {"depth_thins_out"}),
    (other(map={"zeros": SOME}), {"zeros_never_learn"}),
    (other(map={"constant_best": 0.6}), {"constant_is_poor"}),
    (other(map={"small": SOME}), {"small_does_not_start"}),
    (other(map={"large_diverged": {10: ["linear"]}}), {"large_diverges", "large_needs_depth"}),
    (other(map={"tanh": {LARGE: 0.9}}), {"large_halts_tanh"}),
    (other(map={"relu_he": 0.3, "relu_glorot": 0.4}), {"he_beats_glorot"}),
    (other(map={"relu": {"torch_default": 0.5}}), {"torch_stalls"}),
    (other(map={"deep_sigmoids": ["he_normal"]}), {"sigmoid_never_deep"}),
    (other(glorot={"loss": 2.0, "least_loss": 0.0}), {"glorot_stalls", "he_learns"}),
    (other(glorot={"learned": 1}), {"glorot_stalls"}),
    (other(he={"learned": 0}), {"he_learns"}),
    (other(gain={"best": 0.4, "beyond": {30: SOME}}), {"best_near_edge", "none_beyond_reach"}),
    (lambda f: replace(f, gain=f.gain._replace(early={})), {"chaos_fails_early"}),
    (other(rate={"best": {"relu": {LARGE: 0.5}}}), {"no_rate_rescues"}),
    (other(rate={"relu_large_diverged": 6}), {"relu_diverges_at_any_rate"}),
    (other(plane={"flat": SOME}), {"plane_flat"}),
    (other(plane={"flat_off": 0.1}), {"plane_flat"}),
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
    (other(verdict={"change_of_misses": 1.0}), {"misses_are_near_the_limit"}),
    (other(verdict={"linear_outcome": "learned"}), {"linear_he_diverges"}),
]
