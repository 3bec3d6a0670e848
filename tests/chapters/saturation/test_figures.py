"""What the figures of the chapter on saturation draw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from reportgen.chapters.images import to_svg
from reportgen.chapters.names import LARGE, SMALL, short_name
from reportgen.chapters.saturation import CHAPTER
from reportgen.chapters.saturation.tables import RIGHT, Tables
from reportgen.chapters.style import figure_style
from reportgen.report.page import Reading

Read = Callable[..., Reading]


def drawn(slug: str, tables: Tables) -> Any:
    figure = next(figure for figure in CHAPTER.figures if figure.slug == slug)
    with figure_style(), np.errstate(all="raise"):
        return figure.draw(*figure.copies(tables)[0].frames.values())


def test_the_lecture_figure_has_a_histogram_per_scale_and_layer(read: Read) -> None:
    rows = drawn("layers", read(CHAPTER).tables).axes
    assert [row.get_title(loc="left").split(",")[0] for row in rows] == ["Too small", "Too large", "Right"]
    heights = [[patch.get_data().values for patch in row.patches] for row in rows]
    assert [len(row) for row in heights] == [10, 10, 10]
    small, large, _ = (row[-1] for row in heights)
    assert small.argmax() == len(small) // 2
    assert large.argmax() in (0, len(large) - 1)


def test_the_lines_are_the_measured_means(read: Read) -> None:
    tables = read(CHAPTER).tables
    nets = tables.lecture.set_index(["initializer", "replicate", "layer"])
    over_last = nets["delta_rms"] / nets["delta_rms"].xs(tables.lecture["layer"].max(), level="layer")
    means = (
        nets.assign(delta_rms=over_last).groupby(["initializer", "layer"])[["delta_rms", "mean_squared_slope"]].mean()
    )
    _, slopes, deltas, _ = drawn("mechanisms", tables).axes
    for place, initializer in enumerate((SMALL, LARGE, RIGHT)):
        expected = means.loc[initializer]
        assert deltas.lines[place].get_ydata() == pytest.approx(expected["delta_rms"].to_numpy())
        assert slopes.lines[place].get_ydata() == pytest.approx(expected["mean_squared_slope"].to_numpy() ** 0.5)


def test_units_are_sorted_within_their_layer_and_relu_is_neutral_at_one_half(read: Read) -> None:
    tables = read(CHAPTER).tables
    *reds, neutral = [axes.images[0] for axes in drawn("units", tables).axes if axes.images]
    assert len(reds) == 3
    assert all((np.diff(image.get_array(), axis=1) <= 0).all() for image in reds)
    relu = tables.units[(tables.units["activation"] == "relu") & (tables.units["layer"] == 10)]["saturated_fraction"]
    assert sorted(neutral.get_array()[-1]) == pytest.approx(sorted(2 * abs(relu - 0.5)))
    assert neutral.cmap(0.0)[3] == 0, "the paper shows through"


def test_overflow_lost_signals_and_saturation_each_have_a_mark_of_their_own(read: Read) -> None:
    tables = read(CHAPTER).tables
    starts, activations = list(tables.deepest["row"].unique()), list(tables.deepest["activation"].unique())
    axes = drawn("map", tables).axes[0]
    places = [(short_name(LARGE), "linear"), (short_name(SMALL), "sigmoid"), (short_name(LARGE), "tanh")]
    overflow, lost, saturated = ((activations.index(name), starts.index(row)) for row, name in places)
    (sign,) = [line for line in axes.lines if line.get_label() == "∞"]
    hatched = {(patch.get_x() + 0.5, patch.get_y() + 0.5) for patch in axes.patches}
    written = {(text.get_position(), text.get_text()) for text in axes.texts}
    assert overflow in set(zip(sign.get_xdata(), sign.get_ydata(), strict=True))
    assert lost in hatched
    assert saturated not in hatched
    share = tables.deepest.query(f"row == '{places[2][0]}' and activation == 'tanh'")["saturated_fraction"].item()
    assert (saturated, f"{share:.0%}") in written


def test_inactive_slopes_are_pale_up_to_half_and_dark_beyond(read: Read) -> None:
    tables = read(CHAPTER).tables
    starts, activations = list(tables.deepest["row"].unique()), list(tables.deepest["activation"].unique())
    image = drawn("map", tables).axes[0].images[1].get_array()
    row, small, relu = starts.index("he"), starts.index(short_name(SMALL)), activations.index("relu")
    assert 0 < image[row, relu] < image[small, relu] < 1
    assert image[row, activations.index("linear")] == 0
    assert not np.isfinite(np.asarray(image.filled(np.nan))[row, activations.index("tanh")])


def test_the_bands_contain_their_medians(read: Read) -> None:
    tables = read(CHAPTER).tables
    assert tables.learning["median"].between(tables.learning["lower"], tables.learning["upper"]).all()


def test_the_drawn_loss_is_the_measured_median(read: Read) -> None:
    tables = read(CHAPTER).tables
    net = f"problem == 'digits' and activation == 'sigmoid' and initializer == '{LARGE}'"
    curve = tables.learning.query(f"{net} and best")["median"].to_numpy()
    lines = [line.get_ydata() for line in drawn("halt", tables).axes[3].lines]
    assert any(len(line) == len(curve) and np.allclose(line, curve) for line in lines)


def test_slopes_that_lose_the_whole_gradient_can_be_drawn(read: Read) -> None:
    tables = read(CHAPTER).tables
    to_svg(drawn("factors", tables._replace(factors=tables.factors.assign(slopes=0.0))))
