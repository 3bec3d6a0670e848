"""Columns: rows in the order that was asked for, with the type that was measured."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.battery.columns import by_index, by_layer, concatenate, merge, of_rows, with_constants

LAYERS, REPLICATES = 3, 4


def test_rows_become_columns_and_keep_their_types() -> None:
    columns = of_rows({"name": name, "fan_in": 4, "rms": 0.5} for name in ("he", "glorot_normal"))
    assert {name: column.dtype.kind for name, column in columns.items()} == {"name": "U", "fan_in": "i", "rms": "f"}
    assert columns["name"].tolist() == ["he", "glorot_normal"]


def test_every_entry_of_an_array_has_its_indices_beside_it() -> None:
    values = np.arange(24.0).reshape(2, 3, 4)
    columns = by_index({"value": values, "negative": -values}, replicate=0, layer=1, unit=10)
    assert list(columns) == ["replicate", "layer", "unit", "value", "negative"]
    for replicate, layer, unit, value, negative in zip(*columns.values(), strict=True):
        assert value == -negative == values[replicate, layer - 1, unit - 10]


def test_arrays_of_two_shapes_or_with_other_axes_than_named_are_refused() -> None:
    with pytest.raises(ValueError, match="unpack"):
        by_index({"one": np.zeros(2), "other": np.zeros(3)}, layer=1)
    with pytest.raises(ValueError, match="zip"):
        by_index({"one": np.zeros((2, 2))}, layer=1)


def test_layers_of_a_replicate_stand_together() -> None:
    measured = [np.arange(REPLICATES) + 10.0 * layer for layer in range(LAYERS)]
    columns = by_layer({"value": measured}, replicate=8, layer=0)
    assert columns["replicate"].tolist() == np.repeat([8, 9, 10, 11], LAYERS).tolist()
    assert columns["layer"].tolist() == [0, 1, 2] * REPLICATES
    assert columns["value"].tolist() == [10.0 * layer + r for r in range(REPLICATES) for layer in range(LAYERS)]


def test_rows_of_arrays_by_layer_are_laid_out_at_once() -> None:
    rows = [{"rms": np.full(REPLICATES, layer), "dead": np.full(REPLICATES, layer > 1)} for layer in range(LAYERS)]
    columns = by_layer(of_rows(rows))
    assert columns["rms"].tolist() == [0, 1, 2] * REPLICATES
    assert columns["dead"].dtype == bool


def test_a_single_replicate_needs_no_axis_of_its_own() -> None:
    columns = by_layer({"value": [1.0, 2.0], "other": np.array([[3.0], [4.0]])}, replicate=5)
    assert columns["replicate"].tolist() == [5, 5]
    assert columns["value"].tolist() == [1.0, 2.0]
    assert columns["other"].tolist() == [3.0, 4.0]


def test_constants_fill_their_columns_whatever_they_are() -> None:
    columns = with_constants({"layer": np.arange(3)}, initializer="he_normal", gain=0.5, width=8)
    assert columns["initializer"].tolist() == ["he_normal"] * 3
    assert [columns[name].dtype.kind for name in ("initializer", "gain", "width")] == ["U", "f", "i"]


def test_parts_stand_below_each_other_in_their_order() -> None:
    parts = ({"layer": np.array([number]), "name": np.array(["x" * number])} for number in (3, 1))
    columns = concatenate(parts)
    assert columns["layer"].tolist() == [3, 1]
    assert columns["name"].tolist() == ["xxx", "x"]


def test_parts_of_other_columns_are_a_bug() -> None:
    with pytest.raises(ValueError, match=r"same columns, not \[\['layer'\], \['unit'\]\]"):
        concatenate([{"layer": np.zeros(1)}, {"unit": np.zeros(1)}])


def test_tables_that_only_some_parts_have_are_merged_too() -> None:
    both = {"ends": {"loss": np.array([1.0])}, "curves": {"step": np.array([0, 1])}}
    merged = merge([both, {"ends": {"loss": np.array([2.0])}}])
    assert merged["ends"]["loss"].tolist() == [1.0, 2.0]
    assert merged["curves"]["step"].tolist() == [0, 1]
    assert merge([]) == {}
