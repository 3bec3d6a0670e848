"""What short answers rest on: numbers by name, each read from the tables of one experiment or derived by theory.

A fact is a function of the results that returns one number; its name is the fact's, its docstring says what it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from reportgen.battery.results import Results
from reportgen.judgments.facts import derived, gains, he, nets, rescue, scale, sums, symmetry, training

__all__ = ["FACTS", "collected"]

Fact = Callable[[Results], float]

FACTS: Mapping[str, Fact] = {
    fact.__name__: fact
    for module in (symmetry, scale, sums, he, nets, training, rescue, gains, derived)
    for fact in module.FACTS
}
"""Name -> fact."""


def collected(results: Results, names: Iterable[str]) -> dict[str, float]:
    """Return some facts by their names.

    Parameters
    ----------
    results
        With the tables that they read.
    names
        Which ones, out of `FACTS`.
    """
    return {name: float(FACTS[name](results)) for name in names}
