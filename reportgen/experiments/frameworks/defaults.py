"""What the layers of the frameworks start with if nothing is said: their rules, drawn from our registry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from reportgen.battery.cell import Streams
from reportgen.battery.columns import of_rows
from reportgen.battery.experiment import Column, Measured, Tables
from reportgen.experiments.columns import SIGMA_W2
from reportgen.experiments.frameworks.names import measured
from reportgen.nn.initializers import initializers

__all__ = ["CHANNELS", "DEFAULTS", "KERNEL", "UNITS", "WORDS", "Default", "Defaults"]

UNITS, CHANNELS, KERNEL, WORDS = 512, 64, 3, 1000
"""Inputs and units of dense and LSTM layers and features of embeddings; channels and side of the kernel of
convolutions; words of embeddings."""

_AREA = KERNEL * KERNEL * CHANNELS
_GATES = 4


class Default(NamedTuple):
    """What a layer starts with.

    Attributes
    ----------
    framework, layer, kind
        Whose, its name there, and what it is.
    rule
        How the framework's own code draws its weights.
    initializer
        The same in our registry, for the sizes here.
    inputs, units
        Shape of the weights that are drawn.
    reads
        How many weights one weighted sum adds up; of an embedding it is one, the row of a word.
    biases
        How they start.
    """

    framework: str
    layer: str
    kind: str
    rule: str
    initializer: str
    inputs: int
    units: int
    reads: int
    biases: str


def _bounds(width: int) -> str:
    return f"random_uniform(minval={-(width**-0.5):.12g}, maxval={width**-0.5:.12g})"


def _normal(stddev: float) -> str:
    return f"random_normal(stddev={stddev:.12g})"


def _cut(stddev: float) -> str:
    return f"truncated_normal(stddev={stddev:.12g})"


_DENSE, _CONVOLUTION, _INPUTS, _STATE, _EMBEDDING = "dense", "convolution", "LSTM, inputs", "LSTM, state", "embedding"
_SQUARE = (UNITS, UNITS, UNITS)
_KERNEL = (_AREA, _AREA, _AREA)
_ALL_GATES = (UNITS, _GATES * UNITS, UNITS)
_BOTH = (2 * UNITS, _GATES * UNITS, 2 * UNITS)
_ROWS = (WORDS, UNITS, 1)
_ROOT_FIVE, _HIDDEN = "kaiming_uniform_(a=√5)", "uniform, ±1/√units"
_LIKE, _ONE = "like the weights", "zeros, 1 in the forget gate"
_CUT = "cut normal, 1/√fan_in"

DEFAULTS = (
    Default("PyTorch", "nn.Linear", _DENSE, _ROOT_FIVE, "torch_default", *_SQUARE, _LIKE),
    Default("PyTorch", "nn.Conv2d", _CONVOLUTION, _ROOT_FIVE, "torch_default", *_KERNEL, _LIKE),
    Default("PyTorch", "nn.LSTM", _INPUTS, _HIDDEN, _bounds(UNITS), *_ALL_GATES, _LIKE),
    Default("PyTorch", "nn.LSTM", _STATE, _HIDDEN, _bounds(UNITS), *_ALL_GATES, _LIKE),
    Default("PyTorch", "nn.Embedding", _EMBEDDING, "normal_()", _normal(1.0), *_ROWS, "none"),
    Default("Keras", "Dense", _DENSE, "glorot_uniform", "glorot_uniform", *_SQUARE, "zeros"),
    Default("Keras", "Conv2D", _CONVOLUTION, "glorot_uniform", "glorot_uniform", *_KERNEL, "zeros"),
    Default("Keras", "LSTM", _INPUTS, "glorot_uniform", "glorot_uniform", *_ALL_GATES, _ONE),
    Default("Keras", "LSTM", _STATE, "orthogonal", "orthogonal", *_ALL_GATES, _ONE),
    Default("Keras", "Embedding", _EMBEDDING, "uniform", "random_uniform", *_ROWS, "none"),
    Default("Flax", "nn.Dense", _DENSE, "lecun_normal", "lecun_normal", *_SQUARE, "zeros"),
    Default("Flax", "nn.Conv", _CONVOLUTION, "lecun_normal", "lecun_normal", *_KERNEL, "zeros"),
    Default("Flax", "nn.LSTMCell", _INPUTS, "lecun_normal", "lecun_normal", *_SQUARE, "zeros"),
    Default("Flax", "nn.LSTMCell", _STATE, "orthogonal", "orthogonal", *_SQUARE, "zeros"),
    Default("Flax", "nn.Embed", _EMBEDDING, "normal, 1/√features", _normal(UNITS**-0.5), *_ROWS, "none"),
    Default("Haiku", "hk.Linear", _DENSE, _CUT, _cut(UNITS**-0.5), *_SQUARE, "zeros"),
    Default("Haiku", "hk.Conv2D", _CONVOLUTION, _CUT, _cut(_AREA**-0.5), *_KERNEL, "zeros"),
    Default("Haiku", "hk.LSTM", _INPUTS, _CUT, _cut((2 * UNITS) ** -0.5), *_BOTH, _ONE),
    Default("Haiku", "hk.LSTM", _STATE, _CUT, _cut((2 * UNITS) ** -0.5), *_BOTH, _ONE),
    Default("Haiku", "hk.Embed", _EMBEDDING, "cut normal, 1", _cut(1.0), *_ROWS, "none"),
)
"""As found in PyTorch 2.13, Keras 3.15, Flax 0.12 and Haiku 0.0.17, layer by layer; the tests build the layers."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """Draw the weights of every layer that the frameworks were asked for."""

    tables: ClassVar[Tables] = {
        "framework_defaults": (
            Column("framework", "", "PyTorch, Keras, Flax or Haiku (both on JAX)"),
            Column("layer", "", "its name there"),
            Column("kind", "", "dense, convolution, LSTM (weights of its inputs or of its state) or embedding"),
            Column("rule", "", "what its code draws the weights from"),
            Column("initializer", "", "the same as a registry name, for the sizes here"),
            Column("biases", "", "how they start"),
            Column("reads", "", "number of weights that a weighted sum adds up; 1 for a row of an embedding"),
            SIGMA_W2,
            Column("measured", "", "`reads` times the variance of all weights drawn"),
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Draw one set of weights per layer."""
        return {"framework_defaults": of_rows(_row(default, streams) for default in DEFAULTS)}


def _row(default: Default, streams: Streams) -> dict[str, Any]:
    item = initializers.get(default.initializer)
    weights = item.draw(streams.weights(0, 1), default.inputs, default.units)
    variance = item.variance(default.inputs, default.units)
    told = default._asdict()
    del told["inputs"], told["units"]
    return {
        **told,
        "initializer": item.name,
        "sigma_w2": default.reads * (variance or 0.0),
        "measured": measured(weights, default.reads)["measured"],
    }
