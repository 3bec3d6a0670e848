"""An SVG has text as text, few elements, names of its own, and nothing that the policy of a page forbids."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path

from reportgen.chapters.images import to_svg
from reportgen.chapters.lettering import letters, plain_letters
from reportgen.chapters.outlines import outline
from reportgen.chapters.style import ACCENT, canvas, figure_style, start_id
from reportgen.chapters.svg import draw_svg
from reportgen.report.folders import templates_folder

SVG = "{http://www.w3.org/2000/svg}"


def svg_of(draw: Callable[[Axes], Any], name: str = "figure") -> ElementTree.Element:
    """Return an SVG of 3 by 2 inches as a tree."""
    with figure_style():
        figure = canvas(2, 3)
        draw(figure.subplots())
    return ElementTree.fromstring(to_svg(figure, name))


def texts(svg: ElementTree.Element) -> dict[str, ElementTree.Element]:
    return {"".join(text.itertext()): text for text in svg.iter(f"{SVG}text")}


def busy(axes: Axes) -> None:
    axes.plot([0, 1], [0, 1], "o-", gid=start_id("he_normal"), color=ACCENT)
    axes.plot([0, 1], [1, 0], "s--", gid=start_id("random_normal(stddev=0.01)"), alpha=0.5)
    axes.imshow(np.ones((2, 2)), extent=(0, 0.5, 0, 0.5), interpolation="none")
    axes.imshow(np.ones((2, 2)), extent=(0.5, 1, 0.5, 1), interpolation="none")
    axes.bar([0.5], [1], hatch="//", color="none", edgecolor=ACCENT)
    axes.set(title="a title & more", ylabel="two\nlines")


def test_nothing_in_an_svg_is_refused_inside_of_a_page() -> None:
    svg = draw_svg_of(busy)
    assert "style" not in svg
    assert not re.search(r"<script|\\son\\w+=", svg)


def test_cells_are_sharp_by_words_of_svg_1_1_and_by_what_browsers_know() -> None:
    svg = svg_of(lambda axes: axes.imshow(np.eye(3), interpolation="none"))
    looks = [one.get("image-rendering") for one in svg.iter(f"{SVG}image")]
    assert looks == ["optimizeSpeed"], "what a checker of SVG knows"
    style = next(svg.iter(f"{SVG}style")).text or ""
    assert "image[image-rendering]{image-rendering:pixelated}" in style, "optimizeSpeed blurs cells in Chromium"
    assert (
        "figure svg image[image-rendering] { image-rendering: pixelated; }"
        in (templates_folder() / "static/reader.css").read_text()
    ), "inside of a page the figure goes without its own style"


def draw_svg_of(draw: Callable[[Axes], Any]) -> str:
    with figure_style():
        figure = canvas(2, 3)
        draw(figure.subplots())
        return draw_svg(figure, "figure", 160)


def test_names_are_the_figure_s_own_and_stand_once() -> None:
    names = [one.get("id") for one in svg_of(busy, "stem").iter() if one.get("id")]
    assert len(names) == len(set(names)) > 4
    assert all(str(name).startswith("stem-") for name in names)
    used = set(re.findall(r"url\(#([^)]*)\)", draw_svg_of(busy)))
    assert used <= {str(name).replace("stem", "figure", 1) for name in names}


def test_what_shows_a_start_says_so() -> None:
    marks = [one.get("data-start") for one in svg_of(busy).iter() if one.get("data-start")]
    assert marks == ["he_normal"] * 2 + ["random_normal(stddev=0.01)"] * 2  # the line and its markers


@pytest.mark.parametrize(
    ("side", "anchor", "place"), [("left", None, 0.0), ("center", "middle", 0.5), ("right", "end", 1.0)]
)
def test_a_text_is_held_where_it_is_aligned_so_that_any_font_fits(side: Any, anchor: str | None, place: float) -> None:
    def draw(axes: Axes) -> None:
        axes.set_position((0, 0, 1, 1))
        axes.text(0.5, 0.8, "one", ha=side, transform=axes.transAxes)
        axes.text(0.5, 0.2, "long line\nshort", ha=side, transform=axes.transAxes)
        axes.text(0.5, 0.5, "turned", rotation=90, va={"left": "bottom", "right": "top"}.get(side, side), ha="center")

    found = texts(svg_of(draw))
    assert {found[text].get("text-anchor") for text in ("one", "long line", "short", "turned")} == {anchor}
    assert float(str(found["one"].get("x"))) == pytest.approx(float(str(found["short"].get("x"))), abs=0.02)


def test_a_formula_is_text_with_raised_and_slanted_spans() -> None:
    written = letters(r"$\mathdefault{10^{-3}}$", FontProperties(size=10), is_math=True)
    assert re.fullmatch(r'10<tspan font-size="7" dy="-[\d.]+">−3</tspan>', written), written
    falls = [float(one) for one in re.findall(r'dy="([-\d.]+)"', letters(r"$a^2b$", FontProperties(), is_math=True))]
    assert sum(falls) == pytest.approx(0, abs=0.011), "the line goes on where it was"


def test_blanks_at_the_ends_and_in_a_row_are_kept() -> None:
    assert letters(" a  b & c", FontProperties(), is_math=False) == "\u00a0a\u00a0\u00a0b &amp; c"
    assert plain_letters("two\n lines") == "two lines"
    assert plain_letters(r"3·10$^{-7}$") == "3·10⁻⁷"


def test_marks_of_one_look_are_one_path() -> None:
    def draw(axes: Axes) -> None:
        axes.set_axis_off()
        axes.scatter(np.arange(500) % 20, np.arange(500) / 20, c=ACCENT)
        axes.plot(np.arange(50), "s", color="#123456")

    svg = svg_of(draw)
    paths = [path for path in svg.iter(f"{SVG}path") if path.get("fill") in (ACCENT, "#123456")]
    assert [str(path.get("d")).count("M") for path in paths] == [500, 50]


def test_lines_that_shine_through_stay_apart() -> None:
    def draw(axes: Axes) -> None:
        axes.set_axis_off()
        for height in range(3):
            axes.plot([0, 1, 2], [height, 1, height], color=ACCENT, alpha=0.3)

    assert len([path for path in svg_of(draw).iter(f"{SVG}path") if path.get("stroke") == ACCENT]) == 3


def test_a_circle_is_two_arcs_and_an_oval_is_not() -> None:
    circle = Path.unit_circle()
    assert outline(circle) == "M-1 0a1 1 0 1 0 2 0a1 1 0 1 0-2 0z"
    assert "a" not in outline(Path(np.asarray(circle.vertices) * (1, 2), circle.codes))


def test_an_outline_comes_back_to_where_it_began() -> None:
    rng = np.random.default_rng(0)
    corners = rng.normal(size=(200, 2))
    numbers = np.array(re.findall(r"-?(?:\d*\.)?\d+", outline(Path(corners))), float).reshape(-1, 2)
    np.testing.assert_allclose(np.cumsum(numbers, axis=0), corners, atol=0.0051)  # steps do not add up their errors
