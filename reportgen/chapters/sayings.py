"""What short answers and myths claim: sentences that rest on a few facts, each a function of the facts it is about.

The parameters of such a function are names of facts, its own name is that of the check, its docstring has the sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from inspect import getdoc, signature
from typing import NamedTuple

import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters import said_of_starts, said_of_training
from reportgen.chapters.check import Check, Condition
from reportgen.judgments.facts import collected
from reportgen.judgments.frames import by_name
from reportgen.presets import ACTIVATIONS

__all__ = ["NEEDS", "SAYINGS", "Findings", "Tables", "find", "read", "said"]

NEEDS = ("symmetry", "saturation", "derivation", "he", "propagation", "starts", "advice", "training", "rescue", "gains")
"""The experiments whose tables the facts are read from."""

SAYINGS: Mapping[str, Callable[..., Iterable[Condition]]] = {
    saying.__name__: saying for module in (said_of_starts, said_of_training) for saying in module.SAYINGS
}
"""Name of the check -> saying."""

_PREFIX = "Say that "


class Tables(NamedTuple):
    """What a page of sayings rests on.

    Attributes
    ----------
    facts
        One row per fact: `fact`, its name, and `value`.
    """

    facts: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Findings:
    """The facts by their names."""

    facts: Mapping[str, float]


def read(results: Results, names: Iterable[str]) -> Tables:
    """Read the facts that some sayings are about, from what every run measures."""
    facts = dict.fromkeys(fact for name in names for fact in signature(SAYINGS[name]).parameters)
    values = collected(replace(results, tables={name: _ours(table) for name, table in results.tables.items()}), facts)
    return Tables(pd.DataFrame({"fact": list(values), "value": list(values.values())}))


def find(tables: Tables) -> Findings:
    """Return the facts by their names."""
    return Findings(by_name(tables.facts.set_index("fact")["value"]))


def said(facts: Mapping[str, float], names: Iterable[str]) -> Iterator[Check]:
    """Check some sayings.

    Parameters
    ----------
    facts
        By their names; all that these sayings need.
    names
        Which sayings, out of `SAYINGS`.
    """
    for name in names:
        saying = SAYINGS[name]
        statement = (getdoc(saying) or "").removeprefix(_PREFIX).removesuffix(".")
        yield Check.of(name, statement, saying(**{fact: facts[fact] for fact in signature(saying).parameters}))


def _ours(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a table without the activations that a user added."""
    if "activation" not in table or table["activation"].isin(ACTIVATIONS).all():
        return table
    return table[table["activation"].isin(ACTIVATIONS)]
