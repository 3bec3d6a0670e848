"""A user's file: what is understood, and the one line that says what is not."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.errors import DataError
from reportgen.nn.datafile import parse, read_bytes
from reportgen.nn.files.reading import Reading


def read(path: Path, label: str = "label") -> tuple[list[list[float]], list[int], int]:
    content = parse(read_bytes(path), path, Reading(label=None if label == "label" else label))
    return content.features.tolist(), content.labels.tolist(), content.classes


def complaint(path: Path, label: str = "label") -> str:
    with pytest.raises(DataError) as caught:
        read(path, label)
    line = str(caught.value)
    assert line.startswith("/")
    assert "\n" not in line
    assert len(line) <= 289
    return line.partition(": ")[2]


@pytest.fixture
def csv(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "data.csv"
        path.write_text(text)
        return path

    return write


@pytest.fixture
def npz(tmp_path: Path) -> Callable[..., Path]:
    def write(**arrays: Any) -> Path:
        path = tmp_path / "data.npz"
        np.savez(path, **arrays)
        return path

    return write


@pytest.fixture
def parquet(tmp_path: Path) -> Callable[..., Path]:
    pyarrow = pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
    module = pytest.importorskip("pyarrow.parquet")

    def write(**columns: list[Any]) -> Path:
        path = tmp_path / "data.parquet"
        module.write_table(pyarrow.table(columns), path)
        return path

    return write


def test_a_csv_gives_features_and_classes_numbered_in_sorted_order(csv: Callable[[str], Path]) -> None:
    path = csv("a,kind,b\n1,wolf,true\n2.5,bear,false\n3,wolf,true\n")
    assert read(path, "kind") == ([[1, 1], [2.5, 0], [3, 1]], [1, 0, 1], 2)


def test_numeric_classes_need_not_start_at_zero(csv: Callable[[str], Path]) -> None:
    assert read(csv("a,label\n1,7\n2,3\n3,7\n"))[1:] == ([1, 0, 1], 2)


def test_a_column_that_turns_fractional_after_a_megabyte_is_still_read(csv: Callable[[str], Path]) -> None:
    rows = [f"{n},{n % 2}" for n in range(200_000)]
    path = csv("\n".join(["a,label", *rows, "0.5,1"]))
    assert path.stat().st_size > 2**20
    assert read(path)[0][-1] == [0.5]


def test_truth_values_and_every_way_to_write_a_number_are_numbers(csv: Callable[[str], Path]) -> None:
    path = csv("a,b,c,label\nTRUE,18446744073709551615,1e3,x\nfalse,1,+.5,y\n1,2, 7 ,None\n")
    assert read(path) == ([[1, 2.0**64, 1000], [0, 1, 0.5], [1, 2, 7]], [1, 2, 0], 3)
    assert "missing values in 'a' (1 of 2 rows, first in data row 2)" in complaint(csv("a,label\ntrue,x\n,y\n"))


def test_quotes_blank_lines_and_every_end_of_line_are_understood(csv: Callable[[str], Path]) -> None:
    lines = ["\ufeffa,label", '"1","x, or"', "", '2,"y\nz"']
    assert [read(csv(end.join(lines))) for end in ("\n", "\r\n", "\r")] == [([[1], [2]], [0, 1], 2)] * 3


def test_parquet_and_csv_of_the_same_table_give_the_same_arrays(
    csv: Callable[[str], Path], parquet: Callable[..., Path]
) -> None:
    path = parquet(a=[1, 2, 3], b=[0.5, 1.5, 2.5], label=["x", "y", "x"])
    assert read(path) == read(csv("a,b,label\n1,0.5,x\n2,1.5,y\n3,2.5,x\n"))


def test_parquet_without_its_package_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    path = tmp_path / "data.parquet"
    path.write_bytes(b"PAR1")
    assert complaint(path) == "a .parquet file needs pyarrow: pip install 'reportgen[parquet]'"


def test_an_archive_has_a_label_array_and_features_side_by_side(npz: Callable[..., Path]) -> None:
    images = np.arange(12.0).reshape(3, 2, 2)
    features, labels, classes = read(npz(images=images, age=[5, 6, 7], species=["b", "a", "b"]), "species")
    assert features == [[0, 1, 2, 3, 5], [4, 5, 6, 7, 6], [8, 9, 10, 11, 7]]
    assert (labels, classes) == ([1, 0, 1], 2)


def test_an_archive_of_x_and_y_needs_no_label_name_unless_another_was_named(npz: Callable[..., Path]) -> None:
    path = npz(X=[[1.0], [2.0]], y=[0, 1])
    assert read(path) == ([[1], [2]], [0, 1], 2)
    assert complaint(path, "target") == ("there is no label column 'target': There are 'X', 'y', to name as FILE:LABEL")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "the file is empty"),
        ("a,label\n", "label column 'label' has no rows; at least 2 classes are needed"),
        ("a,label\n1,x\n2,x,3\n", "line 3 has 3 values where 2 are expected (2, x, 3)"),
        ("a,b,label\n\n1,2,x\n2,y\n", "line 4 has 2 values where 3 are expected (2, y)"),
        ("a,b\n1,2,x\n2,3,y\n", "the first line names 2 columns (a, b), most rows have 3: a row index"),
        ('a,label\n1,"x\n2,y\n', "line 3: unexpected end of data: is a quote not closed"),
        ("a,Label\n1,x\n", "there is no label column 'label': did you mean Label? There are 'a', 'Label'"),
        ("label\nx\ny\n", "has one column only, 'label': not separated by tab, semicolon, bar, comma, blanks"),
        ("a,color,label\n1,2,x\n2,red,y\n", "text in 'color' (red in data row 2): --drop color"),
        ("a,day,label\n1,2020-02-01,x\n2,2020-02-02,y\n", "text in 'day' (2020-02-01 in data row 1): --drop day"),
        ("a,b,label\n1,2,x\n2,,y\n", "missing values in 'b' (1 of 2 rows, first in data row 2): --drop-missing"),
        ("a,b,label\n1,2,x\n2,-inf,y\n", "infinite values in 'b' (first in data row 2): --drop b"),
        ("a,label\n1,x\n2,\n", "missing values in 'label' (1 of 2 rows, first in data row 2): --drop-missing"),
        (
            "a,label\n1,0.5\n2,1\n",
            "label column 'label' looks like a regression target (2 values in 2 rows, 0.5 in data row 1)",
        ),
        ("a,label\n1,x\n2,x\n", "label column 'label' has one class only (x); at least 2 classes are needed"),
        (",a,label\n0,1,x\n1,2,y\n", "column 1 has no name (a saved row index?): --drop 'column 1'"),
        ("a,a,label\n0,1,x\n1,2,y\n", "there are several columns 'a'"),
    ],
)
def test_a_faulty_csv_is_told_in_one_line(csv: Callable[[str], Path], text: str, expected: str) -> None:
    assert expected in complaint(csv(text))


@pytest.mark.parametrize(
    ("arrays", "expected"),
    [
        ({"X": [[1.0], [2.0]], "y": [0, 1, 1]}, "array 'X' has shape (2, 1), but there are 3 labels"),
        ({"X": 3.0, "y": [0, 1]}, "array 'X' has shape (), but there are 2 labels"),
        ({"X": [[1.0], [2.0]], "y": [[0], [1]]}, "label array 'y' has shape (2, 1), not one class per example"),
        (
            {"X": [[1, 2], [3, np.nan]], "y": [0, 1]},
            "missing values in 'X[1]' (1 of 2 rows, first in data row 2): --drop-missing",
        ),
        ({"X": [["1", "a"], ["2", "b"]], "y": [0, 1]}, "text in 'X' (a in data row 1): --drop X"),
        ({"X": np.empty((2, 0)), "y": [0, 1]}, "there is no feature beside the label column 'y'"),
        (
            {"X": np.array([{}, {}], dtype=object), "y": [0, 1]},
            "array 'X' holds Python objects, which are never loaded",
        ),
    ],
)
def test_a_faulty_archive_is_told_in_one_line(npz: Callable[..., Path], arrays: dict[str, Any], expected: str) -> None:
    assert expected in complaint(npz(**arrays))


@pytest.mark.parametrize("suffix", [".npz", ".parquet"])
def test_a_file_that_is_not_what_its_name_says_is_told_in_one_line(
    tmp_path: Path, suffix: str, parquet: Callable[..., Path]
) -> None:
    path = tmp_path / f"data{suffix}"
    path.write_text("a,label\n1,x\n")
    assert suffix in complaint(path)


def test_a_truncated_archive_is_told_in_one_line(npz: Callable[..., Path]) -> None:
    path = npz(X=np.zeros((100, 10)), y=np.arange(100) % 2)
    path.write_bytes(path.read_bytes()[:-300])
    assert "archive" in complaint(path)


def test_a_saved_row_index_is_not_taken_for_a_feature(parquet: Callable[..., Path]) -> None:
    assert "column 3 has no name" in complaint(parquet(a=[1, 2], label=[0, 1], __index_level_0__=[5, 9]))
