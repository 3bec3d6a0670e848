"""The chapter on rescues: its checks hold by more than luck, and each of them can fail."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reportgen.battery.cell import Streams
from reportgen.battery.results import Results, tabulate
from reportgen.chapters.rescue import CHAPTER
from reportgen.chapters.rescue.tables import curves, growth, per_layer, trained
from reportgen.chapters.style import figure_style, to_png, to_svg
from reportgen.experiments.rescue import EXPERIMENT

SEEDS = (0, 1)


def measure(seed: int) -> Results:
    cells = EXPERIMENT.cells(SimpleNamespace(width=64, replicates=3, effort=0.25))
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


Change = Callable[[pd.DataFrame], Any]


def changed(results: Results, table: str, column: str, change: Change) -> Results:
    tables = {**results.tables, table: results[table].assign(**{column: change(results[table])})}
    return Results(tables, {}, results.settings)


def replaced(column: str, value: Any, **wanted: str) -> Change:
    """Replace a value in the rows that have the wanted words."""

    def change(table: pd.DataFrame) -> Any:
        rows = np.logical_and.reduce([table[name] == word for name, word in wanted.items()])
        return table[column].where(~rows, value if np.isscalar(value) else value(table))

    return change


def tilted(column: str, factor: float, **wanted: str) -> Change:
    """Multiply a column by a factor per layer."""
    return replaced(column, lambda table: table[column] * factor ** table["layer"].astype(float), **wanted)


def scaled(column: str, factor: float, **wanted: str) -> Change:
    return replaced(column, lambda table: table[column] * factor, **wanted)


SIGNAL, DELTA, ACCURACY = "pre_activation_second_moment", "delta_rms", "test_accuracy"
SMALL, LARGE = "random_normal(stddev=0.01)", "random_normal(stddev=1)"

PLANTED: list[tuple[str, str, Change, set[str]]] = [
    ("rescue_layers", SIGNAL, tilted(SIGNAL, 1.1, form="layer norm", initializer=SMALL), {"norm_forward"}),
    ("rescue_layers", DELTA, tilted(DELTA, 0.95, form="batch norm", initializer=LARGE), {"batch_gradient"}),
    (
        "rescue_layers",
        DELTA,
        tilted(DELTA, 0.95, initializer="variance_scaling(scale=18)"),
        {"batch_gradient"},
    ),
    ("rescue_layers", DELTA, tilted(DELTA, 1.467**0.5, form="batch norm"), {"batch_gradient", "both_grow_less"}),
    ("rescue_theory", "gradient_factor", replaced("gradient_factor", 1.178, form="batch norm"), {"batch_gradient"}),
    ("rescue_layers", DELTA, tilted(DELTA, 0.92, form="layer norm", activation="relu"), {"layer_gradient"}),
    ("rescue_theory", "gradient_factor", replaced("gradient_factor", 1.0, activation="tanh"), {"tanh_gradient"}),
    ("rescue_layers", "pre_activation_variance", lambda t: 0.3 * t[SIGNAL], {"inputs_apart"}),
    (
        "rescue_layers",
        "weight_gradient_norm",
        scaled("weight_gradient_norm", 2, form="batch norm", initializer=SMALL),
        {"weight_scale"},
    ),
    ("rescue_layers", SIGNAL, tilted(SIGNAL, 0.75, form="residual", activation="relu"), {"residual_doubles"}),
    ("rescue_layers", SIGNAL, scaled(SIGNAL, 1.4, form="residual + batch norm"), {"linear"}),
    ("rescue_layers", SIGNAL, tilted(SIGNAL, 1.005, form="scaled residual"), {"scaled_total"}),
    ("rescue_calibration", "fresh_variance", lambda t: 2 * t["fresh_variance"], {"lsuv_unit"}),
    ("rescue_calibration", "rescalings", lambda t: 3 * t["rescalings"], {"lsuv_unit"}),
    ("rescue_layers", DELTA, scaled(DELTA, 1.1, form="LSUV", initializer=LARGE), {"lsuv_scale"}),
    ("rescue_training", ACCURACY, replaced(ACCURACY, 0.9, form="plain", activation="tanh"), {"plain_fails"}),
    (
        "rescue_training",
        ACCURACY,
        replaced(ACCURACY, 0.2, form="residual + batch norm"),
        {"both_learn", "batch_alone", "scaled_large"},
    ),
    ("rescue_training", "diverged_after", lambda t: 0 * t["steps"], {"both_learn", "lsuv_tanh", "scaled_small"}),
    ("rescue_training", ACCURACY, replaced(ACCURACY, 0.9, form="residual"), set()),
    ("rescue_training", ACCURACY, replaced(ACCURACY, 0.2, form="scaled residual"), {"scaled_small"}),
    ("rescue_training", ACCURACY, replaced(ACCURACY, 0.9, form="layer norm"), {"layer_small"}),
    ("rescue_symmetry", "spread", replaced("spread", 1e-6, form="batch norm"), {"equal_stays"}),
    ("rescue_symmetry", "distinct_units", replaced("distinct_units", 2, form="residual"), {"equal_stays"}),
    ("rescue_symmetry", "movement", replaced("movement", 1e-6, initializer="zeros"), {"stands_still"}),
    ("rescue_symmetry", "movement", replaced("movement", 1e-6, form="layer norm"), {"stands_still"}),
    ("rescue_symmetry", "movement", replaced("movement", 0.0, form="batch norm"), {"batch_moves"}),
    ("rescue_symmetry", ACCURACY, replaced(ACCURACY, 0.9, form="batch norm"), {"equal_learn_little"}),
    ("rescue_symmetry", "distinct_units", replaced("distinct_units", 1, form="LSUV"), {"lsuv_replaces"}),
]


@pytest.mark.parametrize(
    ("table", "column", "change", "refuted"), PLANTED, ids=["-".join(sorted(refuted)) for *_, refuted in PLANTED]
)
def test_a_check_fails_where_the_numbers_say_something_else(
    results: Results, table: str, column: str, change: Change, refuted: set[str]
) -> None:
    assert refuted <= failed(changed(results, table, column, change))


def learning_at_last(results: Results) -> Results:
    """Let whole branches of He's learn."""
    table = results["rescue_training"].copy()
    rows = (table["form"] == "residual") & (table["initializer"] == "he_normal")
    table.loc[rows, ["end_loss", "test_loss", ACCURACY, "diverged_after"]] = [0.1, 0.1, 0.9, np.inf]
    return Results({**results.tables, "rescue_training": table}, {}, results.settings)


