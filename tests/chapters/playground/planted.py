"""Findings of the chapter on the playground that refute its sentences."""

from __future__ import annotations

from tests.chapters.planting import other

PLANTED = [
    (other(alike={"zeros": {"greatest_gradient": 1e-300}}), {"zeros_stay"}),
    (other(alike={"zeros": {"distinct": (1, 2)}}), {"zeros_stay"}),
    (other(alike={"equal": {"distinct": (1, 2)}}), {"equal_is_one"}),
    (other(alike={"equal": {"beaten": 0.0}}), {"equal_is_one"}),
    (other(alike={"noise": {"distinct": (7, 8)}}), {"noise_learns"}),
    (other(alike={"noise": {"beaten": 0.5}}), {"noise_learns"}),
    (other(alike={"random": {"least_accuracy": 0.8}}), {"random_learns"}),
    (other(halt={"large": {"beaten": 0.5}}), {"large_halts"}),
    (other(halt={"large": {"unlearned": 0.4}}), {"large_guesses"}),
    (other(halt={"large": {"start_loss": 1.0}}), {"large_guesses"}),
    (other(halt={"large": {"last_moved": 0.0}}), {"last_layer_unlearns"}),
    (other(halt={"small": {"start_gradient": 1.0}}), {"small_stays"}),
    (other(halt={"large": {"saturated": 0.4}}), {"large_is_flat"}),
    (other(halt={"large": {"moved": 0.2}}), {"large_is_flat"}),
    (other(halt={"right": {"moved": 0.2}}), {"large_is_flat"}),
    (other(halt={"small": {"loss": 0.6}}), {"small_stays"}),
    (other(halt={"small": {"beaten": 0.9}}), {"small_stays"}),
    (other(halt={"small": {"saturated": 0.1}}), {"small_stays"}),
    (other(halt={"right": {"least_accuracy": 0.8}}), {"right_learns"}),
]
