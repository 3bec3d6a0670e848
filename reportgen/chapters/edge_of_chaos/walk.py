"""What tanh networks do on the way through the phase diagram, from the ordered to the chaotic phase."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from reportgen.judgments.estimates import Estimate, geometric_mean
from reportgen.judgments.frames import only

__all__ = ["BIAS", "Place", "Size", "Walk"]

BIAS = 0.05
"""Variance of the biases at which the chapter follows tanh through the diagram."""

_ORDERED, _CHAOTIC, _HE = (BIAS, 1.2), (BIAS, 3.0), (0.0, 2.0)
"""Places on that way, to the left and to the right of the edge; and, without biases, that of He."""

_WALKED = (
    "fan_in·Var(w)",
    "gradient's factor per layer, theory",
    "measured",
    "cosine in the end, theory",
    "how far angles survive, theory",
    "measured ",
)


class Size(NamedTuple):
    """How many networks were measured, and how large they are."""

    networks: int
    width: int
    depth: int

    @classmethod
    def of(cls, networks: pd.DataFrame) -> Size:
        """Read a table of one row per network and layer."""
        return cls(networks["replicate"].nunique(), only(networks["width"]), networks["layer"].nunique())


class Place(NamedTuple):
    """What theory says of tanh at one sigma_w2, and what networks do there; `factor` is of the gradient's rms."""

    sigma_w2: float
    factor: float
    factor_measured: Estimate
    c_star: float
    xi_c: float
    xi_c_measured: Estimate
    xi_q: float


@dataclass(frozen=True, slots=True)
class Walk:
    """What tanh networks do from the ordered to the chaotic phase.

    `left` is the greatest measured factor of the gradient's rms per layer on the ordered side, `right` the least one on
    the chaotic side; `factor_off` is the least and the greatest measured factor over that of the theory. Differences in
    angle reach `reach_near` layers at the better of the two places next to the edge, and `reach_far` at the best other.
    """

    size: Size
    table: pd.DataFrame
    critical: float
    ordered: Place
    chaotic: Place
    he: Place
    peak: Place
    left: float
    right: float
    factor_off: tuple[float, float]
    reach_near: float
    reach_far: float
    xi_c_ratio: float
    xi_q_ratio: float

    @classmethod
    def of(cls, decay: pd.DataFrame, scales: pd.DataFrame) -> Walk:
        """Read the tables `decay` and `scales`."""
        table = scales.dropna(subset="log_factor_measured")
        places = {(row["sigma_b2"], row["sigma_w2"]): _place(row) for row in table.to_dict("records")}
        passed = [place for (sigma_b2, _), place in sorted(places.items()) if sigma_b2 == BIAS]
        factors = np.exp(table["log_factor_measured"])
        off, is_left = factors / table["factor"], table["factor"] < 1
        below = sum(place.factor < 1 for place in passed)
        near, far = passed[below - 1 : below + 1], passed[: below - 1] + passed[below + 1 :]
        return cls(
            size=Size.of(decay),
            table=pd.DataFrame([place[:6] for place in passed], columns=_WALKED),
            critical=_crossing(passed),
            ordered=places[_ORDERED],
            chaotic=places[_CHAOTIC],
            he=places[_HE],
            peak=max(passed, key=_reach),
            left=float(factors[is_left].max()),
            right=float(factors[~is_left].min()),
            factor_off=(float(off.min()), float(off.max())),
            reach_near=max(map(_reach, near)),
            reach_far=max(map(_reach, far)),
            xi_c_ratio=geometric_mean(table["xi_c_measured"] / table["xi_c"]).value,
            xi_q_ratio=geometric_mean(table["xi_q_measured"] / table["xi_q"]).value,
        )


def _crossing(passed: Sequence[Place]) -> float:
    """Return the sigma_w2 at which the measured factor of the gradient is one, between the places."""
    log_factors = [log(place.factor_measured.value) for place in passed]
    return exp(np.interp(0.0, log_factors, np.log([place.sigma_w2 for place in passed])))


def _reach(place: Place) -> float:
    return place.xi_c_measured.value


def _place(row: Mapping[Hashable, Any]) -> Place:
    factor = exp(row["log_factor_measured"])
    measured = Estimate(factor, factor * row["log_factor_error"]), Estimate(row["xi_c_measured"], row["xi_c_error"])
    return Place(row["sigma_w2"], row["factor"], measured[0], row["c_star"], row["xi_c"], measured[1], row["xi_q"])
