"""Chromium as it is installed, through playwright."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from tests.browsers.tab import PATIENCE, call, is_local, read, wait

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

__all__ = ["Chromium", "ChromiumTab"]

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

T = TypeVar("T")

VIOLATIONS = """addEventListener("securitypolicyviolation", event => console.error(
    `policy: ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`))"""


class Chromium:
    """Chromium, started once.

    Playwright leaves an event loop running in the thread that uses it. It has a thread of its own here, so that
    no other test of the process meets that loop.
    """

    name = "Chromium"

    def __init__(self, path: str) -> None:
        self._thread = ThreadPoolExecutor(1, "chromium")
        self.do(self._start, path)

    def _start(self, path: str) -> None:
        from playwright.sync_api import sync_playwright

        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(executable_path=path, args=FLAGS)
        self.version = self._browser.version

    def do(self, act: Callable[..., T], *arguments: Any) -> T:
        """Return what a function returns in playwright's thread."""
        return self._thread.submit(act, *arguments).result()

    @contextmanager
    def tab(self, *, scripts: bool = True) -> Iterator[ChromiumTab]:
        """Open a tab that is closed afterwards; without scripts its pages run none, and `run` cannot wait."""
        context = self.do(self._context, scripts)
        try:
            yield ChromiumTab(self, self.do(context.new_page))
        finally:
            self.do(context.close)

    def _context(self, scripts: bool) -> BrowserContext:
        size = {"width": 1280, "height": 800}
        context = self._browser.new_context(viewport=size, java_script_enabled=scripts)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE * 1000)
        context.add_init_script(VIOLATIONS)
        return context

    def close(self) -> None:
        """End the browser and its thread."""
        self.do(self._browser.close)
        self.do(self._playwright.stop)
        self._thread.shutdown()


class ChromiumTab:
    """A tab of Chromium; `do` reaches all that playwright can do besides."""

    def __init__(self, browser: Chromium, page: Page) -> None:
        self._browser, self._page = browser, page
        self.faults: list[str] = []
        browser.do(self._listen)

    def _listen(self) -> None:
        note = self.faults.append
        self._page.on("console", lambda message: note(message.text) if message.type == "error" else None)
        self._page.on("pageerror", lambda error: note(f"script: {error}"))
        self._page.on("request", lambda request: None if is_local(request.url) else note(f"request: {request.url}"))

    def do(self, act: Callable[[Page], T]) -> T:
        """Return what a function makes of playwright's page: `tab.do(lambda page: page.pdf())`."""
        return self._browser.do(act, self._page)

    def open(self, page: Path | str) -> None:
        """Open a file or an address, and wait until it has loaded."""
        url = page.as_uri() if isinstance(page, Path) else page
        self.do(lambda page: page.goto(url, wait_until="load"))

    def run(self, function: str, argument: object = None) -> Any:
        """Call a JavaScript function, and return what it returns."""
        return read(self.do(lambda page: page.evaluate(call(function, argument))))

    def wait(self, function: str, argument: object = None) -> Any:
        """Call a function until what it returns is true."""
        return wait(self, function, argument)

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.do(lambda page, key=key: page.keyboard.press(key))  # type: ignore[misc]

    def click(self, selector: str) -> None:
        """Click the middle of the first element."""
        self.do(lambda page: page.locator(selector).first.click())

    def resize(self, width: int, height: int = 800) -> None:
        """Give the page a window of so many CSS pixels."""
        self.do(lambda page: page.set_viewport_size({"width": width, "height": height}))

    def shoot(self, file: Path) -> None:
        """Save a picture of what the window shows."""
        self.do(lambda page: page.screenshot(path=file))

    def emulate(self, *, scheme: str = "light", motion: str = "no-preference", medium: str = "screen") -> None:
        """Let the page believe in a color scheme (dark), in less motion (reduce) and in paper (print)."""
        look = {"color_scheme": scheme, "reduced_motion": motion, "media": medium}
        self.do(lambda page: page.emulate_media(**look))  # type: ignore[arg-type]
