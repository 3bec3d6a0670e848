"""The checks of widgets on a small page of their own: the toy passes all of them, and a planted fault is found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reportgen.chapters.chapter import Widget
from tests.browsers.axe import barriers
from tests.browsers.chromium import Chromium
from tests.browsers.inspecting import beside, cut, excess, restless, settings, unreached, words
from tests.browsers.planting import plant_widget
from tests.browsers.tab import Browser

Plant = Callable[..., Path]

TOY = Widget("toy", ())
SOURCE = (Path(__file__).parent / "toy.js").read_text()
END = "    lab.onState(take);"


@pytest.fixture
def planted(tmp_path: Path) -> Plant:
    """Return what writes the page of the toy, with some of its source replaced or with more at its end."""

    def write(old: str = END, new: str = END) -> Path:
        assert SOURCE.count(old) == 1
        return plant_widget(tmp_path, TOY, source=SOURCE.replace(old, new))

    return write


def test_a_sound_widget_passes_every_check_in_every_browser(planted: Plant, browser: Browser) -> None:
    page = planted()
    with browser.tab() as tab:
        tab.open(page)
        assert unreached(tab, "toy") == []
        tab.open(f"{page.as_uri()}?embed=toy#toy:size=7&kind=two&count=9")
        assert settings(tab, "toy") == ["0 size 7", "1 kind two", "2 count 9"]
        assert beside(tab, "toy") == []
        tab.resize(320)
        assert excess(tab) <= 0
        assert cut(tab, "toy") == []
        assert tab.faults == []


def test_a_sound_widget_passes_every_check_of_chromium(planted: Plant, chromium: Chromium) -> None:
    page = planted()
    with chromium.tab() as tab:
        tab.emulate(motion="reduce")
        tab.open(page)
        assert restless(tab, "toy") == []
        for scheme in ("light", "dark"):
            tab.emulate(scheme=scheme)
            assert barriers(tab) == []
        tab.emulate(medium="print")
        assert words(tab, "toy") == []
        assert tab.faults == []
    with chromium.tab(scripts=False) as tab:
        tab.open(page)
        assert words(tab, "toy") == []


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ("size.tabIndex = 2;", "not reached: 1 select kind"),
        ("kind.addEventListener('keydown', event => event.preventDefault());", "the focus never leaves"),
        ("size.addEventListener('focus', () => count.focus());", "not reached: 1 select kind"),
        ("kind.style.outline = 'none';", "no visible focus: 1 select kind"),
    ],
)
def test_a_control_that_keys_do_not_reach_is_found(more: str, fault: str, planted: Plant, browser: Browser) -> None:
    with browser.tab() as tab:
        tab.open(planted(END, more + END))
        assert any(fault in line for line in unreached(tab, "toy"))


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('Lab.field("Kind", kind)', "kind", "select-name"),
        ("picture.setAttribute", "picture.getAttribute", "role-img-alt"),
        (END, "live.style.color = '#999';" + END, "color-contrast"),
        (END, "live.append(Lab.el('h5', {}, 'Deep'));" + END, "heading-order"),
    ],
)
def test_a_barrier_is_found(old: str, new: str, fault: str, planted: Plant, chromium: Chromium) -> None:
    with chromium.tab() as tab:
        tab.open(planted(old, new))
        assert any(line.startswith(fault) for line in barriers(tab))


def test_a_widget_that_moves_although_less_motion_is_asked_for_is_found(planted: Plant, chromium: Chromium) -> None:
    with chromium.tab() as tab:
        tab.emulate(motion="reduce")
        tab.open(planted("if (lab.isCalm())", "if (false)"))
        assert "Play" in restless(tab, "toy")[0]


def test_a_widget_that_paper_shows_or_that_a_page_without_scripts_lacks_is_found(
    planted: Plant, chromium: Chromium
) -> None:
    with chromium.tab() as tab:
        tab.open(planted(END, "live.style.setProperty('display', 'block', 'important');" + END))
        tab.emulate(medium="print")
        assert words(tab, "toy") == ["shown: lab-live"]
        tab.run("() => document.querySelector('.lab-words').replaceChildren()")
        assert words(tab, "toy") == ["shown: lab-live", "no words"]


def test_words_beyond_the_edge_of_a_chart_are_found(planted: Plant, browser: Browser) -> None:
    chart = "const svg = Lab.draw.svg('svg', {}, Lab.draw.svg('text', {x: 250, y: 20}, 'much too long for it'));"
    with browser.tab() as tab:
        tab.open(planted(END, f"{chart} live.append(svg);{END}"))
        tab.resize(320)
        assert cut(tab, "toy") == ["much too long for it"]


def test_what_an_embedded_widget_leaves_beside_it_and_what_is_too_wide_is_found(
    planted: Plant, browser: Browser
) -> None:
    with browser.tab() as tab:
        tab.open(planted(END, "live.style.width = '400px';" + END))
        assert "A page" in beside(tab, "toy")
        tab.resize(320)
        assert excess(tab) > 0
