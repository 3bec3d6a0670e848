"""Numbers as people write them: a point or a comma before the decimals, groups of thousands, percent, truth values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import DataError, shortened

__all__ = ["FALSE", "MISSING", "TRUE", "as_numbers", "decimal_mark", "looks_numeric", "strays"]

_ERRORS = (
    *("#N/A", "#N/A N/A", "#NA", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"),
    *("#NV", "#WERT!", "#BEZUG!", "#ZAHL!", "#ÜBERLAUF!"),
    *("#VALEUR!", "#NOM?", "#NOMBRE!", "#NUL!"),
    *("#N/D", "#¡DIV/0!", "#¡VALOR!", "#¡REF!", "#¿NOMBRE?", "#¡NUM!", "#¡NULO!"),
    *("#VALORE!", "#RIF!", "#NOME?", "#NULLO!", "#VALOR!", "#NÚM!", "#NULO!"),
    *("#N/B", "#DEEL/0!", "#WAARDE!", "#VERW!", "#NAAM?", "#GETAL!", "#LEEG!"),
    *("#DZIEL/0!", "#ARG!", "#ADR!", "#NAZWA?", "#LICZBA!", "#ZERO!"),
    *("#SAKNAS!", "#DIVISION/0!", "#VÄRDEFEL!", "#REFERENS!", "#NAMN?", "#OGILTIGT!"),
    *("#I/T", "#VÆRDI!", "#REFERENCE!", "#NAVN?", "#VERDI!"),
    *("#Н/Д", "#ДЕЛ/0!", "#ЗНАЧ!", "#ССЫЛКА!", "#ИМЯ?", "#ЧИСЛО!", "#ПУСТО!"),
)
"""What spreadsheet programs write into a cell whose formula failed, in the language of their menus."""

_ABSENT = (
    *("n. v.", "n.v.", "N.V.", "k. A.", "k.A.", "n.\u00a0v.", "k.\u00a0A."),
    *("n/d", "N/D", "n.d.", "s/d", "S/D", "s.d."),
)
"""What people write where there is no value, in words that name no class."""

MISSING = (
    *("", "?", "n/a", "na", "nan", "null", "N/A", "NA", "NULL", "Null", "NaN", "-nan", "-NaN", "<NA>"),
    *("1.#IND", "1.#QNAN", "-1.#IND", "-1.#QNAN"),
    *_ERRORS,
    *_ABSENT,
)
"""What stands in a text table where a value is missing."""

TRUE, FALSE = ("1", "true", "True", "TRUE"), ("0", "false", "False", "FALSE")
"""Truth values of a text table, which become 1 and 0."""

_GROUPS = " \u00a0\u202f'’"
"""What stands between thousands in one country or another, beside the other decimal mark."""

_NUMERIC = re.compile(r"[+\-−]?[\d.,\u00a0\u202f'’]*\d[\d.,]*(?:[eE][+\-−]?\d+)?\s?%?")
_COMMA = re.compile(r"[+\-−]?(?:\d*,(?!\d{3}\b)\d+|0,\d+|,\d+|\d{4,},\d+|\d{1,3}(?:\.\d{3})+,\d+)(?:[eE]\S+)?\s?%?")
_POINT = re.compile(r"[+\-−]?(?:\d*\.(?!\d{3}\b)\d*|0\.\d+|\.\d+|\d{4,}\.\d*|\d{1,3}(?:,\d{3})+\.\d*)(?:[eE]\S+)?\s?%?")
_COMMAS = re.compile(r"[+\-−]?\d{1,3}(?:,\d{3}){2,}\s?%?")
_POINTS = re.compile(r"[+\-−]?\d{1,3}(?:\.\d{3}){2,}\s?%?")
_EITHER = re.compile(r"[+\-−]?[1-9]\d{0,2},\d{3}\s?%?")


def looks_numeric(text: str) -> bool:
    """Tell whether a value is a number in some country, or missing."""
    return text in MISSING or _NUMERIC.fullmatch(text) is not None


def decimal_mark(columns: Iterable[tuple[str, Iterable[str]]]) -> str:
    """Return what stands before the decimals of a table, given its columns: a point, unless the values say comma.

    Raises
    ------
    DataError
        If they say both, or hold a number as 1,234 that can be read either way.
    """
    said: dict[str, str] = {}
    for name, values in columns:
        for value in values:
            if "," in value or "." in value:
                said.setdefault(_says(value), f"{shortened(value, 20)!r} in column {shortened(name, 30)!r}")
    if "," in said and "." in said:
        raise DataError(
            f"the decimal mark is a comma by {said[',']} but a point by {said['.']}: pass --decimal , or --decimal ., "
            "with which the others are text"
        )
    if "either" in said and len(said.keys() & {",", "."}) == 0:
        raise DataError(f"{said['either']} has three decimals or is thousands: pass --decimal , or --decimal .")
    return "," if "," in said else "."


def _says(value: str) -> str:
    """Return which decimal mark a value speaks for, ``either`` if one cannot tell and nothing if it is no number."""
    if _COMMA.fullmatch(value) or _POINTS.fullmatch(value):
        return ","
    if _POINT.fullmatch(value) or _COMMAS.fullmatch(value):
        return "."
    return "either" if _EITHER.fullmatch(value) else ""


def as_numbers(values: Sequence[str | None], decimal: str) -> NDArray[np.float64] | None:
    """Return the values as numbers, nan where one is missing; None if they are not all numbers.

    A column in percent is divided by 100. It has to be in percent from top to bottom.
    """
    words = set(values) - {None}
    if words & _TRUTH:
        read = {word: float(word in TRUE) for word in words if word in TRUE + FALSE}
    else:
        read = _numbers({str(word) for word in words}, decimal)
    if len(read) < len(words):
        return None
    return np.array([np.nan if value is None else read[value] for value in values])


_TRUTH = {*TRUE, *FALSE} - {"0", "1"}


def _numbers(words: set[str], decimal: str) -> dict[str, float]:
    """Return what is a number in one country's form, by how it is written."""
    is_percent = bool(words) and all(word.endswith("%") for word in words)
    form, other = _forms(decimal)
    read = {}
    for word in words:
        number = _plain(word.removesuffix("%").rstrip() if is_percent else word, form, other, decimal)
        if number is None:
            break
        read[word] = number / 100 if is_percent else number
    return read


