"""The chapter on gains: its checks hold by more than luck, can fail, and its prose quotes only what was found."""

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
from reportgen.chapters.gains import CHAPTER
from reportgen.chapters.gains import tables as gains_tables
from reportgen.chapters.style import figure_style, to_svg
from reportgen.experiments.gains import EXPERIMENT
from reportgen.settings import ACTIVATIONS

SEEDS = (0, 1, 2)
Z, DELTA = "pre_activation_second_moment", "delta_second_moment"


@cache
def measure(seed: int) -> Results:
    cells = EXPERIMENT.cells(SimpleNamespace(activations=ACTIVATIONS, effort=0.25))
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


def steps(table: pd.DataFrame, name: str, gain: float) -> Any:
    """Return the number of the layer in the rows of one case and 0 elsewhere."""
    return table["layer"] * ((table["activation"] == name) & np.isclose(table["gain"], gain))


PLANTED: list[tuple[str, str, Change, set[str]]] = [
    ("activation_gains", "forward_gain", lambda t: t["forward_gain"] * 1.1, {"homogeneous_is_the_same"}),
    ("activation_gains", "forward_gain", lambda t: t["forward_gain"] * 1.1, {"selu_is_built_for_one"}),
    ("activation_gains", "backward_gain", lambda t: t["forward_gain"], {"others_differ"}),
    ("activation_gains", "torch_gain", lambda t: t["torch_gain"] * 1.1, {"torch_is_forward_for_relu"}),
    ("gain_layers", Z, lambda t: t[Z] * 1.02 ** steps(t, "tanh", 5 / 3), {"tanh_settles", "theory_holds"}),
    ("gain_layers", DELTA, lambda t: t[DELTA] * 1.2 ** steps(t, "tanh", 5 / 3), {"tanh_explodes"}),
    ("gain_layers", Z, lambda t: t[Z] * 1.1 ** steps(t, "tanh", 1), {"tanh_fades"}),
    ("gain_layers", DELTA, lambda t: t[DELTA] / 1.2 ** steps(t, "tanh", 1), {"tanh_one_changes_less"}),
    ("gain_layers", Z, lambda t: t[Z] * 1.02 ** steps(t, "selu", 1), {"selu_keeps"}),
    ("gain_layers", DELTA, lambda t: t[DELTA] * 1.07 ** steps(t, "selu", 1), {"selu_grows"}),
    ("gain_layers", Z, lambda t: t[Z] * 1.1 ** steps(t, "selu", 0.75), {"selu_falls"}),
    ("gain_layers", DELTA, lambda t: t[DELTA] / 1.1 ** steps(t, "selu", 0.75), {"selu_shrinks"}),
]
"""Table, column, what it is changed into, and the checks that must notice."""


@pytest.mark.parametrize(("table", "column", "change", "refuted"), PLANTED)
def test_a_check_fails_where_the_numbers_say_something_else(
    results: Results, table: str, column: str, change: Change, refuted: set[str]
) -> None:
    changed = results[table].assign(**{column: change(results[table])})
    assert refuted <= failed(Results({**results.tables, table: changed}, {}, results.settings))


def test_every_check_is_refuted_by_one_of_the_planted_changes(results: Results) -> None:
    assert set().union(*(refuted for *_, refuted in PLANTED)) == {check.name for check in CHAPTER.checks(results)}


@pytest.mark.parametrize("figure", CHAPTER.figures, ids=lambda figure: figure.slug)
def test_a_figure_has_titles_labels_and_data_and_is_the_same_every_time(figure: Any, results: Results) -> None:
    with figure_style():
        drawn, again = (figure.draw(results) for _ in range(2))
    assert to_svg(drawn) == to_svg(again)
    assert all(one.get_title(loc="left") and one.get_xlabel() and one.get_ylabel() for one in drawn.axes)
    assert len(figure.data(results)) > 0


def test_the_gradient_is_followed_from_the_last_layer_to_the_first(results: Results) -> None:
    compared = gains_tables.findings(results)["compared"].set_index(["activation", "gain"])
    in_theory = compared.loc[("selu", 1.0), "in theory "]
    # At variance one every layer multiplies the gradient's second moment by E[selu'²]: one over the squared gain.
    factor = gains_tables.gains(results).set_index("activation").loc["selu", "backward_gain"] ** -2
    assert in_theory == pytest.approx(factor**49, rel=0.1)
