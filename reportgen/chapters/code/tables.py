"""The tables of the chapter on frameworks."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from reportgen.battery.results import Results

__all__ = ["Tables", "read"]


class Tables(NamedTuple):
    """What the chapter reads.

    Attributes
    ----------
    names
        Every initializer of PyTorch, Keras and JAX: its line, what it declares, and what a layer drawn from it has.
    defaults
        The layers of the frameworks with fan_in Var(w), declared and measured, if nothing is said.
    traps
        Lines that give other weights than one might think, with fan_in Var(w), declared and measured.
    """

    names: pd.DataFrame
    defaults: pd.DataFrame
    traps: pd.DataFrame


def read(results: Results) -> Tables:
    """Read the tables of the experiment ``frameworks``."""
    return Tables(results["framework_names"], results["framework_defaults"], results["framework_traps"])
