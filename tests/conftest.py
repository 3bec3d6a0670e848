"""What several tests share: one thread per process, a site that is built once, and browsers that are started once."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.browsers.chromium import Chromium
from tests.browsers.firefox import Firefox
from tests.browsers.starting import started, versions
from tests.browsers.tab import Browser

# Before numpy is loaded: tests run in parallel and compare bytes.
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")
os.environ.pop("REPORTGEN_CACHE", None)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that all test processes have in common."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@contextmanager
def once(shared: Path, name: str) -> Iterator[bool]:
    """Yield whether something is still to be done in the common folder; while one process does it, the others wait."""
    done = shared / f"{name}.done"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield not done.exists()
        done.touch()


@pytest.fixture(scope="session")
def quick_site(shared: Path) -> Path:
    """Return a site of the quick preset, measured serially and drawn by processes; all read it, none may write to it.

    What tests of chapters have measured by then is not measured again.
    """
    from reportgen.pipeline import build, run
    from reportgen.settings import Settings

    out = shared / "quick-site"
    settings = Settings(preset="quick", out=out, cache=shared / "measured", engine="serial")
    with once(shared, "quick-site") as is_first:
        if is_first:
            run(settings)
            build(settings.model_copy(update={"engine": "processes"}))  # who waits for it leaves a processor free
    return out


def pytest_report_header() -> str:
    """Say which browsers there are."""
    return f"browsers: {versions()}"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """Return the Chromium of this process."""
    pytest.importorskip("playwright.sync_api")
    yield from started(Chromium, "Chromium")


@pytest.fixture(scope="session")
def firefox() -> Iterator[Firefox]:
    """Return the Firefox of this process."""
    yield from started(Firefox, "Firefox")


@pytest.fixture(scope="session", params=["chromium", "firefox"])
def browser(request: pytest.FixtureRequest) -> Browser:
    """Return one browser after the other."""
    running: Browser = request.getfixturevalue(request.param)
    return running


@pytest.fixture
def without_plugins() -> Iterator[None]:
    """Take out afterwards what a plugin has registered."""
    from reportgen import foreign, plugins
    from reportgen.nn.activations import activations
    from reportgen.nn.initializers import initializers

    snapshots = [(registry, registry.snapshot()) for registry in (initializers, activations)]
    yield
    for registry, snapshot in snapshots:
        registry.restore(snapshot)  # type: ignore[arg-type]
    plugins._FILES.clear()
    foreign.allow(foreign.SECONDS)
