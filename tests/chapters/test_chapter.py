"""A figure stands alone or is drawn once for every value of a column, under a name of its own."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from reportgen.chapters.chapter import Figure
from reportgen.chapters.names import file_names
from reportgen.chapters.style import canvas


class Tables(NamedTuple):
    added: pd.DataFrame
    sizes: pd.DataFrame


TABLES = Tables(pd.DataFrame({"data": ["a b", "a_b", "a b"], "x": [1, 2, 3]}), pd.DataFrame({"width": [64]}))


def test_a_figure_that_stands_alone_has_one_copy_with_all_rows() -> None:
    (copy,) = Figure("map", canvas, ("added", "sizes")).copies(TABLES)
    assert (copy.slug, copy.of) == ("map", "")
    assert copy.frames["added"] is TABLES.added


def test_a_figure_of_each_data_set_has_a_copy_with_the_rows_of_each() -> None:
    copies = Figure("map", canvas, ("added", "sizes"), each="data").copies(TABLES)
    assert [(copy.slug, copy.of) for copy in copies] == [("map-a-b", "a b"), ("map-a-b-2", "a_b")]
    assert [copy.frames["added"]["x"].tolist() for copy in copies] == [[1, 3], [2]]
    assert copies[0].frames["sizes"] is TABLES.sizes


def test_a_figure_of_nothing_has_no_copy() -> None:
    none = TABLES._replace(added=TABLES.added.iloc[:0])
    assert Figure("map", canvas, ("added",), each="data").copies(none) == []


def test_files_of_many_names_are_told_apart_and_none_leaves_its_folder() -> None:
    names = ["../../etc/passwd", "..", "数据", "数 据", "A", "a", "x" * 300, "x" * 301, "\udcff", "a-2"]
    files = file_names(names)
    assert len(set(files.values())) == len(names)
    assert all(set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for name in files.values())
    assert max(map(len, files.values())) <= 45
