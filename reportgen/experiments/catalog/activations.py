"""What is to be said of an activation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import ClassVar

from reportgen.battery.cell import Streams
from reportgen.battery.columns import of_rows
from reportgen.battery.experiment import Column, Measured, Tables
from reportgen.experiments.catalog.starts import CODE_COLUMNS, OURS, is_ours
from reportgen.experiments.columns import ACTIVATION
from reportgen.nn.activations import Activation, activations
from reportgen.nn.initializer import tex
from reportgen.nn.snippets import FRAMEWORKS
from reportgen.nn.spelled import activation_lines

__all__ = ["LINES", "SYMBOLS", "Functions"]

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

SYMBOLS: Mapping[str, Mapping[str, str]] = {
    "relu": {"negative_slope": "a", "max_value": "m", "threshold": r"\theta"},
    "leaky_relu": {"negative_slope": "a"},
    "elu": {"alpha": r"\alpha"},
    "celu": {"alpha": r"\alpha"},
    "softplus": {"beta": r"\beta"},
    "silu": {"beta": r"\beta"},
    "hard_shrink": {"threshold": r"\lambda"},
    "soft_shrink": {"threshold": r"\lambda"},
    "threshold": {"threshold": r"\theta", "value": "v"},
    "squareplus": {"b": "b"},
}
"""Activation -> parameter -> what its formula calls it; the formulas of others have their numbers in them."""


@dataclass(frozen=True, slots=True)
class Functions:
    """Say of an activation what the registry knows."""

    activation: str

    tables: ClassVar[Tables] = {
        "catalog_activations": (
            ACTIVATION,
            Column("label", "", "short name for people"),
            Column("formula", "", "phi(z) in LaTeX"),
            Column("values", "", "what the letters of the formula are, in LaTeX; empty where it has none"),
            OURS,
            Column("reference", "", "paper, year and equation"),
            Column("bounded", "", "1 where the output has a greatest size, else 0"),
            Column("greatest_slope", "", "of which 5 % is the limit of saturation"),
            *CODE_COLUMNS,
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Ask the registry; nothing here is random."""
        item = activations.get(self.activation)
        code = (
            activation_lines(item.name)
            if item.name not in LINES
            else dict(zip(FRAMEWORKS, LINES[item.name], strict=True))
        )
        row = {
            "label": item.label,
            "formula": item.formula,
            "values": _values(item),
            "ours": float(is_ours(activations.definition(item.name).owner)),
            "reference": item.reference,
            "bounded": float(item.is_bounded),
            "greatest_slope": item.greatest_slope,
            **{name.lower(): code.get(name, "") for name in FRAMEWORKS},
        }
        return {"catalog_activations": of_rows([row])}


def _values(item: Activation) -> str:
    """Say what the letters of a formula are; one of a simpler formula has none that others have."""
    symbols = SYMBOLS.get(activations.definition(item.name).name, {})
    letters = set(re.findall(r"\\\w+|\w", item.formula))
    given = activations.parameters(item.name)
    told = {one: float(given[key]) for key, one in symbols.items() if one in letters}
    return ", ".join(f"{one} = {_tex(value)}" for one, value in told.items())


def _tex(value: float) -> str:
    return tex(value) if isfinite(value) else r"\infty"
