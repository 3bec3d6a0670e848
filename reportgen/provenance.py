"""Where the numbers of a build come from: versions, commit, processor."""

from __future__ import annotations

import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from reportgen import __version__

__all__ = ["provenance"]

_LIBRARIES = ("numpy", "scipy", "pandas", "matplotlib", "scikit-learn")


def provenance() -> dict[str, Any]:
    """Return generator, versions of Python and the libraries, commit of the checkout (or None) and processor."""
    return {
        "generator": f"reportgen {__version__}",
        "versions": {"python": platform.python_version(), **{name: _version(name) for name in _LIBRARIES}},
        "commit": _commit(),
        "cpu": _cpu(),
    }


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _commit() -> str | None:
    """Return the commit of the checkout that this code runs from; a package that was installed has none."""
    checkout = Path(__file__).resolve().parent.parent
    if not (checkout / ".git").exists():
        return None
    command = ["git", "-C", str(checkout), "rev-parse", "HEAD"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=10).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return None


def _cpu() -> str:
    """Return the processor's name, as Linux tells it where it can."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
