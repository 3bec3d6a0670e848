"""Where the numbers come from, also where some of that cannot be known."""

from __future__ import annotations

import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from reportgen import __version__, provenance

CHECKOUT = Path(__file__).parent.parent


def test_versions_and_processor_are_those_of_this_machine() -> None:
    known = provenance.provenance()
    assert known["generator"] == f"reportgen {__version__}"
    assert known["versions"]["numpy"] == version("numpy")
    assert known["versions"]["python"] == platform.python_version()
    assert known["cpu"]


def test_the_commit_is_that_of_the_checkout() -> None:
    if not (CHECKOUT / ".git").exists():
        pytest.skip("not a checkout")
    command = ["git", "-C", str(CHECKOUT), "rev-parse", "HEAD"]
    head = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    assert provenance.provenance()["commit"] == head


def test_a_package_without_a_checkout_has_no_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provenance, "__file__", str(tmp_path / "reportgen/provenance.py"))
    assert provenance.provenance()["commit"] is None


def test_what_cannot_be_known_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.setattr(provenance, "__file__", str(tmp_path / "reportgen/provenance.py"))
    monkeypatch.setattr(provenance, "_LIBRARIES", ("no-such-library",))
    known = provenance.provenance()
    assert known["commit"] is None
    assert known["versions"]["no-such-library"] is None


def test_without_linux_the_platform_names_the_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    read = Path.read_text

    def without_proc(self: Path, *given: Any, **options: Any) -> str:
        if self == Path("/proc/cpuinfo"):
            raise FileNotFoundError(self)
        return read(self, *given, **options)

    monkeypatch.setattr(Path, "read_text", without_proc)
    assert provenance.provenance()["cpu"] == (platform.processor() or platform.machine())


def test_the_package_runs_as_a_module() -> None:
    command = [sys.executable, "-m", "reportgen", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=CHECKOUT)
    assert done.stdout == f"reportgen {__version__}\n"
