"""The glossary: every word of the pages, with the constants that follow from our definitions."""

from __future__ import annotations

from math import erf, exp, pi, sqrt

import numpy as np

from reportgen.battery.results import Results
from reportgen.chapters.old import Chapter, Check, Findings
from reportgen.judgments.verdicts import LIMIT, VERDICTS

__all__ = ["CHAPTER"]

_SATURATED_SLOPE = 0.05
"""A unit is saturated where its slope is below this share of the activation's greatest slope."""

_CUT = 2.0
"""Where Keras and JAX cut a normal law, in standard deviations."""


def _findings(results: Results) -> Findings:
    """Return the numbers that follow from the definitions alone; nothing here is measured."""
    # In terms of the output h the slope of tanh is 1 - h^2, of sigmoid h (1 - h), of softsign (1 - |h|)^2.
    root = sqrt(1 - _SATURATED_SLOPE)
    float32 = np.finfo(np.float32)
    return {
        "saturated_slope": _SATURATED_SLOPE,
        "tanh_limit": root,
        "sigmoid_high": (1 + root) / 2,
        "sigmoid_low": (1 - root) / 2,
        "softsign_limit": 1 - sqrt(_SATURATED_SLOPE),
        "cut": _CUT,
        "truncated_stddev": _truncated_stddev(_CUT),
        "float32_greatest": float(float32.max),
        "float32_least": float(float32.smallest_subnormal),
        "float32_step": float(float32.eps),
        "limit": int(LIMIT),
        "verdicts": dict(VERDICTS),
    }


def _truncated_stddev(cut: float) -> float:
    """Return the standard deviation of a standard normal law without its tails beyond +-cut."""
    inside = erf(cut / sqrt(2))
    density = exp(-(cut**2) / 2) / sqrt(2 * pi)
    return sqrt(1 - 2 * cut * density / inside)


def _checks(results: Results) -> list[Check]:
    return []


CHAPTER = Chapter(
    slug="glossary",
    title="What do the words mean?",
    needs=(),
    figures=(),
    findings=_findings,
    checks=_checks,
)
