"""Lines of code that give other weights than one might think: what they declare, and what their draws have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from reportgen.battery.cell import Streams
from reportgen.battery.columns import of_rows
from reportgen.battery.experiment import Column, Measured, Tables
from reportgen.experiments.columns import SIGMA_W2
from reportgen.experiments.frameworks.names import measured
from reportgen.nn.initializers import initializers

__all__ = ["Traps"]

_WIDE, _NARROW = 512, 256
_HE = 'nn.init.kaiming_normal_(w, nonlinearity="relu")'

_CASES = (
    ("cut at values", "nn.init.trunc_normal_(w, std=1.0)", _WIDE, _WIDE, _WIDE),
    ("cut at values", "nn.init.trunc_normal_(w, std=0.02)", _WIDE, _WIDE, _WIDE),
    ("cut at standard deviations", "keras.initializers.TruncatedNormal(stddev=1.0)", _WIDE, _WIDE, _WIDE),
    ("cut at standard deviations", "keras.initializers.TruncatedNormal(stddev=0.02)", _WIDE, _WIDE, _WIDE),
    ("orthogonal, narrower", "nn.init.orthogonal_(w)", _WIDE, _NARROW, _WIDE),
    ("orthogonal, square", "nn.init.orthogonal_(w)", _WIDE, _WIDE, _WIDE),
    ("orthogonal, wider", "nn.init.orthogonal_(w)", _NARROW, _WIDE, _NARROW),
    ("as it should be", _HE, _WIDE, _NARROW, _WIDE),
    ("transposed", _HE, _NARROW, _WIDE, _WIDE),  # a layer from wide to narrow whose two sizes were mistaken
)
"""Which trap, the line, the fans that the line sees, and how many weights a weighted sum adds up."""


@dataclass(frozen=True, slots=True)
class Traps:
    """Draw one layer for every case."""

    tables: ClassVar[Tables] = {
        "framework_traps": (
            Column("trap", "", "which it is"),
            Column("line", "", "the line of code; w is a weight"),
            Column("inputs", "units", "the fan_in that the line takes for its own"),
            Column("outputs", "units", "the fan_out that the line takes for its own"),
            Column("reads", "", "number of weights that a weighted sum adds up"),
            SIGMA_W2,
            Column("measured", "", "`reads` times the variance of all weights drawn"),
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Draw all of them from equal generators."""
        return {"framework_traps": of_rows(_row(*case, streams) for case in _CASES)}


def _row(trap: str, line: str, inputs: int, outputs: int, reads: int, streams: Streams) -> dict[str, Any]:
    item = initializers.get(line)
    variance = item.variance(inputs, outputs) or 0.0
    weights = item.draw(streams.weights(0, 1), inputs, outputs)
    return {
        "trap": trap,
        "line": line,
        "inputs": inputs,
        "outputs": outputs,
        "reads": reads,
        "sigma_w2": reads * variance,
        "measured": measured(weights, reads)["measured"],
    }
