"""A walk through both demos on the published page, by keys alone: all weights equal, and large ones.

With LAB_WALK=FOLDER in the environment every step is kept there as a picture: ``make test ARGS="-k walk"``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browsers.tab import Browser, Tab

PAIRS = re.compile(r"([\d.]+)(?: %)?, you got ([\d.]+)")
FOCUS = """() => {
    document.querySelector('.lab-live button').focus();
    document.querySelector('.lab').scrollIntoView({behavior: 'instant'});
}"""
SAID = """() => {
    const said = document.querySelector(".pg-figure");
    return said.checkVisibility() && said.textContent.includes("you got") && said.textContent;
}"""
UNITS = "() => document.querySelector('.pg-units strong').textContent"
PLAYING = "() => parseInt(document.querySelector('.pg-facts').textContent.replace(/\\D+/, '')) > 100"

Step = Callable[[Tab, str], None]


@pytest.fixture
def step(browser: Browser, tmp_path: Path) -> Step:
    """Return a function that keeps a picture of what the window shows."""
    folder = Path(os.environ.get("LAB_WALK") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)

    def shoot(tab: Tab, name: str) -> None:
        file = folder / f"{browser.name.lower()}-{name}.png"
        tab.shoot(file)
        assert file.stat().st_size > 0

    return shoot


def in_agreement(said: str) -> bool:
    """Tell whether a reader got the numbers of the figure, each of several."""
    pairs = PAIRS.findall(said)
    return len(pairs) >= 3 and all(theirs == ours for theirs, ours in pairs)


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize(
    ("demo", "keys", "units"), [("equal", ["Enter"], "1 of 8"), ("large", ["Tab", "Enter"], "4 of 4")]
)
def test_two_keys_at_most_play_a_demo_to_the_numbers_of_its_figure(
    demo: str, keys: list[str], units: str, width: int, quick_site: Path, browser: Browser, step: Step
) -> None:
    with browser.tab() as tab:
        tab.resize(width)
        tab.open(quick_site / "playground.html")
        tab.run(FOCUS)
        step(tab, f"{demo}-{width}-1-before")
        tab.press(*keys)
        tab.wait(PLAYING)
        step(tab, f"{demo}-{width}-2-playing")
        said = tab.wait(SAID)
        step(tab, f"{demo}-{width}-3-after")
        assert in_agreement(said), said
        assert tab.run(UNITS) == units
        assert tab.faults == []


def test_a_number_that_is_not_the_figures_is_noticed() -> None:
    said = "The figure says 70 %, you got 70 %; different units: 1, you got 1; saturated: 14 %, you got {} %."
    assert in_agreement(said.format(14))
    assert not in_agreement(said.format(15))
