"""Stored measurements: whole or absent, never trusted blindly, never the reason why a build stops."""

from __future__ import annotations

import errno
import hashlib
import os
import threading
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest

from reportgen.battery.cache import Cache
from reportgen.battery.experiment import Measured
from reportgen.battery.folder import KINDS
from reportgen.errors import EnvironmentFault, UsageError

KEY = hashlib.sha256(b"one").hexdigest()
OTHER = hashlib.sha256(b"other").hexdigest()
NONE = dict.fromkeys(KINDS, 0)
MEASURED: Measured = {
    "forward": {
        "layer": np.arange(1, 4),
        "value": np.array([0.1, np.nan, -np.inf]),
        "half": np.array([1.5, 2.5, 3.5], np.float32),
        "good": np.array([True, False, True]),
        "word": np.array(["tanh", "", "Größe ∞"]),
    },
    "file": {"allow_pickle": np.arange(2)},
    "empty": {"value": np.array([]), "word": np.array([], dtype="<U3")},
}


def path_of(cache: Cache, key: str = KEY) -> Path:
    assert cache.folder is not None
    (path,) = cache.folder.glob(f"*/{key}.npz")
    return path


def contents(measured: Measured) -> list[tuple[object, ...]]:
    """Return everything that could differ: names, their order, types and bytes."""
    return [
        (table, name, column.dtype, column.tobytes())
        for table, columns in measured.items()
        for name, column in columns.items()
    ]


def same(stored: Measured | None, measured: Measured) -> bool:
    return stored is not None and contents(stored) == contents(measured)


def test_what_was_stored_comes_back_bit_by_bit(cache: Cache) -> None:
    cache.put(KEY, MEASURED)
    assert same(cache.get(KEY), MEASURED)
    assert same(Cache(cache.folder).get(KEY), MEASURED)
    assert cache.warnings == []


def test_columns_that_come_back_can_be_written_and_are_contiguous(cache: Cache) -> None:
    cache.put(KEY, MEASURED)
    stored = cache.get(KEY)
    assert stored is not None
    assert all(column.flags.writeable and column.flags.c_contiguous for column in stored["forward"].values())


def test_an_entry_is_an_ordinary_archive_that_needs_no_pickle(cache: Cache) -> None:
    cache.put(KEY, MEASURED)
    with np.load(path_of(cache), allow_pickle=False) as archive:
        np.testing.assert_array_equal(archive["table/forward"]["layer"], [1, 2, 3])


def test_nothing_is_stored_without_a_folder() -> None:
    cache = Cache(None)
    cache.put(KEY, MEASURED)
    assert cache.get(KEY) is None
    assert (cache.size(), cache.clean(), cache.warnings) == ((0, 0), NONE, [])


def test_a_key_that_was_never_stored_is_absent_without_a_warning(cache: Cache) -> None:
    assert cache.get(KEY) is None
    cache.put(KEY, MEASURED)
    assert cache.get(OTHER) is None
    assert cache.warnings == []


def test_looking_something_up_makes_no_folder(cache: Cache) -> None:
    cache.get(KEY)
    assert cache.folder is not None
    assert not cache.folder.exists()


