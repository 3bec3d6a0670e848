"""The look of every figure: one colour and marker per initializer, one size, one way to save.

Figures are drawn in a sentinel foreground on no background. The SVG replaces the sentinel by ``currentColor`` and
follows the reader's light or dark scheme; the PNG is drawn for white paper.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple, cast

import matplotlib as mpl
from matplotlib.figure import Figure as Canvas

__all__ = ["FOREGROUND", "Look", "canvas", "figure_style", "look", "short_name", "to_png", "to_svg"]

FOREGROUND = "#1b1d22"
"""The sentinel colour of text, axes and ticks; in the SVG it becomes ``currentColor``."""

_LIGHT, _DARK = FOREGROUND, "#e8e6e3"
_PNG_DPI = 160

_RC: Mapping[str, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 11,
    "axes.titlesize": 11,
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
    "savefig.facecolor": "none",
    "lines.linewidth": 1.8,
    "lines.markersize": 5,
    "svg.fonttype": "path",
    "svg.hashsalt": "reportgen",
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
_OTHERS = ("#b8860b", "#4c9f70", "#b05fb0", "#5f7fb0")


def look(initializer: str) -> Look:
    """Return the fixed look of an initializer; one that is not ours gets a look from its name."""
    family = initializer.partition("(")[0]
    known = _LOOKS.get(initializer) or _LOOKS.get(family)
    return known or Look(_OTHERS[sum(map(ord, initializer)) % len(_OTHERS)], "d", "-.")


def short_name(initializer: str) -> str:
    """Return a label that fits an axis.

    Examples
    --------
    >>> short_name("random_normal(stddev=0.01)")
    'normal(0.01)'
    """
    uniform = re.fullmatch(r"random_uniform\(minval=-([\d.]+), maxval=\1\)", initializer)
    if uniform:
        return f"uniform(±{uniform[1]})"
    return re.sub(r"random_normal\((?:stddev|mean=0, stddev)=", "normal(", initializer)


@contextmanager
def figure_style() -> Iterator[None]:
    """Apply the house's rc settings while a figure is drawn or saved."""
    with mpl.rc_context(cast(Any, {**mpl.rcParamsDefault, **_RC})):
        yield


def canvas(height: float, width: float = 8.0) -> Canvas:
    """Return an empty figure (inches) with the constrained layout of the house."""
    return Canvas(figsize=(width, height), layout="constrained")


def to_svg(figure: Canvas) -> str:
    """Return the figure as an SVG that follows the light or dark scheme; the same bytes every time."""
    buffer = io.StringIO()
    with figure_style():
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    text = re.sub(re.escape(FOREGROUND), "currentColor", buffer.getvalue(), flags=re.IGNORECASE)
    theme = (  # color-scheme: opened on its own, the figure gets a dark page too
        f"<style>svg{{color-scheme:light dark;color:{_LIGHT}}}"
        f"@media(prefers-color-scheme:dark){{svg{{color:{_DARK}}}}}</style>"
    )
    return re.sub(r"(<svg\b[^>]*>)", lambda match: match[1] + theme, text, count=1)


def to_png(figure: Canvas) -> bytes:
    """Return the figure as a PNG on white paper; the same bytes every time."""
    buffer = io.BytesIO()
    with figure_style():
        figure.savefig(buffer, format="png", dpi=_PNG_DPI, facecolor="white", metadata={"Software": None})
    return buffer.getvalue()
