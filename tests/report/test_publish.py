"""Publishing: one atomic step, only our files, and a failure that leaves everything as it was."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reportgen.errors import EnvironmentFault
from reportgen.report.publish import clean, ensure_cleanable, ensure_publishable, publish
from reportgen.report.swap import _duplicate
from reportgen.report.workspace import recover, workspace

ORIGIN = {"generator": "reportgen 0.0", "seed": 7}
OLD = {"index.html": b"old", "figures/a.svg": b"<svg/>", "figures/gone.svg": b"<svg/>"}
NEW = {"index.html": b"new", "figures/a.svg": b"<svg />", "data/b.csv": b"x\n1\n"}


def content(folder: Path) -> dict[str, bytes]:
    """Return what lies in a folder, links followed by none."""
    return {
        path.relative_to(folder).as_posix(): b"" if path.is_symlink() else path.read_bytes()
        for path in folder.rglob("*")
        if path.is_symlink() or path.is_file()
    }


def without_manifest(folder: Path) -> dict[str, bytes]:
    return {name: data for name, data in content(folder).items() if name != "manifest.json"}


@pytest.fixture(params=["moved", "in place", "behind a link"])
def out(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a published site, in each of the ways in which it is replaced."""
    place = tmp_path / "place"
    place.mkdir()
    publish(OLD, place / "out", ORIGIN)
    if request.param == "in place":
        monkeypatch.chdir(place / "out")
    if request.param == "behind a link":
        (place / "link").symlink_to("out")
        return place / "link"
    return place / "out"


SAME = {"index.html": b"old", "figures/a.svg": b"<svg />", "data/b.csv": b""}


def test_a_file_that_stays_the_same_is_not_written_again(out: Path) -> None:
    before = (out / "index.html").stat()
    publish(SAME, out, ORIGIN)
    publish(SAME, out, ORIGIN)
    after = (out / "index.html").stat()
    assert (after.st_ino, after.st_mtime_ns, after.st_nlink) == (before.st_ino, before.st_mtime_ns, 1)
    assert without_manifest(out) == SAME


def test_a_file_that_somebody_else_has_too_is_written_anew(out: Path, tmp_path: Path) -> None:
    os.link(out / "index.html", tmp_path / "theirs.html")
    publish(SAME, out, ORIGIN)
    (out / "index.html").write_bytes(b"by hand")
    assert (tmp_path / "theirs.html").read_bytes() == b"old"


