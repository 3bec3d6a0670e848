"""Addresses that nobody meant, and widgets that fail: what stands there is never broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.chapters.chapter import Widget
from reportgen.chapters.live import EDGE, PLAYGROUND, SIGNAL
from tests.browsers.planting import plant_widget
from tests.browsers.tab import Browser, Tab

WIDGETS = {widget.name: widget for widget in (PLAYGROUND, SIGNAL, EDGE)}
ODD = ("__proto__", "constructor", "toString", "", "%ZZ", "<img src=x onerror=stop()>", "1e999", "NaN", "x" * 100_000)
"""Values that no setting has, some of them names that every object of JavaScript knows."""

SETTINGS = {
    "playground": ("preset", "data", "net", "activation", "start", "size", "weights", "challenge", "at"),
    "signal": ("activation", "scale", "depth", "seed"),
    "edge": ("activation", "w", "s", "c"),
}
CONTROLS = """() => [...document.querySelectorAll(".lab-live :is(select, input):not([name=destination])")].map(
    control => control.type === "checkbox" ? control.checked : control.value)"""
FAILING = "Lab.widget('failing', (live) => { live.append('half'); throw new Error('broken'); });"
THEME = """window.turns = [];
const asked = window.matchMedia.bind(window);
window.matchMedia = function (query) {
    const found = asked(query);
    if (query.includes("dark")) found.addEventListener = (_, act) => turns.push(act);
    return found;
};"""
"""Keeps what a page wants to do when light turns to dark."""
DIVERGED = """() => {
    const text = document.querySelector(".lab-status").textContent;
    return text.includes("diverged") && text;
}"""
VISIBLE = "() => document.querySelector('.lab-words').checkVisibility()"


def open_page(tab: Tab, page: Path, state: str = "") -> None:
    tab.open("about:blank")
    tab.open(page.as_uri() + state)


@pytest.mark.parametrize("name", WIDGETS)
def test_what_an_address_says_wrongly_is_as_at_first(name: str, browser: Browser, tmp_path: Path) -> None:
    page = plant_widget(tmp_path, WIDGETS[name])
    own = "&seed=1" if name == "playground" else ""  # with any setting it no longer opens as a preset
    with browser.tab() as tab:
        open_page(tab, page, f"#{name}:{own[1:]}")
        usual = tab.run(CONTROLS)
        assert usual
        for odd in ODD:
            told = "&".join(f"{key}={odd}" for key in SETTINGS[name] if key not in own)
            open_page(tab, page, f"#{name}:{told}{own}")
            assert tab.run("() => document.querySelector('.lab').classList.contains('is-live')"), odd
            assert tab.run(CONTROLS) == usual, odd
            assert tab.run("() => document.querySelector('.lab-live img')") is None
            assert tab.faults == [], odd


@pytest.mark.parametrize("name", WIDGETS)
def test_a_link_whose_colon_was_escaped_on_the_way_is_understood(name: str, browser: Browser, tmp_path: Path) -> None:
    with browser.tab() as tab:
        page = plant_widget(tmp_path, WIDGETS[name])
        open_page(tab, page, f"#{name}%3Aactivation=sigmoid")
        assert tab.run("() => document.querySelector('.lab-live [name=activation]').value") == "sigmoid"
        assert tab.faults == []


def test_where_a_widget_fails_the_words_for_readers_without_scripts_stand(browser: Browser, tmp_path: Path) -> None:
    with browser.tab() as tab:
        page = plant_widget(tmp_path, Widget("failing", ()), source=FAILING)
        text = page.read_text()
        begin = text.index('<div class="lab"')
        section = text[begin : text.index("</div>\n</div>", begin) + len("</div>\n</div>")]
        other = section.replace("failing", "other")
        page.write_text(text.replace(section, section + other))
        (tmp_path / "own" / "failing.js").write_text(
            FAILING + "Lab.widget('other', (live) => live.append('All is well'));"
        )
        open_page(tab, page)
        assert tab.run(VISIBLE)
        assert tab.run("() => document.querySelector('.lab').classList.contains('is-live')") is False
        assert tab.run("() => document.querySelector('[data-lab=other] .lab-live').textContent") == "All is well"
        assert len(tab.faults) == 1


def test_no_number_has_the_color_of_nothing(browser: Browser, tmp_path: Path) -> None:
    with browser.tab() as tab:
        open_page(tab, plant_widget(tmp_path, SIGNAL))
        signed, paper = tab.run("() => [Lab.draw.ramp(Lab.draw.signed, -1)(NaN), Lab.draw.signed(0)]")
        assert signed == paper


def test_a_net_that_has_diverged_stops_says_so_and_comes_back(browser: Browser, tmp_path: Path) -> None:
    with browser.tab() as tab:
        page = plant_widget(tmp_path, PLAYGROUND)
        open_page(tab, page, "#playground:activation=relu&net=16-16-16&start=random_normal&size=1000000&rate=10000")
        tab.run("() => document.querySelector('.pg-train .primary').click()")
        said = tab.wait(
            "() => (text => text.includes('diverged') && text)(document.querySelector('.lab-status').textContent)"
        )
        assert int(said.split()[1].rstrip(":")) < 100
        assert tab.run("() => document.querySelector('.pg-train .primary').textContent") == "Play"
        assert "diverged" in tab.run("() => document.querySelector('.pg-facts').textContent")
        tab.run("() => [...document.querySelectorAll('button')].find(one => one.textContent === 'Back 50').click()")
        tab.wait("() => document.querySelector('.lab-status').textContent.startsWith('Update 0: 16 of 16')")
        assert tab.faults == []


def test_training_goes_on_when_light_turns_to_dark(browser: Browser, tmp_path: Path) -> None:
    """The button still says Pause after the theme has changed."""
    page = plant_widget(tmp_path, PLAYGROUND)
    (tmp_path / "theme.js").write_text(THEME)
    page.write_text(page.read_text().replace("<script", '<script defer src="theme.js"></script><script', 1))
    with browser.tab() as tab:
        open_page(tab, page)
        tab.run("() => document.querySelector('.pg-train .primary').click()")
        assert tab.run("() => turns.length") > 0
        tab.run("() => turns.forEach(turn => turn())")
        assert tab.run("() => document.querySelector('.pg-train .primary').textContent") == "Pause"
        assert tab.faults == []
