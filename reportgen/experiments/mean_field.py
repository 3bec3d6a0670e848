"""What mean field theory predicts for every cell of the battery, in the units of the battery's tables.

The maps are applied to each input, since inputs have different norms, and then averaged over the batch. One cell is
one (activation, data set) with the initializers of the battery, or with one that was added to them; those with the
same ``fan_in Var(w)`` in every layer share one evaluation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from reportgen.battery.cell import Streams
from reportgen.battery.columns import by_layer, concatenate, merge, with_constants
from reportgen.battery.experiment import Column, Columns, Experiment, Factors, Measured, Plan, Tables
from reportgen.experiments.averages import averages, if_averaged
from reportgen.experiments.columns import ACTIVATION, DATA, LAYER, WIDTH
from reportgen.nn import datasets
from reportgen.nn.initializers import initializers
from reportgen.theory.batch_scatter import BatchScatter
from reportgen.theory.finite_width import Scatter
from reportgen.theory.maps import backward_moments, forward_moments
from reportgen.theory.nonlinearity import Nonlinearity

__all__ = ["EXPERIMENT", "Predict"]

Floats = NDArray[np.float64]

_FACTORS = (
    Column("initializer", "", "registry name of the initializer; only those that have a mean field limit"),
    ACTIVATION,
    DATA,
    WIDTH,
    Column("replicate", "", "number of the batch of inputs, from 0: the theory knows the norms of its inputs"),
)
_SCATTER = "predicted variance, over networks of this width, of the logarithm of the batch's mean"
_DRIFT = "predicted mean, over networks of this width, of the logarithm of measured over predicted"
_MULTIPLIED = Column(
    "multiplied", "", "by how much the maps up to here enlarge a deviation of some layer's q; 1: not at all"
)

_COSINES = 8
"""Cosines between inputs that stand for all of a batch: the middles of as many equal shares of them."""

FORWARD = (
    *_FACTORS,
    LAYER,
    Column("pre_activation_second_moment", "input std²", "predicted mean of z² over inputs and units"),
    Column("pre_activation_log_variance", "", _SCATTER),
    Column("pre_activation_log_drift", "", _DRIFT),
    Column("activation_second_moment", "activation²", "predicted mean of h² over inputs and units"),
    Column("activation_log_variance", "", _SCATTER),
    Column("activation_log_drift", "", _DRIFT),
    _MULTIPLIED,
)
GRADIENTS = (
    *_FACTORS,
    Column("depth", "layers", "number of hidden layers of the network"),
    LAYER,
    Column("delta_rms", "cotangent std", "predicted root mean square of delta = dLoss/dz over inputs and units"),
    Column("delta_log_variance", "", _SCATTER),
    Column("delta_log_drift", "", _DRIFT),
    _MULTIPLIED,
)


@dataclass(frozen=True, slots=True)
class Predict:
    """Predict signals and gradients for one activation and data set, from every initializer that has a limit.

    Attributes
    ----------
    activation
        Canonical registry name.
    initializers
        Canonical registry names of those that have a mean field limit.
    data
        Factors of the data set, at least ``data``.
    depths
        Numbers of hidden layers; gradients are predicted for each.
    width
        Units per hidden layer.
    replicates, batch
        Batches of inputs, those that the battery uses; inputs in each.
    """

    activation: str
    initializers: tuple[str, ...]
    data: Factors
    depths: tuple[int, ...]
    width: int
    replicates: int
    batch: int

    tables: ClassVar[Tables] = {"forward_theory": FORWARD, "gradient_theory": GRADIENTS}

    def measure(self, streams: Streams) -> Measured:
        """Return the predictions, or nothing where the activation has no averages."""
        return if_averaged(lambda: self._predict(averages(self.activation), streams))

    def _predict(self, phi: Nonlinearity, streams: Streams) -> Measured:
        inputs = self._inputs(streams)
        q0, cosines = np.square(inputs).mean(axis=-1), _cosines(inputs)
        scales = self._by_scale(inputs.shape[-1])
        sigma_w2 = np.array([[first, *[rest] * (max(self.depths) - 1)] for first, rest in scales]).T
        q, h2 = forward_moments(phi, sigma_w2[..., None, None], 0.0, q0, len(sigma_w2))
        slopes = phi.slope(q)
        parts: list[Measured] = []
        for at, ((_, rest), names) in enumerate(scales.items()):
            large, usual = _of_the_mean(q[:, at]), np.median(q[:, at], axis=(1, 2))
            scatter = BatchScatter.along(phi, large, cosines, self.width, self.batch)
            multiplied = np.maximum(scatter.scatter.multiplied(), Scatter.along(phi, usual).multiplied())
            predicted = {
                "forward_theory": self._forward(q[:, at], h2[:, at], scatter, multiplied),
                "gradient_theory": self._gradients(slopes[:, at], rest, scatter, multiplied),
            }
            parts += [
                {table: with_constants(columns, initializer=name) for table, columns in predicted.items()}
                for name in names
            ]
        return merge(parts)

    def _inputs(self, streams: Streams) -> Floats:
        """Return the battery's inputs, shape (replicates, batch, features)."""
        batches = (datasets.load(self.data, streams.data(r), self.batch, self.width) for r in range(self.replicates))
        return np.array([examples.inputs for examples in batches], np.float64)

    def _by_scale(self, features: int) -> dict[tuple[float, float], list[str]]:
        """Group the initializers by fan_in Var(w) of the first layer and of all others.

        The others are square, so that fan_out Var(w), by which gradients change, is the same number.
        """
        groups: dict[tuple[float, float], list[str]] = {}
        for name in self.initializers:
            variance = initializers.get(name).variance
            first, rest = (
                round(fan_in * (variance(fan_in, self.width) or 0.0), 12) for fan_in in (features, self.width)
            )
            groups.setdefault((first, rest), []).append(name)
        return groups

    def _forward(self, q: Floats, h2: Floats, scatter: BatchScatter, multiplied: Floats) -> Columns:
        """Average over the batch, shape (layers, replicates, batch)."""
        below, above = scatter.of_pre_activation(), scatter.of_activation()
        return by_layer(
            {
                "pre_activation_second_moment": q.mean(axis=-1),
                "pre_activation_log_variance": self._for_each(below.variance),
                "pre_activation_log_drift": self._for_each(below.drift),
                "activation_second_moment": h2.mean(axis=-1),
                "activation_log_variance": self._for_each(above.variance),
                "activation_log_drift": self._for_each(above.drift),
                "multiplied": self._for_each(multiplied),
            }
        )

    def _gradients(self, slopes: Floats, sigma_w2: float, scatter: BatchScatter, multiplied: Floats) -> Columns:
        """Follow delta down from the last layer, in a network of each depth."""

        def of_depth(depth: int) -> Columns:
            departure = scatter.of_delta_rms(depth)
            predicted = {
                "delta_rms": np.sqrt(backward_moments(slopes[:depth], sigma_w2).mean(axis=-1)),
                "delta_log_variance": self._for_each(departure.variance),
                "delta_log_drift": self._for_each(departure.drift),
                "multiplied": self._for_each(np.full(depth, multiplied[depth - 1])),  # slopes are those of all layers
            }
            return with_constants(by_layer(predicted), depth=depth)

        return concatenate(map(of_depth, sorted(self.depths)))

    def _for_each(self, per_layer: Floats) -> Floats:
        """Repeat for every replicate."""
        return np.repeat(per_layer[:, None], self.replicates, axis=1)


