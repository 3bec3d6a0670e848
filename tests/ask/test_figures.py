"""The figures of the report, drawn one by one from Python."""

from __future__ import annotations

import pandas as pd
import pytest

import reportgen
from reportgen.battery.results import Results
from reportgen.errors import UsageError


@pytest.fixture(scope="module")
def nothing() -> Results:
    return Results({}, {}, {})


@pytest.fixture(scope="module")
def shapes() -> Results:
    """Return results that take no time to measure: activations are computed, not drawn at random."""
    return reportgen.measure(reportgen.Settings(preset="quick", cache=None, engine="serial"), chapter="activations")


def test_a_figure_is_drawn_with_its_tables(shapes: Results) -> None:
    drawn = reportgen.draw("activations", "shapes", shapes)
    assert drawn.name == "activations-shapes"
    assert isinstance(drawn.table, pd.DataFrame)
    assert drawn.table is next(iter(drawn.tables.values()))
    assert drawn._repr_png_().startswith(b"\x89PNG")
    assert "<svg" in drawn._repr_svg_()
    assert drawn.figure is drawn.figure


def test_the_images_are_those_of_the_site(shapes: Results) -> None:
    from reportgen.chapters import CHAPTERS
    from reportgen.report.drawing import Job, render_figure

    (chapter,) = [one for one in CHAPTERS if one.slug == "activations"]
    (copy,) = chapter.figures[0].copies(chapter.read(shapes))
    files = render_figure(Job("activations-shapes", chapter.figures[0].draw, copy.frames))
    drawn, narrow = (reportgen.draw("activations", "shapes", shapes, narrow=one) for one in (False, True))
    assert drawn._repr_png_() == files["figures/activations-shapes.png"]
    assert (
        reportgen.draw("activations", "shapes", shapes)._repr_svg_().encode() == files["figures/activations-shapes.svg"]
    )
    assert narrow._repr_svg_().encode() == files["figures/activations-shapes-narrow.svg"]


@pytest.mark.parametrize(
    ("chapter", "figure", "said"),
    [
        ("hee", "layers", "there is no chapter 'hee': did you mean he?"),
        ("he", "layer", "there is no figure of chapter he 'layer': did you mean layers?"),
        ("glossary", "layers", "chapter glossary has no figures"),
        ("he", "layers", 'it is made by measure(settings, chapter="he")'),
    ],
)
def test_what_cannot_be_drawn_is_told_in_one_line(chapter: str, figure: str, said: str, nothing: Results) -> None:
    with pytest.raises(UsageError) as caught:
        reportgen.draw(chapter, figure, nothing)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_chapter_that_there_is_not_is_told_before_anything_is_measured() -> None:
    with pytest.raises(UsageError, match="did you mean gains"):
        reportgen.measure(chapter="gain")


def test_a_data_set_that_was_not_added_is_told(shapes: Results) -> None:
    with pytest.raises(UsageError, match="there is no data set in figure shapes 'iris'"):
        reportgen.draw("activations", "shapes", shapes, of="iris")
