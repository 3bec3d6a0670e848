"""Figures are drawn once: again only where what they come from has changed, or what is stored cannot be trusted."""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure as Canvas

from reportgen.battery import closure
from reportgen.battery.entries import Entries
from reportgen.battery.folder import FIGURE
from reportgen.chapters import CHAPTERS
from reportgen.chapters.style import canvas
from reportgen.report import shelf as shelf_module
from reportgen.report.drawing import Job
from reportgen.report.figures import render_figures
from reportgen.report.shelf import Shelf, code_of, frame_digest, key_of


def draw(points: pd.DataFrame) -> Canvas:
    figure = canvas(2.0, 3.0)
    figure.subplots().plot(points["x"], points["y"])
    return figure


POINTS = pd.DataFrame({"x": [1, 2], "y": [0.5, 0.25], "word": ["a", "b"]})
JOBS = [
    Job("one", draw, {"points": POINTS}),
    Job("two", draw, {"points": POINTS * 2}),
    Job("forward", None, {"forward": POINTS}, ()),
]


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(Entries(tmp_path / "cache"))


class Counted:
    """Draws like `map`, and remembers what."""

    def __init__(self) -> None:
        self.stems: list[str] = []

    def __call__(self, function: Callable[..., Any], tasks: Any) -> Any:
        for task in tasks:
            self.stems.append(task.job.stem)
            yield function(task)


def drawn_of(jobs: list[Job], shelf: Shelf) -> list[str]:
    mapper = Counted()
    render_figures(jobs, mapper, shelf)
    return mapper.stems


def test_what_was_drawn_is_taken_from_the_shelf_with_the_same_bytes(shelf: Shelf) -> None:
    numbers: list[tuple[int, ...]] = []
    first = render_figures(JOBS, shelf=shelf)
    assert render_figures(JOBS, Counted(), shelf, lambda *three: numbers.append(three)) == first
    assert first == render_figures(JOBS)
    assert numbers == [(2, 2, 2)]
    assert drawn_of(JOBS, shelf) == []


def test_without_a_folder_nothing_is_kept() -> None:
    nothing = Shelf(Entries(None))
    assert drawn_of(JOBS, nothing) == drawn_of(JOBS, nothing) == ["one", "two", "forward"]


def test_a_changed_number_redraws_that_figure_alone(shelf: Shelf) -> None:
    render_figures(JOBS, shelf=shelf)
    moved = POINTS.assign(y=[0.5, np.nextafter(0.25, 1)])
    assert drawn_of([JOBS[0]._replace(frames={"points": moved}), *JOBS[1:]], shelf) == ["one"]


def test_other_kinds_of_image_are_drawn(shelf: Shelf) -> None:
    render_figures(JOBS, shelf=shelf)
    assert drawn_of([job._replace(images=("svg",)) for job in JOBS[:2]], shelf) == ["one", "two"]


def test_another_resolution_is_drawn(shelf: Shelf) -> None:
    render_figures(JOBS, shelf=shelf)
    assert drawn_of([job._replace(dpi=300) for job in JOBS[:2]], shelf) == ["one", "two"]


def test_another_version_of_a_library_redraws_all(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    render_figures(JOBS, shelf=shelf)
    monkeypatch.setattr(shelf_module, "_versions", lambda: ("matplotlib 99",))
    assert drawn_of(JOBS, shelf) == ["one", "two", "forward"]


OTHERS = {
    "a type": POINTS.astype({"x": "int32"}),
    "a name": POINTS.rename(columns={"x": "z"}),
    "a word": POINTS.assign(word=["a", "c"]),
    "words the other way round": POINTS.assign(word=["b", "a"]),
    "a missing word": POINTS.assign(word=pd.Series(["a", None])),
    "words in fewer pieces": POINTS.assign(word=['a", "b', "b"]),
    "objects": POINTS.astype({"word": object}),
    "categories": POINTS.astype({"word": "category"}),
    "categories in another order": POINTS.assign(word=pd.Categorical(["a", "b"], ["b", "a"])),
    "the index": POINTS.set_axis([1, 2]),
    "the name of the index": POINTS.rename_axis("row"),
    "the order of rows": POINTS.iloc[::-1],
    "the order of columns": POINTS[["y", "x", "word"]],
    "a row fewer": POINTS.iloc[:1],
    "a truth": POINTS.assign(x=[True, False]),
}


def test_tables_that_differ_in_anything_have_digests_of_their_own() -> None:
    digests = {frame_digest(frame) for frame in (POINTS, *OTHERS.values())}
    assert len(digests) == 1 + len(OTHERS)
    assert frame_digest(POINTS.copy()) == frame_digest(POINTS)


# The code that draws --------------------------------------------------------------------------------------------------


def forget() -> None:
    for cached in (closure._read, closure._file, closure._folders, shelf_module._closure):
        cached.cache_clear()


@pytest.fixture
def two_chapters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], list[Job]]]:
    """Return a function that makes the jobs of two chapters anew after a file of theirs was changed."""
    monkeypatch.syspath_prepend(tmp_path)
    folder = tmp_path / "drawn_book"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "style.py").write_text("WIDTH = 3.0\n")
    for name in ("first", "second"):
        (folder / f"{name}.py").write_text(
            "from drawn_book.style import WIDTH\nfrom reportgen.chapters.style import canvas\n"
            "def draw(points):\n    return canvas(2.0, WIDTH)\n"
        )

    def jobs(changed: str = "") -> list[Job]:
        if changed:
            with (folder / f"{changed}.py").open("a") as file:
                file.write("# changed\n")
        forget()
        draws = [__import__(f"drawn_book.{name}", fromlist=["draw"]).draw for name in ("first", "second")]
        return [Job(one.__module__.rpartition(".")[2], one, {"points": POINTS}) for one in draws]

    yield jobs
    forget()
    for name in [name for name in sys.modules if name.startswith("drawn_book")]:
        del sys.modules[name]


