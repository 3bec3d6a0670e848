"""An activation that the theory cannot average is told in one line, whichever experiment meets it first."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.battery.cell import Cell, Streams
from reportgen.errors import UsageError
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
def test_an_activation_without_averages_is_named_in_one_line(rocket: str, experiment, factors) -> None:  # type: ignore[no-untyped-def]
    cell = Cell.of(experiment.EXPERIMENT.name, activation=rocket, **factors)
    with pytest.raises(UsageError, match=r"^activation rocket: the theory cannot average it: .+$"):
        experiment.EXPERIMENT.measure(cell, Streams(0))


def test_an_activation_is_tabulated_once() -> None:
    assert averages("tanh") is averages("tanh")
    assert averages("tanh").second_moment(1.0) < averages("linear").second_moment(1.0) == 1
