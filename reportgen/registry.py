"""Named things with parameters, written the way one would call them.

A `Registry` holds definitions. `registry.get("random_normal(stddev=1.0)")` looks the name up (an alias or a different
capitalization will do), fills in the defaults and builds the item under its canonical name, so that two spellings of
the same thing are equal: ``RandomNormal(stddev=1)`` and ``random_normal(stddev=1.0)`` give one result.
"""

from __future__ import annotations

import ast
import inspect
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from reportgen.errors import UsageError, did_you_mean

__all__ = ["Definition", "Registry", "Scalar", "Told", "call_form", "keyword_defaults", "parse_call", "tell"]

Scalar = float | int | str | bool
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
    aliases
        Other spellings, each with the parameter values that this spelling implies. Those parameters also come first,
        in the order given, where values are written without a name: ``{"normal": {"stddev": 0.01}}`` reads
        ``normal(0.02)`` as a standard deviation.
    parameter_aliases
        Other spellings of parameters, e.g. ``{"std": "stddev"}``.
    owner
        The module that defines it; a plugin cannot take a name of ours, or of another plugin, for its own.
    """

    name: str
    build: Callable[[str, dict[str, Scalar]], T]
    parameters: Mapping[str, Scalar] = field(default_factory=dict)
    aliases: Mapping[str, Mapping[str, Scalar]] = field(default_factory=dict)
    parameter_aliases: Mapping[str, str] = field(default_factory=dict)
    owner: str = ""


class Registry(Generic[T]):
    """An ordered collection of definitions that are looked up by name, alias or call form.

    Parameters
    ----------
    kind
        What is registered, for error lines: "initializer", "activation".
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._definitions: dict[str, Definition[T]] = {}
        self._spellings: dict[str, tuple[str, Mapping[str, Scalar]]] = {}

    def add(self, definition: Definition[T]) -> None:
        """Register a definition; the same one again, from the same module, replaces the earlier one.

        Raises
        ------
        UsageError
            If a name or alias is taken by another definition.
        """
        if definition.name in self._definitions and self._definitions[definition.name].owner != definition.owner:
            raise UsageError(f"{self.kind} {definition.name}: the name is taken, choose another one")
        spellings: dict[str, Mapping[str, Scalar]] = {definition.name: {}, **definition.aliases}
        for spelling in spellings:
            owner = self._spellings.get(_fold(spelling), (definition.name, {}))[0]
            if owner != definition.name:
                raise UsageError(f"{self.kind} {definition.name}: the name {spelling} already belongs to {owner}")
        self._spellings = {key: value for key, value in self._spellings.items() if value[0] != definition.name}
        self._definitions[definition.name] = definition
        for spelling, implied in spellings.items():
            self._spellings[_fold(spelling)] = (definition.name, implied)

    def get(self, text: str) -> T:
        """Build the item that a name or call form stands for.

        Parameters
        ----------
        text
            For example ``he_normal``, ``HeNormal`` or ``he_normal(mode=fan_out)``.

        Raises
        ------
        UsageError
            If the name or a parameter is unknown, a parameter is given twice, or a value has the wrong type.
        """
        written, positional, keywords = parse_call(text, self.kind)
        definition, implied = self._find(written)
        where = f"{self.kind} {definition.name}"
        given = {**implied, **_given(definition, implied, positional, keywords, where)}
        parameters = {
            key: _coerce(given.get(key, default), default, f"{where}: {key}")
            for key, default in definition.parameters.items()
        }
        return definition.build(call_form(definition.name, parameters, definition.parameters), parameters)

    def definition(self, text: str) -> Definition[T]:
        """Return the definition behind a name, an alias or a call form."""
        return self._find(parse_call(text, self.kind)[0])[0]

    def names(self) -> list[str]:
        """Return the canonical names in the order of registration."""
        return list(self._definitions)

    def __iter__(self) -> Iterator[T]:
        """Iterate over every item, built with its defaults."""
        return (self.get(name) for name in self.names())

    def __len__(self) -> int:
        return len(self._definitions)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and _fold(name) in self._spellings

    def _find(self, written: str) -> tuple[Definition[T], Mapping[str, Scalar]]:
        try:
            name, implied = self._spellings[_fold(written)]
        except KeyError:
            hint = did_you_mean(written, self.names(), self._spellings)
            raise UsageError(f"unknown {self.kind} {written!r}: {hint}") from None
        return self._definitions[name], implied


