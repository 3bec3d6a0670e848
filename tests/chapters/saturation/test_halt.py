"""What the chapter on saturation says about training: it holds by more than luck, and it can fail."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from reportgen.battery.cell import Streams
from reportgen.battery.results import Results, tabulate
from reportgen.chapters.saturation.halt import checks
from reportgen.chapters.saturation.halt_figures import FIGURES
from reportgen.chapters.saturation.halt_tables import STARTS, best_nets, causes, factors, learning
from reportgen.chapters.style import figure_style, to_svg
from reportgen.experiments.halt import EXPERIMENT

SEEDS = (0, 19)
SMALL, GLOROT, LARGE, HUGE = (f"initializer == '{name}'" for name in STARTS)
TANH, SIGMOID, DIGITS, CIRCLE = (
    "activation == 'tanh'",
    "activation == 'sigmoid'",
    "problem == 'digits'",
    "problem == 'circle'",
)


def measure(seed: int) -> Results:
    cells = EXPERIMENT.cells(SimpleNamespace(replicates=3, effort=0.25))
    tables = tabulate([EXPERIMENT], {cell: EXPERIMENT.measure(cell, Streams(seed)) for cell in cells})
    return Results(tables, EXPERIMENT.tables, {"preset": "quick"})


@pytest.fixture(scope="module")
def results() -> Results:
    return measure(SEEDS[0])


def failed(results: Results) -> set[str]:
    return {check.name for check in checks(results) if not check.holds}


def changed(results: Results, table: str, where: str, **values: float) -> Results:
    """Return the results with other values in the rows of a table that a query selects."""
    frame = results[table].copy()
    chosen = frame.query(where).index
    assert len(chosen)
    for column, value in values.items():
        frame.loc[chosen, column] = value
    return Results({**results.tables, table: frame}, results.columns, results.settings)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_sentence_holds_at_the_smallest_preset(seed: int) -> None:
    assert [check for check in checks(measure(seed)) if not check.holds] == []


END = "step > 200"  # some of the late looks on digits, and the last ones on both problems


@pytest.mark.parametrize(
    ("refuted", "table", "where", "values"),
    [
        ("halt_small", "halt_nets", f"{SMALL} and {SIGMOID} and {DIGITS}", {"end_loss": 0.5}),
        ("halt_huge", "halt_nets", f"{HUGE} and {TANH} and {CIRCLE}", {"end_loss": 0.1}),
        ("halt_huge", "halt_nets", f"{HUGE} and {SIGMOID} and {DIGITS}", {"start_loss": 2.4}),
        ("halt_knows_little", "halt_nets", f"{HUGE} and {DIGITS}", {"test_accuracy": 0.9}),
        ("halt_crawls", "halt_nets", f"{HUGE} and {SIGMOID} and {CIRCLE}", {"end_loss": 1e-4}),
        ("halt_glorot", "halt_nets", f"{GLOROT} and {TANH} and {CIRCLE}", {"test_accuracy": 0.5}),
        ("halt_slows", "halt_nets", f"{LARGE} and {TANH} and {DIGITS}", {"end_loss": 0.01}),
        ("halt_sigmoid", "halt_nets", f"{GLOROT} and {SIGMOID} and {DIGITS}", {"end_loss": 0.5}),
        ("halt_sigmoid", "halt_nets", f"{LARGE} and {SIGMOID} and {DIGITS}", {"test_accuracy": 0.1}),
        ("halt_saturates", "halt_layers", f"{HUGE} and step == 0", {"saturated_fraction": 0.3}),
        ("halt_saturates", "halt_layers", f"{HUGE} and {END}", {"saturated_fraction": 0.3}),
        ("halt_small_quiet", "halt_layers", f"{SMALL} and {END}", {"saturated_fraction": 0.1}),
        ("halt_begins_large", "halt_layers", f"{HUGE} and step == 0", {"gradient_norm": 1e-3}),
        ("halt_vanishes_later", "halt_layers", f"{HUGE} and {TANH} and {END}", {"gradient_norm": 10.0}),
        ("halt_lags", "halt_layers", f"{HUGE} and {SIGMOID} and {END}", {"gradient_norm": 100.0}),
        ("halt_lags", "halt_layers", f"{HUGE} and {SIGMOID} and {END}", {"gradient_norm": 1e-12}),
        ("halt_disagrees", "halt_layers", f"{HUGE} and step == 0", {"agreement": 0.7}),
        ("halt_disagrees", "halt_layers", f"{SMALL} and step == 0", {"agreement": 0.0}),
        ("halt_products", "halt_layers", SMALL, {"upstream_rms": 1.0}),
        ("halt_products", "halt_layers", f"{SMALL} and step == 0", {"upstream_rms": 1.0}),
        ("halt_outweighs", "halt_layers", f"{HUGE} and step == 0 and layer == 1", {"delta_rms": 1e-20}),
        ("halt_turns", "halt_layers", f"{HUGE} and {TANH} and {END} and layer == 1", {"delta_rms": 1e20}),
        ("halt_by_slopes", "halt_layers", f"{HUGE} and {TANH} and {END}", {"delta_rms": 1.0, "upstream_rms": 1.0}),
        ("halt_alive", "halt_layers", f"{GLOROT} and {END} and layer == 1", {"delta_rms": 1e-20}),
        ("halt_average_misleads", "halt_layers", f"{HUGE} and {END}", {"mean_squared_slope": 1e-12}),
    ],
)
def test_a_sentence_falls_with_its_numbers(
    results: Results, refuted: str, table: str, where: str, values: dict[str, float]
) -> None:
    assert refuted in failed(changed(results, table, where, **values))


def test_a_start_is_judged_at_the_rate_that_left_the_least_loss(results: Results) -> None:
    rates = sorted(results["halt_nets"]["learning_rate"].unique())
    for rate in rates:
        better = changed(results, "halt_nets", f"{GLOROT} and learning_rate == {rate}", end_loss=1e-9)
        assert set(best_nets(better).query(GLOROT)["learning_rate"]) == {rate}
        assert set(learning(better).query(f"{GLOROT} and best")["learning_rate"]) == {rate}


def test_the_factors_multiply_to_the_change_of_delta_from_the_last_layer_to_the_first(results: Results) -> None:
    split = factors(results).query(f"{DIGITS} and {TANH} and {GLOROT} and moment == 'start' and replicate == 1")
    layers = results["halt_layers"].query(f"{DIGITS} and {TANH} and {GLOROT} and step == 0 and replicate == 1")
    delta = layers.groupby("layer")["delta_rms"].first()
    assert split["product"].item() == pytest.approx((delta[1] / delta[5]) ** (2 / 4))
    assert split["weights"].item() * split["slopes"].item() == pytest.approx(split["product"].item())


def test_slopes_that_lose_the_whole_gradient_are_zero_and_can_be_drawn(results: Results) -> None:
    lost = changed(results, "halt_layers", f"{HUGE} and {END} and layer < 3", delta_rms=0.0)
    lost = changed(lost, "halt_layers", f"{HUGE} and {END} and layer == 1", upstream_rms=0.0)
    split = factors(lost).query(f"{HUGE} and {DIGITS} and moment == 'end'")
    assert set(split["slopes"]) == {0.0}
    assert (split["weights"] > 1).all()
    with figure_style(), np.errstate(all="raise"):
        drawn = next(figure for figure in FIGURES if figure.slug == "factors").draw(lost)
    to_svg(drawn)


def test_bands_hold_their_lines_and_epochs_go_up(results: Results) -> None:
    for table in (learning(results), causes(results)):
        assert (table["lower"] <= table["median"]).all()
        assert (table["median"] <= table["upper"]).all()
    first = causes(results).query(f"{CIRCLE} and {TANH} and {HUGE} and quantity == 'gradient_per_loss'")
    assert first["epoch"].is_monotonic_increasing


def test_the_drawn_loss_is_the_measured_median(results: Results) -> None:
    with figure_style():
        drawn = next(figure for figure in FIGURES if figure.slug == "halt").draw(results)
    curve = learning(results).query(f"{DIGITS} and {SIGMOID} and {LARGE} and best")["median"].to_numpy()
    lines = [line.get_ydata() for line in drawn.axes[3].lines]
    assert any(len(line) == len(curve) and np.allclose(line, curve) for line in lines)
