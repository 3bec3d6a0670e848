"""Where inputs come from: shapes, standardization, sampling, and files that change under one's feet."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_digits

from reportgen.battery.cell import Cell, Factor
from reportgen.battery.factors import factors_of, from_factors
from reportgen.errors import DataError, UsageError
from reportgen.nn import datasets
from reportgen.nn.datasets import DIGITS, describe_file, load, oddities, split
from reportgen.nn.examples import Split, standardized
from reportgen.nn.files.reading import Reading
from reportgen.nn.plane import PLANE

KIND = Reading(label="kind")


@dataclass(frozen=True, slots=True)
class Described:
    """A part of an experiment, as far as its data set is concerned."""

    data: Mapping[str, Factor]


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_gaussian_inputs_have_as_many_features_as_the_width_and_unit_variance() -> None:
    examples = load({"data": "gaussian"}, rng(), 500, 40)
    assert examples.inputs.shape == (500, 40)
    assert (len(examples.labels), examples.classes) == (0, 0)
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


def test_where_the_file_of_the_digits_is_not_found_scikit_learn_is_asked_and_gives_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read = datasets._digits_as_they_are()
    monkeypatch.setattr(datasets, "find_spec", lambda _: None)
    for ours, theirs in zip(read, datasets._digits_as_they_are(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
        assert ours.dtype == theirs.dtype


def test_to_read_the_digits_scikit_learn_is_not_imported() -> None:
    code = (
        "import sys; from reportgen.nn import datasets; datasets._digits_as_they_are(); print('sklearn' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "sklearn" not in told.stdout.split()


def test_digits_keep_their_grey_levels_where_standardization_is_off() -> None:
    examples = load({"data": "digits", "standardize": False}, rng(), DIGITS, 1)
    assert set(np.unique(examples.inputs)) == set(range(17))


def test_a_batch_is_drawn_without_replacement_and_keeps_each_label_with_its_image() -> None:
    images, labels = load_digits(return_X_y=True)
    known = {image.tobytes(): label for image, label in zip(images, labels, strict=True)}
    assert len(known) == len(images)
    batch = load({"data": "digits", "standardize": False}, rng(), 200, 1)
    assert len({image.tobytes() for image in batch.inputs}) == 200
    assert [known[image.tobytes()] for image in batch.inputs] == batch.labels.tolist()


def test_standardized_digits_differ_far_more_in_length_than_random_inputs() -> None:
    digits, random = (
        np.square(load({"data": name}, rng(), 500, 64).inputs).mean(axis=1) for name in ("digits", "gaussian")
    )
    # The mean square of 64 normal numbers has a relative standard deviation of sqrt(2 / 64).
    assert random.std() / random.mean() == pytest.approx(np.sqrt(2 / 64), rel=5 / np.sqrt(2 * 500))
    assert digits.std() / digits.mean() > 3 * np.sqrt(2 / 64)


def test_the_same_generator_draws_the_same_batch_and_another_does_not() -> None:
    first, again, other = (load({"data": "digits"}, rng(seed), 50, 1).inputs for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_an_unknown_data_set_is_one_line_with_the_closest_match() -> None:
    with pytest.raises(UsageError, match="did you mean digits"):
        load({"data": "digit"}, rng(), 1, 1)


@pytest.mark.parametrize("name", PLANE)
def test_a_problem_in_the_plane_is_loaded_by_its_name(name: str) -> None:
    loaded, drawn = load({"data": name}, rng(7), 30, 99), PLANE[name](30, rng(7))
    assert np.array_equal(loaded.inputs, drawn.inputs)
    assert np.array_equal(loaded.labels, drawn.labels)
    assert loaded.classes == 2


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "flowers.csv"
    path.write_text("height,same,kind\n1,7,rose\n3,7,daisy\n5,7,rose\n")
    return path


def test_a_file_is_standardized_and_its_constant_column_becomes_zero(table: Path) -> None:
    factors = describe_file(table, KIND)
    assert factors["data"] == "flowers.csv"
    examples = load(factors, rng(), 3, 99)
    order = np.argsort(examples.inputs[:, 0])
    np.testing.assert_allclose(examples.inputs[order, 0], [-np.sqrt(1.5), 0, np.sqrt(1.5)])
    assert np.all(examples.inputs[:, 1] == 0)
    assert examples.labels[order].tolist() == [1, 0, 1]
    assert examples.classes == 2


def test_a_constant_column_becomes_zero_even_where_its_mean_rounds(tmp_path: Path) -> None:
    features = np.column_stack([np.full(1000, 0.1), np.arange(1000)])
    assert features.mean(axis=0)[0] != 0.1, "the rounding that this test is about"
    path = tmp_path / "rounds.npz"
    np.savez(path, X=features, y=np.arange(1000) % 2)
    assert np.all(load(describe_file(path), rng(), 1000, 1).inputs[:, 0] == 0)


def test_standardization_of_a_file_can_be_turned_off(table: Path) -> None:
    examples = load(describe_file(table, KIND, standardize=False), rng(), 3, 99)
    assert sorted(examples.inputs.tolist()) == [[1, 7], [3, 7], [5, 7]]


def test_a_batch_larger_than_the_file_is_the_whole_file(table: Path) -> None:
    assert load(describe_file(table, KIND), rng(), 256, 1).inputs.shape == (3, 2)


def test_a_file_that_changed_after_it_was_described_is_refused(table: Path) -> None:
    factors = describe_file(table, KIND)
    table.write_text(table.read_text().replace("5,7", "6,7"))
    stale = {**factors, "data_label": "kind", "standardize": False}  # not in this process's cache yet
    with pytest.raises(DataError, match=r"flowers\.csv: the file has changed"):
        load(stale, rng(), 3, 1)
    assert describe_file(table, KIND)["data_sha256"] != factors["data_sha256"]


def rows(inputs: np.ndarray) -> list[bytes]:
    return [row.tobytes() for row in inputs]


def joined(cut: Split) -> tuple[np.ndarray, np.ndarray]:
    return np.concatenate([part.inputs for part in cut]), np.concatenate([part.labels for part in cut])


def test_digits_are_split_into_1297_to_learn_and_500_held_out_that_share_no_image() -> None:
    cut = split({"data": "digits"}, rng())
    assert [part.inputs.shape for part in cut] == [(1297, 64), (500, 64)]
    assert [part.classes for part in cut] == [10, 10]
    assert cut.widths([32, 16]) == [64, 32, 16, 10]
    whole = load({"data": "digits"}, rng(1), DIGITS, 1)
    assert sorted(rows(joined(cut)[0])) == sorted(rows(whole.inputs)), "every image once, in either part"


def test_a_split_keeps_each_label_with_its_image_in_both_parts() -> None:
    images, labels = load_digits(return_X_y=True)
    known = dict(zip(rows(images), labels.tolist(), strict=True))
    cut = split({"data": "digits", "standardize": False}, rng(), 300, 200)
    assert [len(part.labels) for part in cut] == [300, 200]
    inputs, found = joined(cut)
    assert [known[row] for row in rows(inputs)] == found.tolist()
    assert len(set(rows(inputs))) == 500


@pytest.mark.parametrize("name", PLANE)
def test_a_problem_in_the_plane_is_split_into_as_many_points_as_asked(name: str) -> None:
    cut = split({"data": name}, rng(), 201, 800)
    assert [(len(part.inputs), len(part.labels)) for part in cut] == [(201, 201), (800, 800)]
    inputs, labels = joined(cut)
    assert np.array_equal(inputs, PLANE[name](1001, rng()).inputs), "standardized over both parts together"
    assert labels.sum() == 500
    assert len(set(rows(inputs))) == 1001


def archive(folder: Path, examples: int) -> Path:
    path = folder / "own.npz"
    np.savez(path, X=np.arange(2.0 * examples).reshape(examples, 2), y=np.arange(examples) % 3)
    return path


@pytest.mark.parametrize(("examples", "training", "test"), [(3000, 1297, 500), (1797, 1297, 500), (100, 72, 28)])
def test_a_file_gives_what_was_asked_or_all_it_has_in_the_same_proportion(
    tmp_path: Path, examples: int, training: int, test: int
) -> None:
    cut = split(describe_file(archive(tmp_path, examples), standardize=False), rng())
    assert [(len(part), part.classes) for part in cut] == [(training, 3), (test, 3)]
    inputs, labels = joined(cut)
    numbers = inputs[:, 0] / 2
    assert len(set(numbers)) == training + test
    assert np.array_equal(numbers % 3, labels)
    assert not np.array_equal(numbers, np.sort(numbers)), "the file's own order may be that of the classes"


def test_the_smallest_file_still_leaves_a_row_to_learn_from_and_one_to_test_with(tmp_path: Path) -> None:
    path = tmp_path / "two.npz"
    np.savez(path, X=np.eye(2), y=[0, 1])
    cut = split(describe_file(path), rng())
    assert [len(part) for part in cut] == [1, 1]


def test_the_same_generator_splits_alike_and_another_does_not() -> None:
    first, again, other = (split({"data": "digits"}, rng(seed)).test.inputs for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_gaussian_noise_has_nothing_to_learn_and_says_so_in_one_line() -> None:
    with pytest.raises(
        UsageError, match=r"^the data set gaussian has no labels to learn; allowed: digits, circle, .*$"
    ):
        split({"data": "gaussian"}, rng())


def test_every_way_of_reading_is_part_of_what_a_cell_is_named_by(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("1;2;3;5\n4;6;;7\n8;9;1;5\n2;4;7;7\n", encoding="utf-8")
    told: list[dict[str, Any]] = [
        {},
        {"label": "1"},
        {"drop": ("2",)},
        {"drop": ("2", "1")},
        {"bins": 2},
        {"encoding": "latin-1"},
        {"delimiter": ";"},
        {"decimal": ","},
        {"labelled": False},
    ]
    readings = [Reading(**{"header": False, "drop_missing": True, **one}) for one in told]
    described = [describe_file(path, reading) for reading in readings]
    cells = {Cell.of("x", "y", **factors).key(0, "") for factors in described}
    assert len(cells) == len(told)
    for factors in described:
        assert Reading.of(factors).factors().items() <= factors.items()
        assert factors_of(Described(factors)) == factors
        assert load(from_factors(Described, factors).data, rng(), 9, 1).inputs.shape[0] == 3


def test_a_file_is_read_by_another_process_as_it_was_described(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    factors = describe_file(table, Reading(label="kind", drop=("same",)))
    here = load(factors, rng(), 3, 1)
    monkeypatch.setattr(datasets, "_FILES", {})
    there = load(factors, rng(), 3, 1)
    assert np.array_equal(here.inputs, there.inputs)
    assert np.array_equal(here.labels, there.labels)
    assert here.inputs.shape == (3, 1)


@pytest.mark.parametrize("size", [1e300, 1e-300, 5e-324, 1.0])
def test_numbers_of_any_size_are_standardized_without_a_warning(tmp_path: Path, size: float) -> None:
    path = tmp_path / "x.npz"
    np.savez(path, X=np.column_stack([np.arange(5) * size, np.full(5, size), np.arange(5)]), y=np.arange(5) % 2)
    inputs = load(describe_file(path), rng(), 5, 1).inputs
    assert np.all(inputs[:, 1] == 0)
    np.testing.assert_allclose(inputs[:, 0], inputs[:, 2], atol=1e-14)


def test_scaling_changes_no_bit_of_numbers_of_usual_size() -> None:
    features = rng().standard_normal((50, 3)) * [1e-30, 1, 1e30]
    expected = (features - features.mean(axis=0)) / features.std(axis=0)
    assert np.array_equal(standardized(features), expected)


def test_numbers_beyond_float32_are_refused_where_they_are_not_standardized(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b,label\n1,2e39,x\n2,3e39,y\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"column 'b' reaches 3e\+39, beyond float32 .*: leave out --no-standardize"):
        describe_file(path, standardize=False)
    assert "x.csv: numbers beyond float32 (3.4e38) in 'b': is that what was meant?" in oddities(describe_file(path))


def test_built_in_data_sets_have_nothing_odd() -> None:
    assert oddities({"data": "digits"}) == []
