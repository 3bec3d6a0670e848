"""The symmetry playground: both demonstrations by the keyboard, the same numbers on every way to an update."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browsers.tab import Browser
from tests.lab.playing import Desk, playground

FOCUSABLE = "() => document.querySelector('.lab-live :is(button, input, select, summary)').focus()"
DRAWINGS = """() => [...document.querySelectorAll(".lab [role=img]")]
    .filter(one => one.checkVisibility()).map(one => one.getAttribute("aria-label"))"""
CALM = "window.matchMedia = () => ({matches: true, addEventListener() {}});"
COUNT = """() => {
    window.said = [];
    const told = () => said.push(document.querySelector(".lab-status").textContent);
    new MutationObserver(told).observe(document.querySelector(".lab-status"), {childList: true});
}"""
EXCESS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
LINK = """() => {
    const link = Object.assign(document.createElement("a"), { href: "other.html#figure", textContent: "Figure 13.1" });
    document.body.append(link);
}"""
FIGURE = {
    "accuracy": 0.65,
    "distinct": [1, 2],
    "saturated": [0.25],
    "at": 100,
    "label": "The figure",
    "href": "page.html#figure",
}
PACKED = {
    "presets": [
        {
            "name": "equal",
            "problem": "circle",
            "activation": "tanh",
            "widths": [2, 2, 2],
            "rate": 0.5,
            "start": {"name": "constant", "size": 0.25, "noise": None},
            "weights": [[0.25] * 4, [0.25] * 4],
            "biases": [[0.0] * 2, [0.0] * 2],
            "figure": FIGURE,
        }
    ],
    "points": {"x": [1.0, 0.5, -1.0, 0.25, 0.5, -1.5], "y": [1, 0, 0]},
}


@pytest.fixture(scope="module")
def opened(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with playground(browser, tmp_path_factory.mktemp("playground")) as desk:
        yield desk


@pytest.fixture
def desk(opened: Desk) -> Desk:
    opened.open()
    return opened


def test_one_key_press_plays_equal_weights_and_the_units_stay_one(desk: Desk) -> None:
    assert desk.text(".pg-units strong") == "1 of 8"
    desk.tab.run(FOCUSABLE)
    assert desk.tab.run("() => document.activeElement.textContent") == "All weights equal"
    desk.tab.press("Enter")
    desk.rest()
    assert desk.status.startswith("Update 600: 1 of 8 units of layer 1 differ")
    assert desk.text(".pg-panel figcaption").endswith(": 8 units, 1 line")
    assert "preset=equal&at=600" in desk.tab.run("() => location.hash")


def test_two_key_presses_play_large_weights_and_training_halts(desk: Desk) -> None:
    desk.tab.run(FOCUSABLE)
    desk.tab.press("Tab", "Enter")
    desk.rest()
    assert desk.status.startswith("Update 600: 4 of 4 units of layer 1 differ")
    assert "saturates" in desk.text(".pg-verdict")
    assert percent(desk.status, "saturated") > 80
    assert percent(desk.status, "right") < 80


@pytest.mark.parametrize(
    ("digit", "units", "right"), [("3", "1 of 8", (50, 52)), ("5", "4 of 4", (50, 52)), ("6", "4 of 4", (95, 100))]
)
def test_every_preset_is_one_digit_away(desk: Desk, digit: str, units: str, right: tuple[int, int]) -> None:
    desk.tab.run(FOCUSABLE)
    desk.tab.press(digit)
    desk.rest()
    assert desk.status.startswith(f"Update 600: {units} units")
    assert right[0] <= percent(desk.status, "right") <= right[1]


def test_back_and_forth_on_the_same_seed_gives_the_same_numbers(desk: Desk) -> None:
    desk.set(start="glorot_normal", optimizer="adam", rate=0.01)
    desk.press("50 steps")
    desk.press("50 steps")
    here, labels = desk.status, desk.tab.run(DRAWINGS)
    assert here.startswith("Update 100:")
    desk.press("Back 50")
    assert desk.status.startswith("Update 50:")
    desk.press("50 steps")
    assert (desk.status, desk.tab.run(DRAWINGS)) == (here, labels)
    desk.press("Reset, same seed")
    assert desk.status.startswith("Update 0:")
    desk.press("Back 50")
    desk.press("Step")
    assert desk.status.startswith("Update 1:")
    desk.press("New seed")
    assert "seed=1&" not in desk.link


def test_a_link_opens_the_state_after_its_updates(desk: Desk) -> None:
    desk.set(data="xor", start="constant_noise", noise=0.5, activation="softsign", layers=3, units=5, compare="")
    desk.set(start2="orthogonal", biases2="normal", biasSize2=0.3, seed=12)
    desk.press("50 steps")
    link, here = desk.link, desk.status
    desk.open(link)
    assert (desk.link, desk.status) == (link, here)
    assert desk.tab.run("() => [...document.querySelectorAll('.pg-name')].map(one => one.textContent)") == [
        "Start: constant + noise, size 0.1, noise 0.5",
        "Start: orthogonal, random biases",
    ]


def test_what_an_address_may_not_hold_becomes_what_the_page_opens_with(desk: Desk) -> None:
    desk.open("net=8-99&start=foo&rate=x&size=&seed=-4&activation=&at=-3&data=nothing&weights=1,y&challenge=none")
    assert desk.status.startswith("Update 0: 1 of 8 units")
    assert desk.link == "data=circle&seed=0&weights=1%2Cy&challenge=none".replace("%2C", ",")


def test_a_preset_of_which_something_was_changed_is_that_preset_no_more(desk: Desk) -> None:
    for state, kept in (("preset=equal&rate=0.1", True), ("preset=equal&size=0.3", False), ("preset=he&net=4", False)):
        desk.open(state)
        assert ("preset=" in desk.link) is kept
        assert (desk.tab.run("() => document.querySelector('[aria-pressed=true]') !== null")) is kept


def test_a_link_to_another_state_changes_the_page_under_the_readers_hands(desk: Desk) -> None:
    desk.tab.run("() => { location.hash = '#playground:start=he_normal&activation=relu&at=20'; }")
    desk.tab.wait("() => document.querySelector('.lab-status').textContent.startsWith('Update 20: 8 of 8')")


def test_two_starts_share_data_seed_and_updates(desk: Desk) -> None:
    desk.open("start=he_normal&compare=yes&start2=he_normal&at=150&seed=3")
    one, other = desk.status.removeprefix("Update 150: start 1: ").removesuffix(".").split("; start 2: ")
    assert one == other
    desk.set(start2="zeros")
    desk.press("50 steps")
    one, other = desk.status.removesuffix(".").split("; start 2: ")
    assert "8 of 8" in one
    assert "1 of 8 units" in other


def test_weights_by_hand_are_the_weights_of_the_net(desk: Desk) -> None:
    desk.set(hand="4-2")
    labels = "() => [...document.querySelectorAll('.pg-hand input')].map(one => one.getAttribute('aria-label'))"
    assert len(desk.tab.run(labels)) == 8 + 4 + 8 + 2 + 4 + 2
    assert desk.text(".pg-units strong") == "1 of 4"
    fill = """value => {
        const input = document.querySelector('[aria-label="Layer 1, input 2 to unit 3"]');
        input.value = value;
        input.dispatchEvent(new Event("change", {bubbles: true}));
    }"""
    desk.tab.run(fill, "-1.5")
    assert desk.text(".pg-units strong") == "2 of 4"
    assert "&weights=0.5,0.5,0.5,0.5,0.5,0.5,-1.5,0.5,0,0,0,0," in desk.link
    desk.open(desk.link)
    assert desk.text(".pg-units strong") == "2 of 4"
    desk.press("10 and −10: large, positive and negative")
    weights = desk.link.partition("weights=")[2].split("&")[0].split(",")
    assert set(weights[:8]) == {"10", "-10"}
    assert weights[8:12] == ["0"] * 4


def test_each_drawing_has_a_label_that_says_what_it_shows_now(desk: Desk) -> None:
    before = desk.tab.run(DRAWINGS)
    desk.press("50 steps")
    after = desk.tab.run(DRAWINGS)
    assert len(before) == len(after) == 6
    assert all(before)
    changed = [one != other for one, other in zip(before, after, strict=True)]
    assert changed[:4] == [True, False, True, True]  # equal units draw one line before and after
    assert "after 50 updates" in after[0]


def test_the_status_speaks_at_stops_and_every_hundred_updates(desk: Desk) -> None:
    desk.tab.run(COUNT)
    desk.tab.run("() => document.querySelector('[data-preset=right]').click()")
    desk.rest()
    said = desk.tab.run("() => said")
    assert [line.split(":")[0] for line in said] == [f"Update {updates}" for updates in range(0, 700, 100)]


def test_the_page_says_what_the_figure_says_and_what_you_got(browser: Browser, tmp_path: Path) -> None:
    with playground(browser, tmp_path, PACKED) as desk:
        assert desk.text(".pg-units strong") == "1 of 2"
        assert desk.text(".pg-name") == "Start: constant, size 0.25"
        assert len(desk.tab.run("() => [...document.querySelector('.pg-points').children].map(one => 1)")) == 3
        desk.press("All weights equal")
        assert "The figure says 65 %, you got 100 %; different units in layer 1: 1, you got 1" in desk.status
        assert desk.tab.run("() => document.querySelector('.pg-figure a').getAttribute('href')") == FIGURE["href"]
        desk.tab.run(LINK)
        desk.press("All weights equal")
        assert "Figure 13.1 says 65 %, you got 100 %" in desk.status
        desk.press("Step")
        assert "figure" not in desk.status.lower()
        desk.set(rate=0.25)
        desk.press("50 steps")
        desk.press("50 steps")
        assert "figure" not in desk.status


def test_with_less_motion_a_press_makes_fifty_updates_and_draws_once(browser: Browser, tmp_path: Path) -> None:
    with playground(browser, tmp_path, before=CALM) as desk:
        desk.press("All weights equal")
        assert desk.status.startswith("Update 50: 1 of 8")
        desk.press("Play")
        assert desk.status.startswith("Update 100: 1 of 8")


def test_everything_fits_320_pixels(desk: Desk) -> None:
    desk.tab.resize(320)
    try:
        desk.open("start=hand&net=4-2&compare=yes&challenge=noise&at=10")
        desk.tab.run("() => document.querySelectorAll('.lab details').forEach(one => (one.open = true))")
        assert desk.tab.run(EXCESS) <= 0
    finally:
        desk.tab.resize(1280)


def percent(status: str, of: str) -> float:
    """Return the percentage before a word of the status."""
    return float(status.split(f" % {of}", maxsplit=1)[0].rsplit(maxsplit=1)[-1])
