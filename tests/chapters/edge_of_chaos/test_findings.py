"""The slices and numbers of the chapter on the edge of chaos, where the answer is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

from reportgen.battery.results import Results
from reportgen.chapters import CHAPTERS
from reportgen.chapters.edge_of_chaos import CHAPTER
from reportgen.chapters.edge_of_chaos.findings import find
from reportgen.chapters.edge_of_chaos.tables import Tables
from reportgen.report.formats import FORMATS
from reportgen.report.page import Edition, Reading, render_page
from reportgen.report.templating import environment

Made = Callable[..., Tables]


@pytest.fixture(scope="module")
def made(measured: Callable[..., Results]) -> Made:
    """Return a function (table, columns that are made up) -> the tables of the chapter."""
    results = measured(CHAPTER.needs)

    def read(table: str, **columns: Any) -> Tables:
        return CHAPTER.read(replace(results, tables={**results.tables, table: results[table].assign(**columns)}))

    return read


def test_an_initializer_without_a_limit_gets_no_place_and_is_named(read: Callable[..., Reading]) -> None:
    tables, findings = read(CHAPTER).tables, read(CHAPTER).findings
    assert findings.no_limit == ["zeros", "constant"]
    assert not set(tables.places["initializer"]) & set(findings.no_limit)
    assert np.isfinite(tables.places["sigma_w2"]).all()


def test_a_start_that_declares_no_limit_is_named_apart(made: Made) -> None:
    def label(t: Any) -> Any:
        return t["label"].where(t["label"] != "constant", "mine")

    found = find(made("edge_places", label=label))
    assert (found.no_limit, found.undeclared) == (["zeros"], ["mine"])


@pytest.mark.parametrize(
    ("names", "told"),
    [(["coin"], "coin has none either: nothing says that it"), (["a", "b"], "a and b have none")],
)
def test_the_page_does_not_say_of_an_added_start_how_it_draws(
    names: list[str], told: str, read: Callable[..., Reading], measured: Callable[..., Results]
) -> None:
    reading = read(CHAPTER)
    reading = reading._replace(findings=replace(reading.findings, undeclared=names))
    settings = measured(CHAPTER.needs).settings
    page = render_page(reading, Edition(FORMATS["markdown"], CHAPTERS, settings, (), environment()))
    assert told in page
    assert "zeros and constant have no place at all" in page


def test_an_edge_that_no_weights_can_have_is_none(made: Made) -> None:
    def odd(t: Any) -> Any:
        return t["sigma_w2"].where(t["activation"] != "softsign", 3e-303)

    edges = find(made("edge_lines", sigma_w2=odd)).edges.set_index("activation")
    assert list(edges.loc["softsign"])[:3] == ["none"] * 3
    assert edges.loc["tanh", "without biases"] == pytest.approx(1, rel=0.01)


def test_a_walk_finds_the_factors_the_edge_and_the_depth_scales_of_exponentials(made: Made) -> None:
    tables = made(
        "edge_decay",
        delta_second_moment=lambda t: (t["sigma_w2"] / 1.9) ** -t["layer"],
        cosine_gap=lambda t: np.exp(-t["layer"] / t["sigma_w2"]),
        length_gap=lambda t: np.exp(-t["layer"] / 9),
    )
    walk, scales = find(tables).walk, tables.scales.dropna(subset="xi_q_measured")
    assert (walk.critical, walk.he.factor_measured.value) == pytest.approx((1.9, (2 / 1.9) ** 0.5))
    assert (walk.left, walk.right) == pytest.approx(((1.5 / 1.9) ** 0.5, (2 / 1.9) ** 0.5))
    chi_1 = tables.scales.dropna(subset="log_factor_measured").set_index("sigma_w2")["chi_1"]
    off = np.sqrt(chi_1.index / 1.9 / chi_1)
    assert walk.factor_off == pytest.approx((off.min(), off.max()))
    assert (walk.peak.sigma_w2, walk.peak.xi_c_measured.value) == pytest.approx((4.0, 4.0))
    assert (walk.reach_near, walk.reach_far) == pytest.approx((2.0, 4.0)), "next to the edge are 1.5 and 2"
    np.testing.assert_allclose(scales["xi_q_measured"], 9)
    np.testing.assert_allclose(scales[["xi_q_error", "xi_c_error", "log_factor_error"]], 0, atol=1e-9)


def test_a_path_has_the_cosine_at_its_layers(made: Made) -> None:
    angles = find(made("edge_angles", cosine=lambda t: 1 / t["layer"], predicted=lambda t: 0.5 / t["layer"])).angles
    assert angles.paths["gain"] == pytest.approx((1, 1 / angles.early, 1 / angles.later, 1 / angles.size.depth))
    assert angles.gap == angles.gap_early == pytest.approx(0.5)


def test_the_band_is_that_of_a_log_normal_length_of_mean_one(read: Callable[..., Reading]) -> None:
    table = read(CHAPTER).tables.lengths
    variance = 5 * table["layer"] / table["width"]
    np.testing.assert_allclose(table["variance_by_law"], variance)
    for bound, probability in (("lower", 0.05), ("upper", 0.95)):
        expected = [NormalDist(-v / 2, v**0.5).inv_cdf(probability) for v in variance]
        np.testing.assert_allclose(np.log(table[f"{bound}_by_law"]), expected, rtol=1e-9, atol=1e-9)


# Every layer adds a deviation of the same size, up in one half of the networks and down in the other.
def test_the_spread_is_the_width_times_the_variance_of_a_layers_step(made: Made) -> None:
    def walked(table: Any) -> Any:
        return table["layer"] * np.where(table["replicate"] % 2, 1, -1) / np.sqrt(table["width"])

    found = find(made("edge_lengths", log_squared_length=walked)).lengths
    assert [width.spread for width in found.widths] == pytest.approx([1] * 3, rel=1e-3)
    assert found.wide.variance * found.wide.units == pytest.approx(found.depth**2, rel=0.05)
    assert found.inside == pytest.approx(1 / 6), "the lower half of the narrowest"
    assert find(made("edge_lengths", log_squared_length=-1.0)).lengths.narrow.typical == pytest.approx(np.exp(-1))


# q and the gap of the cosine fall like one over the layer, and like its square.
def test_what_is_left_on_the_line_is_that_of_twice_as_many_layers(made: Made) -> None:
    tables = made("edge_on_line", q=lambda t: 1 / (2 * t["layer"]), cosine=lambda t: 1 - 0.7 / t["layer"] ** 2)
    line = find(tables).line_relu
    assert (line.q, line.left) == pytest.approx((0.5 / line.layer, 0.5))
    assert (line.start, line.closing) == pytest.approx((0.3, 0.25))


def test_activations_with_two_edges_settle_in_two_ways(made: Made) -> None:
    found = find(
        made("edge_lines", sigma_w2_of_one=lambda t: t["sigma_w2"] * np.where(t["activation"] == "elu", 1.1, 1))
    )
    assert found.two_ways == ["elu"]
    assert found.critical_of_one["elu"] == pytest.approx(1.1)


def test_an_activation_is_scale_free_where_chi_1_depends_on_the_weights_alone(made: Made) -> None:
    def made_up(table: Any) -> Any:
        return table["sigma_w2"] * np.where(table["activation"] == "tanh", 0.3, 1 + table["sigma_b2"])

    assert find(made("edge_phases", chi_1=made_up)).scale_free == ["tanh"]


# Nets learn below a gain of one, where the theory's reach is 6 layers, and not above it, where it is 600.
def test_nets_are_counted_on_the_side_of_the_reach_on_which_their_depth_is(made: Made) -> None:
    tables = made("training_theory", xi_c=lambda t: np.where(t["gain"] < 1, 1.0, 100.0))
    trained = tables.trained.assign(outcome=np.where(tables.trained["gain"] < 1, "learned", "stalled"))
    reach = find(tables._replace(trained=trained)).reach
    assert set(reach.within) == set(reach.beyond) == {10, 30}
    for depth in (10, 30):
        assert reach.beyond[depth].learned == reach.beyond[depth].nets > 0
        assert reach.within[depth].learned == 0 < reach.within[depth].nets
    assert reach.best_beyond == trained.query("depth == 30 and gain < 1")["test_accuracy"].max()


def test_a_net_has_learned_if_it_did_at_one_of_its_rates(made: Made) -> None:
    trained = made("training_theory").trained
    is_first = trained["learning_rate"] == trained["learning_rate"].min()
    found = find(
        made("training_theory")._replace(trained=trained.assign(outcome=np.where(is_first, "learned", "stalled")))
    )
    assert found.reach.table.iloc[:, -1].eq(f"{found.reach.networks} of {found.reach.networks}").all()