def test_a_link_in_the_place_of_a_file_that_stays_the_same_is_replaced_by_the_file(out: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.html").write_bytes(b"old")
    (out / "index.html").unlink()
    (out / "index.html").symlink_to(tmp_path / "elsewhere.html")
    publish(SAME, out, ORIGIN)
    assert not (out / "index.html").is_symlink()
    assert (tmp_path / "elsewhere.html").read_bytes() == b"old"


def test_without_hard_links_every_file_is_written(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refuse)
    publish(SAME, out, ORIGIN)
    assert without_manifest(out) == SAME


def test_the_new_site_takes_the_place_of_the_old_one(out: Path) -> None:
    inode = out.stat().st_ino
    assert publish(NEW, out, ORIGIN) == out.resolve()
    assert without_manifest(out) == NEW
    assert {path.name for path in out.resolve().parent.iterdir()} <= {"out", "link"}, "nothing temporary is left"
    assert {path.name for path in out.iterdir()} == {"index.html", "figures", "data", "manifest.json"}
    assert (Path.cwd() == out) == (out.stat().st_ino == inode), "only the current folder is kept, the rest is new"


def test_the_manifest_lists_every_file_with_its_sha256_and_where_it_comes_from(out: Path) -> None:
    publish(NEW, out, ORIGIN)
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest == {**ORIGIN, "files": {name: hashlib.sha256(data).hexdigest() for name, data in NEW.items()}}


def test_a_manifest_of_another_generator_is_a_bug(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="generator"):
        publish(NEW, tmp_path / "out", {"generator": "else 1"})


def test_what_a_user_put_into_the_site_stays(out: Path) -> None:
    foreign = {"README.md": b"r", ".gitignore": b"*", "notes.txt": b"n", "figures/mine.svg": b"m", "deep/er/x": b"x"}
    for name, data in foreign.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(data)
    (out / "empty").mkdir()
    (out / "dangling").symlink_to("nowhere")
    (out / "home").symlink_to("..")
    publish(NEW, out, ORIGIN)
    assert without_manifest(out) == {**NEW, **foreign, "dangling": b"", "home": b""}
    assert (out / "empty").is_dir()
    assert (out / "home").readlink() == Path("..")


@pytest.mark.parametrize("name", ["data/b.csv", "data", "data/b.csv/inner"])
def test_a_users_file_where_a_new_one_should_go_stops_the_build(name: str, out: Path) -> None:
    (out / name).parent.mkdir(parents=True, exist_ok=True)
    (out / name).write_bytes(b"mine")
    before = content(out)
    with pytest.raises(EnvironmentFault, match=r"stands where the site needs data/b\.csv, and is not of reportgen"):
        publish(NEW, out, ORIGIN)
    assert content(out) == before


Break = Callable[[pytest.MonkeyPatch, BaseException], None]


def break_writing(monkeypatch: pytest.MonkeyPatch, fault: BaseException) -> None:
    """Fail at the second file that is written."""
    written, write = [], Path.write_bytes

    def failing(path: Path, data: bytes) -> int:
        written.append(path)
        if len(written) > 1:
            raise fault
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", failing)


def break_renaming(monkeypatch: pytest.MonkeyPatch, fault: BaseException) -> None:
    """Fail, once, at the second thing that is renamed: the old site is out of the way, the new one is not there yet."""
    renamed, rename = [], Path.rename

    def failing(path: Path, goal: Path) -> Path:
        renamed.append(path)
        if len(renamed) == 2:
            raise fault
        return rename(path, goal)

    monkeypatch.setattr(Path, "rename", failing)


@pytest.mark.parametrize("break_", [break_writing, break_renaming])
@pytest.mark.parametrize("fault", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_leaves_the_earlier_site_and_nothing_else(
    out: Path, break_: Break, fault: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    (out / "notes.txt").write_bytes(b"mine")
    before, around = content(out), sorted(out.resolve().parent.rglob("*"))
    with monkeypatch.context() as patch:
        break_(patch, fault)
        expected = EnvironmentFault if isinstance(fault, OSError) else KeyboardInterrupt
        with pytest.raises(expected) as caught:
            publish(NEW, out, ORIGIN)
    if isinstance(fault, OSError):
        assert str(caught.value) == f"{out}: cannot publish, the earlier site is untouched: No space left on device"
    assert content(out) == before
    assert sorted(out.resolve().parent.rglob("*")) == around


def test_a_failure_at_the_first_build_leaves_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    break_writing(monkeypatch, OSError(errno.ENOSPC, "No space left on device"))
    with pytest.raises(EnvironmentFault, match="No space left"):
        publish(NEW, tmp_path / "out", ORIGIN)
    assert list(tmp_path.iterdir()) == []


def test_a_mounted_folder_is_filled_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, rename = tmp_path / "out", Path.rename
    publish(OLD, out, ORIGIN)
    inode = out.stat().st_ino

    def refuse(path: Path, goal: Path) -> Path:
        if path == out:
            raise OSError(errno.EBUSY, "Device or resource busy")
        return rename(path, goal)

    monkeypatch.setattr(Path, "rename", refuse)
    publish(NEW, out, ORIGIN)
    assert without_manifest(out) == NEW
    assert out.stat().st_ino == inode
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_cannot_be_moved_back_is_told_and_not_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, rename = tmp_path / "out", Path.rename
    publish(OLD, out, ORIGIN)

    def refuse(path: Path, goal: Path) -> Path:
        if goal == out:
            raise OSError(errno.EIO, "Input/output error")
        return rename(path, goal)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(EnvironmentFault, match=r"cannot be moved back from .*/old: Input/output error") as caught:
        publish(NEW, out, ORIGIN)
    kept = next(tmp_path.glob(".reportgen-*/old"))
    assert str(kept) in str(caught.value)
    assert without_manifest(kept) == OLD


@pytest.mark.parametrize("manifest", [None, "", "[]", '{"generator": "mkdocs"}', '{"files": {"a": ""}}'])
@pytest.mark.parametrize("use", [ensure_publishable, clean, lambda out: publish(NEW, out, ORIGIN)])
def test_a_folder_that_we_did_not_publish_is_refused(
    use: Callable[[Path], Any], manifest: str | None, tmp_path: Path
) -> None:
    (tmp_path / "a").write_text("precious")
    if manifest is not None:
        (tmp_path / "manifest.json").write_text(manifest)
    before = content(tmp_path)
    with pytest.raises(EnvironmentFault, match=r"(holds a and no|its) manifest\.json") as caught:
        use(tmp_path)
    assert "\n" not in str(caught.value)
    assert content(tmp_path) == before


def test_the_folder_of_a_fresh_checkout_is_accepted(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/README.md").write_text("r")
    (tmp_path / "out/.gitignore").write_text("*")
    publish(NEW, tmp_path / "out", ORIGIN)
    assert {"README.md", ".gitignore"} <= set(content(tmp_path / "out"))


def test_folders_that_are_not_there_yet_are_made(tmp_path: Path) -> None:
    out = tmp_path / "a/b/out"
    ensure_publishable(out)
    assert list(tmp_path.iterdir()) == []
    publish(NEW, out, ORIGIN)
    assert without_manifest(out) == NEW


@pytest.mark.parametrize(
    ("name", "reason"), [("file", "is a file; the site needs a folder"), ("file/out", "Not a directory")]
)
def test_a_file_in_the_place_of_the_folder_is_refused(name: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EnvironmentFault, match=reason):
        ensure_publishable(tmp_path / name)


def test_a_place_that_cannot_be_written_is_refused_before_anything_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> str:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    with pytest.raises(EnvironmentFault, match=r"out: cannot be written: Permission denied$"):
        ensure_publishable(tmp_path / "out")


def test_a_folder_whose_parent_is_not_ours_is_filled_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, access = tmp_path / "out", os.access
    publish(OLD, out, ORIGIN)
    monkeypatch.setattr(os, "access", lambda path, mode: path != tmp_path and access(path, mode))
    inode = out.stat().st_ino
    publish(NEW, out, ORIGIN)
    assert without_manifest(out) == NEW
    assert out.stat().st_ino == inode


def test_cleaning_deletes_what_was_published_and_nothing_else(out: Path) -> None:
    (out / "figures/mine.svg").write_bytes(b"m")
    assert clean(out) == len(OLD) + 1
    assert content(out) == {"figures/mine.svg": b"m"}


def test_cleaning_a_folder_that_is_empty_or_not_there_does_nothing(tmp_path: Path) -> None:
    assert clean(tmp_path) == clean(tmp_path / "none") == 0


def test_cleaning_takes_the_folder_too_where_nothing_is_left_in_it(tmp_path: Path) -> None:
    publish(OLD, tmp_path / "out", ORIGIN)
    clean(tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("fault", [OSError(errno.EROFS, "Read-only file system"), KeyboardInterrupt()])
def test_cleaning_that_fails_deletes_nothing(out: Path, fault: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    (out / "notes.txt").write_bytes(b"mine")
    before, around = content(out), sorted(out.resolve().parent.rglob("*"))
    with monkeypatch.context() as patch:
        break_renaming(patch, fault)
        with pytest.raises(EnvironmentFault if isinstance(fault, OSError) else KeyboardInterrupt) as caught:
            clean(out)
    if isinstance(fault, OSError):
        assert str(caught.value) == f"{out}: cannot be cleaned, nothing was deleted: Read-only file system"
    assert content(out) == before
    assert sorted(out.resolve().parent.rglob("*")) == around


@pytest.mark.parametrize("folder", [".", "figures"])
@pytest.mark.parametrize("use", [clean, ensure_cleanable, ensure_publishable, lambda out: publish(NEW, out, ORIGIN)])
def test_a_site_in_a_folder_that_cannot_be_written_is_told_and_left_whole(
    use: Callable[[Path], Any], folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, access = publish(OLD, tmp_path / "out", ORIGIN), os.access
    before = sorted(tmp_path.rglob("*"))
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != out / folder and access(path, mode))
    with pytest.raises(EnvironmentFault) as caught:
        use(out)
    assert str(out / folder) in str(caught.value)
    assert str(caught.value).endswith("Permission denied")
    assert "\n" not in str(caught.value)
    assert sorted(tmp_path.rglob("*")) == before


def test_what_lies_behind_a_link_is_never_deleted(out: Path) -> None:
    (out / "mine").mkdir()
    (out / "mine/a.svg").write_bytes(b"precious")
    for path in (out / "figures").iterdir():
        path.unlink()
    (out / "figures").rmdir()
    (out / "figures").symlink_to("mine")
    clean(out)
    assert content(out) == {"figures": b"", "mine/a.svg": b"precious"}


def test_a_users_folder_in_the_place_of_a_file_of_ours_stays(out: Path) -> None:
    (out / "index.html").unlink()
    (out / "index.html").mkdir()
    (out / "index.html/mine").write_bytes(b"precious")
    clean(out)
    assert content(out) == {"index.html/mine": b"precious"}


# What a process leaves that is killed while it publishes.

KILLED = """
import os, shutil, signal, sys
from pathlib import Path
from reportgen.report.publish import clean, publish

moves, out, new = int(sys.argv[1]), Path(sys.argv[2]), {new!r}
os.chdir(sys.argv[3])
rename, done = Path.rename, []

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def killed(path, goal):
    done.append(path)
    return die() if len(done) > moves else rename(path, goal)

remove = shutil.rmtree
Path.rename, shutil.rmtree = killed, lambda *given, **named: die() if done else remove(*given, **named)
publish(new, out, {origin!r}) if new else clean(out)
"""

ALL = 99


@pytest.mark.skipif(sys.platform == "win32", reason="needs locks of the system")
@pytest.mark.parametrize(
    ("new", "in_place", "moves"),
    [
        *((NEW, False, moves) for moves in (0, 1, ALL)),
        *((NEW, True, moves) for moves in (0, 3, 6, ALL)),
        *(({}, False, moves) for moves in (1, ALL)),
        *(({}, True, moves) for moves in (2, ALL)),
    ],
)
def test_the_run_after_a_kill_finds_a_whole_site_and_removes_what_was_left(
    tmp_path: Path, new: dict[str, bytes], in_place: bool, moves: int
) -> None:
    out = publish(OLD, tmp_path / "out", ORIGIN)
    (out / "notes.txt").write_bytes(b"mine")
    place = out if in_place else tmp_path
    script = KILLED.format(new=new, origin=ORIGIN)
    ended = subprocess.run([sys.executable, "-c", script, str(moves), str(out), str(place)], timeout=60, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert list(place.glob(".reportgen-*")), "the kill left something behind"
    recover(place)
    assert without_manifest(out) == {**(new if moves == ALL else OLD), "notes.txt": b"mine"}
    assert list(tmp_path.rglob(".reportgen-*")) == []


def test_the_folder_of_a_run_that_still_works_is_left_alone(tmp_path: Path) -> None:
    with workspace(tmp_path) as work:
        (work / "new").mkdir()
        recover(tmp_path)
        ensure_publishable(tmp_path / "out")
        assert (work / "new").is_dir()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("mark", [None, b"", b"of another program"])
def test_a_folder_that_only_has_the_name_of_ours_is_left_alone(tmp_path: Path, mark: bytes | None) -> None:
    work = tmp_path / ".reportgen-abcdefgh"
    (work / "old").mkdir(parents=True)
    (work / "old/precious").write_bytes(b"p")
    if mark is not None:
        (work / "reportgen.lock").write_bytes(mark)
    before = content(tmp_path)
    recover(tmp_path)
    assert content(tmp_path) == before


@pytest.mark.parametrize(
    "written", ['[["../x", "precious"]]', '[["x", "link/precious"]]', "[", "[1]", '{"a": 1}', '[["/x", "precious"]]']
)
def test_moves_that_we_did_not_write_down_are_not_undone(tmp_path: Path, written: str) -> None:
    place = tmp_path / "place"
    place.mkdir()
    with workspace(place) as work:
        mark = (work / "reportgen.lock").read_bytes()
    work.mkdir()
    (work / "reportgen.lock").write_bytes(mark)
    (work / "moves.json").write_text(written)
    (place / "precious").write_bytes(b"p")
    (place / "link").symlink_to(".")
    before = content(tmp_path)
    recover(place)
    assert content(tmp_path) == before


@pytest.mark.parametrize("name", ["../precious", "a/../../precious", "/{root}/precious", "link/precious", "."])
@pytest.mark.parametrize("use", [clean, lambda out: publish(NEW, out, ORIGIN)])
def test_a_manifest_cannot_reach_outside_of_its_folder(name: str, use: Callable[[Path], Any], tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("p")
    out = publish({"index.html": b""}, tmp_path / "out", ORIGIN)
    (out / "link").symlink_to("..")
    listed = {"files": {name.format(root=tmp_path): ""}}
    (out / "manifest.json").write_text(json.dumps({**ORIGIN, **listed}))
    (out / "index.html").unlink()
    use(out)
    assert (tmp_path / "precious").read_text() == "p"
    assert (out / "link").is_symlink()


def test_what_another_build_has_published_meanwhile_does_not_take_the_place_of_ours(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours.html", tmp_path / "theirs.html"
    ours.write_text("ours")
    theirs.write_text("theirs")
    _duplicate(theirs, ours)
    assert ours.read_text() == "ours"
