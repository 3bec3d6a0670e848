"""Images are laid out once, the same in any order, small, and true to the colours of the figure."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure as Canvas
from PIL import Image

from reportgen.chapters.images import to_png, to_svg
from reportgen.chapters.style import ACCENT, FONT_STACK, PAPERS, canvas, figure_style
from reportgen.report.folders import templates_folder


def drawn() -> Canvas:
    with figure_style():
        figure = canvas(3, 4)
        axes = figure.subplots()
        axes.axvspan(0, 1, color=ACCENT, linewidth=0)
        axes.plot(np.linspace(0, 3, 60), np.linspace(0, 1, 60), color=ACCENT)
        image = axes.imshow(np.linspace(0, 1, 400).reshape(20, 20), extent=(1, 3, 0, 1), aspect="auto")
        figure.colorbar(image, ax=axes)
    return figure


def pixels(png: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def test_both_images_are_the_same_in_any_order_and_however_often() -> None:
    figure, other = drawn(), drawn()
    svg, png = to_svg(figure), to_png(figure)
    assert (to_png(other), to_svg(other)) == (png, svg)
    assert (to_svg(figure), to_png(figure)) == (svg, png)


def test_a_figure_is_laid_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    figure = drawn()
    engine = figure.get_layout_engine()
    assert engine is not None
    calls: list[Canvas] = []
    monkeypatch.setattr(engine, "execute", calls.append)
    to_svg(figure), to_png(figure)
    assert calls == [figure]


def test_the_png_has_a_palette_and_keeps_the_paper_and_the_colours_of_areas() -> None:
    png = to_png(drawn())
    assert Image.open(io.BytesIO(png)).mode == "P"
    found, counts = np.unique(pixels(png).reshape(-1, 3), axis=0, return_counts=True)
    (white, *_) = found[np.argsort(-counts)]
    assert white.tolist() == [255, 255, 255]
    assert [round(255 * part) for part in to_rgb(ACCENT)] in found.tolist()


def test_a_png_of_a_single_colour_is_possible() -> None:
    with figure_style():
        assert (pixels(to_png(canvas(1, 1))) == 255).all()


def test_the_svg_has_hundredths_of_points_and_straight_lines_without_points_between() -> None:
    svg = to_svg(drawn())
    places = " ".join(re.findall(r' [dxy]="([^"]*)"', svg))
    assert re.search(r"\.\d\d\b", places)
    assert not re.search(r"\.\d{3}", places)
    (line,) = re.findall(rf'<path d="([^"]*)" clip-path="[^"]*" fill="none" stroke="{ACCENT}"', svg)
    assert len(re.findall(r"[\d.]+", line)) < 20


@pytest.mark.parametrize("dpi", [50, 300])
def test_a_png_has_as_many_pixels_as_are_asked_for_and_says_so(dpi: int) -> None:
    image = Image.open(io.BytesIO(to_png(drawn(), dpi)))
    assert image.size == (4 * dpi, 3 * dpi)
    assert image.info["dpi"] == pytest.approx((dpi, dpi), abs=0.1)


def test_the_svg_does_not_depend_on_the_resolution_of_the_png() -> None:
    figure, other = drawn(), drawn()
    to_png(figure, 300)
    assert to_svg(figure) == to_svg(other)


def test_a_figure_brings_the_papers_and_the_fonts_of_the_pages() -> None:
    style = (templates_folder() / "static" / "style.css").read_text()
    assert f"--paper: light-dark({PAPERS[0]}, {PAPERS[1]});" in style
    (fonts,) = re.findall(r"\bbody \{[^}]*font:[^;]*?/[\d.]+ ([^;]*);", style)
    assert [name.strip(" \"'") for name in fonts.split(",")] == [name.strip("'") for name in FONT_STACK.split(",")]
    assert all(f"background:{paper}" in to_svg(drawn()) for paper in PAPERS)
