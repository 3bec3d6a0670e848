"""Weights that sum to zero see an activation without its mean."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.theory.centered import Centered
from reportgen.theory.nonlinearity import Nonlinearity

Q = np.array([0.01, 0.5, 1.0, 7.0])


def sigmoid(z: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-z)))


@pytest.fixture(scope="module")
def of_sigmoid() -> Nonlinearity:
    return Nonlinearity(sigmoid, lambda z: sigmoid(z) * sigmoid(-z))


def test_a_centered_sigmoid_is_a_tanh_of_half_the_argument(of_sigmoid: Nonlinearity) -> None:
    """sigmoid(z) - 1/2 = tanh(z / 2) / 2."""
    tanh = Nonlinearity(np.tanh, lambda z: 1 - np.tanh(z) ** 2)
    np.testing.assert_allclose(Centered(of_sigmoid).second_moment(Q), tanh.second_moment(Q / 4) / 4, rtol=1e-9)
    np.testing.assert_allclose(Centered(of_sigmoid, 4.0).slope(Q), tanh.slope(Q / 4), rtol=1e-9)
    assert np.all(np.abs(of_sigmoid.second_moment(Q) / (tanh.second_moment(Q / 4) / 4) - 1) > 0.1)


def test_a_factor_multiplies_the_activation(of_sigmoid: Nonlinearity) -> None:
    np.testing.assert_allclose(
        Centered(of_sigmoid, 3.0).second_moment(Q), 9 * Centered(of_sigmoid).second_moment(Q), rtol=1e-12
    )
