"""The machine that measures, and the versions: nothing by which it or its owner could be found."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_info

from reportgen.battery.engine import available_cpus
from reportgen.battery.machine import memory
from reportgen.provenance import provenance

__all__ = ["describe"]


def describe() -> dict[str, Any]:
    """Return processor, cores, memory, system, how busy the machine is before we begin, versions, date and commit."""
    here = provenance()
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "commit": here["commit"],
        "changed": _is_changed(),
        "processor": here["cpu"],
        "cores": available_cpus(),
        "memory_gb": round(memory().total / 1e9),
        "system": f"{platform.system()} {platform.machine()}",
        "load": _load(),
        "versions": {**here["versions"], "torch": _torch(), "blas": _blas()},
    }


def _load() -> float | None:
    """Return how many others compute here already, on the average of a minute."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None


def _is_changed() -> bool | None:
    """Tell whether the code differs from that of the commit; None where nobody knows."""
    command = ["git", "status", "--porcelain", "--untracked-files=no", "reportgen", "templates", "benchmarks/*.py"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent)
    except (OSError, subprocess.SubprocessError):
        return None
    return bool(done.stdout)


def _torch() -> str | None:
    try:
        return version("torch")
    except PackageNotFoundError:
        return None


def _blas() -> list[str]:
    import numpy.linalg  # loads numpy's library  # noqa: F401

    found = (one for one in threadpool_info() if one["user_api"] == "blas")
    return sorted({f"{one['internal_api']} {one['version']} {one.get('architecture', '')}".strip() for one in found})
