"""The numbers of the chapter on Var(w·x) = 1, and its first figure."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from reportgen.chapters.derivation import CHAPTER
from tests.chapters.conftest import Measure, Read
from tests.chapters.following import Column, assert_follow, grown, refound

DELTA, Z, H = "delta_variance", "pre_activation_variance", "activation_variance"
SATURATED = "saturated_fraction"


# The networks have 50 layers; the fan_in of the sums reaches from 4 to 256.
@pytest.mark.parametrize(
    ("table", "column", "change", "expected"),
    [
        ("steps", "measured", lambda t: t["measured"] * 2, {"measured.backward": 2, "measured.scales": 1}),
        ("assumptions", "measured", lambda t: t["measured"] * 2, {"measured.backward": 1, "measured.scales": 2}),
        ("assumptions", "unit_spread", lambda t: t["unit_spread"] * 2, {"spread.kept": 2, "spread.scales": 2}),
        ("fan_in_growth", "measured", lambda t: t["measured"] * t["fan_in"], {"large.few": 4, "scaled.variance": 256}),
        ("fan_in_growth", SATURATED, lambda t: t[SATURATED] / t["fan_in"], {"large.saturated": 1 / 256}),
        ("tanh_layers", H, grown(H), {"glorot_last": 1.1**50, "gain_held": 1.1**40}),
        ("tanh_layers", H, lambda t: t[H] * 4, {"gain_std": 2, "glorot_last": 4, "gain_held": 1}),
        ("tanh_layers", Z, lambda t: t[Z] * 4, {"gain_pre_activation": 4}),
        ("tanh_layers", DELTA, grown(DELTA), {"glorot_gradient": 1.1**-49, "gain_gradient": 1.1**-49}),
        ("tanh_layers", DELTA, grown(DELTA), {"gain_per_layer": 1.1**-1, "gain_gradient_std": 1.1**-24.5}),
        ("tanh_layers", H, lambda t: t[H] * 4, {"glorot_std": 2, "halves_std": 1, "fading_exponent": 1}),
    ],
)  # fmt: skip
def test_a_number_follows_the_measurements(
    table: str, column: str, change: Column, expected: dict[str, float], read: Read, measured: Measure
) -> None:
    assert_follow(read(CHAPTER), measured(CHAPTER.needs), (table, column), change, expected)


@pytest.mark.parametrize(
    ("table", "column", "change", "name", "expected"),
    [
        ("fan_in_growth", "measured", lambda t: 1.5 * t["predicted"], "growth_off", 0.5),
        ("assumptions", "unit_spread", lambda t: 1.5 * t["unit_spread_predicted"], "spread_off", 0.5),
        ("steps", "measured", lambda t: t["predicted"] + 9 * t["standard_error"], "farthest", 9),
        ("tanh_layers", H, lambda t: 1 / t["layer"], "fades", 2),
    ],
)
def test_a_distance_from_theory_is_told(
    table: str, column: str, change: Column, name: str, expected: float, read: Read, measured: Measure
) -> None:
    found = refound(read(CHAPTER), measured(CHAPTER.needs), (table, column), change)
    assert getattr(found, name) == pytest.approx(expected)


def test_the_lines_of_the_first_figure_are_the_predictions_and_its_markers_the_measurements(read: Read) -> None:
    growth = read(CHAPTER).tables.growth
    shown = [np.asarray(line.get_ydata()) for line in CHAPTER.figures[0].draw(growth).axes[0].get_lines()]
    for _, rows in growth.groupby("initializer"):
        for column in ("predicted", "measured"):
            assert any(np.array_equal(values, rows[column]) for values in shown)


def test_a_power_of_the_layer_number_has_its_exponent_whatever_its_size(read: Read, measured: Measure) -> None:
    def fading(table: pd.DataFrame) -> pd.Series[float]:
        return 3 * table["layer"] ** -0.7

    found = refound(read(CHAPTER), measured(CHAPTER.needs), ("tanh_layers", H), fading)
    assert found.fading_exponent == pytest.approx(-0.7)


def test_a_gradient_that_grows_eightyfold_is_not_said_to_explode_until_it_has_grown_a_hundredfold(
    read: Read, measured: Measure
) -> None:
    def growing(table: pd.DataFrame) -> pd.Series[float]:
        return 80.0 ** (2 * (table["layer"].max() - table["layer"]) / (table["layer"].max() - 1))

    found = refound(read(CHAPTER), measured(CHAPTER.needs), ("tanh_layers", DELTA), growing)
    assert found.gain_gradient_std == pytest.approx(80)
    assert found.gain_gradient_std < found.limit
    assert found.gain_reach == pytest.approx(1 + 49 * np.log(100) / np.log(80))
