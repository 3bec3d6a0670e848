"""Sums that grow term by term, against what is known of a walk of independent steps."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from reportgen.experiments.derivation import EXPERIMENT
from reportgen.experiments.derivation.walk import Walk
from tests.experiments.measuring import tables

Tables = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def measured() -> Tables:
    return tables(EXPERIMENT, [Walk(5000)])


def test_the_width_of_many_sums_is_the_root_of_the_number_of_their_terms(measured: Tables) -> None:
    widths = measured["walk_widths"]
    assert widths["predicted"].to_numpy() == pytest.approx(np.sqrt(widths["terms"]))
    off = (widths["measured"] - widths["predicted"]).abs() / widths["standard_error"]
    assert off.max() < 5
    # In proportion to the number of terms, as if all had one sign, it would be ten times as wide at the end.
    assert (widths["measured"] - widths["terms"]).abs().iloc[1:].min() > 5 * widths["standard_error"].max()


def test_the_standard_error_is_that_of_a_root_mean_square(measured: Tables) -> None:
    last = measured["walk_widths"].iloc[-1]
    # A sum of 100 products of normal numbers has kurtosis 3 + 6/100, so its square has the variance 2.06 n².
    expected = last["predicted"] * np.sqrt(2.06 / last["draws"]) / 2
    assert last["standard_error"] == pytest.approx(expected, rel=0.15)


def test_a_walk_starts_at_nothing_and_adds_one_term_at_a_time(measured: Tables) -> None:
    paths = measured["walk_paths"].pivot(index="walk", columns="terms", values="sum").to_numpy()
    assert paths.shape == (40, 101)
    assert np.all(paths[:, 0] == 0)
    steps = np.diff(paths, axis=1)
    # 4000 products of normal numbers: mean 0 and variance 1, and their squares have the variance 8.
    assert abs(steps.mean()) < 5 / np.sqrt(steps.size)
    assert abs((steps**2).mean() - 1) < 5 * np.sqrt(8 / steps.size)
    assert abs((steps[:, 1:] * steps[:, :-1]).mean()) < 5 / np.sqrt(steps.size)


def test_the_same_sums_are_shown_however_many_are_drawn(measured: Tables) -> None:
    more = tables(EXPERIMENT, [Walk(6000)])["walk_paths"]
    pd.testing.assert_frame_equal(more, measured["walk_paths"])


def test_more_effort_means_more_draws() -> None:
    quick, full = (next(iter(EXPERIMENT.work(SimpleNamespace(effort=effort)))) for effort in (0.25, 4.0))
    assert isinstance(quick, Walk)
    assert isinstance(full, Walk)
    assert full.draws == 16 * quick.draws
