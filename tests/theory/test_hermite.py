"""Averages over two correlated numbers by Hermite series, against quadrature and closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.nn.activations import activations
from reportgen.theory.closed_forms import nonlinearity
from reportgen.theory.hermite import PairMeans, series
from reportgen.theory.nonlinearity import Nonlinearity
from reportgen.theory.quadrature import gaussian_mean_of_pair

COSINES = np.array([-0.9, -0.3, 0.0, 0.4, 0.8, 0.99])


def theory_of(name: str) -> Nonlinearity:
    item = activations.get(name)
    return nonlinearity(item.phi, item.derivative, item.kinks)


@pytest.mark.parametrize("name", ["relu", "tanh", "sigmoid", "gelu", "softplus"])
@pytest.mark.parametrize("q", [0.01, 1.0, 30.0])
def test_the_series_are_the_averages_of_quadrature(name: str, q: float) -> None:
    phi = theory_of(name)
    means = PairMeans.along(phi, np.array([q]))
    pairs = [gaussian_mean_of_pair(phi.phi, (q, q), float(c), phi.kinks) for c in COSINES]
    squares = [gaussian_mean_of_pair(lambda x: phi.phi(x) ** 2, (q, q), float(c), phi.kinks) for c in COSINES]
    slopes = [gaussian_mean_of_pair(lambda x: phi.derivative(x) ** 2, (q, q), float(c), phi.kinks) for c in COSINES]
    size, slope = float(phi.second_moment(q)), float(phi.slope(q))
    # Between the tabulated sizes, a quarter of a decade apart, coefficients are interpolated.
    assert series(means.cosine, COSINES)[0] == pytest.approx(np.array(pairs) / size, abs=0.01)
    assert series(means.squares, COSINES)[0] == pytest.approx(np.array(squares) / size**2, rel=0.02, abs=0.01)
    # The slope of tanh is narrow at q = 30: the last pair would need more polynomials.
    wide = COSINES < 0.9
    expected = np.array(slopes)[wide] / slope**2
    assert series(means.slope_squares, COSINES[wide])[0] == pytest.approx(expected, rel=0.03, abs=0.01)


def test_for_equal_inputs_they_are_the_moments_of_one() -> None:
    relu = PairMeans.along(theory_of("relu"), np.array([1e-3, 7.0]))
    for part, expected in zip(relu, (1.0, 6.0, 6.0, 1.0, 2.0, 2.0), strict=True):
        assert part.sum(axis=1) == pytest.approx([expected] * 2, rel=1e-3)


def test_a_function_that_is_zero_everywhere_has_no_coefficients() -> None:
    flat = PairMeans.along(Nonlinearity(np.zeros_like, np.zeros_like), np.array([1.0]))
    assert all((part == 0).all() for part in flat)
