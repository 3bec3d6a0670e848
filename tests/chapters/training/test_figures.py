"""The figures of the chapter on training draw every start and what a user adds, and shade where theory says."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Rectangle

from reportgen.chapters.images import to_svg
from reportgen.chapters.style import figure_style
from reportgen.chapters.training import CHAPTER
from reportgen.chapters.training.figures import draw_added, draw_map
from reportgen.chapters.training.prediction_figures import draw_gains
from reportgen.chapters.training.tables import OPTIMIZERS
from reportgen.report.page import Reading

Read = Callable[..., Reading]


def test_the_map_has_a_panel_per_depth_and_optimizer_and_marks_every_start_that_did_not_learn(read: Read) -> None:
    table = read(CHAPTER).tables.cells_map
    with figure_style():
        panels = {axes.get_title(loc="left"): axes for axes in draw_map(table).axes if axes.get_title(loc="left")}
    for (depth, optimizer), cells in table.groupby(["depth", "optimizer"]):
        axes = panels.pop(f"{depth} hidden layers, {OPTIMIZERS[str(optimizer)]}")
        number = cells["outcome"].value_counts()
        marks = {line.get_marker(): len(np.asarray(line.get_xdata())) for line in axes.lines}
        assert (marks.get("x", 0), marks["_"]) == (number.get("diverged", 0), number["stalled"])
    assert not panels


def test_gradient_descent_stands_beside_adam_and_deeper_nets_below(read: Read) -> None:
    with figure_style():
        titles = [axes.get_title(loc="left") for axes in draw_map(read(CHAPTER).tables.cells_map).axes]
    assert titles[:4] == [
        "2 hidden layers, SGD",
        "2 hidden layers, Adam",
        "5 hidden layers, SGD",
        "5 hidden layers, Adam",
    ]


def test_the_map_holds_what_a_user_adds(read: Read) -> None:
    cells = read(CHAPTER).tables.cells_map
    start = cells.query("row == 'he'").assign(row="normal(7)", sigma_w2=1568.0)
    shapes = [cells.query("activation == 'tanh'").assign(activation=name) for name in ("mish", "square", "step")]
    with figure_style():
        canvas = draw_map(pd.concat([cells, start, *shapes, cells.assign(depth=3)]))
        to_svg(canvas)
    assert {"2 hidden layers, SGD", "3 hidden layers, Adam"} <= {axes.get_title(loc="left") for axes in canvas.axes}
    assert "normal(7)  1568" in [label.get_text() for label in canvas.axes[0].get_yticklabels()]


def test_a_map_of_one_optimizer_does_not_name_it(read: Read) -> None:
    cells = read(CHAPTER).tables.cells_map.query("optimizer == 'sgd'").assign(guess=0.1)
    with figure_style():
        titles = [axes.get_title(loc="left") for axes in draw_added(cells).axes]
    assert titles[:3] == ["2 hidden layers", "5 hidden layers", "10 hidden layers"]


# Below the edge xi_c = -1 / ln(gain²), so six of them exceed the depth from gain exp(-3 / depth) on.
def test_the_shade_begins_where_six_depth_scales_are_as_long_as_the_net(read: Read) -> None:
    gains = read(CHAPTER).tables.gains
    with figure_style():
        *panels, _ = draw_gains(gains).axes
    for axes, depth in zip(panels, sorted(gains["depth"].unique()), strict=True):
        shade = next(patch for patch in axes.patches if isinstance(patch, Rectangle))
        assert shade.get_x() == pytest.approx(np.exp(-3 / depth), rel=0.01)
        assert shade.get_x() + shade.get_width() > 2
