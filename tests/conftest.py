"""What several tests share: one thread per process, and a site that is built once."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest

# Before numpy is loaded: tests run in parallel and compare bytes.
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")


@pytest.fixture(scope="session")
def quick_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a site built with the quick preset; not to be written to, all workers read the same."""
    from reportgen.pipeline import build
    from reportgen.settings import Settings

    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    out = shared / "quick-site"
    with (shared / "quick-site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one worker builds, the others wait for it
        if not out.exists():
            build(Settings(preset="quick", out=out, cache=None, engine="serial"))
    return out
