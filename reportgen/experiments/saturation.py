"""Random weights at the wrong scale: what ten layers do to a signal, to the slopes and to a gradient.

Widths and depth do not depend on the preset. Ten layers of 500 tanh units with standard deviations 0.01, 1 and
1/sqrt(fan_in) are the setting that many lectures show; the other networks have width 256.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from reportgen.battery.cell import Streams
from reportgen.battery.columns import by_index, by_layer, concatenate, of_rows, with_constants
from reportgen.battery.experiment import Column, Columns, Experiment, Measured, Plan, Tables
from reportgen.experiments.columns import (
    ACTIVATION,
    DELTA_RMS,
    INITIALIZER,
    LAYER,
    MEAN_SQUARED_SLOPE,
    NEGLIGIBLE_FRACTION,
    REPLICATE,
    SATURATED_FRACTION,
    SQUARE_WIDTH,
    WEIGHT_FACTOR,
    WEIGHT_GRADIENT_NORM,
)
from reportgen.nn import datasets
from reportgen.nn.activations import Activation, activations
from reportgen.nn.ensemble import Array, Ensemble, Parameters, draw_parameters
from reportgen.nn.initializers import initializers
from reportgen.nn.mlp import Gradients, Tape, backward, forward
from reportgen.nn.statistics import frobenius, gradient_statistics, rms, saturated

__all__ = ["EXPERIMENT", "Scales", "rounded"]

_FACTORS = (
    INITIALIZER,
    ACTIVATION,
    SQUARE_WIDTH,
    Column("dtype", "", "floating-point type of the network"),
)

SCALES = (
    *_FACTORS,
    REPLICATE,
    LAYER,
    Column("activation_rms", "activation", "root mean square of h over inputs and units"),
    Column("activation_mean", "activation", "mean of h over inputs and units"),
    SATURATED_FRACTION,
    Column(
        "rounded_fraction",
        "share",
        "share of activations that are +1 or -1, computed in float64 and rounded",
    ),
    MEAN_SQUARED_SLOPE,
    WEIGHT_FACTOR,
    DELTA_RMS,
    NEGLIGIBLE_FRACTION,
    WEIGHT_GRADIENT_NORM,
)
HISTOGRAM = (
    *_FACTORS,
    LAYER,
    Column("quantity", "", "activation, or log10_delta = log10 |dLoss/dz|"),
    Column("bin_left", "quantity", "left edge of the bin"),
    Column("bin_right", "quantity", "right edge; the first and the last bin also hold what lies beyond them"),
    Column("fraction", "share", "share of the (replicate, input, unit) triples in this bin"),
)
UNIT_SATURATION = (
    *_FACTORS,
    REPLICATE,
    LAYER,
    Column("unit", "", "number of the unit in its layer, from 0"),
    Column("saturated_fraction", "share", "share of inputs for which the unit's slope is below 5 % of the greatest"),
)

# Odd numbers of bins, so that one is centered on 0.
_ACTIVATION_EDGES = np.linspace(-1, 1, 34)
_LOG_DELTA_EDGES = np.linspace(-12.125, 6.125, 74)


@dataclass(frozen=True, slots=True)
class Scales:
    """Send inputs forward and gradients back through networks of one scale of the weights.

    Attributes
    ----------
    initializer, activation
        Canonical registry names.
    width, depth
        Units per hidden layer, and number of inputs; number of hidden layers.
    dtype
        Floating-point type in which the networks run.
    replicates, batch
        Independent networks, at most; inputs of each.
    """

    initializer: str
    activation: str
    width: int
    dtype: str = "float32"
    depth: int = 10
    replicates: int = 4
    batch: int = 200

    tables: ClassVar[Tables] = {"scales": SCALES, "histogram": HISTOGRAM, "unit_saturation": UNIT_SATURATION}

    def measure(self, streams: Streams) -> Measured:
        """Measure every layer, and how its units and its values are distributed."""
        inputs, cotangent = self._inputs(streams)
        ensemble = Ensemble(self._parameters(streams), activations.get(self.activation))
        tape = forward(ensemble, inputs)
        gradients = backward(ensemble, tape, cotangent)
        return {
            "scales": _scales(ensemble, tape, gradients),
            "histogram": _histograms(tape, gradients),
            "unit_saturation": _unit_saturation(tape, ensemble.activation),
        }

    def _parameters(self, streams: Streams) -> Parameters:
        initializer, widths = initializers.get(self.initializer), [self.width] * (self.depth + 1)
        return draw_parameters(initializer, widths, streams.weights, self.replicates, dtype=np.dtype(self.dtype))

    def _inputs(self, streams: Streams) -> tuple[Array, Array]:
        """Draw inputs, and a cotangent of unit variance for the activations of the last layer."""
        shape = self.batch, self.width
        inputs = [datasets.load({"data": "gaussian"}, streams.data(r), *shape).inputs for r in range(self.replicates)]
        cotangent = [streams.cotangents(r).standard_normal(shape) for r in range(self.replicates)]
        return np.stack(inputs).astype(self.dtype), np.stack(cotangent).astype(self.dtype)


def _scales(ensemble: Ensemble, tape: Tape, gradients: Gradients) -> Columns:
    weights, activation = ensemble.parameters.weights, ensemble.activation
    layers = zip(weights, tape.activations, tape.slopes, gradients.deltas, gradients.weights, strict=True)
    rows = (_layer(W, h, slope, delta, gradient, activation) for W, h, slope, delta, gradient in layers)
    share = [rounded(z, activation) for z in tape.pre_activations]
    return by_layer({**of_rows(rows), "rounded_fraction": np.array(share)})


def _layer(W: Array, h: Array, slope: Array, delta: Array, gradient: Array, activation: Activation) -> dict[str, Any]:
    """Measure one layer; every value has shape (members,)."""
    return {
        "activation_rms": rms(h),
        "activation_mean": h.mean(axis=(1, 2), dtype=np.float64),
        **gradient_statistics(W, slope, delta, activation),
        "weight_gradient_norm": frobenius(gradient) / h.shape[1],
    }


def rounded(z: Array, activation: Activation) -> NDArray[np.float64]:
    """Return the share of activations that round to +1 or -1 in the type of z, shape (members,).

    Parameters
    ----------
    z
        Pre-activations, shape (members, batch, units).
    activation
        What follows them; computed in float64 and rounded once.

    Notes
    -----
    A library's own tanh in float32 may be a last digit off: numpy's gets to one at |z| = 10.0, where 9.01 is right.
    """
    h = activation.phi(z.astype(np.float64)).astype(z.dtype)
    return np.asarray((np.abs(h) == 1).mean(axis=(1, 2)))


def _histograms(tape: Tape, gradients: Gradients) -> Columns:
    """Lay out the histograms of all layers, activations first."""
    log_deltas = (np.log10(np.maximum(np.abs(delta), 10 ** _LOG_DELTA_EDGES[0])) for delta in gradients.deltas)
    return concatenate(
        [
            *(_histogram("activation", layer, h, _ACTIVATION_EDGES) for layer, h in enumerate(tape.activations, 1)),
            *(_histogram("log10_delta", layer, values, _LOG_DELTA_EDGES) for layer, values in enumerate(log_deltas, 1)),
        ]
    )


def _histogram(quantity: str, layer: int, values: Array, edges: NDArray[np.float64]) -> Columns:
    ends = edges[0], edges[-1]
    counts, _ = np.histogram(np.clip(values, *ends), bins=len(edges) - 1, range=ends)
    columns: Columns = {"bin_left": edges[:-1], "bin_right": edges[1:], "fraction": counts / values.size}
    return with_constants(columns, layer=layer, quantity=quantity)


def _unit_saturation(tape: Tape, activation: Activation) -> Columns:
    """Measure every unit of the first replicate."""
    fraction = np.stack([saturated(slope[:1], activation).mean(axis=1) for slope in tape.slopes], axis=1)
    return by_index({"saturated_fraction": fraction}, replicate=0, layer=1, unit=0)


_SMALL, _LARGE = "random_normal(stddev=0.01)", "random_normal(stddev=1)"
_NETWORKS = (
    Scales(_SMALL, "tanh", 500),
    Scales(_LARGE, "tanh", 500),
    Scales("variance_scaling(distribution=untruncated_normal)", "tanh", 500),
    Scales(_SMALL, "tanh", 256),
    Scales(_LARGE, "tanh", 256),
    Scales(_LARGE, "tanh", 256, "float64"),
    Scales("glorot_normal", "tanh", 256),
    Scales(_LARGE, "sigmoid", 256),
    Scales("glorot_normal", "sigmoid", 256),
    Scales("he_normal", "relu", 256),
)


def _work(plan: Plan) -> list[Scales]:
    return [replace(network, replicates=min(plan.replicates, network.replicates)) for network in _NETWORKS]


EXPERIMENT = Experiment(
    name="saturation",
    summary="Signal, slopes and gradients of ten layers whose weights are too small, too large or right",
    parts=(Scales,),
    work=_work,
)
