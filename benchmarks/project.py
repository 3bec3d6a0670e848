"""A copy of the project in a temporary folder: built from nothing there, changed, and built again."""

from __future__ import annotations

import compileall
import json
import re
import shutil
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from benchmarks.watched import Ran, watched

__all__ = ["CHAPTER", "EXPERIMENT", "Build", "Project", "cold"]

_CHECKOUT = Path(__file__).parent.parent

CHAPTER = EXPERIMENT = "derivation"
"""The chapter that a quick benchmark builds in place of the whole site, and what it needs."""


class Build(NamedTuple):
    """What a build took.

    Attributes
    ----------
    seconds
        Stage -> wall time; ``whole`` is that of the process, ``rest`` what is in no stage: start and publishing.
    cells
        Number of cells that were measured, and were not stored already; None where the build does not tell.
    files
        File of the site -> its sha256.
    parent_mb, worker_mb
        As in `Ran`.
    """

    seconds: dict[str, float]
    cells: int | None
    files: Mapping[str, str]
    parent_mb: float | None
    worker_mb: float | None


_NOTHING = "Nothing has changed"
"""How the output of a build begins that had nothing to do."""


class Project:
    """A copy of the code and the templates, with a cache and a site of its own.

    Parameters
    ----------
    quick
        Whether `build` makes one chapter with the quick preset instead of the whole site.
    preset
        Of the whole site.
    """

    def __init__(self, *, quick: bool, preset: str = "standard") -> None:
        self._folder = TemporaryDirectory(prefix="reportgen-benchmark-")
        self.folder = Path(self._folder.name)
        self.quick = quick
        self.preset = "quick" if quick else preset
        for name in ("reportgen", "templates"):
            shutil.copytree(_CHECKOUT / name, self.folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        compileall.compile_dir(self.folder / "reportgen", quiet=1)

    @property
    def cache(self) -> Path:
        """Where the measurements are."""
        return self.folder / "cache"

    def reportgen(self, *words: str) -> Ran:
        """Run the command line of the copy."""
        path = str(self.folder)
        return watched([sys.executable, "-m", "reportgen", *words], self.folder, {"PYTHONPATH": path})

    def build(self, *options: str) -> Build:
        """Build the site, or what a quick benchmark takes for it: measured once, then drawn again and again."""
        common = ("--preset", self.preset, "--cache", "cache", *options)
        if not self.quick:
            return self._built([self.reportgen("build", "--out", "site", *common)])
        needed = options or not self.cache.exists()
        measured = [self.reportgen("run", "--experiment", EXPERIMENT, *common)] if needed else []
        chapter = ("--chapter", CHAPTER, "--format", "html", "--out", "site")
        return self._built([*measured, self.reportgen("render", *chapter, *common)])

    def _built(self, runs: list[Ran]) -> Build:
        manifest = json.loads((self.folder / "site" / "manifest.json").read_text(encoding="utf-8"))
        seconds: dict[str, float] = manifest["wall_time_seconds"]
        if len(runs) > 1:
            seconds = {"measure": runs[0].seconds, **seconds}
        whole = sum(run.seconds for run in runs)
        if _NOTHING in runs[-1].output:  # the stages in the manifest are those of the build before
            seconds = {}
        seconds = {**seconds, "rest": whole - sum(seconds.values()), "whole": whole}
        parents, workers = ([getattr(run, name) or 0.0 for run in runs] for name in ("parent_mb", "worker_mb"))
        return Build(seconds, _measured(runs[0].output), manifest["files"], max(parents) or None, max(workers) or None)


def _measured(output: str) -> int | None:
    """Return how many cells were not stored, as the last line of a build tells."""
    told = re.search(r"(\d+) of (\d+) cells ", output)
    return int(told[2]) - int(told[1]) if told else None


@cache
def cold(*, quick: bool) -> tuple[Project, Build]:
    """Return a project that has been built from nothing, once for all benchmarks of a run, and what that took."""
    project = Project(quick=quick)
    return project, project.build()
