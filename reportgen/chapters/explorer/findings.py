"""The numbers that the page of the explorer quotes: how many cells there are, and how they fare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reportgen.chapters.canonical import canonical
from reportgen.chapters.explorer.tables import Tables
from reportgen.chapters.names import short_name
from reportgen.judgments.data_sets import CANONICAL
from reportgen.judgments.frames import only, where
from reportgen.judgments.verdicts import ALIKE, LIMIT, VERDICTS, occurring

__all__ = ["Example", "Findings", "Size", "Training", "find"]

_RANDOM, _DIGITS = CANONICAL
_SHOWN = 20
"""Hidden layers of the example."""

_CELL = ["initializer", "activation", "depth"]


class Size(NamedTuple):
    """How much there is to look up: starts, activations, depths, data sets, and cells on each of these."""

    starts: int
    activations: int
    depths: list[int]
    data: int
    cells: int


class Example(NamedTuple):
    """A cell, its verdict, and whether it is the signal or the gradient that crosses the limit."""

    initializer: str
    activation: str
    depth: int
    verdict: str
    crosses: str


class Training(NamedTuple):
    """How the starts were trained on digits with SGD, and how many of them learned whatever their verdict.

    Attributes
    ----------
    width, steps
        Units per layer; updates.
    deepest
        Hidden layers of the deepest nets.
    learned
        Share of all starts that learned.
    deep_learned
        Share of the healthy ones that did in the deepest nets.
    """

    width: int
    steps: int
    deepest: int
    learned: float
    deep_learned: float


@dataclass(frozen=True, slots=True)
class Findings:
    """How many cells the explorer has, and what can be said of all of them; of what every run measures but for `size`.

    Attributes
    ----------
    size
        With everything that was added.
    added
        Starts, activations and data sets that were, in the words of the map.
    shares
        Depth -> share of the pairs that are healthy on random inputs.
    failures
        Verdict -> cells on random inputs that have it, without the healthy ones; the most frequent first.
    gradient_alone
        Of those that vanish, the share in which activations keep their size and the gradient does not.
    arrives_alike
        Of these, the share in which the activations that arrive are nearly the same for every input.
    example
        A cell of this kind.
    foreseen
        Of the cells that theory has a prediction for, the share for which it says rightly whether signal and gradient
        explode, vanish or do neither.
    kept
        Share of these cells in which they do neither.
    learned
        Verdict on digits -> share of these starts that learn them with SGD.
    training
        How they were trained.
    rules
        The verdicts and their signs, in words.
    """

    size: Size
    added: list[str]
    shares: dict[int, float]
    failures: dict[str, int]
    gradient_alone: float
    arrives_alike: float
    example: Example
    foreseen: float
    kept: float
    learned: dict[str, float]
    training: Training
    rules: pd.DataFrame


def find(tables: Tables) -> Findings:
    """Count the verdicts, and compare them with theory and with trainings."""
    cells = canonical(tables.cells)
    random = where(cells, data=_RANDOM)
    vanishing = where(random, verdict="vanishes")
    alone = where(vanishing, crosses="gradient")
    known = random[random[["theory_signal", "theory_gradient"]].notna().all(axis=1)]
    trained = _trained(where(cells, data=_DIGITS), tables.learned)
    return Findings(
        size=_size(tables),
        added=_added(tables),
        shares=_shares(random),
        failures=_failures(random),
        gradient_alone=len(alone) / max(1, len(vanishing)),
        arrives_alike=float((alone["signal"] < ALIKE * alone["magnitude"]).mean()),
        example=_example(random),
        foreseen=float(pd.Series(_foretold(known) == _measured(known)).mean()),
        kept=float(pd.Series(_measured(known) == "kept").mean()),
        learned={str(verdict): float(share) for verdict, share in trained.groupby("verdict")["learned"].mean().items()},
        training=_training(trained),
        rules=_rules(tables.cells),
    )


def _size(tables: Tables) -> Size:
    cells = where(tables.cells, data=_RANDOM)
    depths = [int(depth) for depth in sorted(cells["depth"].unique())]
    return Size(len(tables.starts), len(tables.activations), depths, len(tables.data_sets), len(cells))


def _added(tables: Tables) -> list[str]:
    columns = (tables.starts["initializer"], tables.activations["activation"], tables.data_sets["data"])
    flags = (tables.starts["is_added"], tables.activations["is_added"], tables.data_sets["is_added"])
    return [short_name(str(name)) for names, added in zip(columns, flags, strict=True) for name in names[added]]


def _shares(cells: pd.DataFrame) -> dict[int, float]:
    shares = (cells["verdict"] == "healthy").groupby(cells["depth"]).mean()
    return {int(str(depth)): float(share) for depth, share in shares.items()}


def _failures(cells: pd.DataFrame) -> dict[str, int]:
    failing = cells.loc[cells["verdict"] != "healthy", "verdict"]
    counts = {word: int((failing == word).sum()) for word in VERDICTS if word != "healthy"}
    return dict(sorted(counts.items(), key=lambda one: -one[1]))


def _example(cells: pd.DataFrame) -> Example:
    (row,) = where(cells, initializer="glorot_normal", activation="sigmoid", depth=_SHOWN).itertuples()
    return Example(str(row.initializer), str(row.activation), _SHOWN, str(row.verdict), str(row.crosses))


def _foretold(cells: pd.DataFrame) -> NDArray[np.str_]:
    return _ends(cells, ["theory_signal", "theory_gradient"])


def _measured(cells: pd.DataFrame) -> NDArray[np.str_]:
    return _ends(cells, ["magnitude", "gradient"])


def _ends(cells: pd.DataFrame, columns: Sequence[str]) -> NDArray[np.str_]:
    """Return what becomes of signal and gradient by the rules of the verdicts; what is lost has exploded."""
    ends = cells[list(columns)].fillna(np.inf)
    beyond = [(ends > LIMIT).any(axis=1), (ends < 1 / LIMIT).any(axis=1)]
    return np.select(beyond, ["explodes", "vanishes"], "kept")


def _trained(digits: pd.DataFrame, learned: pd.DataFrame) -> pd.DataFrame:
    """Return the cells that were trained with SGD, whether most networks `learned`, and how they were trained."""
    own = where(learned, data=_DIGITS, optimizer="sgd")
    own = own.assign(learned=own["outcome"] == "learned")
    return digits.merge(own[[*_CELL, "learned", "width", "steps"]], on=_CELL)


def _training(trained: pd.DataFrame) -> Training:
    deepest = int(trained["depth"].max())
    return Training(
        width=int(only(trained["width"])),
        steps=int(only(trained["steps"])),
        deepest=deepest,
        learned=float(trained["learned"].mean()),
        deep_learned=float(where(trained, depth=deepest, verdict="healthy")["learned"].mean()),
    )


def _rules(cells: pd.DataFrame) -> pd.DataFrame:
    rows = [(rule.sign, rule.verdict, rule.meaning) for rule in occurring(cells)]
    return pd.DataFrame(rows, columns=["sign", "verdict", "it means that"])
