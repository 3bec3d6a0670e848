"""Averages of octaves: those of the quadrature, or none."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.nn.activations import activations
from reportgen.theory.octaves import OCTAVE, Octaves
from reportgen.theory.quadrature import Floats, Function, gaussian_mean

EXPONENTS = [-500, -499, -301, -60, -9, -4, -1, 0, 1, 4, 9, 60, 301, 498, 499]
"""The ends of the range, odd and even ones, and those in which activations bend."""

SMOOTH = [item for item in activations if set(item.kinks) <= {0.0} and item.name != "exponential"]


def squared(function: Function) -> Function:
    return lambda x: np.square(function(x))


@pytest.mark.parametrize("slope", [False, True], ids=["phi", "slope"])
@pytest.mark.parametrize("name", [item.name for item in SMOOTH])
def test_they_are_those_of_the_quadrature(name: str, *, slope: bool) -> None:
    item = activations.get(name)
    function = squared(item.derivative if slope else item.phi)
    octaves, compared = Octaves(function), 0
    for exponent in EXPONENTS:
        if (found := octaves(exponent)) is not None:
            with np.errstate(all="ignore"):
                plain = gaussian_mean(function, 2.0**exponent * OCTAVE, item.kinks)
            # Both are exact to rounding; tanh shrink is a difference of numbers that are nearly equal.
            np.testing.assert_allclose(found, plain, rtol=1e-13 if item.name != "tanh_shrink" else 1e-9)
            compared += 1
    assert compared >= (len(EXPONENTS) if item.name != "tanh_shrink" else 10)


def test_few_nodes_would_not_do() -> None:
    # The error by which a wrong rule is told from the right one: five nodes per piece in the place of twenty.
    x, weight = np.polynomial.legendre.leggauss(5)
    ends = 2.0 ** np.arange(-10, 5)
    nodes, parts = (ends[:, None] * (x + 3) / 2), ends[:, None] * weight / 2
    density = 2 * np.exp(-np.square(nodes) / 2) / np.sqrt(2 * np.pi)
    rough = float((parts * density * np.tanh(nodes) ** 2).sum())
    assert abs(rough / float(gaussian_mean(squared(np.tanh), 1.0)) - 1) > 1e-9


@pytest.mark.parametrize(
    "function",
    [
        lambda x: np.maximum(x - 1.3, 0.0) ** 2,
        lambda x: np.square(np.sin(1e3 * x)),
        np.exp,
        lambda x: np.full_like(x, np.nan),
        lambda x: np.exp(np.abs(x) * 2),
    ],
    ids=["a kink beside zero", "waves", "growing", "no numbers", "beyond all numbers"],
)
def test_what_the_nodes_do_not_follow_is_not_answered(function: Function) -> None:
    with np.errstate(all="ignore"):
        assert Octaves(function)(7) is None


def test_a_function_is_taken_once_and_no_farther_than_a_million_unless_it_has_to_be() -> None:
    asked: list[Floats] = []

    def counted(x: Floats) -> Floats:
        asked.append(x)
        return np.square(x)

    octaves = Octaves(counted)
    for exponent in (0, 5, 29, -400):
        octaves(exponent)
    assert max(float(np.abs(x).max()) for x in asked) < 2.0**20
    taken = np.concatenate([x.ravel() for x in asked])
    octaves(60)
    assert np.unique(taken).size == taken.size
    assert len(asked) == 8
