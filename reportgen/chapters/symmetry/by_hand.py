"""The net that a reader follows with paper: its numbers as tables, and what the prose says of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.judgments.frames import only

__all__ = ["Hand", "find_hand"]

_WEIGHTS = ["weight_1", "weight_2", "output_weight"]

_NAMES = {
    "equal": "all {weight:g}",
    "zeros": "all zero",
    "zeros, equal biases": "all zero, biases of {bias:g}",
    "one differs": "all {weight:g}, but for the first weight of unit 3: {changed:g}",
}
"""Start -> how the table calls it."""


class Hand(NamedTuple):
    """What the small net is given, what it comes to, and the two tables.

    Attributes
    ----------
    steps
        The net of equal weights: every number of one of its units, update by update.
    ends
        All starts: the weights of each unit after the last update.
    first_input, second_input, target, learning_rate
        The one example, and the step size.
    weight, bias, changed
        The equal weight; the bias over weights of zero; the one weight that differs.
    updates
        How many were made.
    errors
        Of the net of equal weights, without their sign, before the first update and after each.
    spread, between_inputs
        Greatest difference between two of its units at any time; that between the weights of a unit's inputs at the
        end.
    greatest_of_zeros
        Greatest weight that the net of zeros ever had.
    woken, biased_spread
        Over weights of zero with equal biases: the update that first moved each kind of weight, and the greatest
        difference between two units.
    apart, together
        With a single weight changed: the least difference in any weight between its unit and another after the first
        update, and the greatest between the two others.
    """

    steps: pd.DataFrame
    ends: pd.DataFrame
    first_input: float
    second_input: float
    target: float
    learning_rate: float
    weight: float
    bias: float
    changed: float
    updates: int
    errors: list[float]
    spread: float
    between_inputs: float
    greatest_of_zeros: float
    woken: list[int]
    biased_spread: float
    apart: float
    together: float


def find_hand(nets: pd.DataFrame, units: pd.DataFrame) -> Hand:
    """Return what the small net does from each of its starts."""
    by_start = {str(start): rows for start, rows in units.groupby("start", sort=False)}
    net, equal = nets[nets["start"] == "equal"], by_start["equal"]
    zeros, biased, last = (by_start[start][_WEIGHTS] for start in ("zeros", "zeros, equal biases", "one differs"))
    lone = by_start["one differs"]
    later = lone[lone["step"] > 0].set_index(["unit", "step"])[_WEIGHTS]
    first, second, third = (later.loc[unit].to_numpy() for unit in (1, 2, 3))
    sizes = {"weight": float(equal["weight_1"].iloc[0]), "bias": float(nets["bias"].max())}
    changed = float(last["weight_1"].iloc[2])
    end = equal.iloc[-1]
    return Hand(
        steps=_steps(net, equal[equal["unit"] == 1]),
        ends=_ends(by_start, {**sizes, "changed": changed}),
        first_input=float(only(net["input_1"])),
        second_input=float(only(net["input_2"])),
        target=float(only(net["target"])),
        learning_rate=float(only(net["learning_rate"])),
        **sizes,
        changed=changed,
        updates=int(net["step"].max()),
        errors=net["error"].abs().tolist(),
        spread=_spread(equal),
        between_inputs=float(abs(end["weight_1"] - end["weight_2"])),
        greatest_of_zeros=float(zeros.abs().max().max()),
        woken=[int(by_start["zeros, equal biases"].loc[biased[weight] != 0, "step"].min()) for weight in _WEIGHTS],
        biased_spread=_spread(by_start["zeros, equal biases"]),
        apart=float(np.abs(third - first).min()),
        together=float(np.abs(second - first).max()),
    )


def _spread(units: pd.DataFrame) -> float:
    """Return the greatest difference between two units in any weight, at any time."""
    by_step = units.groupby("step")[_WEIGHTS]
    return float((by_step.max() - by_step.min()).max().max())


def _steps(net: pd.DataFrame, unit: pd.DataFrame) -> pd.DataFrame:
    """Return a row per number, in the order in which one computes them, and a column per update."""
    x1, x2 = (float(only(net[name])) for name in ("input_1", "input_2"))
    rows = {
        "first weight": unit["weight_1"],
        "second weight": unit["weight_2"],
        "output weight": unit["output_weight"],
        f"z = {_number(x1)} × first weight {_signed(x2)} × second weight": unit["z"],
        "h = tanh(z)": unit["h"],
        "output = output weight × h, of all three units": net["output"],
        "error = output − target": net["error"],
        "gradient of the output weight = error × h": unit["output_gradient"],
        "slope of tanh = 1 − h²": unit["slope"],
        "δ = error × output weight × slope": unit["delta"],
        f"gradient of the first weight = δ × {_number(x1)}": unit["gradient_1"],
        f"gradient of the second weight = δ × ({_number(x2)})": unit["gradient_2"],
    }
    columns = ["at the start", *(f"after update {step}" for step in range(1, len(net)))]
    numbers = pd.DataFrame([list(values) for values in rows.values()], columns=columns)
    return pd.concat([pd.Series(list(rows), name="each of the three units"), numbers], axis=1)


def _number(value: float) -> str:
    return f"{value:g}".replace("-", "−")


def _signed(value: float) -> str:
    """Write a number as what is added to what stands before it."""
    return f"{'−' if value < 0 else '+'} {abs(value):g}"


def _ends(by_start: dict[str, pd.DataFrame], sizes: dict[str, float]) -> pd.DataFrame:
    """Return the three weights of each unit after the last update, one row per start."""
    rows = []
    for start, name in _NAMES.items():
        end = by_start[start].groupby("unit").last()[_WEIGHTS]
        weights = {f"unit {unit}": ", ".join(_two(weight) for weight in row) for unit, row in end.T.items()}
        rows.append({"start": name.format(**sizes), **weights})
    return pd.DataFrame(rows)


def _two(weight: float) -> str:
    return f"{weight:z.2f}".replace("-", "−")