def test_every_check_is_refuted_by_one_of_the_planted_changes(results: Results) -> None:
    refuted = set().union(*(row[3] for row in PLANTED)) | failed(learning_at_last(results))
    assert refuted == {check.name for check in CHAPTER.checks(results)}


def test_the_factor_per_layer_is_that_of_the_middle_layers_towards_where_it_flows(results: Results) -> None:
    table = results["rescue_layers"].assign(
        delta_rms=lambda t: 3.0 ** -t["layer"].astype(float), pre_activation_second_moment=lambda t: 2.0 ** t["layer"]
    )
    straight = Results({**results.tables, "rescue_layers": table}, {}, results.settings)
    net = ("batch norm", "relu", "he_normal")
    assert per_layer(straight, *net, SIGNAL).value == pytest.approx(2)
    assert per_layer(straight, *net, DELTA).value == pytest.approx(9)
    table.loc[table["layer"] == 20, DELTA] = np.inf
    assert np.isnan(per_layer(straight, *net, DELTA).value)


def overflowing(results: Results) -> Results:
    """Let the gradients of whole branches with large weights leave the range of float32 from layer 20 down."""

    def lost(table: pd.DataFrame) -> Any:
        return table[DELTA].mask(table["layer"] <= 20, np.inf)

    return changed(results, "rescue_layers", DELTA, replaced(DELTA, lost, form="residual", initializer=LARGE))


def test_exact_zeros_are_zero_and_what_is_lost_is_infinite(results: Results) -> None:
    table = growth(overflowing(results)).set_index(["form", "activation", "initializer"])
    assert table.loc[("plain", "relu", SMALL), "gradient"] == 0
    assert table.loc[("residual", "relu", LARGE), "gradient"] == np.inf
    layers = curves(results, "relu")
    assert not layers.isna().any(axis=None)
    assert (layers.loc[layers["layer"] == 1, "signal"] == 1).all()


def test_what_is_learned_is_the_middle_replicate_at_the_better_rate() -> None:
    races = pd.DataFrame(
        {
            "form": "plain",
            "activation": "relu",
            "initializer": "he_normal",
            "learning_rate": np.repeat([0.01, 0.1], 3),
            "replicate": [0, 1, 2] * 2,
            "start_loss": 2.3,
            "end_loss": [2.0, 2.0, 2.0, 1.0, np.nan, np.nan],
            "test_loss": 1.0,
            "test_accuracy": [0.1, 0.2, 0.3, 0.6, np.nan, np.nan],
            "diverged_after": [np.inf] * 4 + [3, 3],
            "guess": 0.1,
            "classes": 10,
        }
    )
    row = trained(Results({"rescue_training": races}, {}, {})).iloc[0]
    assert (row["learning_rate"], row["test_accuracy"], row["outcome"]) == (0.01, 0.2, "stalled")
    whole = races.assign(end_loss=races["end_loss"].fillna(1.0), diverged_after=np.inf)
    row = trained(Results({"rescue_training": whole.fillna({"test_accuracy": 0.9})}, {}, {})).iloc[0]
    assert (row["learning_rate"], row["test_accuracy"], row["outcome"]) == (0.1, 0.9, "learned")


@pytest.mark.parametrize("figure", CHAPTER.figures, ids=lambda figure: figure.slug)
def test_a_figure_has_a_message_and_is_the_same_every_time(figure: Any, results: Results) -> None:
    with warnings.catch_warnings(), figure_style():
        warnings.simplefilter("error")
        canvas = figure.draw(results)
        assert to_svg(canvas) == to_svg(figure.draw(results))
        assert to_png(canvas)
    assert canvas.get_suptitle()
    assert len(figure.data(results)) > 0


def test_the_maps_say_diverged_zero_and_overflow_in_words(results: Results) -> None:
    shown = overflowing(results)
    drawn = {figure.slug: figure.draw(shown) for figure in CHAPTER.figures if figure.slug in ("training", "growth")}
    texts = {slug: {text.get_text() for axes in canvas.axes for text in axes.texts} for slug, canvas in drawn.items()}
    assert "diverged" in texts["training"]
    assert {"exactly 0", "overflow"} <= texts["growth"]


def test_the_curves_have_a_panel_above_the_other_for_every_form(results: Results) -> None:
    canvas = next(figure for figure in CHAPTER.figures if figure.slug == "relu").draw(results)
    forms = results["rescue_theory"]["form"].nunique()
    assert len(canvas.axes) == 2 * forms
    assert [axes.get_title() for axes in canvas.axes[:2]] == ["plain", "layer norm"]
