"""What breaks the symmetry, in numbers: every start on digits, and noise that grows."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.judgments.frames import only

__all__ = ["AS_ONE", "Growth", "Starts", "find_growth", "find_starts", "power_of_ten", "waiting_times"]

_ROUNDING = 1e-16
"""Size of the last digit of a number in float64, within a factor of two, where the number is about 1."""

AS_ONE = 1.05
"""Stable rank below which the units of a layer count as one."""

_NAMES = {
    "zeros": "all zero",
    "ones": "all one",
    "constant": "all equal",
    "noise": "equal, noise of",
    "biases": "equal, biases of",
    "zero_biases": "zero, biases of",
    "dropout": "equal, dropout of",
}


class State(NamedTuple):
    """How different the units of a network are, and what it has learned."""

    distinct_units: float
    mean_absolute_cosine: float
    stable_rank: float
    test_accuracy: float


class Trace(NamedTuple):
    """What a start came to; `parted` is the number of updates after which all units differed, inf if they never did."""

    start: str
    noise: float
    parted: float
    first: State
    last: State


class Starts(NamedTuple):
    """What the starts came to on digits; `noise` is that of the least size, `random` that of plain random weights.

    `zero_biases` are random biases over weights of zero; `together` is the greatest number of different units that
    zeros, ones and equal weights ever had. `early_share` is how much of the least lead that noise has over the best of
    equal weights in the end, in test accuracy, was there while its units counted as one.
    """

    table: pd.DataFrame
    noise: Trace
    biases: Trace
    zero_biases: Trace
    dropout: Trace
    random: Trace
    together: float
    early_share: float
    replicates: int


def find_starts(units: pd.DataFrame, outcomes: pd.DataFrame) -> Starts:
    """Return what each start came to on digits."""
    traces = [_trace(curve) for _, curve in units.groupby(["start", "weight_noise"], sort=False)]
    by_start = {trace.start: trace for trace in traces}
    return Starts(
        table=_in_words(traces, outcomes[outcomes["run"] == "digits"]),
        noise=by_start["noise"],
        biases=by_start["biases"],
        zero_biases=by_start["zero_biases"],
        dropout=by_start["dropout"],
        random=by_start["random"],
        together=float(units.loc[units["start"].isin(["zeros", "ones", "constant"]), "distinct_units"].max()),
        early_share=_early_share(units),
        replicates=int(outcomes["replicates"].max()),
    )


def _early_share(units: pd.DataFrame) -> float:
    equal, noise = (units[units["start"] == start] for start in ("constant", "noise"))
    early, late = noise[noise["stable_rank"] < AS_ONE], noise[noise["step"] == noise["step"].max()]
    best = equal["test_accuracy"].max()
    return float((early["test_accuracy"].max() - best) / (late["test_accuracy"].min() - best))


def _trace(curve: pd.DataFrame) -> Trace:
    first, last = (State(*row) for row in curve[list(State._fields)].iloc[[0, -1]].itertuples(index=False))
    units = curve["distinct_units"]
    parted = curve["step"][units == units.max()].iloc[0] if units.max() > 1 else np.inf
    return Trace(curve["start"].iloc[0], curve["weight_noise"].iloc[0], float(parted), first, last)


def _in_words(traces: list[Trace], outcomes: pd.DataFrame) -> pd.DataFrame:
    """Return a row per start; what stands on top of equal weights is told by its size."""
    on_top = outcomes.set_index("start")[["bias_noise", "dropout"]].max(axis=1)
    columns = {
        "start": [_name(one, float(on_top[one.start])) for one in traces],
        "updates until all units differ": [int(one.parted) if np.isfinite(one.parted) else "never" for one in traces],
        "stable rank at the end": [_rank(one.last.stable_rank) for one in traces],
        "test accuracy": [f"{one.last.test_accuracy:.0%}" for one in traces],
    }
    return pd.DataFrame(columns)


def _rank(rank: float) -> str:
    return "none" if np.isnan(rank) else f"{rank:.1f}"


def _name(trace: Trace, on_top: float) -> str:
    size = power_of_ten(trace.noise) if trace.noise else f"{on_top:g}" if on_top else ""
    return f"{_NAMES.get(trace.start, trace.start)} {size}".strip()


class Growth(NamedTuple):
    """How long noise on equal weights takes to break the symmetry, from the largest noise to the smallest.

    `extra` is the least and the greatest wait for a tenth of the noise; `settled` is the network that comes to rest.
    """

    updates: list[float]
    sizes: tuple[str, str]
    size_ratio: int
    time_ratio: float
    extra: tuple[float, float]
    per_tenth: float
    predicted_per_tenth: float
    rounding_updates: float
    settled_noise: str
    settled_spread: float


def waiting_times(networks: pd.DataFrame, growth: pd.DataFrame, limit: float) -> pd.DataFrame:
    """Return after how many updates each size of noise has broken the symmetry: the median over replicates, or inf.

    Noise ``eps`` in the weights that only has to grow at the rate of the least one to where the largest was is
    predicted to take ``log(largest / eps) / rate`` updates more. A straight line through all sizes tells how many
    updates more a tenth of the noise did take.
    """
    sizes = ["weight_noise", "bias_noise"]
    crossings = networks.groupby([*sizes, "replicate"])[["step", "spread"]].apply(_crossing, limit)
    times = crossings.groupby(sizes).median().rename("updates").reset_index()
    weights, rate = times[times["bias_noise"] == 0], _growth_rate(growth, limit)
    noise, updates = weights["weight_noise"], weights["updates"]
    return times.assign(
        predicted=updates[noise == noise.max()].item() + np.log(noise.max() / noise) / rate,
        limit=limit,
        growth_rate=rate,
        updates_per_tenth=np.polyfit(-np.log10(noise), updates, 1)[0],
    )


def _growth_rate(growth: pd.DataFrame, limit: float) -> float:
    """Return by how much the logarithm of the least noise grows per update, while it is neither new nor large.

    The slope of a straight line through all checkpoints at which the units differ by more than ten times the noise
    and by less than a tenth of `limit`, the difference from which on the symmetry counts as broken.
    """
    curves = growth[growth["bias_noise"] == 0]
    noise = curves["weight_noise"].min()
    curve = curves[(curves["weight_noise"] == noise) & curves["spread"].between(10 * noise, limit / 10)]
    return float(np.polyfit(curve["step"], np.log(curve["spread"]), 1)[0]) if len(curve) > 1 else np.nan


def _crossing(network: pd.DataFrame, limit: float) -> float:
    """Return when the limit is reached; between two checkpoints the spread grows by a constant factor per update."""
    above = np.flatnonzero(network["spread"] >= limit)
    if not above.size:
        return np.inf
    around = network.iloc[max(above[0] - 1, 0) : above[0] + 1]
    logs = np.log(np.maximum(around["spread"], np.finfo(float).tiny))
    return float(np.interp(np.log(limit), logs, around["step"]))


def find_growth(times: pd.DataFrame, settled: pd.DataFrame) -> Growth:
    """Return how long noise of each size takes to tell the units apart."""
    weights = times[times["bias_noise"] == 0].sort_values("weight_noise", ascending=False)
    sizes, updates = weights["weight_noise"].to_numpy(), weights["updates"].to_numpy()
    rate, extra = only(times["growth_rate"]), np.diff(updates)
    return Growth(
        updates=updates.tolist(),
        sizes=(power_of_ten(sizes[0]), power_of_ten(sizes[-1])),
        size_ratio=round(sizes[0] / sizes[-1]),
        time_ratio=float(updates[-1] / updates[0]),
        extra=(float(extra.min()), float(extra.max())),
        per_tenth=float(only(times["updates_per_tenth"])),
        predicted_per_tenth=float(np.log(10) / rate),
        rounding_updates=float(updates[-1] + np.log(sizes[-1] / _ROUNDING) / rate),
        settled_noise=power_of_ten(only(settled["weight_noise"])),
        settled_spread=float(settled["spread"].iloc[-1]),
    )


def power_of_ten(size: float) -> str:
    """Write the size of a noise, a power of ten, as such.

    Examples
    --------
    >>> power_of_ten(0.01)
    '10⁻²'
    """
    exponent = str(round(np.log10(size)))
    return "10" + exponent.translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
