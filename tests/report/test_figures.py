"""Figures as files: reported one by one, in this process or in others, and as large as they say."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

import pandas as pd
import pytest
from matplotlib.figure import Figure as Canvas

from reportgen.battery.engine import open_engine
from reportgen.chapters.style import canvas
from reportgen.errors import EnvironmentFault
from reportgen.report.drawing import Job, size
from reportgen.report.figures import Mapper, Task, render_figures, render_task, shared


def draw(points: pd.DataFrame) -> Canvas:
    figure = canvas(2.0, 3.0)
    figure.subplots().plot(points["x"], points["y"])
    return figure


POINTS = pd.DataFrame({"x": [1, 2], "y": [0.5, 0.25]})
JOBS = [Job(f"chapter-{name}", draw, {"points": POINTS}) for name in ("first", "second", "third")]


class OneStarts(Executor):
    """Runs the first task at once; the others wait for ever."""

    def __init__(self) -> None:
        self.drawn: list[str] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        if not self.drawn:
            self.drawn.append(args[0].job.stem)
            future.set_result(fn(*args))
        return future


@pytest.mark.parametrize("mapper", [map, shared(OneStarts())], ids=["alone", "with help"])
def test_every_figure_is_reported_when_it_is_drawn(mapper: Mapper) -> None:
    reported: list[tuple[int, ...]] = []
    files = render_figures(JOBS, mapper, progress=lambda *numbers: reported.append(numbers))
    assert reported == [(0, 3, 0), (1, 3, 0), (2, 3, 0), (3, 3, 0)]
    assert {name for name in files if name.endswith(".csv")} == {f"data/{job.stem}.csv" for job in JOBS}


def test_what_no_helper_has_begun_is_drawn_here() -> None:
    helper = OneStarts()
    assert render_figures(JOBS, shared(helper)) == render_figures(JOBS)
    assert helper.drawn == ["chapter-first"]


def test_processes_draw_the_same_bytes() -> None:
    with open_engine("processes", 1) as workers:
        backwards = render_figures(JOBS[::-1], workers.map)
    assert backwards == render_figures(JOBS)
    assert [path for path in backwards if path.endswith(".png")]


def test_a_worker_with_other_code_refuses_to_draw() -> None:
    with pytest.raises(EnvironmentFault, match="other code"):
        render_task(Task(JOBS[0], "0" * 64))


def test_the_size_of_a_figure_is_told_in_css_pixels() -> None:
    files = render_figures(JOBS[:1])
    assert size(files["figures/chapter-first.svg"]) == (3 * 96, 2 * 96)


def test_an_image_without_a_size_is_a_bug() -> None:
    with pytest.raises(ValueError, match="view box"):
        size(b"<svg></svg>")
