"""The switch of the theme: page, figures, formulas, code and widgets follow, and the choice is kept."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from PIL import Image

from tests.browsers.planting import plant
from tests.browsers.tab import Tab
from tests.lab.test_pages import come_alive
from tests.site.conftest import Opened

FIGURE = """async () => {
    const image = document.querySelector("article figure img");
    image.scrollIntoView({block: "start", behavior: "instant"});
    await image.decode();
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
    const {left, top, right, bottom} = image.getBoundingClientRect();
    return [left, Math.max(top, 60), right, Math.min(bottom, innerHeight)].map(Math.round);
}"""
"""Brings the first figure into sight, and gives the part of the window that it takes."""

COLORS = """() => Object.fromEntries(["body", "article pre", "article math"].map(selector => {
    const {color, backgroundColor} = getComputedStyle(document.querySelector(selector));
    return [selector, [color, backgroundColor].map(text => Math.max(...text.match(/[\\d.]+/g).slice(0, 3)))];
}))"""
"""Gives how light the ink and the paper of some elements are: their greatest channel."""

PIXEL = """() => {
    const canvas = document.querySelector(".lab canvas");
    return Math.max(...canvas.getContext("2d").getImageData(0, 0, 1, 1).data.slice(0, 3));
}"""

THEME = "() => document.documentElement.dataset.theme ?? 'system'"


class Look(NamedTuple):
    """Which shares of the pixels of a figure are light, and dark."""

    light: float
    dark: float

    @property
    def theme(self) -> str:
        """Return the theme in which words can be read: there is much paper and some ink."""
        if self.light > 0.3 and self.dark > 0.002:
            return "light"
        return "dark" if self.dark > 0.3 and self.light > 0.002 else "neither"


def look(tab: Tab, file: Path) -> Look:
    """Look at the first figure of a page."""
    box = tab.run(FIGURE)
    tab.shoot(file)
    with Image.open(file) as shot:
        pixels = np.asarray(shot.convert("L").crop(box))
    return Look(float((pixels > 200).mean()), float((pixels < 70).mean()))


def choose(tab: Tab, theme: str) -> None:
    """Press the switch until it says so."""
    for _ in range(3):
        if tab.run("() => document.querySelector('.theme').dataset.choice") != theme:
            tab.click(".theme")
    assert tab.run("() => document.querySelector('.theme').dataset.choice") == theme


def test_the_page_and_its_figures_follow_the_theme_and_keep_it(
    opened: Opened, quick_site: Path, tmp_path: Path
) -> None:
    tab = opened("code")
    for theme in ("dark", "light", "dark"):
        choose(tab, theme)
        assert look(tab, tmp_path / "shot.png").theme == theme
    tab.open(quick_site / "code.html")  # Firefox keeps nothing from one file of a disk to the next
    assert tab.run(THEME) == "dark"
    colors = tab.run(COLORS)
    assert all(ink > 150 for ink, _ in colors.values()), colors
    assert colors["body"][1] < 50
    assert colors["article pre"][1] < 60
    choose(tab, "system")
    assert tab.run(THEME) == "system"
    assert tab.run("() => localStorage.length") == 0


def test_the_canvas_of_a_widget_follows_the_theme(opened: Opened) -> None:
    tab = opened("playground")
    come_alive(tab, "playground")
    for theme, isso in (("dark", "value < 60"), ("light", "value > 200")):
        choose(tab, theme)
        tab.wait(f"() => {{ const value = ({PIXEL})(); return {isso}; }}")


def test_a_figure_that_keeps_its_colors_is_seen(tmp_path: Path, tab: Tab) -> None:
    stubborn = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"><text y="99" font-size="60">ink</text></svg>'
    )
    (tmp_path / "x.svg").write_text(stubborn)
    tab.open(plant(tmp_path, '<article><figure><img src="x.svg" alt="x"></figure></article>', styles=("style.css",)))
    assert look(tab, tmp_path / "shot.png").theme == "light"
    tab.run("() => { document.documentElement.dataset.theme = 'dark'; }")
    assert look(tab, tmp_path / "shot.png").theme == "neither"


@pytest.mark.parametrize("page", ["index", "he"])
def test_the_theme_is_set_before_anything_is_seen(page: str, quick_site: Path) -> None:
    head = (quick_site / f"{page}.html").read_text().partition("</head>")[0]
    scripts = re.findall(r"<script([^>]*) src=", head)
    assert scripts[0] == "", "the first script is not deferred"
    assert head.index('<script src="static/theme.js">') < head.index('<link rel="stylesheet"')
