"""A terminal's encoding, a long line, a full disk behind standard output or a lost folder is never a traceback."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from reportgen import terminal
from reportgen.errors import EnvironmentFault

ROOT = Path(__file__).parent.parent


def run(*arguments: str, stdout: int = subprocess.PIPE, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command line in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "reportgen", *arguments],
        stdout=stdout,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, **environment},
        check=False,
    )


@pytest.mark.parametrize("encoding", ["gbk", "cp1251", "cp932", "ascii", "cp437:strict", "latin-1:strict"])
def test_what_a_terminal_does_not_know_is_written_in_what_it_knows(encoding: str) -> None:
    done = run("show", "he_normal", "relu", "--depth", "1", "--width", "8", PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, b"")
    head = done.stdout.decode(encoding.partition(":")[0]).splitlines()[2]
    assert "E[z²]" in head or "E[z^2]" in head


def test_an_undecodable_byte_of_an_argument_is_shown_escaped() -> None:
    done = run("list", "\udcff", PYTHONIOENCODING="utf-8:strict")
    assert done.returncode == 2
    assert rb"there is no list of '\udcff'" in done.stderr


def test_an_unknown_character_has_a_stand_in_or_shows_its_code(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="ascii"))
    terminal.prepare()
    terminal.tell(["z² × 2 – 1 … σ"])
    assert written.getvalue() == b"z^2 x 2 - 1 ... \\u03c3\n"


def test_every_line_that_says_what_went_wrong_is_short(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.say("one\n" + "x" * 100_000 + "\n  - " + "y" * 100_000 + "\x1b[31m")
    lines = capsys.readouterr().err.splitlines()
    assert [line[:11] for line in lines] == ["reportgen: ", "reportgen: ", "  - yyyyyyy"]
    assert max(map(len, lines)) == 300
    assert "\x1b" not in "".join(lines)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")
def test_a_full_disk_behind_standard_output_is_one_line() -> None:
    with Path("/dev/full").open("wb") as full:
        done = run("list", "activations", stdout=full.fileno())
    assert done.returncode == 1
    assert done.stderr == b"reportgen: standard output cannot be written: No space left on device\n"


def test_a_working_folder_that_is_gone_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(EnvironmentFault, match="the working folder is gone"):
        terminal.prepare()
