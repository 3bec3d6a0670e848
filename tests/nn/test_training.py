"""Gradient descent on ensembles: each member trains as if it were alone, and on the examples that it should."""

from __future__ import annotations

from itertools import pairwise, product
from math import log

import numpy as np
import pytest

from reportgen.nn.activations import activations
from reportgen.nn.initializers import initializers
from reportgen.nn.mlp import PLAIN, Architecture, Parameters, draw_parameters
from reportgen.nn.optimizers import Optimizer, adam, sgd
from reportgen.nn.plane import circle
from reportgen.nn.training import Dropout, copy, diverged_after, evaluate, join, loss_gradients, train

TANH, LINEAR = activations.get("tanh"), activations.get("linear")
WIDTHS = (2, 5, 4, 2)
EVEN = (2, 5, 5, 5, 2)
"""Hidden layers of one width, as residual branches need them."""

ARCHITECTURES = [Architecture(*forms) for forms in product((None, "layer", "batch"), (None, 0.5))]
OPTIMIZERS = {"sgd": sgd, "momentum": lambda rate: sgd(rate, momentum=0.9), "adam": adam}


def network(seed: int, widths: tuple[int, ...] = WIDTHS, name: str = "glorot_normal") -> Parameters:
    initializer = initializers.get(name)
    return draw_parameters(
        initializer, widths, lambda _, layer: np.random.default_rng([seed, layer]), 1, biases=True, dtype=np.float64
    )


def points(n: int = 41) -> tuple[np.ndarray, np.ndarray]:
    examples = circle(n, np.random.default_rng(0))
    return examples.inputs, np.asarray(examples.labels)


def arrays(parameters: Parameters) -> list[np.ndarray]:
    return [*parameters.weights, *(parameters.biases or ())]


def loss_by_hand(parameters: Parameters, inputs: np.ndarray, labels: np.ndarray) -> float:
    """Return the loss of the first member, written down without the functions under test."""
    assert parameters.biases is not None
    h = inputs
    for index, (W, b) in enumerate(zip(parameters.weights, parameters.biases, strict=True), start=1):
        h = h @ W[0] + b[0]
        h = h if index == len(parameters.weights) else np.tanh(h)
    chances = np.exp(h) / np.exp(h).sum(axis=1, keepdims=True)
    return float(-np.log(chances[np.arange(len(labels)), labels]).mean())


def numerical_update(parameters: Parameters, rate: float) -> list[np.ndarray]:
    """Return minus rate times the gradient by central differences; their error is of the order step² = 1e-10."""
    inputs, labels = points()
    updates = []
    for array in arrays(parameters):
        update = np.empty_like(array)
        for place in np.ndindex(array.shape):
            kept, step = array[place], 1e-5
            array[place] = kept + step
            above = loss_by_hand(parameters, inputs, labels)
            array[place] = kept - step
            below = loss_by_hand(parameters, inputs, labels)
            array[place] = kept
            update[place] = -rate * (above - below) / (2 * step)
        updates.append(update)
    return updates


def test_an_update_is_the_learning_rate_times_the_negative_gradient_of_the_mean_loss() -> None:
    before = network(1)
    after = copy(before)
    train(after, TANH, *points(), steps=1, optimizer=sgd(0.7))
    expected = numerical_update(before, 0.7)
    for new, old, update in zip(arrays(after), arrays(before), expected, strict=True):
        np.testing.assert_allclose(new - old, update, atol=1e-8)
        assert np.abs(update).max() > 1e-4, "a step that is not taken, or taken uphill, would pass"


def test_the_loss_of_every_update_is_returned() -> None:
    parameters = network(2)
    first = loss_by_hand(parameters, *points())
    losses = train(parameters, TANH, *points(), steps=30, optimizer=sgd(0.1))
    assert losses.shape == (30, 1)
    assert losses[0, 0] == pytest.approx(first)
    assert np.all(np.diff(losses[:, 0]) < 0), "small full-batch steps go downhill"
    assert evaluate(parameters, TANH, *points())[0][0] == pytest.approx(loss_by_hand(parameters, *points()))


def test_a_network_of_zeros_starts_at_the_logarithm_of_the_number_of_classes() -> None:
    losses = train(network(0, name="zeros"), TANH, *points(), steps=1, optimizer=sgd(0.1))
    assert losses[0, 0] == pytest.approx(log(2))


def test_a_member_trains_in_an_ensemble_as_it_does_alone() -> None:
    together = join([network(seed) for seed in range(4)])
    alone = [network(seed) for seed in range(4)]
    options = {"steps": 25, "optimizer": sgd(0.5), "batch": 7}
    train(together, TANH, *points(), **options, order=np.random.default_rng(3))
    for member, single in enumerate(alone):
        train(single, TANH, *points(), **options, order=np.random.default_rng(3))
        for ensemble, own in zip(arrays(together), arrays(single), strict=True):
            np.testing.assert_allclose(ensemble[member], own[0], rtol=1e-12, atol=1e-14)


