"""How one registered thing is built from its parameters, and how its own call form is read."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import isfinite, isinf
from typing import Generic, TypeVar

from reportgen.callform import Call, Scalar, Value, Word
from reportgen.errors import UsageError, did_you_mean, shortened
from reportgen.frameworks import Misread, Refused, ignore, is_theirs, quoted

__all__ = ["Definition", "Told", "keyword_defaults", "tell"]

Told = str | Callable[..., str]
"""A text, or a function of the parameters that returns it."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Definition(Generic[T]):
    """How to build one registered thing from its parameters.

    Attributes
    ----------
    name
        Canonical snake_case name.
    build
        Called as ``build(canonical_name, parameters)`` with every parameter present.
    parameters
        Defaults, in the order in which positional values are read. The type of a default is the type of the parameter.
        A parameter whose default is infinite may be infinite.
    aliases
        Other spellings, each with the parameter values that this spelling implies. Those parameters also come first,
        in the order given, where values are written without a name: ``{"normal": {"stddev": 0.01}}`` reads
        ``normal(0.02)`` as a standard deviation.
    parameter_aliases
        Other spellings of parameters, e.g. ``{"std": "stddev"}``.
    owner
        The module that defines it; a plugin cannot take a name of ours, or of another plugin, for its own.
    simpler
        Called with the parameters; the call form of the same thing under a name that says more, or "".
    instead
        Parameters that it lacks on purpose, each with a function of all that was written that returns what to write.
    """

    name: str
    build: Callable[[str, dict[str, Scalar]], T]
    parameters: Mapping[str, Scalar] = field(default_factory=dict)
    aliases: Mapping[str, Mapping[str, Scalar]] = field(default_factory=dict)
    parameter_aliases: Mapping[str, str] = field(default_factory=dict)
    owner: str = ""
    simpler: Callable[..., str] | None = None
    instead: Mapping[str, Callable[[Mapping[str, Value]], str]] = field(default_factory=dict)

    def places(self, call: Call, implied: Mapping[str, Value]) -> tuple[str, ...]:
        """Return the parameters that the values without a name go to."""
        return tuple(dict.fromkeys([*implied, *self.parameters]))[: len(call.positional)]

    def read(self, call: Call, implied: Mapping[str, Value]) -> dict[str, Scalar]:
        """Return every parameter, from what was written and what the spelling implies.

        Raises
        ------
        Misread
            If a parameter is unknown or given twice, or a value has the wrong type.
        Refused
            If a parameter is one that cannot be had, with what to write instead.
        """
        given: dict[str, Value] = {**implied, **self._given(call, implied)}
        return {key: _coerce(given.get(key, default), default, key) for key, default in self.parameters.items()}

    def _given(self, call: Call, implied: Mapping[str, Value]) -> dict[str, Value]:
        """Return the values that the user wrote, by the parameters' own names."""
        places = self.places(call, implied)
        if len(call.positional) > len(places):
            raise Misread(f"too many values; {self._expected()}")
        given = dict(zip(places, call.positional, strict=True))
        for written, value in call.keywords.items():
            key = self.parameter_aliases.get(written, written)
            if key in given:
                raise Misread(f"{key} is given twice")
            if key in self.parameters:
                given[key] = value
            elif key in self.instead:
                raise Refused(self.instead[key](call.keywords))
            elif is_theirs(key):
                ignore(key, value)
            else:
                raise Misread(f"unknown parameter {shortened(written)}; {self._expected(written)}")
        return given

    def _expected(self, written: str = "") -> str:
        if not self.parameters:
            return f"{self.name} takes no parameters"
        return did_you_mean(written, self.parameters)


def keyword_defaults(function: Callable[..., object]) -> dict[str, Scalar]:
    """Return the keyword-only parameters of a function with their defaults.

    Raises
    ------
    UsageError
        If one has no default, or its default is no number, word or truth value.

    Examples
    --------
    >>> def normal(rng, shape, *, mean=0.0, stddev=1.0): ...
    >>> keyword_defaults(normal)
    {'mean': 0.0, 'stddev': 1.0}
    """
    signature = inspect.signature(function).parameters.values()
    defaults = {item.name: item.default for item in signature if item.kind is item.KEYWORD_ONLY}
    for name, default in defaults.items():
        if not isinstance(default, Scalar):
            raise UsageError(f"{function.__name__}: parameter {name} needs a default: a number, word or truth value")
    return defaults


def tell(text: Told, parameters: Mapping[str, Scalar]) -> str:
    """Return a text that may depend on the parameters."""
    return text if isinstance(text, str) else text(**parameters)


def _coerce(value: Value, default: Scalar, key: str) -> Scalar:
    if isinstance(default, bool):
        truth = {"true": True, "false": False}.get(str(value).lower())
        if truth is None:
            raise Misread(f"{key} must be true or false, not {quoted(value)}")
        return truth
    if isinstance(default, str):
        if not isinstance(value, str):
            raise Misread(f"{key} must be a word such as {default}, not {quoted(value)}")
        return str(value).rpartition(".")[2] if isinstance(value, Word) else value
    if value == "inf" and isinf(default):
        return default
    if isinstance(value, bool | str | tuple) or value is None or not (isfinite(value) or value == default):
        raise Misread(f"{key} must be a finite number, not {quoted(value)}")
    if isinstance(default, int) and value != int(value):
        raise Misread(f"{key} must be a whole number, not {quoted(value)}")
    return type(default)(value) + 0  # makes minus zero the same thing as zero
