"""Where inputs come from: shapes, standardization, sampling, and files that change under one's feet."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

from reportgen.errors import DataError, UsageError
from reportgen.nn.datasets import DIGITS, best_line, circle, describe_file, load


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_gaussian_inputs_have_as_many_features_as_the_width_and_unit_variance() -> None:
    examples = load({"data": "gaussian"}, rng(), 500, 40)
    assert examples.inputs.shape == (500, 40)
    assert examples.labels is None
    # A mean of n squared normal draws has standard deviation sqrt(2 / n); five of them.
    assert np.mean(examples.inputs**2) == pytest.approx(1, abs=5 * np.sqrt(2 / 20_000))


def test_digits_are_the_1797_real_images_standardized_per_pixel() -> None:
    images, _ = load_digits(return_X_y=True)
    varies = images.std(axis=0) > 0
    examples = load({"data": "digits"}, rng(), 10**6, 1)
    assert examples.inputs.shape == (DIGITS, 64)
    assert examples.classes == 10
    np.testing.assert_allclose(examples.inputs.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(examples.inputs[:, varies].var(axis=0), 1)
    assert np.all(examples.inputs[:, ~varies] == 0)
    assert not varies.all()


def test_digits_keep_their_grey_levels_where_standardization_is_off() -> None:
    examples = load({"data": "digits", "standardize": False}, rng(), DIGITS, 1)
    assert set(np.unique(examples.inputs)) == set(range(17))


def test_a_batch_is_drawn_without_replacement_and_keeps_each_label_with_its_image() -> None:
    images, labels = load_digits(return_X_y=True)
    known = {image.tobytes(): label for image, label in zip(images, labels, strict=True)}
    assert len(known) == len(images)
    batch = load({"data": "digits", "standardize": False}, rng(), 200, 1)
    assert len({image.tobytes() for image in batch.inputs}) == 200
    assert batch.labels is not None
    assert [known[image.tobytes()] for image in batch.inputs] == batch.labels.tolist()


def test_the_same_generator_draws_the_same_batch_and_another_does_not() -> None:
    first, again, other = (load({"data": "digits"}, rng(seed), 50, 1).inputs for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_an_unknown_data_set_is_one_line_with_the_closest_match() -> None:
    with pytest.raises(UsageError, match="did you mean digits"):
        load({"data": "digit"}, rng(), 1, 1)


def test_the_circle_is_a_disc_inside_a_ring_in_equal_shares() -> None:
    examples = circle(2000, rng())
    assert examples.labels is not None
    assert np.bincount(examples.labels).tolist() == [1000, 1000]
    np.testing.assert_allclose(examples.inputs.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(examples.inputs.var(axis=0), 1)
    radius = np.linalg.norm(examples.inputs, axis=1)
    # The gap between .5 and .7 of the rim outlives standardization, which moves and stretches the plane a little.
    assert radius[examples.labels == 1].max() < 0.85 * radius[examples.labels == 0].min()


def test_no_straight_line_separates_the_circle() -> None:
    examples = circle(2000, rng())
    inputs = np.column_stack([np.ones(2000), examples.inputs])
    line, *_ = np.linalg.lstsq(inputs, 2.0 * np.asarray(examples.labels) - 1, rcond=None)
    right = np.mean((inputs @ line > 0) == (examples.labels == 1))
    # A least-squares line sees two symmetric clouds with the same mean: it does little better than a coin.
    assert right < 0.65


def test_the_points_of_the_circle_come_in_random_order() -> None:
    labels = np.asarray(circle(2000, rng()).labels)
    # The number of ones in the first half is hypergeometric with standard deviation 11.2; five of them.
    assert abs(labels[:1000].sum() - 500) < 56


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "flowers.csv"
    path.write_text("height,same,kind\n1,7,rose\n3,7,daisy\n5,7,rose\n")
    return path


def test_a_file_is_standardized_and_its_constant_column_becomes_zero(table: Path) -> None:
    factors = describe_file(table, "kind")
    assert factors["data"] == "flowers.csv"
    examples = load(factors, rng(), 3, 99)
    order = np.argsort(examples.inputs[:, 0])
    np.testing.assert_allclose(examples.inputs[order, 0], [-np.sqrt(1.5), 0, np.sqrt(1.5)])
    assert np.all(examples.inputs[:, 1] == 0)
    assert np.asarray(examples.labels)[order].tolist() == [1, 0, 1]
    assert examples.classes == 2


def test_a_constant_column_becomes_zero_even_where_its_mean_rounds(tmp_path: Path) -> None:
    features = np.column_stack([np.full(1000, 0.1), np.arange(1000)])
    assert features.mean(axis=0)[0] != 0.1, "the rounding that this test is about"
    path = tmp_path / "rounds.npz"
    np.savez(path, X=features, y=np.arange(1000) % 2)
    assert np.all(load(describe_file(path), rng(), 1000, 1).inputs[:, 0] == 0)


def test_standardization_of_a_file_can_be_turned_off(table: Path) -> None:
    examples = load(describe_file(table, "kind", standardize=False), rng(), 3, 99)
    assert sorted(examples.inputs.tolist()) == [[1, 7], [3, 7], [5, 7]]


def test_a_batch_larger_than_the_file_is_the_whole_file(table: Path) -> None:
    assert load(describe_file(table, "kind"), rng(), 256, 1).inputs.shape == (3, 2)


def test_a_file_that_changed_after_it_was_described_is_refused(table: Path) -> None:
    factors = describe_file(table, "kind")
    table.write_text(table.read_text().replace("5,7", "6,7"))
    stale = {**factors, "data_label": "kind", "standardize": False}  # not in this process's cache yet
    with pytest.raises(DataError, match=r"flowers\.csv: the file has changed"):
        load(stale, rng(), 3, 1)
    assert describe_file(table, "kind")["data_sha256"] != factors["data_sha256"]


def brute_force_line(points: np.ndarray, labels: np.ndarray) -> float:
    """Try every line that just passes two points, moved and turned by a little to both sides."""
    best = max(labels.mean(), 1 - labels.mean())
    for first in range(len(points)):
        for second in range(first):
            along = points[first] - points[second]
            square = np.arctan2(along[0], -along[1])
            for turn in (-1e-6, 1e-6):
                across = points @ [np.cos(square + turn), np.sin(square + turn)]
                for place in np.concatenate([across[[first, second]] - 1e-9, across[[first, second]] + 1e-9]):
                    right = np.mean((across > place) == (labels == 1))
                    best = max(best, right, 1 - right)
    return float(best)


@pytest.mark.parametrize("seed", range(3))
def test_the_best_line_is_the_best_of_all_lines(seed: int) -> None:
    examples = circle(25, rng(seed))
    labels = np.asarray(examples.labels)
    assert best_line(examples.inputs, labels) == pytest.approx(brute_force_line(examples.inputs, labels))


def test_the_best_line_separates_what_a_line_can_and_no_more() -> None:
    corners = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    assert best_line(corners, np.array([0, 0, 1, 1])) == 1
    assert best_line(corners, np.array([0, 0, 0, 0])) == 1
    assert best_line(corners, np.array([0, 1, 1, 0])) == 0.75
