"""Activations of the lab: the product's phi and slope, also far out, and what saturation is measured by."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from reportgen.nn.activations import activations
from reportgen.presets import ACTIVATIONS
from tests.browsers.tab import Tab

GRID = np.concatenate([np.linspace(-12, 12, 2401), np.linspace(-40, 40, 801), [-1e3, 1e3, -1e30, 1e30, -1e-300]])

VALUES = "([name, z]) => { const {phi, slope} = Lab.activations[name]; return [z.map(phi), z.map(slope)]; }"


def values(numerics: Tab, name: str, z: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return phi and its slope."""
    phi, slope = numerics.run(VALUES, [name, z.tolist()])
    return np.array(phi), np.array(slope)


def error(found: NDArray[np.float64], expected: NDArray[np.float64]) -> float:
    """Return the greatest error, relative to the number where that is above 1."""
    return float((np.abs(found - expected) / np.maximum(1, np.abs(expected))).max())


def test_the_lab_has_the_activations_of_the_battery_with_their_labels(numerics: Tab) -> None:
    found = numerics.run("() => Object.entries(Lab.activations).map(([name, {label}]) => [name, label])")
    assert found == [[name, activations.get(name).label] for name in ACTIVATIONS]


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_phi_and_slope_are_the_products(numerics: Tab, name: str) -> None:
    """To the last digits, wherever the argument lies: some rounding errors of 1e-16 each."""
    expected = activations.get(name)
    phi, slope = values(numerics, name, GRID)
    assert error(phi, expected.phi(GRID)) < 1e-15
    assert error(slope, expected.derivative(GRID)) < 1e-15


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_small_slopes_keep_their_digits(numerics: Tab, name: str) -> None:
    """A gradient that has nearly vanished is a small number, not 0; exp(-z²/2) carries z² 2^-53 of rounding."""
    z = np.linspace(-35, 35, 1400)  # no zero, and none of the slope of SiLU and GELU
    _, slope = values(numerics, name, z)
    np.testing.assert_allclose(slope, activations.get(name).derivative(z), rtol=1e-12, atol=0)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_slopes_are_central_differences_of_phi(numerics: Tab, name: str) -> None:
    """With a step h they are off by h²/6 times the third derivative, below 4, and by rounding, 1e-15 / h."""
    h, z = 1e-5, np.linspace(-6, 6, 241) + 0.013
    (above, _), (below, _), (_, slope) = (values(numerics, name, at) for at in (z + h, z - h, z))
    np.testing.assert_allclose((above - below) / (2 * h), slope, atol=4 * h**2 / 6 + 4e-15 / h)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_slope_of_another_activation_would_be_noticed(numerics: Tab, name: str) -> None:
    others = [other for other in ACTIVATIONS if other != name]
    _, slope = values(numerics, name, GRID)
    assert all(error(slope, activations.get(other).derivative(GRID)) > 1e-3 for other in others)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_greatest_slope_and_bounds_are_the_products(numerics: Tab, name: str) -> None:
    expected = activations.get(name)
    greatest, bounded = numerics.run("name => [Lab.activations[name].greatest, Lab.activations[name].bounded]", name)
    assert greatest == pytest.approx(expected.greatest_slope, rel=1e-9)
    assert bounded == expected.is_bounded


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_at_0_the_slope_is_that_from_the_left(numerics: Tab, name: str) -> None:
    _, (slope,) = values(numerics, name, np.zeros(1))
    assert slope == activations.get(name).derivative(np.zeros(1))[0]


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_infinite_arguments_give_the_limit_and_lost_ones_stay_lost(numerics: Tab, name: str) -> None:
    expected = activations.get(name)
    ends = np.array([-np.inf, np.inf])
    phi, slope = values(numerics, name, np.append(ends, np.nan))
    np.testing.assert_array_equal(phi[:2], expected.phi(ends))
    np.testing.assert_array_equal(slope[:2], expected.derivative(ends))
    assert np.isnan([phi[2], slope[2]]).all()
