"""The numbers and verdicts that the front page quotes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reportgen.chapters.index.added import Added, added
from reportgen.chapters.index.advice import Advice, advise
from reportgen.chapters.index.tables import SHOWN, SHOWN_DEPTH, Tables
from reportgen.chapters.names import LARGE
from reportgen.chapters.scale import scale_text
from reportgen.judgments.choice import EQUAL
from reportgen.judgments.verdicts import LIMIT, occurring

__all__ = ["DEEP", "Findings", "Net", "find"]

Floats = NDArray[np.float64]

DEEP = 50
"""Hidden layers of the nets that the sentences speak of: every preset measures them, whatever else is added."""


class Net(NamedTuple):
    """One start with one activation, in nets up to `DEEP`.

    Attributes
    ----------
    verdicts
        On every depth, each once.
    change
        Factor by which the signal or the gradient changes over the deepest net, whichever is further from one.
    dead
        Greatest share of dead units.
    alike
        What differs between inputs in the deepest net, as a share of the signal.
    """

    verdicts: list[str]
    change: float
    dead: float
    alike: float


class Split(NamedTuple):
    """How many verdicts single networks do not agree on, of how many, and which they are in words."""

    number: int
    of: int
    examples: list[str]


@dataclass(frozen=True, slots=True)
class Findings:
    """The start to use for every activation, how the battery fares, what decides the checks, and added data."""

    limit: int
    equal: float
    depths: list[int]
    rows: int
    activations: int
    shares: dict[int, float]
    advice: Advice
    split: Split
    agreement: float
    rules: pd.DataFrame
    scale: str
    deep: int
    signal_depth: int
    signal: dict[str, dict[str, float]]
    he_relu: Net
    glorot_relu: Net
    glorot_tanh: Net
    torch_relu: Net
    torch_carries: int
    equal_weights: dict[str, list[str]]
    large_tanh_pressed: float
    added: list[Added]


def find(tables: Tables) -> Findings:
    """Return every number and verdict that the front page quotes."""
    verdicts, cells = tables.verdicts, tables.cells
    large_tanh = verdicts.query(f"initializer == '{LARGE}' and activation == 'tanh'")
    shown = occurring(verdicts, tables.added)
    equal = verdicts[verdicts["initializer"].isin(["zeros", "constant"])]
    torch = verdicts.query("initializer == 'torch_default' and activation == 'relu'")
    return Findings(
        limit=int(LIMIT),
        equal=EQUAL,
        depths=[int(depth) for depth in sorted(cells["depth"].unique())],
        rows=tables.cells["row"].nunique(),
        activations=int(cells["activation"].nunique()),
        shares=_shares(cells),
        advice=advise(tables),
        split=_split(cells),
        agreement=_agreement(verdicts, tables.digits),
        rules=pd.DataFrame([(rule.verdict, rule.meaning) for rule in shown], columns=["verdict", "it means that"]),
        scale=_scale(tables.cells),
        deep=DEEP,
        signal_depth=SHOWN_DEPTH,
        signal=_over_the_net(tables.signal),
        he_relu=_net(verdicts, "he_normal", "relu"),
        glorot_relu=_net(verdicts, "glorot_normal", "relu"),
        glorot_tanh=_net(verdicts, "glorot_normal", "tanh"),
        torch_relu=_net(verdicts, "torch_default", "relu"),
        torch_carries=int(torch.loc[torch["verdict"] == "healthy", "depth"].max()),
        equal_weights={
            str(name): sorted(own["verdict"].unique()) for name, own in equal.groupby("initializer", sort=False)
        },
        large_tanh_pressed=float(large_tanh["pressed"].min()),
        added=added(tables),
    )


def _over_the_net(signal: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Return start -> by how much the signal changes up to the last layer, and the gradient down to the first."""
    up = signal[signal["layer"] == SHOWN_DEPTH].set_index("initializer")["signal"]
    down = signal[signal["layer"] == 1].set_index("initializer")["gradient"]
    return {name: {"signal": float(up[name]), "gradient": float(down[name])} for name in SHOWN}


def _shares(cells: pd.DataFrame) -> dict[int, float]:
    """Return the share of healthy cells by depth."""
    shares: Mapping[object, float] = (cells["verdict"] == "healthy").groupby(cells["depth"]).mean().to_dict()
    return {int(str(depth)): float(share) for depth, share in shares.items()}


def _split(cells: pd.DataFrame) -> Split:
    split = cells[cells["agree"] < cells["networks"]]
    ordered = split.assign(share=split["agree"] / split["networks"]).sort_values("share", kind="stable").head(3)
    examples = [
        f"{one.row} with {one.activation} at depth {one.depth} ({one.verdict}, or {one.other})"
        for one in ordered.itertuples()
    ]
    return Split(len(split), len(cells), examples)


def _net(verdicts: pd.DataFrame, initializer: str, activation: str) -> Net:
    own = verdicts[(verdicts["initializer"] == initializer) & (verdicts["activation"] == activation)]
    own = own[own["depth"] <= DEEP]
    last = own[own["depth"] == DEEP]
    (change,), (signal,), (magnitude,) = _change(last), last["signal"], last["magnitude"]
    alike = float(signal / magnitude) if magnitude else 0.0
    return Net(sorted(own["verdict"].unique()), float(change), float(own["dead"].max()), alike)


def _change(cells: pd.DataFrame) -> Floats:
    """Return by how much the signal or the gradient changes over the net, whichever changes more."""
    with np.errstate(divide="ignore", over="ignore"):
        changes = np.abs(np.log(cells[["magnitude", "gradient"]].to_numpy(float)))
        return np.asarray(np.exp(changes.max(axis=1)))


def _agreement(verdicts: pd.DataFrame, digits: pd.DataFrame) -> float:
    """Return the share of cells that get the same verdict on the handwritten digits."""
    both = verdicts.merge(digits, on=["initializer", "activation", "depth"], suffixes=("", "_digits"))
    return float((both["verdict"] == both["verdict_digits"]).mean())


def _scale(cells: pd.DataFrame) -> str:
    rows = cells.loc[cells["sigma_w2"] > 0, ["row", "sigma_w2"]].drop_duplicates("row")
    return "; ".join(f"{row}: {scale_text(sigma_w2)}" for row, sigma_w2 in rows.itertuples(index=False))
