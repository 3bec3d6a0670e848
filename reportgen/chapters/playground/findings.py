"""The numbers that the chapter on the playground quotes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from reportgen.chapters.demos import CLEARLY, TITLES, size_of
from reportgen.chapters.playground.tables import Tables
from reportgen.judgments.frames import only, where

__all__ = ["Alike", "Findings", "Halt", "Nets", "Training", "find"]


class Nets(NamedTuple):
    """The nets of one start: medians over them, but for the live one, and shares of them.

    Attributes
    ----------
    number
        How many there are.
    live_accuracy
        Right answers of the live net.
    accuracy, loss
        Medians.
    least_accuracy
        Of the worst net.
    beaten
        Share that gets no more points right than the best straight line.
    unlearned
        Share whose loss does not end clearly below that of a guess.
    start_loss, start_gradient
        Medians before training: of the loss, and of the norm of the first layer's gradient.
    saturated, moved
        Of the first layer: median saturated share, and median rms of what its weights changed over their rms at first.
    last_moved
        The same of the last layer's weights.
    distinct
        Least and greatest number of different units that a hidden layer of any net had at any time.
    greatest_gradient
        Greatest norm of the gradient of any layer's weights at any time.
    """

    number: int
    live_accuracy: float
    accuracy: float
    loss: float
    least_accuracy: float
    beaten: float
    unlearned: float
    start_loss: float
    start_gradient: float
    saturated: float
    moved: float
    last_moved: float
    distinct: tuple[int, int]
    greatest_gradient: float


class Training(NamedTuple):
    """The net of a demo, and how it is trained."""

    hidden_layers: int
    units: int
    learning_rate: float
    steps: int


class Alike(NamedTuple):
    """The first demo, start by start."""

    training: Training
    zeros: Nets
    equal: Nets
    noise: Nets
    random: Nets


class Halt(NamedTuple):
    """The second demo, start by start."""

    training: Training
    large: Nets
    small: Nets
    right: Nets


@dataclass(frozen=True, slots=True)
class Findings:
    """Both demos, and what can be had without a net.

    `value` and `noise` are the equal weights and what is added to them, `large` and `small` the standard deviations of
    the second demo. `parted` counts the large nets that a change of the last digits leads elsewhere; `unsettled` names
    the starts whose live net it changes as well, as it does in every draw then.
    """

    alike: Alike
    halt: Halt
    value: float
    noise: float
    large: float
    small: float
    points: int
    line: float
    guess: float
    parted: int
    unsettled: list[str]


_AGREES = 1e-9
"""Two calculations whose weights differ by no more than this after training show the same numbers."""

_FAR = 1e-3
"""From this difference of a weight on a net has ended elsewhere than its twin, whose start had other last digits."""


def find(tables: Tables) -> Findings:
    """Return every number that the chapter quotes."""
    problem, live = tables.problem.iloc[0], tables.live_nets.set_index("preset")
    line, guess = float(problem["best_line_accuracy"]), float(problem["guess_loss"])
    large = where(tables.halt_ends, preset="large")
    size = {preset: size_of(str(name)) or 0.0 for preset, name in live["initializer"].items()}
    return Findings(
        alike=Alike(_training(tables.live_nets, "alike"), **_starts(tables.alike_ends, line, guess)),
        halt=Halt(_training(tables.live_nets, "halt"), **_starts(tables.halt_ends, line, guess)),
        value=size["equal"],
        noise=float(live["weight_noise"].max()),
        large=size["large"],
        small=size["small"],
        points=int(problem["points"]),
        line=line,
        guess=guess,
        parted=int((large["rounding_gap"] > _FAR).sum()),
        unsettled=[TITLES[str(preset)] for preset in live.index[live["rounding_gap"] > _AGREES]],
    )


def _training(nets: pd.DataFrame, demo: str) -> Training:
    own = where(nets, demo=demo)
    return Training(*(only(own[fact]) for fact in Training._fields))


def _starts(ends: pd.DataFrame, line: float, guess: float) -> dict[str, Nets]:
    return {str(preset): _nets(nets, line, guess) for preset, nets in ends.groupby("preset")}


def _nets(nets: pd.DataFrame, line: float, guess: float) -> Nets:
    return Nets(
        number=len(nets),
        live_accuracy=float(where(nets, live=1)["accuracy"].item()),
        accuracy=float(nets["accuracy"].median()),
        loss=float(nets["loss"].median()),
        least_accuracy=float(nets["accuracy"].min()),
        beaten=float((nets["accuracy"] <= line).mean()),
        unlearned=float((nets["loss"] > CLEARLY * guess).mean()),
        start_loss=float(nets["start_loss"].median()),
        start_gradient=float(nets["start_gradient"].median()),
        saturated=float(nets["saturated_fraction"].median()),
        moved=float(nets["moved"].median()),
        last_moved=float(nets["last_moved"].median()),
        distinct=(int(nets["least_distinct"].min()), int(nets["most_distinct"].max())),
        greatest_gradient=float(nets["greatest_gradient"].max()),
    )
