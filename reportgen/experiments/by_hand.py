"""A net so small that a reader can follow it with paper: two inputs, three tanh units, one output, one example.

It is trained with the squared loss ``(output - target)² / 2`` by plain gradient descent, in float64 and without any
chance. Every step is written out here, as a reader would do it, and uses nothing of the library's networks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from reportgen.battery.cell import Streams
from reportgen.battery.columns import concatenate, of_rows, with_constants
from reportgen.battery.experiment import Column, Experiment, Measured, Part, Plan, Tables
from reportgen.experiments.columns import STEP

__all__ = ["EXPERIMENT", "STARTS", "SmallNet"]

Array = NDArray[np.float64]

_START = Column("start", "", "what is special about the start")

NETS = (
    _START,
    STEP,
    Column("input_1", "", "first input of the one example"),
    Column("input_2", "", "second input"),
    Column("target", "", "what the output should be"),
    Column("learning_rate", "", "step size of gradient descent"),
    Column("bias", "", "what is added to z of every hidden unit; it is not trained"),
    Column("output", "", "weighted sum of the hidden units' outputs"),
    Column("error", "", "output minus target, which is the slope of the loss by the output"),
    Column("loss", "", "half the squared error"),
)
UNITS = (
    _START,
    STEP,
    Column("unit", "", "number of the hidden unit, from 1"),
    Column("weight_1", "weight", "weight from the first input to the unit"),
    Column("weight_2", "weight", "weight from the second input to the unit"),
    Column("output_weight", "weight", "weight from the unit to the output"),
    Column("z", "", "weighted sum of the inputs, and the bias"),
    Column("h", "", "output of the unit, tanh(z)"),
    Column("slope", "", "slope of tanh at z, 1 - h²"),
    Column("delta", "", "slope of the loss by z"),
    Column("gradient_1", "", "slope of the loss by weight_1"),
    Column("gradient_2", "", "slope of the loss by weight_2"),
    Column("output_gradient", "", "slope of the loss by output_weight"),
)


@dataclass(frozen=True, slots=True)
class SmallNet:
    """Make a few updates on one example, and write down every number.

    Attributes
    ----------
    start
        What is special about the start.
    first_weights
        Weights from the first input to each hidden unit.
    second_weights
        The same from the second input.
    output_weights
        Weights from each hidden unit to the output.
    bias
        Of every hidden unit; it stays as it is.
    inputs
        The two inputs of the example.
    target
        What the output should be.
    learning_rate
        Step size.
    updates
        Number of updates.
    """

    start: str
    first_weights: tuple[float, ...]
    second_weights: tuple[float, ...]
    output_weights: tuple[float, ...]
    bias: float = 0.0
    inputs: tuple[float, ...] = (2.0, -1.0)
    target: float = 1.0
    learning_rate: float = 0.5
    updates: int = 2

    tables: ClassVar[Tables] = {"by_hand_nets": NETS, "by_hand_units": UNITS}

    def measure(self, streams: Streams) -> Measured:
        """Write down the net before the first update and after each; nothing is random."""
        nets, units = zip(*self._states(), strict=True)
        example = {"input_1": self.inputs[0], "input_2": self.inputs[1]}
        rows = [{**net, **example, "step": step} for step, net in enumerate(nets)]
        numbered = (with_constants({"unit": np.arange(1, 4), **unit}, step=step) for step, unit in enumerate(units))
        return {"by_hand_nets": of_rows(rows), "by_hand_units": concatenate(numbered)}

    def _states(self) -> Iterator[tuple[dict[str, float], dict[str, Array]]]:
        """Yield what belongs to the net and what belongs to its units, before the first update and after each."""
        x1, x2 = self.inputs
        w1, w2, v = (np.array(weights) for weights in (self.first_weights, self.second_weights, self.output_weights))
        for _ in range(self.updates + 1):
            z = x1 * w1 + x2 * w2 + self.bias
            h = np.tanh(z)
            output = float((v * h).sum())
            error = output - self.target
            slope = 1 - h**2
            delta = error * v * slope
            gradients = {"gradient_1": delta * x1, "gradient_2": delta * x2, "output_gradient": error * h}
            weights = {"weight_1": w1, "weight_2": w2, "output_weight": v}
            net = {"output": output, "error": error, "loss": error**2 / 2}
            yield net, {**weights, "z": z, "h": h, "slope": slope, "delta": delta, **gradients}
            w1, w2, v = (
                weight - self.learning_rate * gradient
                for weight, gradient in zip(weights.values(), gradients.values(), strict=True)
            )


_EQUAL = (0.2,) * 3
_ZEROS = (0.0,) * 3

STARTS = (
    SmallNet("equal", _EQUAL, _EQUAL, _EQUAL),
    SmallNet("zeros", _ZEROS, _ZEROS, _ZEROS),
    SmallNet("zeros, equal biases", _ZEROS, _ZEROS, _ZEROS, bias=0.1),
    SmallNet("one differs", (0.2, 0.2, 0.3), _EQUAL, _EQUAL),
)
"""All weights equal; all zero; the same in the way of TensorFlow Playground, where a unit's bias starts at 0.1 and not
at zero (tensorflow/playground, src/nn.ts); and equal but for a single weight."""


def _work(plan: Plan) -> Iterator[Part]:
    yield from STARTS


EXPERIMENT = Experiment(
    name="by_hand",
    summary="A net of three hidden units, number by number, through its first updates",
    parts=(SmallNet,),
    work=_work,
)
