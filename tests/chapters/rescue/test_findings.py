"""The numbers of the chapter on rescues: known answers on tables that are made up or changed in one place."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from reportgen.chapters.names import LARGE, SMALL
from reportgen.chapters.rescue import CHAPTER
from reportgen.chapters.rescue.findings import Equal, Factors, Trained
from reportgen.chapters.rescue.tables import HE, SIGNAL
from reportgen.report.page import Reading

Read = Callable[..., Reading]


def test_factors_are_geometric_means_and_as_far_off_as_the_worst_start() -> None:
    starts, signal, gradient = [HE, HE, SMALL, SMALL], [0.5, 2.0, 1.1, 1.1], [2.0, 8.0, np.nan, np.nan]
    nets = pd.DataFrame({"form": "plain", "activation": "relu", "initializer": starts, "signal": signal})
    found = Factors.of(nets.assign(gradient=gradient, signal_factor=1.0, gradient_factor=4.0))
    assert found.signal["plain"]["relu"][HE].value == pytest.approx(1)
    assert found.gradient["plain"]["relu"][HE].value == pytest.approx(4)
    assert found.signal_off["plain"]["relu"] == pytest.approx(0.1)
    assert found.gradient_off["plain"]["relu"] == np.inf
    assert list(found.table["gradient, predicted"]) == [4.0]


def test_numbers_of_layers_are_compared_where_the_prose_says(read: Read) -> None:
    tables = read(CHAPTER).tables
    layers, layer = tables.layers, tables.layers["layer"] + 1.0
    large = layers["initializer"] == LARGE
    known = {
        SIGNAL: layer,
        "pre_activation_variance": layer / 4,
        "delta_rms": layer.mask(large, 0.8 * layer),
        "weight_gradient_norm": layer.mask(large, 0.1 * layer),
    }
    assert read(CHAPTER).findings.scale_ratio == pytest.approx(100)
    found = CHAPTER.find(tables._replace(layers=layers.assign(**known)))
    assert found.scaled.value == pytest.approx(np.sqrt(51 / 2))
    assert found.scaled_theory == pytest.approx(1.01**24.5)
    assert found.scaled_theory < found.scaled_limit == pytest.approx(np.exp(0.25))
    assert {at: one.value for at, one in found.normalized.items()} == pytest.approx({25: 26**0.5, 50: 51**0.5})
    assert found.share["batch norm"] == pytest.approx(dict.fromkeys(found.share["batch norm"], 0.5))
    assert (found.weight_ratio, found.scale_effect) == pytest.approx((10, 0.25))


def test_nothing_is_compared_where_every_gradient_is_lost_and_no_sentence_breaks(read: Read) -> None:
    tables = read(CHAPTER).tables
    lost = dict.fromkeys(("delta_rms", "weight_gradient_norm"), 0.0)
    found = CHAPTER.find(
        tables._replace(
            layers=tables.layers.assign(**lost),
            factors=tables.factors.assign(gradient=np.nan),
            growth=tables.growth.assign(gradient=0.0),
        )
    )
    assert np.isnan(found.weight_ratio)
    failing = {check.name for check in CHAPTER.check(found) if not check.holds}
    assert {"batch_gradient", "weight_scale", "both_grow_less", "lsuv_scale"} <= failing


def test_progress_is_the_share_of_the_way_from_a_guess_and_none_for_who_diverged() -> None:
    nets = pd.DataFrame({"form": "plain", "activation": "relu", "initializer": [HE, SMALL, LARGE], "guess": 0.2})
    nets = nets.assign(test_accuracy=[0.6, 0.2, 0.9], outcome=["learned", "stalled", "diverged"])
    nets = nets.assign(least=[0.5, 0.2, 0.0], greatest=[0.7, 0.2, 0.9])
    trials = nets.assign(replicate=0, learning_rate=0.1, **dict.fromkeys(Trained._fields[:7], 1))
    found = Trained.of(trials, nets)
    assert found.progress["plain"]["relu"] == pytest.approx({HE: 0.5, SMALL: 0.0, LARGE: 0.0})
    assert found.apart == pytest.approx((0.2, 0.9))


def test_equal_units_are_told_from_those_that_lsuv_replaced() -> None:
    forms, starts, units = ["plain", "batch norm", "LSUV"] * 2, ["zeros"] * 3 + ["constant"] * 3, [1, 1, 16] * 2
    equal = pd.DataFrame({"form": forms, "initializer": starts, "depth": 2, "width": 16, "steps": 9, "spread": 0.0})
    movement, accuracy = [0.0, 0.1, 9.0, 0.3, 0.4, 9.0], [0.1, 0.1, 0.8, 0.2, 0.4, 0.9]
    found = Equal.of(equal.assign(distinct_units=units, movement=movement, test_accuracy=accuracy))
    assert (found.units, found.accuracy, found.replaced_units, found.replaced_accuracy) == (1, 0.4, [16, 16], 0.8)
    assert found.movement == {"zeros": {"plain": 0.0, "batch norm": 0.1}, "constant": {"plain": 0.3, "batch norm": 0.4}}
    assert list(found.table["accuracy"]) == ["20%", "40%"]
