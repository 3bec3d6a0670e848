"""Names of data sets: each has one of its own, as short as it can be."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reportgen.nn.datasets import describe
from reportgen.nn.files.names import apart
from reportgen.nn.files.reading import Reading

TEXT = "a,kind,label\n1,x,2\n2,y,3\n3,x,3\n"


def names(*data: str, reading: Reading | None = None) -> list[str]:
    reading = reading or Reading(drop=("kind",))
    return [factors["data"] for factors in apart([describe(one, reading) for one in data])]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for file in ("a/data.csv", "b/data.csv", "2024/a/data.csv", "2025/a/data.csv", "other.csv"):
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        Path(file).write_text(TEXT, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("files", "shown"),
    [
        (["a/data.csv", "other.csv"], ["data.csv", "other.csv"]),
        (["a/data.csv", "b/data.csv", "digits"], ["a/data.csv", "b/data.csv", "digits"]),
        (["2024/a/data.csv", "2025/a/data.csv", "b/data.csv"], ["2024/a/data.csv", "2025/a/data.csv", "b/data.csv"]),
        (["gaussian", "digits", "gaussian"], ["gaussian", "digits"]),
    ],
)
def test_files_of_one_name_are_told_apart_by_the_folders_that_differ(files: list[str], shown: list[str]) -> None:
    assert names(*files) == shown


def test_the_same_file_is_one_by_whatever_path_it_is_found(folder: Path) -> None:
    Path("link").symlink_to("a")
    assert names("a/data.csv", "./a/../a/data.csv", str(folder / "a/data.csv"), "link/data.csv") == ["data.csv"]


def test_one_file_read_with_two_labels_or_in_two_ways_is_two_data_sets() -> None:
    Path("two.csv").write_text("a,k,l\n1,0,2\n2,1,3\n3,1,3\n", encoding="utf-8")
    assert names("two.csv:k", "two.csv:l", reading=Reading()) == ["two.csv:k", "two.csv:l"]
    ways = [describe("two.csv:k", Reading(drop=drop)) for drop in ((), ("l",))]
    assert [factors["data"] for factors in apart(ways)] == ["two.csv:k", "two.csv:k (2)"]


def test_a_name_that_is_no_text_is_shown_escaped_and_a_long_one_is_cut() -> None:
    for name in (os.fsdecode(b"caf\xe9.csv"), f"{'x' * 200}.csv", f"{'x' * 199}y.csv"):
        Path(name).write_text(TEXT, encoding="utf-8")
    short, *long = names(os.fsdecode(b"caf\xe9.csv"), f"{'x' * 200}.csv", f"{'x' * 199}y.csv")
    assert short == "caf\\udce9.csv"
    assert len(set(long)) == 2
    assert max(map(len, long)) <= 64
