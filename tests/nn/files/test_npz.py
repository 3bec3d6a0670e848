"""Archives of arrays: what a header claims is held against what is there before memory is taken."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from typing import Any

import numpy as np
import pytest

from reportgen.errors import DataError
from reportgen.nn.files import npz
from reportgen.nn.files.npz import read


def member(shape: tuple[int, ...], content: bytes = b"", dtype: str = "<f8") -> bytes:
    text = io.BytesIO()
    np.lib.format.write_array_header_1_0(text, {"descr": dtype, "fortran_order": False, "shape": shape})
    return text.getvalue() + content


def archive(**members: bytes) -> bytes:
    text = io.BytesIO()
    with zipfile.ZipFile(text, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name.replace("_npy", ".npy"), content)
    return text.getvalue()


def refused(raw: bytes) -> str:
    tracemalloc.start()
    try:
        with pytest.raises(DataError) as caught:
            read(raw)
        assert tracemalloc.get_traced_memory()[1] < 10 * len(raw) + 2**20
    finally:
        tracemalloc.stop()
    assert len(str(caught.value)) <= 225
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (member((10**12, 3), b"\0" * 64), "array 'X' claims (1000000000000, 3) values, 21.8 TiB, but holds 64 bytes"),
        (member((10**30,)), "array 'X' claims"),
        (member((-1,)), "array 'X' claims"),
        (member((10**12,), dtype="<U0"), "array 'X' claims (1000000000000,) values, 0 bytes, but holds 0 bytes"),
        (member((2,), b"\0" * 15), "claims (2,) values, 16 bytes, but holds 15 bytes"),
        (member((2,), b"\0" * 17), "claims (2,) values, 16 bytes, but holds 17 bytes"),
        (member((2,), b"\0" * 16, "|O"), "array 'X' holds Python objects, which are never loaded"),
        (b"\x93NUMPY\x09\0", "array 'X' is of a kind that is not read"),
        (b"no array", "cannot be read as .npz: "),
        (b"", "cannot be read as .npz: "),
    ],
)
def test_an_array_that_is_not_what_it_claims_is_refused(content: bytes, said: str) -> None:
    assert said in refused(archive(X_npy=content))


def headed(text: str) -> bytes:
    return b"\x93NUMPY\1\0" + len(text).to_bytes(2, "little") + text.encode("latin-1") + b"\0" * 16


@pytest.mark.parametrize(
    "header",
    [
        "{'descr': '<f8', 'fortran_order': False, 'shape': (3",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2L,), 'x",
        "{'descr': '<f8', 'fortran_order': False, 'shape': 2}",
        "{'descr': '<f8', 'fortran_order': False}",
        "{'descr': '<q9', 'fortran_order': False, 'shape': (2,)}",
        "{'descr': (), 'fortran_order': False, 'shape': (2,)}",
        "{'descr': {'a': 1}, 'fortran_order': False, 'shape': (2,)}",
        "{[]: 1, 'descr': '<f8', 'fortran_order': False, 'shape': (2,)}",
        "{1: 1, 'descr': '<f8'}",
        "(" * 5000,
        "-" * 9000 + "1",
        " " * 20000,
        "\n  3\n 4",
        "'",
        "\0",
        "",
    ],
)
def test_a_damaged_header_is_told_in_one_line_without_numpys_words(header: str) -> None:
    with pytest.raises(DataError) as caught:
        read(archive(X_npy=headed(header)))
    assert str(caught.value) == (
        "cannot be read as .npz: the header of array 'X' is damaged: save the arrays anew with numpy.savez"
    )


def test_a_header_that_python_2_wrote_is_read_silently() -> None:
    text = "{'descr': '<f8', 'fortran_order': False, 'shape': (2L,)}"
    assert read(archive(X_npy=headed(text)))[0][1].tolist() == [0, 0]


def test_a_bomb_is_refused_by_the_size_that_it_declares(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(npz, "LIMIT", 2**20)
    assert refused(archive(X_npy=member((2**17,), b"\0" * 2**20))) == (
        "unpacks to 1 MiB; at most 1 MiB are read: give a part of its rows"
    )


def test_what_is_no_array_in_an_archive_is_told() -> None:
    assert "holds 'x.txt', which is no array of numpy.savez" in refused(archive(**{"x.txt": b"hello"}))
    assert refused(b"PK") == "is not an .npz archive"


@pytest.mark.parametrize(
    "values", [np.arange(6.0).reshape(3, 2), np.asfortranarray(np.eye(3)), np.array(["ä", "b", "c"]), np.zeros((3, 0))]
)
def test_sound_arrays_are_read_as_they_were(values: Any) -> None:
    text = io.BytesIO()
    np.savez_compressed(text, X=values)
    ((name, found),) = read(text.getvalue())
    assert name == "X"
    assert np.array_equal(found, values)
