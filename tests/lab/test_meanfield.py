"""Mean field theory in the browser: the product's own, for every activation, tiny and huge weights, and biases."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from reportgen.chapters.live import EDGE
from reportgen.nn.activations import activations
from reportgen.presets import ACTIVATIONS
from reportgen.theory.closed_forms import nonlinearity
from reportgen.theory.edges import settled_sigma_w2
from reportgen.theory.fixed_points import find_fixed_point
from reportgen.theory.maps import backward_moments, correlations, forward_moments
from reportgen.theory.nonlinearity import Nonlinearity
from tests.browsers.planting import plant_widget
from tests.browsers.tab import Browser, Tab

SIGMA_W2 = (1e-4, 0.3, 1.0, 1.7, 2.0, 3.0, 64.0, 1e4)
SIGMA_B2 = (0.0, 0.05, 1.0)
PLACES = [(w, b) for w in SIGMA_W2 for b in SIGMA_B2]
DEPTH = 12

AVERAGE = 2e-8
"""Relative error of an average over one normal number, and of all that is made of few of them."""

COSINE = 3e-7
"""Error of a cosine, which is made of averages over two."""

SCALE = 2e-6
"""Relative error of a depth scale: near the edge it magnifies that of a slope."""

ON_GRID = 1e-3
"""Relative error of an edge, which is read from a grid."""

SETTLE = "([name, places]) => places.map(([w, b]) => Lab.meanField(name).fixedPoint(w, b))"
FOLLOW = "([name, places, c0, depth]) => places.map(([w, b]) => Lab.meanField(name).path(w, b, {c0, depth}))"


@pytest.fixture(scope="module")
def numerics(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    """Return a tab with the theory's scripts as the page of the edge loads them."""
    with browser.tab() as opened:
        opened.open(plant_widget(tmp_path_factory.mktemp("theory"), EDGE))
        yield opened


@cache
def theory(name: str) -> Nonlinearity:
    """Return an activation as the product's theory sees it."""
    item = activations.get(name)
    return nonlinearity(item.phi, item.derivative, item.kinks)


def near(found: Any, expected: Any, error: float, least: float = 0.0) -> bool:
    """Compare numbers of which some may be inf or nan."""
    return bool(np.allclose(np.asarray(found, float), expected, rtol=error, atol=least, equal_nan=True))


@cache
def fixed_points(name: str) -> NDArray[np.float64]:
    """Return what the product finds at all places: q*, chi_1, c*, xi_q, xi_c."""
    found = [find_fixed_point(theory(name), w, b) for w, b in PLACES]
    return np.array([(one.q_star, one.chi_1, one.c_star, one.xi_q, one.xi_c) for one in found])


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_deep_nets_settle_where_the_product_says(numerics: Tab, name: str) -> None:
    found = numerics.run(SETTLE, [name, PLACES])
    q, chi, c, xi_q, xi_c = fixed_points(name).T
    assert near([one["q"] for one in found], q, AVERAGE)
    assert near([one["chi"] for one in found], chi, AVERAGE)
    assert near([one["c"] for one in found], c, 0, COSINE)
    assert near([one["xiQ"] for one in found], xi_q, SCALE)
    assert near([one["xiC"] for one in found], xi_c, SCALE)


@cache
def layers(name: str, w: float, b: float, c0: float) -> tuple[NDArray[np.float64], ...]:
    """Return q, chi, c and the rms of delta over that of the last layer, of every layer."""
    q, _ = forward_moments(theory(name), w, b, 1.0, DEPTH)
    slope = theory(name).slope(q)
    delta = np.sqrt(backward_moments(slope, w))
    return q, w * slope, correlations(theory(name), w, b, 1.0, c0, DEPTH), delta / delta[-1]


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize(("c0", "places"), [(0.3, PLACES[::2]), (-0.5, PLACES[5::6]), (0.99, PLACES[3::6])])
def test_layers_follow_the_products_maps(
    numerics: Tab, name: str, c0: float, places: list[tuple[float, float]]
) -> None:
    for path, place in zip(numerics.run(FOLLOW, [name, places, c0, DEPTH]), places, strict=True):
        q, chi, c, delta = layers(name, *place, c0)
        assert near(path["q"], q, AVERAGE), place
        assert near(path["chi"], chi, AVERAGE), place
        assert near(path["delta"], delta, DEPTH * AVERAGE), place
        assert near(path["c"], c, 0, COSINE), place


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_edges_lie_where_the_product_draws_them(numerics: Tab, name: str) -> None:
    biases = [0.0, 0.001, 0.05, 0.2, 1.0]
    found = numerics.run("([name, biases]) => Lab.meanField(name).edge(biases)", [name, biases])
    assert near(found, settled_sigma_w2(theory(name), np.array(biases), np.geomspace(1e-2, 1e3, 61)), ON_GRID)


def test_another_activation_does_not_pass_for_this_one(numerics: Tab) -> None:
    """SiLU and GELU are nearly alike; the tolerances are far below what parts them."""
    found = numerics.run(SETTLE, ["silu", PLACES])
    expected = fixed_points("gelu")
    assert not near([one["chi"] for one in found], expected[:, 1], 1e3 * AVERAGE)


def test_inputs_of_another_size_are_led_elsewhere_where_an_activation_settles_in_two_ways(numerics: Tab) -> None:
    found: list[Any] = numerics.run("() => [0.01, 100].map(q0 => Lab.meanField('gelu').settle(2.05, 0, q0))")
    assert found[0] == 0
    assert found[1] == np.inf
    for q0, q in zip((0.01, 100.0), found, strict=True):
        assert find_fixed_point(theory("gelu"), 2.05, 0.0, q0).q_star == q
