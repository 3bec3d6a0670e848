"""Gradient descent on ensembles: each member trains as if it were alone, and on the examples that it should."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import chain, islice, pairwise, product
from math import log

import numpy as np
import pytest
from numpy.typing import ArrayLike

from reportgen.nn.activations import activations
from reportgen.nn.ensemble import PLAIN, Architecture, Array, Ensemble, Parameters, draw_parameters
from reportgen.nn.examples import Examples
from reportgen.nn.initializers import initializers
from reportgen.nn.optimizers import Optimizer, adam, sgd
from reportgen.nn.plane import circle
from reportgen.nn.training import Batches, Dropout, diverged_after, evaluate, loss_gradients, train, updates

WIDTHS = (2, 5, 4, 2)
EVEN = (2, 5, 5, 5, 2)
"""Hidden layers of one width, as residual branches need them."""

ARCHITECTURES = [Architecture(*forms) for forms in product((None, "layer", "batch"), (None, 0.5))]
OPTIMIZERS: dict[str, Callable[[ArrayLike], Optimizer]] = {
    "sgd": sgd,
    "momentum": lambda rate: sgd(rate, momentum=0.9),
    "adam": adam,
}


def network(
    *seeds: int,
    widths: tuple[int, ...] = WIDTHS,
    name: str = "glorot_normal",
    activation: str = "tanh",
    architecture: Architecture = PLAIN,
) -> Ensemble:
    """Return an ensemble in float64 with a member per seed."""
    parameters = draw_parameters(
        initializers.get(name),
        widths,
        lambda member, layer: np.random.default_rng([seeds[member], layer]),
        len(seeds),
        biases=True,
        dtype=np.float64,
    )
    return Ensemble(parameters, activations.get(activation), architecture)


def copied(ensemble: Ensemble) -> Ensemble:
    return replace(ensemble, parameters=ensemble.parameters.copy())


def points(n: int = 41) -> Examples:
    return circle(n, np.random.default_rng(0))


def arrays(ensemble: Ensemble) -> list[Array]:
    return ensemble.parameters.arrays


def batches(size: int, seed: int = 3) -> Batches:
    return Batches(size, np.random.default_rng(seed))


def loss_by_hand(ensemble: Ensemble, examples: Examples) -> float:
    """Return the loss of the first member, written down without the functions under test."""
    weights, biases = ensemble.parameters.weights, ensemble.parameters.biases or []
    h = examples.inputs
    for index, (W, b) in enumerate(zip(weights, biases, strict=True), start=1):
        h = h @ W[0] + b[0]
        h = h if index == len(weights) else np.tanh(h)
    chances = np.exp(h) / np.exp(h).sum(axis=1, keepdims=True)
    return float(-np.log(chances[np.arange(len(examples.labels)), examples.labels]).mean())


def numerical_update(ensemble: Ensemble, rate: float) -> list[Array]:
    """Return minus rate times the gradient by central differences; their error is of the order step² = 1e-10."""
    found = []
    for array in arrays(ensemble):
        update = np.empty_like(array)
        for place in np.ndindex(array.shape):
            kept, step = array[place], 1e-5
            array[place] = kept + step
            above = loss_by_hand(ensemble, points())
            array[place] = kept - step
            below = loss_by_hand(ensemble, points())
            array[place] = kept
            update[place] = -rate * (above - below) / (2 * step)
        found.append(update)
    return found


def test_an_update_is_the_learning_rate_times_the_negative_gradient_of_the_mean_loss() -> None:
    before = network(1)
    after = copied(before)
    train(after, points(), steps=1, optimizer=sgd(0.7))
    expected = numerical_update(before, 0.7)
    for new, old, update in zip(arrays(after), arrays(before), expected, strict=True):
        np.testing.assert_allclose(new - old, update, atol=1e-8)
        assert np.abs(update).max() > 1e-4, "a step that is not taken, or taken uphill, would pass"


def test_the_loss_of_every_update_is_returned() -> None:
    ensemble = network(2)
    first = loss_by_hand(ensemble, points())
    losses = train(ensemble, points(), steps=30, optimizer=sgd(0.1))
    assert losses.shape == (30, 1)
    assert losses[0, 0] == pytest.approx(first)
    assert np.all(np.diff(losses[:, 0]) < 0), "small full-batch steps go downhill"
    assert evaluate(ensemble, points())[0][0] == pytest.approx(loss_by_hand(ensemble, points()))


def test_a_network_of_zeros_starts_at_the_logarithm_of_the_number_of_classes() -> None:
    losses = train(network(0, name="zeros"), points(), steps=1, optimizer=sgd(0.1))
    assert losses[0, 0] == pytest.approx(log(2))


def test_a_member_trains_in_an_ensemble_as_it_does_alone() -> None:
    together = network(0, 1, 2, 3)
    train(together, points(), steps=25, optimizer=sgd(0.5), batches=batches(7))
    for member in range(4):
        single = network(member)
        train(single, points(), steps=25, optimizer=sgd(0.5), batches=batches(7))
        for ensemble, own in zip(arrays(together), arrays(single), strict=True):
            np.testing.assert_allclose(ensemble[member], own[0], rtol=1e-12, atol=1e-14)


def test_a_member_that_diverges_leaves_the_others_alone_and_is_recorded() -> None:
    together, calm = network(0, 1, activation="relu"), network(0, activation="relu")
    for W in together.parameters.weights[:2]:
        W[1] *= 1e308
    losses = train(together, points(), steps=10, optimizer=sgd(0.1))
    expected = train(calm, points(), steps=10, optimizer=sgd(0.1))
    np.testing.assert_allclose(losses[:, 0], expected[:, 0], rtol=1e-12)
    assert not np.isfinite(losses[-1, 1])
    loss, accuracy = evaluate(together, points())
    assert not np.isfinite(loss[1])
    assert np.isnan(accuracy[1])
    assert accuracy[0] == evaluate(calm, points())[1][0]


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e200])
@pytest.mark.parametrize("architecture", ARCHITECTURES, ids=str)
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_member_that_diverges_leaves_the_bytes_of_the_others_alone(
    name: str, architecture: Architecture, bad: float
) -> None:
    results = []
    for spoil in (False, True):
        together = network(0, 1, 2, widths=EVEN, architecture=architecture)
        if spoil:
            together.parameters.weights[1][1, 2], together.parameters.weights[-1][1] = bad, bad
        losses = train(
            together,
            points(),
            steps=8,
            optimizer=OPTIMIZERS[name]([0.1, 1e200 if spoil else 0.1, 0.1]),
            batches=batches(10),
            dropout=Dropout(0.2, np.random.default_rng(4)),
        )
        results.append([losses.T, *arrays(together), *evaluate(together, points())])
    for well, ill in zip(*results, strict=True):
        assert well[[0, 2]].tobytes() == ill[[0, 2]].tobytes()
    assert not np.array_equal(results[0][0][1], results[1][0][1]), "the losses of the member that was spoilt"


def test_divergence_is_the_number_of_updates_made_before_the_loss_was_no_longer_finite() -> None:
    losses = np.ones((4, 5))
    losses[2, 1] = np.nan
    losses[0, 2] = np.inf
    losses[1:, 3] = [np.inf, 1, 1]
    losses[3, 4] = 1e300
    np.testing.assert_array_equal(diverged_after(losses), [np.inf, 2, 0, 1, np.inf])


def test_a_learning_rate_that_is_too_large_diverges_after_its_first_update() -> None:
    losses = train(network(0, 0, activation="linear"), points(), steps=5, optimizer=sgd([0.1, 1e300]))
    assert losses[0, 0] == losses[0, 1]
    # The logits after that update are products of three layers of some 1e300.
    assert diverged_after(losses).tolist() == [np.inf, 1]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_members_with_their_own_learning_rates_train_as_they_would_alone(name: str) -> None:
    rates = [0.3, 0.01, 0.1]
    together = network(1, 1, 1)
    losses = train(together, points(), steps=20, optimizer=OPTIMIZERS[name](rates), batches=batches(7))
    for member, rate in enumerate(rates):
        single = network(1)
        own_losses = train(single, points(), steps=20, optimizer=OPTIMIZERS[name](rate), batches=batches(7))
        np.testing.assert_allclose(losses[:, [member]], own_losses, rtol=1e-12)
        for ensemble, own in zip(arrays(together), arrays(single), strict=True):
            np.testing.assert_allclose(ensemble[[member]], own, rtol=1e-10, atol=1e-12)
    assert not np.isclose(losses[-1, 0], losses[-1, 2])


def test_masks_leave_out_units_at_the_rate_and_make_up_for_it_on_average() -> None:
    ensemble, batch = network(0, 1, 2, widths=(2, 50, 40, 2)), 500
    masks = Dropout(0.3, np.random.default_rng(0)).masks(ensemble.parameters, batch)
    assert [mask.shape for mask in masks] == [(1, batch, 50), (1, batch, 40)]
    for mask in masks:
        assert set(np.unique(mask)) == {0, 1 / 0.7}
        # One entry has variance (1 - kept) / kept; five standard deviations of the mean. Ones and zeros would have .7.
        assert mask.mean() == pytest.approx(1, abs=5 * np.sqrt(0.3 / 0.7 / mask.size))
        per_unit, per_example = mask.mean(axis=1), mask.mean(axis=2)
        assert per_unit.std() > 0 < per_example.std(), "units and examples are drawn one by one"
    assert not np.array_equal(masks[0][..., :40], masks[1])


def test_masks_have_the_precision_of_the_network_and_are_drawn_anew_for_each_update() -> None:
    parameters = Parameters([W.astype(np.float32) for W in network(0).parameters.weights])
    dropout = Dropout(0.5, np.random.default_rng(0))
    first, second = dropout.masks(parameters, 20), dropout.masks(parameters, 20)
    assert first[0].dtype == np.float32
    assert not np.array_equal(first[0], second[0])


def train_with(dropout: Dropout | None, *seeds: int) -> Ensemble:
    together = network(*seeds)
    train(together, points(), steps=12, optimizer=sgd(0.3), batches=batches(10), dropout=dropout)
    return together


def test_all_members_drop_the_same_units() -> None:
    twins = train_with(Dropout(0.5, np.random.default_rng(0)), 0, 0)
    assert all(array[0].tobytes() == array[1].tobytes() for array in arrays(twins))
    whole = train_with(None, 0)
    other = train_with(Dropout(0.5, np.random.default_rng(9)), 0)
    for different in (whole, other):
        assert not np.allclose(arrays(twins)[0][0], arrays(different)[0][0])


def test_dropout_at_rate_zero_is_training_without_it() -> None:
    without = train_with(None, 0)
    withal = train_with(Dropout(0.0, np.random.default_rng(0)), 0)
    assert all(np.array_equal(one, other) for one, other in zip(arrays(without), arrays(withal), strict=True))


@pytest.mark.parametrize("architecture", ARCHITECTURES, ids=str)
def test_evaluation_and_the_first_loss_of_training_are_of_the_same_architecture(architecture: Architecture) -> None:
    ensemble = network(4, widths=EVEN, architecture=architecture)
    before, _ = evaluate(ensemble, points())
    found, _ = loss_gradients(ensemble, points())
    losses = train(ensemble, points(), steps=1, optimizer=sgd(0.1))
    assert losses[0] == pytest.approx(before, rel=1e-14)
    assert found == pytest.approx(before, rel=1e-14)
    plain, _ = evaluate(network(4, widths=EVEN), points())
    assert (losses[0] == pytest.approx(plain, rel=1e-6)) == (architecture == PLAIN)


def rows_of_each_update(examples: int, batch: int, number: int) -> list[set[int]]:
    """Train a readout on one-hot inputs: an update moves just the weights of the examples that it saw."""
    ensemble = network(0, widths=(examples, 2), name="zeros")
    one_hot = Examples(np.eye(examples), np.arange(examples) % 2, 2)
    run = updates(ensemble, one_hot, optimizer=sgd(1.0), batches=batches(batch))
    seen = [arrays(ensemble)[0][0].copy() for _ in chain([None], islice(run, number))]
    moved = [np.flatnonzero((later != earlier).any(axis=1)) for earlier, later in pairwise(seen)]
    return [set(rows.tolist()) for rows in moved]


def test_mini_batches_visit_every_example_once_per_pass_in_a_new_order_each_time() -> None:
    rows = rows_of_each_update(12, 4, 6)
    assert all(len(batch) == 4 for batch in rows)
    assert set().union(*rows[:3]) == set().union(*rows[3:]) == set(range(12))
    assert rows[:3] != rows[3:]


def test_a_last_batch_that_is_not_full_is_left_out_and_one_too_large_is_all() -> None:
    rows = rows_of_each_update(10, 4, 3)
    assert [len(batch) for batch in rows] == [4, 4, 4]
    assert not rows[0] & rows[1]
    assert rows_of_each_update(5, 100, 2) == [set(range(5))] * 2


def test_each_loss_is_that_before_an_update_which_has_then_been_made() -> None:
    ensemble, by_hand = network(3), network(3)
    for loss in islice(updates(ensemble, points(), optimizer=sgd(0.5)), 3):
        assert loss[0] == pytest.approx(loss_by_hand(by_hand, points()))
        train(by_hand, points(), steps=1, optimizer=sgd(0.5))
        for ours, expected in zip(arrays(ensemble), arrays(by_hand), strict=True):
            np.testing.assert_array_equal(ours, expected)
    assert train(ensemble, points(), steps=0, optimizer=sgd(0.5)).shape == (0, 1)


def test_training_stays_in_the_precision_of_the_parameters() -> None:
    ensemble = network(0, 1)
    weights, biases = (
        [array.astype(np.float32) for array in kind]
        for kind in (ensemble.parameters.weights, ensemble.parameters.biases or [])
    )
    train(Ensemble(Parameters(weights, biases), ensemble.activation), points(), steps=3, optimizer=sgd(0.1))
    assert {array.dtype for array in (*weights, *biases)} == {np.dtype("float32")}
    assert not np.array_equal(weights[0], ensemble.parameters.weights[0].astype(np.float32))


def test_networks_without_biases_train_too() -> None:
    drawn = network(0)
    bare = replace(drawn, parameters=Parameters(drawn.parameters.weights))
    losses = train(bare, points(), steps=20, optimizer=sgd(0.3))
    assert bare.parameters.biases is None
    assert losses[-1, 0] < losses[0, 0]


def test_a_small_network_learns_the_circle() -> None:
    ensemble = network(0, 1, 2, widths=(2, 8, 2))
    train(ensemble, points(201), steps=600, optimizer=sgd(0.5))
    _, accuracy = evaluate(ensemble, circle(1000, np.random.default_rng(9)))
    assert accuracy.shape == (3,)
    assert accuracy.min() > 0.95
