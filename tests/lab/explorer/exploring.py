"""What the tests of the explorer share: its page from the quick battery, and what they look at and press."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reportgen.battery.results import Results
from reportgen.chapters import CHAPTERS
from reportgen.chapters.explorer import CHAPTER
from reportgen.report.book import Book, render_book
from tests.browsers.tab import Browser, Tab

__all__ = ["CELLS", "COMMAND", "FOCUSED", "LABELS", "SAID", "TITLES"]
__all__ += ["choose", "fits", "opened", "press", "shown", "state_of", "write"]

CELLS = """() => [...document.querySelectorAll(".explorer-map tbody button")].map(
    cell => [cell.getAttribute("aria-label").replace(/, \\w$/, ""), cell.textContent, cell.className])"""
"""Gives the name, the sign and the class of every cell."""

FOCUSED = "() => document.activeElement.getAttribute('aria-label')"
SAID = "() => [...document.querySelectorAll('.explorer-said')].map(one => one.textContent)"
TITLES = "() => [...document.querySelectorAll('.explorer-card strong')].map(one => one.textContent)"
COMMAND = "() => document.querySelector('.explorer-command').textContent"
LINK = "() => document.querySelector('.lab-share textarea').value"
LABELS = (
    """() => [...document.querySelectorAll("input[name=explorer-data]")].map(one => one.parentElement.textContent)"""
)

READY = "() => document.querySelector('.lab-live').dataset.ready"
PRESS_RADIO = """([group, label]) => [...document.querySelectorAll(`input[name=explorer-${group}]`)].find(
    one => one.parentElement.textContent === label).click()"""
PRESS_CELL = """start => [...document.querySelectorAll(".explorer-map tbody button")].find(
    cell => cell.getAttribute("aria-label").startsWith(start)).click()"""
EXCESS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def write(results: Results, folder: Path) -> Path:
    """Write the page of the explorer, with all that it loads."""
    book = Book.read(CHAPTERS, results, [CHAPTER.slug])
    for path, content in render_book(book, ["html"]).items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return folder / "explorer.html"


@contextmanager
def opened(browser: Browser, page: Path, state: str = "") -> Iterator[Tab]:
    """Open the page in a state, wait for its numbers, and see that nothing went wrong in the end."""
    with browser.tab() as tab:
        tab.open(page.as_uri() + (f"#explorer:{state}" if state else ""))
        tab.wait(READY)
        yield tab
        assert tab.faults == []


def choose(tab: Tab, group: str, label: str) -> None:
    """Press the radio button with this label."""
    tab.run(PRESS_RADIO, [group, label])


def press(tab: Tab, start: str) -> None:
    """Press the cell whose name begins like this."""
    tab.run(PRESS_CELL, start)


def shown(tab: Tab, what: str, count: int) -> list[str]:
    """Return texts as soon as there are so many of them."""
    found: list[str] = tab.wait(f"() => {{ const all = ({what})(); return all.length === {count} && all; }}")
    return found


def state_of(tab: Tab) -> str:
    """Return the state that the link below the widget holds."""
    link: str = tab.run(LINK)
    return link.partition("#explorer:")[2]


def fits(tab: Tab, width: int) -> bool:
    """Return whether nothing of the page is wider than a window of so many pixels."""
    tab.resize(width)
    tab.wait("width => innerWidth === width", width)
    return bool(tab.wait(f"() => ({EXCESS})() <= 0"))
