"""The canonical battery, which is always measured, and the presets: how large and how often.

Names and numbers only: the help of the command line reads the presets, and the folders, here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

__all__ = [
    "ACTIVATIONS",
    "CACHE",
    "CACHE_VARIABLE",
    "DATA",
    "DEPTHS",
    "DPI",
    "GREATEST",
    "INITIALIZERS",
    "OUT",
    "PRESETS",
    "Preset",
]

INITIALIZERS = (
    "zeros",
    "constant",
    "random_normal(stddev=0.01)",
    "random_normal(stddev=1)",
    "random_uniform(minval=-0.5, maxval=0.5)",
    "truncated_normal",
    "torch_default",
    "lecun_normal",
    "lecun_uniform",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "orthogonal",
)
ACTIVATIONS = (
    "linear",
    "sigmoid",
    "tanh",
    "relu",
    "leaky_relu",
    "elu",
    "selu",
    "gelu",
    "silu",
    "softplus",
    "softsign",
)
DEPTHS = (2, 5, 10, 20, 50)
DATA = ("gaussian", "digits")

DPI = 160
"""Pixels per inch of the images for paper."""


class Preset(NamedTuple):
    """How large and how often: the width and number of replicates of the battery, and the effort of sampling."""

    width: int
    replicates: int
    effort: float
    depths: tuple[int, ...]


PRESETS: Mapping[str, Preset] = {
    "quick": Preset(64, 3, 0.25, DEPTHS),
    "standard": Preset(128, 5, 1.0, DEPTHS),
    "full": Preset(256, 20, 4.0, (*DEPTHS, 100)),
}

OUT, CACHE = "outputs", ".reportgen-cache"
"""Where the site and the measurements go if nothing else is said: side by side, since they belong to one project."""

CACHE_VARIABLE = "REPORTGEN_CACHE"
"""The variable of the environment that names another folder of measurements."""

GREATEST = 2**63 - 1
"""No whole number may be greater: it is the greatest of TOML, and of an array's index."""
