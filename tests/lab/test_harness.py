"""What the other tests of this folder stand on: values that come back as they are, and pages that are not let off."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from tests.browsers.planting import plant
from tests.browsers.tab import Browser, ScriptError, Tab

AWKWARD = [0.1, 1 / 3, 5e-324, 1.7976931348623157e308, 2**53 + 2, -0.0, math.inf, -math.inf]


def test_numbers_go_to_the_page_and_back_without_losing_a_bit(numerics: Tab) -> None:
    numbers = [*AWKWARD, *np.random.default_rng(0).normal(size=200).tolist()]
    there = numerics.run("numbers => ({list: numbers, typed: new Float64Array(numbers)})", numbers)
    for back in there.values():
        assert np.array(back, float).tobytes() == np.array(numbers, float).tobytes()
    assert math.isnan(numerics.run("([one]) => one", [math.nan]))


def test_words_nothing_and_promises_come_back_too(numerics: Tab) -> None:
    assert numerics.run("async text => ({text, nothing: undefined, not: null})", "“√2” \n") == {
        "text": "“√2” \n",
        "not": None,
    }
    assert numerics.run("() => {}") is None


def test_what_a_function_throws_is_raised_with_its_words(numerics: Tab) -> None:
    with pytest.raises(ScriptError, match="planted"):
        numerics.run("() => { throw new Error('planted'); }")


def test_a_page_on_a_disk_may_not_read_its_neighbors(browser: Browser, tmp_path: Path) -> None:
    with browser.tab() as tab:
        tab.open(plant(tmp_path, styles=["style.css"]))
        assert tab.run("() => location.protocol") == "file:"
        with pytest.raises(ScriptError, match="fetch"):
            tab.run("async () => (await fetch('static/style.css')).text()")


def test_keys_and_clicks_reach_the_page(browser: Browser, tmp_path: Path) -> None:
    with browser.tab() as tab:
        tab.open(plant(tmp_path, "<button>one</button> <input aria-label='two' type='number' value='4'>"))
        tab.run("""() => {
            window.seen = [];
            for (const kind of ["click", "input"]) {
                addEventListener(kind, event => seen.push(`${kind} ${event.target.value}`));
            }
        }""")
        tab.click("button")
        tab.press("Enter", "Space", "Tab", "ArrowUp", "Control+a", "1", "2", "Shift+Tab")
        assert tab.run("() => seen") == ["click ", "click ", "click ", "input 5", "input 1", "input 12"]
        assert tab.run("() => document.activeElement.textContent") == "one"


def test_a_window_may_be_as_narrow_as_a_small_telephone(browser: Browser, tmp_path: Path) -> None:
    with browser.tab() as tab:
        tab.open(plant(tmp_path))
        tab.resize(320)
        assert tab.wait("() => innerWidth === 320 && document.documentElement.clientWidth") == 320
        tab.shoot(tmp_path / "page.png")
    assert (tmp_path / "page.png").read_bytes().startswith(b"\x89PNG")
