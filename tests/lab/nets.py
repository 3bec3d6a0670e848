"""Networks as Python and the lab's scripts both take them, and points to run them on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike, NDArray

from reportgen.nn.activations import activations
from reportgen.nn.ensemble import Ensemble, Parameters
from reportgen.nn.examples import Examples
from reportgen.nn.plane import PLANE

__all__ = ["NET", "Floats", "Net", "plain", "points"]

Floats = NDArray[np.float64]

NET = """const net = ([widths, activation, optimizer, weights, biases]) =>
    new Lab.Net(widths, activation, optimizer).set(weights, biases);"""
"""Makes of `Net.plain` a network of the lab."""


@dataclass(frozen=True)
class Net:
    """Weights, shape (fan_in, fan_out) per layer, the last of them the output's; biases are 0 where none are given."""

    activation: str
    weights: list[Floats]
    biases: list[Floats] | None = None
    optimizer: str = "sgd"

    @property
    def shifts(self) -> list[Floats]:
        """The biases, one array per layer."""
        return [np.zeros(W.shape[1]) for W in self.weights] if self.biases is None else self.biases

    @property
    def plain(self) -> list[object]:
        """What `NET` makes a network of."""
        widths = [len(self.weights[0]), *(W.shape[1] for W in self.weights)]
        weights, biases = ([array.ravel().tolist() for array in arrays] for arrays in (self.weights, self.shifts))
        return [widths, self.activation, self.optimizer, weights, biases]

    def ensemble(self, dtype: DTypeLike = np.float64) -> Ensemble:
        """Return the same network as the product has it."""
        weights = [W[None].astype(dtype) for W in self.weights]
        biases = [b[None, None].astype(dtype) for b in self.shifts]
        return Ensemble(Parameters(weights, biases), activations.get(self.activation))


def points(problem: str, seed: int = 5, count: int = 101) -> Examples:
    """Draw points of the product's."""
    return PLANE[problem](count, np.random.default_rng(seed))


def plain(examples: Examples) -> list[object]:
    """Return inputs, labels and number of examples as the lab takes them."""
    return [examples.inputs.ravel().tolist(), examples.labels.tolist(), len(examples)]
