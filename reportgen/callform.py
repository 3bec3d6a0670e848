"""Call forms, read as people paste them from their code and written back in one canonical way.

``he_normal``, ``he_normal(mode=fan_out)`` and ``nn.init.kaiming_uniform_(self.fc1.weight, a=math.sqrt(5))`` are call
forms. Nothing that stands in one is run: it is a syntax tree, of which a few shapes are understood.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from reportgen.arithmetic import Unreadable, dotted, is_sum, worked_out
from reportgen.errors import UsageError, shortened

__all__ = ["LONGEST", "Call", "Scalar", "Value", "Word", "call_form", "parse_call"]

Scalar = float | int | str | bool
Value = Scalar | tuple[int, ...] | None
"""What can be written in a call form; a parameter of ours is a scalar."""

LONGEST = 1000
"""Characters of the longest call form that is read."""

_FORM = "write name or name(parameter=value, ...)"
_WRAPPERS = ("partial", "Activation")
"""``functools.partial(nn.gelu, approximate=False)`` and Keras's ``Activation('relu')`` name the function first."""

_ASSIGNED = re.compile(r"^[A-Za-z_][\w.]*\s*=(?!=)\s*")
"""``self.act = nn.ReLU()`` and ``activation="relu"`` give a call form to a name."""


class Word(str):
    """A text without quotes: a bare word, or code such as ``self.fc1.weight``."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Call:
    """A call form, taken apart.

    Attributes
    ----------
    name
        What stands behind the last dot.
    path
        What stands before it: "torch.nn.init", or "".
    positional, keywords
        The values without and with a name.
    """

    name: str
    path: str
    positional: tuple[Value, ...]
    keywords: Mapping[str, Value]


@lru_cache(maxsize=512)
def parse_call(text: str, kind: str = "name") -> Call:
    """Take a call form apart.

    Bare words are strings, so that ``mode=fan_out`` needs no quotes, and numbers may be sums.

    Parameters
    ----------
    text
        What the user wrote.
    kind
        What it stands for, for the error line.

    Raises
    ------
    UsageError
        For what is no call form.

    Examples
    --------
    >>> parse_call("nn.init.xavier_uniform_(gain=5 / 2)")
    Call(name='xavier_uniform_', path='nn.init', positional=(), keywords={'gain': 2.5})
    """
    reason = _FORM
    if len(text) > LONGEST:
        reason = f"it has {len(text)} characters, and {LONGEST} are the most that is read"
    else:
        try:
            return _call(_tree(text))
        except Unreadable as error:
            reason = str(error)
        except (SyntaxError, ValueError, TypeError, OverflowError, MemoryError, RecursionError):
            pass  # all that ast raises on text that is no expression
    raise UsageError(f"cannot read {kind} '{shortened(text)}': {reason}")


def call_form(name: str, parameters: Mapping[str, Scalar], defaults: Mapping[str, Scalar]) -> str:
    """Return the canonical spelling: only what differs from the defaults, in their order.

    Examples
    --------
    >>> call_form("he_normal", {"mode": "fan_out"}, {"mode": "fan_in"})
    'he_normal(mode=fan_out)'
    """
    changed = [f"{key}={_spell(parameters[key])}" for key in defaults if parameters[key] != defaults[key]]
    return f"{name}({', '.join(changed)})" if changed else name


def _spell(value: Scalar) -> str:
    """Write a value so that reading it gives the same value: a cell knows its initializer by this text alone."""
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _tree(text: str) -> ast.expr:
    """Return the syntax tree, without a name that it is given to and a comma at its end."""
    bare = _ASSIGNED.sub("", text.strip(), count=1).rstrip(",; \t\n")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "\d" is no call form, and its warning no answer
        return ast.parse(bare, mode="eval").body


def _call(node: ast.expr) -> Call:
    if isinstance(node, ast.Lambda):
        return _call(node.body)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return _call(_tree(node.value))
    if not isinstance(node, ast.Call):
        return _named(node)
    if isinstance(node.func, ast.Call):
        return _call(node.func)  # nn.ReLU()(x): the data that it is called with is not ours to read
    named = _named(node.func)
    if named.name in _WRAPPERS and node.args:
        inner = _call(node.args[0])
        rest = _with_values(inner, node.args[1:], node.keywords)
        return Call(inner.name, inner.path, inner.positional + rest.positional, {**inner.keywords, **rest.keywords})
    return _with_values(named, node.args, node.keywords)


def _named(node: ast.expr) -> Call:
    path, _, name = dotted(node).rpartition(".")
    if not name:
        raise Unreadable(_FORM)
    return Call(name, path, (), {})


def _with_values(named: Call, args: list[ast.expr], given: list[ast.keyword]) -> Call:
    keywords = {str(item.arg): _value(item.value) for item in given if item.arg}
    if len(keywords) < len(given):
        raise Unreadable(_FORM)  # **options, or a name that comes twice
    positional = [_tensor(item) if first else _value(item) for first, item in zip([True], args, strict=False)]
    return Call(named.name, named.path, (*positional, *map(_value, args[1:])), keywords)


def _tensor(node: ast.expr) -> Value:
    """Read the first value, which in PyTorch's functions is a tensor and may be made on the spot."""
    if isinstance(node, ast.Call) and dotted(node.func) and not is_sum(node):
        return Word(ast.unparse(node))
    return _value(node)


def _value(node: ast.expr) -> Value:
    if isinstance(node, ast.Constant) and (node.value is None or isinstance(node.value, bool | str)):
        return node.value
    if isinstance(node, ast.Tuple | ast.List):
        return tuple(_whole(item) for item in node.elts)
    if isinstance(node, ast.Name | ast.Attribute | ast.Subscript) and not is_sum(node):
        return Word(ast.unparse(node))
    return worked_out(node)


def _whole(node: ast.expr) -> int:
    number = worked_out(node)
    if not isinstance(number, int):
        raise Unreadable(f"{shortened(ast.unparse(node), limit=40)} is no whole number")
    return number
