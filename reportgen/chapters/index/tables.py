"""The tables of the front page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.names import LARGE, SMALL
from reportgen.chapters.scale import Row, by_group, merged, ordered, scale_rows
from reportgen.judgments.choice import Choice, choose
from reportgen.judgments.data_sets import added
from reportgen.judgments.frames import where
from reportgen.judgments.outcomes import outcomes
from reportgen.judgments.verdicts import verdict_table

__all__ = ["SHOWN", "SHOWN_DEPTH", "Tables", "among", "named", "read"]

SHOWN, SHOWN_DEPTH = (LARGE, "he_normal", SMALL), 20
"""The starts and the hidden layers of the first figure."""

_CELL = ["initializer", "activation", "depth"]


class Tables(NamedTuple):
    """What the front page reads.

    Attributes
    ----------
    signal
        How a signal goes up and a gradient comes down a ReLU net from three starts: `initializer`, `layer`, the rms of
        the pre-activations relative to that of the inputs (`signal`), and that of the deltas relative to the last
        layer (`gradient`); geometric means over the networks.
    cells
        The verdict on every row of starts that are one, activation and depth, as `merged` makes it.
    used
        The row of the start that the table of the page names for an activation, by `row` and `activation`; none where
        the map has no such row.
    verdicts
        The verdict on every initializer, activation and depth, with the numbers that decided.
    candidates
        The same for the starts that can be recommended: those of the battery, and those made for an activation.
    starts
        What the candidates of every activation are.
    trained
        Networks that trained from some of them, a row per budget, with their `outcome`.
    shifted
        Sigmoid nets that are tanh nets, with their `outcome`.
    digits
        The verdicts on images of handwritten digits.
    added
        The verdicts on every data set that was added, with the verdict `on_random_inputs`.
    added_map
        The same with one row for starts that are one, as `merged` makes it.
    data_sets
        What the added data sets are.
    """

    signal: pd.DataFrame
    cells: pd.DataFrame
    used: pd.DataFrame
    verdicts: pd.DataFrame
    candidates: pd.DataFrame
    starts: pd.DataFrame
    trained: pd.DataFrame
    shifted: pd.DataFrame
    digits: pd.DataFrame
    added: pd.DataFrame
    added_map: pd.DataFrame
    data_sets: pd.DataFrame


def read(results: Results) -> Tables:
    """Judge the tables of the experiments ``propagation`` and ``advice``."""
    rows, data_sets = scale_rows(results["starts"]), added(results["data_sets"])
    verdicts = ordered(verdict_table(results), rows)
    cells = merged(verdicts, rows)
    made = {name: results[f"advice_{name}"] for name in ("forward", "gradients", "diversity")}
    starts = results["advice_starts"]
    every = pd.concat([verdicts, verdict_table(made)], ignore_index=True)
    candidates = every.merge(starts[["activation", "initializer"]], on=["activation", "initializer"])
    theirs = _added(results, verdicts, rows, data_sets["data"])
    return Tables(
        signal=_signal(results),
        cells=cells,
        used=_used(named(candidates, starts), starts, rows, cells),
        verdicts=verdicts,
        candidates=candidates,
        starts=starts,
        trained=_with_outcomes(results["advice_training"]),
        shifted=_with_outcomes(results["advice_shifted"]),
        digits=verdict_table(results, "digits"),
        added=theirs,
        added_map=_added_map(theirs, cells, rows),
        data_sets=data_sets,
    )


def _signal(results: Results) -> pd.DataFrame:
    """Return how the signal and the gradient of a ReLU net change from layer to layer."""
    chosen: dict[str, object] = {"activation": "relu", "data": "gaussian"}
    keys = ["initializer", "replicate"]
    forward = where(results["forward"], **chosen)
    back = where(results["gradients"], depth=SHOWN_DEPTH, **chosen)
    last = back[back["layer"] == SHOWN_DEPTH].set_index(keys)["delta_rms"].rename("last")
    back = back.join(last, on=keys)
    with np.errstate(divide="ignore", invalid="ignore"):
        forward = forward.assign(log=np.log(forward["pre_activation_second_moment"].to_numpy()) / 2)
        back = back.assign(log=np.log(back["delta_rms"].to_numpy() / back["last"].to_numpy()))
    both = pd.DataFrame(
        {
            name: np.exp(table[table["initializer"].isin(SHOWN)].groupby(["initializer", "layer"])["log"].mean())
            for name, table in {"signal": forward[forward["layer"] <= SHOWN_DEPTH], "gradient": back}.items()
        }
    )
    return both.loc[list(SHOWN)].reset_index()


def named(candidates: pd.DataFrame, starts: pd.DataFrame) -> dict[str, Choice]:
    """Choose for every activation among the starts that frameworks have by name: activation -> choice.

    Parameters
    ----------
    candidates, starts
        As in `Tables`.
    """
    chosen = {}
    for activation in by_group(starts["activation"].unique()):
        own = where(starts, activation=activation)
        (first,) = own.loc[own["reason"] != "", "initializer"]
        cells = where(candidates, activation=activation)
        chosen[activation] = choose(among(cells, own[own["named"] == 1]), activation, first)
    return chosen


def among(cells: pd.DataFrame, starts: pd.DataFrame) -> pd.DataFrame:
    """Return the verdicts on some starts."""
    return cells[cells["initializer"].isin(starts["initializer"])]


def _used(chosen: Mapping[str, Choice], starts: pd.DataFrame, rows: list[Row], cells: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the starts that are chosen, where they are healthy in the shallowest nets at least."""
    scales = starts.set_index(["activation", "initializer"])["sigma_w2"]
    near = [
        (row.label, activation)
        for activation, choice in chosen.items()
        for row in rows
        if _is_of(choice.initializer, float(scales[activation, choice.initializer]), row)
    ]
    shallowest = cells[cells["depth"] == cells["depth"].min()]
    healthy = shallowest.loc[shallowest["verdict"] == "healthy", ["row", "activation"]]
    return pd.DataFrame(near, columns=["row", "activation"]).merge(healthy)


def _is_of(initializer: str, sigma_w2: float, row: Row) -> bool:
    """Return whether a row has a start, or starts of about its scale."""
    return initializer in row.starts or (abs(row.sigma_w2 - sigma_w2) < 0.01 * sigma_w2 and len(row.starts) > 1)


def _with_outcomes(trials: pd.DataFrame) -> pd.DataFrame:
    return trials.assign(outcome=outcomes(trials))


def _added(results: Results, verdicts: pd.DataFrame, rows: list[Row], names: Iterable[str]) -> pd.DataFrame:
    random = verdicts[_CELL].assign(on_random_inputs=verdicts["verdict"])
    judged = [
        ordered(verdict_table(results, name), rows).assign(data=name).merge(random, on=_CELL, how="left")
        for name in names
    ]
    return pd.concat(judged) if judged else random.assign(data="", verdict="").iloc[:0]


def _added_map(theirs: pd.DataFrame, cells: pd.DataFrame, rows: list[Row]) -> pd.DataFrame:
    place = ["row", "activation", "depth"]
    random = cells[place].assign(on_random_inputs=cells["verdict"])
    judged = [merged(own, rows).assign(data=data) for data, own in theirs.groupby("data", sort=False)]
    return pd.concat([one.merge(random, on=place) for one in judged] or [random.iloc[:0].assign(data="")])
