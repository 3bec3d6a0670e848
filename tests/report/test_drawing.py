"""Figures as files: reported one by one, in this process or in others, and as large as they say."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest
from matplotlib.figure import Figure as Canvas

from reportgen.chapters.style import canvas
from reportgen.report.drawing import Job, Mapper, counted, render_figures, size


def draw(points: pd.DataFrame) -> Canvas:
    figure = canvas(2.0, 3.0)
    figure.subplots().plot(points["x"], points["y"])
    return figure


POINTS = pd.DataFrame({"x": [1, 2], "y": [0.5, 0.25]})
JOBS = [Job(f"chapter-{name}", draw, {"points": POINTS}) for name in ("first", "second", "third")]


@pytest.mark.parametrize("workers", [0, 1])
def test_every_figure_is_reported_when_it_is_drawn(workers: int) -> None:
    reported: list[int] = []
    with ThreadPoolExecutor(1) as executor:
        mapper: Mapper = executor.map if workers else map
        files = render_figures(JOBS, counted(mapper, reported.append))
    assert reported == [1, 2, 3]
    assert [name for name in files if name.endswith(".csv")] == [f"data/{job.stem}.csv" for job in JOBS]


def test_the_size_of_a_figure_is_told_in_css_pixels() -> None:
    files = render_figures(JOBS[:1])
    assert size(files["figures/chapter-first.svg"]) == (3 * 96, 2 * 96)


def test_an_image_without_a_size_is_a_bug() -> None:
    with pytest.raises(ValueError, match="view box"):
        size(b"<svg></svg>")
