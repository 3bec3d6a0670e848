"""The verdicts of a report, as a data frame."""

from __future__ import annotations

import pandas as pd

from reportgen.built import Built
from reportgen.errors import UsageError, did_you_mean
from reportgen.judgments.verdicts import verdict_table

__all__ = ["verdicts"]


def verdicts(report: Built, data: str = "gaussian") -> pd.DataFrame:
    """Return the verdict on every initializer, activation and depth of a report.

    Parameters
    ----------
    report
        As `reportgen.build` returns it.
    data
        Name of the data set to judge on.

    Returns
    -------
    DataFrame
        One row per initializer, activation and depth: `sigma_w2` (fan_in Var(w)), `verdict`, the numbers that decided,
        and how many of the `networks` `agree` by themselves; the rest say mostly `other`.

    Raises
    ------
    UsageError
        If nothing was published, or the report has no such data set.
    """
    if report.results is None:
        raise UsageError("this report has no results to judge: build or render one first")
    known = list(map(str, report.results["forward"]["data"].unique()))
    if data not in known:
        raise UsageError(f"no data set {data!r} in this report: {did_you_mean(data, known)}")
    return verdict_table(report.results, data)
