"""Every sentence of the page that could turn out wrong."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.chapters.check import Check
from reportgen.chapters.sayings import Findings, said

__all__ = ["SAID", "check"]

SAID = (
    "equal_stays",
    "zeros_stand_still",
    "zeros_in_step",
    "others_part",
    "small_dies",
    "large_saturates",
    "relu_is_half_inactive",
    "uniform_is_normal",
    "tanh_fades",
    "gain_pays_backward",
    "gains_differ",
    "selu_wants_one",
    "sigmoid_loses",
    "centered_carries",
    "shifted_learns",
    "he_keeps",
    "he_is_an_average",
    "angles_close",
    "born_dead_anyway",
    "orthogonal_keeps",
    "torch_loses_relu",
    "low_loss_is_no_sign",
    "small_last_layer_slows_tanh",
    "small_last_layer_helps_selu",
    "adam_wakes",
    "no_rate_rescues",
    "glorot_stalls",
    "time_makes_up",
    "adam_forgives",
    "batch_norm_grows",
    "norm_keeps_equal",
    "branches_learn",
    "batch_norm_alone",
    "lecun_is_below_one",
    "sine_is_below_one",
    "gates_agree",
)
"""The sayings of the page."""


def check(findings: Findings) -> Iterator[Check]:
    """Check every saying of the page."""
    return said(findings.facts, SAID)
