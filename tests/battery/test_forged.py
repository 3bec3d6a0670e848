"""Entries of the cache with the right checksum and the wrong content: measured again with a warning, never fatal."""

from __future__ import annotations

import io
import pickle
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.battery.cache import Cache
from reportgen.battery.cell import Cell
from reportgen.battery.entries import checksum
from reportgen.battery.run import Recipe, measure, stored
from reportgen.errors import UsageError
from tests.hostile import become

CELL = Cell.of("toy", "Toy", behavior="draw", size=7)
COLUMNS = [("value", "<f4"), ("word", "<U2")]


def archive(members: Mapping[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as out:
        for name, content in members.items():
            out.writestr(name, content)
        out.comment = bytes(64)
    return buffer.getvalue()


def arrays(**tables: Any) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **{f"table/{name}": rows for name, rows in tables.items()})
    with zipfile.ZipFile(buffer, "a") as out:
        out.comment = bytes(64)
    return buffer.getvalue()


def header(text: str) -> bytes:
    encoded = text.encode().ljust(118) + b"\n"
    return archive({"table/rows.npy": b"\x93NUMPY\x01\x00" + struct.pack("<H", len(encoded)) + encoded})


FORGED: Mapping[str, Callable[[], bytes]] = {
    "pickled rows": lambda: arrays(rows=np.array([print, None], dtype=object)),
    "a pickle": lambda: archive({"table/rows.npy": pickle.dumps([1, 2])}),
    "a header of objects": lambda: header("{'descr': [('value', '|O')], 'fortran_order': False, 'shape': (2,)}"),
    "a header of a terabyte": lambda: header(
        "{'descr': [('value', '<f8')], 'fortran_order': False, 'shape': (10**12,)}"
    ),
    "a header of 8 EiB": lambda: header("{'descr': '<f8', 'fortran_order': False, 'shape': (2305843009213693951,)}"),
    "a header of two billion rows": lambda: header("{'descr': '<f8', 'fortran_order': False, 'shape': (2000000000,)}"),
    "a negative length": lambda: header("{'descr': [('value', '<f8')], 'fortran_order': False, 'shape': (-1,)}"),
    "a nested header": lambda: header("(" * 300 + ")" * 300),
    "a header that is none": lambda: header("exit(1)"),
    "no fields": lambda: arrays(rows=np.arange(3.0)),
    "no rows": lambda: arrays(rows=np.zeros((), COLUMNS)),
    "a square": lambda: arrays(rows=np.zeros((2, 2), COLUMNS)),
    "fields that are arrays": lambda: arrays(rows=np.zeros(2, [("value", "<f4", (2,)), ("word", "<U2")])),
    "a column too few": lambda: arrays(rows=np.zeros(2, COLUMNS[:1])),
    "a column too many": lambda: arrays(rows=np.zeros(2, [*COLUMNS, ("surprise", "<f8")])),
    "another table": lambda: arrays(others=np.zeros(2, COLUMNS)),
    "complex numbers": lambda: arrays(rows=np.zeros(2, [("value", "<c8"), ("word", "<U2")])),
    "dates": lambda: arrays(rows=np.zeros(2, [("value", "<M8[s]"), ("word", "<U2")])),
    "no array": lambda: archive({"table/rows.txt": b"words"}),
    "a bomb": lambda: archive({"table/rows.npy": bytes(10**8)}, zipfile.ZIP_DEFLATED),
    "the same name twice": lambda: arrays(rows=np.zeros(2, COLUMNS)).replace(b"rows.npy", b"rows.np\x00"),
    "no archive": lambda: b"x" * 200,
    "only a checksum": lambda: bytes(64),
}


def entry(cache: Cache, recipe: Recipe) -> Path:
    assert cache.folder is not None
    key = recipe.key(CELL)
    return cache.folder / key[:2] / f"{key}.npz"


@pytest.fixture
def recipe(toys: None) -> Recipe:
    return Recipe.of(0, package="toys")


@pytest.mark.filterwarnings("ignore::UserWarning")  # NumPy's own about a strange header
@pytest.mark.parametrize("kind", FORGED)
def test_a_forged_entry_is_measured_again_with_a_warning(kind: str, cache: Cache, recipe: Recipe) -> None:
    first = measure([CELL], recipe, cache, engine="serial")
    content, path = FORGED[kind](), entry(cache, recipe)
    path.write_bytes(content[:-64] + checksum(recipe.key(CELL), content))
    assert stored([CELL], recipe, cache) == ({}, [CELL]), "render asks for it again"
    (warning,) = cache.warnings
    assert warning.endswith(f"{path.name}: damaged, measured again")  # of a long path the middle is left out
    again = measure([CELL], recipe, Cache(cache.folder), engine="serial")
    assert all(np.array_equal(again[CELL]["rows"][name], column) for name, column in first[CELL]["rows"].items())


@pytest.mark.parametrize("kind", ["pipe", "folder", "zeros", "terabyte"])
def test_an_entry_that_is_no_ordinary_file_is_measured_again(kind: str, cache: Cache, recipe: Recipe) -> None:
    measure([CELL], recipe, cache, engine="serial")
    path = entry(cache, recipe)
    path.unlink()
    become(path, kind)
    assert stored([CELL], recipe, cache) == ({}, [CELL])
    assert len(cache.warnings) == 1
    assert measure([CELL], recipe, cache, engine="serial")[CELL]


@pytest.mark.parametrize("kind", ["pipe", "folder", "zeros"])
def test_a_folder_whose_tag_is_no_ordinary_file_is_not_ours(kind: str, cache: Cache, recipe: Recipe) -> None:
    measure([CELL], recipe, cache, engine="serial")
    assert cache.folder is not None
    tag = cache.folder / "CACHEDIR.TAG"
    tag.unlink()
    become(tag, kind)
    with pytest.raises(UsageError, match="holds files that are not reportgen's"):
        Cache(cache.folder)
