"""The numbers that the chapter on gains quotes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isclose
from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.chapters.gains.sizes import Sizes
from reportgen.chapters.gains.tables import CASE, SHOWN, Tables
from reportgen.judgments.estimates import Estimate, geometric_mean
from reportgen.judgments.frames import by_name, only

__all__ = ["Case", "Findings", "find"]

_EQUAL = 1e-6
"""Relative difference of two gains that is rounding."""

_NEUTRAL = 1e-6
"""Distance from 1 at which the response of q to q is rounding."""

_SOON, _LATE = 10, 20
"""Layers at which the prose looks at what is left of a difference."""

_HEADS = {
    "activation": "activation",
    "forward_gain": "forward gain",
    "backward_gain": "backward gain",
    "response": "d ln q' / d ln q",
    "stable": "is q = 1 stable?",
    "edge_gain": "gain of the edge",
    "std_gain": "keeps the standard deviation",
    "torch_gain": "PyTorch",
}

_QUOTED = (("tanh", 1.0), ("tanh", 5 / 3), ("selu", 1.0), ("selu", 0.75))


class Case(NamedTuple):
    """What one activation with one gain does over the whole net; `q` is that of the last layer."""

    signal: Estimate
    signal_theory: float
    gradient: Estimate
    gradient_theory: float
    q: Estimate
    q_theory: float


@dataclass(frozen=True, slots=True)
class Findings:
    """The gains of every activation by name, and deep networks.

    `response` is d ln q' / d ln q where the forward gain keeps q; from a quarter and from four times that q nets settle
    at `from_small` and `from_large`. `soon` and `late` are what is left of a difference by activation after so many
    layers with the forward gain. Under its backward gain sigmoid settles at a q of `sigmoid_leaves`, and keeps
    `sigmoid_keeps` of the gradient's rms over `soon_layers` layers.
    """

    table: pd.DataFrame
    std: dict[str, float]
    response: dict[str, float]
    from_small: dict[str, float]
    from_large: dict[str, float]
    mean_share: dict[str, float]
    edge: dict[str, float]
    unstable: list[str]
    soon_layers: int
    late_layers: int
    soon: dict[str, float]
    late: dict[str, float]
    sigmoid_leaves: float
    sigmoid_keeps: float
    sizes: Sizes
    compared: pd.DataFrame
    same: list[str]
    forward: dict[str, float]
    backward: dict[str, float]
    torch: dict[str, float]
    width: int
    depth: int
    networks: int
    farthest: float
    tanh_one: Case
    tanh_torch: Case
    selu_one: Case
    selu_torch: Case


def find(tables: Tables) -> Findings:
    """Return every number that the chapter quotes."""
    gains, networks, layers = tables.gains.set_index("activation"), tables.networks, tables.layers
    is_same = (gains["forward_gain"] / gains["backward_gain"] - 1).abs() < _EQUAL
    deviation = np.log([layers[measured] / layers[predicted] for measured, predicted in SHOWN.items()])
    cases = {
        (str(name), float(gain)): _case(networks[(networks["activation"] == name) & (networks["gain"] == gain)])
        for name, gain in networks[CASE].drop_duplicates().itertuples(index=False)
    }
    left = tables.differences.pivot(index="activation", columns="layer", values="difference")
    tanh_one, tanh_torch, selu_one, selu_torch = (_near(cases, *case) for case in _QUOTED)
    return Findings(
        table=_in_words(tables.gains),
        std=by_name(gains["std_gain"]),
        response=by_name(gains["response"]),
        from_small=by_name(gains["q_from_small"]),
        from_large=by_name(gains["q_from_large"]),
        mean_share=by_name(gains["mean_share"]),
        edge=by_name(gains["edge_gain"]),
        unstable=list(gains.index[gains["response"] > 1 + _NEUTRAL]),
        soon_layers=_SOON,
        late_layers=_LATE,
        soon=by_name(left[_SOON]),
        late=by_name(left[_LATE]),
        sigmoid_leaves=float(gains["q_of_backward_gain"]["sigmoid"]),
        sigmoid_keeps=float(gains["backward_gradient"]["sigmoid"]),
        sizes=Sizes.of(tables.bands, tables.norms),
        compared=_compared(cases),
        same=list(gains.index[is_same]),
        forward=by_name(gains["forward_gain"]),
        backward=by_name(gains["backward_gain"]),
        torch=by_name(gains["torch_gain"]),
        width=int(only(networks["width"])),
        depth=int(networks["layer"].max()),
        networks=int(networks["replicate"].nunique()),
        farthest=float(np.exp(np.abs(deviation).max())),
        tanh_one=tanh_one,
        tanh_torch=tanh_torch,
        selu_one=selu_one,
        selu_torch=selu_torch,
    )


def _near(cases: Mapping[tuple[str, float], Case], activation: str, gain: float) -> Case:
    """Return the case of a gain that went through a table as a rounded number."""
    return next(case for (name, at), case in cases.items() if name == activation and isclose(at, gain, rel_tol=1e-6))


def _case(rows: pd.DataFrame) -> Case:
    signal, signal_theory, gradient, gradient_theory = (
        _change(rows, column) for pair in SHOWN.items() for column in pair
    )
    last = rows[rows["layer"] == rows["layer"].max()]
    q = geometric_mean(last["pre_activation_second_moment"])
    theory = float(last["predicted_q"].mean())
    return Case(signal, signal_theory.value, gradient, gradient_theory.value, q, theory)


def _change(rows: pd.DataFrame, column: str) -> Estimate:
    """Return what is left at the end of the way: of the signal at the last layer, of the gradient at the first."""
    by_layer = rows.pivot(index="replicate", columns="layer", values=column)
    first, last = by_layer.iloc[:, 0], by_layer.iloc[:, -1]
    return geometric_mean(first / last if "delta" in column else last / first)


def _compared(cases: dict[tuple[str, float], Case]) -> pd.DataFrame:
    heads = (
        "activation",
        "gain",
        "signal, last layer / first",
        "in theory",
        "gradient, first layer / last",
        "in theory ",
    )
    return pd.DataFrame([(*name, *case[:4]) for name, case in cases.items()], columns=heads)


def _in_words(gains: pd.DataFrame) -> pd.DataFrame:
    response = gains["response"]
    stable = np.select([response > 1 + _NEUTRAL, response < 1 - _NEUTRAL], ["no", "yes"], "neutral")
    shown = gains.assign(stable=np.where(response.isna(), "unknown", stable))[[*_HEADS]].rename(columns=_HEADS)
    return shown.astype({"PyTorch": object}).fillna({"PyTorch": "none"})
