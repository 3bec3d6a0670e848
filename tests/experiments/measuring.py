"""How tests of experiments measure: one part or several, as a build does it, into tidy tables."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reportgen.battery.experiment import Experiment, Part
from reportgen.battery.results import tabulate
from reportgen.battery.run import Recipe, run_cell

__all__ = ["by_layer", "tables"]


def tables(experiment: Experiment, parts: Iterable[Part], seed: int = 0) -> dict[str, pd.DataFrame]:
    """Measure parts and tabulate them; a column that is neither measured nor a factor is an error."""
    recipe = Recipe.of(seed)
    cells = map(experiment.cell, parts)
    return tabulate([experiment], {cell: run_cell(cell, recipe, recipe.code(cell.experiment)) for cell in cells})


def by_layer(table: pd.DataFrame, column: str, **chosen: object) -> NDArray[np.float64]:
    """Return one column of the rows that have the chosen values, networks × layers."""
    for name, value in chosen.items():
        table = table[table[name] == value]
    return table[column].to_numpy(float).reshape(-1, table["layer"].nunique())
