"""Optimizers: how the gradients of an ensemble move its parameters.

An optimizer is started on the arrays of one run and returns the function that makes its updates, in place. A learning
rate may differ from member to member.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import sqrt

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

    Notes
    -----
    A pass through the parameters takes longer than what is computed in it, and this form needs the fewest: factors that
    all entries share are taken out of the root, as the paper does at the end of its section 2.
    """
    # The running squares are kept this many times as large as they are: their share of a square need not be taken.
    larger = (1 - beta1) ** 2 / (1 - beta2)

    def start(arrays: Sequence[Array]) -> Update:
        rates = [_per_member(learning_rate, array) for array in arrays]
        means, squares = ([np.zeros_like(array) for array in arrays] for _ in range(2))
        made = 0

        def update(gradients: Sequence[Array]) -> None:
            nonlocal made
            made += 1
            root = sqrt(larger * (1 - beta2**made))
            for array, rate, mean, square, gradient in zip(arrays, rates, means, squares, gradients, strict=True):
                space = (1 - beta1) * gradient
                mean *= beta1
                mean += space
                space *= space
                square *= beta2
                square += space
                np.sqrt(square, out=space)
                space += epsilon * root
                np.divide(mean, space, out=space)
                space *= rate * (root / (1 - beta1**made))
                array -= space

        return update

    return start


def _per_member(learning_rate: ArrayLike, array: Array) -> Array:
    """Shape a learning rate so that it multiplies (members, rows, columns), in the dtype of the array."""
    return np.asarray(learning_rate, array.dtype).reshape(-1, 1, 1)


def _gather(velocities: list[Array], gradients: Sequence[Array], momentum: float) -> list[Array]:
    for velocity, gradient in zip(velocities, gradients, strict=True):
        velocity *= momentum
        velocity += gradient
    return velocities