def _cosines(inputs: Floats) -> Floats:
    """Return a few cosines that stand for those of all pairs of different inputs in a batch."""
    length = np.linalg.norm(inputs, axis=-1, keepdims=True)
    unit = inputs / np.where(length > 0, length, 1.0)
    pairs = np.triu_indices(inputs.shape[1], k=1)
    cosines = (unit @ np.swapaxes(unit, 1, 2))[:, *pairs]
    if not cosines.size:
        return np.zeros(1)
    return np.asarray(np.quantile(cosines, (np.arange(_COSINES) + 0.5) / _COSINES))


def _of_the_mean(q: Floats) -> Floats:
    """Return the q of the inputs that the mean over the batch is made of: where lengths differ, the large ones."""
    each = q.reshape(len(q), -1)
    largest = each.max(axis=1)
    with np.errstate(all="ignore"):
        share = each / largest[:, None]
        typical = largest * np.square(share).sum(axis=1) / share.sum(axis=1)
    return np.asarray(np.where(np.isfinite(typical), typical, largest))


def _work(plan: Plan) -> Iterator[Predict]:
    for data, activation, names in product(plan.data_factors, plan.activations, plan.initializer_groups):
        if limited := tuple(name for name in names if initializers.get(name).limit != "none"):
            yield Predict(activation, limited, data, plan.depths, plan.width, plan.replicates, plan.batch)


EXPERIMENT = Experiment(
    name="mean_field",
    summary="What mean field theory predicts for every activation, initializer, depth and data set of the battery",
    parts=(Predict,),
    work=_work,
)
