"""An activation that the theory cannot average is measured all the same: only its predictions are missing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from reportgen.battery.cache import Cache
from reportgen.battery.cell import Streams
from reportgen.battery.experiment import Part
from reportgen.experiments import gains, mean_field
from reportgen.experiments.averages import averages
from reportgen.experiments.edge_of_chaos.diagram import Diagram, Settled
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


def predictions(activation: str) -> tuple[Part, ...]:
    """Return a part of each experiment that predicts."""
    data = {"data": "gaussian"}
    return (
        gains.Averages(activation),
        mean_field.Predict(activation, ("he_normal",), data, depths=(2,), width=8, replicates=2, batch=4),
        Diagram(activation),
        Settled(activation, ("he_normal",), width=8),
    )


def test_an_activation_without_averages_gets_no_prediction(rocket: str) -> None:
    for part in predictions(rocket):
        assert part.measure(Streams(0)) == {}
    for part in predictions("tanh"):
        assert part.measure(Streams(0)).keys() == part.tables.keys()


def test_no_tables_are_stored_like_any_others(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    cache.put("0" * 64, {})
    assert cache.get("0" * 64) == {}
    assert cache.warnings == []


def test_an_activation_is_tabulated_once() -> None:
    assert averages("tanh") is averages("tanh")
    assert averages("tanh").second_moment(1.0) < averages("linear").second_moment(1.0) == 1
