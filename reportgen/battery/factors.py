"""Factors of a cell: the fields of a frozen dataclass as pure data, and the dataclass again from the data.

A field is a word, a number, a truth value or a tuple of them. One field of a class may be a mapping: what it holds are
factors under their own names, as those of a data set are, which has more of them where it comes from a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from reportgen.battery.cell import Factor

__all__ = ["factors_of", "from_factors"]

T = TypeVar("T")

_SCALARS = (str, int, float, bool)


def factors_of(part: object) -> dict[str, Factor]:
    """Return the fields of a dataclass as the factors of a cell.

    Raises
    ------
    TypeError
        For a value of another type than its field declares.
    ValueError
        If a name of the mapping is that of another field.
    """
    kind = type(part)
    own = {name: _checked(getattr(part, name), hint, f"{kind.__name__}.{name}") for name, hint in _own(kind).items()}
    others = {} if (mapping := _mapping(kind)) is None else _plain(getattr(part, mapping), f"{kind.__name__}.{mapping}")
    if twice := own.keys() & others.keys():
        raise ValueError(f"{kind.__name__}.{mapping} names other fields: {sorted(twice)}")
    return {**own, **others}


def from_factors(kind: type[T], factors: Mapping[str, Factor]) -> T:
    """Return the dataclass that has these factors; its mapping gets those that are no fields.

    Raises
    ------
    TypeError
        For a factor that is missing, unknown or of another type than its field declares.
    """
    own, mapping = _own(kind), _mapping(kind)
    others = {name: factor for name, factor in factors.items() if name not in own}
    if absent := own.keys() - factors.keys():
        raise TypeError(f"{kind.__name__}: no factor {', '.join(sorted(absent))}")
    if others and mapping is None:
        raise TypeError(f"{kind.__name__}: unknown factor {', '.join(sorted(others))}")
    values = {name: _checked(factors[name], hint, f"{kind.__name__}.{name}") for name, hint in own.items()}
    return kind(**values, **({} if mapping is None else {mapping: others}))


def _own(kind: type) -> dict[str, Any]:
    """Return the fields that are factors themselves, with their types."""
    return _fields(kind)[0]


def _mapping(kind: type) -> str | None:
    """Return the name of the field that holds factors under their own names, None if there is none."""
    return _fields(kind)[1]


@cache
def _fields(kind: type) -> tuple[dict[str, Any], str | None]:
    """Return what `_own` and `_mapping` do: hundreds of cells are of one kind."""
    hints = get_type_hints(kind)
    own = {field.name: hints[field.name] for field in fields(kind) if get_origin(hints[field.name]) is not Mapping}
    names = [field.name for field in fields(kind) if field.name not in own]
    if len(names) > 1:
        raise TypeError(f"{kind.__name__}: only one field may be a mapping, not {', '.join(names)}")
    return own, names[0] if names else None


def _checked(value: object, hint: Any, where: str) -> Any:
    """Return a value as its field declares it; a whole number may stand for a number of any kind."""
    if get_origin(hint) is tuple and isinstance(value, tuple):
        return tuple(_checked(item, get_args(hint)[0], where) for item in value)
    if hint is float and type(value) is int:
        return float(value)
    if hint in _SCALARS and isinstance(value, hint) and isinstance(value, bool) == (hint is bool):
        return hint(value)  # a plain number, where numpy's float64 was given
    raise TypeError(f"{where} must be {getattr(hint, '__name__', hint)}, not {value!r}")


def _plain(factors: Mapping[str, Factor], where: str) -> dict[str, Factor]:
    return {name: _checked(factor, _hint(factor), f"{where}[{name!r}]") for name, factor in factors.items()}


def _hint(factor: Factor) -> Any:
    """Return the type that a factor under its own name has; the items of a tuple are of the type of the first."""
    items: Any = type(factor[0]) if isinstance(factor, tuple) and factor else None
    return tuple[items, ...] if items else type(factor)
