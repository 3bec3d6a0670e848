"""The chapter on He: its checks hold by more than luck, can fail, and its prose quotes only what was found."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reportgen.battery.cell import Streams
from reportgen.battery.results import Results, tabulate
from reportgen.chapters.he import CHAPTER
from reportgen.chapters.he import tables as he_tables
from reportgen.chapters.style import figure_style, to_svg
from reportgen.experiments.he import EXPERIMENT

SEEDS = (0, 1)


@cache
def measure(seed: int) -> Results:
    cells = EXPERIMENT.cells(SimpleNamespace(effort=0.25))
    tables = tabulate([EXPERIMENT], {cell: EXPERIMENT.measure(cell, Streams(seed)) for cell in cells})
    return Results(tables, EXPERIMENT.tables, {"preset": "quick"})


@pytest.fixture(scope="module")
def results() -> Results:
    return measure(SEEDS[0])


def failed(results: Results) -> set[str]:
    return {check.name for check in CHAPTER.checks(results) if not check.holds}


@pytest.mark.parametrize("seed", SEEDS)
def test_every_check_holds_at_the_smallest_preset(seed: int) -> None:
    assert [check for check in CHAPTER.checks(measure(seed)) if not check.holds] == []


Z, DELTA, LENGTH = "pre_activation_second_moment", "delta_second_moment", "log_squared_length"
ACROSS, ONE_INPUT = "pre_activation_variance", "silent_layer_one_input"


def only(table: pd.DataFrame, name: str) -> Any:
    """Return 1 in the rows of one initializer and 0 elsewhere."""
    return (table["initializer"] == name).astype(int)


Change = Callable[[pd.DataFrame], Any]

PLANTED: list[tuple[str, str, Change, set[str]]] = [
    ("he_layers", "activation_second_moment", lambda t: t["activation_second_moment"] * 1.1, {"half", "weighted_sum"}),
    ("he_layers", Z, lambda t: t[Z] * 1.1 ** t["layer"], {"he_keeps", "glorot_halves", "first_layer_doubles"}),
    ("he_layers", Z, lambda t: t[Z] * 1.1 ** t["layer"], {"leaky_keeps", "unmatched_grows"}),
    ("he_layers", Z, lambda t: t[Z] * 1.2 ** (t["layer"] * only(t, "he_uniform")), {"uniform_is_normal"}),
    ("he_layers", ACROSS, lambda t: t[Z], {"across_falls"}),
    ("he_layers", ACROSS, lambda t: t[ACROSS] * (1 + 0.1 * only(t, "glorot_normal")), {"angles_ignore_scale"}),
    ("he_pairs", LENGTH, lambda t: t[LENGTH] + 0.1 * t["layer"], {"length_factor", "median_shrinks"}),
    ("he_pairs", LENGTH, lambda t: t[LENGTH] * 0.5, {"spread"}),
    ("he_pairs", LENGTH, lambda t: t[LENGTH] * 1.5, {"spread"}),
    ("he_pairs", "cosine", lambda t: t["cosine"] * 0.9, {"angles_collapse", "angle_map"}),
    ("he_fans", Z, lambda t: t[Z] * 1.2 ** t["layer"], {"fan_in_forward", "fan_out_forward"}),
    ("he_fans", DELTA, lambda t: t[DELTA] * 1.2 ** t["layer"], {"fan_in_backward", "fan_out_backward"}),
    ("he_born_dead", ONE_INPUT, lambda t: t[ONE_INPUT].where(t["replicate"] % 2 == 0, 0), {"one_input_dies"}),
    ("he_born_dead", "silent_layer", lambda t: t["silent_layer"].where(t["stddev"] < 10, 0), {"same_networks_die"}),
]
"""Table, column, what it is changed into, and the checks that must notice."""


@pytest.mark.parametrize(("table", "column", "change", "refuted"), PLANTED)
def test_a_check_fails_where_the_numbers_say_something_else(
    results: Results, table: str, column: str, change: Change, refuted: set[str]
) -> None:
    changed = results[table].assign(**{column: change(results[table])})
    assert refuted <= failed(Results({**results.tables, table: changed}, {}, {}))


def test_every_check_is_refuted_by_one_of_the_planted_changes(results: Results) -> None:
    assert set().union(*(refuted for *_, refuted in PLANTED)) == {check.name for check in CHAPTER.checks(results)}


@pytest.mark.parametrize("figure", CHAPTER.figures, ids=lambda figure: figure.slug)
def test_a_figure_has_titles_labels_and_data_and_is_the_same_every_time(figure: Any, results: Results) -> None:
    with figure_style():
        drawn, again = (figure.draw(results) for _ in range(2))
    axes = drawn.axes
    assert to_svg(drawn) == to_svg(again)
    assert all(one.get_title(loc="left") and one.get_xlabel() for one in axes)
    assert axes[0].get_ylabel()
    data = figure.data(results)
    assert len(data) > 0
    assert not data.isna().any(axis=None)


def test_the_key_figure_draws_the_measured_means_over_the_formula(results: Results) -> None:
    (figure,) = (one for one in CHAPTER.figures if one.slug == "layers")
    with figure_style():
        axes = figure.draw(results).axes[0]
    drawn = [np.asarray(line.get_ydata(), dtype=float) for line in axes.lines]
    data = figure.data(results).set_index("initializer").loc["glorot_normal"]
    for column in ("second_moment", "by_formula"):
        assert any(len(y) == len(data) and np.allclose(y, data[column]) for y in drawn)
    assert np.allclose(data["by_formula"], 0.5 ** np.arange(len(data)))


def test_the_angle_map_is_that_of_a_single_wide_layer(results: Results) -> None:
    angles = he_tables.angles(results)
    draws = np.random.default_rng(0).standard_normal((2, 400_000))
    start = angles["by_formula"].iloc[0]
    first = np.maximum(draws[0], 0)
    second = np.maximum(start * draws[0] + np.sqrt(1 - start**2) * draws[1], 0)
    # E[h h'] / E[h²] with E[h²] = 1/2; the products have a standard deviation below 1.2.
    sampled, tolerance = 2 * float(np.mean(first * second)), 5 * 2 * 1.2 / np.sqrt(draws.shape[1])
    assert abs(angles["by_formula"].iloc[1] - sampled) < tolerance
    assert abs(start - sampled) > tolerance


@pytest.mark.parametrize(("width", "depth", "chance"), [(1, 1, 0.5), (1, 2, 0.75), (2, 1, 0.25), (4, 20, 0.72494)])
def test_the_chance_of_silence_is_that_of_independent_coins(width: int, depth: int, chance: float) -> None:
    assert he_tables.silent_chance(width, depth) == pytest.approx(chance, abs=1e-5)
