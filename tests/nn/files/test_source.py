"""Which files are opened, and what is said of the others: at once, in one line, with what to do."""

from __future__ import annotations

import gzip
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from reportgen.errors import DataError
from reportgen.nn.files import source
from reportgen.nn.files.source import KINDS, kind, located, read, unpacked


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(DataError) as caught:
        call()
    line = str(caught.value)
    assert "\n" not in line
    assert len(line) <= 289
    line.encode()
    return line


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path.mkdir(), "is a folder: only regular files are read"),
        (os.mkfifo, "is a pipe: only regular files are read"),
        (lambda path: path.symlink_to("/dev/zero"), "is a device: only regular files are read"),
        (lambda path: path.symlink_to(path), "cannot be read: Too many levels of symbolic links"),
        (lambda path: None, "there is no such data file"),
    ],
)
def test_what_is_no_regular_file_is_refused_without_a_wait(
    tmp_path: Path, make: Callable[[Path], object], said: str
) -> None:
    path = tmp_path / "x.csv"
    make(path)
    assert refused(lambda: read(path)) == f"{path}: {said}"


def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the name of a socket must be short
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind("x.csv")
        assert refused(lambda: read(Path("x.csv"))) == "x.csv: is a socket: only regular files are read"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("x.xlsx", ".xlsx is not read: a spreadsheet program's own format: save the sheet as CSV"),
        ("x.json", "pandas: read_json(...).to_csv('data.csv', index=False)"),
        ("x.arff", "delete the lines that start with @"),
        ("x.pkl", "opening it runs code"),
        ("x.npy", "numpy.savez('data.npz', X=features, y=labels)"),
        ("x.csv.zip", "unpack it"),
        ("x", "unknown kind of data file ''; allowed: .csv, .tsv, .npz, .parquet, and .gz of a text"),
        ("x.cvs", "unknown kind of data file '.cvs'"),
    ],
)
def test_another_kind_is_refused_with_what_to_do_whether_it_is_there_or_not(
    tmp_path: Path, name: str, said: str
) -> None:
    assert said in refused(lambda: read(tmp_path / name))
    (tmp_path / name).write_text("a,label\n")
    assert said in refused(lambda: read(tmp_path / name))


def test_kinds_are_known_by_their_names_however_they_are_spelt() -> None:
    assert [kind(Path(f"my.data/X{one.upper()}")) for one in KINDS] == list(KINDS)


@pytest.mark.parametrize("url", ["https://example.org/x.csv", "file:///tmp/x.csv", "s3://bucket/x.csv:label"])
def test_a_url_is_refused_with_the_reason(url: str) -> None:
    assert "is a URL, and reportgen opens no network connection: download the file" in refused(lambda: located(url))


def test_a_null_byte_and_a_name_beyond_the_system_are_refused() -> None:
    assert refused(lambda: located("x\0.csv")) == "x\\x00.csv: a path holds no null byte"
    long = f"{'x' * 300}.csv"
    assert "cannot be read: File name too long" in refused(lambda: read(located(f"{long}:label")[0]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x.csv", ("x.csv", None)),
        ("x.csv:kind", ("x.csv", "kind")),
        ("x.csv:a:b", ("x.csv", "a:b")),
        ("a:b.csv", ("a:b.csv", None)),
        ("a:b.csv:kind", ("a:b.csv", "kind")),
        ("x.csv:kind of: thing", ("x.csv", "kind of: thing")),
        ("none.csv:kind", ("none.csv", "kind")),
        ("C:\\data\\x.csv", ("C:\\data\\x.csv", None)),
        ("C:\\data\\x.csv:kind", ("C:\\data\\x.csv", "kind")),
        ("none:kind", ("none:kind", None)),
    ],
)
def test_a_label_stands_behind_the_last_colon_that_ends_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, expected: tuple[str, str | None]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("x.csv", "a:b.csv", "x"):
        Path(name).touch()
    path, label = located(text)
    assert (str(path), label) == expected


def test_an_existing_file_of_the_whole_text_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("x.csv", "x.csv:kind"):
        Path(name).touch()
    assert located("x.csv:kind") == (Path("x.csv:kind"), None)


def test_an_empty_label_is_told() -> None:
    assert "no label column is named behind the colon" in refused(lambda: located("x.csv:"))


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    with path.open("wb") as file:
        file.truncate(3 * 2**40)  # no byte of it is on the disk
    assert "has 3 TiB; at most 512 MiB are read: give a part of its rows" in refused(lambda: read(path))


def test_what_unpacks_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "LIMIT", 10)
    assert unpacked(gzip.compress(b"0123456789")) == b"0123456789"
    assert refused(lambda: unpacked(gzip.compress(b"0123456789a"))) == (
        "unpacks to more than 10 bytes: give a part of its rows"
    )
    assert "cannot be unpacked as .gz" in refused(lambda: unpacked(gzip.compress(b"0123456789")[:-9]))


def test_a_name_that_is_no_text_or_too_long_is_shown_escaped_and_cut() -> None:
    assert refused(lambda: read(Path(os.fsdecode(b"caf\xe9\n.csv")))).startswith("caf\\udce9\\n.csv: there is no")
    assert len(refused(lambda: read(Path("x/" * 2000 + "x.xlsx")))) <= 285
