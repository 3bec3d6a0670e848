"""The numbers that follow from the definitions; nothing here is measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf, sqrt

import numpy as np

from reportgen.judgments.estimates import FEWEST
from reportgen.judgments.outcomes import LEARNED
from reportgen.judgments.verdicts import LIMIT, VERDICTS
from reportgen.theory.student import covered

__all__ = ["Findings"]

_SLOPE = 0.05
_ROOT = sqrt(1 - _SLOPE)
"""In terms of the output h the slope of tanh is 1 - h², of sigmoid h (1 - h), of softsign (1 - |h|)²."""

_FLOAT32 = np.finfo(np.float32)


@dataclass(frozen=True, slots=True)
class Findings:
    """Where activations are saturated, what a cut leaves of a normal distribution, where float32 ends, and verdicts.

    `two_errors` is how often a mean of so many networks is within two of its standard errors.

    A chapter does not see the networks: a test holds the slope, the cut and what it leaves to theirs.
    """

    saturated_slope: float = _SLOPE
    tanh_limit: float = _ROOT
    sigmoid_low: float = (1 - _ROOT) / 2
    softsign_limit: float = 1 - sqrt(_SLOPE)
    cut: float = 2.0
    truncated_stddev: float = 0.87962566103423978
    float32_greatest: float = float(_FLOAT32.max)
    float32_least: float = float(_FLOAT32.smallest_subnormal)
    float32_step: float = float(_FLOAT32.eps)
    limit: int = int(LIMIT)
    fewest: int = FEWEST
    learned: float = LEARNED
    two_errors: Mapping[str, float] = field(
        default_factory=lambda: {
            name: covered(2, number) for name, number in {"many": inf, "five": 5, "three": 3, "two": 2}.items()
        }
    )
    verdicts: Mapping[str, str] = field(default_factory=lambda: VERDICTS)
