"""The figures of the chapter on rescues have a sign for what is no number, and name every line."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from reportgen.chapters.names import LARGE
from reportgen.chapters.rescue import CHAPTER
from reportgen.chapters.rescue.figures import draw_growth, draw_layers, draw_trained
from reportgen.chapters.rescue.tables import VARIANTS
from reportgen.chapters.style import figure_style
from reportgen.experiments.rescue.forms import FORMS
from reportgen.report.page import Reading

Read = Callable[..., Reading]


def test_the_maps_have_a_sign_for_who_diverged_and_for_zero_and_overflow(read: Read) -> None:
    tables = read(CHAPTER).tables
    growth = tables.growth.assign(gradient=tables.growth["gradient"].mask(tables.growth["form"] == "residual", np.inf))
    with figure_style():
        canvases = draw_trained(tables.trained), draw_growth(growth)
    trained, grown = ({text.get_text() for axes in canvas.axes for text in axes.texts} for canvas in canvases)
    assert "✕" in trained
    assert {"0", "∞"} <= grown


def test_a_factor_is_written_with_two_digits_and_beyond_a_million_as_a_power_of_ten(read: Read) -> None:
    growth = read(CHAPTER).tables.growth.query("activation == 'relu'")
    numbers = [0.125, 6658.0, 2.3e7, 4e-12, 1.0018]
    growth = growth.assign(gradient=[*numbers, *[1.0] * (len(growth) - len(numbers))])
    with figure_style():
        texts = {text.get_text() for axes in draw_growth(growth).axes for text in axes.texts}
    assert {"÷ 8", "× 6,700", "× 10⁷", "÷ 10¹¹", "× 1"} <= texts


def test_the_bar_of_what_is_learned_marks_a_guess(read: Read) -> None:
    trained = read(CHAPTER).tables.trained
    with figure_style():
        bar = draw_trained(trained).axes[-1]
    assert f"a guess, {trained['guess'].iloc[0]:.0%}" in [label.get_text() for label in bar.get_yticklabels()]


def test_every_line_is_named_and_those_that_end_in_one_place_together(read: Read) -> None:
    with figure_style():
        plain, batch, both = draw_layers(read(CHAPTER).tables.profiles).axes
    names = [{text.get_text() for text in axes.texts if text.get_text()} for axes in (plain, batch, both)]
    assert "normal(0.01): 0" in names[0]
    assert {name.partition(":")[0] for name in names[0]} == {"normal(1)", "he_normal", "glorot_normal", "normal(0.01)"}
    assert names[1:] == [{"all 4 starts"}] * 2


def test_a_start_that_ends_elsewhere_keeps_its_name(read: Read) -> None:
    profiles = read(CHAPTER).tables.profiles
    is_large = (profiles["initializer"] == LARGE) & (profiles["form"] == "batch norm")
    with figure_style():
        _, batch, _ = draw_layers(profiles.assign(gradient=profiles["gradient"].mask(is_large, 2.0))).axes
    assert "normal(1)" in {text.get_text() for text in batch.texts}


def test_the_maps_have_a_column_for_every_variant() -> None:
    assert set(VARIANTS) == set(FORMS)


def test_the_map_of_growth_shows_relu_alone_and_the_map_of_learning_both(read: Read) -> None:
    tables = read(CHAPTER).tables
    with figure_style():
        growth, trained = draw_growth(tables.growth), draw_trained(tables.trained)
    titles = [[axes.get_title(loc="left").partition(":")[0] for axes in one.axes[:-1]] for one in (growth, trained)]
    assert titles == [["relu"], ["relu", "tanh"]]
