"""The chapter on training: its checks hold on measured networks and can fail, and its figures draw what they say."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Rectangle

from reportgen.battery.cell import Streams
from reportgen.battery.results import Results, tabulate
from reportgen.chapters.names import short_name
from reportgen.chapters.style import figure_style, to_svg
from reportgen.chapters.training import CHAPTER
from reportgen.chapters.training.prediction import confusion, first_steps, misses, predictions, typical_steps
from reportgen.chapters.training.prediction_figures import draw_gains
from reportgen.chapters.training.tables import DEPTH, LARGE, SMALL, cells, gains, races, sizes, summary
from reportgen.experiments.training import EXPERIMENT
from reportgen.settings import Settings

SEEDS = (0, 1)
GLOROT, HE = "glorot_normal", "he_normal"
Where = Mapping[str, Any]


def measure(seed: int) -> Results:
    plan = Settings(preset="quick").battery()
    measured = {cell: EXPERIMENT.measure(cell, Streams(seed)) for cell in EXPERIMENT.cells(plan)}
    return Results(tabulate([EXPERIMENT], measured), EXPERIMENT.tables, plan.published())


@pytest.fixture(scope="module")
def results() -> Results:
    return measure(SEEDS[0])


def failed(results: Results) -> set[str]:
    return {check.name for check in CHAPTER.checks(results) if not check.holds}


def test_every_check_holds_at_the_smallest_preset(results: Results) -> None:
    for seen in (results, *map(measure, SEEDS[1:])):
        assert [check for check in CHAPTER.checks(seen) if not check.holds] == []


# Checks can fail -----------------------------------------------------------------------------------------------------


def turned(results: Results, accuracy: float, where: Where) -> Results:
    """Return results in which some networks have stalled (accuracy 0), learned (1) or diverged (nan)."""
    table = results["training_races"].copy()
    chosen = np.logical_and.reduce([table[name].isin(np.atleast_1d(value)) for name, value in where.items()])
    loss = (1 - accuracy) * np.log(table["classes"])
    ending = {"test_accuracy": accuracy, "diverged_after": np.inf, "test_loss": loss, "end_loss": loss}
    for column, value in ending.items():
        table[column] = np.where(chosen, value, table[column])
    return Results({**results.tables, "training_races": table}, {}, results.settings)


def on_map(**where: Any) -> Where:
    return {"study": "map", **where}


FIRST_GAIN = "variance_scaling(scale=0.1225, distribution=untruncated_normal)"
PLANTED = [
    (1.0, on_map(depth=DEPTH), {"depth_thins_out"}),
    (1.0, on_map(initializer="zeros", depth=2, activation="tanh"), {"zeros_never_learn"}),
    (1.0, on_map(initializer="constant", depth=2, activation="tanh"), {"constant_is_poor"}),
    (1.0, on_map(initializer=SMALL, depth=DEPTH, activation="relu"), {"small_does_not_start"}),
    (1.0, on_map(initializer=LARGE, depth=DEPTH, activation="relu"), {"large_diverges"}),
    (np.nan, on_map(initializer=LARGE, depth=2), {"large_needs_depth"}),
    (1.0, on_map(initializer=LARGE, depth=DEPTH, activation="tanh"), {"large_halts_tanh"}),
    (0.0, on_map(initializer=[HE, "he_uniform"], depth=DEPTH, activation="relu"), {"he_beats_glorot"}),
    (1.0, on_map(initializer="torch_default", depth=DEPTH, activation="relu"), {"torch_stalls"}),
    (1.0, on_map(initializer=GLOROT, depth=DEPTH, activation="sigmoid"), {"sigmoid_never_deep"}),
    (1.0, {"study": "deep", "initializer": GLOROT}, {"glorot_stalls", "he_learns"}),
    (0.0, {"study": "deep", "initializer": HE}, {"he_learns"}),
    (1.0, {"study": "gain", "initializer": FIRST_GAIN}, {"best_near_edge", "none_beyond_reach"}),
    (1.0, {"study": "gain"}, {"chaos_fails_early"}),
    (1.0, {"study": "rate", "initializer": SMALL}, {"no_rate_rescues"}),
    (0.0, {"study": "rate", "initializer": LARGE}, {"relu_diverges_at_any_rate"}),
    (1.0, {"study": "plane", "initializer": "zeros"}, {"plane_flat"}),
    (0.0, {"study": "plane", "data": "circle", "initializer": HE}, {"circle_is_learned"}),
    (0.0, {"study": "plane", "data": "spiral", "initializer": HE}, {"spiral_is_learned"}),
    (0.0, {"study": "plane", "data": "spiral", "initializer": LARGE}, {"large_can_be_good"}),
    (0.0, on_map(), {"near_learns", "healthy_learns", "better_than_base", "kinds_of_failure", "saturated_may_learn"}),
    (1.0, on_map(), {"far_does_not", "healthy_learns", "kinds_of_failure"}),
    (0.0, on_map(depth=2), {"misses_are_near_the_limit"}),
    (1.0, on_map(initializer=HE, depth=DEPTH, activation="linear"), {"linear_he_diverges"}),
]


@pytest.mark.parametrize(("accuracy", "where", "refuted"), PLANTED, ids=[str(n) for n in range(len(PLANTED))])
def test_a_check_fails_where_networks_ended_otherwise(
    results: Results, accuracy: float, where: Where, refuted: set[str]
) -> None:
    assert refuted <= failed(turned(results, accuracy, where))


def test_every_check_is_refuted_by_one_of_the_planted_endings(results: Results) -> None:
    assert set().union(*(refuted for *_, refuted in PLANTED)) == {check.name for check in CHAPTER.checks(results)}


# Tables --------------------------------------------------------------------------------------------------------------


def test_a_tie_goes_to_the_worse_outcome_and_medians_are_of_those_that_give_answers() -> None:
    nets = pd.DataFrame(
        {
            "start": ["a", "a", "b", "b"],
            "outcome": ["learned", "diverged", "stalled", "learned"],
            "test_accuracy": [0.8, np.nan, 0.2, 0.6],
            "test_loss": [0.5, np.nan, 2.0, 1.0],
        }
    )
    table = summary(nets, ["start"]).set_index("start")
    assert list(table["outcome"]) == ["diverged", "stalled"]
    assert table["test_accuracy"].to_dict() == pytest.approx({"a": 0.8, "b": 0.4})
    assert table["test_loss"].to_dict() == {"a": np.inf, "b": 1.5}
    assert table.loc["a", ["diverged", "stalled", "learned"]].tolist() == [0.5, 0.0, 0.5]


def test_the_map_has_every_start_once_in_the_order_of_the_battery(results: Results) -> None:
    table = cells(results)
    settings = results.settings
    assert len(table) == len(settings["initializers"]) * len(settings["activations"]) * len(
        sizes(results, "map").depths
    )
    assert list(table["initializer"].unique()) == settings["initializers"]
    assert list(table["activation"].unique()) == settings["activations"]


def test_the_first_step_is_the_learning_rate_times_the_gradient_over_the_weights(results: Results) -> None:
    rows = results["training_first_steps"]
    known = rows.assign(weight_norm=np.where(rows["initializer"] == "zeros", 0.0, 4.0), gradient_norm=0.8)
    known.loc[known["layer"] == 1, "gradient_norm"] = 0.0
    made = first_steps(Results({**results.tables, "training_first_steps": known}, {}, results.settings))
    rate = sizes(results, "map").rates[0]
    moved = made["layer"] > 1
    assert (made.loc[~moved, "ratio"] == 0).all()
    assert np.isinf(made.loc[moved & (made["initializer"] == "zeros"), "ratio"]).all()
    assert made.loc[moved & (made["initializer"] != "zeros"), "ratio"].to_numpy() == pytest.approx(rate * 0.8 / 4.0)


def test_every_network_of_the_map_has_one_typical_step(results: Results) -> None:
    assert len(typical_steps(results)) == len(races(results, "map"))
    assert typical_steps(results)["ratio"].notna().all()


def test_verdicts_and_outcomes_are_counted_once_per_start_and_misses_are_what_is_off(results: Results) -> None:
    table, counts = predictions(results), confusion(results)
    assert counts.to_numpy().sum() == len(table) == len(cells(results))
    off = counts.loc["healthy"].drop("learned").sum() + counts.drop("healthy")["learned"].sum()
    depths = misses(results)["starts (layers)"].str.findall(r"\((\d+(?:, \d+)*)\)(?:;|$)")
    assert sum(len(group.split(", ")) for groups in depths for group in groups) == off


def test_gains_stand_beside_six_times_their_depth_scale_at_one_learning_rate_each(results: Results) -> None:
    table = gains(results)
    below = table[table["gain"] < 1]
    assert below["reach"].to_numpy() == pytest.approx(-6 / np.log(below["gain"].to_numpy() ** 2), rel=1e-6)
    assert (table.groupby(["depth", "gain"])["learning_rate"].nunique() == 1).all()


# Figures -------------------------------------------------------------------------------------------------------------


def drawn(results: Results, slug: str) -> Any:
    figure = next(figure for figure in CHAPTER.figures if figure.slug == slug)
    with figure_style():
        return figure.draw(results)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("figure", CHAPTER.figures, ids=lambda figure: figure.slug)
def test_a_figure_has_a_message_and_labels_and_is_the_same_every_time(figure: Any, results: Results) -> None:
    with figure_style():
        canvas = figure.draw(results)
        assert to_svg(canvas) == to_svg(figure.draw(results))
    first = canvas.axes[0]
    assert canvas.get_suptitle() or first.get_title(loc="left")
    assert first.get_ylabel() or [label.get_text() for label in first.get_yticklabels()]
    assert len(figure.data(results)) > 0


def test_the_map_has_a_panel_per_depth_and_marks_every_start_that_did_not_learn(results: Results) -> None:
    panels = [axes for axes in drawn(results, "map").axes if axes.get_title(loc="left")]
    depths = sizes(results, "map").depths
    assert [axes.get_title(loc="left") for axes in panels] == [f"{depth} hidden layers" for depth in depths]
    for axes, depth in zip(panels, depths, strict=True):
        here = cells(results).query(f"depth == {depth}")["outcome"].value_counts()
        marks = {line.get_marker(): len(line.get_xdata()) for line in axes.lines}
        assert (marks.get("x", 0), marks["_"]) == (here.get("diverged", 0), here["stalled"])


def test_the_map_holds_what_a_user_adds(results: Results) -> None:
    table = results["training_races"]
    nets = table[table["study"] == "map"]
    starts = [nets[nets["initializer"] == HE].assign(initializer=f"random_normal(stddev={k})") for k in range(2, 8)]
    shapes = [nets[nets["activation"] == "tanh"].assign(activation=name) for name in ("mish", "sin", "square", "step")]
    more = pd.concat([table, *starts, *shapes, nets.assign(data="mine.csv"), nets.assign(depth=3)], ignore_index=True)
    extended = Results({**results.tables, "training_races": more}, {}, results.settings)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        canvas = drawn(extended, "map")
        to_svg(canvas)
    titles = [axes.get_title(loc="left") for axes in canvas.axes if axes.get_title(loc="left")]
    assert "2 hidden layers, mine.csv" in titles
    assert "3 hidden layers" in titles
    assert short_name("random_normal(stddev=7)") in [label.get_text() for label in canvas.axes[0].get_yticklabels()]


def test_a_data_set_of_the_user_changes_no_sentence(results: Results) -> None:
    added = {
        name: pd.concat([table, table[table["data"] == "digits"].assign(data="mine.csv")], ignore_index=True)
        for name, table in results.tables.items()
        if "data" in table and name != "training_races"
    }
    table = results["training_races"]
    mine = table[table["study"] == "map"].assign(data="mine.csv", test_accuracy=0.99, end_loss=0.1, classes=3)
    races_too = pd.concat([table, mine], ignore_index=True)
    extended = Results({**results.tables, **added, "training_races": races_too}, {}, results.settings)
    assert failed(extended) == set()
    ours, theirs = CHAPTER.findings(results), CHAPTER.findings(extended)
    assert ours["shares"] == theirs["shares"]
    assert ours["near"] == theirs["near"]
    assert ours["accuracy"] == theirs["accuracy"]


# Below the edge xi_c = -1 / ln(gain²), so six of them exceed the depth from gain exp(-3 / depth) on.
def test_the_shade_begins_where_six_depth_scales_are_as_long_as_the_net(results: Results) -> None:
    with figure_style():
        panels = draw_gains(results).axes
    for axes, depth in zip(panels, sizes(results, "gain").depths, strict=False):
        shade = next(patch for patch in axes.patches if isinstance(patch, Rectangle))
        assert shade.get_x() == pytest.approx(np.exp(-3 / depth), rel=0.01)
        assert shade.get_x() + shade.get_width() > 2
