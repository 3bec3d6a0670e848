"""An activation of the registry as the theory sees it, for every experiment that predicts."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from reportgen.battery.experiment import Measured
from reportgen.nn.activations import activations
from reportgen.theory.closed_forms import nonlinearity
from reportgen.theory.nonlinearity import Nonlinearity
from reportgen.theory.quadrature import NotConverged

__all__ = ["averages", "if_averaged"]


@cache
def averages(name: str) -> Nonlinearity:
    """Return the Gaussian averages of a registered activation; their tables are kept for the next cell."""
    activation = activations.get(name)
    return nonlinearity(activation.phi, activation.derivative, activation.kinks)


def if_averaged(measure: Callable[[], Measured]) -> Measured:
    """Return what a cell predicts, or no tables at all where the theory cannot average its activation.

    An activation of a user may grow too fast, or be too rough. Its networks are measured all the same; only the
    theory's line is missing.
    """
    try:
        return measure()
    except NotConverged:
        return {}
