"""An activation that the theory cannot average is measured all the same: only its predictions are missing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from reportgen.battery.cache import Cache
from reportgen.battery.cell import Cell
from reportgen.battery.run import Recipe, run_cell
from reportgen.experiments import edge_of_chaos, gains, mean_field
from reportgen.experiments.averages import averages
from reportgen.nn.activation import activation, activations


@pytest.fixture
def rocket(monkeypatch: pytest.MonkeyPatch) -> str:
    """Register an activation that grows too fast for a Gaussian average, for one test."""
    for store in ("_definitions", "_spellings"):
        monkeypatch.setattr(activations, store, dict(getattr(activations, store)))

    @activation("rocket", derivative=lambda z: 2 * z * np.exp(z**2), label="rocket", formula="", reference="")
    def rocket(z: np.ndarray) -> np.ndarray:
        return np.exp(z**2)

    return "rocket"


BATTERY = {"initializers": ("he_normal",), "depths": (2,), "width": 8, "replicates": 2, "batch": 4, "data": "gaussian"}


@pytest.mark.parametrize(
    ("experiment", "factors"),
    [
        (gains, {}),
        (mean_field, BATTERY),
        (edge_of_chaos, {"part": "diagram", "initializers": "he_normal", "width": 8}),
    ],
)
def test_an_activation_without_averages_gets_no_prediction(rocket: str, experiment, factors) -> None:  # type: ignore[no-untyped-def]
    measured = {}
    for name in (rocket, "tanh"):
        cell = Cell.of(experiment.EXPERIMENT.name, activation=name, **factors)
        measured[name] = run_cell(cell, Recipe.of(0), Recipe.of(0).code(cell.experiment))
    assert measured[rocket] == {}
    assert measured["tanh"].keys() <= experiment.EXPERIMENT.tables.keys()
    assert len(measured["tanh"]) > 0


def test_no_tables_are_stored_like_any_others(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    cache.put("0" * 64, {})
    assert cache.get("0" * 64) == {}
    assert cache.warnings == []


def test_an_activation_is_tabulated_once() -> None:
    assert averages("tanh") is averages("tanh")
    assert averages("tanh").second_moment(1.0) < averages("linear").second_moment(1.0) == 1
