"""The look of every figure: one color and marker per initializer, one size, one font."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast
from zlib import crc32

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.colors import LinearSegmentedColormap, ListedColormap, to_rgb
from matplotlib.figure import Figure as Canvas
from matplotlib.font_manager import FontProperties, findfont, get_font

from reportgen.chapters.names import short_name
from reportgen.errors import shortened
from reportgen.presets import ACTIVATIONS, INITIALIZERS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.typing import ColorType

__all__ = [
    "ACCENT",
    "BETWEEN",
    "CELL_INK",
    "DARK_INK",
    "FONT",
    "FONT_STACK",
    "FOREGROUND",
    "FOREGROUND_ON_DARK",
    "GRADIENT",
    "GREY",
    "LIGHT_INK",
    "LOST",
    "NEGATIVE_CLASS",
    "OUTCOME_COLORS",
    "PAPERS",
    "POSITIVE_CLASS",
    "RAMPS",
    "READABLE",
    "RECOMMENDED",
    "SIGNAL",
    "START",
    "STRENGTHS",
    "VERDICT_COLORS",
    "Look",
    "activation_colors",
    "bare",
    "canvas",
    "contrast",
    "figure_name",
    "figure_style",
    "ink_on",
    "is_narrow",
    "look",
    "mark",
    "name_ticks",
    "on_sheet",
    "ramp",
    "start_id",
    "starts_of",
    "text_color",
]

T = TypeVar("T")

FOREGROUND = "#1b1d22"
"""The sentinel colour of text, axes and ticks; in the SVG it becomes ``currentColor``."""

FOREGROUND_ON_DARK = "#e8e6e3"
"""What ``currentColor`` is on a dark page."""

PAPERS = ("#fdfcfa", "#16181d")
"""Of light and of dark pages."""

READABLE = 4.5
"""Least contrast of a text with what is behind it (WCAG 2.2, criterion 1.4.3)."""

GREY = "#8a8f98"
"""What is there and not the point."""

ACCENT = "#c8204f"
"""The one color besides ink for quantities; the other hues belong to initializers and to activations."""

SIGNAL, GRADIENT, LOST = FOREGROUND, ACCENT, GREY
"""Roles: what goes up, what comes down, and what is no number any more."""

STRENGTHS = (FOREGROUND, "#55627a", "#7d8aa1", "#a3aec0")
"""One quantity at several strengths, strongest first."""

RECOMMENDED = 3.0
"""Width (points) of the line of the start that the front page recommends, in every figure."""

DARK_INK, LIGHT_INK, CELL_INK = "#111111", "#ffffff", "#14161a"
"""Text on pale and on dark cells of a map, and on the coloured cells of verdicts and outcomes."""

POSITIVE_CLASS, NEGATIVE_CLASS = "#542788", "#b35806"
"""The two classes of a problem in the plane."""

VERDICT_COLORS: Mapping[str, str] = {
    "healthy": "#2a9d6f",
    "vanishes": "#8fb8de",
    "explodes": "#f4a259",
    "saturates": "#d1495b",
    "dies": "#6c757d",
    "symmetric": "#c9b6e4",
    "overflows": "#5b2a86",
    "stuck": "#c3c8ce",
    "alike": "#ead97c",
}
OUTCOME_COLORS: Mapping[str, str] = {"diverged": "#f4a259", "stalled": "none", "learned": "#2a9d6f"}

RAMPS: Mapping[str, tuple[str, ...]] = {
    "right answers": ("#0f6b4a00", "#0f6b4a"),
    "share of a verdict": ("#1f5fa800", "#1f5fa8"),
    "share": ("#c2453a00", "#c2453a"),
    "neutral share": ("#55627a00", "#55627a"),
    "learns": ("#1f7a6d00", "#1f7a6d"),
    "kept": ("#2b6cb0", "#2b6cb080", "#8a8f9800", "#c2453a80", "#c2453a"),
    "apart": ("#c2453a00", "#c2453a"),
    "signed": ("#d9730d", "#d9730daa", "#d9730d55", "#8a8f9800", "#6a3fc055", "#6a3fc0aa", "#6a3fc0"),
}
"""Colors of a map from its least value to its greatest. Where nothing is to be seen the paper shows through, so that a
map looks alike on light and on dark pages; in "kept" and "signed" that is the middle, what has not changed and zero."""


FONT = "DejaVu Sans"
"""Of all texts in figures, as they are laid out; it is wide."""

FONT_STACK = "system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','Helvetica Neue',Arial,sans-serif"
"""Of all texts in figures, as a reader sees them: the fonts of the page."""

START = "start:"
"""Begins the id of an artist that shows one initializer."""

_RC: Mapping[str, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": [FONT],
    "font.size": 11,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.labelsize": 11,
    "legend.fontsize": 10,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": FOREGROUND,
    "axes.labelcolor": FOREGROUND,
    "axes.titlecolor": FOREGROUND,
    "text.color": FOREGROUND,
    "xtick.color": FOREGROUND,
    "ytick.color": FOREGROUND,
    "grid.color": "#8a8f98",
    "grid.alpha": 0.3,
    "axes.grid": True,
    "axes.axisbelow": True,
    "legend.frameon": False,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "lines.linewidth": 1.8,
    "lines.markersize": 5,
}


class Look(NamedTuple):
    """How one initializer is drawn wherever it appears."""

    color: str
    marker: str
    dash: str


# Okabe & Ito's colour-blind-safe hues, one per family; the uniform sibling shares the hue and is dashed.
_LOOKS: Mapping[str, Look] = {
    "zeros": Look("#8a8f98", "x", "-"),
    "ones": Look("#8a8f98", "+", ":"),
    "constant": Look("#8a8f98", "P", "--"),
    "random_normal(stddev=0.01)": Look("#e69f00", "v", "-"),
    "random_normal(stddev=1)": Look("#d55e00", "^", "-"),
    "random_normal(stddev=5)": Look("#b05fb0", "d", "-."),
    "random_normal(stddev=10)": Look("#b05fb0", "d", "-."),
    "random_uniform(minval=-0.5, maxval=0.5)": Look("#cc79a7", "s", "--"),
    "truncated_normal": Look("#a6761d", "h", "-"),
    "lecun_normal": Look("#56b4e9", "o", "-"),
    "lecun_uniform": Look("#56b4e9", "D", "--"),
    "glorot_normal": Look("#009e73", "o", "-"),
    "glorot_uniform": Look("#009e73", "D", "--"),
    "he_normal": Look("#2b7fd4", "o", "-"),
    "he_uniform": Look("#2b7fd4", "D", "--"),
    "orthogonal": Look("#9a6fe0", "*", "-"),
    "torch_default": Look("#e15759", "p", "-."),
}
_OTHERS = (("#b8860b", "#4c9f70", "#b05fb0", "#5f7fb0"), ("d", "<", ">", "8", "X", "H"), ("-.", "--", ":", "-"))
"""Colours, markers and dashes for initializers that are not ours, so many that a few of them hardly share all three."""


def look(initializer: str) -> Look:
    """Return the fixed look of an initializer; another's comes from its name and family."""
    if known := _LOOKS.get(initializer):
        return known
    other, family = _other_look(crc32(initializer.encode(errors="backslashreplace"))), initializer.partition("(")[0]
    if family not in _LOOKS:
        return other
    color, marker, dash = _LOOKS[family]
    return Look(color, marker, other.dash if other.dash != dash else ":")


