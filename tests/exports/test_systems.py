"""The real systems build what is exported, and the Markdown edition as it is copied, without a single warning.

Each is looked for beside this Python and on the search path; a test of one that is not there is skipped and says so.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from reportgen.built import Built
from reportgen.pipeline import export
from reportgen.report.exports.systems import SYSTEMS
from reportgen.settings import Settings

pytestmark = pytest.mark.slow

PACKAGES = {"myst": "mystmd", "sphinx-build": "sphinx"}
"""Program -> package, where that has another name."""


def tool(name: str) -> str:
    """Return the path of a program, of this environment or of the machine, or skip the test."""
    beside = str(Path(sys.executable).parent)
    found = shutil.which(name, path=os.pathsep.join([beside, os.environ.get("PATH", "")]))
    if found is None:
        pytest.skip(f"{PACKAGES.get(name, name)} is not installed")
    return found


def run(folder: Path, *command: str) -> str:
    """Run a command and return what it said; it has to succeed."""
    answer = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout + answer.stderr


class Exported(NamedTuple):
    """Where an export lies, and what was said when it was made."""

    folder: Path
    built: Built


@pytest.fixture(scope="session")
def exported(quick_site: Path, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Exported]:
    """Return a function that exports the quick site for a system, once for all tests of this process."""
    assert quick_site.is_dir()
    settings = Settings(preset="quick", cache=shared / "measured", engine="serial")

    @cache
    def made(name: str) -> Exported:
        folder = tmp_path_factory.mktemp(name) / "course"
        return Exported(folder, export(settings, name, folder))

    return made


@pytest.mark.parametrize("name", SYSTEMS)
def test_the_last_line_of_an_export_says_how_to_build_it(name: str, exported: Callable[[str], Exported]) -> None:
    folder, built = exported(name)
    assert built.summary()[-1] == f"Build it: cd {folder} && {SYSTEMS[name].build}"
    assert built.drawn_before == built.figures


def test_mkdocs_builds_the_export_with_every_formula(exported: Callable[[str], Exported]) -> None:
    mkdocs, folder = tool("mkdocs"), exported("mkdocs").folder
    assert "WARNING -" not in run(folder, mkdocs, "build", "--strict")
    page = (folder / "site/derivation.html").read_text(encoding="utf-8")
    assert page.count("<math") > 20 or "mathjax" in page
    assert "arithmatex" not in page or "mathjax" in page


def test_jupyter_book_builds_the_export(exported: Callable[[str], Exported], tmp_path: Path) -> None:
    book = tool("jupyter-book")
    if not re.search(r"\b1\.\d+\.\d+", run(tmp_path, book, "--version")):
        pytest.skip("jupyter-book is not of version 1")
    run(exported("jupyter-book").folder, book, "build", "-W", ".")


def test_mystmd_reads_the_export_without_a_warning(exported: Callable[[str], Exported]) -> None:
    myst, folder = tool("myst"), exported("jupyter-book").folder
    # the theme is fetched once every page is read: where there is no network the command fails after that
    told = subprocess.run([myst, "build", "--site"], cwd=folder, capture_output=True, text=True, check=False)
    said = told.stdout + told.stderr
    assert "Built 22 pages" in said
    assert not re.search("⚠|⛔", said), said


def test_pandoc_makes_one_caption_of_each_figure(exported: Callable[[str], Exported], quick_site: Path) -> None:
    pandoc, folder = tool("pandoc"), exported("quarto").folder
    for page in folder.glob("*.qmd"):
        html = run(folder, pandoc, "-s", "--mathml", "--fail-if-warnings", "-f", "markdown", "-t", "html", page.name)
        assert html.count("<figcaption") == page.read_text(encoding="utf-8").count("](figures/")
    for page in (quick_site / "markdown").glob("*.md"):
        options = ["--mathml", "--fail-if-warnings", "-M", "title=x", "-f", "markdown", "-t", "html", page.name]
        assert "<figcaption" not in run(page.parent, pandoc, *options)


@pytest.mark.parametrize("theme", ["mkdocs", "material"])
def test_mkdocs_builds_the_markdown_edition_as_it_is_copied(theme: str, quick_site: Path, tmp_path: Path) -> None:
    mkdocs = tool("mkdocs")
    shutil.copytree(quick_site / "markdown", tmp_path / "docs")
    (tmp_path / "mkdocs.yml").write_text(f"site_name: x\ntheme: {theme}\nmarkdown_extensions: [md_in_html]\n")
    run(tmp_path, mkdocs, "build", "--strict")


def test_sphinx_builds_the_markdown_edition_as_it_is_copied(quick_site: Path, tmp_path: Path) -> None:
    sphinx = tool("sphinx-build")
    shutil.copytree(quick_site / "markdown", tmp_path / "markdown")
    (tmp_path / "index.rst").write_text("Course\n======\n\n.. toctree::\n   :glob:\n\n   markdown/*\n")
    extensions = 'extensions = ["myst_parser"]\nmyst_enable_extensions = ["dollarmath"]\n'
    (tmp_path / "conf.py").write_text(f"{extensions}myst_heading_anchors = 3\n")
    run(tmp_path, sphinx, "-W", "-q", ".", "out")
