"""What the functions of a plugin have to keep to at each call; ours are held to more by the tests.

A plain array of real numbers comes back, in the shape that was asked for. A fault is one line with what came, what was
expected, and where the function stands.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from reportgen import foreign
from reportgen.errors import PluginFault, UsageError, shortened
from reportgen.registry import Scalar

__all__ = [
    "Draw",
    "Elementwise",
    "Foreign",
    "Variance",
    "kind_of",
    "require_defaults",
    "require_functions",
    "require_kinks",
    "require_words",
]

Array = NDArray[Any]
Parameters = tuple[tuple[str, Any], ...]

_WORDY = 64
"""Bits of a whole number that is still written out."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """A plugin's function with its parameters filled in; equal ones stay equal, so that what they gave can be kept.

    Attributes
    ----------
    what
        Begins an error line: ``"initializer coin"``.
    module
        Module of the plugin.
    function, parameters
        What is called.
    """

    what: str
    module: str
    function: Callable[..., Any]
    parameters: Parameters

    def fault(self, came: str, expected: str) -> PluginFault:
        """Return an error that says what came, what was expected and where the function stands."""
        return PluginFault(f"{self.what}: {came}, expected {expected} {foreign.place(self.function)}".strip())

    def run(self, *arguments: Any) -> Any:
        """Call the function; a value that it refuses is told with the name of what refuses it."""
        try:
            return foreign.call(self.what, self.module, self.function, *arguments, **dict(self.parameters))
        except PluginFault:
            raise
        except UsageError as error:
            raise UsageError(f"{self.what}: {error}") from None

    def array(self, values: object, shape: tuple[int, ...], dtype: DTypeLike, named: str = "") -> Array:
        """Return what came as an array of this type, or say what else it is."""
        expected = f"a NumPy array of shape {named}{shape}"
        if isinstance(values, np.generic) and not shape:
            values = np.asarray(values)
        if type(values) is not np.ndarray:
            raise self.fault(f"gave {kind_of(values)}", expected)
        if values.dtype.kind not in "biuf":
            raise self.fault(f"gave an array of {shortened(str(values.dtype), 40)}", "real numbers")
        if values.shape != shape:
            raise self.fault(f"gave shape {shortened(str(values.shape))}", f"{named}{shape}")
        if values.dtype == dtype:
            return values
        with np.errstate(all="ignore"):  # a number beyond float32 becomes inf there
            return values.astype(dtype)


@dataclass(frozen=True, slots=True)
class Draw(Foreign):
    """Draws the weights of one layer, checked.

    Attributes
    ----------
    limit
        What the plugin declares about wide layers, as in `reportgen.nn.initializer.Initializer`.
    """

    limit: str

    def __call__(self, rng: np.random.Generator, fan_in: int, fan_out: int) -> Array:
        """Return float64 weights that nobody else holds."""
        weights = self.array(self.run(rng, fan_in, fan_out), (fan_in, fan_out), np.float64, "(fan_in, fan_out) = ")
        return weights.copy()


@dataclass(frozen=True, slots=True)
class Variance(Foreign):
    """The variance that a weight is declared to have, checked."""

    def __call__(self, fan_in: int, fan_out: int) -> float | None:
        """Return the declared variance."""
        value = self.run(fan_in, fan_out)
        if value is None:
            return None
        if not _is_number(value) or value < 0:
            raise self.fault(
                f"gave {kind_of(value)} as the variance for fan_in = {fan_in} and fan_out = {fan_out}",
                "a finite number of at least 0, or None",
            )
        return float(value)


@dataclass(frozen=True, slots=True)
class Elementwise(Foreign):
    """An activation, or its derivative, checked."""

    def __call__(self, z: Array) -> Array:
        """Return values of the shape and the type of the argument."""
        return self.array(self.run(z), z.shape, z.dtype)


def require_words(what: str, **texts: object) -> None:
    """Raise an error unless each of these is a text that can be written to a file."""
    for name, text in texts.items():
        if not isinstance(text, str):
            raise PluginFault(f"{what}: its {name} is {kind_of(text)}, expected a text")
        try:
            text.encode()
        except UnicodeEncodeError:
            raise PluginFault(f"{what}: its {name} '{shortened(text)}' holds half a character, expected text") from None


def require_functions(what: str, **functions: object) -> None:
    """Raise an error unless each of these can be called."""
    for name, function in functions.items():
        if not callable(function):
            raise PluginFault(f"{what}: its {name} is {kind_of(function)}, expected a function")


def require_kinks(what: str, kinks: object) -> tuple[float, ...]:
    """Return kinks as numbers, or say what they are instead."""
    if not isinstance(kinks, tuple | list | np.ndarray) or not all(_is_number(kink) for kink in kinks):
        given = "hold what is no finite number" if isinstance(kinks, tuple | list) else f"are {kind_of(kinks)}"
        raise PluginFault(f"{what}: its kinks {given}, expected a tuple of finite numbers, as (0.0,)")
    return tuple(float(kink) for kink in kinks)


def require_defaults(what: str, defaults: Mapping[str, Scalar]) -> None:
    """Raise an error where a default is no number that a float can hold; inf is one, and stands for no bound."""
    for name, value in defaults.items():
        is_free = isinstance(value, str | bool) or value in (math.inf, -math.inf)
        if not is_free and not _is_number(value):
            raise PluginFault(f"{what}: the default of its parameter {shortened(name)} is no number that a float holds")


def _is_number(value: object) -> bool:
    """Tell whether something is a finite real number that a float can hold."""
    if isinstance(value, bool | np.bool_):
        return False
    try:
        return isinstance(value, int | float | np.integer | np.floating) and math.isfinite(value)
    except OverflowError:
        return False


def kind_of(value: object) -> str:
    """Return what something is, in words for an error line: a number as it is, anything else by its type."""
    if value is None or type(value) in (bool, float, complex, str):
        return shortened(repr(value), 40)
    if type(value) is int:
        return str(value) if value.bit_length() < _WORDY else f"a number of {value.bit_length()} bits"
    kind = type(value)
    module = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
    return f"a {shortened(f'{module}{kind.__qualname__}', 60)}"
