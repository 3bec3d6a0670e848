"""The numbers of the chapter on gains: they follow what was measured, and agree with what theory says of them."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest

from reportgen.chapters.gains import CHAPTER
from reportgen.chapters.gains.findings import Case, find
from tests.chapters.conftest import Measure, Read
from tests.chapters.following import Column, assert_follow, refound

CASES = {"tanh_one": ("tanh", 1), "tanh_torch": ("tanh", 5 / 3), "selu_one": ("selu", 1), "selu_torch": ("selu", 3 / 4)}
LAST = 50
FOLLOWING = {
    "pre_activation_second_moment": {
        "signal": 1.1 ** ((LAST - 1) / 2),
        "size": 1.1 ** (LAST / 2),
        "output": 1.1 ** (LAST / 2),
    },
    "predicted_q": {"signal_theory": 1.1 ** ((LAST - 1) / 2), "size_theory": 1.1 ** (LAST / 2)},
    "delta_second_moment": {"gradient": 1.1 ** ((1 - LAST) / 2)},
    "predicted_delta": {"gradient_theory": 1.1 ** ((1 - LAST) / 2)},
}
"""Column that grows by a tenth per layer -> the factors of the findings that it changes: roots of mean squares."""

WAYS = ("forward", "backward", "torch")


def grown_in(case: tuple[str, float], column: str) -> Column:
    """Let a statistic of one case grow by a tenth more in every layer."""
    activation, gain = case

    def change(table: pd.DataFrame) -> pd.Series[float]:
        is_case = (table["activation"] == activation) & np.isclose(table["gain"], gain)
        return table[column] * 1.1 ** (table["layer"] * is_case)

    return change


@pytest.mark.parametrize(("case", "column"), list(product(CASES, FOLLOWING)))
def test_a_case_follows_its_own_networks_and_theory_and_no_other_does(
    case: str, column: str, read: Read, measured: Measure
) -> None:
    expected = {f"{name}.{field}": 1.0 for name in CASES for field in Case._fields}
    expected |= {f"{case}.{field}": factor for field, factor in FOLLOWING[column].items()}
    place, change = ("gain_layers", column), grown_in(CASES[case], column)
    assert_follow(read(CHAPTER), measured(CHAPTER.needs), place, change, expected)


@pytest.mark.parametrize("way", WAYS)
def test_each_gain_is_that_of_its_activation_and_way(way: str, read: Read, measured: Measure) -> None:
    def change(table: pd.DataFrame) -> pd.Series[float]:
        return table[f"{way}_gain"] * np.where(table["activation"] == "tanh", 1.1, 1)

    expected = {f"{other}.{name}": 1.0 for other in WAYS for name in ("tanh", "selu", "relu")} | {f"{way}.tanh": 1.1}
    place = ("activation_gains", f"{way}_gain")
    assert_follow(read(CHAPTER), measured(CHAPTER.needs), place, change, expected)


def test_gains_are_the_same_where_both_ways_agree(read: Read, measured: Measure) -> None:
    def change(table: pd.DataFrame) -> pd.Series[float]:
        return table["backward_gain"] * np.where(table["activation"] == "tanh", 1, 1.1)

    found = refound(read(CHAPTER), measured(CHAPTER.needs), ("activation_gains", "forward_gain"), change)
    assert found.same == ["tanh"]


@pytest.mark.parametrize(("column", "factor"), [("signal", 1 / 3), ("gradient", 3)])
def test_the_farthest_layer_is_the_one_that_is_most_off_theory_either_way(
    column: str, factor: float, read: Read
) -> None:
    tables = read(CHAPTER).tables
    layers = tables.layers.assign(signal=tables.layers["signal_theory"], gradient=tables.layers["gradient_theory"])
    layers.loc[7, column] *= factor
    layers.loc[8, column] *= 2
    assert find(tables._replace(layers=layers)).farthest == pytest.approx(3)


# At variance one every layer multiplies the gradient's rms by the root of E[selu'^2]: one over the gain.
def test_the_gradient_is_followed_from_the_last_layer_to_the_first(read: Read) -> None:
    found = read(CHAPTER).findings
    assert found.selu_one.gradient_theory == pytest.approx(found.backward["selu"] ** -49, rel=0.1)


def test_a_gain_for_which_pytorch_has_none_is_told_in_words(read: Read) -> None:
    table = read(CHAPTER).findings.answer.set_index("activation")["PyTorch says"]
    assert table["softplus"] == "none"
    assert table["tanh"] == pytest.approx(5 / 3)


def test_a_gain_that_no_weights_can_have_is_none(read: Read) -> None:
    tables = read(CHAPTER).tables
    is_odd = tables.gains["activation"] == "softsign"
    gains = tables.gains.assign(backward_gain=tables.gains["backward_gain"].where(~is_odd, np.inf), response=0.0)
    found = find(tables._replace(gains=gains))
    assert found.answer.set_index("activation").loc["softsign", "keeps the gradient"] == "none"
    assert set(found.more["reply to a deviation"]) == {0.0}


# Signal and gradient grow by one factor in every network of the first half, and by its inverse in the second.
@pytest.mark.parametrize(("factor", "share"), [(90.0, 1.0), (110.0, 0.0)])
def test_networks_hold_whose_rms_changes_by_less_than_the_limit_either_way(
    factor: float, share: float, read: Read
) -> None:
    tables = read(CHAPTER).tables
    half = tables.norms["replicate"] % 2 == 0
    for column in ("signal", "gradient"):
        norms = tables.norms.assign(signal=1.0, gradient=1.0)
        norms[column] = np.where(half, factor, 1 / factor)
        sizes = find(tables._replace(norms=norms)).sizes
        assert sizes.held("gelu", 1.0, "middle") == sizes.held_of(0.25) == share


def test_the_typical_change_is_that_of_the_networks_with_their_own_inputs_and_gain(read: Read) -> None:
    tables = read(CHAPTER).tables
    at = (tables.norms["activation"] == "silu") & (tables.norms["q0"] == 1) & (tables.norms["choice"] == "forward")
    norms = tables.norms.assign(signal=np.where(at, 7.0, tables.norms["signal"]))
    before, after = read(CHAPTER).findings.sizes.runs, find(tables._replace(norms=norms)).sizes.runs
    assert after["silu", 1.0, "forward"].signal.value == pytest.approx(7)
    assert after["silu", 4.0, "forward"] == before["silu", 4.0, "forward"]
    assert after["gelu", 1.0, "forward"] == before["gelu", 1.0, "forward"]


def test_an_activation_answers_to_itself_in_words(read: Read) -> None:
    table = read(CHAPTER).findings.more.set_index("activation")["does a net stay at one?"]
    assert dict(table[["tanh", "relu", "gelu"]]) == {"tanh": "yes", "relu": "neither way", "gelu": "no"}


def test_the_gain_to_use_is_that_of_the_start_that_the_front_page_puts_first(read: Read, measured: Measure) -> None:
    starts = measured(CHAPTER.needs)["advice_starts"]
    first = starts[(starts["activation"] == "sigmoid") & (starts["reason"] != "")]
    table = read(CHAPTER).findings.answer.set_index("activation")
    assert table.loc["sigmoid", "start with"] ** 2 == pytest.approx(first["sigma_w2"].item())
    assert table.loc["tanh", ["start with", "in deep plain nets"]].to_list() == pytest.approx([1, 1.26], rel=1e-3)


def test_a_net_without_a_band_is_told_so(read: Read) -> None:
    tables = read(CHAPTER).tables
    assert "no band" not in " ".join(read(CHAPTER).findings.sizes.table.iloc[:, 2])
    bands = tables.bands.assign(least=np.nan, greatest=np.nan)
    assert find(tables._replace(bands=bands)).sizes.table.iloc[:, 2].str.contains("no band").all()