def parse_call(text: str, kind: str = "name") -> tuple[str, list[Scalar], dict[str, Scalar]]:
    """Split a call form into its name, positional values and keyword values.

    Bare words are strings, so that ``mode=fan_out`` needs no quotes.

    Examples
    --------
    >>> parse_call("he_normal(mode=fan_out)")
    ('he_normal', [], {'mode': 'fan_out'})
    """
    try:
        node = ast.parse(text.strip(), mode="eval").body
        if isinstance(node, ast.Name):
            return node.id, [], {}
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            keywords = {_keyword(item): _literal(item.value) for item in node.keywords}
            if len(keywords) == len(node.keywords):
                return node.func.id, [_literal(item) for item in node.args], keywords
    except (SyntaxError, ValueError, TypeError, OverflowError, MemoryError, RecursionError):
        pass  # all that ast raises on text that is no literal
    raise UsageError(f"cannot read {kind} {text!r}: write name or name(parameter=value, ...)")


def call_form(name: str, parameters: Mapping[str, Scalar], defaults: Mapping[str, Scalar]) -> str:
    """Return the canonical spelling: only what differs from the defaults, in their order.

    Examples
    --------
    >>> call_form("he_normal", {"mode": "fan_out"}, {"mode": "fan_in"})
    'he_normal(mode=fan_out)'
    """
    changed = [f"{key}={_spell(parameters[key])}" for key in defaults if parameters[key] != defaults[key]]
    return f"{name}({', '.join(changed)})" if changed else name


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


def _spell(value: Scalar) -> str:
    """Write a value so that reading it gives the same value: a cell knows its initializer by this text alone."""
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _keyword(item: ast.keyword) -> str:
    if item.arg is None:
        raise ValueError("** is not part of a call form")
    return item.arg


def _literal(node: ast.expr) -> Scalar:
    if isinstance(node, ast.Name):
        return node.id
    value = ast.literal_eval(node)
    if not isinstance(value, Scalar):
        raise ValueError("not a number, word or truth value")
    if isinstance(value, int):
        float(value)  # raises OverflowError where no float is large enough
    return value


def _given(
    definition: Definition[T],
    implied: Mapping[str, Scalar],
    positional: list[Scalar],
    keywords: Mapping[str, Scalar],
    where: str,
) -> dict[str, Scalar]:
    """Return the values that the user wrote, by the parameters' own names."""
    order = list(dict.fromkeys([*implied, *definition.parameters]))
    if len(positional) > len(order):
        raise UsageError(f"{where}: too many values; {_expected(definition)}")
    given = dict(zip(order, positional, strict=False))
    for written, value in keywords.items():
        key = definition.parameter_aliases.get(written, written)
        if key not in definition.parameters:
            raise UsageError(f"{where}: unknown parameter {written}; {_expected(definition, written)}")
        if key in given:
            raise UsageError(f"{where}: {key} is given twice")
        given[key] = value
    return given


def _expected(definition: Definition[T], written: str = "") -> str:
    if not definition.parameters:
        return f"{definition.name} takes no parameters"
    return did_you_mean(written, definition.parameters)


def _coerce(value: Scalar, default: Scalar, where: str) -> Scalar:
    if isinstance(default, bool):
        truth = {"true": True, "false": False}.get(str(value).lower())
        if truth is None:
            raise UsageError(f"{where} must be true or false, not {value!r}")
        return truth
    if isinstance(default, str):
        if not isinstance(value, str):
            raise UsageError(f"{where} must be a word such as {default}, not {value!r}")
        return value
    if isinstance(value, bool | str) or not math.isfinite(value):
        raise UsageError(f"{where} must be a finite number, not {value!r}")
    if isinstance(default, int) and value != int(value):
        raise UsageError(f"{where} must be a whole number, not {value!r}")
    return type(default)(value) + 0  # makes minus zero the same thing as zero


def _fold(name: str) -> str:
    """Fold CamelCase and capitals; a trailing underscore stays, PyTorch gives it a meaning of its own."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip()).lower()