def _other_look(number: int) -> Look:
    chosen = []
    for choices in _OTHERS:
        number, at = divmod(number, len(choices))
        chosen.append(choices[at])
    return Look(*chosen)


_ROOM = 28
"""Letters of a name that a figure has room for."""


def figure_name(name: str, limit: int = _ROOM) -> str:
    r"""Return a name as a figure writes it: as text and no formula, in letters of the font, cut in the middle if long.

    Examples
    --------
    >>> figure_name("random_normal(stddev=0.01)"), figure_name("Ba$$in"), figure_name("数据_a")
    ('normal(0.01)', 'Ba\\$\\$in', '\\u6570\\u636e_a')
    """
    known = "".join(one if ord(one) in _letters() or not one.isprintable() else ascii(one)[1:-1] for one in name)
    written = shortened(short_name(known), limit).replace("$", r"\$")
    return f"\N{HAIR SPACE}{written}" if written.startswith("_") else written  # legends leave out what starts with _


@cache
def _letters() -> frozenset[int]:
    """Return the letters of the figures' font; for others matplotlib warns and draws boxes."""
    return frozenset(get_font(findfont(FontProperties(family=FONT))).get_charmap())


def name_ticks(axis: Axis, names: Iterable[str], limit: int = _ROOM, **style: Any) -> None:
    """Write names, of initializers or activations, at the whole numbers of an axis."""
    written = [figure_name(name, limit) for name in names]
    axis.set_ticks(range(len(written)), written, **style)


