"""The widget "edge of chaos": dragging and keys lead to the product's theory, and dots stand where they belong."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt
from pathlib import Path
from typing import Any

import pytest

from reportgen.chapters.live import EDGE
from reportgen.nn.activations import activations
from reportgen.theory.closed_forms import nonlinearity
from reportgen.theory.fixed_points import find_fixed_point
from tests.browsers.chromium import Chromium
from tests.browsers.planting import plant_widget
from tests.browsers.tab import Browser, Tab

PLACES = [
    {"name": "normal(0.01)", "w": 0.0128, "b": 0.0},
    {"name": "torch_default", "w": 1 / 3, "b": 0.0},
    {"name": "PyTorch Linear", "w": 1 / 3, "b": 0.0026},
    {"name": "he", "w": 2.0, "b": 0.0},
]
ANGLES = [{"name": "he_uniform", "activation": "relu", "w": 2.0, "c": 0.3, "cosine": [0.3] * 30, "error": [0.01] * 30}]

ONE_PIXEL = 0.03
"""So much, as a share, the scale of the weights changes from one pixel to the next but one."""

STATUS = "() => document.querySelector('.lab-status').textContent"
SHOWS = "text => document.querySelector('.lab-status').textContent.includes(text)"
SET = """() => Object.fromEntries(["w", "s", "c"].map(
    name => [name, Number(document.querySelector(`[name=${name}]`).value)]))"""
FACTS = "() => [...document.querySelectorAll('.edge-facts dd')].map(one => one.textContent)"
FOCUS = "name => document.querySelector(`[name=${name}]`).focus()"
GO = """value => {
    const choice = document.querySelector("[name=destination]");
    choice.value = value;
    choice.dispatchEvent(new Event("change", {bubbles: true}));
}"""
DOTS = """() => [...document.querySelectorAll(".edge-start")].map(dot => {
    const box = dot.getBoundingClientRect();
    return [dot.textContent, box.x + box.width / 2, box.y + box.height / 2];
})"""
POINT = """() => {
    const box = document.querySelector(".edge-point").getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
}"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """Return a page with nothing but the widget."""
    return plant_widget(tmp_path, EDGE, {"places": PLACES, "angles": ANGLES})


@pytest.fixture
def tab(browser: Browser, page: Path) -> Iterator[Tab]:
    """Return a tab with the widget, which has drawn for the first time."""
    with browser.tab() as opened:
        opened.open(page)
        opened.wait(STATUS)
        yield opened
        assert opened.faults == []


def require_theory(tab: Tab, activation: str, at: dict[str, float]) -> None:
    """Compare what is shown with what the product finds at the same place, to the two digits that are shown."""
    item = activations.get(activation)
    found = find_fixed_point(nonlinearity(item.phi, item.derivative, item.kinks), at["w"], at["s"] ** 2)
    factor, q, xi_q, c, xi_c = tab.run(FACTS)
    shown = [float(number.replace("∞", "inf")) for number in (factor, q, xi_q, c, xi_c)]
    assert shown == pytest.approx([sqrt(found.chi_1), found.q_star, found.xi_q, found.c_star, found.xi_c], rel=0.051)


def test_the_first_picture_is_that_of_the_theory_and_is_told_in_words(tab: Tab) -> None:
    at = tab.run(SET)
    assert at == {"w": 1.5, "s": 0.2, "c": 0.3}
    require_theory(tab, "tanh", at)
    assert tab.run(STATUS).startswith(
        "tanh, weights 1.5, biases 0.2: ordered. In theory, of very wide layers and inputs of mean square 1: "
        "deep down a gradient shrinks by 2 % per layer; two inputs become one: "
    )
    labels = tab.run("() => [...document.querySelectorAll('.lab-live [role=img]')].map(one => one.ariaLabel)")
    assert len(labels) == 3
    assert all(labels)


def test_a_click_into_the_middle_of_the_plane_moves_the_point_there(tab: Tab) -> None:
    tab.click(".edge-map")
    tab.wait("() => Number(document.querySelector('[name=s]').value) > 0.4")
    at = tab.run(SET)
    assert (at["w"], at["s"]) == pytest.approx((1.13, 0.47), rel=0.02)
    tab.wait(SHOWS, f"biases {at['s']:g}")
    require_theory(tab, "tanh", at)


def test_dragging_ends_where_keys_end_and_both_show_what_theory_says(chromium: Chromium, page: Path) -> None:
    with chromium.tab() as tab:
        tab.open(page)
        tab.wait(STATUS)
        tab.run("() => document.querySelector('.edge-map').scrollIntoView({block: 'center', behavior: 'instant'})")
        x, y = tab.run(POINT)

        def drag(page: Any) -> None:
            page.mouse.move(x, y)
            page.mouse.down()
            page.mouse.move(x + 40, y - 30, steps=5)
            page.mouse.move(x + 60, y - 60, steps=5)
            page.mouse.up()

        tab.do(drag)
        tab.wait("() => Number(document.querySelector('[name=s]').value) > 0.4")
        dragged = tab.run(SET)
        tab.wait(SHOWS, f"biases {dragged['s']:g}")
        assert tab.run(POINT) == pytest.approx([x + 60, y - 60], abs=2)
        require_theory(tab, "tanh", dragged)
        address = f"#edge:activation=tanh&w={dragged['w']:g}&s={dragged['s']:g}&c=0.3"
        assert tab.run("() => location.hash") == address
        by_drag = tab.run(FACTS)

        tab.open("about:blank")
        tab.open(page)
        tab.wait(STATUS)
        tab.run(FOCUS, "s-place")
        tab.press(*["ArrowRight"] * round(100 * (dragged["s"] - 0.2)))
        tab.run(FOCUS, "w")
        tab.press("Control+a", *str(dragged["w"]), "Enter")
        tab.wait(
            "address => location.hash === address", f"#edge:activation=tanh&w={dragged['w']:g}&s={dragged['s']:g}&c=0.3"
        )
        assert tab.run(SET) == pytest.approx(dragged)
        assert tab.run(FACTS) == by_drag
        assert tab.faults == []


def test_arrow_keys_move_the_scale_of_the_weights(tab: Tab) -> None:
    tab.run(FOCUS, "w-place")
    tab.press(*["ArrowRight"] * 20)
    tab.wait(SHOWS, "chaotic")
    at = tab.run(SET)
    assert at["w"] == pytest.approx(1.5 * 10**0.2, rel=0.03)
    require_theory(tab, "tanh", at)


def test_dots_stand_where_the_table_says(tab: Tab) -> None:
    """A click on a dot gives its numbers."""
    tab.run("() => document.querySelector('.edge-map').scrollIntoView({block: 'center', behavior: 'instant'})")
    dots = tab.run(DOTS)
    assert [name for name, _, _ in dots] == [place["name"] for place in PLACES]
    for at, place in enumerate(PLACES):
        found = tab.run(
            """at => {
                const [map, dot] = [document.querySelector(".edge-map"), document.querySelectorAll(".edge-start")[at]];
                const plane = new Lab.EdgePlane(map.cloneNode(), [], () => {});
                plane.width = map.viewBox.baseVal.width;
                plane.element.getBoundingClientRect = () => map.getBoundingClientRect();
                const box = dot.getBoundingClientRect();
                return plane.under({clientX: box.x + box.width / 2, clientY: box.y + box.height / 2});
            }""",
            at,
        )
        assert found["w"] == pytest.approx(place["w"], rel=ONE_PIXEL), place
        assert found["s"] == pytest.approx(sqrt(float(str(place["b"]))), abs=0.01), place


def test_a_measured_network_shows_its_dots_beside_the_theory_of_its_start(tab: Tab) -> None:
    count = "() => document.querySelectorAll('.edge-panels svg:first-child circle').length"
    assert tab.run(count) == 0
    tab.run(GO, "net 0")
    tab.wait(SHOWS, "Dots: networks that were measured, he_uniform.")
    assert tab.run(count) == 30
    assert tab.run(SET) == {"w": 2, "s": 0, "c": 0.3}
    assert tab.run(STATUS).startswith("ReLU, weights 2, biases 0: on the edge.")
    tab.run(GO, "start 2")
    tab.wait(SHOWS, "weights 0.33, biases 0.051")
    assert tab.run(count) == 0


@pytest.mark.parametrize(
    ("state", "said", "settled"),
    [
        (
            "activation=relu&w=4&s=0&c=0.3",
            "The signal does not settle: its mean square grows without end, in the long run 2 times per layer",
            "nowhere",
        ),
        (
            "activation=relu&w=1&s=0&c=0.3",
            "The signal goes out: its mean square falls to 50 % per layer in the long run",
            "0",
        ),
        ("activation=gelu&w=2&s=0&c=0.3", "Inputs of another size may fare otherwise.", "0"),
        ("activation=tanh&w=1&s=0&c=0.3", "toward zero, but hardly from one layer to the next", "0"),
    ],
)
def test_where_a_signal_does_not_stay_the_widget_says_so(
    tab: Tab, page: Path, state: str, said: str, settled: str
) -> None:
    tab.open(f"{page.as_uri()}?other#edge:{state}")
    tab.wait(SHOWS, said)
    assert tab.run(FACTS)[1] == settled


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("activation=linear&w=1&s=0.3&c=0.3", "two inputs become alike, but slower and slower"),
        ("activation=linear&w=2&s=0.3&c=0.3", "until the signal outgrows them"),
        ("activation=linear&w=2&s=0&c=0.3", "the angle of two inputs no longer changes"),
        ("activation=sigmoid&w=103&s=0&c=0.3", "two inputs become alike, but slower and slower"),
        ("activation=relu&w=2&s=0.3&c=0.3", "two inputs become alike, but slower and slower"),
        ("activation=relu&w=1&s=0.3&c=0.3", "two inputs become one: at last what differs"),
        ("activation=tanh&w=4&s=0&c=0.3", "two inputs that differ at all end up at a cosine of 0: at last"),
    ],
)
def test_what_becomes_of_two_inputs_is_told_as_theory_has_it(tab: Tab, page: Path, state: str, said: str) -> None:
    tab.open(f"{page.as_uri()}?other#edge:{state}")
    tab.wait(SHOWS, said)
