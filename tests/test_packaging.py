"""The package as others get it: an sdist, the wheel made from it, and a build with nothing but the wheel."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent
TEMPLATES = {path.relative_to(CHECKOUT).as_posix() for path in (CHECKOUT / "templates").rglob("*") if path.is_file()}

QUICK = ("--preset", "quick")

pytestmark = pytest.mark.slow


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command as a user without this checkout on the path would, and return what it prints."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    words = [str(part) for part in command]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=cwd, env=environment)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def digests(site: Path) -> dict[str, str]:
    """Return file of a site -> its sha256, as the manifest has it."""
    listed: dict[str, str] = json.loads((site / "manifest.json").read_text(encoding="utf-8"))["files"]
    return listed


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the sdist and the wheel that was made from it."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, CHECKOUT, cwd=folder)
    return folder


@pytest.fixture(scope="module")
def wheel(distributions: Path) -> Path:
    (path,) = distributions.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the `bin` of a clean environment with the wheel; the libraries are read from this one's."""
    home = tmp_path_factory.mktemp("clean") / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", home, cwd=home.parent)
    pip = (sys.executable, "-m", "pip", "--python", home / "bin/python")
    run(*pip, "install", "-qq", "--no-index", "--no-deps", wheel, cwd=home.parent)
    (site_packages,) = home.glob("lib/python*/site-packages")
    borrowed = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (site_packages / "borrowed.pth").write_text("\n".join(sorted(borrowed)))
    return home / "bin"


def test_the_sdist_holds_what_one_needs_to_build_and_test(distributions: Path) -> None:
    (path,) = distributions.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wanted = {"Makefile", "LICENSE", "README.md", "pyproject.toml", "requirements.lock", "requirements-dev.lock"}
    assert wanted | TEMPLATES | {"tests/test_packaging.py", "outputs/README.md"} <= names
    assert not any(name.startswith((".venv", ".git/", ".reportgen-cache", "outputs/index")) for name in names)


def test_the_wheel_holds_the_templates_and_the_marker_of_its_types_and_no_tests(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {f"reportgen/{name}" for name in TEMPLATES} | {"reportgen/py.typed"} <= names
    assert TEMPLATES
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"reportgen"}


def test_the_wheel_measures_and_draws_from_another_folder(installed: Path, tmp_path: Path) -> None:
    where = run(installed / "python", "-c", "import reportgen; print(reportgen.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(installed.parent)
    measured = run(installed / "reportgen", "run", *QUICK, "--experiment", "derivation", "--cache", "own", cwd=tmp_path)
    assert "cells" in measured
    run(installed / "reportgen", "render", *QUICK, "--chapter", "derivation", "--cache", "own", cwd=tmp_path)
    assert list((tmp_path / "draft").rglob("*.svg"))


def test_the_wheel_builds_the_site_that_the_checkout_does(
    installed: Path, quick_site: Path, shared: Path, tmp_path: Path
) -> None:
    run(installed / "reportgen", "build", *QUICK, "--cache", shared / "measured", "--out", "site", cwd=tmp_path)
    assert digests(tmp_path / "site") == digests(quick_site)
