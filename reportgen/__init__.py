"""reportgen: measure what weight initialization does to a network, and publish what was measured.

The public API, loaded on first use so that ``import reportgen`` is quick:

* `propagate` measures one initializer with one activation;
* `recommend` chooses the initializer for an activation and a depth, with reasons;
* `theory.mean_field` predicts what a very wide network does;
* `build` measures the battery and publishes the site for some `Settings`;
* `initializers` and `activations` are the two registries.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reportgen import build, theory
    from reportgen.advice import recommend
    from reportgen.nn.activations import activations
    from reportgen.nn.initializers import initializers
    from reportgen.pair import propagate
    from reportgen.settings import Settings

__version__ = "0.1.0"

__all__ = ["Settings", "__version__", "activations", "build", "initializers", "propagate", "recommend", "theory"]

_HOMES = {
    "Settings": "reportgen.settings",
    "activations": "reportgen.nn.activations",
    "initializers": "reportgen.nn.initializers",
    "propagate": "reportgen.pair",
    "recommend": "reportgen.advice",
}


def __getattr__(name: str) -> Any:
    if name in ("build", "theory"):
        return import_module(f"reportgen.{name}")  # build can be called: reportgen.build(settings)
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value
