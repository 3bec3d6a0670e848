"""The numbers of the teachers' sheet: what a class should observe."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reportgen.chapters.demos import CLEARLY, TITLES, in_percent, size_of
from reportgen.chapters.exercises.tables import Tables
from reportgen.judgments.frames import only, where

__all__ = ["Findings", "find"]

_ALIKE, _HALT = ("zeros", "equal", "noise", "random"), ("large", "small", "right")

_LEARNED = 0.9
"""Right answers from which on a net has learned the circle, as in the waits."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What a class should observe, as tables, and the numbers that decide the sentences about it.

    Attributes
    ----------
    steps
        Updates that the observations are made after.
    networks
        Draws of a random start, and of noise.
    points, line
        Number of the points, and the share that the best straight line gets right.
    value, large, small
        The equal weights, and the standard deviations of the second exercise.
    alike, halt, waits
        The tables of the three exercises.
    equal_units
        Least number of different units from equal weights, after training.
    equal_lead
        By how much more points the equal net gets right than the best line.
    noise_beats
        Share of the nets with noise that get more points right than the best line.
    large_beaten
        Share of the nets from large weights that get no more points right than the best line.
    large_start, small_loss
        Median losses over that of a guess: from large weights before training, from small ones after it.
    large_unlearned
        Share of the nets from large weights whose loss does not end clearly below that of a guess.
    large_moved
        Median rms of what the first layer's large weights changed in training, over their rms at first.
    large_gradient
        Share of the nets from large weights whose last layer has, before training, a larger gradient than the median of
        those from Glorot's.
    large_apart
        The greatest of the first layer's gradients from large weights before training over the least.
    large_saturated, small_saturated
        Medians of the first layer's saturated share, before training.
    small_gradient
        The first layer's gradient from small weights before training over that from Glorot's, medians.
    learned
        Share of the nets that learned within the updates, for every size of the noise.
    tenth
        Median wait with the second largest noise over that with the largest.
    sizes
        Sizes of the noise, from the largest.
    rates
        Learning rates that were tried on large and on small weights.
    saved
        Share of these nets that got nine in ten points right.
    """

    steps: int
    networks: int
    points: int
    line: float
    value: float
    large: float
    small: float
    alike: pd.DataFrame
    halt: pd.DataFrame
    waits: pd.DataFrame
    equal_units: int
    equal_lead: float
    noise_beats: float
    large_beaten: float
    large_start: float
    large_unlearned: float
    small_loss: float
    large_moved: float
    large_gradient: float
    large_apart: float
    large_saturated: float
    small_saturated: float
    small_gradient: float
    learned: list[float]
    tenth: float
    sizes: list[float]
    rates: list[str]
    saved: float


def find(tables: Tables) -> Findings:
    """Return the tables, and every number that a sentence depends on."""
    moments, problem, waits = tables.moments, tables.problem.iloc[0], tables.waits
    steps, line, guess = int(moments["step"].max()), float(problem["best_line_accuracy"]), float(problem["guess_loss"])
    first, last = where(moments, step=0), where(moments, step=steps)
    size = {str(preset): size_of(str(only(nets["initializer"]))) or 0.0 for preset, nets in last.groupby("preset")}
    sizes = sorted(waits["weight_noise"].unique().tolist(), reverse=True)
    waited = [float(where(waits, weight_noise=noise)["learned"].median()) for noise in sizes]
    return Findings(
        steps=steps,
        networks=int(waits["replicate"].nunique()),
        points=int(problem["points"]),
        line=line,
        value=size["equal"],
        large=size["large"],
        small=size["small"],
        alike=_alike(first, last),
        halt=_halt(first, last),
        waits=_waits(waits, sizes),
        equal_units=int(where(last, preset="equal")["distinct"].min()),
        equal_lead=float(where(last, preset="equal")["accuracy"].max() - line),
        noise_beats=float((where(last, preset="noise")["accuracy"] > line).mean()),
        large_beaten=float((where(last, preset="large")["accuracy"] <= line).mean()),
        large_start=_median(first, "large", "loss") / guess,
        large_unlearned=float((where(last, preset="large")["loss"] > CLEARLY * guess).mean()),
        small_loss=_median(last, "small", "loss") / guess,
        large_moved=_median(last, "large", "moved"),
        large_gradient=float(
            (where(first, preset="large")["last_gradient"] > _median(first, "right", "last_gradient")).mean()
        ),
        large_apart=_apart(where(first, preset="large")["first_gradient"]),
        large_saturated=_median(first, "large", "saturated"),
        small_saturated=_median(first, "small", "saturated"),
        small_gradient=_ratio(first, "small", "first_gradient"),
        learned=[float(np.isfinite(where(waits, weight_noise=noise)["learned"]).mean()) for noise in sizes],
        tenth=waited[1] / waited[0],
        sizes=sizes,
        rates=[f"{rate:g}" for rate in sorted(tables.rates["learning_rate"].unique())],
        saved=float((tables.rates["accuracy"] >= _LEARNED).mean()),
    )


def _median(nets: pd.DataFrame, preset: str, reading: str) -> float:
    return float(where(nets, preset=preset)[reading].median())


def _apart(sizes: pd.Series[float]) -> float:
    return float(sizes.max() / sizes.min()) if sizes.min() > 0 else np.inf


def _ratio(nets: pd.DataFrame, preset: str, reading: str) -> float:
    """Return the median of a start over that of Glorot's."""
    return _median(nets, preset, reading) / _median(nets, "right", reading)


