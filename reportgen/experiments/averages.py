"""An activation of the registry as the theory sees it, for every experiment that predicts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from reportgen.errors import UsageError
from reportgen.nn.activations import activations
from reportgen.theory.closed_forms import nonlinearity
from reportgen.theory.nonlinearity import Nonlinearity
from reportgen.theory.quadrature import NotConverged

__all__ = ["averages", "explained"]


@cache
def averages(name: str) -> Nonlinearity:
    """Return the Gaussian averages of a registered activation; their tables are kept for the next cell."""
    activation = activations.get(name)
    return nonlinearity(activation.phi, activation.derivative, activation.kinks)


@contextmanager
def explained(name: str) -> Iterator[None]:
    """Say in one line which activation has no Gaussian averages: it grows too fast, or is too rough."""
    try:
        yield
    except NotConverged as error:
        raise UsageError(f"activation {name}: the theory cannot average it: {error}") from None
