"""Deep networks at initialization, one at a time, in every form: signals, gradients, and what LSUV did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from reportgen.battery.cell import Streams
from reportgen.battery.columns import by_layer, merge, with_constants
from reportgen.battery.experiment import Column, Columns, Measured, Tables
from reportgen.experiments.columns import (
    ACTIVATION,
    DELTA_RMS,
    FINITE_DELTAS,
    INITIALIZER,
    LAYER,
    PRE_ACTIVATION_VARIANCE,
    REPLICATE,
    SQUARE_WIDTH,
    WEIGHT_GRADIENT_NORM,
)
from reportgen.experiments.rescue.forms import FORM, FORMS
from reportgen.nn.activations import activations
from reportgen.nn.ensemble import Ensemble, draw_parameters
from reportgen.nn.initializers import initializers
from reportgen.nn.mlp import Gradients, Tape, backward, forward
from reportgen.nn.statistics import finite_fraction, frobenius, moments, rms

__all__ = ["Layers"]

_LAYER = (ACTIVATION, INITIALIZER, SQUARE_WIDTH, REPLICATE, LAYER)


@dataclass(frozen=True, slots=True)
class Layers:
    """Send inputs forward and gradients back through deep networks from one start in several forms.

    Attributes
    ----------
    activation, initializer
        Canonical registry names.
    forms
        Names in `FORMS`; each replicate is drawn once for all of them.
    width, depth
        Units per hidden layer, and number of inputs; number of hidden layers.
    replicates, batch
        Independent networks; inputs per network.
    """

    activation: str
    initializer: str
    forms: tuple[str, ...]
    width: int
    replicates: int
    depth: int = 50
    batch: int = 128

    tables: ClassVar[Tables] = {
        "rescue_layers": (
            FORM,
            *_LAYER,
            Column("batch", "inputs", "inputs that go through the network together"),
            Column(
                "pre_activation_second_moment",
                "input std²",
                "mean of z² before any normalization; with branches their sum",
            ),
            PRE_ACTIVATION_VARIANCE,
            DELTA_RMS,
            WEIGHT_GRADIENT_NORM,
            FINITE_DELTAS,
        ),
        "rescue_calibration": (
            *_LAYER,
            Column("rescalings", "", "how often LSUV rescaled the layer"),
            Column("fresh_variance", "input std²", "variance of z over units and inputs that LSUV has not seen"),
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Send the inputs of each replicate through its network in every form."""
        with np.errstate(all="ignore"):
            return merge(one for replicate in range(self.replicates) for one in self._network(replicate, streams))

    def _network(self, replicate: int, streams: Streams) -> Iterator[Measured]:
        """Measure one network; LSUV has looked at another batch than the one that is sent through."""
        seen, fresh = streams.data(replicate).standard_normal((2, 1, self.batch, self.width)).astype(np.float32)
        cotangent = streams.cotangents(replicate).standard_normal((1, self.batch, self.width)).astype(np.float32)
        drawn = self._draw(replicate, streams)
        for form in self.forms:
            ensemble, rescalings = FORMS[form].start(drawn, self.depth, seen)
            tape = forward(ensemble, fresh)
            layers = _layers(tape, backward(ensemble, tape, cotangent), replicate)
            yield {"rescue_layers": with_constants(layers, form=form)}
            if FORMS[form].calibrated:
                yield {"rescue_calibration": _calibration(tape, rescalings, replicate)}

    def _draw(self, replicate: int, streams: Streams) -> Ensemble:
        parameters = draw_parameters(
            initializers.get(self.initializer),
            [self.width] * (self.depth + 1),
            lambda _, layer: streams.weights(replicate, layer),
            1,
        )
        return Ensemble(parameters, activations.get(self.activation))


def _layers(tape: Tape, gradients: Gradients, replicate: int) -> Columns:
    batch = tape.output.shape[1]
    _, second_moments, variances = zip(*map(moments, tape.pre_activations), strict=True)
    measured = {
        "pre_activation_second_moment": second_moments,
        "pre_activation_variance": variances,
        "delta_rms": [rms(delta) for delta in gradients.deltas],
        "weight_gradient_norm": [frobenius(gradient) / batch for gradient in gradients.weights],
        "finite_fraction": [finite_fraction(delta) for delta in gradients.deltas],
    }
    return by_layer(measured, replicate=replicate)


def _calibration(tape: Tape, rescalings: NDArray[np.int64], replicate: int) -> Columns:
    variance = [z.var(dtype=np.float64) for z in tape.pre_activations]
    return by_layer({"rescalings": rescalings[0], "fresh_variance": variance}, replicate=replicate)
