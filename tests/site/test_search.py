"""The search of all pages, from a disk."""

from __future__ import annotations

import gzip
import time
from pathlib import Path

import pytest

from tests.browsers.axe import barriers
from tests.browsers.tab import Tab
from tests.site.arriving import arrived
from tests.site.conftest import Opened

ADDRESSES = (
    """() => [...document.querySelectorAll(".search-found section a")].map(link => link.href.split("/").pop())"""
)
SAID = "() => document.querySelector('.search-said').textContent"

TYPE = """query => {
    const field = document.querySelector(".search-head input");
    field.value = query;
    field.dispatchEvent(new Event("input"));
}"""


INDEX = 100_000
"""Bytes that a server may send for the index."""


def searched(tab: Tab, query: str) -> list[str]:
    """Return where the links that are found lead, the best first."""
    if not tab.run("() => document.querySelector('.search-box')?.open"):
        tab.press("/")
        tab.wait("() => Boolean(Site.index) && document.querySelector('.search-box')?.open")
    tab.run(TYPE, query)
    tab.wait("() => document.querySelector('.search-said').textContent")
    found: list[str] = tab.run(ADDRESSES)
    return found


def test_names_of_pytorch_and_keras_lead_to_the_page_of_what_they_are(opened: Opened) -> None:
    tab = opened("index")
    pages = {
        "he": ("kaiming", "kaiming_normal_", "HeNormal", "he_uniform", "Kaiming", "dying relu"),
        "derivation": ("xavier", "xavier_uniform_", "GlorotUniform", "glorot", "lecun_normal"),
        "symmetry": ("zeros",),
        "gains": ("calculate_gain",),
        "catalog": ("orthogonal_",),
        "gradients": ("vanishing gradient",),
    }
    found = {query: searched(tab, query)[0] for queries in pages.values() for query in queries}
    assert found == {query: f"{page}.html" for page, queries in pages.items() for query in queries}


def test_symbols_letters_of_any_case_accents_and_beginnings_of_words_do(opened: Opened) -> None:
    tab = opened("index")
    for query in ("sigma_w2", "σ_w²", "σw2", "Sigma-w2", r"\sigma_w^2"):
        assert "glossary.html#sigma-w2" in searched(tab, query)[:2], query
    assert "glossary.html#fan-in" in searched(tab, "fan_in")[:2]
    assert "glossary.html#chi-1" in searched(tab, "χ₁")[:3]
    assert searched(tab, "GLÓROT") == searched(tab, "glorot")
    assert "references.html#saxe-et-al-2013" in searched(tab, "saxe")
    assert searched(tab, "orthog")


def test_keys_lead_from_the_first_letter_to_the_place(opened: Opened) -> None:
    tab = opened("he")
    tab.press("/")
    tab.wait("() => Boolean(Site.index) && document.querySelector('.search-box')?.open")
    tab.press(*"rms", "ArrowDown", "ArrowDown", "ArrowUp")
    tab.press("x", "Backspace")  # typing goes on in the field
    assert tab.run("() => document.querySelector('.search-head input').value") == "rms"
    tab.press("ArrowDown", "ArrowDown", "Enter")
    arrived(tab, "() => location.href.endsWith('glossary.html#rms')")


def test_words_are_marked_in_what_surrounds_them(opened: Opened) -> None:
    tab = opened("index")
    searched(tab, "half mean square")
    marks = {
        mark.lower() for mark in tab.run("() => [...document.querySelectorAll('mark')].map(one => one.textContent)")
    }
    assert {"half", "mean", "square"} <= marks


def test_where_nothing_is_found_it_says_what_to_try(opened: Opened) -> None:
    tab = opened("index")
    assert searched(tab, "qwertyuiop") == []
    assert tab.run(SAID) == "Nothing found"
    assert "fewer words" in tab.run("() => document.querySelector('.search-found').textContent")


@pytest.mark.parametrize("query", ["🎲", "'\"", "(*", "\\"])
def test_signs_without_a_word_find_nothing(opened: Opened, query: str) -> None:
    assert searched(opened("index"), query) == []


def test_a_text_that_is_pasted_by_mistake_is_answered_at_once(opened: Opened) -> None:
    tab = opened("index")
    once = searched(tab, "he normal")
    start = time.monotonic()
    assert searched(tab, "he normal " * 3000) == once
    assert time.monotonic() - start < 5


def test_escape_closes_it_and_the_focus_is_where_it_was(opened: Opened) -> None:
    tab = opened("he")
    tab.run("() => document.querySelector('#figure-layers a.picture').focus()")
    tab.press("/")
    tab.wait("() => document.querySelector('.search-box')?.open")
    tab.press("Escape")
    assert tab.run("() => document.activeElement.matches('#figure-layers a.picture')")


def test_a_key_is_a_letter_where_one_types_and_nothing_where_a_reader_has_put_it_off(opened: Opened) -> None:
    tab = opened("glossary")
    tab.wait("() => document.querySelector('#filter') !== null")
    tab.run("() => document.querySelector('#filter').focus()")
    tab.press("/")
    assert tab.run("() => document.querySelector('#filter').value") == "/"
    tab.run("() => { document.activeElement.blur(); Site.store.set('keys', 'off'); }")
    tab.press("/")
    tab.run("() => new Promise(done => setTimeout(done, 100))")
    assert not tab.run("() => document.querySelector('.search-box')?.open")
    tab.run("() => Site.store.set('keys', null)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_search_bars_nobody(in_chromium: Tab, quick_site: object, scheme: str) -> None:
    in_chromium.emulate(scheme=scheme)  # type: ignore[attr-defined]
    in_chromium.open(quick_site / "he.html")  # type: ignore[operator]
    searched(in_chromium, "kaiming")
    assert barriers(in_chromium, ".search-box") == []


def test_the_index_is_small_and_loaded_when_it_is_asked_for(opened: Opened, quick_site: Path) -> None:
    assert len(gzip.compress((quick_site / "static/search.js").read_bytes())) <= INDEX
    tab = opened("index")
    assert not tab.run("() => 'index' in Site")
    searched(tab, "rms")
    assert tab.run("() => 'index' in Site")
