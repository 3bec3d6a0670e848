"""Buttons that copy code and whatever says that it may be copied."""

from __future__ import annotations

import pytest

from tests.site.conftest import Opened

WATCH = """isForbidden => {
    window.copied = [];
    const clipboard = {writeText: async text => {
        if (isForbidden) throw new Error("forbidden");
        copied.push(text);
    }};
    Object.defineProperty(navigator, "clipboard", {value: clipboard, configurable: true});
    document.addEventListener("copy", () => copied.push(document.activeElement.value));
}"""

SEEN = """() => [...document.querySelectorAll(".tabs")][0].querySelectorAll("pre")"""


@pytest.mark.parametrize("is_forbidden", [False, True])
def test_the_code_that_is_seen_is_copied_also_where_the_clipboard_is_forbidden(
    opened: Opened, is_forbidden: bool
) -> None:
    tab = opened("code")
    tab.run(WATCH, is_forbidden)
    tab.click(".tabs > .copy")
    tab.wait("() => copied.length")
    tab.run("() => document.querySelector('.tabs input:nth-of-type(2)').click()")
    tab.click(".tabs > .copy")
    tab.wait("() => copied.length === 2")
    codes = tab.run(f"() => [...({SEEN})()].map(pre => pre.textContent)")
    assert tab.run("() => copied") == codes[:2]
    assert tab.run("() => document.querySelector('.tabs > .copy').textContent") == "Copied"
    assert tab.run("() => [...document.querySelectorAll('[role=status]')].some(one => one.textContent === 'Copied')")
    assert tab.run("() => document.activeElement.matches('.copy')")


def test_every_piece_of_code_has_one_button_and_no_more(opened: Opened) -> None:
    tab = opened("code")
    assert tab.run("""() => [...document.querySelectorAll("article pre")]
        .filter(pre => !pre.closest(".tabs, .lab"))
        .every(pre => pre.previousElementSibling?.matches(".copy"))""")
    assert tab.run("""() => [...document.querySelectorAll("article .tabs")]
        .every(tabs => tabs.querySelectorAll(".copy").length === 1)""")


def test_what_says_that_it_may_be_copied_is(opened: Opened) -> None:
    tab = opened("he")
    if not tab.run("() => document.querySelector('[data-copy]') !== null"):
        pytest.skip("nothing says so")
    tab.run(WATCH, 0)
    tab.run("""() => {
        const told = document.querySelector("[data-copy]");
        told.closest("details").open = true;
        (told.querySelector("button") || told).click();
    }""")
    tab.wait("() => copied.length === 1")
    assert len(tab.run("() => copied[0]")) > 10
