"""The slices and numbers of the chapter on theory, where the answer is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from reportgen.battery.results import Results
from reportgen.chapters.theory import CHAPTER
from reportgen.chapters.theory.findings import find
from reportgen.chapters.theory.tables import SIGNAL, student
from reportgen.report.page import Reading

Read = Callable[..., Reading]
HE = "initializer == 'he_normal' and activation == 'relu'"


@pytest.mark.parametrize("networks", [2, 3, 5, 20, 500])
def test_the_yardstick_is_students_distribution(networks: int, read: Read) -> None:
    expected, table = stats.t(networks - 1), student(networks)
    np.testing.assert_allclose(table["density"], expected.pdf(table["deviation"]), rtol=1e-9)
    share = find(read(CHAPTER).tables._replace(student=table)).expected
    assert share == pytest.approx(expected.cdf(3) - expected.cdf(-3), abs=1e-5)


def test_a_pair_without_a_limit_is_named_and_has_dots_but_no_line(read: Read) -> None:
    assert read(CHAPTER).findings.no_limit == ["zeros", "constant"]
    lines = read(CHAPTER).tables.lines.set_index("initializer")
    assert lines.loc["constant", "predicted"].isna().all()
    assert lines.loc["constant", "measured"].notna().all()
    assert lines.drop(index="constant")["predicted"].notna().all()


def test_the_typical_deviation_of_a_pair_is_the_median_of_its_rows_in_range(read: Read) -> None:
    tables = read(CHAPTER).tables
    own = tables.comparison.query(f"{HE} and explanation != 'float32 range'")
    for table, column in ((tables.errors, "deviation_in_standard_errors"), (tables.relative, "relative_deviation")):
        assert table.set_index("initializer").loc["he_normal", "relu"] == np.median(np.abs(own[column]))


def test_the_scatter_is_the_deviation_of_logarithms_over_networks(read: Read, measured: Callable[..., Results]) -> None:
    (found,) = read(CHAPTER).tables.scatter.query(f"{HE} and layer == 5").to_dict("records")
    layer = f"{HE} and layer == 5 and data == 'gaussian'"
    networks, theory = (measured(CHAPTER.needs)[name].query(layer) for name in ("forward", "forward_theory"))
    logs = np.log(networks[SIGNAL].to_numpy() / theory[SIGNAL].to_numpy())
    assert found["measured"] == pytest.approx(logs.std(ddof=1))
    assert found["predicted"] == pytest.approx(np.sqrt((2 + 4 * 5) / networks["width"].iloc[0]), rel=1e-6)


def test_values_lost_without_warning_are_counted_and_the_pair_furthest_off_is_named(read: Read) -> None:
    tables = read(CHAPTER).tables
    errors = pd.DataFrame({"initializer": ["zeros", "he_normal"], "relu": [np.nan, 2.0], "tanh": [np.nan, 5.0]})
    surprise = tables.comparison.index.isin(tables.compared.index[[0, 7, 9]])
    measured = tables.comparison["measured"].mask(surprise, 0.0)
    found = find(tables._replace(comparison=tables.comparison.assign(measured=measured), errors=errors))
    assert (found.lost_by_surprise, found.lost) == (3, 3 + read(CHAPTER).findings.lost)
    assert found.errors == (0.5, 5.0, "he_normal with tanh")
