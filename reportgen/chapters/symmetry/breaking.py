"""What breaks the symmetry, in numbers: every start under the microscope, and how long noise takes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reportgen.battery.results import Results
from reportgen.chapters.symmetry.growth import growth_rate, per_tenth, predicted
from reportgen.chapters.symmetry.tables import MICROSCOPE, breaking, course_table, last, microscope, power_of_ten

__all__ = ["broken", "noise"]

ROUNDING = 1e-16
"""Size of the last digit of a number in float64, within a factor of two, where the number is about 1."""

_NAMES = {
    "zeros": "zeros",
    "ones": "ones",
    "constant": "constant",
    "biases": "constant, random biases",
    "dropout": "constant, dropout",
    "random": "random",
}


def broken(results: Results) -> dict[str, Any]:
    """Return what each start came to on digits: as a table for the reader, and by name.

    The names are those of `course_table`; noise is that of the least size.
    """
    curves = microscope(results)
    ends = [_end(curve) for _, curve in curves.groupby(["start", "weight_noise"], sort=False)]
    columns = {
        "start": [_name(end["start"], end["weight_noise"]) for end in ends],
        "updates until all units differ": [end["parted"] for end in ends],
        "ranks at the end": [", ".join(f"{end[f'rank_{layer}']:.0f}" for layer in (1, 2, 3)) for end in ends],
        "mean cosine": [end["mean_absolute_cosine"] if end["rank_2"] else "none" for end in ends],
        "test accuracy": [f"{end['test_accuracy']:.0%}" for end in ends],
    }
    layers = course_table(results, "symmetry_layers", MICROSCOPE)
    return {
        "table": pd.DataFrame(columns),
        **{end["start"]: end for end in ends},
        "rate": float(layers["dropout"].max()),
        "least_noise": power_of_ten(layers.loc[layers["weight_noise"] > 0, "weight_noise"].min()),
        "accuracy": [apart(end["test_accuracy"] for end in ends if end["parted"] != "never") for apart in (min, max)],
        "replicates": int(layers["replicate"].max()) + 1,
        "full": [int(layers.loc[layers["layer"] == layer, "rank"].max()) for layer in (1, 2, 3)],
    }


def _end(curve: pd.DataFrame) -> dict[str, Any]:
    """Return the last row of a curve, some of the first, and after how many updates all units differed."""
    parted = curve.loc[curve["distinct_units"] == curve["distinct_units"].max(), "step"]
    alone = curve["distinct_units"].max() == 1
    ends: dict[Any, Any] = last(curve).iloc[0].to_dict()
    first = {f"first_{name}": curve[name].iloc[0] for name in ("rank_2", "stable_rank")}
    return {**ends, **first, "parted": "never" if alone else int(parted.iloc[0])}


def _name(start: str, noise: float) -> str:
    return f"constant, noise {power_of_ten(noise)}" if start == "noise" else _NAMES[start]


def noise(results: Results) -> dict[str, Any]:
    """Return how long noise of each size takes to tell the units apart."""
    times = breaking(results)
    weights = times[times["bias_noise"] == 0].sort_values("weight_noise", ascending=False)
    sizes, updates = weights["weight_noise"].to_numpy(), weights["updates"].to_numpy()
    extra = np.diff(updates)
    forecast = predicted(results).sort_values("weight_noise", ascending=False)["updates"].to_numpy()
    settled = course_table(results, "symmetry_layers", "circle, settled")
    end = last(settled[settled["kind"] == "hidden"])
    return {
        "noise_times": pd.DataFrame(
            {"noise": map(power_of_ten, sizes), "updates": _whole(updates), "predicted": _whole(forecast)}
        ),
        "noise_range": [power_of_ten(sizes[0]), power_of_ten(sizes[-1])],
        "noise_ratio": round(sizes[0] / sizes[-1]),
        "time_ratio": float(updates[-1] / updates[0]),
        "extra": [float(extra.min()), float(extra.max())],
        "per_tenth": per_tenth(results),
        "predicted_per_tenth": float(np.log(10) / growth_rate(results)),
        "rounding_updates": float(updates[-1] + np.log(sizes[-1] / ROUNDING) / growth_rate(results)),
        "bias_updates": float(times.loc[times["bias_noise"] > 0, "updates"].iloc[0]),
        "bias_noise": power_of_ten(times["bias_noise"].max()),
        "settled_noise": power_of_ten(settled["weight_noise"].max()),
        "settled_spread": float(end.groupby("replicate")["spread"].max().median()),
    }


def _whole(updates: NDArray[np.float64]) -> list[float]:
    return [round(time) if np.isfinite(time) else time for time in updates]
