"""The numbers of the chapter on frameworks: each follows the drawn layers."""

from __future__ import annotations

import pandas as pd
import pytest
from matplotlib.patches import Rectangle

from reportgen.chapters.code import CHAPTER
from reportgen.chapters.code.findings import Findings
from tests.chapters.conftest import Measure, Read
from tests.chapters.following import assert_follow, refound


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("framework_names", {"narrowing": 1.1}),
        ("framework_traps", {"orthogonal.wider": 1.1, "transposed": 1.1, "right_way": 1.1}),
    ],
)
def test_a_number_follows_what_was_drawn(table: str, expected: dict[str, float], read: Read, measured: Measure) -> None:
    assert_follow(read(CHAPTER), measured(CHAPTER.needs), (table, "measured"), lambda t: t["measured"] * 1.1, expected)


def test_the_cuts_and_the_defaults_follow_what_was_drawn(read: Read, measured: Measure) -> None:
    before: Findings = read(CHAPTER).findings
    results = measured(CHAPTER.needs)
    after: Findings = refound(read(CHAPTER), results, ("framework_traps", "measured"), lambda t: t["measured"] * 1.1)
    assert {key: 1.1 * share for key, share in before.cut.items()} == pytest.approx(after.cut)
    after = refound(read(CHAPTER), results, ("framework_defaults", "measured"), lambda t: t["measured"] * 1.1)
    assert after.default("PyTorch", "dense") == pytest.approx(1.1 * before.default("PyTorch", "dense"))


def test_one_name_that_draws_something_else_is_noticed(read: Read, measured: Measure) -> None:
    def change(table: pd.DataFrame) -> pd.Series[float]:
        return table["measured"] * (1 + (table["line"] == "keras.initializers.HeUniform()"))

    after = refound(read(CHAPTER), measured(CHAPTER.needs), ("framework_names", "measured"), change)
    assert after.worst == pytest.approx(1, abs=0.02)


def test_a_name_that_should_have_no_variance_is_noticed_if_it_has_one(read: Read, measured: Measure) -> None:
    def change(table: pd.DataFrame) -> pd.Series[float]:
        return table["measured"] + 0.5 * (table["line"] == "nn.init.ones_(w)")

    after = refound(read(CHAPTER), measured(CHAPTER.needs), ("framework_names", "measured"), change)
    assert after.worst == pytest.approx(0.5)


def test_every_name_is_listed_once_or_said_to_be_missing(read: Read) -> None:
    f: Findings = read(CHAPTER).findings
    assert {framework: len(own) for framework, own in f.names.items()} == {"PyTorch": 13, "Keras": 15, "JAX": 18}
    assert len(f.missing) == 3
    assert not any("`" in reason for _, reason in f.missing)


def test_the_figure_draws_a_bar_for_every_layer(read: Read) -> None:
    tables = read(CHAPTER).tables
    axes = CHAPTER.figures[0].draw(tables.defaults).axes
    widths = [bar.get_width() for one in axes for bar in one.patches if isinstance(bar, Rectangle)]
    assert widths == pytest.approx(tables.defaults["measured"].tolist())