def flip(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


DAMAGES = {
    "empty": lambda content: b"",
    "shorter than a checksum": lambda content: content[:10],
    "cut off": lambda content: content[:-100],
    "without its last byte": lambda content: content[:-1],
    "one byte longer": lambda content: content + b"0",
    "not an archive": lambda content: b"not an archive" * 100,
    "another first byte": lambda content: flip(content, 0),
    "another byte in the middle": lambda content: flip(content, len(content) // 2),
    "another byte in the directory": lambda content: flip(content, len(content) - 80),
    "another checksum": lambda content: flip(content, len(content) - 1),
    "zeros, as after a crash": lambda content: bytes(len(content)),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=list(DAMAGES))
def test_a_damaged_entry_counts_as_absent_with_a_warning_and_is_replaced(cache: Cache, damage: object) -> None:
    assert callable(damage)
    cache.put(KEY, MEASURED)
    path = path_of(cache)
    path.write_bytes(damage(path.read_bytes()))
    assert cache.get(KEY) is None
    (warning,) = cache.warnings
    assert warning.endswith(f"{path.name}: damaged, measured again")  # of a long path the middle is left out
    cache.put(KEY, MEASURED)
    assert same(cache.get(KEY), MEASURED)


def test_an_entry_under_the_key_of_another_cell_is_not_trusted(cache: Cache) -> None:
    cache.put(KEY, MEASURED)
    cache.put(OTHER, {"forward": {"value": np.zeros(1)}})
    path_of(cache, OTHER).write_bytes(path_of(cache).read_bytes())
    assert cache.get(OTHER) is None
    assert len(cache.warnings) == 1


def test_an_entry_that_cannot_be_read_counts_as_absent_with_a_warning(cache: Cache) -> None:
    cache.put(KEY, MEASURED)
    path = path_of(cache)
    path.unlink()
    path.mkdir()
    assert cache.get(KEY) is None
    assert len(cache.warnings) == 1


def test_a_folder_that_cannot_be_read_gives_one_warning_and_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: Path) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "iterdir", fail)
    cache = Cache(tmp_path)
    for key in (KEY, OTHER):
        cache.put(key, MEASURED)
        assert cache.get(key) is None
    assert len(cache.warnings) == 1


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EROFS])
def test_a_disk_that_cannot_be_written_gives_one_warning_and_leaves_no_part(
    cache: Cache, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    cache.put(KEY, MEASURED)
    writes = []

    def fail(path: Path, content: bytes) -> int:
        writes.append(path)
        path.touch()
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(Path, "write_bytes", fail)
    for key in (OTHER, OTHER, KEY):
        cache.put(key, MEASURED)
    assert len(writes) == len(cache.warnings) == 1
    assert os.strerror(code) in cache.warnings[0]
    assert not writes[0].exists()
    assert same(cache.get(KEY), MEASURED), "what is there is still read"


def test_an_interrupted_write_leaves_neither_an_entry_nor_a_part(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.put(OTHER, MEASURED)

    def interrupt(path: Path, target: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        cache.put(KEY, MEASURED)
    assert cache.get(KEY) is None
    assert cache.folder is not None
    assert not list(cache.folder.rglob("*.tmp"))


def test_a_reader_beside_many_writers_sees_whole_entries_only(cache: Cache) -> None:
    big: Measured = {"rows": {"value": np.arange(50_000)}}
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            Cache(cache.folder).put(KEY, big)

    Cache(cache.folder).put(KEY, big)
    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    reads = [cache.get(KEY) for _ in range(50)]
    stop.set()
    for writer in writers:
        writer.join()
    assert all(same(measured, big) for measured in reads)
    assert cache.warnings == []
    assert cache.size()[0] == 1


def test_clean_removes_what_is_ours_and_nothing_else(cache: Cache) -> None:
    cache.put(KEY, MEASURED)
    cache.put(OTHER, MEASURED)
    assert cache.folder is not None
    left_over = path_of(cache).with_name(f"{KEY}-{'0' * 32}.tmp")
    left_over.touch()
    theirs = [cache.folder / "thesis.txt", cache.folder / KEY[:2] / "thesis.npz", cache.folder / "ab/notes.tmp"]
    for path in theirs:
        path.parent.mkdir(exist_ok=True)
        path.touch()
    assert cache.clean() == {**NONE, "npz": 2}
    assert sorted(path for path in cache.folder.rglob("*") if path.is_file()) == sorted(theirs)


def test_clean_removes_a_folder_that_holds_nothing_else(cache: Cache) -> None:
    cache.put(KEY, MEASURED)
    assert cache.clean() == {**NONE, "npz": 1}
    assert cache.folder is not None
    assert not cache.folder.exists()
    assert cache.clean() == NONE


def test_what_lies_behind_a_link_is_neither_deleted_nor_written(cache: Cache, tmp_path: Path) -> None:
    cache.put(KEY, MEASURED)
    cache.put(OTHER, MEASURED)
    stored = path_of(cache).read_bytes()
    shard, entry, elsewhere = path_of(cache).parent, path_of(cache, OTHER), tmp_path / "elsewhere"
    shard.rename(elsewhere)
    shard.symlink_to(elsewhere)
    entry.rename(elsewhere / "single")
    entry.symlink_to(elsewhere / "single")
    cache.put(KEY, {"forward": {"value": np.zeros(1)}})
    assert "is a link" in cache.warnings[0]
    assert Cache(cache.folder).clean() == {**NONE, "npz": 1}
    assert shard.is_symlink()
    assert not os.path.lexists(entry)
    assert sorted(path.name for path in elsewhere.iterdir()) == sorted([f"{KEY}.npz", "single"])
    assert (elsewhere / f"{KEY}.npz").read_bytes() == stored


def test_links_that_lead_nowhere_are_no_trouble(cache: Cache) -> None:
    cache.put(KEY, MEASURED)
    path = path_of(cache)
    path.unlink()
    path.symlink_to("nowhere")
    assert cache.clean() == {**NONE, "npz": 1}


def test_a_folder_that_cannot_be_written_is_told_before_the_first_file_is_deleted(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in (KEY, OTHER):
        cache.put(key, MEASURED)
    last, access = max(path_of(cache).parent, path_of(cache, OTHER).parent), os.access
    monkeypatch.setattr(os, "access", lambda path, mode: path != last and access(path, mode))
    with pytest.raises(EnvironmentFault, match=r"cannot be written, nothing was deleted$"):
        cache.clean()
    assert cache.size()[0] == 2


def test_the_size_counts_measurements_and_bytes(cache: Cache) -> None:
    assert cache.size() == (0, 0)
    cache.put(KEY, MEASURED)
    assert cache.size() == (1, path_of(cache).stat().st_size)


def test_a_folder_with_other_things_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").touch()
    with pytest.raises(UsageError, match="holds files that are not reportgen's"):
        Cache(tmp_path)


def test_the_cache_of_another_program_is_refused(tmp_path: Path) -> None:
    (tmp_path / "CACHEDIR.TAG").write_text("Signature: 8a477f597d28d172789f06886806bc55\n# made by pip\n")
    with pytest.raises(UsageError):
        Cache(tmp_path)


@pytest.mark.parametrize("folder", ["file", "file/cache"])
def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path, folder: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="is not a folder"):
        Cache(tmp_path / folder)


def test_an_empty_folder_and_a_folder_of_ours_are_accepted_and_tagged(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put(KEY, MEASURED)
    assert (tmp_path / "CACHEDIR.TAG").read_bytes().startswith(b"Signature: 8a477f597d28d172789f06886806bc55\n")
    assert same(Cache(tmp_path).get(KEY), MEASURED)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_cache_is_read(cache: Cache) -> None:
    cache.put(KEY, MEASURED)
    folder = path_of(cache).parent
    folder.chmod(0o500)
    try:
        again = Cache(cache.folder)
        assert same(again.get(KEY), MEASURED)
        again.put(KEY, MEASURED)
        assert len(again.warnings) == 1
    finally:
        folder.chmod(0o700)


def test_three_hundred_entries_load_in_far_less_than_it_takes_to_measure_them(cache: Cache) -> None:
    measured: Measured = {
        table: {f"column_{number}": np.arange(1000.0) for number in range(10)} for table in ("a", "b", "c")
    }
    keys = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(300)]
    for key in keys:
        cache.put(key, measured)
    start = perf_counter()
    assert all(cache.get(key) is not None for key in keys)
    # About 0.3 s on a laptop; one array per column instead of one per table takes five times as long.
    assert perf_counter() - start < 3
