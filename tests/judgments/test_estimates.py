"""Means with standard errors, against pandas and against numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from reportgen.judgments.estimates import geometric_mean, mean

VALUES = pd.Series([1.0, 10.0, 100.0])


def test_a_mean_has_the_standard_error_of_pandas() -> None:
    assert mean(VALUES).value == pytest.approx(37)
    assert mean(VALUES).error == pytest.approx(VALUES.sem())


def test_a_geometric_mean_is_that_of_the_logarithms() -> None:
    estimate = geometric_mean(VALUES)
    assert estimate.value == pytest.approx(10)
    assert estimate.error == pytest.approx(10 * np.log(10) / np.sqrt(3))


def test_both_know_how_many_values_they_are_of() -> None:
    assert mean(VALUES).number == geometric_mean(VALUES).number == 3
