"""Holding what a plugin registers to its contract: its functions are checked whenever they are called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from reportgen import foreign
from reportgen.errors import PluginFault, shortened
from reportgen.nn.contract import Draw, Elementwise, Variance, kind_of, require_kinks, require_words
from reportgen.nn.declared import weights_off

if TYPE_CHECKING:
    from reportgen.nn.activation import Activation
    from reportgen.nn.initializer import Initializer
    from reportgen.registry import Scalar

__all__ = ["hold_activation", "hold_initializer"]

_LIMITS = ("iid", "orthogonal", "none")
"""What an initializer may declare as its limit."""


def hold_initializer(
    make: Callable[[str, dict[str, Scalar]], Initializer],
    function: Callable[..., object],
    call: str,
    parameters: dict[str, Scalar],
) -> Initializer:
    """Make an initializer of a plugin, whose functions are checked whenever they are called.

    Parameters
    ----------
    make
        Makes the initializer as the plugin defines it.
    function
        The plugin's function.
    call, parameters
        Canonical call form, and the values in it.
    """
    what, module = f"initializer {shortened(call)}", function.__module__
    item = foreign.call(what, module, make, call, parameters)
    require_words(what, label=item.label, formula=item.formula, reference=item.reference, truncated=item.truncated)
    if item.limit not in _LIMITS:
        raise PluginFault(f"{what}: its limit is {kind_of(item.limit)}, expected one of {', '.join(_LIMITS)}")
    draw = Draw(what, module, function, tuple(parameters.items()), item.limit)
    variance = Variance(what, module, _unbound(item.variance), tuple(parameters.items()))
    draw(np.random.default_rng(0), 2, 3)
    trusted = item.limit == "none" or not weights_off(draw, variance)
    return replace(item, draw=draw, variance=variance, limit=item.limit if trusted else "none")


def hold_activation(
    make: Callable[[str, dict[str, Scalar]], Activation],
    function: Callable[..., object],
    call: str,
    parameters: dict[str, Scalar],
) -> Activation:
    """Make an activation of a plugin, whose functions are checked whenever they are called.

    Parameters
    ----------
    make, function, call, parameters
        As for `hold_initializer`.
    """
    what, module = f"activation {shortened(call)}", function.__module__
    item = foreign.call(what, module, make, call, parameters)
    require_words(what, label=item.label, formula=item.formula, reference=item.reference)
    phi = Elementwise(what, module, function, tuple(parameters.items()))
    derivative = Elementwise(f"{what}, derivative", module, _unbound(item.derivative), tuple(parameters.items()))
    for checked in (phi, derivative):
        checked(np.linspace(-2.0, 2.0, 6).reshape(2, 3))
    return replace(item, phi=phi, derivative=derivative, kinks=require_kinks(what, item.kinks), fused=None)


def _unbound(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function inside a partial that a registration made."""
    return function.func if isinstance(function, partial) else function
