"""What a page says of itself where it is found or shared: its first sentences in plain words, formulas too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

from markdown_it.token import Token
from math_core import LatexError, LatexToMathML

__all__ = ["LONGEST", "SHORTEST", "plain_formula", "plain_words", "summary"]

SHORTEST, LONGEST = 50, 160
"""Letters of a description: fewer say too little, and of more the end is cut off."""

_SUPERSCRIPT = str.maketrans("0123456789+-−()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁿ")
_SUBSCRIPT = str.maketrans("0123456789+-−()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₍₎")
_RELATIONS = frozenset("=≈<>≤≥≠∼∝→±×+")
_UNMET = '<span class="unmet"'
"""Begins what a page adds where the numbers do not bear out a sentence: no part of what the page says."""


def summary(tokens: Iterable[Token]) -> str:
    """Return as many of the first sentences as make a description, as plain text.

    Parameters
    ----------
    tokens
        Of a whole page. Only its own paragraphs count: none of a list or table.
    """
    said = ""
    for sentence in _sentences(tokens):
        longer = f"{said} {sentence}".strip()
        if len(longer) > LONGEST:
            return said if len(said) >= SHORTEST else _cut(longer)
        said = longer
        if len(said) >= SHORTEST:
            return said
    return said


def plain_words(inline: Token) -> str:
    """Return the words of an inline token without their markup, and its formulas as one would type them."""
    return "".join(_words(inline.children or ()))


def plain_formula(latex: str) -> str:
    r"""Return a formula as one would type it.

    Examples
    --------
    >>> plain_formula(r"\sqrt{2}"), plain_formula(r"\sigma_w^2 = \frac{2}{n}"), plain_formula("10^{-16}")
    ('√2', 'σ_w² = 2/n', '10⁻¹⁶')
    """
    try:
        root = ElementTree.fromstring(_converter().convert_with_local_state(latex, displaystyle=False))
    except (LatexError, ElementTree.ParseError):
        return latex
    return " ".join(_typed(root).replace("∗", "*").split())


def _converter() -> LatexToMathML:
    return LatexToMathML(annotation=False, fancy_error=False)


def _sentences(tokens: Iterable[Token]) -> Iterator[str]:
    for opening, text in pairwise(tokens):
        if opening.type == "paragraph_open" and opening.level == 0:
            sentences = re.split(r"(?<=[.!?:])\s+(?=[^a-z])", " ".join(plain_words(text).split()))
            yield from (one for one in sentences if not one.endswith(":"))  # which only says that something follows


def _words(children: Iterable[Token]) -> Iterator[str]:
    unmet = False
    for child in children:
        if child.type == "html_inline":
            unmet = child.content.startswith(_UNMET) or (unmet and child.content != "</span>")
        elif not unmet:
            yield " " if child.type in ("softbreak", "hardbreak") else _word(child)


def _word(child: Token) -> str:
    return plain_formula(child.content) if child.type.startswith("math_") else child.content


def _cut(text: str) -> str:
    return f"{text[: LONGEST - 1].rpartition(' ')[0].rstrip(',;:')}…"


def _typed(element: ElementTree.Element) -> str:
    """Return an element of MathML as one would type it."""
    name = element.tag.rpartition("}")[2]
    parts = [_typed(child) for child in element]
    if name == "mo":
        text = (element.text or "").strip()
        return f" {text} " if text in _RELATIONS else text
    if name == "msqrt":
        return f"√{_held(''.join(parts))}"
    if name == "mfrac":
        return f"{_held(parts[0])}/{_held(parts[1])}"
    if name in _SCRIPTS:
        return parts[0] + "".join(write(part) for write, part in zip(_SCRIPTS[name], parts[1:], strict=False))
    return (element.text or "").strip() + "".join(parts) if name != "mspace" else " "


def _held(text: str) -> str:
    """Put what is more than one name or number into brackets."""
    return text if re.fullmatch(r"[\w.√′]*", text.strip()) else f"({text.strip()})"


def _raised(text: str) -> str:
    small = text.replace(" ", "").translate(_SUPERSCRIPT)
    return small if not re.search(r"[^⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿ*∗′]", small) else f"^{_held(text)}"


def _lowered(text: str) -> str:
    small = text.translate(_SUBSCRIPT)
    return small if re.fullmatch("[₀₁₂₃₄₅₆₇₈₉₊₋₍₎]*", small) else f"_{text.strip()}"


def _over(_accent: str) -> str:
    return ""


_SCRIPTS: dict[str, tuple[Any, ...]] = {
    "msup": (_raised,),
    "msub": (_lowered,),
    "msubsup": (_lowered, _raised),
    "munder": (_lowered,),
    "mover": (_over,),
    "munderover": (_lowered, _raised),
}
"""Element with scripts -> how each script is written behind what bears it."""
