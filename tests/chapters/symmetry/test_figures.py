"""What the figures of the chapter on symmetry draw of the runs, and what a user adds to its checks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from reportgen.battery.cell import Streams
from reportgen.chapters.style import RECOMMENDED, figure_style
from reportgen.chapters.symmetry import CHAPTER
from reportgen.chapters.symmetry.breaking import AS_ONE
from reportgen.chapters.symmetry.figures import draw_starts, draw_units
from reportgen.experiments.symmetry.start import Start
from tests.chapters.conftest import Measure, Read


def test_there_is_one_line_for_all_equal_weights_and_one_for_each_random_one(read: Read) -> None:
    tables = read(CHAPTER).tables
    with figure_style():
        axes = draw_starts(tables.paths, tables.maps, tables.points, tables.ends).axes
    assert [len(one.lines) for one in axes[:3]] == [1, 1, 64]
    shares = [f"{share:.0%} of the test points right" for share in tables.ends["test_accuracy"]]
    assert sorted(one.get_xlabel() for one in axes[3:]) == sorted(shares)


def test_four_starts_stand_out_of_ten_and_have_labels_and_a_line_marks_where_noise_begins_to_count(read: Read) -> None:
    units = read(CHAPTER).tables.units
    with figure_style():
        directions, accuracy = draw_units(units).axes
    noise = units[(units["start"] == "noise") & (units["weight_noise"] == 1e-3)]
    for axes in (directions, accuracy):
        *lines, mark = axes.lines
        widths = sorted(line.get_linewidth() for line in lines)
        assert len(widths) == 10
        assert widths[:6] == [widths[0]] * 6
        assert widths[5] < widths[6] < RECOMMENDED == widths[9]
        assert {"random", "dropout", "all equal", "noise 10⁻³"} <= {text.get_text() for text in axes.texts}
        before = noise[noise["step"] < np.asarray(mark.get_xdata())[0]]
        assert before["stable_rank"].max() < AS_ONE
        assert (noise["stable_rank"] >= AS_ONE).sum() == len(noise) - len(before)


def test_noise_that_never_counts_has_no_mark(read: Read) -> None:
    units = read(CHAPTER).tables.units
    with figure_style():
        directions, _ = draw_units(units.assign(stable_rank=1.0)).axes
    assert len(directions.lines) == 10


def test_initializers_of_the_user_break_no_check(measured: Measure) -> None:
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
    assert [check for check in CHAPTER.check(CHAPTER.find(tables)) if not check.holds] == []