@cache
def ramp(name: str) -> ListedColormap:
    """Return one of the `RAMPS` as a colour map, without the few steps on which no text can be read on both papers.

    They give way to the nearest that can carry one, which is not seen.
    """
    steps = LinearSegmentedColormap.from_list(name, RAMPS[name])(np.arange(_STEPS))
    legible = np.flatnonzero([_least_contrast(step, _best_ink(step)) >= READABLE + _ROUNDING for step in steps])
    nearest = legible[np.abs(np.arange(_STEPS)[:, None] - legible).argmin(axis=1)]
    return ListedColormap(steps[nearest], name)


_STEPS, _ROUNDING = 256, 0.1
"""Of a color map; and how much contrast a color may lose as one of whole numbers."""


def ink_on(background: Iterable[float]) -> str:
    """Return the color of a text that can be read on a cell (red, green, blue and perhaps alpha, from 0 to 1).

    Where the paper shows through it is the color of all other text, which follows the page, or else pale or dark ink,
    whichever differs most from the cell on the paper on which it differs least.
    """
    return _best_ink(tuple(background))


_INKS = {FOREGROUND: (FOREGROUND, FOREGROUND_ON_DARK), DARK_INK: (DARK_INK,) * 2, LIGHT_INK: (LIGHT_INK,) * 2}
"""Colors of texts, and what they are on light and on dark pages."""


def _best_ink(cell: Sequence[float]) -> str:
    return max(_INKS, key=lambda ink: _least_contrast(cell, ink))


def _least_contrast(cell: Sequence[float], ink: str) -> float:
    """Return the contrast of a text with a cell on the paper on which it is the least."""
    *color, share = cell if len(cell) > _OPAQUE else (*cell, 1.0)
    over = [share * np.array(color) + (1 - share) * np.array(to_rgb(paper)) for paper in PAPERS]
    return min(contrast(text, tuple(seen)) for text, seen in zip(_INKS[ink], over, strict=True))


_OPAQUE = 3
"""Numbers of a color that says nothing of its opacity."""


def contrast(one: ColorType, other: ColorType) -> float:
    """Return the contrast of two opaque colors: from 1, none, to 21, black and white (WCAG 2.2, relative luminance).

    Examples
    --------
    >>> round(contrast("#000000", "#ffffff")), round(contrast("#e69f00", PAPERS[0]), 1)
    (21, 2.2)
    """
    dark, light = sorted(_luminance(color) for color in (one, other))
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: ColorType) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(color)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def text_color(color: str) -> str:
    """Return the color of a text on the paper about what is drawn in a color: that color where it can be read.

    The two papers are so far apart that no color but ink, which follows the page, can be read on both; so set a dot or
    a piece of line in the color beside the text.

    Examples
    --------
    >>> text_color(ACCENT) == text_color(FOREGROUND) == FOREGROUND
    True
    """
    return color if all(contrast(color, paper) >= READABLE for paper in PAPERS) else FOREGROUND


def bare(axes: Axes) -> None:
    """Leave nothing on the axes of a map but its cells and their labels."""
    axes.grid(visible=False)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


