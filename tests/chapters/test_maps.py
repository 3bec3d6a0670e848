"""Every map of starts by activations: sorted by fan_in Var(w), which it prints, with a row for starts that are one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pandas as pd
import pytest

from reportgen.chapters import CHAPTERS
from reportgen.chapters.chapter import Chapter
from reportgen.chapters.scale import GROUPS, by_group
from reportgen.chapters.strips import name_rows
from reportgen.chapters.style import canvas, figure_name, figure_style
from reportgen.presets import ACTIVATIONS, INITIALIZERS
from reportgen.report.page import Reading
from tests.chapters.adding import ACTIVATION, INITIALIZER

Read = Callable[..., Reading]
Measure = Callable[..., Any]

ONE = "lecun, glorot, orthogonal"


class Map(NamedTuple):
    """A figure that is a map, and the table that it is made of, which has all starts of the battery ("" if not all)."""

    chapter: Chapter[Any, Any]
    slug: str
    raw: str

    def drawn(self, tables: Any) -> tuple[Any, pd.DataFrame]:
        """Return the figure and the first table that it publishes."""
        figure = next(figure for figure in self.chapter.figures if figure.slug == self.slug)
        copy = figure.copies(tables)[0]
        with figure_style():
            return figure.draw(*copy.frames.values()), next(iter(copy.frames.values()))


_BY_SLUG = {chapter.slug: chapter for chapter in CHAPTERS}
MAPS = [
    Map(_BY_SLUG[chapter], slug, raw)
    for chapter, slug, raw in (
        ("index", "verdicts", "forward"),
        ("saturation", "map", "forward"),
        ("gradients", "factors", "gradients"),
        ("theory", "map", "forward"),
        ("training", "map", ""),
    )
]

each_map = pytest.mark.parametrize("one", MAPS, ids=lambda one: f"{one.chapter.slug}-{one.slug}")


def names(axis: Any) -> list[str]:
    return [tick.get_text() for tick in axis.get_ticklabels()]


@each_map
def test_rows_are_sorted_by_scale_and_say_it(one: Map, read: Read) -> None:
    canvas, table = one.drawn(read(one.chapter).tables)
    assert list(table)[:2] == ["row", "sigma_w2"]
    labels = names(canvas.axes[0].yaxis)
    assert [label.rpartition("  ")[0] for label in labels] == list(table["row"].unique())
    scales = [float(label.split()[-1]) for label in labels]
    assert scales == sorted(scales, reverse=True)
    assert scales == pytest.approx(table.drop_duplicates("row")["sigma_w2"].tolist(), rel=0.05)


@each_map
def test_starts_that_are_one_share_a_row_and_stand_alone_in_the_raw_table(
    one: Map, read: Read, measured: Measure
) -> None:
    _, table = one.drawn(read(one.chapter).tables)
    assert [row for row in table["row"].unique() if "lecun" in row or "glorot" in row] == [ONE]
    assert "he" in set(table["row"])
    if one.raw:
        assert set(measured(one.chapter.needs)[one.raw]["initializer"]) == set(INITIALIZERS)


@each_map
def test_columns_stand_in_groups_with_their_names_on_top(one: Map, read: Read) -> None:
    canvas, table = one.drawn(read(one.chapter).tables)
    axes = canvas.axes[0]
    assert names(axes.xaxis) == by_group(table["activation"].unique())
    assert [name for group in GROUPS for name in group] == by_group(ACTIVATIONS)
    assert axes.xaxis.get_ticks_position() == "top"
    between = [line.get_xdata()[0] + 0.5 for line in axes.lines if list(line.get_ydata()) == [0, 1]]
    assert between == [3, 4, 5, 6, 8, 9, 10]


@each_map
def test_added_starts_and_activations_appear(one: Map, read_added: Read) -> None:
    canvas, table = one.drawn(read_added(one.chapter).tables)
    assert figure_name(ACTIVATION, 18) in names(canvas.axes[0].xaxis)
    family = INITIALIZER.partition("(")[0]
    assert any(family in row for row in table["row"].unique()) or not one.raw
    assert len(names(canvas.axes[0].yaxis)) == table["row"].nunique()


@pytest.mark.parametrize("slug", ["index", "saturation", "theory", "training"])
def test_maps_of_added_data_have_the_rows_of_all_maps(slug: str, read_added: Read) -> None:
    _, table = Map(_BY_SLUG[slug], "added", "").drawn(read_added(_BY_SLUG[slug]).tables)
    assert list(table)[:2] == ["row", "sigma_w2"]
    assert ONE in set(table["row"])
    assert table.drop_duplicates("row")["sigma_w2"].is_monotonic_decreasing
    assert list(table["activation"].unique()) == by_group(table["activation"].unique())


@pytest.mark.parametrize("slug", ["training", "growth"])
def test_starts_of_rescues_stand_in_the_order_of_their_scale(slug: str, read: Read) -> None:
    canvas, table = Map(_BY_SLUG["rescue"], slug, "").drawn(read(_BY_SLUG["rescue"]).tables)
    scales = [float(label.split()[-1]) for label in names(canvas.axes[0].yaxis)]
    assert scales == sorted(scales, reverse=True)
    assert scales == pytest.approx(table["sigma_w2"].unique().tolist(), rel=0.05)
    assert all(label.label2.get_visible() for label in canvas.axes[0].xaxis.get_major_ticks())
    assert names(canvas.axes[0].xaxis)[0] == "plain"


@pytest.mark.parametrize("is_narrow", [False, True], ids=["wide", "narrow"])
def test_the_rows_of_a_map_tell_every_start_of_the_battery_once(read: Read, is_narrow: bool) -> None:
    tables = read(_BY_SLUG["index"]).tables
    with figure_style(narrow=is_narrow):
        axes = canvas(3.0, narrow=3.0).subplots()
        name_rows(axes, tables.cells)
    told = [str(label.get_gid()).removeprefix("start:") for label in axes.get_yticklabels()]
    assert len(told) == tables.cells["row"].nunique()
    assert sorted("|".join(told).split("|")) == sorted(INITIALIZERS)
