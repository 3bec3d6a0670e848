"""What the page says of all cells, from verdicts that are set by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from reportgen.chapters.explorer import CHAPTER
from reportgen.chapters.explorer.findings import find
from reportgen.report.page import Reading

Read = Callable[..., Reading]


def test_verdicts_are_counted_on_random_inputs_alone(read: Read) -> None:
    tables = read(CHAPTER).tables
    random = tables.cells["data"] == "gaussian"
    deep = tables.cells["depth"] == 50
    verdict = np.select([~random, deep], ["stuck", "dies"], "healthy")
    found = find(tables._replace(cells=tables.cells.assign(verdict=verdict)))
    assert found.shares == {2: 1, 5: 1, 10: 1, 20: 1, 50: 0}
    assert next(iter(found.failures.items())) == ("dies", 154)
    assert sum(found.failures.values()) == 154
    assert found.rules["verdict"].tolist() == ["stuck", "dies", "healthy"]


def test_theory_foresees_where_it_is_on_the_same_side_of_the_limits(read: Read) -> None:
    tables = read(CHAPTER).tables
    inside = tables.cells.assign(magnitude=1.0, gradient=1.0, theory_signal=50.0, theory_gradient=0.02)
    assert find(tables._replace(cells=inside)).foreseen == 1
    lost = inside.assign(magnitude=np.nan)
    assert find(tables._replace(cells=lost)).foreseen == 0
    assert find(tables._replace(cells=lost.assign(theory_signal=1e9))).foreseen == 1


def test_what_was_added_is_counted_in_the_size_alone(read: Read, read_added: Read) -> None:
    ours, theirs = read(CHAPTER).findings, read_added(CHAPTER).findings
    assert (ours.size.cells, theirs.size.cells) == (770, 900)
    assert (ours.size.data, theirs.size.data) == (2, 4)
    assert ours.added == []
    assert len(theirs.added) == 4
    assert (ours.shares, ours.failures, ours.learned) == (theirs.shares, theirs.failures, theirs.learned)
