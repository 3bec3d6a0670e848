"""Values of figures are read with mouse and keys, one start is seen in all of them, and their paper is the page's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure as Canvas
from PIL import Image

from reportgen.chapters.style import PAPERS, canvas, name_ticks, on_sheet, start_id
from reportgen.report.drawing import Job, render_figure, size
from reportgen.report.scripts import with_scripts
from reportgen.report.templating import static_files
from tests.browsers.axe import barriers
from tests.browsers.chromium import Chromium
from tests.browsers.planting import plant
from tests.browsers.tab import Browser, Tab

STARTS = ("he_normal", "glorot_normal")
POINTS = pd.DataFrame({"layer": [1, 2, 3], "he_normal": [1.0, 0.99, 1.01], "glorot_normal": [0.5, 0.25, 0.125]})
CELLS = pd.DataFrame({"tanh": [0.5, 1.0], "relu": [0.0, np.nan]})

FIGURE = """<figure id="figure-{stem}" data-figure="{stem}" data-starts='{starts}' data-values="true">
<div class="message"><a class="number" href="#figure-{stem}">Figure 1.1</a> A message</div>
<a class="picture" href="figures/{stem}.svg"><picture>
<source media="(max-width: 43rem)" srcset="figures/{stem}-narrow.svg">
<img src="figures/{stem}.svg" alt="A figure" width="{width}" height="{height}">
</picture></a><figcaption>Words</figcaption></figure>"""

READ = """async index => {
    const figure = document.querySelectorAll("figure")[index];
    figure.scrollIntoView();
    figure.querySelector(".ask button").click();
    while (!figure.querySelector(".board")) await new Promise(requestAnimationFrame);
}"""
SAID = "() => document.querySelector('.reading:not(:empty)')?.textContent"
CHOOSE = """name => {
    const select = document.querySelector(".start-tool select");
    select.value = name;
    select.dispatchEvent(new Event("change"));
}"""
SHOWN = (
    """() => [...document.querySelectorAll("figure")].map(figure => figure.querySelector("svg") ? "svg" : "image")"""
)


def draw_lines(points: pd.DataFrame) -> Canvas:
    figure = canvas(3, 6, narrow=5)
    axes = figure.subplots()
    for start in STARTS:
        axes.plot(points["layer"], points[start], gid=start_id(start), label=start)
    axes.set(xlabel="layer", ylabel="rms", yscale="log", title="a panel")
    return figure


def draw_cells(cells: pd.DataFrame) -> Canvas:
    figure = canvas(3, on_sheet(6, 4))
    axes = figure.subplots()
    axes.imshow(cells.to_numpy(), aspect="auto")
    name_ticks(axes.xaxis, cells.columns)
    name_ticks(axes.yaxis, STARTS)
    for label, start in zip(axes.get_yticklabels(), STARTS, strict=True):
        label.set_gid(start_id(start))
    return figure


JOBS = [Job("lines", draw_lines, {"points": POINTS}), Job("cells", draw_cells, {"cells": CELLS})]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("figures")
    files = {path: content for job in JOBS for path, content in render_figure(job).items()}
    scripts = with_scripts(static_files(), [])
    for path, content in {**files, **{path: scripts[path] for path in scripts if "/later/" in path}}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    shown = [
        FIGURE.format(stem=job.stem, starts='["glorot_normal", "he_normal"]', width=width, height=height)
        for job in JOBS
        for width, height in [size(files[f"figures/{job.stem}.svg"])]
    ]
    head = '<header><div class="tools" hidden></div></header><main><article><h1>A page</h1>'
    body = f"{head}{shown[0]}{'<p>Text.</p>' * 80}{shown[1]}</article></main>"
    own = {"static/site.js": scripts["static/site.js"].decode()}
    return plant(folder, body, styles=("style.css", "page.css", "reader.css"), own=own)


@pytest.fixture
def tab(browser: Browser, page: Path) -> Iterator[Tab]:
    with browser.tab() as tab:
        tab.open(page)
        tab.run("() => localStorage.clear()")
        tab.open(page)
        yield tab
        assert tab.faults == []


def test_arrow_keys_walk_points_and_lines_and_escape_leaves(tab: Tab) -> None:
    tab.run(READ, 0)
    said = []
    for key in ("Home", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowDown", "ArrowLeft"):
        tab.press(key)
        said.append(tab.run(SAID))
    he, glorot = "a panel · he_normal · layer: {} · rms: {}", "a panel · glorot_normal · layer: {} · rms: {}"
    assert said == [
        *(he.format(1, 1), he.format(2, 0.99), he.format(3, 1.01), he.format(3, 1.01)),
        *(glorot.format(3, 0.125), glorot.format(2, 0.25)),
    ]
    tab.press("Escape")
    assert tab.run("() => document.activeElement.textContent") == "Read values"
    assert tab.run(SHOWN) == ["image", "image"]
    assert tab.run("() => document.querySelector('.picture').offsetHeight > 0")


def test_the_mouse_reads_what_is_nearest(tab: Tab) -> None:
    tab.run(READ, 0)
    tab.press("End")
    moved = """() => {
        const ring = document.querySelector(".here").getBoundingClientRect();
        const [clientX, clientY] = [ring.x + ring.width / 2 + 3, ring.y + ring.height / 2 - 4];
        document.querySelector(".here").remove();
        document.querySelector(".board").dispatchEvent(new PointerEvent("pointermove", {clientX, clientY}));
    }"""
    tab.run(moved)
    assert tab.run(SAID) == "a panel · he_normal · layer: 3 · rms: 1.01"
    assert tab.run("() => document.querySelectorAll('.here').length") == 1


def test_a_cell_is_read_with_its_row_and_column(tab: Tab) -> None:
    tab.run(READ, 1)
    said = []
    for key in ("Home", "ArrowDown", "ArrowRight"):
        tab.press(key)
        said.append(tab.run(SAID))
    assert said == ["he_normal · tanh · 0.5", "glorot_normal · tanh · 1", "glorot_normal · relu · nothing"]


def test_a_chosen_start_stands_out_in_every_figure_that_comes_near_and_is_kept(tab: Tab, page: Path) -> None:
    tab.run(CHOOSE, "he_normal")
    tab.wait("() => !!document.querySelector('figure svg')")
    assert tab.run(SHOWN) == ["svg", "image"]
    opacities = """() => Object.fromEntries([...document.querySelectorAll("figure [data-start]")].map(
        mark => [mark.dataset.start, getComputedStyle(mark).opacity]))"""
    assert tab.run(opacities) == {"he_normal": "1", "glorot_normal": "0.2"}
    tab.open(page)
    tab.run("() => document.querySelectorAll('figure')[1].scrollIntoView()")
    tab.wait("() => document.querySelectorAll('figure svg').length === 2")
    tab.wait("() => document.querySelectorAll('.chosen-row').length === 1")
    tab.run(CHOOSE, "")
    assert tab.run(SHOWN) == ["image", "image"]
    assert tab.run("() => localStorage.length") == 0


def test_a_figure_that_stands_in_the_page_says_what_its_image_said(tab: Tab) -> None:
    name = "index => document.querySelectorAll('figure')[index].querySelector('svg').getAttribute('aria-label')"
    tab.run(CHOOSE, "he_normal")
    tab.wait(f"() => document.querySelector('figure svg') && ({name})(0)")
    assert tab.run(name, 0) == "A figure"
    assert barriers(tab, "article", ["svg-img-alt", "link-name"]) == []
    tab.run(READ, 1)
    assert tab.run(name, 1) == "A figure"
    assert barriers(tab, "article", ["svg-img-alt", "link-name"]) == []


def test_a_telephone_gets_the_narrow_drawing(tab: Tab) -> None:
    tab.resize(360)
    tab.run(READ, 0)
    assert tab.run("() => document.querySelector('.board svg').viewBox.baseVal.width") == 4 * 72
    assert tab.run("() => document.documentElement.scrollWidth") <= 360


def test_letters_have_the_color_of_the_page_and_stand_inside_of_the_drawing(tab: Tab) -> None:
    tab.run(CHOOSE, "he_normal")
    tab.wait("() => !!document.querySelector('figure svg')")
    color = "() => ['h1', 'figure svg text'].map(one => getComputedStyle(document.querySelector(one)).color)"
    ink, written = tab.run(color)
    assert ink == written
    outside = """() => {
        const frame = document.querySelector("figure svg").getBoundingClientRect();
        return [...document.querySelectorAll("figure svg text")].filter(text => {
            const {left, right, top, bottom} = text.getBoundingClientRect();
            return left < frame.left - 1 || right > frame.right + 1 || top < frame.top - 1 || bottom > frame.bottom + 1;
        }).map(text => text.textContent);
    }"""
    assert tab.run(outside) == []


def test_where_the_values_are_missing_the_figure_stays_and_says_so(browser: Browser, page: Path) -> None:
    script = page.parent / "figures/live/lines.js"
    content = script.read_bytes()
    script.unlink()
    try:
        with browser.tab() as tab:
            tab.open(page)
            tab.run("() => document.querySelector('.ask button').click()")
            tab.wait("() => document.querySelector('.reading').textContent.includes('cannot be loaded')")
            assert tab.run(SHOWN) == ["image", "image"]
    finally:
        script.write_bytes(content)


def paper(tab: Tab, file: Path) -> tuple[str, str]:
    """Return the colours of a figure's corner and of the page beside it."""
    left, top = tab.run(
        """async () => {
            const image = document.querySelector("img");
            image.scrollIntoView({block: "center", behavior: "instant"});
            await image.decode();
            for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
            const {left, top} = image.getBoundingClientRect();
            return [left, top].map(Math.round);
        }"""
    )
    tab.shoot(file)
    with Image.open(file) as shot:
        pixels: Any = shot.convert("RGB").load()
        inside, beside = pixels[left + 1, top + 2], pixels[left - 3, top + 2]
    return "#{:02x}{:02x}{:02x}".format(*inside), "#{:02x}{:02x}{:02x}".format(*beside)


