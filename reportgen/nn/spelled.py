"""Lines of code for what a user adds: written as a framework spells it, and kept if the registry reads them back."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from math import inf
from typing import Any

from reportgen.errors import UsageError
from reportgen.nn.activations import activations
from reportgen.nn.initializers import initializers
from reportgen.nn.spellings import ACTIVATIONS, INITIALIZERS
from reportgen.registry import Registry, Scalar, Spelling, parse_call

__all__ = ["activation_lines", "start_lines"]

_RENAMED = {"negative_slope": "a"}
"""What PyTorch's kaiming functions call a parameter; their meaning is a function, from which it cannot be read."""

_Writer = Callable[[str, str], str]
"""A function of a name and of what to write between the brackets that returns a line, or "" for a name to leave out."""

_KERAS_LAYERS = ("ReLU", "LeakyReLU", "ELU")


def start_lines(initializer: str) -> Mapping[str, str]:
    """Return framework -> what makes the weights there, as the framework spells it.

    Examples
    --------
    >>> start_lines("random_normal(stddev=0.3)")
    {'Keras': 'keras.initializers.RandomNormal(stddev=0.3)', 'PyTorch': 'nn.init.normal_(w, std=0.3)', \
'JAX': 'jax.nn.initializers.normal(stddev=0.3)'}
    """
    return _first(initializer, initializers, INITIALIZERS, _START)


def activation_lines(activation: str) -> Mapping[str, str]:
    """Return framework -> the activation there, as the framework spells it.

    Examples
    --------
    >>> activation_lines("leaky_relu(negative_slope=0.2)")["PyTorch"]
    'nn.LeakyReLU(negative_slope=0.2)'
    """
    return _first(activation, activations, ACTIVATIONS, _ACTIVATION)


def _keras_start(name: str, given: str) -> str:
    return f"keras.initializers.{name}({given})" if name[0].isupper() else ""


def _torch_start(name: str, given: str) -> str:
    return f"nn.init.{name}({', '.join(filter(None, ('w', given)))})" if name.endswith("_") else ""


def _jax_start(name: str, given: str) -> str:
    if name in ("zeros", "ones"):
        return f"jax.nn.initializers.{name}"
    return "" if name.endswith("_init") else f"jax.nn.initializers.{name}({given})"


def _keras_activation(name: str, given: str) -> str:
    if name in _KERAS_LAYERS and given:
        return f"keras.layers.{name}({given})"
    if name[0].isupper() or name == "exp":
        return ""
    module = "tf.nn" if name == "silu" else "keras.activations"  # Keras's own has no parameter
    return f"{module}.{name}(z, {given})" if given else f'Dense(units, activation="{name}")'


def _torch_activation(name: str, given: str) -> str:
    return f"nn.{name}({given})" if name[0].isupper() else ""


def _jax_activation(name: str, given: str) -> str:
    module = {"erf": "jax.lax", "exp": "jax.numpy"}.get(name, "jax.nn")
    return f"{module}.{name}({', '.join(filter(None, ('z', given)))})"


_START = {"Keras": _keras_start, "PyTorch": _torch_start, "JAX": _jax_start}
_ACTIVATION = {"Keras": _keras_activation, "PyTorch": _torch_activation, "JAX": _jax_activation}


def _first(
    text: str,
    registry: Registry[Any],
    spellings: tuple[Spelling, ...],
    written: Mapping[str, Callable[[str, str], str]],
) -> dict[str, str]:
    """Return the first line of every framework that the registry reads as the thing itself."""
    definition, own = registry.definition(text), registry.parameters(text)
    name = registry.get(text).name
    found: dict[str, str] = {}
    for framework, write in written.items():
        mine = [one for one in spellings if one.framework == framework and _about(one, definition.name)]
        lines = (write(one.name, _given(one, own)) for one in sorted(mine, key=_is_function))
        if line := next((line for line in lines if line and _is_read(line, registry, name)), ""):
            found[framework] = line
    return found


def _about(one: Spelling, name: str) -> bool:
    return name in one.names and one.bare


def _is_function(one: Spelling) -> bool:
    """Return whether a name is written in small letters: classes and layers come first."""
    return one.name == one.name.lower()


def _given(one: Spelling, own: Mapping[str, Scalar]) -> str:
    """Return what to write between the brackets: the values that differ from the framework's own."""
    theirs = dict(re.findall(r"(\w+)=\{(\w+)\}", one.meaning)) if isinstance(one.meaning, str) else {}
    defaults = parse_call(one.signature, "signature").keywords
    places = {key: theirs.get(key) or (key if key in one.parameters else _RENAMED.get(key, "")) for key in own}
    values = {place: _theirs(one, own[key]) for key, place in places.items() if place in one.parameters}
    told = {place: value for place, value in values.items() if place not in defaults or value != defaults[place]}
    told = {place: value for place, value in told.items() if value != inf}
    return ", ".join(f"{place}={_value(value)}" for place, value in told.items())


def _theirs(one: Spelling, value: Scalar) -> Scalar:
    """Return a value as the framework has it: PyTorch names an approximation, others say whether it is one."""
    if isinstance(value, bool) and one.framework == "PyTorch":
        return "tanh" if value else "none"
    return value


def _value(value: Scalar) -> str:
    """Write a value as code; whole numbers have no decimals."""
    return repr(int(value)) if isinstance(value, float) and value.is_integer() and abs(value) < 1e6 else repr(value)


def _is_read(line: str, registry: Registry[Any], name: str) -> bool:
    """Return whether the registry takes a line for the thing that has this name."""
    text = re.sub(r'^Dense\(units, activation="(\w+)"\)$', r"keras.activations.\1", line)
    try:
        return bool(registry.get(text).name == name)
    except UsageError:
        return False
