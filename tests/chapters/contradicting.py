"""For every saying, facts that refute it: one change for every condition that could fail on its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from reportgen.chapters.sayings import Findings

__all__ = ["CONTRADICTING", "planted"]

Change = Callable[[Findings], Findings]

CONTRADICTING: dict[str, list[dict[str, float]]] = {
    "equal_stays": [{"equal_units": 2.0}, {"equal_units_in_batches": 2.0}, {"equal_units_otherwise": 8.0}],
    "random_parts": [{"random_share": 0.5}, {"random_right": 0.6}, {"equal_right": 0.9}],
    "zeros_stand_still": [{"zeros_moved": 1e-9}],
    "zeros_in_step": [{"sigmoid_zeros_moved": 0.0}, {"sigmoid_zeros_units": 2.0}],
    "zeros_without_hidden_layer": [{"no_hidden_layer_gap": 0.2}],
    "others_part": [{"parted_by_noise": 0.1}, {"parted_by_biases": 0.1}, {"parted_by_dropout": 0.1}],
    "less_noise_takes_longer": [{"wait_of_less_noise": 0.9}],
    "small_dies": [{"small_saturated": 0.1}, {"small_slope": 0.2}, {"small_signal": 0.5}, {"small_gradient": 0.5}],
    "large_saturates": [{"large_saturated": 0.1}, {"large_gradient": 0.5}, {"large_negligible": 0.1}],
    "relu_is_half_inactive": [{"relu_inactive": 0.1}, {"relu_inactive": 0.9}],
    "variance_is_one": [{"sum_variance": 2.0}, {"gradient_variance": 0.5}],
    "fixed_grows": [{"fixed_growth": 0.1}],
    "glorot_is_between": [{"glorot_forward": 1.0}, {"glorot_backward": 1.0}],
    "uniform_is_normal": [{"uniform_variance": 0.3}, {"he_uniform_factor": 0.7}],
    "mean_adds": [{"variance_with_mean": 1.0}, {"variance_with_correlation": 2.0}],
    "correlation_parts_units": [{"units_apart": 1.0}],
    "tanh_fades": [{"tanh_fading": 30.0}, {"glorot_tanh_signal": 1e-3}, {"glorot_tanh_gradient": 1e-3}],
    "gain_pays_backward": [{"gain_holds": 0.1}, {"gain_gradient": 30.0}],
    "gains_differ": [{"tanh_forward_gain": 1.47}, {"relu_gains_apart": 0.1}, {"other_gains_apart": 1.0}],
    "selu_wants_one": [{"selu_forward_gain": 0.75}, {"selu_torch_gain": 1.0}, {"selu_signal": 1.0}],
    "gelu_depends": [{"gelu_gain_of_short": 1.41}, {"gelu_gain_of_long": 1.0}],
    "sigmoid_loses": [{"sigmoid_factor": 1.0}, {"sigmoid_gradient": 1.0}, {"sigmoid_mean_share": 0.1}],
    "centered_carries": [{"centered_signal": 1e-4}, {"centered_gradient": 1e-4}, {"centered_gradient": 100.0}],
    "shifted_learns": [{"shifted_difference": 0.1}, {"shifted_right": 0.1}],
    "he_keeps": [{"he_factor": 0.7}, {"glorot_factor": 1.0}],
    "he_is_an_average": [{"typical_length": 1.0}, {"shrunk_share": 0.5}],
    "angles_close": [{"first_cosine": 0.9}, {"last_cosine": 0.5}],
    "born_dead_anyway": [{"born_dead": 0.0}, {"born_dead_apart": 0.1}],
    "fans_choose": [
        *({"fan_in_signal": value} for value in (0.5, 2.0)),
        {"fan_in_gradient": 1.0},
        {"fan_out_signal": 1.0},
        {"fan_out_gradient": 0.5},
    ],
    "orthogonal_keeps": [{"orthogonal_kept": 0.9}, {"independent_kept": 0.9}],
    "glorot_loses_relu": [{"glorot_relu_signal": 0.1}],
    "torch_loses_relu": [{"torch_relu_signal": 0.1}, {"he_relu_signal": 1e-3}, {"he_relu_gradient": 1e-3}],
    "low_loss_is_no_sign": [{"small_start_loss": 2.0}, {"small_learned": 0.5}, {"large_start_loss": 1.0}],
    "small_last_layer_slows_tanh": [{"tanh_right_from_guess": 1.0}],
    "small_last_layer_helps_selu": [{"selu_start_loss": 1.0}, {"selu_right_early": 1.0}],
    "adam_wakes": [{"woken_by_adam": 0.1}, {"woken_by_sgd": 0.9}, {"woken_deep": 0.9}],
    "no_rate_rescues": [{"best_of_all_rates": 0.6}],
    "glorot_stalls": [{"deep_glorot_loss": 0.5}, {"deep_he_loss": 1.0}],
    "time_makes_up": [{"glorot_at_first": 1.0}, {"glorot_in_the_end": 0.1}],
    "adam_forgives": [{"adam_apart": 0.6}],
    "batch_norm_grows": [{"batch_norm_growth": 1.0}, {"batch_norm_starts_apart": 9.0}, {"both_growth": 1e4}],
    "norm_keeps_equal": [{"equal_units_behind_norms": 2.0}],
    "branches_learn": [{"both_right": 0.1}, {"plain_right": 0.9}],
    "batch_norm_alone": [{"batch_norm_right": 1.0}],
    "branches_add_up": [{"branch_factor": 1.0}, {"scaled_growth": 9.0}],
    "lecun_is_below_one": [{"lecun_one_layer": 1.0}, {"lecun_settled": 1.0}, {"lecun_gradient": 2.0}],
    "sine_is_below_one": [{"siren_settled": 1.0}],
    "gates_agree": [{"shattered": 1e-3}, {"shattered_in_forty": 1e-9}],
}


def planted(names: Iterable[str]) -> list[tuple[Change, set[str]]]:
    """Return changes of the findings of a page with these sayings, each with the check that must notice."""
    return [(_with(facts), {name}) for name in names for facts in CONTRADICTING[name]]


def _with(facts: dict[str, float]) -> Change:
    return lambda found: replace(found, facts={**found.facts, **facts})
