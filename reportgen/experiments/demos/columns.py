"""The columns of the tables that a demo fills."""

from __future__ import annotations

from reportgen.battery.experiment import Column, Tables
from reportgen.experiments.columns import HIDDEN_ACTIVATION, INITIALIZER, LEARNING_RATE, START_REPLICATE, STEP

__all__ = ["TABLES", "UNITS"]

UNITS = Column("units", "units", "units per hidden layer")

_NET = (
    Column("demo", "", "name of the demo: alike, or halt"),
    Column("preset", "", "name of the start in the playground"),
    START_REPLICATE,
    Column("live", "", "whether it is the net that the playground starts from"),
)
_PRESET = (*_NET[:2], START_REPLICATE)
_LAYER = Column("layer", "", "layer, from 1 (next to the inputs)")
_WHERE = (
    Column("x1", "input std", "first input"),
    Column("x2", "input std", "second input"),
)

TABLES: Tables = {
    "demos_nets": (
        *_NET,
        INITIALIZER,
        Column("weight_noise", "weight", "standard deviation of the noise on top of the initial weights"),
        HIDDEN_ACTIVATION,
        Column("hidden_layers", "layers", "number of hidden layers"),
        UNITS,
        LEARNING_RATE,
        Column("steps", "updates", "length of the training"),
        Column("rounding_gap", "weight", "greatest difference after training from a twin that differs in last digits"),
    ),
    "demos_learning": (
        *_NET,
        STEP,
        Column("loss", "nats", "mean cross-entropy of the training points"),
        Column("accuracy", "share", "training points classified rightly"),
    ),
    "demos_layers": (
        *_NET,
        STEP,
        _LAYER,
        Column("kind", "", "hidden, or output"),
        Column("distinct_units", "units", "units that differ from all before them by more than 1e-10"),
        Column("saturated_fraction", "share", "(point, unit) pairs with a slope below 5 % of the greatest; nan on top"),
        Column("gradient_norm", "nats", "Frobenius norm of dLoss/dW"),
        Column("pre_activation_rms", "input std", "root mean square of z over points and units"),
        Column("moved", "share", "rms of what the weights changed since the start over their rms then; nan for zeros"),
    ),
    "demos_weights": (
        *_PRESET,
        _LAYER,
        Column("input", "", "number of the input or unit below, from 0"),
        Column("unit", "", "number of the unit, from 0"),
        Column("weight", "weight", "the weight between them at the start; all biases start at 0"),
    ),
    "demos_map": (
        *_PRESET,
        *_WHERE,
        Column("answer", "share", "probability that the trained net gives to the disc"),
    ),
}
"""The last two are of the live nets alone."""
