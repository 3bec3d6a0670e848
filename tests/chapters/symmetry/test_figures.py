"""What the figures of the chapter on symmetry draw of the runs, and of what a user adds."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from reportgen.battery.cell import Streams
from reportgen.chapters.names import short_name
from reportgen.chapters.style import figure_style
from reportgen.chapters.symmetry import CHAPTER
from reportgen.chapters.symmetry.figures import draw_fresh, draw_starts
from reportgen.experiments.symmetry.start import Start
from tests.chapters.conftest import Measure, Read


def test_there_is_one_line_for_all_equal_weights_and_one_for_each_random_one(read: Read) -> None:
    tables = read(CHAPTER).tables
    with figure_style():
        axes = draw_starts(tables.paths, tables.maps, tables.points).axes
    assert [len(one.lines) for one in axes[:3]] == [1, 1, 64]


def test_initializers_of_the_user_are_drawn_and_break_no_check(measured: Measure) -> None:
    results = measured(CHAPTER.needs)
    start, more = results["symmetry_start"], ("identity", "random_normal(stddev=3)", "ones")
    width, replicates = int(start["width"].iloc[0]), int(start["replicate"].nunique())
    added = [
        pd.DataFrame(Start(name, width, replicates).measure(Streams(0))["symmetry_start"]).assign(
            initializer=name, width=width
        )
        for name in more
    ]
    names = [*results.settings["initializers"], *more]
    settings, together = {**results.settings, "initializers": names}, pd.concat([*added, start], ignore_index=True)
    tables = CHAPTER.read(replace(results, tables={**results.tables, "symmetry_start": together}, settings=settings))
    with figure_style():
        labels = [label.get_text() for label in draw_fresh(tables.fresh).axes[0].get_yticklabels()]
    assert labels == [short_name(name) for name in names]
    assert [check for check in CHAPTER.check(CHAPTER.find(tables)) if not check.holds] == []
