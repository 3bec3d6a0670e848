"""Problems of the lab: the distributions of the product's, standardized in the same way."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binomtest, ks_2samp, kstest

from reportgen.nn.plane import PLANE, best_line
from tests.browsers.tab import Tab

POINTS = 2000

CHANCE = 1e-6
"""A test of a distribution fails by chance this rarely, if the seed were another one."""

DRAW = "([name, count, seed]) => Lab.problems[name].draw(Lab.random.stream(seed, 'data'), count)"

Points = NDArray[np.float64]


def draw(numerics: Tab, name: str, count: int = POINTS, seed: int = 0) -> tuple[Points, NDArray[np.int64]]:
    """Return points, shape (count, 2), and their labels."""
    drawn = numerics.run(DRAW, [name, count, seed])
    assert drawn["count"] == count
    return np.array(drawn["x"]).reshape(count, 2), np.array(drawn["y"])


def product(name: str) -> tuple[Points, NDArray[np.int64]]:
    examples = PLANE[name](4 * POINTS, np.random.default_rng(7))
    return np.asarray(examples.inputs, float), examples.labels


def polar(points: Points) -> tuple[Points, Points]:
    """Return radius, and angle from 0 to 2 pi."""
    return np.hypot(*points.T), np.arctan2(points[:, 1], points[:, 0]) % (2 * np.pi)


def is_uniform(values: Points, low: float, high: float) -> bool:
    return bool(kstest(values, "uniform", (low, high - low)).pvalue > CHANCE)


def test_the_lab_has_the_four_problems(numerics: Tab) -> None:
    assert set(numerics.run("() => Object.keys(Lab.problems)")) == set(PLANE)


@pytest.mark.parametrize("count", [101, 2000, 2])
@pytest.mark.parametrize("name", PLANE)
def test_half_of_the_points_have_label_1_and_inputs_are_standardized(numerics: Tab, name: str, count: int) -> None:
    points, labels = draw(numerics, name, count)
    assert np.bincount(labels).tolist() == [count - count // 2, count // 2]
    np.testing.assert_allclose(points.mean(axis=0), 0, atol=1e-13)
    np.testing.assert_allclose(points.var(axis=0), 1, rtol=1e-12)


@pytest.mark.parametrize("name", PLANE)
def test_one_seed_draws_the_same_points_and_another_does_not(numerics: Tab, name: str) -> None:
    (first, labels), (again, _), (other, others) = (draw(numerics, name, 50, seed) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.isin(first, other).any()
    assert not np.array_equal(labels, others)


@pytest.mark.parametrize("name", PLANE)
def test_the_points_come_in_random_order(numerics: Tab, name: str) -> None:
    _, labels = draw(numerics, name)
    # The number of ones in the first half is hypergeometric with standard deviation 11.2; five of them.
    assert abs(labels[: POINTS // 2].sum() - POINTS / 4) < 56


@pytest.mark.parametrize("name", PLANE)
def test_each_coordinate_of_each_class_is_distributed_as_the_products(numerics: Tab, name: str) -> None:
    """Of labels that are swapped, or an angle that runs the other way, only one of the four keeps its distribution."""
    (points, labels), (theirs, their_labels) = draw(numerics, name), product(name)
    for label in (0, 1):
        ours, product_points = points[labels == label], theirs[their_labels == label]
        for direction in ([1, 0], [0, 1], [1, 1], [1, -1]):
            assert ks_2samp(ours @ direction, product_points @ direction).pvalue > CHANCE


def test_the_disc_ends_at_half_the_rim_and_a_gap_is_left(numerics: Tab) -> None:
    """The scales of both axes are nearly the same, but for the sampling of 2,000 points: 1 % or so."""
    points, labels = draw(numerics, "circle")
    rim = np.sqrt((0.5**2 / 3 + (1 - 0.7**3) / 3 / 0.3) / 2 / 2)  # root of the mean square of a coordinate
    radius, angle = polar(points * rim)
    disc, ring = radius[labels == 1], radius[labels == 0]
    assert disc.max() < 0.52
    assert ring.min() > 0.68
    assert ring.max() < 1.03
    assert is_uniform(angle, 0, 2 * np.pi)
    assert is_uniform(disc / disc.max(), 0, 1)


def test_xor_leaves_a_strip_along_the_axes_and_labels_equal_signs(numerics: Tab) -> None:
    points, labels = draw(numerics, "xor")
    raw = points * np.sqrt((5.3**3 - 0.3**3) / 15)  # root of the mean square of what is uniform from .3 to 5.3
    # The mean, which standardizing takes away, is below 5 standard errors: 5 * 3.15 / sqrt(2000) = .35.
    inside = np.abs(raw).min(axis=1) > 0.35
    assert inside.mean() > 0.9
    assert np.array_equal(labels[inside] == 1, (raw[inside] > 0).all(axis=1) | (raw[inside] < 0).all(axis=1))
    assert binomtest(int((raw[:, 0] > 0).sum()), POINTS).pvalue > CHANCE


def test_gaussians_are_what_a_line_can_part_and_nothing_else_is(numerics: Tab) -> None:
    lines = {name: best_line(*draw(numerics, name, 101)) for name in PLANE}
    assert lines.pop("gaussians") == 1
    assert max(lines.values()) < 0.8


def test_gaussians_have_their_centers_four_standard_deviations_from_the_middle(numerics: Tab) -> None:
    points, labels = draw(numerics, "gaussians")
    for label, sign in ((1, 1), (0, -1)):
        cloud = points[labels == label]
        assert (np.sign(cloud.mean(axis=0)) == sign).all()
        # Along the diagonal: center 2 sqrt(2), standard deviation sqrt(1/2).
        along = cloud.sum(axis=1)
        assert abs(along.mean()) / along.std() == pytest.approx(4, rel=5 * np.sqrt(0.5 / len(cloud)) + 0.05)


def test_spirals_wind_around_each_other(numerics: Tab) -> None:
    """Turned by half a circle, one arm lies on the other."""
    points, labels = draw(numerics, "spiral")
    one, other = points[labels == 1], -points[labels == 0]
    apart = np.abs(one[:, None] - other[None]).max(axis=2).min(axis=1)
    assert np.quantile(apart, 0.95) < 0.1
    # Far from turning, the arms are a tenth of the whole apart.
    apart = np.abs(one[:, None] + other[None]).max(axis=2).min(axis=1)
    assert np.median(apart) > 0.15
