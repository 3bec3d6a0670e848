"""The explorer under the fingers: the keyboard alone, choosing, finding, and the address that holds it all."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from reportgen.chapters.explorer.tables import Tables
from reportgen.judgments.frames import where
from tests.browsers.tab import Browser
from tests.lab.explorer.exploring import CELLS, FOCUSED, SAID, TITLES, choose, fits, opened, press, shown, state_of

STOPS = "() => document.querySelectorAll('.explorer-map button[tabindex=\"0\"]').length"
MARKS = """() => [...document.querySelectorAll(".explorer-panels .lab-mark line")].map(
    one => Number(one.getAttribute("x1")))"""
READING = "() => document.querySelector('.explorer-reading').textContent"
POINT = """() => {
    const chart = document.querySelectorAll(".explorer-panels svg")[1];
    const clientX = chart.getBoundingClientRect().left + 52;
    chart.dispatchEvent(new PointerEvent("pointermove", {clientX, bubbles: true}));
}"""
FIND = """name => {
    const one = document.querySelector("select[name=activation]");
    one.value = [...one.options].find(option => option.text === name).value;
    one.dispatchEvent(new Event("change", {bubbles: true}));
    return [...document.querySelectorAll(".explorer-found button")].map(button => button.textContent);
}"""

WALK = {
    "ArrowRight": "random_normal(stddev=1), tanh",
    "ArrowDown": "random_uniform(minval=-0.5, maxval=0.5), tanh",
    "End": "random_uniform(minval=-0.5, maxval=0.5), softplus",
    "ArrowLeft": "random_uniform(minval=-0.5, maxval=0.5), silu",
    "Home": "random_uniform(minval=-0.5, maxval=0.5), sigmoid",
    "ArrowUp": "random_normal(stddev=1), sigmoid",
    "Control+End": "constant, softplus",
    "Control+Home": "random_normal(stddev=1), sigmoid",
}


def test_the_map_is_one_stop_of_the_tab_key_and_arrow_keys_go_everywhere(browser: Browser, page: Path) -> None:
    with opened(browser, page) as tab:
        assert tab.run(STOPS) == 1
        tab.run("() => document.querySelector('.explorer-map button').focus()")
        for key, name in WALK.items():
            tab.press(key)
            assert tab.run(FOCUSED).startswith(name), key
        tab.press("ArrowUp", "ArrowLeft")
        assert tab.run(FOCUSED).startswith("random_normal(stddev=1), sigmoid"), "the edge holds"
        tab.press("Enter")
        assert tab.wait("() => document.activeElement.getAttribute('aria-pressed') === 'true'")
        assert tab.run(STOPS) == 1
        tab.press("Tab")
        assert not tab.run("() => document.activeElement.closest('.explorer-map')"), "there is a way out"


def test_the_same_layer_is_marked_in_all_charts_by_arrow_keys_and_by_the_mouse(browser: Browser, page: Path) -> None:
    with opened(browser, page, "depth=20&start1=he_normal&activation1=relu") as tab:
        last = tab.run(MARKS)
        tab.run("() => document.querySelector('input[name=layer]').focus()")
        tab.press("ArrowLeft", "ArrowLeft", "ArrowLeft")
        assert tab.run(READING).startswith("Layer 17. A: signal ")
        here = tab.run(MARKS)
        assert len(here) == 3
        assert all(one < other for one, other in zip(here, last, strict=True))
        tab.run(POINT)
        assert tab.run(READING).startswith("Layer 1. A: signal ")
        tab.run("() => { document.querySelector('.explorer-layers details').open = true; }")
        assert tab.wait("() => document.querySelectorAll('.explorer-layers tbody tr').length") == 20
        assert tab.wait("() => document.querySelector('.is-marked th')?.textContent") == "1"


def test_up_to_four_pairs_stand_side_by_side_and_go_again(browser: Browser, page: Path) -> None:
    with opened(browser, page, "depth=5&start1=zeros&activation1=relu") as tab:
        for name in ("he_normal, relu", "he_normal, tanh", "he_normal, elu", "he_normal, silu"):
            press(tab, name)
        tab.wait(f"() => ({TITLES})()[0].includes('silu')")
        titles = shown(tab, TITLES, 4)
        assert not any("zeros" in one for one in titles), "the fifth takes the place of the first"
        letters = tab.run("() => [...document.querySelectorAll('.explorer-letter')].map(one => one.textContent)")
        assert sorted(letters) == ["A", "B", "C", "D"]
        tab.run("() => document.querySelector('.explorer-card > button').click()")
        assert shown(tab, TITLES, 3) == titles[1:]
        press(tab, "he_normal, elu")
        assert not any(" he_normal, elu," in one for one in shown(tab, TITLES, 2))


def test_healthy_cells_are_found_by_activation_and_shown_alone(browser: Browser, page: Path, tables: Tables) -> None:
    cells = where(tables.cells, data="gaussian", depth=50)
    with opened(browser, page, "depth=50&only=healthy") as tab:
        faded = [kind.endswith("is-faded") for _, _, kind in tab.run(CELLS)]
        assert faded == (cells["verdict"] != "healthy").tolist()
        healthy = where(cells, activation="relu", verdict="healthy")["initializer"].tolist()
        assert tab.run(FIND, "relu") == healthy
        assert tab.run(FIND, "sigmoid") == []
        assert tab.run("() => document.querySelector('.explorer-found').textContent") == "None at this depth."


def test_the_address_holds_what_is_seen_and_brings_it_back(browser: Browser, page: Path) -> None:
    with opened(browser, page) as tab:
        choose(tab, "depth", "5")
        choose(tab, "data", "handwritten digits")
        press(tab, "random_normal(stddev=0.01), gelu")
        said, state = shown(tab, SAID, 3), state_of(tab)
    with opened(browser, page, state) as tab:
        assert tab.run(SAID) == said
        assert "5 layers" in tab.run(CELLS)[0][0]


def test_a_link_on_the_page_leads_to_another_state(browser: Browser, page: Path) -> None:
    with opened(browser, page) as tab:
        tab.run("() => { location.hash = 'explorer:depth=2&start1=zeros&activation1=tanh'; }")
        assert shown(tab, TITLES, 1) == [" zeros, tanh, 2 layers: stuck"]


@pytest.mark.parametrize(
    "state", ["depth=7&data=none&start1=he&activation1=x", "depth=&start4=zeros", "start1=he_normal", "%FF=%"]
)
def test_a_state_that_is_wrong_is_no_trouble(state: str, browser: Browser, page: Path) -> None:
    with opened(browser, page, state) as tab:
        assert len(tab.run(CELLS)) == 154


def test_it_is_no_wider_than_a_small_telephone(browser: Browser, page: Path) -> None:
    with opened(browser, page) as tab:
        assert fits(tab, 320)


def test_a_pair_that_is_told_twice_is_chosen_once_and_a_layer_that_is_not_there_is_the_last(
    browser: Browser, page: Path
) -> None:
    pair = "activation1=relu&start1=he_normal"
    twice = f"depth=20&layer=-5&{pair}&{pair.replace('1', '2')}"
    with opened(browser, page, twice) as tab:
        shown(tab, TITLES, 1)
        assert tab.run(READING).startswith("Layer 20.")
        assert "layer" not in state_of(tab)


def test_without_its_data_the_page_says_what_is_missing(browser: Browser, page: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(page.parent, tmp_path / "site")
    (folder / "lab" / "explorer.js").write_text("")
    with browser.tab() as tab:
        tab.open(folder / page.name)
        assert "lab/explorer.js" in tab.run("() => document.querySelector('.lab-live').textContent")
        assert tab.faults == []


def test_a_browser_that_cannot_unpack_says_so(browser: Browser, page: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(page.parent, tmp_path / "site")
    with (folder / "lab" / "explorer.js").open("a") as data:
        data.write("window.DecompressionStream = function () { throw new TypeError('deflate'); };")
    with browser.tab() as tab:
        tab.open(folder / page.name)
        assert "too old" in tab.run("() => document.querySelector('.lab-live').textContent")
        assert tab.faults == []
