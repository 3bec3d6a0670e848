"""Paths as an SVG writes them: hundredths of points, each corner as the way from the one before it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from matplotlib.path import Path
from numpy.typing import NDArray

__all__ = ["at_places", "is_segment", "number", "outline"]

_STEPS = 100
"""Parts of a point that are told apart."""

_FAR = 1e5
"""Points: what is further out is as good as there."""

_BEGIN, _LINE, _CURVE, _BEZIER, _CLOSE, _END = map(
    int, (Path.MOVETO, Path.LINETO, Path.CURVE3, Path.CURVE4, Path.CLOSEPOLY, Path.STOP)
)
_PIECES: Mapping[int, tuple[str, int]] = {_BEGIN: ("m", 1), _LINE: ("l", 1), _CURVE: ("q", 2), _BEZIER: ("c", 3)}
"""Code of a piece of a path -> its letter, and how many points it takes."""

Places = NDArray[np.int64]


def outline(path: Path) -> str:
    """Return a path, already in the units of the SVG, as the data of a path element.

    Examples
    --------
    >>> outline(Path([[1, 1], [2, 1], [2, 3.5], [1, 1]], closed=True))
    'M1 1l1 0 0 2.5z'
    """
    return at_places(path, np.zeros((1, 2)))


def at_places(marker: Path, places: NDArray[np.float64]) -> str:
    """Return one path with a marker at every place.

    Parameters
    ----------
    marker
        Around the origin.
    places
        Shape (markers, 2).
    """
    codes, centers = _codes(marker), _steps(places)
    if not codes:
        return ""
    if (circle := _circle(np.asarray(marker.vertices, float), codes)) is not None:
        middle, radius = circle
        begin, rest = middle - (radius, 0), _around(radius)
    else:
        corners = _steps(marker.vertices)
        begin, rest = corners[0], _rest(corners, codes)
    return "".join(f"M{_place(center + begin)}{rest}" for center in centers)


def is_segment(data: str) -> bool:
    """Tell whether the data of a path are one straight line.

    Examples
    --------
    >>> is_segment("M1 1l1 0"), is_segment("M1 1l1 0 0 2.5z")
    (True, False)
    """
    return _SEGMENT.fullmatch(data) is not None


_SEGMENT = re.compile(r"M[^a-z]*l-?[\d.]+[ -][\d.]+")


def number(value: float, digits: int = 2) -> str:
    """Return a number as short as it can be written.

    Examples
    --------
    >>> number(0.5), number(-12.0), number(3.14159)
    ('.5', '-12', '3.14')
    """
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".") if digits else f"{value:.0f}"
    return "0" if text in ("-0", "", "-") else text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


@lru_cache(4096)
def _step(hundredths: int) -> str:
    return number(hundredths / _STEPS)


def _place(at: Places) -> str:
    return f"{_step(int(at[0]))} {_step(int(at[1]))}".replace(" -", "-")


def _steps(vertices: object) -> Places:
    steps: Places = np.rint(np.clip(np.asarray(vertices, float), -_FAR, _FAR) * _STEPS).astype(np.int64)
    return steps


def _codes(path: Path) -> list[int]:
    """Return what each vertex is, up to the end of the path."""
    if path.codes is None:
        return [_BEGIN, *[_LINE] * (len(path) - 1)] if len(path) else []
    codes = list(map(int, np.asarray(path.codes)))
    return codes[: codes.index(_END)] if _END in codes else codes


def _rest(corners: Places, codes: list[int]) -> str:
    """Return a path after its first point."""
    parts, letter_before = [], "M"
    here = begin = corners[0]
    at = 1
    while at < len(codes):
        if codes[at] == _CLOSE:
            parts.append("z")
            here, letter_before, at = begin, "z", at + 1
            continue
        letter, points = _PIECES[codes[at]]
        steps = " ".join(_place(step) for step in corners[at : at + points] - here)
        parts.append((" " if letter == letter_before else letter) + steps)
        here, letter_before, at = corners[at + points - 1], letter, at + points
        begin = here if letter == "m" else begin
    return "".join(parts).replace(" -", "-")


_ROUND = Path.unit_circle()


def _circle(vertices: NDArray[np.float64], codes: list[int]) -> tuple[Places, int] | None:
    """Return middle and radius of a path that is a circle."""
    if codes != _codes(_ROUND):
        return None
    corners = vertices[0:24:3]
    middle = corners.mean(axis=0)
    apart = np.hypot(*(corners - middle).T)
    return (_steps(middle), int(_steps(apart[0]))) if np.ptp(apart) < 1e-6 else None


def _around(radius: int) -> str:
    around, across = _step(radius), _step(2 * radius)
    return f"a{around} {around} 0 1 0 {across} 0a{around} {around} 0 1 0-{across} 0z"
