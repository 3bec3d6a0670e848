"""Findings of the chapter on training that refute its sentences."""

from __future__ import annotations

from collections.abc import Callable

from reportgen.chapters.names import LARGE, SMALL
from reportgen.chapters.training.checks import HUGE
from reportgen.chapters.training.findings import Findings
from reportgen.chapters.training.studies import Count
from tests.chapters.planting import other

Change = Callable[[Findings], Findings]

SOME, MANY, ALL = Count(10, 1), Count(10, 2), Count(10, 10)


def with_budget(optimizer: str, place: int, **right: float) -> Change:
    """Let ReLU nets get other shares right at the shortest budget (place 0) or the longest (-1)."""
    return lambda f: other(budgets={"right": {optimizer: {f.budgets.steps[place]: right}}})(f)


PLANTED: list[tuple[Change, set[str]]] = [
    (other(map={"shares": {2: 0.5, 10: 0.45}}), {"depth_thins_out", "adam_gets_further"}),
    (other(map={"shares": {10: 0.6}}), {"most_fail_deep"}),
    (other(adam={"random": {2: 0.6}}), {"adam_forgives_shallow"}),
    (other(adam={"shares": {2: 0.5, 10: 0.45}}), {"depth_thins_out"}),
    (other(customary={"right": {"adam": 0.1}}), {"adam_helps_deep"}),
    (other(map={"zeros": SOME}), {"zeros_never_learn"}),
    (other(adam={"zeros": SOME}), {"zeros_never_learn"}),
    (other(map={"constant_best": 0.6}), {"constant_is_poor"}),
    (other(adam={"small": MANY}), {"small_does_not_start"}),
    (other(map={"large_unbounded": 0.8}), {"large_diverges"}),
    (other(adam={"large_unbounded": 0.1}), {"adam_does_not_diverge"}),
    (other(adam={"right": {"relu": {LARGE: 0.9}}}), {"adam_does_not_diverge"}),
    (other(map={"large_diverged": {10: ["linear"]}}), {"large_needs_depth"}),
    (other(map={"right": {"tanh": {LARGE: 0.9}}}), {"large_halts_tanh"}),
    (other(adam={"right": {"tanh": {LARGE: 0.9}}}), {"large_halts_tanh"}),
    (other(map={"right": {"relu": {"torch_default": 0.5}}}), {"torch_stalls"}),
    (other(map={"deep_sigmoid": 0.4}), {"sigmoid_never_deep"}),
    (other(glorot={"least_loss": 0.0}), {"glorot_stalls", "he_learns"}),
    (other(glorot={"greatest_loss": 2.5}), {"glorot_stalls"}),
    (other(he={"greatest_loss": 2.3}), {"he_learns"}),
    (other(gain={"best": 0.9}), {"best_above_one"}),
    (other(gain={"best": 1.8}), {"best_above_one"}),
    (other(gain={"below": 0.9}), {"less_below_one"}),
    (other(gain={"shallow": 0.7}), {"gain_is_flat_when_shallow"}),
    (other(gain={"outer": 0.5}), {"outer_gains_fail"}),
    (other(rate={"best": {"sgd": {"relu": {LARGE: 0.5}}}}), {"no_rate_rescues"}),
    (other(rate={"best": {"adam": {"tanh": {SMALL: 0.8}}}}), {"no_rate_rescues"}),
    (other(rate={"best": {"sgd": {"tanh": {"torch_default": 0.01}}}}), {"best_rate_gains"}),
    (other(rate={"large_diverged": {"sgd": 2}}), {"relu_diverges_at_any_rate"}),
    (other(rate={"large_diverged": {"adam": 1}}), {"relu_diverges_at_any_rate"}),
    (with_budget("sgd", 0, glorot_normal=0.9, he_normal=0.5), {"he_is_ahead_at_first", "glorot_catches_up"}),
    (with_budget("sgd", -1, glorot_normal=0.05), {"glorot_catches_up"}),
    (with_budget("adam", -1, glorot_normal=0.6), {"adam_sees_no_difference"}),
    (with_budget("sgd", -1, torch_default=0.9), {"default_needs_adam"}),
    (with_budget("adam", -1, torch_default=0.2), {"default_needs_adam"}),
    (other(small={"right": {"adam": {"relu": {5: 0.1}}}}), {"adam_wakes_small_weights"}),
    (other(small={"right": {"adam": {"relu": {10: 0.3}}}}), {"adam_wakes_small_weights"}),
    (other(small={"right": {"sgd": {"relu": {5: 0.3}}}}), {"adam_wakes_small_weights"}),
    (other(small={"gradient": {5: 1e-12}}), {"below_epsilon"}),
    (other(small={"gradient": {10: 1e-9}}), {"below_epsilon"}),
    (other(plane={"flat": (0.8, 1.0)}), {"plane_flat"}),
    (other(plane={"flat": (1.0, 1.2)}), {"plane_flat"}),
    (other(plane={"right": {"circle": {"relu": {"he_normal": 0.8}}}}), {"circle_is_learned"}),
    (other(plane={"right": {"spiral": {"relu": {"he_normal": 0.5}}}}), {"spiral_is_learned"}),
    (other(plane={"right": {"circle": {"tanh": {HUGE: 1.0}}}}), {"huge_halts"}),
    (other(plane={"right": {"spiral": {"tanh": {LARGE: 0.4}}}}), {"large_can_be_good"}),
    (other(initial={"greatest": {SMALL: 1.2}}), {"flat_starts_at_a_guess"}),
    (other(initial={"least": {LARGE: 1.0}}), {"large_starts_high"}),
    (other(initial={"ratio": {"glorot_normal": {"tanh": 2.0}}}), {"glorot_starts_near"}),
    (other(last_layer={"start": {"relu": {0.1: 4.0}}}), {"small_last_layer_starts_at_a_guess"}),
    (other(last_layer={"early": {"selu": {0.0: 9.0}}}), {"small_last_layer_helps"}),
    (other(last_layer={"early": {"tanh": {0.1: 0.1}}}), {"small_last_layer_slows"}),
    (other(first_step={"near": SOME, "far": ALL}), {"near_learns", "far_does_not"}),
    (other(first_step={"stalled_below": 0.4}), {"far_fails_both_ways"}),
    (other(first_step={"diverged_above": 0.4}), {"far_fails_both_ways"}),
    (other(first_step={"typical": {"tanh": {SMALL: 1e-9}}}), {"small_step_is_tiny"}),
    (other(verdict={"all": {"healthy": SOME}}), {"healthy_learns"}),
    (other(verdict={"all": {"ill": ALL}}), {"healthy_learns", "adam_forgives"}),
    (other(adam_verdict={"all": {"healthy": SOME}}), {"healthy_learns"}),
    (other(adam_verdict={"all": {"ill": Count(10, 0)}}), {"adam_forgives"}),
    (other(verdict={"all": {"accuracy": 0.7, "base_rate": 0.6}}), {"better_than_base"}),
    (other(adam_verdict={"adapting": {"accuracy": 1.0, "base_rate": 0.5}}), {"tells_less_with_adam"}),
    (other(adam_verdict={"adapting": {"accuracy": 0.5, "base_rate": 0.9}}), {"tells_less_with_adam"}),
    (other(adam_verdict={"deepest": {"healthy": SOME}}), {"depth_needs_adam"}),
    (other(verdict={"then": {"explodes": {"diverged": 0.5}}}), {"kinds_of_failure"}),
    (other(verdict={"then": {"vanishes": {"stalled": 0.5}}}), {"kinds_of_failure"}),
    (other(verdict={"then": {"saturates": {"learned": 0.0}}}), {"saturated_may_learn"}),
    (other(verdict={"then": {"vanishes": {"learned": 0.6}}}), {"saturated_may_learn"}),
    (other(verdict={"change": {"diverged": 1.0}}), {"diverging_changes_more"}),
    (other(verdict={"linear_outcome": "learned"}), {"linear_he_diverges"}),
]
