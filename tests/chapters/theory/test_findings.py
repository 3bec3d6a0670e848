"""The slices and numbers of the chapter on theory, where the answer is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from reportgen.battery.results import Results
from reportgen.chapters import CHAPTERS
from reportgen.chapters.canonical import canonical
from reportgen.chapters.theory import CHAPTER
from reportgen.chapters.theory.findings import Findings, find
from reportgen.chapters.theory.tables import SIGNAL, in_rms, student
from reportgen.report.formats import FORMATS
from reportgen.report.page import Edition, Reading, render_page
from reportgen.report.templating import environment

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
    field = tables.map.set_index(["row", "activation"]).loc[("he", "relu")]
    off, errors = (
        [np.median(np.abs(one[column])) for one in own]
        for column in ("relative_deviation", "deviation_in_standard_errors")
    )
    assert field["off"] == pytest.approx(np.median(off))
    assert field["errors"] == pytest.approx(max(errors))


# A mean square of 1.21 where 1 was predicted is a rms of 1.1, and half as far off in its logarithm.
def test_what_is_compared_are_roots_of_mean_squares() -> None:
    squares = ["pre_activation_second_moment", "activation_second_moment", "delta_rms"]
    table = pd.DataFrame({"quantity": squares, "predicted": 1.0, "measured": 1.21, "standard_error": 0.0121})
    roots = in_rms(table.assign(relative_deviation=0.21, expected_scatter=0.4))
    assert roots["quantity"].to_list() == ["rms of z", "rms of h", "rms of delta"]
    assert roots["measured"].to_list() == pytest.approx([1.1, 1.1, 1.21])
    assert (roots["standard_error"] / roots["measured"]).to_list() == pytest.approx([0.005, 0.005, 0.01])
    assert roots["relative_deviation"].to_list() == pytest.approx([0.1, 0.1, 0.21])
    assert roots["expected_scatter"].to_list() == pytest.approx([0.2, 0.2, 0.4])


def test_the_scatter_is_the_deviation_of_logarithms_over_networks(read: Read, measured: Callable[..., Results]) -> None:
    (found,) = read(CHAPTER).tables.scatter.query(f"{HE} and layer == 5").to_dict("records")
    layer = f"{HE} and layer == 5 and data == 'gaussian'"
    networks, theory = (measured(CHAPTER.needs)[name].query(layer) for name in ("forward", "forward_theory"))
    square = "pre_activation_second_moment"
    logs = np.log(networks[square].to_numpy() / theory[square].to_numpy()) / 2
    assert found["measured"] == pytest.approx(logs.std(ddof=1))
    assert found["predicted"] == pytest.approx(np.sqrt(theory["pre_activation_log_variance"].iloc[0]) / 2)
    assert found["predicted"] < 0.4 * np.sqrt((2 + 4 * 5) / networks["width"].iloc[0]), "that of a single input"


def test_values_lost_without_warning_are_counted_and_the_pair_furthest_off_is_named(read: Read) -> None:
    tables = read(CHAPTER).tables
    own = tables.canonical
    surprise = own.index.isin(own.index[own["explanation"] == "agrees"][[0, 7, 9]])
    is_far = (own["initializer"] == "he_normal") & (own["activation"] == "tanh")
    found = find(
        tables._replace(
            canonical=own.assign(
                measured=own["measured"].mask(surprise, 0.0),
                relative_deviation=own["relative_deviation"].mask(is_far, 500.0),
            )
        )
    )
    assert (found.lost_by_surprise, found.lost) == (3, 3 + read(CHAPTER).findings.lost)
    assert (found.off.most, found.off.pair) == (500.0, "he_normal with tanh")
    assert found.off.small == pytest.approx(read(CHAPTER).findings.off.small - 1 / found.pairs)


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


def test_deviations_below_the_prediction_are_counted(read: Read) -> None:
    tables = read(CHAPTER).tables
    relative = np.resize([1.1, -0.6, 0.2], len(tables.canonical))
    found = find(tables._replace(canonical=tables.canonical.assign(relative_deviation=relative))).apart
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
    for name in ("rows", "pairs", "within", "agreeing", "unexplained", "scatter_share", "shallow", "deep", "lost"):
        assert getattr(found, name) == getattr(before, name), name


def test_an_added_start_activation_and_depth_change_no_number_of_the_map(
    measured: Callable[..., Results], read: Read
) -> None:
    results = measured(CHAPTER.needs)
    theory, starts = results["theory"], results["starts"]
    far = {"relative_deviation": 30.0, "deviation_in_standard_errors": 90.0}
    more = [
        theory[theory["initializer"] == "he_normal"].assign(initializer="he_normal(negative_slope=0.1)", **far),
        theory[theory["activation"] == "relu"].assign(activation="bent", **far),
        theory[theory["depth"] == 20].assign(depth=7, **far),
    ]
    settings = dict(results.settings)
    settings["initializers"] = [*settings["initializers"], "he_normal(negative_slope=0.1)"]
    settings["activations"] = [*settings["activations"], "bent"]
    own = starts[starts["initializer"] == "he_normal"].assign(initializer="he_normal(negative_slope=0.1)")
    tables = {**results.tables, "theory": pd.concat([theory, *more]), "starts": pd.concat([starts, own])}
    found = CHAPTER.find(CHAPTER.read(replace(results, tables=tables, settings=settings)))
    assert found.off == read(CHAPTER).findings.off


def test_an_initializer_whose_variance_is_not_what_it_declares_is_told_of_with_the_factor(read: Read) -> None:
    found = added(read, "initializer", "mine", relative_deviation=3.0, explanation="unexplained")
    (suspect,) = found.added.suspects
    assert (suspect.name, suspect.kind, suspect.share) == ("mine", "initializer", 1.0)
    assert suspect.first_layer == pytest.approx(4.0)  # of the rms
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


@pytest.mark.parametrize(
    ("names", "told"),
    [(["rough"], ("show it too", "average it over")), (["rough", "bent"], ("show them too", "average them over"))],
)
def test_one_addition_is_it_and_several_are_them(
    names: list[str], told: tuple[str, ...], read: Read, measured: Callable[..., Results]
) -> None:
    reading = read(CHAPTER)
    changed = reading.findings.added._replace(names=names, no_averages=names)
    reading = reading._replace(findings=replace(reading.findings, added=changed))
    settings = measured(CHAPTER.needs).settings
    page = render_page(reading, Edition(FORMATS["markdown"], CHAPTERS, settings, (), environment()))
    for words in (*told, "There is no prediction for rough"):
        assert words in page
