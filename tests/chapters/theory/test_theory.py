"""The chapter on theory: its checks hold by more than luck, can fail, and its prose quotes only what was found."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from reportgen.battery.cell import Streams
from reportgen.battery.results import Results, tabulate
from reportgen.chapters.style import figure_style, to_svg
from reportgen.chapters.theory import CHAPTER
from reportgen.chapters.theory import tables as theory_tables
from reportgen.experiments import mean_field, propagation
from reportgen.judgments.comparison import comparison

SEEDS = (0, 1)
EXPERIMENTS = (propagation.EXPERIMENT, mean_field.EXPERIMENT)
Z = "pre_activation_second_moment"


@cache
def measure(seed: int) -> Results:
    """Measure a part of the battery at the size of the smallest preset."""
    settings = {
        "initializers": [
            "zeros",
            "constant",
            "random_normal(stddev=0.01)",
            "random_normal(stddev=1)",
            "glorot_normal",
            "he_uniform",
            "he_normal",
            "orthogonal",
        ],
        "activations": ["sigmoid", "tanh", "relu", "gelu"],
        "depths": [2, 20, 50],
        "width": 64,
        "replicates": 3,
        "batch": 64,
    }
    plan = SimpleNamespace(**settings, data_factors=({"data": "gaussian"},))
    plan.depths, plan.initializers = tuple(plan.depths), tuple(plan.initializers)
    cells = [(one, cell) for one in EXPERIMENTS for cell in one.cells(plan)]
    measured = {cell: one.measure(cell, Streams(seed)) for one, cell in cells}
    return Results(tabulate(EXPERIMENTS, measured), {}, {**settings, "preset": "quick", "data": ["gaussian"]})


@pytest.fixture(scope="module")
def results() -> Results:
    return measure(SEEDS[0])


def failed(results: Results) -> set[str]:
    return {check.name for check in CHAPTER.checks(results) if not check.holds}


@pytest.mark.parametrize("seed", SEEDS)
def test_every_check_holds_at_the_smallest_preset(seed: int) -> None:
    assert [check for check in CHAPTER.checks(measure(seed)) if not check.holds] == []


Change = Callable[[pd.DataFrame], Any]

PLANTED: list[tuple[str, str, Change, set[str]]] = [
    ("forward", Z, lambda t: t[Z] * 1.5 ** t["layer"], {"most_agree", "all_explained", "dots_on_lines"}),
    ("gradients", "delta_rms", lambda t: t["delta_rms"] * 3, {"most_agree", "all_explained", "typically_close"}),
    ("forward", Z, lambda t: t[Z].where(t["layer"] > 2, 10 * t[Z]), {"deeper_is_further"}),
    ("forward", Z, lambda t: t[Z].where(t["layer"] != 5, 0.0), {"losses_are_foretold"}),
    ("forward", Z, lambda t: t[Z] * 9.0 ** t["replicate"], {"scatter_is_foretold"}),
]
"""Table, column, what it is changed into, and the checks that must notice."""


@pytest.mark.parametrize(("table", "column", "change", "refuted"), PLANTED)
def test_a_check_fails_where_the_numbers_say_something_else(
    results: Results, table: str, column: str, change: Change, refuted: set[str]
) -> None:
    changed = results[table].assign(**{column: change(results[table])})
    assert refuted <= failed(Results({**results.tables, table: changed}, {}, results.settings))


def test_pairs_that_are_off_up_and_down_do_not_agree(results: Results) -> None:
    columns = {"forward": Z, "gradients": "delta_rms"}
    changed = {name: results[name].assign(**{column: results[name][column] * 3}) for name, column in columns.items()}
    assert "most_pairs_agree" in failed(Results({**results.tables, **changed}, {}, results.settings))


def test_every_check_is_refuted_by_one_of_the_planted_changes(results: Results) -> None:
    refuted = set().union(*(refuted for *_, refuted in PLANTED)) | {"most_pairs_agree"}
    assert refuted == {check.name for check in CHAPTER.checks(results)}


def test_the_comparison_has_prediction_and_measurement_side_by_side(results: Results) -> None:
    table = comparison(results)
    chosen = table.query("initializer == 'glorot_normal' and activation == 'relu' and layer == 3")
    (row,) = chosen[chosen["quantity"] == Z].to_dict("records")
    predicted, measured = (
        results[name].query("initializer == 'glorot_normal' and activation == 'relu' and layer == 3")[Z]
        for name in ("forward_theory", "forward")
    )
    ratio = np.log(measured.to_numpy() / predicted.to_numpy())
    assert row["predicted"] == pytest.approx(stats.gmean(predicted))
    assert row["measured"] == pytest.approx(stats.gmean(measured))
    assert row["relative_deviation"] == pytest.approx(row["measured"] / row["predicted"] - 1)
    assert row["deviation_in_standard_errors"] == pytest.approx(ratio.mean() / stats.sem(ratio))
    assert row["standard_error"] == pytest.approx(row["measured"] * stats.sem(ratio))
    assert pd.isna(row["depth"])
    assert set(table["depth"].dropna()) == {2, 20, 50}
    assert not table.duplicated(["initializer", "activation", "data", "depth", "layer", "quantity"]).any()


def test_an_initializer_without_a_limit_has_no_rows_and_is_named(results: Results) -> None:
    assert theory_tables.no_limit(results) == ["zeros", "constant"]
    assert not comparison(results)["initializer"].isin(["zeros", "constant"]).any()


def test_lost_numbers_are_kept_as_what_they_are(results: Results) -> None:
    table = comparison(results)
    small = table[(table["initializer"] == "random_normal(stddev=0.01)") & (table["activation"] == "relu")]
    last = small[(small["layer"] == 50) & (small["quantity"] == Z)].iloc[0]
    assert last["measured"] == 0
    assert last["relative_deviation"] == -1
    assert last["explanation"] == "float32 range"
    large = table[(table["initializer"] == "random_normal(stddev=1)") & (table["activation"] == "relu")]
    assert not np.isfinite(large.loc[(large["layer"] == 50) & (large["quantity"] == Z), "measured"]).any()


@pytest.mark.parametrize("networks", [2, 3, 5, 20, 500])
def test_the_yardstick_is_students_law(networks: int) -> None:
    law = stats.t(networks - 1)
    assert theory_tables.expected_share(networks) == pytest.approx(law.cdf(3) - law.cdf(-3), abs=2e-3 / networks)
    assert theory_tables.expected_share(3) != pytest.approx(stats.norm.cdf(3) - stats.norm.cdf(-3), abs=0.05)


@pytest.mark.parametrize("figure", CHAPTER.figures, ids=lambda figure: figure.slug)
def test_a_figure_has_titles_labels_and_data_and_is_the_same_every_time(figure: Any, results: Results) -> None:
    with figure_style():
        drawn, again = (figure.draw(results) for _ in range(2))
    assert to_svg(drawn) == to_svg(again)
    assert all(one.get_title(loc="left") and one.get_xlabel() and one.get_ylabel() for one in drawn.axes)
    assert len(figure.data(results)) > 0


def test_the_map_says_where_there_is_no_limit(results: Results) -> None:
    (figure,) = (one for one in CHAPTER.figures if one.slug == "errors")
    with figure_style():
        texts = [text.get_text() for text in figure.draw(results).axes[0].texts]
    assert sum("no limit" in text for text in texts) == 2
