"""The numbers and verdicts that the front page quotes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from reportgen.chapters.index.tables import Tables
from reportgen.chapters.names import LARGE, short_name
from reportgen.judgments.choice import EQUAL, Choice, choose
from reportgen.judgments.verdicts import LIMIT, VERDICTS

__all__ = ["Findings", "find"]


@dataclass(frozen=True, slots=True)
class Findings:
    """The start to use for every activation, and how the battery fares; the last six decide the checks."""

    limit: int
    equal: float
    depths: list[int]
    cells: int
    healthy_share: float
    healthy_deepest_share: float
    use: dict[str, Choice]
    recommended: pd.DataFrame
    sigmoid_depth: int
    agreement: float
    rules: pd.DataFrame
    carried_words: str
    he_relu: list[str]
    glorot_relu_deepest: list[str]
    glorot_tanh: list[str]
    equal_weights: list[str]
    large_tanh_pressed: float
    carry_sigmoid: list[str]


def find(tables: Tables) -> Findings:
    """Return every number and verdict that the front page quotes."""
    verdicts, carried = tables.verdicts, tables.carried.set_index("initializer")
    is_healthy, is_deepest = verdicts["verdict"] == "healthy", verdicts["depth"] == verdicts["depth"].max()
    use = {activation: choose(verdicts, activation) for activation in carried.columns}
    large_tanh = verdicts.query(f"initializer == '{LARGE}' and activation == 'tanh'")
    carriers = verdicts[is_healthy & is_deepest & (verdicts["activation"] == "sigmoid")]
    return Findings(
        limit=int(LIMIT),
        equal=EQUAL,
        depths=tables.depths["depth"].tolist(),
        cells=len(verdicts),
        healthy_share=float(is_healthy.mean()),
        healthy_deepest_share=float(is_healthy[is_deepest].mean()),
        use=use,
        recommended=_printable(use.values()),
        sigmoid_depth=int(carried["sigmoid"].max()),
        agreement=_agreement(verdicts, tables.digits),
        rules=pd.DataFrame({"verdict": list(VERDICTS), "it means that": list(VERDICTS.values())}),
        carried_words=_in_words(carried),
        he_relu=_of(verdicts, "initializer == 'he_normal' and activation == 'relu'"),
        glorot_relu_deepest=_of(verdicts[is_deepest], "initializer == 'glorot_normal' and activation == 'relu'"),
        glorot_tanh=_of(verdicts, "initializer == 'glorot_normal' and activation == 'tanh'"),
        equal_weights=_of(verdicts, "initializer in ('zeros', 'constant')"),
        large_tanh_pressed=float(large_tanh["pressed"].min()),
        carry_sigmoid=carriers["initializer"].tolist(),
    )


def _of(verdicts: pd.DataFrame, where: str) -> list[str]:
    """Return the verdicts that a query meets, each once."""
    return sorted(verdicts.query(where)["verdict"].unique())


def _printable(choices: Iterable[Choice]) -> pd.DataFrame:
    also = f"also within a factor of {EQUAL:g}"
    heads = ["your activation", "start with", "healthy to depth", "gradient per layer", also]
    rows = [
        (one.activation, short_name(one.initializer), one.carries, one.gradient, ", ".join(one.families) or "none")
        for one in choices
    ]
    return pd.DataFrame(rows, columns=heads)


def _agreement(verdicts: pd.DataFrame, digits: pd.DataFrame) -> float:
    """Return the share of cells that get the same verdict on the handwritten digits."""
    both = verdicts.merge(digits, on=["initializer", "activation", "depth"], suffixes=("", "_digits"))
    return float((both["verdict"] == both["verdict_digits"]).mean())


def _in_words(carried: pd.DataFrame) -> str:
    """Return how many starts carry deepest, activation by activation, for those who cannot see the figure."""
    best = [(name, depths.max(), depths.eq(depths.max()).sum()) for name, depths in carried.items()]
    return "; ".join(f"{name}: {depth} layers with {starts} starts" for name, depth, starts in best)
