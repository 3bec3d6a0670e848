"""The chapter on symmetry: its checks hold by more than luck, can fail, and its prose quotes only what was found."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reportgen.battery.cell import Cell, Streams
from reportgen.battery.results import Results, tabulate
from reportgen.chapters.names import short_name
from reportgen.chapters.style import figure_style, to_svg
from reportgen.chapters.symmetry import CHAPTER
from reportgen.chapters.symmetry.tables import breaking
from reportgen.experiments.symmetry import EXPERIMENT
from reportgen.settings import INITIALIZERS

SEEDS = (0, 1, 2)


def measure(seed: int) -> Results:
    cells = EXPERIMENT.cells(SimpleNamespace(width=64, replicates=3, effort=0.25, initializers=INITIALIZERS))
    tables = tabulate([EXPERIMENT], {cell: EXPERIMENT.measure(cell, Streams(seed)) for cell in cells})
    return Results(tables, EXPERIMENT.tables, {"preset": "quick", "initializers": list(INITIALIZERS)})


@pytest.fixture(scope="module")
def results() -> Results:
    return measure(SEEDS[0])


def failed(results: Results) -> set[str]:
    return {check.name for check in CHAPTER.checks(results) if not check.holds}


def changed(results: Results, table: str, column: str, change: Callable[[pd.DataFrame], Any]) -> Results:
    tables = {**results.tables, table: results[table].assign(**{column: change(results[table])})}
    return Results(tables, {}, results.settings)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_check_holds_at_the_smallest_preset(seed: int) -> None:
    assert [check for check in CHAPTER.checks(measure(seed)) if not check.holds] == []


def rows(table: pd.DataFrame, **wanted: str) -> Any:
    """Return which rows begin with the wanted words."""
    return np.logical_and.reduce([table[column].str.startswith(word) for column, word in wanted.items()])


def raised(column: str, by: float, **wanted: str) -> Callable[[pd.DataFrame], Any]:
    return lambda table: table[column] + by * rows(table, **wanted)


def scaled(column: str, by: float, **wanted: str) -> Callable[[pd.DataFrame], Any]:
    return lambda table: table[column] * np.where(rows(table, **wanted), by, 1)


def backwards(table: pd.DataFrame) -> Any:
    """Let the largest noise count as the smallest."""
    turned = (table["course"] == "circle, noise") & (table["weight_noise"] > 0)
    return (1e-7 / table["weight_noise"]).where(turned, table["weight_noise"])


def slowly(table: pd.DataFrame) -> Any:
    """Let differences grow in proportion to the steps."""
    return np.maximum(table["weight_noise"], table["bias_noise"]) * np.maximum(table["step"], 1)


def fits_and_starts(table: pd.DataFrame) -> Any:
    """Let the least noise grow four times as fast as the times of all sizes tell."""
    size = np.maximum(table["weight_noise"], table["bias_noise"])
    waiting = 90 * np.log10(1e-2 / np.maximum(size, 1e-300))
    return size * np.exp(np.clip((table["step"] - waiting) / 10, 0, 20))


PLANTED: list[tuple[str, str, Callable[[pd.DataFrame], Any], set[str]]] = [
    ("symmetry_layers", "spread", raised("spread", 1e-6, start="constant", course="digits"), {"equal_stays_equal"}),
    ("symmetry_layers", "spread", raised("spread", 1e-6, start="constant", course="circle, mini"), {"mini_batches"}),
    ("symmetry_layers", "spread", raised("spread", 1e-6, start="constant", course="circle, anoth"), {"another_rate"}),
    ("symmetry_layers", "spread", raised("spread", 1e-6, start="constant", course="circle, more"), {"more_data"}),
    ("symmetry_layers", "rank", raised("rank", 1, start="constant", course="circle, relu"), {"rank_one"}),
    ("symmetry_weights", "weight", lambda t: t["weight"] + 0.01 * t["unit"], {"first_layer"}),
    ("symmetry_weights", "weight", lambda t: t["weight"] + 0.01 * t["unit"] * (t["step"] == 1), {"first_layer"}),
    ("symmetry_weights", "weight", lambda t: 0.5 + 0 * t["weight"], {"first_layer"}),
    ("symmetry_single_unit", "gap", raised("gap", 1e-6, start="constant", course="digits"), {"single_unit"}),
    ("symmetry_single_unit", "gap", scaled("gap", 0, start="glorot"), {"single_unit"}),
    ("symmetry_learning", "train_accuracy", raised("train_accuracy", 0.2, start="constant"), {"straight_line"}),
    (
        "symmetry_learning",
        "test_accuracy",
        raised("test_accuracy", 0.2, start="constant", course="circle"),
        {"two_thirds"},
    ),
    (
        "symmetry_learning",
        "test_accuracy",
        scaled("test_accuracy", 0.8, start="glorot", course="circle"),
        {"random_solves"},
    ),
    ("symmetry_layers", "spread", scaled("spread", 0.01, start="glorot"), {"random_differs"}),
    ("symmetry_learning", "test_accuracy", raised("test_accuracy", 0.5, start="constant", course="digits"), {"digits"}),
    ("symmetry_learning", "test_accuracy", raised("test_accuracy", 0.5, start="ones", course="digits"), {"digits"}),
    ("symmetry_learning", "test_accuracy", scaled("test_accuracy", 0.5, start="glorot", course="digits"), {"digits"}),
    (
        "symmetry_learning",
        "test_accuracy",
        scaled("test_accuracy", 0.8, start="zeros", course="digits, no"),
        {"no_hidden_layer"},
    ),
    (
        "symmetry_layers",
        "largest_weight",
        raised("largest_weight", 1e-300, start="zeros", course="digits, relu"),
        {"zeros_stand_still"},
    ),
    ("symmetry_layers", "largest_bias", scaled("largest_bias", 0, start="zeros"), {"output_bias_moves"}),
    ("symmetry_layers", "largest_weight", scaled("largest_weight", 0, start="zeros"), {"zeros_in_step"}),
    ("symmetry_layers", "spread", raised("spread", 1e-6, start="zeros"), {"zeros_in_step"}),
    (
        "symmetry_learning",
        "test_accuracy",
        raised("test_accuracy", 0.5, start="zeros", course="digits, sigmoid"),
        {"zeros_learn_little"},
    ),
    (
        "symmetry_layers",
        "mean_absolute_cosine",
        lambda t: 1 + 0 * t["mean_absolute_cosine"],
        {"noise_parts", "biases_part", "dropout_parts"},
    ),
    (
        "symmetry_layers",
        "distinct_units",
        lambda t: np.where(t["bias_noise"] > 0, 15, t["distinct_units"]),
        {"biases_part"},
    ),
    (
        "symmetry_learning",
        "test_accuracy",
        lambda t: t["test_accuracy"] * np.where(t["weight_noise"] == 1e-4, 0.3, 1),
        {"noise_parts"},
    ),
    (
        "symmetry_layers",
        "distinct_units",
        lambda t: np.where((t["dropout"] > 0) & (t["step"] == 1), 16, t["distinct_units"]),
        {"first_update"},
    ),
    ("symmetry_layers", "rank", lambda t: t["rank"].where(t["dropout"] == 0, 2), {"dropout_rank"}),
    ("symmetry_layers", "weight_noise", backwards, {"noise_breaks"}),
    ("symmetry_layers", "spread", lambda t: t["spread"] * 1e-6, {"noise_breaks", "bias_noise"}),
    ("symmetry_layers", "spread", slowly, {"logarithm"}),
    ("symmetry_layers", "spread", fits_and_starts, {"growth_rate"}),
    ("symmetry_layers", "spread", scaled("spread", 1e4, course="circle, settled"), {"settled"}),
    ("symmetry_start", "distinct_units", raised("distinct_units", -1, initializer="he_"), {"fresh_differs"}),
    ("symmetry_start", "rank", raised("rank", -1, initializer="lecun_uniform"), {"fresh_differs"}),
    ("symmetry_start", "distinct_units", raised("distinct_units", 1, initializer="constant"), {"fresh_equal"}),
    (
        "symmetry_start",
        "mean_absolute_cosine",
        scaled("mean_absolute_cosine", 1.2, initializer="glorot_uniform"),
        {"fresh_cosine"},
    ),
    (
        "symmetry_start",
        "mean_absolute_cosine",
        raised("mean_absolute_cosine", 0.01, initializer="orth"),
        {"orthogonal"},
    ),
]


@pytest.mark.parametrize(
    ("table", "column", "change", "refuted"),
    PLANTED,
    ids=[f"{number}-{min(refuted)}" for number, (*_, refuted) in enumerate(PLANTED)],
)
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")  # inf - inf, where noise never breaks the symmetry
def test_a_check_fails_where_the_numbers_say_something_else(
    results: Results, table: str, column: str, change: Callable[[pd.DataFrame], Any], refuted: set[str]
) -> None:
    assert refuted <= failed(changed(results, table, column, change))


def test_every_check_is_refuted_by_one_of_the_planted_changes(results: Results) -> None:
    assert set().union(*(refuted for *_, refuted in PLANTED)) == {check.name for check in CHAPTER.checks(results)}


def test_the_time_to_break_is_read_between_two_looks_on_a_logarithmic_scale(results: Results) -> None:
    def exponential(table: pd.DataFrame) -> Any:
        return np.maximum(table["weight_noise"], table["bias_noise"]) * np.exp(table["step"] / 50)

    times = breaking(changed(results, "symmetry_layers", "spread", exponential)).query("bias_noise == 0")
    np.testing.assert_allclose(times["updates"], 50 * np.log(0.5 / times["weight_noise"]), rtol=1e-9)


@pytest.mark.parametrize("figure", CHAPTER.figures, ids=lambda figure: figure.slug)
def test_a_figure_has_titles_and_labels_and_is_the_same_every_time(figure: Any, results: Results) -> None:
    with figure_style():
        canvas = figure.draw(results)
        assert to_svg(canvas) == to_svg(figure.draw(results))
    first = canvas.axes[0]
    assert first.get_title(loc="left") or first.get_title()
    assert first.get_ylabel() or first.get_xlabel()
    assert len(figure.data(results)) > 0


def drawn(results: Results, slug: str) -> Any:
    figure = next(figure for figure in CHAPTER.figures if figure.slug == slug)
    with figure_style():
        return figure.draw(results).axes


def test_the_key_figure_draws_one_line_for_equal_weights_and_one_per_random_weight(results: Results) -> None:
    lines = [len(axes.lines) for axes in drawn(results, "starts")[:3]]
    assert lines == [1, 1, 64]


def test_initializers_of_the_user_are_drawn_and_break_no_check(results: Results) -> None:
    more = ("identity", "random_normal(stddev=3)", "ones")
    cells = [Cell.of("symmetry", initializer=name, width=64, replicates=3) for name in more]
    added = tabulate([EXPERIMENT], {cell: EXPERIMENT.measure(cell, Streams(0)) for cell in cells})["symmetry_start"]
    start = pd.concat([added, results["symmetry_start"]], ignore_index=True)
    names = [*results.settings["initializers"], *more]
    extended = Results({**results.tables, "symmetry_start": start}, {}, {**results.settings, "initializers": names})
    labels = [label.get_text() for label in drawn(extended, "fresh")[0].get_yticklabels()]
    assert labels == [short_name(name) for name in names]
    assert failed(extended) == set()