def test_a_member_that_diverges_leaves_the_others_alone_and_is_recorded() -> None:
    wild = network(1)
    wild.weights[0] *= 1e308
    wild.weights[1] *= 1e308
    relu = activations.get("relu")
    together, calm = join([network(0), wild]), network(0)
    losses = train(together, relu, *points(), steps=10, optimizer=sgd(0.1))
    expected = train(calm, relu, *points(), steps=10, optimizer=sgd(0.1))
    np.testing.assert_allclose(losses[:, 0], expected[:, 0], rtol=1e-12)
    assert not np.isfinite(losses[-1, 1])
    loss, accuracy = evaluate(together, relu, *points())
    assert not np.isfinite(loss[1])
    assert np.isnan(accuracy[1])
    assert accuracy[0] == evaluate(calm, relu, *points())[1][0]


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e200])
@pytest.mark.parametrize("architecture", ARCHITECTURES, ids=str)
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_member_that_diverges_leaves_the_bytes_of_the_others_alone(
    name: str, architecture: Architecture, bad: float
) -> None:
    results = []
    for spoil in (False, True):
        together = join([network(seed, EVEN) for seed in range(3)])
        if spoil:
            together.weights[1][1, 2], together.weights[-1][1] = bad, bad
        losses = train(
            together,
            TANH,
            *points(),
            steps=8,
            optimizer=OPTIMIZERS[name]([0.1, 1e200 if spoil else 0.1, 0.1]),
            batch=10,
            order=np.random.default_rng(3),
            architecture=architecture,
            dropout=Dropout(0.2, np.random.default_rng(4)),
        )
        results.append([losses.T, *arrays(together), *evaluate(together, TANH, *points(), architecture=architecture)])
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
    pair = join([network(0), network(0)])
    losses = train(pair, LINEAR, *points(), steps=5, optimizer=sgd([0.1, 1e300]))
    assert losses[0, 0] == losses[0, 1]
    # The logits after that update are products of three layers of some 1e300.
    assert diverged_after(losses).tolist() == [np.inf, 1]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_members_with_their_own_learning_rates_train_as_they_would_alone(name: str) -> None:
    rates = [0.3, 0.01, 0.1]
    together = join([network(1)] * 3)
    options = {"steps": 20, "batch": 7}
    losses = train(
        together, TANH, *points(), optimizer=OPTIMIZERS[name](rates), order=np.random.default_rng(3), **options
    )
    for member, rate in enumerate(rates):
        single = network(1)
        own_losses = train(
            single, TANH, *points(), optimizer=OPTIMIZERS[name](rate), order=np.random.default_rng(3), **options
        )
        np.testing.assert_allclose(losses[:, [member]], own_losses, rtol=1e-12)
        for ensemble, own in zip(arrays(together), arrays(single), strict=True):
            np.testing.assert_allclose(ensemble[[member]], own, rtol=1e-10, atol=1e-12)
    assert not np.isclose(losses[-1, 0], losses[-1, 2])


def test_masks_leave_out_units_at_the_rate_and_make_up_for_it_on_average() -> None:
    parameters, batch = join([network(seed, (2, 50, 40, 2)) for seed in range(3)]), 500
    masks = Dropout(0.3, np.random.default_rng(0)).masks(parameters, batch)
    assert [mask.shape for mask in masks] == [(1, batch, 50), (1, batch, 40)]
    for mask in masks:
        assert set(np.unique(mask)) == {0, 1 / 0.7}
        # One entry has variance (1 - kept) / kept; five standard deviations of the mean. Ones and zeros would have .7.
        assert mask.mean() == pytest.approx(1, abs=5 * np.sqrt(0.3 / 0.7 / mask.size))
        per_unit, per_example = mask.mean(axis=1), mask.mean(axis=2)
        assert per_unit.std() > 0 < per_example.std(), "units and examples are drawn one by one"
    assert not np.array_equal(masks[0][..., :40], masks[1])


def test_masks_have_the_precision_of_the_network_and_are_drawn_anew_for_each_update() -> None:
    parameters = Parameters([W.astype(np.float32) for W in network(0).weights])
    dropout = Dropout(0.5, np.random.default_rng(0))
    first, second = dropout.masks(parameters, 20), dropout.masks(parameters, 20)
    assert first[0].dtype == np.float32
    assert not np.array_equal(first[0], second[0])


