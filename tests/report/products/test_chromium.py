"""The browser that prints: found, run, and told apart where it fails; stand-ins for it are scripts."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from reportgen.errors import EnvironmentFault
from reportgen.report.products import chromium
from reportgen.report.products.chromium import VARIABLE, find_browser, print_to_pdf

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="stand-ins are scripts")

PRINTS = """
import sys
told = dict(one.partition("=")[::2] for one in sys.argv[1:])
open(told["--print-to-pdf"], "w").write("%PDF-1.4 " + " ".join(sys.argv[1:]) + " %%EOF\\n")
"""

Program = Callable[[str], str]


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """Return a function that writes a program of some lines of Python, and returns where it is."""

    def write(source: str) -> str:
        path = tmp_path / "browser"
        path.write_text(f"#!{sys.executable}\n{source}")
        path.chmod(0o755)
        return str(path)

    return write


def test_the_browser_that_the_environment_names_wins(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    path = program(PRINTS)
    monkeypatch.setenv(VARIABLE, path)
    assert find_browser() == path


def test_a_browser_that_is_named_and_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "/nowhere/chromium")
    with pytest.raises(EnvironmentFault, match=rf"^{VARIABLE}: there is no program /nowhere/chromium; format pdf"):
        find_browser()


def test_browsers_are_looked_for_on_the_path_then_where_systems_install_them(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    Path(program(PRINTS)).rename(tmp_path / "microsoft-edge")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_browser() == str(tmp_path / "microsoft-edge")
    monkeypatch.setattr(sys, "platform", "darwin")
    assert any(place.endswith("Google Chrome.app/Contents/MacOS/Google Chrome") for place in chromium._places())
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("PROGRAMFILES", "C:/Programs")
    assert any("msedge.exe" in place and "Programs" in place for place in chromium._places())


@pytest.mark.parametrize(("platform", "how"), [("linux", "apt install"), ("darwin", "brew install"), ("win32", "Edge")])
def test_where_there_is_no_browser_one_line_says_what_to_install(
    platform: str, how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(chromium, "_places", lambda: iter(["no-such-browser"]))
    monkeypatch.setattr(sys, "platform", platform)
    with pytest.raises(EnvironmentFault, match=f"^format pdf needs Chromium, Chrome or Edge.*{how}") as caught:
        find_browser()
    assert "\n" not in str(caught.value)


def test_a_page_is_printed_with_a_profile_of_its_own_that_is_gone_afterwards(program: Program) -> None:
    told = print_to_pdf(b"<p>A", program(PRINTS)).decode().split(" ")
    profile = next(one.partition("=")[2] for one in told if one.startswith("--user-data-dir="))
    assert not Path(profile).parent.exists()
    assert "--generate-pdf-document-outline" in told
    assert "--disable-background-networking" in told
    assert ("--no-sandbox" in told) == (os.geteuid() == 0)


def test_the_sandbox_is_left_out_where_it_does_not_start_and_only_then(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chromium, "_is_root", lambda: False)
    needs = f"import sys\nif '--no-sandbox' not in sys.argv: sys.exit('No usable sandbox!')\n{PRINTS}"
    assert b"--no-sandbox" in print_to_pdf(b"", program(needs))
    assert b"--no-sandbox" not in print_to_pdf(b"", program(PRINTS))


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("import sys\nsys.exit('GPU is on fire')", "has printed no PDF: GPU is on fire; nothing was published"),
        ("", "has printed no PDF; nothing was published"),
        (PRINTS.replace("%PDF-", "%PUF-"), "has printed no PDF"),
        (PRINTS.replace("%%EOF", ""), "has printed no PDF"),
    ],
)
def test_a_browser_that_prints_nothing_whole_is_told_in_one_line(source: str, fault: str, program: Program) -> None:
    with pytest.raises(EnvironmentFault, match=fault) as caught:
        print_to_pdf(b"", program(source))
    assert "\n" not in str(caught.value)


def test_what_a_browser_leaves_among_temporary_files_goes_with_it(program: Program, tmp_path: Path) -> None:
    source = (
        f"import tempfile, sys, time\nopen({str(tmp_path / 'left')!r}, 'w').write(tempfile.mkdtemp())\ntime.sleep(60)"
    )
    with pytest.raises(EnvironmentFault, match="did not print within"):
        print_to_pdf(b"", program(source), 1.5)
    assert not Path((tmp_path / "left").read_text()).exists()


def test_a_program_that_cannot_be_started_is_told(tmp_path: Path) -> None:
    (tmp_path / "browser").write_text("no program")
    (tmp_path / "browser").chmod(0o755)
    with pytest.raises(EnvironmentFault, match="cannot be started: "):
        print_to_pdf(b"", str(tmp_path / "browser"))


def test_a_browser_that_hangs_is_ended_with_all_that_it_has_started(program: Program, tmp_path: Path) -> None:
    child = tmp_path / "child"
    source = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"open({str(child)!r}, 'w').write(str(child.pid))\ntime.sleep(60)"
    )
    with pytest.raises(EnvironmentFault, match=r"did not print within 1\.5 seconds; nothing was published"):
        print_to_pdf(b"", program(source), 1.5)
    pid = int(child.read_text())
    end = time.monotonic() + 10
    while is_running(pid) and time.monotonic() < end:
        time.sleep(0.05)
    assert not is_running(pid)


def is_running(pid: int) -> bool:
    """Whether a process is there and has not ended; one that nobody has waited for is no longer running."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not (state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z")
