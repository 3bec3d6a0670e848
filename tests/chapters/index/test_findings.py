"""What the front page says, from verdicts that are set by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reportgen.chapters.index import CHAPTER
from reportgen.chapters.index.findings import find
from reportgen.report.page import Reading

Read = Callable[..., Reading]


def test_verdicts_are_counted_and_those_that_differ_on_digits_found(read: Read) -> None:
    tables = read(CHAPTER).tables
    verdicts = tables.verdicts.assign(verdict="healthy")
    verdicts.loc[verdicts["depth"] == 50, "verdict"] = "dies"
    found = find(tables._replace(verdicts=verdicts, digits=tables.digits.assign(verdict="dies")))
    assert (found.cells, found.depths) == (len(verdicts), [2, 5, 10, 20, 50])
    assert (found.healthy_share, found.healthy_deepest_share) == (4 / 5, 0)
    assert found.agreement == 1 / 5
    assert found.he_relu.verdicts == found.glorot_relu.verdicts == ["dies", "healthy"]


def test_the_deepest_and_how_many_they_are_is_told_in_words(read: Read) -> None:
    tables = read(CHAPTER).tables
    carried = tables.carried[["initializer", "sigmoid", "relu"]].assign(sigmoid=0, relu=5)
    carried.loc[carried["initializer"].isin(["he_normal", "orthogonal"]), "sigmoid"] = 2
    found = find(tables._replace(carried=carried))
    assert found.carried_words == f"sigmoid: 2 layers with 2 starts; relu: 5 layers with {len(carried)} starts"
    assert found.sigmoid_depth == 2


@pytest.mark.parametrize(("activation", "start"), [("relu", "he_"), ("tanh", "glorot_")])
def test_a_start_is_recommended_for_every_activation(activation: str, start: str, read: Read) -> None:
    found = read(CHAPTER).findings
    recommended = found.recommended.set_index("your activation").loc[activation]
    assert recommended["start with"] == found.use[activation].initializer
    assert recommended["start with"].startswith(start)
    assert recommended["healthy to depth"] == 50
