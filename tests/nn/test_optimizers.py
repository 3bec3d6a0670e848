"""Optimizers: single steps against the formulas of their papers, written out for one number at a time."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

import numpy as np
import pytest
from numpy.typing import ArrayLike

from reportgen.nn.optimizers import Optimizer, adam, sgd

GRADIENTS = (0.3, -2.0, 0.0, 5e-3, 1.0)
"""Of one number, update after update."""

OPTIMIZERS: dict[str, Callable[[ArrayLike], Optimizer]] = {
    "sgd": sgd,
    "momentum": lambda rate: sgd(rate, momentum=0.9),
    "adam": adam,
}


def moved(optimizer: Optimizer, start: float = 1.5, gradients: tuple[float, ...] = GRADIENTS) -> list[float]:
    """Return where one number is after each update."""
    array, places = np.full((1, 1, 1), start), []
    update = optimizer([array])
    for gradient in gradients:
        update([np.full((1, 1, 1), gradient)])
        places.append(array.item())
    return places


def test_gradient_descent_steps_the_learning_rate_times_the_gradient_downhill() -> None:
    expected = 1.5 - 0.1 * np.cumsum(GRADIENTS)
    np.testing.assert_allclose(moved(sgd(0.1)), expected, rtol=1e-15)
    assert not np.allclose(moved(sgd(0.11)), expected)


def test_momentum_takes_a_share_of_the_last_step_again() -> None:
    place, velocity, expected = 1.5, 0.0, []
    for gradient in GRADIENTS:
        velocity = 0.9 * velocity + gradient
        place -= 0.1 * velocity
        expected.append(place)
    np.testing.assert_allclose(moved(sgd(0.1, momentum=0.9)), expected, rtol=1e-14)
    assert not np.allclose(moved(sgd(0.1, momentum=0.8)), expected)


def test_with_a_constant_gradient_momentum_comes_to_ten_times_the_step() -> None:
    places = moved(sgd(0.1, momentum=0.9), 0.0, (1.0,) * 400)
    np.testing.assert_allclose(np.diff(places)[-1], -0.1 / (1 - 0.9), rtol=1e-12)
    # After k updates the velocity is (1 - 0.9^k) / (1 - 0.9).
    np.testing.assert_allclose(np.diff(places)[:3], [-0.19, -0.271, -0.3439], rtol=1e-12)


def test_weight_decay_adds_a_share_of_the_number_itself_to_its_gradient() -> None:
    place, expected = 1.5, []
    for gradient in GRADIENTS:
        place -= 0.1 * (gradient + 0.5 * place)
        expected.append(place)
    np.testing.assert_allclose(moved(sgd(0.1, weight_decay=0.5)), expected, rtol=1e-14)
    assert not np.allclose(moved(sgd(0.1)), expected)


def adam_by_hand(rate: float, beta1: float, beta2: float, epsilon: float) -> list[float]:
    """Return where algorithm 1 of Kingma & Ba goes, with their sums in place of recursions."""
    place, places = 1.5, []
    for made in range(1, len(GRADIENTS) + 1):
        mean = sum((1 - beta1) * beta1 ** (made - i - 1) * GRADIENTS[i] for i in range(made))
        square = sum((1 - beta2) * beta2 ** (made - i - 1) * GRADIENTS[i] ** 2 for i in range(made))
        place -= rate * mean / (1 - beta1**made) / (sqrt(square / (1 - beta2**made)) + epsilon)
        places.append(place)
    return places


def test_adam_is_the_algorithm_of_its_paper() -> None:
    np.testing.assert_allclose(moved(adam(0.1)), adam_by_hand(0.1, 0.9, 0.999, 1e-8), rtol=1e-13)
    other = {"beta1": 0.7, "beta2": 0.9, "epsilon": 0.05}
    np.testing.assert_allclose(moved(adam(0.1, **other)), adam_by_hand(0.1, **other), rtol=1e-13)
    for detail, value in other.items():
        changed = {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, detail: value}
        assert not np.allclose(moved(adam(0.1)), adam_by_hand(0.1, **changed), rtol=1e-6)


@pytest.mark.parametrize("gradient", [1e-3, -40.0])
def test_with_a_constant_gradient_each_step_of_adam_is_the_learning_rate(gradient: float) -> None:
    steps = np.diff(moved(adam(0.1), 0.0, (gradient,) * 30), prepend=0)
    # Both running means, corrected, are exact at once; epsilon is 1e-5 of the smaller gradient.
    np.testing.assert_allclose(steps, -0.1 * np.sign(gradient) / (1 + 1e-8 / abs(gradient)), rtol=1e-11)


def test_adam_stands_still_where_no_gradient_ever_was() -> None:
    assert moved(adam(0.1), 1.5, (0.0, 0.0, 0.0)) == [1.5] * 3


def ensemble() -> tuple[list[np.ndarray], list[list[np.ndarray]]]:
    """Return weights and a bias of three members, and their gradients at four updates."""
    rng, shapes = np.random.default_rng(0), [(3, 2, 4), (3, 1, 4), (3, 4, 4)]
    return [rng.standard_normal(shape) for shape in shapes], [
        [rng.standard_normal(shape) for shape in shapes] for _ in range(4)
    ]


def trained(optimizer: Optimizer, member: slice = slice(None), spoil: float | None = None) -> list[np.ndarray]:
    arrays, gradients = ensemble()
    arrays = [array[member] for array in arrays]
    update = optimizer(arrays)
    for number, step in enumerate(gradients):
        if spoil is not None and number == 1:
            step[0][1, 0, 0] = spoil
        with np.errstate(all="ignore"):
            update([gradient[member] for gradient in step])
    return arrays


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_learning_rate_per_member_is_that_of_its_own_run(name: str) -> None:
    rates = np.array([0.1, 0.02, 0.3])
    together = trained(OPTIMIZERS[name](rates))
    for member, rate in enumerate(rates):
        alone = trained(OPTIMIZERS[name](rate), slice(member, member + 1))
        other = trained(OPTIMIZERS[name](1.01 * rate), slice(member, member + 1))
        for ensembled, own, changed in zip(together, alone, other, strict=True):
            assert np.array_equal(ensembled[[member]], own)
            assert not np.allclose(ensembled[[member]], changed)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e300])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_gradient_that_overflows_in_one_member_leaves_the_others_alone(name: str, bad: float) -> None:
    healthy, sick = trained(OPTIMIZERS[name](0.1)), trained(OPTIMIZERS[name](0.1), spoil=bad)
    for well, ill in zip(healthy, sick, strict=True):
        assert well[[0, 2]].tobytes() == ill[[0, 2]].tobytes()
    assert healthy[0][1].tobytes() != sick[0][1].tobytes()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_optimizer_that_starts_again_remembers_nothing_and_leaves_the_gradients_alone(name: str) -> None:
    optimizer = OPTIMIZERS[name](0.1)
    first, again = trained(optimizer), trained(optimizer)
    assert all(np.array_equal(one, other) for one, other in zip(first, again, strict=True))
    arrays, (gradients, *_) = ensemble()
    kept = [gradient.copy() for gradient in gradients]
    update = optimizer(arrays)
    update(gradients)
    update(gradients)
    assert all(np.array_equal(one, other) for one, other in zip(gradients, kept, strict=True))


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_updates_are_made_in_place_and_in_the_precision_of_the_arrays(name: str) -> None:
    array = np.ones((2, 3, 1), np.float32)
    view = array[:]
    OPTIMIZERS[name](np.array([0.1, 0.2]))([array])([np.ones((2, 3, 1), np.float32)])
    assert view.dtype == np.float32
    np.testing.assert_allclose(view[:, :, 0], np.repeat([[0.9], [0.8]], 3, axis=1), rtol=1e-6)
