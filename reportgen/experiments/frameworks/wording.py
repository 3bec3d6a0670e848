"""Formulas of the registry as plain text, for tables in which no formula can be set."""

from __future__ import annotations

import re

__all__ = ["in_code"]

_FANS = {r"n_{\mathrm{in}}": "fan_in", r"n_{\mathrm{out}}": "fan_out"}
_WORDS = {
    r"\mathrm{Var}": "Var",
    r"\mathcal{N}": "N",
    r"\mathcal{U}": "U",
    r"\left(": "(",
    r"\right)": ")",
    r"\times": "·",
    r"\sim": "~",
    r"\max": "max",
    r"\le": "≤",
    r"\quad": "",
    r"\sum_i": "Σ",
    "w_{ij}": "w",
    "^{2}": "²",
    "fan_in fan_out": "fan_in·fan_out",
}


def in_code(latex: str) -> str:
    r"""Return a formula of an initializer as one types it; what it does not know stays as it is.

    Examples
    --------
    >>> in_code(r"\mathrm{Var}(w) = \frac{2}{n_{\mathrm{in}} + n_{\mathrm{out}}}")
    'Var(w) = 2 / (fan_in + fan_out)'
    >>> in_code(r"w \sim \mathcal{N}\left( 0, 0.05^{2} \right), \quad -0.1 \le w \le 0.1")
    'w ~ N(0, 0.05²), -0.1 ≤ w ≤ 0.1'
    """
    text = latex
    for written, word in {**_FANS, **_WORDS}.items():
        text = text.replace(written, word)
    text = re.sub(r"\\sqrt\{([^{}]*)\}", r"√(\1)", text)
    text = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", _quotient, text)
    text = re.sub(r"10\^\{(-?\d+)\}", r"10^\1", text)
    return re.sub(r"(?<=\() | (?=\))", "", " ".join(text.split()))


def _quotient(found: re.Match[str]) -> str:
    above, below = found[1], found[2]
    return f"{above} / ({below})" if "+" in below else f"{above} / {below}"
