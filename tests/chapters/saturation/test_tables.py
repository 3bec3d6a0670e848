"""The tables of the chapter on saturation against the measurements that they are made of."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from reportgen.battery.results import Results
from reportgen.chapters.names import LARGE
from reportgen.chapters.saturation import CHAPTER
from reportgen.chapters.saturation.halt_tables import HUGE, factors
from reportgen.report.page import Reading

Read = Callable[..., Reading]
Measure = Callable[..., Results]

NET = f"problem == 'digits' and activation == 'tanh' and initializer == '{HUGE}'"


def test_a_battery_cell_is_the_layer_of_its_depth(read: Read, measured: Measure) -> None:
    place = f"initializer == '{LARGE}' and activation == 'tanh'"
    layers = measured(["propagation"])["forward"].query(f"{place} and data == 'gaussian' and layer == 5")
    cell = read(CHAPTER).tables.battery.query(f"{place} and depth == 5")
    assert cell["saturated_fraction"].item() == pytest.approx(layers["saturated_fraction"].mean())


def test_the_factors_multiply_to_the_change_of_delta_from_the_last_layer_to_the_first(
    read: Read, measured: Measure
) -> None:
    split = read(CHAPTER).tables.factors.query(f"{NET} and moment == 'start' and replicate == 1")
    layers = measured(["halt"])["halt_layers"].query(f"{NET} and step == 0 and replicate == 1")
    delta = layers.groupby("layer")["delta_rms"].first()
    assert split["product"].item() == pytest.approx((delta[1] / delta[5]) ** (1 / 4))


def test_weights_come_before_slopes_on_the_way_down_and_slopes_that_lose_everything_are_zero() -> None:
    layers = pd.DataFrame({"layer": [1, 2, 3], "upstream_rms": [6.0, 2.0, 9.0], "delta_rms": [0.0, 0.5, 0.25]})
    net = dict.fromkeys(["problem", "activation", "initializer", "moment"], "")
    split = factors(layers.assign(**net, learning_rate=1.0, replicate=0))
    assert split["weights"].item() == pytest.approx(((6 / 0.5) * (2 / 0.25)) ** 0.5)
    assert split["slopes"].item() == 0


def test_moments_are_medians_of_the_nets_at_the_rate_that_is_marked_as_the_best(read: Read, measured: Measure) -> None:
    tables, found = read(CHAPTER).tables, read(CHAPTER).findings.halt.digits.tanh.huge.end
    (rate,) = tables.learning.query(f"{NET} and best")["learning_rate"].unique()
    layers = measured(["halt"])["halt_layers"].query(f"{NET} and learning_rate == {rate}")
    last = layers[layers["step"] == layers["step"].max()]
    first = last[last["layer"] == 1]
    assert found.gradient_norm == first["gradient_norm"].median()
    assert found.gradient == (first["gradient_norm"] / first["loss"]).median()
    assert found.saturated == pytest.approx(last.groupby("replicate")["saturated_fraction"].mean().median())
    assert found.product == tables.factors.query(f"{NET} and moment == 'end'")["product"].median()


def test_the_map_is_of_the_deepest_nets_with_random_weights_and_tells_bounded_activations_apart(read: Read) -> None:
    tables = read(CHAPTER).tables
    assert set(tables.deepest["depth"]) == {tables.battery["depth"].max()}
    assert {"zeros", "constant"}.isdisjoint(tables.deepest["row"])
    bounded = tables.deepest.drop_duplicates("activation").set_index("activation")["is_bounded"]
    assert set(bounded.index[bounded == 1]) == {"sigmoid", "tanh", "softsign"}
