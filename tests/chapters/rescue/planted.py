"""Findings of the chapter on rescues that refute its sentences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reportgen.chapters.names import LARGE, SMALL
from reportgen.chapters.rescue.findings import BOTH, Findings
from reportgen.chapters.rescue.tables import HE
from reportgen.judgments.estimates import Estimate
from tests.chapters.planting import other

STARTS = (SMALL, LARGE, HE, "glorot_normal")

Change = Callable[[Findings], Findings]


def trained(form: str, activation: str, start: str, **values: Any) -> Change:
    """Let something else become of a start."""
    return other(trained={key: {form: {activation: {start: value}}} for key, value in values.items()})


PLANTED: list[tuple[Change, set[str]]] = [
    (other(factors={"signal_off": {"layer norm": {"tanh": 0.1}}}), {"norm_forward"}),
    (other(factors={"gradient_off": {"batch norm": {"relu": 0.1}}}), {"batch_gradient"}),
    (other(total={"batch norm": {"relu": {LARGE: 90.0}}}), {"batch_explodes"}),
    (other(total={"layer norm": {"relu": {HE: 12.0}}}), {"layer_gradient"}),
    (other(total={"layer norm": {"relu": {LARGE: 0.05}}}), {"layer_gradient"}),
    (other(total={"layer norm": {"relu": {SMALL: float("nan")}}}), {"layer_gradient"}),
    (other(factors={"gradient_off": {"LSUV": {"tanh": 0.1}}}), {"tanh_gradient"}),
    (other(share={"layer norm": {SMALL: 0.6}}), {"inputs_apart"}),
    (other(share={"batch norm": {SMALL: 0.5}}), {"inputs_apart"}),
    (other(weight_ratio=200.0), {"weight_scale"}),
    (other(factors={"signal": {"residual": {"relu": {HE: Estimate(1.2, 0.01)}}}}), {"residual_grows"}),
    (other(factors={"gradient": {"residual": {"relu": {HE: Estimate(1.2, 0.01)}}}}), {"residual_grows"}),
    (other(normalized={50: Estimate(8.4, 0.1)}), {"root"}),
    (other(total={BOTH: {"tanh": {SMALL: 1e3}}}), {"both_grow_less"}),
    (other(scaled=Estimate(1.5, 0.01)), {"scaled_total"}),
    (other(fresh_off={"relu": 1.0}), {"lsuv_unit"}),
    (other(rescalings=3), {"lsuv_unit"}),
    (other(scale_effect=0.1), {"lsuv_scale"}),
    (trained("plain", "tanh", SMALL, progress=0.4), {"plain_fails"}),
    (trained(BOTH, "tanh", LARGE, progress=0.2), {"both_learn"}),
    (other(trained={"accuracy": {BOTH: {"relu": dict.fromkeys(STARTS, 0.2)}}}), {"batch_alone"}),
    (trained("scaled residual", "relu", SMALL, progress=0.2), {"scaled_small"}),
    (trained("scaled residual", "relu", LARGE, accuracy=0.9), {"scaled_large"}),
    (trained("residual", "relu", HE, progress=0.4), {"residual_he"}),
    (trained("layer norm", "relu", LARGE, accuracy=0.7), {"layer_relu"}),
    (trained("scaled residual", "tanh", HE, accuracy=0.3), {"scaled_equal"}),
    (trained("LSUV", "relu", HE, accuracy=0.9), {"lsuv_relu"}),
    (trained("LSUV", "tanh", LARGE, progress=0.0), {"lsuv_tanh"}),
    (other(equal={"spread": 1e-6}), {"equal_stays"}),
    (other(equal={"units": 2}), {"equal_stays"}),
    (other(equal={"movement": {"zeros": {"plain": 1e-6}}}), {"stands_still"}),
    (other(equal={"movement": {"constant": {"layer norm": 1e-6}}}), {"stands_still"}),
    (other(equal={"movement": {"constant": {"batch norm": 0.0}}}), {"batch_moves"}),
    (other(equal={"accuracy": 0.9}), {"equal_learn_little"}),
    (other(equal={"replaced_units": [16, 1]}), {"lsuv_replaces"}),
    (other(equal={"replaced_accuracy": 0.5}), {"lsuv_replaces"}),
]
