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
from reportgen.chapters.scale import by_group, usable
from reportgen.judgments.estimates import Estimate, geometric_mean
from reportgen.judgments.frames import by_name, only

__all__ = ["Case", "Findings", "find"]

_EQUAL = 1e-6
"""Relative difference of two gains that is rounding."""

_NEUTRAL = 1e-6
"""Distance from 1 at which the response of q to q is rounding."""

_SOON = 10
"""Layers after which the prose looks at what is left of a difference."""

_ANSWER = {
    "activation": "activation",
    "forward_gain": "keeps the signal",
    "backward_gain": "keeps the gradient",
    "start_gain": "start with",
    "deep_gain": "in deep plain nets",
    "torch_gain": "PyTorch says",
}

_MORE = {
    "activation": "activation",
    "response": "reply to a deviation",
    "stable": "does a net stay at one?",
    "edge_gain": "keeps the gradient where a deep net settles",
    "std_gain": "keeps the standard deviation",
}

_QUOTED = (("tanh", 1.0), ("tanh", 5 / 3), ("selu", 1.0), ("selu", 0.75))


class Case(NamedTuple):
    """What one activation with one gain does over the whole net to the rms of signal and gradient.

    `size` is the rms of the pre-activations in the last layer, `output` that of the activations before it.
    """

    signal: Estimate
    signal_theory: float
    gradient: Estimate
    gradient_theory: float
    size: Estimate
    size_theory: float
    output: float


@dataclass(frozen=True, slots=True)
class Findings:
    """The gains of every activation by name, and deep networks.

    `start` and `deep` are the gains that are recommended. With the forward gain nets that begin with a quarter and with
    four times the q that it keeps settle at `from_small` and `from_large`, and ten layers leave `soon` of a difference.
    With the backward gain a net settles at a rms of `leaves`, and keeps `keeps` of the gradient's rms in ten layers.
    """

    answer: pd.DataFrame
    more: pd.DataFrame
    start: dict[str, float]
    deep: dict[str, float]
    std: dict[str, float]
    from_small: dict[str, float]
    from_large: dict[str, float]
    mean_share: dict[str, float]
    edge: dict[str, float]
    unstable: list[str]
    soon: dict[str, float]
    leaves: dict[str, float]
    keeps: dict[str, float]
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
        (str(name), float(gain)): _case(
            networks[(networks["activation"] == name) & (networks["gain"] == gain)], float(gain)
        )
        for name, gain in networks[CASE].drop_duplicates().itertuples(index=False)
    }
    left = tables.differences.pivot(index="activation", columns="layer", values="difference")
    tanh_one, tanh_torch, selu_one, selu_torch = (_near(cases, *case) for case in _QUOTED)
    return Findings(
        answer=_in_words(tables.gains, _ANSWER),
        more=_in_words(tables.gains, _MORE),
        start=by_name(gains["start_gain"]),
        deep=by_name(gains["deep_gain"]),
        std=by_name(gains["std_gain"]),
        from_small=by_name(gains["q_from_small"]),
        from_large=by_name(gains["q_from_large"]),
        mean_share=by_name(gains["mean_share"]),
        edge=by_name(gains["edge_gain"]),
        unstable=list(gains.index[gains["response"] > 1 + _NEUTRAL]),
        soon=by_name(left[_SOON]),
        leaves=by_name(np.sqrt(gains["q_of_backward_gain"])),
        keeps=by_name(gains["backward_gradient"]),
        sizes=Sizes.of(tables.bands, tables.norms),
        compared=_compared(cases),
        same=[name for name in by_group(gains.index) if is_same[name]],
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


def _case(rows: pd.DataFrame, gain: float) -> Case:
    signal, signal_theory, gradient, gradient_theory = (
        _change(rows, column) for pair in SHOWN.items() for column in pair
    )
    last = rows[rows["layer"] == rows["layer"].max()]
    size = geometric_mean(last["signal"])
    theory = float(last["signal_theory"].mean())
    return Case(signal, signal_theory.value, gradient, gradient_theory.value, size, theory, size.value / gain)


def _change(rows: pd.DataFrame, column: str) -> Estimate:
    """Return what is left at the end of the way: of the signal at the last layer, of the gradient at the first."""
    by_layer = rows.pivot(index="replicate", columns="layer", values=column)
    first, last = by_layer.iloc[:, 0], by_layer.iloc[:, -1]
    return geometric_mean(first / last if "gradient" in column else last / first)


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


def _in_words(gains: pd.DataFrame, heads: Mapping[str, str]) -> pd.DataFrame:
    """Return some columns under their heads, activations that are alike side by side."""
    response = gains["response"]
    stable = np.select([response > 1 + _NEUTRAL, response < 1 - _NEUTRAL], ["no", "yes"], "neither way")
    shown = gains.assign(stable=np.where(response.isna(), "unknown", stable)).set_index("activation", drop=False)
    shown = shown.loc[by_group(shown.index), [*heads]].rename(columns=heads).reset_index(drop=True)
    told = [head for column, head in heads.items() if column.endswith("_gain")]
    shown[told] = shown[told].map(usable)
    return shown.astype(object).where(shown.notna(), "none")