def train_with(dropout: Dropout | None, members: list[Parameters], optimizer: Optimizer) -> Parameters:
    together = join(members)
    options = {"batch": 10, "order": np.random.default_rng(1)}
    train(together, TANH, *points(), steps=12, optimizer=optimizer, dropout=dropout, **options)
    return together


def test_all_members_drop_the_same_units() -> None:
    twins = train_with(Dropout(0.5, np.random.default_rng(0)), [network(0), network(0)], sgd(0.3))
    assert all(array[0].tobytes() == array[1].tobytes() for array in arrays(twins))
    whole = train_with(None, [network(0)], sgd(0.3))
    other = train_with(Dropout(0.5, np.random.default_rng(9)), [network(0)], sgd(0.3))
    assert not np.allclose(twins.weights[0][0], whole.weights[0][0])
    assert not np.allclose(twins.weights[0][0], other.weights[0][0])


def test_dropout_at_rate_zero_is_training_without_it() -> None:
    without = train_with(None, [network(0)], sgd(0.3))
    withal = train_with(Dropout(0.0, np.random.default_rng(0)), [network(0)], sgd(0.3))
    assert all(np.array_equal(one, other) for one, other in zip(arrays(without), arrays(withal), strict=True))


@pytest.mark.parametrize("architecture", ARCHITECTURES, ids=str)
def test_evaluation_and_the_first_loss_of_training_are_of_the_same_architecture(architecture: Architecture) -> None:
    parameters = network(4, EVEN)
    before, _ = evaluate(parameters, TANH, *points(), architecture=architecture)
    found, _ = loss_gradients(parameters, TANH, *points(), architecture=architecture)
    losses = train(parameters, TANH, *points(), steps=1, optimizer=sgd(0.1), architecture=architecture)
    assert losses[0] == pytest.approx(before, rel=1e-14)
    assert found == pytest.approx(before, rel=1e-14)
    plain, _ = evaluate(network(4, EVEN), TANH, *points())
    assert (losses[0] == pytest.approx(plain, rel=1e-6)) == (architecture == PLAIN)


def rows_of_each_update(examples: int, batch: int, updates: int) -> list[set[int]]:
    """Train a readout on one-hot inputs: an update moves just the weights of the examples that it saw."""
    parameters = network(0, (examples, 2), "zeros")
    seen: list[np.ndarray] = []
    train(
        parameters,
        LINEAR,
        np.eye(examples),
        np.arange(examples) % 2,
        steps=updates,
        optimizer=sgd(1.0),
        batch=batch,
        order=np.random.default_rng(5),
        record=lambda _, now: seen.append(now.weights[0][0].copy()),
        record_at=range(updates + 1),
    )
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


def test_mini_batches_without_an_order_are_refused() -> None:
    with pytest.raises(TypeError, match="order"):
        train(network(0), TANH, *points(), steps=1, optimizer=sgd(0.1), batch=5)


def test_parameters_are_recorded_before_the_first_update_and_after_the_last() -> None:
    parameters, looks = network(3), []
    start = parameters.weights[0].copy()
    train(
        parameters,
        TANH,
        *points(),
        steps=4,
        optimizer=sgd(0.5),
        record=lambda step, now: looks.append((step, now.weights[0].copy())),
        record_at={0, 3, 4},
    )
    assert [step for step, _ in looks] == [0, 3, 4]
    assert np.array_equal(looks[0][1], start)
    assert np.array_equal(looks[2][1], parameters.weights[0])
    assert not np.array_equal(looks[1][1], looks[2][1])


def test_training_stays_in_the_precision_of_the_parameters() -> None:
    initializer = initializers.get("glorot_normal")
    parameters = draw_parameters(initializer, WIDTHS, lambda *key: np.random.default_rng(key), 2, biases=True)
    train(parameters, TANH, *points(), steps=3, optimizer=sgd(0.1))
    assert {array.dtype for array in arrays(parameters)} == {np.dtype("float32")}


def test_networks_without_biases_train_too() -> None:
    parameters = Parameters(network(0).weights)
    before = copy(parameters)
    losses = train(parameters, TANH, *points(), steps=20, optimizer=sgd(0.3))
    assert parameters.biases is None
    assert losses[-1, 0] < losses[0, 0]
    assert join([parameters, before]).biases is None
    assert not np.array_equal(parameters.weights[0], before.weights[0]), "a copy is left alone"


def test_a_small_network_learns_the_circle() -> None:
    parameters = join([network(seed, (2, 8, 2)) for seed in range(3)])
    inputs, labels = points(201)
    train(parameters, TANH, inputs, labels, steps=600, optimizer=sgd(0.5))
    held_out = circle(1000, np.random.default_rng(9))
    _, accuracy = evaluate(parameters, TANH, held_out.inputs, np.asarray(held_out.labels))
    assert accuracy.shape == (3,)
    assert accuracy.min() > 0.95
