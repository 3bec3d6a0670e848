"""The chapter on Var(w·x) = 1: every check can fail, every word can be filled in, every figure can be drawn."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from reportgen.battery.cell import Streams
from reportgen.battery.results import Results, tabulate
from reportgen.chapters.derivation import CHAPTER
from reportgen.chapters.derivation.figures import pulls
from reportgen.chapters.style import figure_style, to_svg
from reportgen.experiments import assumptions, derivation, tanh_depth

EXPERIMENTS = [derivation.EXPERIMENT, assumptions.EXPERIMENT, tanh_depth.EXPERIMENT]
WITH_GAIN = "initializer.str.contains('gain')"
QUICK = SimpleNamespace(effort=0.25)


def results_of(seed: int) -> Results:
    cells = [(cell, experiment) for experiment in EXPERIMENTS for cell in experiment.cells(QUICK)]  # type: ignore[arg-type]
    measured = {cell: experiment.measure(cell, Streams(seed)) for cell, experiment in cells}
    columns = {table: declared for experiment in EXPERIMENTS for table, declared in experiment.tables.items()}
    return Results(tabulate(EXPERIMENTS, measured), columns, {"preset": "quick", "seed": seed})


@pytest.fixture(scope="module")
def results() -> Results:
    return results_of(0)


def failing(results: Results) -> set[str]:
    return {check.name for check in CHAPTER.checks(results) if not check.holds}


def changed(results: Results, table: str, where: str, **values: float) -> Results:
    """Return the results with other values in the rows of a table that a query selects."""
    frame = results[table].copy()
    rows = frame.query(where).index
    assert len(rows)
    for column, value in values.items():
        frame[column] = frame[column].astype(float)
        frame.loc[rows, column] = value
    return Results({**results.tables, table: frame}, results.columns, results.settings)


@pytest.mark.parametrize("seed", [1, 2])
def test_every_sentence_holds_whatever_the_seed(seed: int) -> None:
    assert failing(results_of(seed)) == set()


@pytest.mark.parametrize(
    ("table", "where", "values", "refuted"),
    [
        ("steps", "step == 'backward'", {"measured": 1.2}, "predictions_hold"),
        ("assumptions", "assumption == 'scales'", {"measured": 14.0}, "predictions_hold"),
        ("fan_in_growth", "initializer == 'lecun_normal' and fan_in == 256", {"measured": 1.3}, "grows_with_fan_in"),
        ("steps", "step == 'glorot_uniform'", {"measured": 1.1}, "normal_equals_uniform"),
        ("fan_in_growth", "predicted == 256", {"saturated_fraction": 0.4}, "large_saturates"),
        ("fan_in_growth", "fan_in == 256", {"measured": 0.2}, "small_vanishes"),
        ("assumptions", "assumption == 'correlation'", {"measured": 1.2}, "only_correlation_is_harmless"),
        ("assumptions", "assumption == 'halving'", {"measured": 1.0}, "only_correlation_is_harmless"),
        ("assumptions", "assumption == 'input_mean'", {"measured": 1.2}, "mean_of_inputs_adds"),
        ("assumptions", "assumption == 'correlation'", {"unit_spread": 0.3}, "correlation_spreads_units"),
        ("assumptions", "assumption == 'correlation'", {"unit_spread": 0.6}, "spread_is_predicted"),
        ("tanh_layers", f"not {WITH_GAIN} and layer == 20", {"activation_variance": 0.06}, "tanh_fades"),
        ("tanh_layers", f"{WITH_GAIN} and layer == 50", {"activation_variance": 0.3}, "gain_holds_forward"),
        ("tanh_layers", f"{WITH_GAIN} and layer == 1", {"delta_variance": 50.0}, "gain_explodes_backward"),
        ("tanh_layers", f"not {WITH_GAIN} and layer == 1", {"delta_variance": 1.0}, "glorot_gradient_fades"),
    ],
)  # fmt: skip
def test_other_numbers_refute_a_sentence(
    results: Results, table: str, where: str, values: dict[str, float], refuted: str
) -> None:
    assert refuted in failing(changed(results, table, where, **values))


def test_the_pulls_are_distances_in_standard_errors(results: Results) -> None:
    table = pulls(results).set_index("name")
    assert len(table) == len(results["steps"]) + len(results["assumptions"])
    row = table.loc["forward"]
    assert row["pull"] == pytest.approx((row["measured"] - 1) / row["standard_error"])


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("figure", CHAPTER.figures, ids=lambda figure: figure.slug)
def test_every_figure_can_be_drawn_and_shows_its_data(results: Results, figure: object) -> None:
    drawn = next(one for one in CHAPTER.figures if one is figure)
    with figure_style():
        canvas = drawn.draw(results)
    assert all(axes.get_title() and axes.get_xlabel() for axes in canvas.axes)
    assert to_svg(canvas).count("<path") > 10
    assert len(drawn.data(results)) >= 8


def test_the_lines_of_the_first_figure_are_the_predictions_and_its_markers_the_measurements(results: Results) -> None:
    with figure_style():
        axes = CHAPTER.figures[0].draw(results).axes[0]
    table = results["fan_in_growth"]
    shown = [np.asarray(line.get_ydata()) for line in axes.get_lines() if len(np.asarray(line.get_ydata())) == 4]
    for _, rows in table.groupby("initializer"):
        assert any(np.array_equal(values, rows["predicted"]) for values in shown)
        assert any(np.array_equal(values, rows["measured"]) for values in shown)
