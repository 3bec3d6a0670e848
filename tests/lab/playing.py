"""The playground on a page of its own, and what a reader does with it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from reportgen.chapters.live import PLAYGROUND
from tests.browsers.planting import FRAME, plant
from tests.browsers.tab import Browser, Tab

__all__ = ["Desk", "playground"]

SECTION = """<main><section class="lab" id="lab-playground" data-lab="playground" aria-labelledby="title">
<p class="lab-title" id="title">Start a net wrong</p><div class="lab-words">Words without scripts.</div>
</section></main><script defer src="planted.js"></script>"""

PRESS = """text => {
    const button = [...document.querySelectorAll("button")].find(one => one.textContent === text);
    if (button.disabled) throw new Error(`${text} is disabled`);
    button.click();
}"""
SET = """([name, value]) => {
    const control = document.querySelector(`.lab [name=${name}]`);
    if (control.type === "checkbox") return control.click();
    control.value = value;
    if (control.value !== String(value)) throw new Error(`${name} cannot be ${value}`);
    control.dispatchEvent(new Event("change", {bubbles: true}));
}"""
PAUSED = "() => [...document.querySelectorAll('.lab .primary')].some(button => button.textContent === 'Play')"
TEXT = "selector => document.querySelector(selector).textContent"


class Desk:
    """A playground that has been opened.

    Attributes
    ----------
    tab
        Where it stands.
    page
        Its file.
    """

    def __init__(self, tab: Tab, page: Path) -> None:
        self.tab = tab
        self.page = page

    def open(self, state: str = "") -> None:
        """Open the page with a state in its address, and wait until it has been computed."""
        self.tab.open("about:blank")
        self.tab.open(self.page.as_uri() + (f"#playground:{state}" if state else ""))
        self.rest()

    def press(self, text: str) -> None:
        """Press a button, and wait until nothing moves any more."""
        self.tab.run(PRESS, text)
        self.rest()

    def set(self, **values: object) -> None:
        """Give controls, by their names, other values."""
        for name, value in values.items():
            self.tab.run(SET, [name, str(value)])
            self.rest()

    def rest(self) -> None:
        """Wait until training has stopped."""
        self.tab.wait(PAUSED)

    def text(self, selector: str) -> str:
        """Return the text of the first element."""
        found: str = self.tab.run(TEXT, selector)
        return found

    @property
    def status(self) -> str:
        """What the status region says."""
        return self.text(".lab-status")

    @property
    def link(self) -> str:
        """The state in the link that the page offers."""
        value: str = self.tab.run("() => document.querySelector('.lab-share textarea').value")
        return value.partition("#playground:")[2]


@contextmanager
def playground(browser: Browser, folder: Path, data: Any = None, before: str = "") -> Iterator[Desk]:
    """Open a playground, with data of a build or without, and with a script that runs before its own starts."""
    scripts = dict.fromkeys([*FRAME, *(f"lab/{stem}.js" for stem in PLAYGROUND.scripts)])
    page = plant(folder, SECTION, scripts=scripts, styles=["style.css", "lab/lab.css"])
    packed = f"Lab.data('playground', {json.dumps(data)});" if data else ""
    (folder / "planted.js").write_text(packed)
    if before:
        (folder / "before.js").write_text(before)
        page.write_text(page.read_text().replace("<script", '<script defer src="before.js"></script><script', 1))
    with browser.tab() as tab:
        desk = Desk(tab, page)
        desk.open()
        yield desk
        assert tab.faults == []
