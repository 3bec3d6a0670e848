"""How noise on top of equal weights grows, and when it has told the units apart."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.symmetry.tables import breaking, growth

__all__ = ["growth_rate", "per_tenth", "predicted"]


def growth_rate(results: Results) -> float:
    """Return by how much the logarithm of the least noise grows per update, while it is neither new nor large.

    The slope of a straight line through all looks at which the units differ by more than ten times the noise and by
    less than a tenth of the constant.
    """
    curves = growth(results).query("bias_noise == 0")
    noise = curves["weight_noise"].min()
    limit = results["symmetry_courses"].query("course == 'circle, noise'")["constant_value"].item()
    curve = curves[(curves["weight_noise"] == noise) & curves["spread"].between(10 * noise, limit / 10)]
    return float(np.polyfit(curve["step"], np.log(curve["spread"]), 1)[0]) if len(curve) > 1 else np.nan


def per_tenth(results: Results) -> float:
    """Return how many updates more a tenth of the noise takes: the slope of a straight line through all sizes."""
    times = breaking(results).query("bias_noise == 0")
    return float(np.polyfit(-np.log10(times["weight_noise"]), times["updates"], 1)[0])


def predicted(results: Results) -> pd.DataFrame:
    """Return when each size of noise breaks the symmetry if it only has to grow at that rate to where the largest was.

    From the largest noise on, noise ``eps`` takes ``log(largest / eps) / rate`` updates more.
    """
    times = breaking(results).query("bias_noise == 0")
    largest = times["weight_noise"].max()
    first = times.loc[times["weight_noise"] == largest, "updates"].item()
    more = np.log(largest / times["weight_noise"]) / growth_rate(results)
    return times[["weight_noise"]].assign(updates=first + more)
