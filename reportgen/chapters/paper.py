"""Figures on paper of another shape: for slides, and for the picture of a link."""

from __future__ import annotations

import io

from PIL import Image, ImageOps

__all__ = ["on_paper", "on_slide"]

_SLIDE = 16 / 9
_SCREEN = (96.0, 96.0)
"""Pixels per inch of a picture that is not for paper."""


def on_slide(png: bytes) -> bytes:
    """Put a figure in the middle of white paper in the shape of a slide; its pixels stay as they are."""
    with Image.open(io.BytesIO(png)) as figure:
        width = max(figure.width, round(figure.height * _SLIDE))
        return _pad(figure, width, round(width / _SLIDE), figure.info.get("dpi", _SCREEN))


def on_paper(png: bytes, width: int, height: int, margin: int = 0) -> bytes:
    """Put a figure in the middle of white paper of a size in pixels, as large as fits between margins."""
    with Image.open(io.BytesIO(png)) as figure:
        room = (width - 2 * margin, height - 2 * margin)
        return _pad(ImageOps.contain(figure.convert("RGB"), room, Image.Resampling.LANCZOS), width, height)


def _pad(figure: Image.Image, width: int, height: int, dpi: tuple[float, float] = _SCREEN) -> bytes:
    paper = Image.new("RGB", (width, height), "white")
    paper.paste(figure.convert("RGB"), ((width - figure.width) // 2, (height - figure.height) // 2))
    written = io.BytesIO()
    paper.quantize(256, dither=Image.Dither.NONE).save(written, "png", dpi=dpi)
    return written.getvalue()
