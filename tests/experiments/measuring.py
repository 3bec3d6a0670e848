"""How tests of experiments measure: one part or several, as a build does it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reportgen.battery.experiment import Experiment, Measured, Part
from reportgen.battery.results import tabulate
from reportgen.battery.run import Recipe, run_cell

__all__ = ["by_layer", "columns", "tables"]


def columns(experiment: Experiment, part: Part, seed: int = 0) -> Measured:
    """Measure one part; columns that are not declared, and declared ones that are missing, are an error."""
    recipe, cell = Recipe.of(seed), experiment.cell(part)
    return run_cell(cell, recipe, recipe.code(cell.experiment))


def tables(experiment: Experiment, parts: Iterable[Part], seed: int = 0) -> dict[str, pd.DataFrame]:
    """Measure parts and tabulate them; a column that is neither measured nor a factor is an error."""
    return tabulate([experiment], {experiment.cell(part): columns(experiment, part, seed) for part in parts})


def by_layer(table: pd.DataFrame, column: str, **chosen: object) -> NDArray[np.float64]:
    """Return one column of the rows that have the chosen values, networks × layers."""
    for name, value in chosen.items():
        table = table[table[name] == value]
    return table[column].to_numpy(float).reshape(-1, table["layer"].nunique())
