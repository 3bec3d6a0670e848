"""Candidates, and how the front page trains them."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from reportgen.battery.cell import Streams
from reportgen.experiments.advice import EXPERIMENT, RATES
from reportgen.experiments.advice.candidates import (
    DEEP,
    EQUAL,
    candidates,
    law,
    named,
    own_gain,
    rivals,
    tuned,
    why,
)
from reportgen.experiments.advice.shifted import as_sigmoid
from reportgen.experiments.advice.starts import Candidates
from reportgen.experiments.advice.training import LEARNED, Learning
from reportgen.experiments.averages import averages
from reportgen.judgments import choice, outcomes
from reportgen.judgments.verdicts import LIMIT
from reportgen.nn.activations import activations
from reportgen.nn.ensemble import Ensemble, Parameters
from reportgen.nn.initializers import initializers
from reportgen.nn.mlp import forward
from reportgen.presets import ACTIVATIONS
from reportgen.settings import Settings
from reportgen.theory.bands import changes
from reportgen.theory.quadrature import NotConverged

LEARNING = Learning(
    data={"data": "circle"},
    activation="tanh",
    optimizer="sgd",
    initializers=("zeros", "glorot_normal"),
    learning_rates=(1e-9, 0.1),
    depths=(2, 1),
    networks=2,
    short=60,
    long=120,
    width=8,
)


@pytest.fixture(scope="module")
def trained() -> pd.DataFrame:
    return pd.DataFrame(LEARNING.measure(Streams(1))["advice_training"])


def test_the_front_page_means_the_same_by_learned_carried_and_equal_as_the_experiment() -> None:
    assert LEARNED == outcomes.LEARNED
    assert EQUAL == choice.EQUAL
    gains = [own_gain(name) for name in ("tanh", "relu", "gelu")]
    worst = [
        float(changes(averages(name), gain, DEEP).worst)
        for name, gain in zip(("tanh", "relu", "gelu"), gains, strict=True)
    ]
    assert max(worst) < LIMIT


@pytest.mark.parametrize(
    ("activation", "start"),
    [
        ("relu", "he_normal"),
        ("leaky_relu(negative_slope=0.5)", "he_normal(negative_slope=0.5)"),
        ("tanh", "glorot_normal"),
        ("selu", "lecun_normal"),
        ("sigmoid", "glorot_normal(gain=4)"),
        ("elu", "glorot_normal"),
        ("gelu", "he_normal"),
    ],
)
def test_an_activation_has_a_law_that_goes_first(activation: str, start: str) -> None:
    assert law(activation) == start
    assert start in named(activation)


def test_only_laws_that_were_derived_for_an_activation_are_called_so() -> None:
    derived = {name for name in ACTIVATIONS if "derived" in why(name)}
    assert derived == {"linear", "tanh", "relu", "leaky_relu"}


def test_the_gain_of_an_activation_of_straight_lines_is_exact_and_that_of_gelu_is_not_he_s() -> None:
    assert own_gain("relu") == pytest.approx(np.sqrt(2), abs=0.005)
    assert own_gain("linear") == pytest.approx(1, abs=0.005)
    assert own_gain("gelu") > 1.45, "at He's gain GELU dies, slowly"
    assert own_gain("tanh", 2) == own_gain("tanh"), "a shallow net does with the gain of a deep one"


def test_sigmoid_alone_is_nearly_all_mean() -> None:
    centered = [name for name in ACTIVATIONS if tuned(name).startswith("centered")]
    assert centered == ["sigmoid"]


def test_an_activation_that_cannot_be_averaged_has_candidates_all_the_same() -> None:
    assert set(named("relu")) <= set(candidates("exponential"))
    assert np.isnan(own_gain("leaky_relu(negative_slope=1e300)"))
    assert tuned("leaky_relu(negative_slope=1e300)") == "orthogonal"
    assert law("leaky_relu(negative_slope=1e300)") == "he_normal"


@pytest.mark.parametrize("activation", ["threshold(threshold=3)", "hard_shrink(threshold=3)"])
def test_an_activation_with_averages_at_the_start_but_not_in_every_layer_has_a_law(activation: str) -> None:
    averages(activation).second_moment(1.0)
    with pytest.raises(NotConverged):
        changes(averages(activation), np.sqrt([1.0, 2.0]), DEEP)
    assert law(activation) == "glorot_normal"
    assert law(activation) in named(activation)
    assert pd.DataFrame(Candidates(activation).measure(Streams(0))["advice_starts"])["trained"].sum() >= 1


def test_what_is_listed_for_an_activation_is_what_is_measured_and_trained() -> None:
    rows = pd.DataFrame(Candidates("sigmoid").measure(Streams(0))["advice_starts"])
    assert set(rows.loc[rows["trained"] == 1, "initializer"]) == set(rivals("sigmoid"))
    assert rows.loc[rows["reason"] != "", "initializer"].tolist() == [law("sigmoid")]
    assert rows.loc[rows["tuned"] == 1, "initializer"].tolist() == [tuned("sigmoid")]
    cells = EXPERIMENT.cells(Settings(preset="quick").battery())
    measured = {cell["initializer"] for cell in cells if cell.part == "Candidate" and cell["activation"] == "sigmoid"}
    assert measured == {law("sigmoid"), tuned("sigmoid")}, "the battery has the others"


def test_a_start_that_does_not_learn_is_not_tried_in_deeper_nets(trained: pd.DataFrame) -> None:
    tried = trained.groupby("initializer")["depth"].unique().map(sorted).to_dict()
    assert tried == {"zeros": [1], "glorot_normal": [1, 2]}


def test_the_rate_is_chosen_by_the_validation_loss_of_one_network(trained: pd.DataFrame) -> None:
    assert set(trained.loc[trained["initializer"] == "glorot_normal", "learning_rate"]) == {0.1}


def test_every_budget_that_was_needed_has_a_row_per_network(trained: pd.DataFrame) -> None:
    shallow = trained[(trained["depth"] == 1) & (trained["initializer"] == "zeros")]
    assert sorted(zip(shallow["steps"], shallow["replicate"], strict=True)) == [(60, 0), (60, 1), (120, 0), (120, 1)]
    assert set(trained["momentum"]) == {0.9}


def test_networks_that_all_learn_clearly_are_spared_the_long_budget() -> None:
    easy = replace(LEARNING, initializers=("glorot_normal",), learning_rates=(0.3,), depths=(1,), short=300, long=3000)
    rows = easy.measure(Streams(1))["advice_training"]
    assert set(rows["steps"]) == {300}


def test_adam_has_learning_rates_of_its_own() -> None:
    assert set(RATES) == {"sgd", "adam"}
    rows = replace(LEARNING, optimizer="adam", learning_rates=(0.01,), depths=(1,)).measure(Streams(1))
    assert np.isnan(rows["advice_training"]["momentum"]).all()


def test_a_shifted_sigmoid_net_computes_what_the_tanh_net_does() -> None:
    rng = np.random.default_rng(0)
    widths = [5, 7, 7, 3]
    weights = [rng.standard_normal((2, a, b)) / np.sqrt(a) for a, b in pairwise(widths)]
    tanh = Parameters(weights, [rng.standard_normal((2, 1, b)) for b in widths[1:]])
    inputs = rng.standard_normal((2, 11, 5))
    one, other = (
        forward(Ensemble(parameters, activations.get(name)), inputs, linear_output=True).output
        for parameters, name in ((tanh, "tanh"), (as_sigmoid(tanh), "sigmoid"))
    )
    np.testing.assert_allclose(one, other, atol=1e-13)
    unshifted = replace_biases(as_sigmoid(tanh), tanh)
    wrong = forward(Ensemble(unshifted, activations.get("sigmoid")), inputs, linear_output=True).output
    assert np.abs(wrong - one).max() > 0.1, "the shift is needed"


def replace_biases(parameters: Parameters, of: Parameters) -> Parameters:
    return Parameters(parameters.weights, of.biases)


def test_every_recommended_start_is_in_the_registry() -> None:
    for name in ACTIVATIONS:
        for start in candidates(name):
            assert initializers.get(start).name == start
