"""How the prose writes numbers, lists and tables: plain functions from values to text."""

from __future__ import annotations

import html
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from numbers import Integral, Real
from typing import Any, Protocol, SupportsFloat

from reportgen.judgments.estimates import FEWEST, Estimate

__all__ = ["FILTERS", "Frame", "anchor", "num", "percent", "plain", "pm", "table", "text", "whole", "words", "yaml"]

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_MARKUP = re.compile(r"[\\`*$\[\]|~^@{}<>&]|(?<![^\W_])_|_(?![^\W_])")
"""What Markdown or HTML could take for more than a letter; an underscore inside of a word is one."""

_WRITTEN = re.compile(r"\\([\\`*$\[\]|~^@{}_])|&(?:lt|gt|amp);")
"""The same as `text` writes it."""

_PROSE, _TABLE = 2, 3
"""Significant digits of a measured number in a sentence and in a table."""

_PLAIN = range(-3, 5)
"""Decimal exponents that are written out: 0.001 up to 99,999."""


_SMALL_SHARE, _NEARLY_ALL, _ALL = 10, 99.5, 100
"""Percentages that are written with a second digit, and that would be rounded to all."""


class Frame(Protocol):
    """What `table` asks of a data frame."""

    @property
    def columns(self) -> Iterable[Any]:
        """The names of the columns."""
        ...

    def itertuples(self, index: bool = ..., name: str | None = ...) -> Iterator[tuple[Any, ...]]:
        """Iterate over the rows."""
        ...


def num(value: SupportsFloat, digits: int = _PROSE) -> str:
    """Write a measured number with two significant digits, or as many as are asked for, and a count as it is.

    Examples
    --------
    >>> num(0.6512), num(6929.7), num(-1.0), num(1024), num(2**0.5, 3)
    ('0.65', '6,900', '−1.0', '1,024', '1.41')
    >>> num(1.9073e-6), num(123456.0), num(0.0)
    ('1.9×10⁻⁶', '1.2×10⁵', '0')
    >>> num(float("nan")), num(float("inf"))
    ('not a number', 'overflow')
    """
    if isinstance(value, Integral):
        return whole(value)
    number = float(value)
    if number == 0 or not math.isfinite(number):
        return whole(number)
    mantissa, exponent = f"{number:.{digits - 1}e}".split("e")
    if (power := int(exponent)) in _PLAIN:
        return _fixed(float(f"{mantissa}e{power}"), digits - 1 - power)
    return f"{_minus(mantissa)}{_power_of_ten(power)}"


def whole(value: SupportsFloat) -> str:
    """Write a number without decimals, thousands separated.

    Examples
    --------
    >>> whole(1797), whole(49.6), whole(float("inf"))
    ('1,797', '50', 'overflow')
    """
    number = float(value)
    if math.isnan(number):
        return "not a number"
    if math.isinf(number):
        return "overflow"
    return _fixed(round(number), 0)


def percent(value: SupportsFloat) -> str:
    """Write a share of one as a percentage: whole, or with two significant digits where it is small.

    Nearly all is not called all.

    Examples
    --------
    >>> percent(0.8934), percent(0.0213), percent(1), percent(0.9971), percent(0.0), percent(float("nan"))
    ('89%', '2.1%', '100%', 'over 99%', '0%', 'not a number')
    """
    share = 100 * float(value)
    if not math.isfinite(share):
        return num(share)
    if _NEARLY_ALL < share < _ALL:
        return "over 99%"
    return f"{whole(share) if share >= _SMALL_SHARE or share == 0 else num(share)}%"


def pm(estimate: Estimate, digits: int = _PROSE) -> str:
    """Write a value with its standard error: one digit of the error, and the decimals of the value that it leaves.

    An error from fewer than `FEWEST` values says too little to be written; the value has `digits` then.

    Examples
    --------
    >>> pm(Estimate(1.00234, 0.0041)), pm(Estimate(6930.0, 120.0))
    ('1.002 ± 0.004', '6,900 ± 100')
    >>> pm(Estimate(1.907e-6, 2.3e-8)), pm(Estimate(2.0, 0.0))
    ('(1.91 ± 0.02)×10⁻⁶', '2.0 ± 0')
    >>> pm(Estimate(1.00234, 0.0041, number=2))
    '1.0'
    """
    if estimate.number < FEWEST:
        return num(estimate.value, digits)
    value, error = float(estimate.value), float(estimate.error)
    if not (math.isfinite(value) and math.isfinite(error) and error > 0):
        return f"{num(value, digits)} ± {num(error, digits)}"
    power = _exponent(max(abs(value), error))
    if power in _PLAIN:
        return _with_error(value, error)
    return f"({_with_error(value / 10.0**power, error / 10.0**power)}){_power_of_ten(power)}"


