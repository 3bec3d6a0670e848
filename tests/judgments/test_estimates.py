"""Means with standard errors, against pandas and against numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from reportgen.judgments.estimates import Estimate, geometric_mean, mean, root

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


def test_a_root_of_a_mean_square_scatters_as_the_roots_do() -> None:
    squares = 4 + 0.01 * np.random.default_rng(0).standard_normal(10_000)
    rooted, roots = root(mean(squares)), mean(np.sqrt(squares))
    assert rooted.value == pytest.approx(roots.value, rel=1e-5)
    assert rooted.error == pytest.approx(roots.error, rel=1e-2)
    assert root(Estimate(4.0, 0.4, number=3)).number == 3
