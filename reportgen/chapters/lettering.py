"""Letters of figures as text: formulas as raised and lowered spans, lines held at the side that does not move."""

from __future__ import annotations

import re
from itertools import groupby, pairwise
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from matplotlib.mathtext import MathTextParser

from reportgen.chapters.outlines import number

__all__ = ["aligned", "letters", "plain_letters"]

_PARSER: Any = MathTextParser("path")

_SHARES = {"left": 0.0, "center": 0.5, "right": 1.0}
_UPRIGHT = {"bottom": 0.0, "baseline": 0.0, "center": 0.5, "center_baseline": 0.5, "top": 1.0}
"""Alignment -> the share of a line that lies before the point where it is held."""

_ANCHORS = {0.0: "", 0.5: ' text-anchor="middle"', 1.0: ' text-anchor="end"'}

_RAISED = str.maketrans("-−+0123456789n", "⁻⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ")
_BLANKS = re.compile(r"^ +| +$|  +")
_GAP = 0.12
"""Parts of the size of letters: gaps from here on are no accident."""


class _Span(NamedTuple):
    """Letters of one size and height in a row."""

    text: str
    size: float
    rise: float
    is_italic: bool
    gap: float


def aligned(text: Any, angle: float, side: str) -> tuple[float, str]:
    """Return the share of a line that lies before the point where it is held, and the attribute that says so.

    Parameters
    ----------
    text
        The artist, or None for a line of several.
    angle
        Degrees.
    side
        Where several lines meet: left, center or right.
    """
    if text is None:
        share = _SHARES[side]
    elif angle % 180 == 90 and text.get_rotation_mode() != "anchor":
        upright = _UPRIGHT[text.get_va()]
        share = upright if angle % 360 == 90 else 1 - upright
    else:
        share = _SHARES[text.get_ha()]
    return share, _ANCHORS[share]


def letters(text: str, prop: Any, is_math: object) -> str:
    """Return a line of text as the content of a text element."""
    if not is_math:
        return _kept(text)
    base, parts, fall = prop.get_size_in_points(), [], 0.0
    for span in _spans(text, prop):
        look = "" if span.size == base else f' font-size="{number(span.size)}"'
        look += ' font-style="italic"' if span.is_italic else ""
        look += f' dx="{number(span.gap)}"' if span.gap else ""
        if moved := -span.rise - fall:
            look += f' dy="{number(moved)}"'
        fall = -span.rise
        parts.append(f"<tspan{look}>{_kept(span.text)}</tspan>" if look else _kept(span.text))
    return "".join(parts)


def plain_letters(text: str) -> str:
    r"""Return a text of matplotlib without the marks of formulas: raised digits, and an underscore before lowered ones.

    Examples
    --------
    >>> plain_letters(r"$\mathdefault{10^{-3}}$ of $\sigma_w^2$")
    '10⁻³ of σ²_w'
    """
    if "$" not in text:
        return " ".join(text.split())
    from matplotlib.cbook import is_math_text
    from matplotlib.font_manager import FontProperties

    if not is_math_text(text):
        return " ".join(text.replace(r"\$", "$").split())
    spans = list(_spans(text, FontProperties(size=10)))
    return " ".join("".join(map(_flat, spans)).split())


def _flat(span: _Span) -> str:
    blank = " " if span.gap > 0 else ""
    if span.rise > 0:
        return blank + span.text.translate(_RAISED)
    return f"{blank}_{span.text}" if span.rise < 0 else blank + span.text


def _kept(text: str) -> str:
    """Keep blanks at the ends, and several in a row, which an SVG would leave out."""
    return escape(_BLANKS.sub(lambda blanks: "\u00a0" * len(blanks[0]), text))


def _spans(text: str, prop: Any) -> list[_Span]:
    """Return the letters of a formula in the order in which they stand, those of one look together."""
    glyphs = [_Glyph(*glyph[:3], *glyph[-2:]) for glyph in _PARSER.parse(text, 72, prop).glyphs]
    base = prop.get_size_in_points()
    line = next((glyph.y for glyph in glyphs if abs(glyph.size - base) < 0.01), 0.0)
    spans, end = [], 0.0
    for (size, rise, is_italic), group in groupby(glyphs, lambda glyph: glyph.look(line)):
        row = list(group)
        gap = row[0].x - end
        words = row[0].letter
        for before, after in pairwise(row):
            words += (" " if after.x - before.end > _GAP * size else "") + after.letter
        spans.append(_Span(words, size, rise, is_italic, gap if abs(gap) > _GAP * size else 0.0))
        end = row[-1].end
    return spans


class _Glyph(NamedTuple):
    """A letter of a formula: font, size, code, and where it stands."""

    font: Any
    size: float
    code: int
    x: float
    y: float

    @property
    def letter(self) -> str:
        return "\u00a0" if self.code == ord(" ") else chr(self.code)

    @property
    def end(self) -> float:
        """Where the next letter would stand."""
        from matplotlib.ft2font import LoadFlags

        self.font.set_size(self.size, 72)
        return self.x + float(self.font.load_char(self.code, flags=LoadFlags.NO_HINTING).linearHoriAdvance) / 65536

    def look(self, line: float) -> tuple[float, float, bool]:
        """Return size, height over the line, and whether the letter is slanted."""
        rise = self.y - line
        slanted = "oblique" in self.font.style_name.lower() or "italic" in self.font.style_name.lower()
        return round(self.size, 2), round(rise, 2) if abs(rise) > 0.3 else 0.0, slanted