def _forms(decimal: str) -> tuple[re.Pattern[str], str]:
    other = f"{_GROUPS}{'.' if decimal == ',' else ','}"
    mark = re.escape(decimal)
    groups = "|".join(rf"\d{{1,3}}(?:{re.escape(one)}\d{{3}})+" for one in other)
    return re.compile(rf"[+\-−]?(?:(?:{groups}|\d+)(?:{mark}\d*)?|{mark}\d+)(?:[eE][+\-−]?\d+)?"), other


def _plain(text: str, form: re.Pattern[str], other: str, decimal: str) -> float | None:
    if form.fullmatch(text):
        return float(text.translate({ord(one): None for one in other}).replace("−", "-").replace(decimal, "."))
    if text.lower().lstrip("+-") in ("inf", "infinity"):
        return float(text)
    return None


def strays(values: Sequence[str | None], decimal: str | None) -> list[int]:
    """Return where the values are that are no numbers in the form in which the most are.

    Parameters
    ----------
    values
        What stands in the cells of a column; None where one is missing.
    decimal
        The decimal mark as told; None tries both.
    """
    words = {value for value in values if value is not None}
    forms = [_read(words, mark, is_percent) for mark in ([decimal] if decimal else _MARKS) for is_percent in _EVERY]
    least = min(([*map(_is_left(read), values)] for read in [*forms, words & _TRUTHS]), key=sum)
    return [at for at, is_left in enumerate(least) if is_left]


_MARKS, _EVERY = (".", ","), (False, True)
_TRUTHS = {*TRUE, *FALSE}


def _read(words: set[str], decimal: str, is_percent: bool) -> set[str]:
    """Return what is a number with one decimal mark, and in percent or not."""
    form, other = _forms(decimal)
    stripped = {word: word.removesuffix("%").rstrip() if is_percent else word for word in words}
    fit = {word for word, text in stripped.items() if word.endswith("%") == is_percent}
    return {word for word in fit if _plain(stripped[word], form, other, decimal) is not None}


def _is_left(read: set[str]) -> Callable[[str | None], bool]:
    return lambda value: value is not None and value not in read
