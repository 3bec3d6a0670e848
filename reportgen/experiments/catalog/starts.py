"""What is to be said of a start, and the weights that it draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from reportgen.battery.cell import Streams
from reportgen.battery.columns import concatenate, of_rows, with_constants
from reportgen.battery.experiment import Column, Columns, Measured, Tables
from reportgen.experiments.columns import INITIALIZER, SIGMA_W2, SQUARE_WIDTH
from reportgen.nn.initializers import Initializer, initializers
from reportgen.nn.snippets import FRAMEWORKS, snippets
from reportgen.nn.spelled import start_lines

__all__ = ["CODE_COLUMNS", "LINES", "OURS", "WEIGHTS", "Cards", "is_ours", "lines"]

LINES: Mapping[str, tuple[str, str, str]] = {
    "zeros": ('"zeros"', "nn.init.zeros_(w)", "jax.nn.initializers.zeros"),
    "constant": (
        "keras.initializers.Constant(0.1)",
        "nn.init.constant_(w, 0.1)",
        "jax.nn.initializers.constant(0.1)",
    ),
    "random_normal(stddev=0.01)": (
        "keras.initializers.RandomNormal(stddev=0.01)",
        "nn.init.normal_(w, std=0.01)",
        "jax.nn.initializers.normal(stddev=0.01)",
    ),
    "random_normal(stddev=1)": (
        "keras.initializers.RandomNormal(stddev=1.0)",
        "nn.init.normal_(w)",
        "jax.nn.initializers.normal(stddev=1.0)",
    ),
    "random_uniform(minval=-0.5, maxval=0.5)": (
        "keras.initializers.RandomUniform(-0.5, 0.5)",
        "nn.init.uniform_(w, -0.5, 0.5)",
        "lambda key, shape, dtype=float: jax.random.uniform(key, shape, dtype, -0.5, 0.5)",
    ),
    "truncated_normal": (
        "keras.initializers.TruncatedNormal(stddev=0.05)",
        "nn.init.trunc_normal_(w, std=0.05, a=-0.1, b=0.1)",
        "jax.nn.initializers.truncated_normal(stddev=0.05)",
    ),
    "lecun_uniform": (
        '"lecun_uniform"',
        'nn.init.kaiming_uniform_(w, nonlinearity="linear")',
        "jax.nn.initializers.lecun_uniform()",
    ),
    "glorot_uniform": ('"glorot_uniform"', "nn.init.xavier_uniform_(w)", "jax.nn.initializers.glorot_uniform()"),
    "he_uniform": (
        '"he_uniform"',
        'nn.init.kaiming_uniform_(w, nonlinearity="relu")',
        "jax.nn.initializers.he_uniform()",
    ),
}
"""Start -> what makes its weights in Keras, PyTorch and JAX, where `reportgen.nn.snippets` has no line."""

CODE_COLUMNS = tuple(
    Column(name.lower(), "", f"the line of {name}; empty where there is no short one") for name in FRAMEWORKS
)

OURS = Column("ours", "", "1 for a definition of reportgen, 0 for one of a plug-in")

WEIGHTS = 2**17
"""Weights to draw at least."""

_EDGES = np.linspace(-4.05, 4.05, 82)
"""Of the bins, in units of 1 / sqrt(fan_in): zero is in the middle of one."""


def lines(initializer: str) -> Mapping[str, str]:
    """Return framework -> the line that gives a dense layer this start; nothing for one without a short line.

    Parameters
    ----------
    initializer
        Canonical registry name.

    Examples
    --------
    >>> lines("zeros")["PyTorch"]
    'nn.init.zeros_(w); nn.init.zeros_(b)'
    """
    written = dict(zip(FRAMEWORKS, LINES[initializer], strict=True)) if initializer in LINES else {}
    if not written and (short := snippets(initializer)):
        return short
    return {name: _LAYER[name].format(line) for name, line in (written or start_lines(initializer)).items()}


def is_ours(owner: str) -> bool:
    """Return whether a definition of this module is one of reportgen, whose words are formulas and Markdown."""
    return owner.startswith("reportgen.nn.")


_LAYER = {
    "Keras": "Dense(units, kernel_initializer={})",
    "PyTorch": "{}; nn.init.zeros_(b)",
    "JAX": "nn.Dense(units, kernel_init={})",
}
"""What makes the weights -> the line for a dense layer."""


@dataclass(frozen=True, slots=True)
class Cards:
    """Say of starts what the registry knows, and draw layers of equal width from each.

    Attributes
    ----------
    initializers
        Canonical registry names.
    width
        Units of both layers.
    """

    initializers: tuple[str, ...]
    width: int

    tables: ClassVar[Tables] = {
        "catalog_starts": (
            INITIALIZER,
            SIGMA_W2,
            SQUARE_WIDTH,
            Column("label", "", "short name for people"),
            Column("formula", "", "its variance or its weights, in LaTeX"),
            Column("reference", "", "paper, year and equation"),
            OURS,
            Column("truncated", "", "how a normal distribution is cut; empty for the others"),
            Column("measured", "", "fan_in times the variance of all weights drawn"),
            Column("least", "", "of all weights drawn"),
            Column("greatest", "", "of all weights drawn"),
            Column("weights", "", "number of weights drawn"),
            *CODE_COLUMNS,
        ),
        "catalog_densities": (
            INITIALIZER,
            SIGMA_W2,
            SQUARE_WIDTH,
            Column("weight", "1 / sqrt(fan_in)", "middle of a bin"),
            Column("density", "sqrt(fan_in)", "share of all weights drawn that are in the bin, over its width"),
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Draw as many layers as give enough weights, from equal generators for every start."""
        cards, densities = [], []
        for name in self.initializers:
            item = initializers.get(name)
            drawn = self._drawn(item, streams)
            sigma_w2 = item.sigma_w2(self.width, self.width)
            cards.append({"initializer": name, "sigma_w2": sigma_w2, **_told(item), **_measured(drawn, self.width)})
            densities.append(with_constants(_density(drawn, self.width), initializer=name, sigma_w2=sigma_w2))
        return {"catalog_starts": of_rows(cards), "catalog_densities": concatenate(densities)}

    def _drawn(self, item: Initializer, streams: Streams) -> NDArray[np.float64]:
        layers = max(1, WEIGHTS // self.width**2)
        return np.stack(
            [item.draw(streams.weights(0, layer), self.width, self.width) for layer in range(1, layers + 1)]
        )


def _told(item: Initializer) -> dict[str, str | float]:
    code = lines(item.name)
    return {
        "label": item.label,
        "formula": item.formula,
        "reference": item.reference,
        "ours": float(is_ours(initializers.definition(item.name).owner)),
        "truncated": item.truncated,
        **{name.lower(): code.get(name, "") for name in FRAMEWORKS},
    }


def _measured(drawn: NDArray[np.float64], width: int) -> dict[str, Any]:
    with np.errstate(all="ignore"):
        variance = float(drawn.var()) if np.ptp(drawn) else 0.0
    return {
        "measured": width * variance,
        "least": float(drawn.min()),
        "greatest": float(drawn.max()),
        "weights": drawn.size,
    }


def _density(drawn: NDArray[np.float64], width: int) -> Columns:
    """Return a histogram of the weights in units of 1 / sqrt(fan_in); what lies beyond its ends counts, too."""
    counts, edges = np.histogram(drawn * sqrt(width), _EDGES)
    density = counts / (drawn.size * np.diff(edges))
    return {"weight": (edges[:-1] + edges[1:]) / 2, "density": density}
