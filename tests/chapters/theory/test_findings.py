"""The slices and numbers of the chapter on theory, where the answer is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from reportgen.battery.results import Results
from reportgen.chapters.canonical import canonical
from reportgen.chapters.theory import CHAPTER
from reportgen.chapters.theory.findings import Findings, find
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


def test_a_field_is_the_median_over_its_starts_of_the_medians_of_their_rows_in_range(read: Read) -> None:
    tables = read(CHAPTER).tables
    pairs = [f"initializer == '{name}' and activation == 'relu'" for name in ("he_normal", "he_uniform")]
    own = [tables.comparison.query(f"{pair} and explanation != 'float32 range'") for pair in pairs]
    for table, column in ((tables.errors, "deviation_in_standard_errors"), (tables.relative, "relative_deviation")):
        typical = [np.median(np.abs(one[column])) for one in own]
        assert table.set_index(["row", "activation"])["deviation"]["he", "relu"] == pytest.approx(np.median(typical))


def test_the_scatter_is_the_deviation_of_logarithms_over_networks(read: Read, measured: Callable[..., Results]) -> None:
    (found,) = read(CHAPTER).tables.scatter.query(f"{HE} and layer == 5").to_dict("records")
    layer = f"{HE} and layer == 5 and data == 'gaussian'"
    networks, theory = (measured(CHAPTER.needs)[name].query(layer) for name in ("forward", "forward_theory"))
    logs = np.log(networks[SIGNAL].to_numpy() / theory[SIGNAL].to_numpy())
    assert found["measured"] == pytest.approx(logs.std(ddof=1))
    assert found["predicted"] == pytest.approx(np.sqrt(theory["pre_activation_log_variance"].iloc[0]))
    assert found["predicted"] < 0.8 * np.sqrt((2 + 4 * 5) / networks["width"].iloc[0]), "that of a single input"


def test_values_lost_without_warning_are_counted_and_the_pair_furthest_off_is_named(read: Read) -> None:
    tables = read(CHAPTER).tables
    own = tables.canonical
    surprise = own.index.isin(tables.compared.index[[0, 7, 9]])
    is_far = (own["initializer"] == "he_normal") & (own["activation"] == "tanh")
    found = find(
        tables._replace(
            canonical=own.assign(
                measured=own["measured"].mask(surprise, 0.0),
                deviation_in_standard_errors=own["deviation_in_standard_errors"].mask(is_far, 500.0),
            )
        )
    )
    assert (found.lost_by_surprise, found.lost) == (3, 3 + read(CHAPTER).findings.lost)
    assert found.errors == (read(CHAPTER).findings.errors.small - 1 / found.pairs, 500.0, "he_normal with tanh")


def test_what_is_left_without_an_explanation_is_a_share_of_what_does_not_agree(read: Read) -> None:
    tables, own = read(CHAPTER).tables, read(CHAPTER).tables.canonical
    found = find(
        tables._replace(canonical=own.assign(explanation=["agrees", "finite width", "unexplained"] * (len(own) // 3)))
    )
    assert found.unexplained == pytest.approx(1 / 3)
    assert found.unexplained_of_off == pytest.approx(1 / 2)


def test_the_pair_that_leaves_an_unstable_fixed_point_is_not_excused_by_chance_or_width(read: Read) -> None:
    own = read(CHAPTER).tables.canonical.query("initializer == 'he_normal' and activation == 'gelu' and layer > 20")
    far = own[(own["data"] == "gaussian") & (own["quantity"] == SIGNAL) & (own["explanation"] != "agrees")]
    assert set(far["explanation"]) <= {"unstable fixed point"}
    assert read(CHAPTER).findings.unstable.multiplied > 2
    assert {"gelu", "silu"} <= set(read(CHAPTER).findings.unstable.activations)
    assert not {"relu", "tanh", "linear"} & set(read(CHAPTER).findings.unstable.activations)


def test_starts_of_one_distribution_are_counted_as_one_draw(read: Read) -> None:
    draws = read(CHAPTER).findings.draws
    # Normal with and without its tails, uniform and orthogonal: twelve starts are four independent ones.
    assert (draws.starts, draws.kinds) == (12, 4)


def test_what_is_more_than_twice_and_less_than_half_is_counted(read: Read) -> None:
    tables = read(CHAPTER).tables
    relative = np.resize([1.1, -0.6, 0.2], len(tables.canonical))
    found = find(tables._replace(canonical=tables.canonical.assign(relative_deviation=relative))).apart
    shares = np.array([found.twice, found.half]) / found.rows
    assert shares == pytest.approx([1 / 3, 1 / 3], abs=0.01)
    assert found.below == pytest.approx(1 / 3, abs=0.01)


# What a user adds -----------------------------------------------------------------------------------------------------


def added(read: Read, column: str, name: str, **values: object) -> Findings:
    """Return the findings where one start or shape of ours stands there once more, by another name and otherwise."""
    tables = read(CHAPTER).tables
    ours = tables.comparison[tables.comparison[column] == {"initializer": "he_normal", "activation": "tanh"}[column]]
    more = pd.concat([tables.comparison, ours.assign(**{column: name}, **values)], ignore_index=True)
    pairs = pd.concat([tables.pairs, tables.pairs.tail(1).assign(**{column: name})])
    return find(tables._replace(comparison=more, canonical=canonical(more, {"preset": "quick"}), pairs=pairs))


def test_an_addition_that_does_as_it_declares_is_named_and_changes_no_number(read: Read) -> None:
    found, before = added(read, "initializer", "mine"), read(CHAPTER).findings
    assert found.added == (["mine"], [], [], [])
    assert before.added == ([], [], [], [])
    for name in ("rows", "pairs", "within", "errors", "off", "unexplained", "scatter_share", "shallow", "deep", "lost"):
        assert getattr(found, name) == getattr(before, name), name


def test_an_initializer_whose_variance_is_not_what_it_declares_is_told_of_with_the_factor(read: Read) -> None:
    found = added(read, "initializer", "mine", relative_deviation=3.0, explanation="unexplained")
    (suspect,) = found.added.suspects
    assert (suspect.name, suspect.kind, suspect.share) == ("mine", "initializer", 1.0)
    assert suspect.first_layer == pytest.approx(4.0)
    assert all(check.holds for check in CHAPTER.check(found))


def test_an_activation_whose_predictions_fail_is_told_of(read: Read) -> None:
    (suspect,) = added(read, "activation", "bent", explanation="unexplained").added.suspects
    assert (suspect.name, suspect.kind) == ("bent", "activation")


def test_an_addition_without_a_prediction_is_named(read: Read) -> None:
    tables = read(CHAPTER).tables
    last = tables.pairs.tail(1)
    pairs = pd.concat([tables.pairs, last.assign(activation="rough"), last.assign(initializer="coin")])
    found = find(tables._replace(pairs=pairs)).added
    assert (found.names, found.no_limit, found.no_averages) == (["coin", "rough"], ["coin"], ["rough"])
