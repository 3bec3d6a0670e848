"""The figures of the chapter on training draw every start and what a user adds, and say what is right."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb

from reportgen.chapters.images import to_svg
from reportgen.chapters.style import NEGATIVE_CLASS, POSITIVE_CLASS, figure_style
from reportgen.chapters.training import CHAPTER
from reportgen.chapters.training.figures import draw_added, draw_map
from reportgen.chapters.training.plane_figure import draw_plane
from reportgen.chapters.training.prediction_figures import draw_confusion, draw_start_losses
from reportgen.chapters.training.tables import OPTIMIZERS
from reportgen.report.page import Reading

Read = Callable[..., Reading]


def test_the_map_has_a_panel_per_depth_and_optimizer_and_leaves_empty_what_stalled(read: Read) -> None:
    table, sizes = read(CHAPTER).tables.cells_map, read(CHAPTER).tables.sizes
    with figure_style():
        figure = draw_map(table, sizes)
    panels = {axes.get_title(loc="left"): axes for axes in figure.axes if axes.get_title(loc="left")}
    for (depth, optimizer), cells in table.groupby(["depth", "optimizer"]):
        axes = panels.pop(f"{depth} hidden layers, {OPTIMIZERS[str(optimizer)]}")
        number = cells["outcome"].value_counts()
        marks = {line.get_marker(): len(np.asarray(line.get_xdata())) for line in axes.lines}
        learned, others = (np.ma.filled(image.get_array(), np.nan) for image in axes.images)  # type: ignore[arg-type]
        is_empty = np.isnan(learned) & (others[..., 3] == 0)
        assert marks.get("x", 0) == number.get("diverged", 0)
        assert is_empty.sum() == number["stalled"]
    assert not panels


def test_gradient_descent_stands_beside_adam_and_deeper_nets_below(read: Read) -> None:
    with figure_style():
        titles = [
            axes.get_title(loc="left")
            for axes in draw_map(read(CHAPTER).tables.cells_map, read(CHAPTER).tables.sizes).axes
        ]
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
        canvas = draw_map(pd.concat([cells, start, *shapes, cells.assign(depth=3)]), read(CHAPTER).tables.sizes)
        to_svg(canvas)
    assert {"2 hidden layers, SGD", "3 hidden layers, Adam"} <= {axes.get_title(loc="left") for axes in canvas.axes}
    assert "normal(7)  1568" in [label.get_text() for label in canvas.axes[0].get_yticklabels()]


def test_a_map_of_one_optimizer_does_not_name_it(read: Read) -> None:
    cells = read(CHAPTER).tables.cells_map.query("optimizer == 'sgd'").assign(guess=0.1)
    with figure_style():
        titles = [axes.get_title(loc="left") for axes in draw_added(cells).axes]
    assert titles[:3] == ["2 hidden layers", "5 hidden layers", "10 hidden layers"]


def test_an_answer_that_tells_nothing_is_clear_and_one_that_is_sure_has_the_color_of_its_class() -> None:
    chosen = {"data": "circle", "activation": "tanh", "initializer": "zeros"}
    grid = pd.DataFrame({"x1": [0.0, 1.0, 0.0, 1.0], "x2": [0.0, 0.0, 1.0, 1.0], "answer": [0.5, 1.0, 0.0, np.nan]})
    points = pd.DataFrame({"data": ["circle"], "x1": [0.5], "x2": [0.5], "label": [1]})
    shown = pd.DataFrame([{**chosen, "test_accuracy": np.nan}])
    with figure_style():
        axes, *_ = draw_plane(grid.assign(**chosen), shown, points).axes
    colors = np.asarray(axes.images[0].get_array()).reshape(-1, 4)
    assert list(colors[:, 3]) == pytest.approx([0.0, 0.75, 0.75, 0.0])
    assert [tuple(color[:3]) for color in colors[1:3]] == [to_rgb(POSITIVE_CLASS), to_rgb(NEGATIVE_CLASS)]
    assert axes.texts[0].get_text() == "× diverged"


def test_healthy_starts_stand_on_top_and_every_number_is_told_with_its_share(read: Read) -> None:
    predictions = read(CHAPTER).tables.predictions
    with figure_style():
        panel, *_ = draw_confusion(predictions).axes
    assert panel.get_yticklabels()[0].get_text() == "healthy"
    learned = predictions.query("optimizer == 'sgd' and verdict == 'healthy'")["outcome"] == "learned"
    assert panel.texts[0].get_text() == f"{learned.mean():.0%}\n{learned.sum()} starts"


def test_the_loss_at_the_start_is_filled_where_the_nets_learned(read: Read) -> None:
    losses = read(CHAPTER).tables.start_losses
    with figure_style():
        axes, *_ = draw_start_losses(losses).axes
    starts, nets = list(losses["row"].unique()), losses.assign(learned=losses["outcome"] == "learned")
    learned = nets.groupby(["row", "activation"])["learned"].mean() > 0.5
    for activation, dots in zip(losses["activation"].unique(), axes.collections, strict=True):
        filled = [face[3] > 0 if len(face) else False for face in np.asarray(dots.get_facecolor())]
        assert filled == [learned[starts[round(y)], activation] for _, y in np.asarray(dots.get_offsets())]
