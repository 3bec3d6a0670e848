"""Every initializer that PyTorch, Keras and JAX have by name: what it declares, and what its draws have."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from reportgen.battery.cell import Streams
from reportgen.battery.columns import of_rows
from reportgen.battery.experiment import Column, Measured, Tables
from reportgen.errors import UsageError
from reportgen.experiments.columns import SIGMA_W2
from reportgen.experiments.frameworks.wording import in_code
from reportgen.nn.initializers import initializers

__all__ = ["LINES", "Named", "measured"]

LINES: Mapping[str, tuple[str, ...]] = {
    "PyTorch": (
        "nn.init.zeros_(w)",
        "nn.init.ones_(w)",
        "nn.init.constant_(w, 0.1)",
        "nn.init.eye_(w)",
        "nn.init.uniform_(w)",
        "nn.init.normal_(w)",
        "nn.init.trunc_normal_(w)",
        "nn.init.sparse_(w, sparsity=0.9)",
        "nn.init.orthogonal_(w)",
        "nn.init.xavier_normal_(w)",
        "nn.init.xavier_uniform_(w)",
        'nn.init.kaiming_normal_(w, nonlinearity="relu")',
        'nn.init.kaiming_uniform_(w, nonlinearity="relu")',
        "nn.init.dirac_(w)",
    ),
    "Keras": (
        "keras.initializers.Zeros()",
        "keras.initializers.Ones()",
        "keras.initializers.Constant(0.1)",
        "keras.initializers.Identity()",
        "keras.initializers.RandomUniform()",
        "keras.initializers.RandomNormal()",
        "keras.initializers.TruncatedNormal()",
        "keras.initializers.VarianceScaling()",
        "keras.initializers.Orthogonal()",
        "keras.initializers.LecunNormal()",
        "keras.initializers.LecunUniform()",
        "keras.initializers.GlorotNormal()",
        "keras.initializers.GlorotUniform()",
        "keras.initializers.HeNormal()",
        "keras.initializers.HeUniform()",
        "keras.initializers.STFT()",
    ),
    "JAX": (
        "jax.nn.initializers.zeros",
        "jax.nn.initializers.ones",
        "jax.nn.initializers.constant(0.1)",
        "jax.nn.initializers.uniform()",
        "jax.nn.initializers.normal()",
        "jax.nn.initializers.truncated_normal()",
        'jax.nn.initializers.variance_scaling(1.0, "fan_in", "truncated_normal")',
        "jax.nn.initializers.orthogonal()",
        "jax.nn.initializers.lecun_normal()",
        "jax.nn.initializers.lecun_uniform()",
        "jax.nn.initializers.glorot_normal()",
        "jax.nn.initializers.glorot_uniform()",
        "jax.nn.initializers.xavier_normal()",
        "jax.nn.initializers.xavier_uniform()",
        "jax.nn.initializers.he_normal()",
        "jax.nn.initializers.he_uniform()",
        "jax.nn.initializers.kaiming_normal()",
        "jax.nn.initializers.kaiming_uniform()",
        "jax.nn.initializers.delta_orthogonal()",
    ),
}
"""Framework -> one line for each of its initializers, with its own defaults where it has them."""


@dataclass(frozen=True, slots=True)
class Named:
    """Read the lines of one framework, and draw a layer from each.

    Attributes
    ----------
    framework
        One of `LINES`.
    fan_in, fan_out
        Size of the layer.
    """

    framework: str
    fan_in: int = 512
    fan_out: int = 256

    tables: ClassVar[Tables] = {
        "framework_names": (
            Column("framework", "", "PyTorch, Keras or JAX"),
            Column("line", "", "its line of code; w is a weight"),
            Column("initializer", "", "registry name of what it is; empty where it has no counterpart here"),
            Column("formula", "", "its variance or its weights"),
            Column("truncated", "", "how a normal distribution is cut; empty for the others"),
            Column("fan_in", "units", "number of inputs"),
            Column("fan_out", "units", "number of units"),
            SIGMA_W2,
            Column("measured", "", "fan_in times the variance of all weights of the drawn layer"),
            Column("mean", "", "of all weights"),
            Column("least", "", "of all weights"),
            Column("greatest", "", "of all weights"),
            Column("cosine", "", "mean cosine between the incoming weights of two units"),
            Column("reason", "", "why it has no counterpart, and what is nearest; else empty"),
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Draw one layer per line, all of them from equal generators."""
        return {"framework_names": of_rows(self._row(line, streams) for line in LINES[self.framework])}

    def _row(self, line: str, streams: Streams) -> dict[str, Any]:
        names = {"line": line, "initializer": "", "formula": "", "truncated": "", "reason": ""}
        try:
            item = initializers.get(line)
        except UsageError as error:
            nothing = dict.fromkeys(("sigma_w2", *_STATISTICS), np.nan)
            return {**names, "reason": re.sub(r"^initializer \w+: ", "", str(error)), **nothing}
        names |= {"initializer": item.name, "formula": in_code(item.formula), "truncated": item.truncated}
        weights = item.draw(streams.weights(0, 1), self.fan_in, self.fan_out)
        return {**names, "sigma_w2": item.sigma_w2(self.fan_in, self.fan_out), **measured(weights, self.fan_in)}


_STATISTICS = ("measured", "mean", "least", "greatest", "cosine")


def measured(weights: NDArray[np.float64], reads: int) -> dict[str, float]:
    """Return what the weights of a layer, shape (fan_in, fan_out), have.

    Parameters
    ----------
    reads
        Number of weights that one weighted sum adds up.
    """
    lengths = np.linalg.norm(weights, axis=0)
    units = weights.shape[1]
    with np.errstate(invalid="ignore", divide="ignore"):
        together = float(np.square((weights / lengths).sum(axis=1)).sum())
    values = (
        reads * (weights.var() if np.ptp(weights) else 0.0),  # equal weights have none, whatever rounding says
        weights.mean(),
        weights.min(),
        weights.max(),
        (together - units) / (units * (units - 1)),
    )
    return dict(zip(_STATISTICS, map(float, values), strict=True))
