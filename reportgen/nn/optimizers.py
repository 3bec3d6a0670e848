"""Optimizers: how the gradients of an ensemble move its parameters.

An optimizer is started on the arrays of one run and returns the function that makes its updates, in place. A learning
rate may differ from member to member.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from reportgen.nn.ensemble import Array

__all__ = ["Optimizer", "Update", "adam", "sgd"]

Update = Callable[[Sequence[Array]], None]
"""Moves the arrays that it was started on, given their gradients in the same order and shapes."""

Optimizer = Callable[[Sequence[Array]], Update]
"""Started on arrays of shape (members, ..., ...), gives the function that updates them."""


def sgd(learning_rate: ArrayLike, *, momentum: float = 0.0, weight_decay: float = 0.0) -> Optimizer:
    """Return stochastic gradient descent.

    Parameters
    ----------
    learning_rate
        A number, or one per member, shape (members,).
    momentum
        Share of the last step that is taken again: ``v <- momentum v + gradient``, ``W <- W - learning_rate v``
        (Polyak 1964; in this form PyTorch's).
    weight_decay
        Added to the gradient as this share of the parameters themselves, biases included, as PyTorch does.
    """

    def start(arrays: Sequence[Array]) -> Update:
        rates = [_per_member(learning_rate, array) for array in arrays]
        velocities = [np.zeros_like(array) for array in arrays] if momentum else None

        def update(gradients: Sequence[Array]) -> None:
            if weight_decay:
                pairs = zip(arrays, gradients, strict=True)
                gradients = [gradient + weight_decay * array for array, gradient in pairs]
            steps = gradients if velocities is None else _gather(velocities, gradients, momentum)
            for array, rate, step in zip(arrays, rates, steps, strict=True):
                array -= rate * step

        return update

    return start


def adam(learning_rate: ArrayLike, *, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8) -> Optimizer:
    """Return Adam (Kingma & Ba 2015, algorithm 1).

    Parameters
    ----------
    learning_rate
        A number, or one per member, shape (members,).
    beta1, beta2
        How slowly the running means of the gradients and of their squares forget.
    epsilon
        Added to the root of the mean square.
    """

    def start(arrays: Sequence[Array]) -> Update:
        rates = [_per_member(learning_rate, array) for array in arrays]
        means = [np.zeros_like(array) for array in arrays]
        squares = [np.zeros_like(array) for array in arrays]
        made = 0

        spaces = [np.empty_like(array) for array in arrays]

        def update(gradients: Sequence[Array]) -> None:
            nonlocal made
            made += 1
            parts = zip(arrays, rates, means, squares, spaces, gradients, strict=True)
            for array, rate, mean, square, space, gradient in parts:
                _approach(mean, gradient, 1 - beta1, space)
                _approach(square, np.square(gradient), 1 - beta2, space)
                np.multiply(square, 1 / (1 - beta2**made), out=space)
                np.sqrt(space, out=space)
                space += epsilon
                np.divide(mean, space, out=space)
                space *= rate / (1 - beta1**made)
                array -= space

        return update

    return start


def _approach(running: Array, value: Array, share: float, space: Array) -> None:
    """Move a running mean by a share of the way to a value, in place: new arrays would take most of the time."""
    np.subtract(value, running, out=space)
    space *= share
    running += space


def _per_member(learning_rate: ArrayLike, array: Array) -> Array:
    """Shape a learning rate so that it multiplies (members, rows, columns), in the dtype of the array."""
    return np.asarray(learning_rate, array.dtype).reshape(-1, 1, 1)


def _gather(velocities: list[Array], gradients: Sequence[Array], momentum: float) -> list[Array]:
    for velocity, gradient in zip(velocities, gradients, strict=True):
        velocity *= momentum
        velocity += gradient
    return velocities
