"""What the experiment on the edge of chaos measures and predicts, against laws that share no code with it."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import digamma, polygamma
from scipy.stats import binom

from reportgen.battery.cell import Streams
from reportgen.battery.experiment import Columns, Measured
from reportgen.experiments.edge_of_chaos import EXPERIMENT

ERRORS = 5
"""Standard errors that a right value may be off by."""

WIDTH = 64
INITIALIZERS = ("zeros", "constant", "random_normal(stddev=0.01)", "he_normal", "orthogonal")
PLAN = SimpleNamespace(effort=0.25, width=WIDTH, initializers=INITIALIZERS, activations=("tanh", "relu"))


@pytest.fixture(scope="module")
def measured() -> list[Measured]:
    return [EXPERIMENT.measure(cell, Streams(7)) for cell in EXPERIMENT.cells(PLAN)]


def table(measured: list[Measured], name: str, **chosen: object) -> Columns:
    """Return the rows of all cells that have the chosen values."""
    parts = [part[name] for part in measured if name in part]
    columns = {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}
    rows = np.ones(len(next(iter(columns.values()))), dtype=bool)
    for key, value in chosen.items():
        rows &= columns[key] == value
    return {key: values[rows] for key, values in columns.items()}


def by_layer(columns: Columns, statistic: str) -> NDArray[np.float64]:
    """Return one statistic, networks × layers."""
    return columns[statistic].reshape(-1, len(np.unique(columns["layer"])))


def test_the_cells_fill_every_declared_column(measured: list[Measured]) -> None:
    assert {name for part in measured for name in part} == set(EXPERIMENT.tables)
    for cell, part in zip(EXPERIMENT.cells(PLAN), measured, strict=True):
        for name, columns in part.items():
            declared = {column.name for column in EXPERIMENT.tables[name]}
            assert set(columns) <= declared <= set(columns) | set(cell.mapping())
            assert len({len(values) for values in columns.values()}) == 1


def test_a_place_is_fan_in_times_the_variance_of_a_weight(measured: list[Measured]) -> None:
    places = table(measured, "edge_places")
    sigma_w2 = dict(zip(places["label"], places["sigma_w2"], strict=True))
    assert sigma_w2["he_normal"] == pytest.approx(2)
    assert sigma_w2["orthogonal"] == pytest.approx(1)
    assert sigma_w2["random_normal(stddev=0.01)"] == pytest.approx(WIDTH * 1e-4)
    assert sigma_w2["PyTorch Linear"] == pytest.approx(1 / 3)
    assert sigma_w2["Keras Dense"] == sigma_w2["Flax Dense"] == pytest.approx(1)
    # The variance of a normal law that is cut at two standard deviations and not corrected: not 1.
    assert sigma_w2["Haiku Linear"] == pytest.approx(0.87962566103423978**2)


def test_weights_that_are_not_drawn_around_zero_have_no_place(measured: list[Measured]) -> None:
    places = table(measured, "edge_places")
    without = set(places["label"][np.isnan(places["sigma_w2"])])
    assert without == {"zeros", "constant"} == set(places["label"][places["limit"] == "none"])


def test_only_pytorch_draws_its_biases(measured: list[Measured]) -> None:
    places = table(measured, "edge_places")
    drawn = places["sigma_b2"] > 0
    assert list(places["label"][drawn]) == ["PyTorch Linear"]
    assert places["sigma_b2"][drawn][0] == pytest.approx((1 / np.sqrt(WIDTH)) ** 2 / 3)  # uniform between +-a: a² / 3


def test_tanh_is_critical_where_the_literature_has_it(measured: list[Measured]) -> None:
    line = table(measured, "edge_lines", sigma_b2=0.05)
    assert line["sigma_w2"][0] == pytest.approx(1.761, abs=1e-3)
    phases = table(measured, "edge_phases", sigma_b2=0.05)
    rows = slice(0, len(phases["chi_1"]) // 2)  # the first activation, tanh
    ordered = phases["sigma_w2"][rows] < line["sigma_w2"][0]
    assert (phases["chi_1"][rows][ordered] < 1).all()
    assert (phases["chi_1"][rows][~ordered] > 1).all()


def test_the_depth_scales_are_those_of_schoenholz(measured: list[Measured]) -> None:
    ordered = table(measured, "edge_scales", sigma_b2=0.05, sigma_w2=1.2)
    assert ordered["xi_c"][0] == pytest.approx(5.945, abs=1e-3)
    assert ordered["chi_1"][0] == pytest.approx(np.exp(-1 / 5.945), abs=1e-4)
    chaotic = table(measured, "edge_scales", sigma_b2=0.05, sigma_w2=3.0)
    assert chaotic["c_star"][0] == pytest.approx(0.2993, abs=1e-4)
    assert chaotic["chi_1"][0] == pytest.approx(1.209, abs=1e-3)


@pytest.mark.parametrize(("sigma_w2", "chi_1"), [(1.2, 0.8452), (3.0, 1.209)])
def test_a_gradient_changes_by_chi_per_layer(measured: list[Measured], sigma_w2: float, chi_1: float) -> None:
    delta = np.log(by_layer(table(measured, "edge_decay", sigma_b2=0.05, sigma_w2=sigma_w2), "delta_second_moment"))
    factor = (delta[:, 2] - delta[:, -3]) / (delta.shape[1] - 5)
    tolerance = ERRORS * factor.std(ddof=1) / np.sqrt(factor.size)
    assert abs(factor.mean() - np.log(chi_1)) < tolerance
    assert abs(factor.mean() + np.log(chi_1)) > tolerance  # upside down


def test_two_inputs_start_at_the_angle_that_was_asked_for_and_turn_by_the_arc_cosine_map(
    measured: list[Measured],
) -> None:
    columns = table(measured, "edge_angles", activation="relu")
    cosines, predicted = by_layer(columns, "cosine"), by_layer(columns, "predicted")[0]
    error = cosines.std(axis=0, ddof=1) / np.sqrt(len(cosines))
    # Of few networks the standard error may come out too small; by width, pairs and networks it is 1/sqrt(256 * 8 * 6).
    tolerance = ERRORS * np.maximum(error, 0.01)
    angle = np.arccos(0.3)
    after_one = (np.sin(angle) + (np.pi - angle) * 0.3) / np.pi
    assert predicted[0] == pytest.approx(0.3)
    assert predicted[1] == pytest.approx(after_one, abs=1e-6)
    assert (abs(cosines.mean(axis=0) - predicted)[:2] < tolerance[:2]).all()
    assert abs(cosines[:, 1].mean() - 0.3) > tolerance[1]


def test_the_log_length_has_the_variance_of_a_chi_squared_law(measured: list[Measured]) -> None:
    """Given a layer, the next has k active units, binomial, and a squared length that is chi-squared with k degrees."""
    lengths = [
        (cell, part) for cell, part in zip(EXPERIMENT.cells(PLAN), measured, strict=True) if "edge_lengths" in part
    ]
    assert len(lengths) == 3
    for cell, part in lengths:
        width = cell.number("width")
        steps = np.diff(by_layer(part["edge_lengths"], "log_squared_length"))
        k = np.arange(1, width + 1)
        chance = binom.pmf(k, width, 0.5)
        means = digamma(k / 2) + np.log(4 / width)
        mean = float(chance @ means)
        variance = float(chance @ (polygamma(1, k / 2) + means**2)) - mean**2
        # The steps are nearly normal: their fourth moment is below 3.5 variances squared.
        assert abs(steps.var(ddof=1) - variance) < ERRORS * variance * np.sqrt(2.5 / steps.size)
        assert abs(steps.mean() - mean) < ERRORS * np.sqrt(variance / steps.size)
        assert abs(steps.var(ddof=1) - 2 / 5 * variance) > ERRORS * variance * np.sqrt(
            2.5 / steps.size
        )  # linear layers


def test_more_effort_adds_networks_and_keeps_the_first_ones() -> None:
    def cells(effort: float) -> list[int]:
        plan = SimpleNamespace(**{**vars(PLAN), "effort": effort})
        return [cell.number("networks") for cell in EXPERIMENT.cells(plan) if "networks" in cell.mapping()]

    assert all(more > fewer for more, fewer in zip(cells(4), cells(0.25), strict=True))
