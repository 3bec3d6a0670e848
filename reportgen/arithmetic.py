"""Sums that stand for a number in a call form: ``5/3``, ``math.sqrt(5)``, ``nn.init.calculate_gain('tanh')``.

They are worked out over their syntax tree, in floating point, so that nothing that was typed is run and no power takes
long: numbers, ``+ - * / **``, parentheses, pi, sqrt and PyTorch's calculate_gain, and nothing else.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from math import isfinite, pi, sqrt

from reportgen.errors import shortened

__all__ = ["GAINS", "Unreadable", "calculate_gain", "dotted", "is_sum", "worked_out"]


class Unreadable(ValueError):
    """A part of a call form that stands for nothing, with the reason."""


GAINS: Mapping[str, float] = {
    **dict.fromkeys(("linear", "conv1d", "conv2d", "conv3d"), 1.0),
    **dict.fromkeys(("conv_transpose1d", "conv_transpose2d", "conv_transpose3d"), 1.0),
    "sigmoid": 1.0,
    "tanh": 5 / 3,
    "relu": sqrt(2),
    "leaky_relu": sqrt(2 / (1 + 0.01**2)),
    "selu": 3 / 4,
}
"""PyTorch's gains, torch.nn.init.calculate_gain, by its names of activations."""

_OPERATIONS: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}

_FUNCTIONS = ("sqrt", "calculate_gain")


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """Return the gain that PyTorch has for an activation; `param` is the slope of leaky_relu.

    Raises
    ------
    Unreadable
        For an activation that PyTorch has no gain for.

    Examples
    --------
    >>> calculate_gain("leaky_relu", 1.0)
    1.0
    """
    if nonlinearity not in GAINS:
        raise Unreadable(f"PyTorch has no gain for {shortened(nonlinearity)}, only for {', '.join(GAINS)}")
    if nonlinearity == "leaky_relu" and param is not None:
        return sqrt(2 / (1 + param * param))
    return GAINS[nonlinearity]


def dotted(node: ast.expr) -> str:
    """Return ``a.b.c`` as it is written, and "" for what is no chain of names."""
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return before and f"{before}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def is_sum(node: ast.expr) -> bool:
    """Tell whether an expression is one that `worked_out` may have a number for."""
    if isinstance(node, ast.Call):
        return _last(node.func) in _FUNCTIONS
    return isinstance(node, ast.Constant | ast.UnaryOp | ast.BinOp) or _last(node) == "pi"


def worked_out(node: ast.expr) -> float:
    """Return the number that an expression stands for; a whole number stays one where nothing is done to it.

    Raises
    ------
    Unreadable
        If it is none, or not one that a float can hold.

    Examples
    --------
    >>> worked_out(ast.parse("5 / 2 + 2 * math.sqrt(4)", mode="eval").body)
    6.5
    """
    try:
        number = _number(node)
        float(number)
    except ArithmeticError:
        raise Unreadable(f"{_text(node)} cannot be worked out") from None
    return number


def _number(node: ast.expr) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        number = _number(node.operand)
        return -number if isinstance(node.op, ast.USub) else number
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        return _finite(_OPERATIONS[type(node.op)](float(_number(node.left)), float(_number(node.right))))
    if _last(node) == "pi":
        return pi
    if isinstance(node, ast.Call) and not node.keywords and _last(node.func) == "sqrt" and len(node.args) == 1:
        number = _number(node.args[0])
        if number >= 0:
            return sqrt(number)
    if isinstance(node, ast.Call) and _last(node.func) == "calculate_gain":
        return _gain(node)
    raise Unreadable(f"{_text(node)} is no number")


def _finite(number: float | complex) -> float:
    """Refuse what a power of a negative number, or one beyond all floats, gives."""
    if isinstance(number, complex) or not isfinite(number):
        raise ArithmeticError
    return number


def _gain(node: ast.Call) -> float:
    given = dict(zip(("nonlinearity", "param"), node.args, strict=False))
    given |= {item.arg: item.value for item in node.keywords if item.arg}
    if not {"nonlinearity"} <= set(given) <= {"nonlinearity", "param"} or len(given) < len(node.args):
        raise Unreadable("write calculate_gain('leaky_relu', 0.2), the name and its slope")
    name, param = given["nonlinearity"], given.get("param")
    word = name.value if isinstance(name, ast.Constant) else dotted(name).rpartition(".")[2]
    has_slope = param is not None and not (isinstance(param, ast.Constant) and param.value is None)
    return calculate_gain(str(word), _number(param) if param is not None and has_slope else None)


def _last(node: ast.expr) -> str:
    return dotted(node).rpartition(".")[2]


def _text(node: ast.expr) -> str:
    return shortened(ast.unparse(node), limit=40)
