"""The chapter on the edge of chaos: its checks hold by more than luck and can fail; its prose quotes what was found."""

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
from reportgen.chapters.edge_of_chaos import CHAPTER, tables
from reportgen.chapters.style import figure_style, to_svg
from reportgen.experiments.edge_of_chaos import EXPERIMENT
from reportgen.settings import ACTIVATIONS, INITIALIZERS

SEEDS = (0, 1)


@cache
def measure(seed: int) -> Results:
    plan = SimpleNamespace(effort=0.25, width=64, initializers=INITIALIZERS, activations=ACTIVATIONS)
    measured = {cell: EXPERIMENT.measure(cell, Streams(seed)) for cell in EXPERIMENT.cells(plan)}
    return Results(tabulate([EXPERIMENT], measured), EXPERIMENT.tables, {"preset": "quick"})


@pytest.fixture(scope="module")
def results() -> Results:
    return measure(SEEDS[0])


@pytest.mark.parametrize("seed", SEEDS)
def test_every_check_holds_at_the_smallest_preset(seed: int) -> None:
    assert [check for check in CHAPTER.checks(measure(seed)) if not check.holds] == []


CHI, DELTA, COSINE, LOG = "chi_1", "delta_second_moment", "cosine", "log_squared_length"

Change = Callable[[pd.DataFrame], Any]

PLANTED: list[tuple[str, str, Change, set[str]]] = [
    ("edge_lines", "sigma_w2", lambda t: t["sigma_w2"] / 10, {"critical", "far_edge"}),
    ("edge_settled", CHI, lambda t: t[CHI] * 2.1, {"he_on_edge", "defaults_left", "defaults_tanh", "he_not_for_all"}),
    ("edge_decay", DELTA, lambda t: t[DELTA] / 1.2 ** t["layer"], {"sides", "gradients", "measured_edge"}),
    ("edge_decay", "cosine_gap", lambda t: t["cosine_gap"] ** 2, {"angles_decay"}),
    ("edge_decay", "cosine_gap", lambda t: np.exp(-t["layer"] / 20 * (1 + (t["sigma_w2"] < 4))), {"reach"}),
    ("edge_decay", "length_gap", lambda t: t["length_gap"] ** 2, {"lengths_decay"}),
    ("edge_angles", COSINE, lambda t: t[COSINE] / 2, {"angle_lines", "angle_lines_early", "sigmoid_closes"}),
    ("edge_angles", COSINE, lambda t: t[COSINE] / 2, {"relu_closes"}),
    ("edge_angles", COSINE, lambda t: t[COSINE] * 0 + 0.95, {"gain_opens", "wild_opens"}),
    ("edge_angles", COSINE, lambda t: t[COSINE].where(t["layer"] < 9, -0.2), {"glorot_keeps", "angle_lines"}),
    ("edge_lengths", LOG, lambda t: t[LOG] * 2, {"spread", "inside"}),
    ("edge_lengths", LOG, lambda t: t[LOG] * t["width"] / 24, {"narrow_strays"}),
    ("edge_lengths", LOG, lambda t: -t[LOG], {"narrow_loses"}),
]
"""Table, column, what it is changed into, and the checks that must notice."""


@pytest.mark.parametrize(("table", "column", "change", "refuted"), PLANTED)
def test_a_check_fails_where_the_numbers_say_something_else(
    results: Results, table: str, column: str, change: Change, refuted: set[str]
) -> None:
    changed = results[table].assign(**{column: change(results[table])})
    checks = CHAPTER.checks(Results({**results.tables, table: changed}, {}, {}))
    assert refuted <= {check.name for check in checks if not check.holds}


def test_every_check_is_refuted_by_one_of_the_planted_changes(results: Results) -> None:
    assert set().union(*(refuted for *_, refuted in PLANTED)) == {check.name for check in CHAPTER.checks(results)}


@pytest.mark.parametrize("figure", CHAPTER.figures, ids=lambda figure: figure.slug)
def test_a_figure_has_titles_and_data_and_is_the_same_every_time(figure: Any, results: Results) -> None:
    with figure_style():
        drawn, again = (figure.draw(results) for _ in range(2))
    shown = [axes for axes in drawn.axes if axes.axison]
    assert to_svg(drawn) == to_svg(again)
    assert all(axes.get_title(loc="left") for axes in shown)
    assert shown[0].get_ylabel()
    assert shown[-1].get_xlabel()
    assert len(figure.data(results)) > 0


def test_an_initializer_without_a_limit_gets_no_point_and_is_named(results: Results) -> None:
    findings = CHAPTER.findings(results)
    assert findings["no_limit"] == ["zeros", "constant"]
    assert not set(tables.places(results)["initializer"]) & set(findings["no_limit"])
    assert np.isfinite(tables.places(results)["sigma_w2"]).all()


def test_names_that_share_a_place_are_written_at_one_point(results: Results) -> None:
    points = tables.points(results).set_index("sigma_w2")["names"]
    assert points.loc[1.0] == "lecun, glorot, orthogonal, Keras Dense, Flax Dense"
    assert points.loc[2.0] == "he"


@pytest.mark.parametrize("scale", [2.0, 9.0])
def test_the_fitted_depth_scale_is_that_of_an_exponential(results: Results, scale: float) -> None:
    layers = np.arange(1, 21)
    gaps = results["edge_decay"].assign(cosine_gap=lambda t: np.exp(-t["layer"] / scale))
    fitted = tables.decay(Results({**results.tables, "edge_decay": gaps}, {}, {}))
    assert len(layers) == gaps["layer"].nunique()
    assert np.allclose(fitted["xi_c_measured"], scale)
    assert np.allclose(fitted["xi_c_error"], 0, atol=1e-9)


def test_more_activations_and_initializers_than_ours_still_make_figures(results: Results) -> None:
    plan = SimpleNamespace(
        effort=0.25, width=64, initializers=(*INITIALIZERS, "he_normal(mode=fan_out)"), activations=("tanh", "mish")
    )
    cells = [cell for cell in EXPERIMENT.cells(plan) if cell.text("part") in ("places", "diagram")]
    more = tabulate([EXPERIMENT], {cell: EXPERIMENT.measure(cell, Streams(0)) for cell in cells})
    grown = {**results.tables, "edge_places": more["edge_places"]}
    for name in ("edge_lines", "edge_phases", "edge_settled"):
        grown[name] = pd.concat([results[name], more[name][more[name]["activation"] == "mish"]], ignore_index=True)
    with figure_style():
        for figure in CHAPTER.figures[:2]:
            assert to_svg(figure.draw(Results(grown, {}, {})))