@pytest.mark.parametrize(("theme", "expected"), [("light", PAPERS[0]), ("dark", PAPERS[1])])
def test_the_paper_of_a_figure_is_not_seen_on_our_pages_in_any_theme(
    tab: Tab, theme: str, expected: str, tmp_path: Path
) -> None:
    tab.run("theme => { document.documentElement.dataset.theme = theme; }", theme)
    assert paper(tab, tmp_path / "shot.png") == (expected, expected)


@pytest.mark.parametrize(("system", "expected"), [("light", PAPERS[0]), ("dark", PAPERS[1])])
def test_a_figure_in_a_white_page_of_somebody_else_can_be_read_on_any_system(
    system: Any, expected: str, chromium: Chromium, page: Path, tmp_path: Path
) -> None:
    foreign = page.parent / "foreign.html"
    foreign.write_text('<!doctype html><body style="background: #fff"><img src="figures/lines.svg">')
    with chromium.tab() as tab:
        tab.do(lambda page: page.emulate_media(color_scheme=system))
        tab.open(foreign)
        inside, _ = paper(tab, tmp_path / "shot.png")
    ink = re.findall(r"color:(#\w{6});background:(#\w{6})", (page.parent / "figures/lines.svg").read_text())
    assert inside == expected == dict(zip(("light", "dark"), (paper for _, paper in ink), strict=True))[system]
