"""Only regular files are read, up to a size, and nothing is waited for."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from reportgen.files import KIB, MIB, located, read_regular


def test_a_file_is_read_whole_also_through_a_link(tmp_path: Path) -> None:
    content = b"\0\r\n\x1a" * 100
    (tmp_path / "file").write_bytes(content)
    (tmp_path / "link").symlink_to("file")
    assert read_regular(tmp_path / "file", KIB) == read_regular(tmp_path / "link", KIB) == content


def test_a_file_of_just_the_limit_is_read_and_one_byte_more_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(bytes(KIB))
    assert len(read_regular(path, KIB)) == KIB
    path.write_bytes(bytes(KIB + 1))
    with pytest.raises(OSError, match="it is larger than 1 KiB"):
        read_regular(path, KIB)


def test_a_file_that_says_it_is_empty_and_is_not_keeps_to_the_limit() -> None:
    if not Path("/proc/kallsyms").exists():
        pytest.skip("there is none such here")
    with pytest.raises(OSError, match="larger than"):
        read_regular(Path("/proc/kallsyms"), KIB)


def test_a_sparse_file_of_a_terabyte_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(1024 * 1024 * MIB)
    with pytest.raises(OSError, match="larger than 64 MiB"):
        read_regular(tmp_path / "huge", 64 * MIB)


@pytest.mark.parametrize("kind", ["pipe", "socket", "zeros", "folder", "null byte", "half a pair", "missing"])
def test_what_is_no_regular_file_is_refused_at_once(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "thing"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(str(path))
    elif kind == "folder":
        path.mkdir()
    named = {"zeros": Path("/dev/zero"), "null byte": tmp_path / "a\0b", "half a pair": tmp_path / "\ud800"}
    with pytest.raises(OSError, match=r".") as caught:
        read_regular(named.get(kind, path), KIB)
    assert caught.value.strerror


def test_a_path_is_made_absolute_and_a_home_folder_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert located("~/x.py") == located("x.py") == tmp_path.resolve() / "x.py"


@pytest.mark.parametrize("name", ["~no_such_user_here/x.py", "a\0b.py", "loop"])
def test_a_path_that_leads_nowhere_is_told(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("loop").symlink_to("loop")
    with pytest.raises(OSError, match=r".") as caught:
        located(name)
    assert caught.value.strerror
