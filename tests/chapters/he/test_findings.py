"""The numbers of the chapter on He: what each does where the networks do something else, and the formulas it uses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from reportgen.chapters.he import CHAPTER
from reportgen.chapters.he.tables import silent_chance
from tests.chapters.conftest import Measure, Read
from tests.chapters.following import Column, assert_follow, grown, refound

Z, H, DELTA = "pre_activation_second_moment", "activation_second_moment", "delta_second_moment"
ACROSS, LENGTH, SILENT = "pre_activation_variance", "log_squared_length", "silent_layer"


# The wide networks have 20 layers, the deep, narrow ones 50, and the funnel 6.
@pytest.mark.parametrize(
    ("table", "column", "change", "expected"),
    [
        ("he_layers", H, lambda t: t[H] * 1.1, {"half": 1.1, "weighted_sum": 1 / 1.1}),
        ("he_layers", Z, grown(Z), dict.fromkeys(("he", "leaky", "unmatched", "glorot", "first_layer"), 1.1**0.5)),
        ("he_layers", Z, grown(Z), {"glorot_last": 1.1**10, "uniform_difference": 1.1**0.5, "share_last": 1.1**-20}),
        ("he_layers", ACROSS, grown(ACROSS), {"glorot_across_last": 1.1**10, "share_last": 1.1**20}),
        ("he_pairs", LENGTH, lambda t: t[LENGTH] + np.log(1.1) * t["layer"], {"length_factor": 1.1, "spread": 1}),
        ("he_pairs", LENGTH, lambda t: t[LENGTH] + t["layer"] / 50, {"lengths.median": np.exp(0.5)}),
        ("he_pairs", LENGTH, lambda t: t[LENGTH] / 2, {"spread": 1 / 4, "lengths.log_variance": 1 / 4}),
        ("he_pairs", "cosine", lambda t: t["cosine"] * 0.9, {"cosine_start": 0.9, "cosine_last": 0.9}),
        ("he_fans", Z, grown(Z), {"forward.fan_in": 1.1**2.5, "forward.fan_out": 1.1**2.5, "backward.fan_in": 1}),
        ("he_fans", DELTA, grown(DELTA), {"backward.fan_in": 1.1**-2.5, "backward.fan_out": 1.1**-2.5}),
        ("he_spectra", "median", lambda t: t["median"] * t["depth"], {"spectra.orthogonal.median": 50}),
        ("he_born_dead", SILENT, lambda t: 0, {"dead.every_input": 0, "dead_one_input": 1}),
    ],
)  # fmt: skip
def test_a_number_follows_the_networks(
    table: str, column: str, change: Column, expected: dict[str, float], read: Read, measured: Measure
) -> None:
    assert_follow(read(CHAPTER), measured(CHAPTER.needs), (table, column), change, expected)


@pytest.mark.parametrize("column", [SILENT, "silent_layer_one_input"])
def test_networks_that_die_elsewhere_are_counted_at_their_scale(column: str, read: Read, measured: Measure) -> None:
    def change(table: pd.DataFrame) -> Any:
        return table[column] + ((table["stddev"] == 10) & (table["replicate"] < 3))

    found = refound(read(CHAPTER), measured(CHAPTER.needs), ("he_born_dead", column), change)
    assert found.otherwise_dead == {"0.01": 0, "0.1": 0, "0.707": 0, "10": 3}


def test_the_angle_map_is_that_of_a_single_wide_layer(read: Read) -> None:
    start, one = read(CHAPTER).tables.angles["by_formula"].iloc[:2]
    draws = np.random.default_rng(0).standard_normal((2, 400_000))
    first = np.maximum(draws[0], 0)
    second = np.maximum(start * draws[0] + np.sqrt(1 - start**2) * draws[1], 0)
    # E[h h'] / E[h²] with E[h²] = 1/2; the products have a standard deviation below 1.2.
    sampled, tolerance = 2 * float(np.mean(first * second)), 5 * 2 * 1.2 / np.sqrt(draws.shape[1])
    assert abs(one - sampled) < tolerance
    assert abs(start - sampled) > tolerance


# Hanin & Rolnick (2018): the variance of the log length is 5 times depth over width.
def test_the_lengths_scatter_as_published(read: Read) -> None:
    found = read(CHAPTER).findings
    assert found.lengths["log_variance_by_formula"] == pytest.approx(5 * found.narrow.depth / found.narrow.width)


@pytest.mark.parametrize(("width", "depth", "chance"), [(1, 1, 0.5), (1, 2, 0.75), (2, 1, 0.25), (4, 20, 0.72494)])
def test_the_chance_of_silence_is_that_of_independent_coins(width: int, depth: int, chance: float) -> None:
    assert silent_chance(width, depth) == pytest.approx(chance, abs=1e-5)


def test_the_key_figure_draws_the_measured_means_over_the_formula(read: Read) -> None:
    layers = read(CHAPTER).tables.layers
    drawn = [np.asarray(line.get_ydata(), float) for line in CHAPTER.figures[0].draw(layers).axes[0].lines]
    glorot = layers[layers["initializer"] == "glorot_normal"]
    for expected in (glorot["rms"], 0.5 ** (np.arange(len(glorot)) / 2)):
        assert any(len(y) == len(expected) and np.allclose(y, expected) for y in drawn)


def test_the_lines_of_silence_are_those_of_every_width_and_the_dots_of_one(read: Read) -> None:
    tables = read(CHAPTER).tables
    drawn = CHAPTER.figures[-1].draw(tables.dead, tables.silence).axes[0].lines
    shown = [np.asarray(line.get_ydata(), float) for line in drawn]
    measured = tables.dead[tables.dead["stddev"] == tables.dead["stddev"].min()]
    for expected in [
        measured["every_input"],
        *(rows for _, rows in tables.silence.groupby("width")["one_input_by_formula"]),
    ]:
        assert any(len(y) == len(expected) and np.allclose(y, expected) for y in shown)