def text(name: object) -> str:
    r"""Write a text that is not ours, such as the name of a file, so that Markdown and HTML show it letter by letter.

    What is not printable, or no text at all (a byte of a file name that is not UTF-8), is written as Python escapes it.

    Examples
    --------
    >>> print(text("he_normal"), text("my_<b>$x_1$|data&co.csv"), text("_a*b*c\udcff"))
    he_normal my\_&lt;b&gt;\$x_1\$\|data&amp;co.csv \_a\*b\*c\\udcff
    """
    shown = "".join(one if one.isprintable() else ascii(one)[1:-1] for one in " ".join(str(name).split()))
    return _MARKUP.sub(
        lambda found: html.escape(found[0], quote=False) if found[0] in "<>&" else rf"\{found[0]}", shown
    )


def plain(markdown: str) -> str:
    r"""Return Markdown in which only `text` was marked up as the letters that a reader sees.

    Examples
    --------
    >>> print(plain(text("my_<b>$x_1$|data&co.csv")), plain("AT&T < 1"))
    my_<b>$x_1$|data&co.csv AT&T < 1
    """
    return _WRITTEN.sub(lambda found: html.unescape(found[0]) if found[1] is None else found[1], markdown)


def words(items: Iterable[Any]) -> str:
    """Join words or numbers as one would say them; a number has no zeros at its end, as a setting is typed.

    Examples
    --------
    >>> words(["sigmoid", "tanh", "softsign"]), words([2, 5]), words([0.1, 0.02]), words([])
    ('sigmoid, tanh and softsign', '2 and 5', '0.1 and 0.02', 'none')
    """
    *front, last = [_said(item) for item in items] or ["none"]
    return f"{', '.join(front)} and {last}" if front else last


def table(frame: Frame) -> str:
    r"""Write a data frame as a pipe table; columns of numbers are set flush right.

    Examples
    --------
    >>> import pandas as pd
    >>> print(table(pd.DataFrame({"activation": ["relu", "a|b"], "gain": [2**0.5, float("inf")]})))
    | activation | gain |
    | --- | ---: |
    | relu | 1.41 |
    | a\|b | overflow |
    """
    names = [str(name) for name in frame.columns]
    rows = list(frame.itertuples(index=False, name=None))
    rules = ["---:" if rows and all(_is_number(row[at]) for row in rows) else "---" for at in range(len(names))]
    lines = [map(text, names), rules, *(map(_cell, row) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def anchor(heading: str) -> str:
    """Return the anchor that GitHub gives a heading, so that a link works in every format.

    Headings have no underscores, which some readers drop: a name with one is looked up under its hyphens.

    Examples
    --------
    >>> anchor("Why 2, and not 1?"), anchor("fan_in")
    ('why-2-and-not-1', 'fan-in')
    """
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-").replace("_", "-")


def yaml(text: str) -> str:
    r"""Write a text between quotes, as YAML reads it, which does not join two escapes to one letter as JSON does.

    Examples
    --------
    >>> print(yaml('A "title": 🎲'))
    "A \"title\": 🎲"
    """
    return json.dumps(text, ensure_ascii=False)


FILTERS: Mapping[str, Callable[..., str]] = {
    "anchor": anchor,
    "num": num,
    "percent": percent,
    "pm": pm,
    "table": table,
    "text": text,
    "whole": whole,
    "words": words,
    "yaml": yaml,
}
"""Filter name -> function, as the templates know them."""


def _minus(text: str) -> str:
    return text.replace("-", "−")


def _power_of_ten(power: int) -> str:
    return f"×10{str(power).translate(_SUPERSCRIPT)}"


def _exponent(number: float) -> int:
    """Return the decimal exponent of a positive number after rounding it to three digits."""
    return int(f"{number:.2e}".split("e")[1])


def _fixed(number: float, decimals: int) -> str:
    return _minus(f"{number:z,.{max(decimals, 0)}f}")


def _with_error(value: float, error: float) -> str:
    decimals = -int(f"{error:.0e}".split("e")[1])
    return f"{_fixed(round(value, decimals), decimals)} ± {_fixed(round(error, decimals), decimals)}"


def _is_number(value: object) -> bool:
    return isinstance(value, Real | Estimate) and not isinstance(value, bool)


def _said(value: Any) -> str:
    """Write one value of a list."""
    if isinstance(value, Real) and not isinstance(value, Integral):
        return re.sub(r"(?<=\d)\.?0+$", "", num(value)) if "." in num(value) else num(value)
    return _cell(value)


def _cell(value: Any) -> str:
    """Write one value of a list or table; whole and measured numbers each in their own way."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Estimate):
        return pm(value, _TABLE)
    return num(value, _TABLE) if isinstance(value, Real) else text(value)
