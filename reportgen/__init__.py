"""reportgen: measure what weight initialization does to a network, and publish what was measured.

The public API, loaded on first use so that ``import reportgen`` is quick:

* `propagate` measures one initializer with one activation;
* `recommend` chooses the initializer for an activation and a depth, with reasons;
* `verdicts` is the verdict on every start of a report, as a data frame;
* `measure` makes the tables of a chapter, and `draw` its figures;
* `theory.mean_field` predicts what a very wide network does;
* `build` measures the battery and publishes the site for some `Settings`;
* `initializers` and `activations` are the two registries.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reportgen import theory
    from reportgen.ask.figures import draw, measure
    from reportgen.ask.propagate import propagate
    from reportgen.ask.recommend import recommend
    from reportgen.ask.verdicts import verdicts
    from reportgen.current import build
    from reportgen.nn.activations import activations
    from reportgen.nn.initializers import initializers
    from reportgen.settings import Settings

__version__ = "0.1.0"

__all__ = [
    "Settings",
    "__version__",
    "activations",
    "build",
    "draw",
    "initializers",
    "measure",
    "propagate",
    "recommend",
    "theory",
    "verdicts",
]

_HOMES = {
    "Settings": "reportgen.settings",
    "activations": "reportgen.nn.activations",
    "build": "reportgen.current",
    "draw": "reportgen.ask.figures",
    "initializers": "reportgen.nn.initializers",
    "measure": "reportgen.ask.figures",
    "propagate": "reportgen.ask.propagate",
    "recommend": "reportgen.ask.recommend",
    "verdicts": "reportgen.ask.verdicts",
}


def __getattr__(name: str) -> Any:
    if name == "theory":
        return import_module("reportgen.theory")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value
