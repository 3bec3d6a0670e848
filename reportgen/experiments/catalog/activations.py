"""What is to be said of an activation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from reportgen.battery.cell import Streams
from reportgen.battery.columns import of_rows
from reportgen.battery.experiment import Column, Measured, Tables
from reportgen.experiments.catalog.starts import CODE_COLUMNS
from reportgen.experiments.columns import ACTIVATION
from reportgen.nn.activations import activations
from reportgen.nn.snippets import FRAMEWORKS

__all__ = ["LINES", "Functions"]

LINES: Mapping[str, tuple[str, str, str]] = {
    "linear": ('Dense(units, activation="linear")', "nn.Identity()", "jax.nn.identity(z)"),
    "sigmoid": ('Dense(units, activation="sigmoid")', "nn.Sigmoid()", "jax.nn.sigmoid(z)"),
    "tanh": ('Dense(units, activation="tanh")', "nn.Tanh()", "jax.nn.tanh(z)"),
    "relu": ('Dense(units, activation="relu")', "nn.ReLU()", "jax.nn.relu(z)"),
    "leaky_relu": (
        "keras.layers.LeakyReLU(negative_slope=0.01)",
        "nn.LeakyReLU(negative_slope=0.01)",
        "jax.nn.leaky_relu(z, negative_slope=0.01)",
    ),
    "elu": ('Dense(units, activation="elu")', "nn.ELU()", "jax.nn.elu(z)"),
    "selu": ('Dense(units, activation="selu")', "nn.SELU()", "jax.nn.selu(z)"),
    "gelu": ('Dense(units, activation="gelu")', "nn.GELU()", "jax.nn.gelu(z, approximate=False)"),
    "silu": ('Dense(units, activation="silu")', "nn.SiLU()", "jax.nn.silu(z)"),
    "softplus": ('Dense(units, activation="softplus")', "nn.Softplus()", "jax.nn.softplus(z)"),
    "softsign": ('Dense(units, activation="softsign")', "nn.Softsign()", "jax.nn.soft_sign(z)"),
}
"""Activation -> its line in Keras, PyTorch and JAX."""


@dataclass(frozen=True, slots=True)
class Functions:
    """Say of an activation what the registry knows."""

    activation: str

    tables: ClassVar[Tables] = {
        "catalog_activations": (
            ACTIVATION,
            Column("label", "", "short name for people"),
            Column("formula", "", "phi(z) in LaTeX"),
            Column("reference", "", "paper, year and equation"),
            Column("bounded", "", "1 where the output has a greatest size, else 0"),
            Column("greatest_slope", "", "of which 5 % is the limit of saturation"),
            *CODE_COLUMNS,
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Ask the registry; nothing here is random."""
        item = activations.get(self.activation)
        code = dict(zip(FRAMEWORKS, LINES.get(item.name, ("", "", "")), strict=True))
        row = {
            "label": item.label,
            "formula": item.formula,
            "reference": item.reference,
            "bounded": float(item.is_bounded),
            "greatest_slope": item.greatest_slope,
            **{name.lower(): line for name, line in code.items()},
        }
        return {"catalog_activations": of_rows([row])}
