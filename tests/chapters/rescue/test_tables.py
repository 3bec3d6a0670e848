"""The tables of the chapter on rescues: factors that are fitted, numbers that are lost, and what is learned."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from reportgen.battery.results import Results
from reportgen.chapters.names import LARGE, SMALL
from reportgen.chapters.rescue import CHAPTER
from reportgen.chapters.rescue.tables import SIGNAL, Tables

Measure = Callable[..., Results]


def changed(results: Results, table: str, frame: pd.DataFrame) -> Tables:
    tables: Tables = CHAPTER.read(Results({**results.tables, table: frame}, {}, {}))
    return tables


def test_the_factor_per_layer_is_that_of_the_middle_layers_towards_where_it_flows(measured: Measure) -> None:
    layers = measured(CHAPTER.needs)["rescue_layers"]
    layer, lost = layers["layer"].astype(float), layers["initializer"] == SMALL
    straight = {SIGNAL: (2.0**layer).where(layer.between(10, 40), 1.0), "delta_rms": (3.0**-layer).mask(lost, np.inf)}
    factors = changed(measured(CHAPTER.needs), "rescue_layers", layers.assign(**straight)).factors
    assert factors["signal"].to_numpy() == pytest.approx(2**0.5)  # of the rms, where the mean square doubles
    assert factors.set_index("initializer")["gradient"].drop(SMALL).to_numpy() == pytest.approx(3)
    assert factors.set_index("initializer")["gradient"][SMALL].isna().all()


def test_exact_zeros_are_zero_and_what_is_lost_is_infinite(measured: Measure) -> None:
    layers = measured(CHAPTER.needs)["rescue_layers"]
    lost = (layers["form"] == "residual") & (layers["initializer"] == LARGE) & (layers["layer"] <= 20)
    overflowing = layers.assign(delta_rms=layers["delta_rms"].mask(lost, np.inf))
    tables = changed(measured(CHAPTER.needs), "rescue_layers", overflowing)
    growth = tables.growth.set_index(["form", "activation", "initializer"])["gradient"].sort_index()
    assert (growth["plain", "relu", SMALL], growth["residual", "relu", LARGE]) == (0, np.inf)
    assert not tables.profiles.isna().any(axis=None)
    assert set(tables.profiles.query("layer == 1")["signal"]) == {1.0}


def test_what_is_learned_is_the_middle_replicate_at_the_better_rate(measured: Measure) -> None:
    results = measured(CHAPTER.needs)
    trials = results["rescue_training"].head(1).merge(pd.DataFrame({"rate": np.repeat([0.01, 0.1], 4)}), how="cross")
    half = trials.assign(
        learning_rate=trials["rate"],
        replicate=[0, 1, 2, 3] * 2,
        validation_loss=[2.0] * 4 + [1.0] + [np.nan] * 3,
        end_loss=[2.0] * 4 + [1.0] + [np.nan] * 3,
        test_loss=1.0,
        test_accuracy=[0.1, 0.2, 0.3, 0.4, 0.6] + [np.nan] * 3,
        diverged_after=[np.inf] * 5 + [3] * 3,
    )
    whole = half.assign(diverged_after=np.inf).fillna({"validation_loss": 1.0, "end_loss": 1.0, "test_accuracy": 0.9})
    for table, expected in ((half, (0.01, 0.2, "stalled")), (whole, (0.1, 0.9, "learned"))):
        row = changed(results, "rescue_training", table).trained.iloc[0]
        assert (row["learning_rate"], row["test_accuracy"], row["outcome"]) == expected
        assert row["least"] <= row["test_accuracy"] <= row["greatest"]
