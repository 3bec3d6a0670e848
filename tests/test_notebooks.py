"""The notebooks of the report are run, cell by cell, in a kernel of their own."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reportgen.chapters import CHAPTERS
from reportgen.report.formats import FORMATS
from reportgen.report.page import Edition, Reading, render_page
from reportgen.report.templating import environment
from tests.chapters.conftest import measured

__all__ = ["measured"]

CHECKOUT = Path(__file__).parent.parent
WITH_FIGURES = {chapter.slug: chapter for chapter in CHAPTERS if chapter.figures}
IN_CI = ("he",)
"""Run always; with the variable REPORTGEN_NOTEBOOKS=all, every one is."""


@pytest.fixture
def stored(shared: Path, tmp_path: Path) -> Path:
    """Return a folder in which a notebook finds what other tests have measured."""
    folder = Path(os.environ.get("REPORTGEN_TEST_CACHE") or shared / "measured")
    folder.mkdir(exist_ok=True)
    (tmp_path / ".reportgen-cache").symlink_to(folder)
    return tmp_path


def run(text: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run a notebook in a folder, and return it with what it shows."""
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    monkeypatch.setenv("PYTHONPATH", str(CHECKOUT))
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    client = nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(folder)}})
    return client.execute()


@pytest.mark.filterwarnings("default")  # of the kernel's client
@pytest.mark.parametrize("slug", WITH_FIGURES)
def test_a_notebook_draws_every_figure_of_its_chapter_again(
    slug: str, stored: Path, measured: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    if slug not in IN_CI and os.environ.get("REPORTGEN_NOTEBOOKS") != "all":
        pytest.skip("REPORTGEN_NOTEBOOKS=all runs the notebooks of all chapters")
    chapter = WITH_FIGURES[slug]
    results = measured(chapter.needs)
    edition = Edition(FORMATS["notebook"], CHAPTERS, results.settings, (), environment())
    done = run(render_page(Reading.of(chapter, results), edition), stored, monkeypatch)
    shown = {cell["id"]: [output.get("data", {}) for output in cell.get("outputs", ())] for cell in done["cells"]}
    for figure in (one.slug for one in chapter.figures if not one.each):
        (image,), (table,) = shown[f"{figure}-draw"], shown[f"{figure}-table"]
        assert {"image/png", "image/svg+xml"} <= set(image)
        assert "<table" in table["text/html"]


@pytest.mark.filterwarnings("default")
def test_a_cell_that_fails_is_seen(stored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    errors = pytest.importorskip("nbclient.exceptions")
    cell = '{"cell_type": "code", "execution_count": null, "id": "a", "metadata": {}, "outputs": [], "source": "1 / 0"}'
    frame = '{"cells": [%s], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
    with pytest.raises(errors.CellExecutionError, match="division by zero"):
        run(frame % cell, stored, monkeypatch)
