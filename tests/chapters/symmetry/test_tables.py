"""The slices of the chapter on symmetry, of results with columns that are made so that the answers are known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reportgen.battery.results import Results
from reportgen.chapters.symmetry.tables import Tables, read


@pytest.fixture(scope="module")
def results(measured: Callable[..., Results]) -> Results:
    return measured(("by_hand", "symmetry", "demos"))


def made(results: Results, table: str, make: Callable[[pd.DataFrame], Any], *columns: str) -> Tables:
    """Read the results with columns of one table made anew."""
    name = f"symmetry_{table}"
    return read(replace(results, tables={**results.tables, name: results[name].assign(**dict.fromkeys(columns, make))}))


def numbered(table: pd.DataFrame) -> Any:
    """Tell step, layer and replicate: 600.21 is step 600, layer 2, replicate 1."""
    return table["step"] + table.get("layer", 0) / 10 + table["replicate"] / 100


def exponential(table: pd.DataFrame) -> Any:
    return np.maximum(table["weight_noise"], table["bias_noise"]) * np.exp(table["step"] / 50)


def test_an_outcome_is_the_extreme_of_a_run_or_the_mean_at_its_end(results: Results) -> None:
    def outcome(table: str, make: Callable[[pd.DataFrame], Any], *columns: str) -> Any:
        outcomes = made(results, table, make, *columns).outcomes
        return outcomes[(outcomes["run"] == "circle") & (outcomes["start"] == "random")].iloc[0]

    columns = ["spread", "moved", "bitwise_units", "distinct_units", "rank", "largest_weight", "largest_bias"]
    layers = outcome("layers", numbered, *columns)
    assert list(layers[[*columns[:4], "greatest_rank", "hidden_weights"]]) == pytest.approx(6 * [600.21])
    assert list(layers[["least_spread", "least_rank"]]) == pytest.approx([0.1, 0.2])
    assert list(layers[["readout_weights", "output_biases"]]) == pytest.approx(2 * [600.31])
    learning = outcome("learning", numbered, "train_accuracy", "test_accuracy")
    assert list(learning[["best_accuracy", "test_accuracy"]]) == pytest.approx([600.01, 600.005])
    single = outcome("single_unit", lambda table: table["replicate"], "gap")
    assert list(single[["gap", "least_gap", "replicates"]]) == [1, 0, 2]


def test_the_units_are_shown_as_medians_from_zeros_to_random_and_from_much_noise_to_little(results: Results) -> None:
    table = made(results, "layers", numbered, "stable_rank").units
    end = table[table["step"] == 600]
    assert list(end["start"]) == [
        "zeros",
        "ones",
        "constant",
        *3 * ["noise"],
        "biases",
        "zero_biases",
        "dropout",
        "random",
    ]
    assert list(end["weight_noise"]) == [0, 0, 0, 1e-2, 1e-3, 1e-4, 0, 0, 0, 0]
    assert end["stable_rank"].iloc[-1] == pytest.approx(600.205)


def test_each_slice_has_the_layers_and_moments_that_it_is_about(results: Results) -> None:
    tables = made(results, "layers", numbered, "moved", "spread")
    np.testing.assert_allclose(tables.standstill["moved"], tables.standstill["step"] + 0.2)
    assert list(tables.film["step"].unique()) == [0, 60, 120, 240, 600]
    assert (tables.paths["input"].max(), tables.first_layer["input"].max()) == (7, 1)
    assert len(tables.cosines.groupby(["start", "weight_noise", "step"])) == 8
    assert set(tables.draws["initializer"]) == set(results.settings["initializers"])


def test_the_end_is_that_of_the_networks_whose_maps_are_drawn(results: Results) -> None:
    ends = made(results, "learning", numbered, "test_accuracy").ends
    assert dict(zip(ends["start"], ends["test_accuracy"], strict=True)) == dict.fromkeys(
        ["zeros", "constant", "random"], 600
    )


def test_the_time_to_break_is_read_between_two_checkpoints_on_a_logarithmic_scale(results: Results) -> None:
    tables = made(results, "layers", exponential, "spread")
    times = tables.times[tables.times["bias_noise"] == 0]
    np.testing.assert_allclose(times["updates"], 50 * np.log(0.5 / times["weight_noise"]), rtol=1e-9)
    np.testing.assert_allclose(times["predicted"], times["updates"], rtol=1e-6)
    np.testing.assert_allclose(times["growth_rate"], 1 / 50)
    np.testing.assert_allclose(times["updates_per_tenth"], 50 * np.log(10))


def test_noise_that_does_not_grow_never_breaks_the_symmetry(results: Results) -> None:
    tables = made(results, "layers", lambda table: table["weight_noise"], "spread")
    assert np.isinf(tables.times["updates"]).all()
    assert np.isnan(tables.times["growth_rate"]).all()
