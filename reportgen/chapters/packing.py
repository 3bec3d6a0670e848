"""Numbers as text that a page can carry: 16 bits for each, what repeats squeezed out.

A size is kept as 100 times its decimal logarithm, rounded, so that it comes back within 1.2 % (a factor of
10^0.005) from 1e-323 to 1e307; zero, inf and nan come back as they are, and of a negative number, which no size is,
only that it was one. Counts come back exactly.

The bytes, in the order of packing, which ``explorer.js`` undoes from the end: numbers in rows; in a row each less the
one before it, modulo 2^16; all low bytes, then all high bytes; deflate with zlib's header (RFC 1950); base64.
"""

from __future__ import annotations

import base64
import zlib
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["PRECISION", "pack_counts", "pack_sizes", "unpack_counts", "unpack_sizes"]

PRECISION = 10**0.005 - 1
"""By what share a size that was packed may be off."""

_STEPS = 100
"""Codes for a factor of ten."""

_ZERO, _NEGATIVE, _NAN, _INF = -32768, 32765, 32766, 32767
"""Codes of what has no logarithm; that of no float64 is as far out."""

_GREATEST = 2**16 - 1
"""No count may be greater."""


def pack_sizes(values: ArrayLike) -> str:
    """Pack sizes: numbers of which the ratio matters.

    Parameters
    ----------
    values
        Shape (rows, columns), or (columns,) for one row. Along a row neighbors are alike, as layers are.

    Returns
    -------
    str
        Base64. The shape has to be kept beside it.

    Examples
    --------
    >>> unpack_sizes(pack_sizes([1.0, 0.01, 0.0, np.inf]), (4,))
    array([1.  , 0.01, 0.  ,  inf])
    """
    numbers = np.asarray(values, np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        codes = np.rint(_STEPS * np.log10(numbers))
    special = [numbers == 0, numbers < 0, np.isnan(numbers), np.isposinf(numbers)]
    return _squeeze(np.select(special, [_ZERO, _NEGATIVE, _NAN, _INF], codes).astype(np.int16))


def unpack_sizes(text: str, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Return sizes as they come back, in the shape that they had; of a negative number, -1.

    Parameters
    ----------
    text, shape
        From `pack_sizes`, and of what it got.
    """
    codes = _unsqueeze(text, shape).astype(np.int16)
    values = {_ZERO: 0.0, _NEGATIVE: -1.0, _NAN: np.nan, _INF: np.inf}
    with np.errstate(over="ignore"):
        sizes = 10.0 ** (codes / _STEPS)
    return np.asarray(np.select([codes == code for code in values], list(values.values()), sizes))


def pack_counts(values: ArrayLike) -> str:
    """Pack whole numbers from 0 to 65,535; what is greater becomes that.

    Parameters
    ----------
    values
        Shape (rows, columns), or (columns,) for one row.

    Examples
    --------
    >>> unpack_counts(pack_counts([[3, 0], [65535, 1]]), (2, 2)).tolist()
    [[3, 0], [65535, 1]]
    """
    return _squeeze(np.clip(np.asarray(values), 0, _GREATEST).astype(np.uint16).view(np.int16))


def unpack_counts(text: str, shape: tuple[int, ...]) -> NDArray[np.int64]:
    """Return whole numbers in the shape that they had.

    Parameters
    ----------
    text, shape
        From `pack_counts`, and of what it got.
    """
    return _unsqueeze(text, shape).astype(np.int64)


def _squeeze(codes: NDArray[np.int16]) -> str:
    rows = np.atleast_2d(codes).view(np.uint16)
    steps = np.diff(rows, axis=1, prepend=np.zeros((len(rows), 1), np.uint16))
    planes = np.concatenate([steps.ravel() & 0xFF, steps.ravel() >> 8]).astype(np.uint8)
    return base64.b64encode(zlib.compress(planes.tobytes(), 9)).decode()


def _unsqueeze(text: str, shape: tuple[int, ...]) -> NDArray[np.uint16]:
    planes: NDArray[Any] = np.frombuffer(zlib.decompress(base64.b64decode(text)), np.uint8)
    low, high = planes.reshape(2, *shape).astype(np.uint16)
    return np.cumsum(low | high << 8, axis=-1, dtype=np.uint16)
