"""The updates of plain multilayer perceptrons, in arrays that are there before the first of them.

A small network trains at the speed of the memory that it moves through. Here nothing is allocated on the way; biases
are the last row of their weights, so that one product adds them and another one sums their gradients; a layer's
parameters move while its gradients are still in the processor's cache. The numbers are those of `forward`, `backward`
and one update of all arrays: every product adds up in the same order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from itertools import groupby
from math import prod

import numpy as np
from numpy.typing import DTypeLike

from reportgen.nn.activation import Activation
from reportgen.nn.ensemble import PLAIN, Array, Ensemble, Parameters
from reportgen.nn.examples import Examples, Rows
from reportgen.nn.loss import softmax_cross_entropy
from reportgen.nn.optimizers import Optimizer

__all__ = ["PlainSteps"]

_AT_ONCE = 2**15
"""Parameters that move at once: these, their gradients and what Adam keeps of them take half a megabyte of cache."""

Spaces = Callable[..., Array]
"""(name, members, rows, columns) -> the array of this name and shape, the same one for all who ask for it."""


class PlainSteps:
    """Makes updates of networks without normalization, shortcuts and dropout, on batches of one size.

    Parameters
    ----------
    ensemble
        One that `fits`. Its parameters move to new arrays, which every update changes in place.
    examples
        To learn from, with labels; the inputs have the type of the parameters.
    optimizer
        Turns gradients into updates.
    batch
        Number of examples per update.
    """

    def __init__(self, ensemble: Ensemble, examples: Examples, optimizer: Optimizer, batch: int) -> None:
        spaces: Spaces = cache(partial(_zeros, ensemble.parameters.dtype))
        self._activation = ensemble.activation
        self._inputs, self._labels = _with_ones(examples.inputs), examples.labels
        self._layers = list(_layers(ensemble.parameters, optimizer, spaces))
        self._hidden = [_Hidden(layer.block, batch, index, spaces) for index, layer in enumerate(self._layers[:-1])]
        members, _, classes = self._layers[-1].block.shape
        # Class after class in memory, as the loss wants them.
        self._logits = spaces("logits", classes, members, batch).transpose(1, 2, 0)

    @staticmethod
    def fits(ensemble: Ensemble) -> bool:
        """Return whether an ensemble can be updated so.

        Its activation leaves a lost z lost. Then the loss is lost too, and slopes need not be searched for such z.
        """
        lost = np.full(2, np.nan, ensemble.parameters.dtype)
        is_plain = ensemble.architecture == PLAIN and ensemble.parameters.biases is not None
        return is_plain and bool(np.isnan(ensemble.activation.phi(lost)).all())

    def __call__(self, rows: Rows) -> Array:
        """Make one update, and return what the loss was before it in nats, shape (members,).

        Parameters
        ----------
        rows
            Which examples it sees.
        """
        inputs, labels = self._inputs[:, rows], self._labels[rows]
        below = inputs
        for layer, hidden in zip(self._layers, self._hidden, strict=False):
            np.matmul(below, layer.block, out=hidden.sums)
            below = hidden.activate(self._activation)
        np.matmul(below, self._layers[-1].block, out=self._logits)
        loss, delta = softmax_cross_entropy(self._logits, labels)
        for layer, hidden in zip(self._layers[:0:-1], self._hidden[::-1], strict=True):
            np.matmul(hidden.transposed, delta, out=layer.gradient)
            delta = hidden.delta_below(delta, layer.transposed)
            layer.move()
        np.matmul(inputs.swapaxes(1, 2), delta, out=self._layers[0].gradient)
        self._layers[0].move()
        return loss


class _Layer:
    """The parameters of a layer, shape (members, fan_in + 1, fan_out), their gradient, and how they move."""

    def __init__(self, block: Array, gradient: Array, move: Callable[[], None]) -> None:
        self.block, self.transposed = block, block[:, :-1].swapaxes(1, 2)
        self.gradient, self.move = gradient, move


class _Hidden:
    """The arrays of a hidden layer on one batch, shape (members, batch, units + 1).

    In the activations the last column holds ones, which meet the biases of the layer above. In the others it is there
    so that everything goes through them in one sweep; what stands in it does not matter.
    """

    def __init__(self, block: Array, batch: int, index: int, spaces: Spaces) -> None:
        members, _, units = block.shape
        shape = members, batch, units + 1
        self._h, self._slope = (spaces(f"{name} of layer {index}", *shape) for name in ("h", "slope"))
        # z is needed until h is there, a delta until the one below it is.
        self._z, self._delta = spaces("z", *shape), spaces(f"delta {index % 2}", *shape)
        self.sums, self.transposed = self._z[..., :-1], self._h.swapaxes(1, 2)
        self._ones, self._delta_of_units = self._h[..., -1], self._delta[..., :-1]

    def activate(self, activation: Activation) -> Array:
        """Return the activations of the sums, with their column of ones."""
        h, slope = activation.with_slope(self._z, (self._h, self._slope))
        if h is not self._h:
            self._h[...], self._slope[...] = h, slope
        self._ones.fill(1)
        return self._h

    def delta_below(self, delta: Array, transposed: Array) -> Array:
        """Return this layer's delta, given the one of the layer above and its weights, transposed."""
        np.matmul(delta, transposed, out=self._delta_of_units)
        self._delta *= self._slope
        return self._delta_of_units


def _layers(parameters: Parameters, optimizer: Optimizer, spaces: Spaces) -> Iterator[_Layer]:
    """Put weights and biases into new arrays, of which the parameters become views, and yield layer by layer.

    Layers of one shape move together, as many as go into the cache: the lowest of them, which comes last on the way
    back, moves them all.
    """
    assert parameters.biases is not None
    blocks = [np.concatenate(pair, axis=1) for pair in zip(parameters.weights, parameters.biases, strict=True)]
    parameters.weights.clear()
    parameters.biases.clear()
    for some in _together(blocks):
        stack = np.stack(some)
        gradients = spaces("gradient", *stack.shape)
        move = partial(optimizer([stack]), [gradients])
        for index, block in enumerate(stack):
            parameters.weights.append(block[:, :-1])
            parameters.biases.append(block[:, -1:])
            yield _Layer(block, gradients[index], _stay if index else move)


def _together(blocks: Sequence[Array]) -> Iterator[list[Array]]:
    """Yield runs of blocks of one shape that are not too large together."""
    for shape, same in groupby(blocks, key=lambda block: block.shape):
        run, size = list(same), max(1, _AT_ONCE // prod(shape))
        yield from (run[start : start + size] for start in range(0, len(run), size))


def _stay() -> None:
    """Leave it to a layer below."""


def _with_ones(inputs: Array) -> Array:
    """Return inputs of shape (1, examples, features + 1), whose last column holds ones."""
    return np.concatenate([inputs, np.ones((len(inputs), 1), inputs.dtype)], axis=1)[None]


def _zeros(dtype: DTypeLike, _: str, *shape: int) -> Array:
    zeros: Array = np.zeros(shape, dtype)
    return zeros
