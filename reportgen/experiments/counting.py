"""How the work of an experiment is counted: in layers, units, inputs, networks and updates.

The factors were set so that most parts take between half and twice what is estimated.
"""

from __future__ import annotations

from reportgen.battery.cost import Cost

__all__ = ["CELL", "averages", "block", "draws", "kept", "one_by_one", "rows", "signals", "updates"]

_ENTRY = 4000
"""Bytes of a stored measurement beside its rows."""

CELL = Cost(calls=500, stored=_ENTRY)
"""What every cell costs, and all that a cell of theory does."""


def signals(networks: int, batch: int, layers: int, width: int, back: int = 0) -> Cost:
    """Count inputs that go forward through layers, all of which are measured, and gradients through `back` layers."""
    values = networks * batch * width
    return Cost(
        products=2.0 * values * width * (layers + 2 * back),
        numbers=4.0 * values * layers + (0.7 * values + networks * width**2) * back,
        calls=10.0 * layers + 44.0 * back,
    )


def draws(networks: int, layers: int, width: int) -> Cost:
    """Count the weights of networks as they are drawn, each in float64."""
    weights = float(networks * layers * width**2)
    return Cost(numbers=3 * weights, calls=10.0 * networks * layers)


def kept(networks: int, batch: int, layers: int, width: int, *, back: bool = True, size: int = 4) -> float:
    """Return the bytes of weights, pre-activations, activations and slopes of all layers, and of their gradients."""
    values, weights = float(networks * batch * width), float(networks * width**2)
    return size * layers * ((4 if back else 3) * values + (2 if back else 1) * weights) + 24 * (values + weights)


def updates(networks: int, batch: int, layers: int, width: int, steps: int, ensembles: int = 1) -> Cost:
    """Count updates, which are forward, back and the step itself; small nets wait for the library most of the time."""
    values, weights = networks * batch * width, networks * width**2
    return Cost(
        products=6.0 * values * width * layers * steps,
        numbers=(0.5 * values + 1.0 * weights) * layers * steps,
        calls=(8.0 * layers + 30.0) * steps * ensembles,
    )


def averages(points: float) -> Cost:
    """Count averages over normal numbers, each by some hundred values of an activation."""
    return Cost(numbers=300.0 * points, calls=500, memory=20e6, stored=_ENTRY)


def rows(count: float, columns: int) -> Cost:
    """Count the rows of a result: about eight bytes a value, or several times that for a word."""
    return Cost(numbers=2.0 * count * columns, memory=16.0 * count * columns, stored=8.0 * count * columns)


def block(networks: int, batch: int, layers: int, width: int, *, size: int = 4) -> Cost:
    """Count networks that take turns at one generator per layer."""
    sent, drawn = signals(networks, batch, layers, width), draws(networks, layers, width)
    memory = kept(networks, batch, layers, width, back=False, size=size)
    return CELL + sent + Cost(numbers=drawn.numbers, calls=drawn.calls / 4, memory=memory)


def one_by_one(networks: int, batch: int, layers: int, width: int, *, back: bool = False) -> Cost:
    """Count networks that are measured one after the other, of which only a norm is taken in each layer."""
    sent = signals(networks, batch, layers, width, layers if back else 0).times(0.5)
    calls = Cost(calls=(networks - 1) * sent.calls, memory=kept(1, batch, layers, width))
    return CELL + sent + calls + draws(networks, layers, width)
