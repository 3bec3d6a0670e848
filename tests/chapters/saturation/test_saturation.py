"""The chapter on wrong scales: checks that can fail, numbers by the rules, and figures that show what was measured."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from reportgen.battery.cell import Streams
from reportgen.battery.results import Results, tabulate
from reportgen.chapters.saturation import CHAPTER
from reportgen.chapters.saturation.tables import LARGE, RIGHT, SMALL, battery_cells, lecture_layers
from reportgen.chapters.style import figure_style, to_svg
from reportgen.experiments import halt, propagation, saturation
from reportgen.settings import INITIALIZERS

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

EXPERIMENTS = [saturation.EXPERIMENT, halt.EXPERIMENT, propagation.EXPERIMENT]
ACTIVATIONS = ("linear", "sigmoid", "tanh", "relu")


def plan_of(depths: tuple[int, ...] = (2, 5, 60), width: int = 32, initializers: tuple[str, ...] = INITIALIZERS) -> Any:
    """Return a small battery: the checks must not depend on its size."""
    data = ({"data": "gaussian"},)
    factors = {"initializers": initializers, "activations": ACTIVATIONS, "depths": depths, "data_factors": data}
    return SimpleNamespace(replicates=2, width=width, batch=32, effort=0.25, **factors)


def results_of(seed: int, plan: Any, experiments: Any = tuple(EXPERIMENTS)) -> Results:
    cells = [(cell, experiment) for experiment in experiments for cell in experiment.cells(plan)]
    measured = {cell: experiment.measure(cell, Streams(seed)) for cell, experiment in cells}
    columns = {table: declared for experiment in experiments for table, declared in experiment.tables.items()}
    settings = {name: getattr(plan, name) for name in ("width", "replicates", "initializers", "activations", "depths")}
    return Results(tabulate(experiments, measured), columns, settings)


@pytest.fixture(scope="module")
def results() -> Results:
    return results_of(0, plan_of())


@pytest.fixture(scope="module")
def draw(results: Results) -> Callable[[str], Canvas]:
    figures = {figure.slug: figure for figure in CHAPTER.figures}

    def drawn(slug: str, other: Results | None = None) -> Canvas:
        with figure_style():
            return figures[slug].draw(other or results)

    return drawn


def failing(results: Results) -> set[str]:
    return {check.name for check in CHAPTER.checks(results) if not check.holds}


def changed(results: Results, table: str, where: str, **values: float) -> Results:
    """Return the results with other values in the rows of a table that a query selects."""
    frame = results[table].copy()
    rows = frame.query(where).index
    assert len(rows)
    for column, value in values.items():
        frame.loc[rows, column] = value
    return Results({**results.tables, table: frame}, results.columns, results.settings)


def test_every_sentence_holds(results: Results) -> None:
    assert failing(results) == set()


def test_every_sentence_holds_for_another_seed(results: Results) -> None:
    fresh = results_of(1, plan_of(), [saturation.EXPERIMENT, halt.EXPERIMENT])
    assert failing(Results({**results.tables, **fresh.tables}, results.columns, results.settings)) == set()


SMALL_ROWS, LARGE_ROWS, RIGHT_ROWS = (f"width == 500 and initializer == '{name}'" for name in (SMALL, LARGE, RIGHT))
LARGE_TANH = f"initializer == '{LARGE}' and activation == 'tanh'"
SIGMOID = "activation == 'sigmoid' and initializer == 'glorot_normal'"
RELU = "activation == 'relu'"


@pytest.mark.parametrize(
    ("refuted", "table", "where", "values"),
    [
        ("small_dies", "scales", SMALL_ROWS, {"activation_rms": 0.2}),
        ("small_dies", "scales", f"{SMALL_ROWS} and layer == 3", {"saturated_fraction": 0.001}),
        ("small_shrinks_both_ways", "scales", SMALL_ROWS, {"delta_rms": 1.0}),
        ("small_moves_no_layer", "scales", f"{SMALL_ROWS} and layer == 1", {"weight_gradient_norm": 1.0}),
        ("large_saturates", "scales", f"{LARGE_ROWS} and layer == 3", {"saturated_fraction": 0.5}),
        ("large_saturates", "scales", LARGE_ROWS, {"mean_squared_slope": 0.5}),
        ("large_explodes", "scales", LARGE_ROWS, {"delta_rms": 1.0}),
        ("large_is_mostly_nothing", "scales", LARGE_ROWS, {"negligible_fraction": 0.01}),
        ("large_is_mostly_nothing", "scales", SMALL_ROWS, {"negligible_fraction": 0.5}),
        ("rounds_in_float32", "scales", "dtype == 'float32' and width == 256", {"rounded_fraction": 0.22}),
        ("right_is_alive", "scales", f"{RIGHT_ROWS} and layer == 10", {"activation_rms": 0.01}),
        ("right_is_alive", "scales", f"{RIGHT_ROWS} and layer == 1", {"delta_rms": 1e-3}),
        ("weights_times_slopes", "scales", RIGHT_ROWS, {"mean_squared_slope": 1.0}),
        ("weights_times_slopes", "scales", LARGE_ROWS, {"weight_factor": 100.0}),
        ("sigmoid_is_not_centered", "scales", SIGMOID, {"activation_mean": 0.0}),
        ("sigmoid_loses_a_sixteenth", "scales", SIGMOID, {"delta_rms": 1.0}),
        ("maps_differ", "unit_saturation", f"{LARGE_TANH} and unit == 7 and layer == 2", {"saturated_fraction": 0.4}),
        ("maps_differ", "unit_saturation", "initializer == 'glorot_normal'", {"saturated_fraction": 0.2}),
        ("sigmoids_get_stuck", "unit_saturation", "activation == 'sigmoid'", {"saturated_fraction": 0.9}),
        ("relu_is_half_inactive", "unit_saturation", RELU, {"saturated_fraction": 0.3}),
        ("relu_units_get_stuck", "unit_saturation", RELU, {"saturated_fraction": 0.5}),
        ("large_saturates_most", "forward", f"{LARGE_TANH} and layer == 5", {"saturated_fraction": 0.0}),
        ("unsaturated_and_lost", "forward", f"initializer == '{SMALL}'", {"activation_variance": 0.1}),
        ("pale_is_not_healthy", "forward", "layer == 60", {"activation_variance": 0.1}),
    ],
)
def test_a_sentence_falls_with_its_numbers(
    results: Results, refuted: str, table: str, where: str, values: dict[str, float]
) -> None:
    assert refuted in failing(changed(results, table, where, **values))


def test_factors_are_those_of_squares_from_a_layer_to_the_one_below(results: Results) -> None:
    scales = results["scales"].assign(delta_rms=lambda table: 2.0 ** table["layer"], weight_factor=3.0)
    scales["mean_squared_slope"] = 0.1
    f = CHAPTER.findings(Results({**results.tables, "scales": scales}, results.columns, results.settings))
    assert f["factors"]["measured"].to_list() == pytest.approx([1 / 4] * 3)
    assert f["factors"]["product"].to_list() == pytest.approx([0.3] * 3)
    assert f["sigmoid_factor"].value == pytest.approx(1 / 4)
    assert f["small_back_factor"] == pytest.approx(1 / 2)


def test_a_battery_cell_is_the_layer_of_its_depth(results: Results) -> None:
    cells = battery_cells(results).set_index(["initializer", "activation", "depth"])
    chosen = f"{LARGE_TANH} and layer == 5"
    by_hand = results["forward"].query(chosen)["saturated_fraction"].mean()
    assert cells.loc[(LARGE, "tanh", 5), "saturated_fraction"] == pytest.approx(by_hand)
    assert cells.loc[(LARGE, "linear", 60), "finite_fraction"] < 1


def test_the_lecture_figure_has_a_histogram_per_scale_and_layer(draw: Callable[..., Canvas]) -> None:
    canvas = draw("layers")
    rows = canvas.subfigs
    assert [len(row.axes) for row in rows] == [10, 10, 10]
    assert [row.get_suptitle().split(",")[0] for row in rows] == ["Too small", "Too large", "Right"]
    for row in rows:
        for axes in row.axes:
            heights = axes.patches[0].get_data().values
            assert heights.max() == pytest.approx(1)
    small, large, _ = (row.axes[-1].patches[0].get_data().values for row in rows)
    assert small.argmax() == len(small) // 2
    assert large.argmax() in (0, len(large) - 1)


def test_the_lines_are_the_measured_means(draw: Callable[..., Canvas], results: Results) -> None:
    canvas = draw("mechanisms")
    means = lecture_layers(results).groupby(["initializer", "layer"])["delta_rms"].mean()
    for line, initializer in zip(canvas.axes[3].lines, (SMALL, LARGE, RIGHT), strict=True):
        assert line.get_ydata() == pytest.approx(means.loc[initializer].to_numpy())


def test_units_are_sorted_within_their_layer(draw: Callable[..., Canvas]) -> None:
    maps = [axes.images[0].get_array() for axes in draw("units").axes if axes.images]
    assert len(maps) == 6
    assert all((np.diff(shares, axis=1) <= 0).all() for shares in maps)


def test_what_is_too_small_for_the_axis_is_written_beside_the_ridge(draw: Callable[..., Canvas]) -> None:
    small, large, right = ([text.get_text() for text in axes.texts] for axes in draw("gradients").axes)
    assert small == right == []
    assert len(large) == 10
    assert all(text.endswith("%") for text in large)


def signs(canvas: Canvas, panel: int, results: Results) -> pd.DataFrame:
    """Return the signs of one panel of the battery, initializers × activations."""
    starts, functions = results.settings["initializers"], results.settings["activations"]
    shown = [axes for axes in canvas.axes if axes.texts][panel]
    texts = np.array([text.get_text() for text in shown.texts]).reshape(len(starts), len(functions))
    return pd.DataFrame(texts, index=starts, columns=functions)


def test_overflow_and_lost_signals_are_marked(draw: Callable[..., Canvas], results: Results) -> None:
    deepest = signs(draw("battery"), -1, results)
    assert deepest.loc[LARGE, "linear"] == "∞"
    assert deepest.loc["zeros", "tanh"] == "0"
    assert deepest.loc[SMALL, "sigmoid"] == "0"
    assert deepest.loc[LARGE, "tanh"] == ""


@pytest.mark.parametrize("depths", [(4,), (2, 3, 5, 7, 9, 11, 13)])
def test_the_battery_is_drawn_for_any_number_of_depths(draw: Callable[..., Canvas], depths: tuple[int, ...]) -> None:
    other = results_of(1, plan_of(depths, 8, ("zeros", "ones", LARGE)), [propagation.EXPERIMENT])
    canvas = draw("battery", other)
    titles = [axes.get_title(loc="left") for axes in canvas.axes]
    assert [title for title in titles if title] == [f"layer {depth}" for depth in depths]
    to_svg(canvas)
