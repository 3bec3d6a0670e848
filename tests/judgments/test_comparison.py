"""Theory beside measurement on made networks: the numbers side by side, and every reason for a difference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from reportgen.battery.results import Results
from reportgen.judgments.comparison import comparison, in_range, with_comparison

Z = "pre_activation_second_moment"
OFF = (0.1, 0.2, 0.4)


def made(
    off: Sequence[float] = OFF,
    variance: float = 1e-3,
    drift: float = 0.0,
    multiplied: float = 1.0,
    *,
    q: float = 1.0,
    top: float = 1.0,
) -> Results:
    """Return networks whose logarithms are off by so much; theory says `q` in layer 2, and delta `top` in layer 3."""
    rows = pd.MultiIndex.from_product([(2, 3), range(3), (1, 2, 3)], names=["depth", "replicate", "layer"])
    cell: dict[str, Any] = {"initializer": "he_normal", "activation": "relu", "data": "gaussian", "width": 8}
    for name in ("pre_activation", "activation", "delta"):
        cell |= {f"{name}_log_variance": variance, f"{name}_log_drift": drift, "multiplied": multiplied}
    theory = rows.to_frame(index=False).query("layer <= depth").assign(**cell)
    signal, gradient = (theory["replicate"] + 1) * (q ** (theory["layer"] == 2)), top ** (theory["layer"] == 3)
    predicted, measured = (
        theory.assign(**{Z: signal * by, "activation_second_moment": signal * by, "delta_rms": gradient * by})
        for by in (1.0, np.exp(np.array(off))[theory["replicate"]])
    )
    tables = {"gradient_theory": predicted, "gradients": measured}
    tables |= {"forward_theory": predicted.query("depth == 3"), "forward": measured.query("depth == 3")}
    return Results(tables, {}, {"replicates": 3})


def test_prediction_and_measurement_stand_side_by_side() -> None:
    table = comparison(made())
    (row,) = table[(table["quantity"] == Z) & (table["layer"] == 3)].to_dict("records")
    assert row["predicted"] == pytest.approx(stats.gmean([1, 2, 3]))
    assert row["measured"] == pytest.approx(stats.gmean(np.array([1, 2, 3]) * np.exp(OFF)))
    assert row["relative_deviation"] == pytest.approx(row["measured"] / row["predicted"] - 1)
    assert row["deviation_in_standard_errors"] == pytest.approx(np.mean(OFF) / stats.sem(OFF))
    assert row["standard_error"] == pytest.approx(row["measured"] * stats.sem(OFF))
    assert table.groupby(["quantity", "depth"], dropna=False).size().tolist() == [3, 2, 3, 3]


@pytest.mark.parametrize(
    ("word", "off", "variance", "drift", "multiplied"),
    [
        ("agrees", (-0.1, 0.1, 0.05), 1e-3, 0.0, 9.0),
        ("rounding", (5e-5, 5.01e-5, 5e-5), 0.0, 0.0, 9.0),
        ("unstable fixed point", (11.2, 11.21, 11.2), 0.01, 0.0, 2.1),
        ("expected scatter", (0.17, 0.1701, 0.17), 0.01, -0.1, 1.0),  # three times sqrt(0.01 / 3) is 0.173
        ("finite width", (-0.27, -0.2701, -0.27), 0.01, -0.1, 1.9),
        ("unexplained", (0.27, 0.2701, 0.27), 0.01, -0.1, 1.0),  # a drift has a sign
        ("unexplained", (0.18, 0.1801, 0.18), 0.01, 0.0, 1.0),  # which the variance itself excused as a drift
    ],
)
def test_a_difference_is_explained_by_the_first_rule_that_applies(
    word: str, off: tuple[float, ...], variance: float, drift: float, multiplied: float
) -> None:
    assert set(comparison(made(off, variance, drift, multiplied))["explanation"]) == {word}


def test_what_leaves_the_range_is_lost_on_its_way_up_and_in_all_gradients() -> None:
    compared = in_range(comparison(made(q=1e80)))
    assert compared["layer"].eq(1).all()
    assert compared["depth"].isna().all()


def test_a_gradient_that_leaves_the_range_is_lost_on_its_way_down() -> None:
    out = comparison(made(top=1e-40)).query("explanation == 'float32 range'")
    found = list(zip(out["quantity"], out["depth"], out["layer"], strict=True))
    assert found == [("delta_rms", 3, layer) for layer in (1, 2, 3)]


@pytest.mark.parametrize(("lost", "relative"), [(0.0, -1.0), (np.inf, np.inf)])
def test_lost_numbers_are_kept_and_what_has_no_prediction_has_no_rows(lost: float, relative: float) -> None:
    results = made()
    forward = results["forward"].assign(**{Z: lost})
    more = pd.concat([forward, forward.assign(initializer="zeros")])
    table = comparison(Results({**results.tables, "forward": more}, {}, results.settings))
    own = table[table["quantity"] == Z]
    assert (set(own["measured"]), set(own["relative_deviation"])) == ({lost}, {relative})
    assert set(table["initializer"]) == {"he_normal"}


def test_measurements_without_predictions_are_left_as_they_are() -> None:
    results = Results({"forward": pd.DataFrame(), "gradients": pd.DataFrame()}, {}, {})
    assert with_comparison(results) is results