def test_changed_code_of_a_chapter_redraws_that_chapter_and_a_changed_style_all(
    two_chapters: Callable[[str], list[Job]], shelf: Shelf
) -> None:
    assert drawn_of(two_chapters(""), shelf) == ["first", "second"]
    assert drawn_of(two_chapters("first"), shelf) == ["first"]
    assert drawn_of(two_chapters("style"), shelf) == ["first", "second"]
    assert drawn_of(two_chapters(""), shelf) == []


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: str(chapter.slug))
def test_the_code_of_a_figure_is_its_chapter_and_the_style_and_no_other_chapter(chapter: Any) -> None:
    others = {f"reportgen.chapters.{one.slug}" for one in CHAPTERS if one is not chapter}
    for draw in {figure.draw for figure in chapter.figures}:
        sources = closure.source_closure([draw.__module__, "reportgen.report.drawing"])
        assert {"reportgen.chapters.style", "reportgen.report.data", draw.__module__} <= sources.keys()
        assert not [name for name in sources if any(f"{name}.".startswith(f"{other}.") for other in others)]
        assert len(code_of(draw)) == 64


# What cannot be trusted -----------------------------------------------------------------------------------------------


def entry(shelf: Shelf, job: Job) -> Path:
    assert shelf.entries.folder is not None
    return next(shelf.entries.folder.glob(f"*/{key_of(job)}.{FIGURE}"))


def redrawn_with_a_warning(shelf: Shelf) -> bool:
    again = Shelf(Entries(shelf.entries.folder))
    files = render_figures(JOBS, shelf=again)
    (warning,) = again.entries.warnings
    return warning.endswith("damaged, drawn again") and files == render_figures(JOBS)


@pytest.mark.parametrize("place", [0, 100, -100, -1])
def test_a_damaged_figure_is_drawn_again_with_a_warning(shelf: Shelf, place: int) -> None:
    render_figures(JOBS, shelf=shelf)
    path = entry(shelf, JOBS[0])
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    assert redrawn_with_a_warning(shelf)
    assert drawn_of(JOBS, shelf) == []


SVG = b'<svg viewBox="0 0 1 1"></svg>'
FILES = {"figures/one.svg": SVG, "figures/one.png": b"\x89PNG\r\n\x1a\n", "data/one.csv": b"x\n1\n"}
FORGED = {
    "a file too few": {"figures/one.svg": SVG, "data/one.csv": b""},
    "a file too many": {**FILES, "index.html": b"<p>"},
    "a way out of the site": {**FILES, "../one.csv": b""},
    "no image": {**FILES, "figures/one.png": b"GIF89a"},
    "a script": {**FILES, "figures/one.svg": SVG + b"<script>alert(1)</script>"},
    "an event": {**FILES, "figures/one.svg": b'<svg onload="alert(1)"></svg>'},
    "a binary table": {**FILES, "data/one.csv": b"\0"},
}


@pytest.mark.parametrize("files", FORGED.values(), ids=list(FORGED))
def test_a_forged_figure_with_the_right_checksum_is_drawn_again(shelf: Shelf, files: dict[str, bytes]) -> None:
    render_figures(JOBS, shelf=shelf)
    shelf.entries.put_files(key_of(JOBS[0]), FIGURE, files)
    assert redrawn_with_a_warning(shelf)


def test_an_archive_that_is_none_is_drawn_again(shelf: Shelf) -> None:
    render_figures(JOBS, shelf=shelf)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("figures/one.svg", bytes(10**7))
    shelf.entries.write(key_of(JOBS[0]), FIGURE, bomb)
    assert redrawn_with_a_warning(shelf)


def test_an_interrupt_keeps_what_was_drawn(shelf: Shelf) -> None:
    def interrupted(function: Callable[..., Any], tasks: Any) -> Any:
        yield function(tasks[0])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        render_figures(JOBS, interrupted, shelf)
    assert drawn_of(JOBS, shelf) == ["two", "forward"]


def test_clean_removes_stored_figures_too(shelf: Shelf) -> None:
    render_figures(JOBS, shelf=shelf)
    assert shelf.entries.size()[1] > 0
    assert shelf.entries.clean()[FIGURE] == 3
    assert shelf.entries.folder is not None
    assert not shelf.entries.folder.exists()