def _alike(first: pd.DataFrame, last: pd.DataFrame) -> pd.DataFrame:
    """Return what is seen of the live nets of the first exercise."""
    before, after = (where(table, live=1).set_index("preset").loc[list(_ALIKE)] for table in (first, last))
    units = after["units"].map("{:.0f}".format)
    columns: dict[str, Iterable[object]] = {
        "start": [TITLES[preset] for preset in _ALIKE],
        "different units at the start": before["distinct"].map("{:.0f} of ".format) + units,
        "and after training": after["distinct"].map("{:.0f} of ".format) + units,
        "points right": after["accuracy"].map(in_percent),
        "loss": after["loss"],
    }
    return pd.DataFrame({name: list(values) for name, values in columns.items()})


def _halt(first: pd.DataFrame, last: pd.DataFrame) -> pd.DataFrame:
    """Return what is seen of the live nets of the second exercise, and what gradients all of them begin with."""
    before, after = (where(table, live=1).set_index("preset").loc[list(_HALT)] for table in (first, last))
    by_start = first.groupby("preset")["first_gradient"]
    columns: dict[str, Iterable[object]] = {
        "start": [TITLES[preset] for preset in _HALT],
        "loss at the start": before["loss"],
        "and after training": after["loss"],
        "points right": after["accuracy"].map(in_percent),
        "layer 1 saturated": after["saturated"].map(in_percent),
        "least gradient of layer 1 at the start": by_start.min().loc[list(_HALT)],
        "and the greatest": by_start.max().loc[list(_HALT)],
    }
    return pd.DataFrame({name: list(values) for name, values in columns.items()})


def _waits(waits: pd.DataFrame, sizes: list[float]) -> pd.DataFrame:
    """Return how long noise of each size takes, over draws of points and noise."""
    by_noise = waits.groupby("weight_noise")["learned"]
    learned = by_noise.agg(lambda nets: int(np.isfinite(nets).sum())).loc[sizes]
    columns = {
        "noise": [f"{noise:g}" for noise in sizes],
        "nets that learned": [f"{count:.0f} of {len(waits) // len(sizes)}" for count in learned],
        "updates, the first of them": [_updates(value) for value in by_noise.min().loc[sizes]],
        "the median net": [_updates(value) for value in by_noise.median().loc[sizes]],
    }
    return pd.DataFrame(columns)


def _updates(value: float) -> str:
    return f"{value:.0f}" if np.isfinite(value) else "not in time"