_STRIDE = 4
"""Steps of hue from one activation to the next in the list, so that neighbors such as tanh and ReLU look different."""


def activation_colors(activations: Iterable[str]) -> dict[str, str]:
    """Return the color of every activation, the same in all figures: even steps around the circle of hues.

    An activation that is not ours has one of the hues in between, by its name.
    """
    import seaborn as sns  # takes a second, which the other figures do without

    hues = sns.husl_palette(2 * len(ACTIVATIONS), s=0.75, l=0.55).as_hex()
    apart = [hues[2 * (_STRIDE * at % len(ACTIVATIONS))] for at in range(len(ACTIVATIONS))]
    known, others = dict(zip(ACTIVATIONS, apart, strict=True)), hues[1::2]
    return {
        name: known.get(name) or others[crc32(name.encode(errors="backslashreplace")) % len(others)]
        for name in activations
    }


_NARROW = ContextVar("whether figures are drawn for a telephone", default=False)
_NARROW_WIDTH = 4.0
"""Inches of a figure for a telephone: 384 CSS pixels, shown on some 330 of them."""


@contextmanager
def figure_style(*, narrow: bool = False) -> Iterator[None]:
    """Apply the house's rc settings while a figure is drawn or saved, on a wide sheet or on one for a telephone."""
    token = _NARROW.set(narrow)
    try:
        with mpl.rc_context(cast(Any, {**mpl.rcParamsDefault, **_RC})):
            yield
    finally:
        _NARROW.reset(token)


def is_narrow() -> bool:
    """Tell whether the figure that is being drawn is for a telephone."""
    return _NARROW.get()


def on_sheet(wide: T, narrow: T) -> T:
    """Return what suits the sheet that is being drawn on: ``figure.subplots(on_sheet(1, 3), on_sheet(3, 1))``."""
    return narrow if is_narrow() else wide


def canvas(height: float, width: float = 8.0, *, narrow: float | None = None) -> Canvas:
    """Return an empty figure with the constrained layout of the house.

    Parameters
    ----------
    height, width
        Inches on a wide sheet.
    narrow
        Inches of height on the sheet for a telephone, whose width is fixed; where it is not given, a telephone gets the
        wide drawing.
    """
    size = (_NARROW_WIDTH, narrow) if is_narrow() and narrow is not None else (width, height)
    return Canvas(figsize=size, layout="constrained")


BETWEEN = "|"
"""Stands between the names of several initializers."""


def start_id(*initializers: str) -> str:
    """Return the id of what shows an initializer, for an artist's `gid`; several artists may have the same one.

    In the SVG it becomes an attribute, ``data-start``, by which a reader's choice of a start is found in every figure.
    What shows several starts that are one, such as a row of a map, has the names of all of them, with bars between.

    Examples
    --------
    >>> start_id("he_normal", "he_uniform")
    'start:he_normal|he_uniform'
    """
    return f"{START}{BETWEEN.join(initializers)}"


def starts_of(label: str) -> list[str]:
    """Return the initializers that a label stands for: of a row, say, that several families share.

    Examples
    --------
    >>> starts_of("he"), starts_of("normal(1), orthogonal"), starts_of("my_own(a=1, b=2)")
    (['he_normal', 'he_uniform'], ['random_normal(stddev=1)', 'orthogonal'], ['my_own(a=1, b=2)'])
    """
    found: list[str] = []
    for word in re.split(r"\||, (?![^(]*\))", label):
        families = [name for name in INITIALIZERS if word in (short_name(name), re.sub("_(normal|uniform)$", "", name))]
        found += [word] if word in INITIALIZERS else families or [word]
    return list(dict.fromkeys(found))


def mark(artists: Artist | Iterable[Any] | None, initializer: str) -> None:
    """Give everything that was drawn for an initializer its id, such as the parts of ``axes.errorbar(...)``."""
    if isinstance(artists, Artist):
        artists.set_gid(start_id(initializer))
    elif artists is not None:
        for part in artists:
            mark(part, initializer)
