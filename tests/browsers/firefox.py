"""Firefox as it is installed, through WebDriver BiDi."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.browsers.bidi import Session
from tests.browsers.tab import PATIENCE, ScriptError, call, is_local, read, wait

__all__ = ["Firefox", "FirefoxTab"]

PREFERENCES = {
    "remote.prefs.recommended": False,  # they would let file:// pages read their neighbors
    "security.fileuri.strict_origin_policy": True,
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.aboutwelcome.enabled": False,
    "browser.safebrowsing.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "browser.startup.page": 0,
    "browser.newtabpage.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.min_background_timeout_value": 4,
    "extensions.systemAddon.update.enabled": False,
    "extensions.update.enabled": False,
    "media.gmp-manager.updateEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
    "toolkit.telemetry.server": "data:,",
    "widget.windows.window_occlusion_tracking.enabled": False,
}

FLAGS = ["--headless", "--no-remote", "--remote-debugging-port", "0"]

EVENTS = ["browsingContext.contextCreated", "log.entryAdded", "network.beforeRequestSent", "script.message"]

VIOLATIONS = """report => addEventListener("securitypolicyviolation", event => report(
    `policy: ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`))"""

MIDDLE = """selector => {
    const element = document.querySelector(selector);
    element.scrollIntoView({block: "center", behavior: "instant"});
    const box = element.getBoundingClientRect();
    return [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)];
}"""

KEYS = {
    "Backspace": "\ue003",
    "Tab": "\ue004",
    "Enter": "\ue007",
    "Shift": "\ue008",
    "Control": "\ue009",
    "Escape": "\ue00c",
    "Space": " ",
    "PageUp": "\ue00e",
    "PageDown": "\ue00f",
    "End": "\ue010",
    "Home": "\ue011",
    "ArrowLeft": "\ue012",
    "ArrowUp": "\ue013",
    "ArrowRight": "\ue014",
    "ArrowDown": "\ue015",
    "Delete": "\ue017",
}


class Firefox:
    """Firefox without a window, started once with a profile of its own."""

    name = "Firefox"

    def __init__(self, path: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="firefox-")
        profile = Path(self._folder.name)
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items()]
        (profile / "user.js").write_text("".join(lines))
        with (profile / "log.txt").open("w") as log:
            self._process = subprocess.Popen(
                [path, *FLAGS, "--profile", profile, "about:blank"],
                env={**os.environ, "HOME": self._folder.name},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            self.session = Session(*self._address(profile), PATIENCE)
        except BaseException:
            self._end()
            raise
        self.version = str(self.session.capabilities["browserVersion"])
        self.session.send("session.subscribe", events=EVENTS)
        channel = {"type": "channel", "value": {"channel": "violations"}}
        self.session.send("script.addPreloadScript", functionDeclaration=VIOLATIONS, arguments=[channel])

    def _address(self, profile: Path) -> tuple[str, int]:
        """Return where Firefox listens, as soon as it says so."""
        told, end = profile / "WebDriverBiDiServer.json", time.monotonic() + PATIENCE
        while time.monotonic() < end and self._process.poll() is None:
            if told.exists() and (text := told.read_text()):
                where = json.loads(text)
                return where["ws_host"], where["ws_port"]
            time.sleep(0.02)
        raise ConnectionError((profile / "log.txt").read_text())

    @contextmanager
    def tab(self) -> Iterator[FirefoxTab]:
        """Open a tab that is closed afterwards."""
        context = self.session.send("browsingContext.create", type="tab")["context"]
        tab = FirefoxTab(self.session, context)
        end = self.session.listen(tab.hear)
        try:
            yield tab
        finally:
            end()
            self.session.send("browsingContext.close", context=context)

    def close(self) -> None:
        """End the browser and remove its profile."""
        self.session.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(PATIENCE)
        self._end()

    def _end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._folder.cleanup()


class FirefoxTab:
    """A tab of Firefox."""

    def __init__(self, session: Session, context: str) -> None:
        self._session, self._context = session, context
        self._frames = {context}
        self.faults: list[str] = []
        self.resize(1280)

    def _send(self, method: str, **parameters: object) -> Any:
        return self._session.send(method, context=self._context, **parameters)

    def hear(self, method: str, event: dict[str, Any]) -> None:
        """Take down an event of this tab or of a frame in it if it is a fault."""
        if event.get("parent") in self._frames:
            self._frames.add(event["context"])
        if event.get("source", event).get("context") not in self._frames:
            return
        if method == "script.message":
            self.faults.append(event["data"]["value"])
        elif method == "log.entryAdded" and event["level"] == "error":
            self.faults.append(("script: " if event["type"] == "javascript" else "") + event["text"])
        elif method == "network.beforeRequestSent" and not is_local(url := event["request"]["url"]):
            self.faults.append(f"request: {url}")

    def open(self, page: Path | str) -> None:
        """Open a file or an address, and wait until it has loaded."""
        url = page.as_uri() if isinstance(page, Path) else page
        self._send("browsingContext.navigate", url=url, wait="complete")

    def run(self, function: str, argument: object = None) -> Any:
        """Call a JavaScript function, and return what it returns."""
        result = self._session.send(
            "script.evaluate",
            expression=call(function, argument),
            target={"context": self._context},
            awaitPromise=True,
            userActivation=True,
        )
        if result["type"] == "exception":
            raise ScriptError(result["exceptionDetails"]["text"])  # it could not even be read
        return read(result["result"]["value"])

    def wait(self, function: str, argument: object = None) -> Any:
        """Call a function until what it returns is true."""
        return wait(self, function, argument)

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        actions: list[dict[str, str]] = []
        for key in keys:
            parts = [KEYS.get(part, part) for part in (key.split("+") if len(key) > 1 else [key])]
            actions += [{"type": "keyDown", "value": part} for part in parts]
            actions += [{"type": "keyUp", "value": part} for part in reversed(parts)]
        self._send("input.performActions", actions=[{"type": "key", "id": "keyboard", "actions": actions}])

    def click(self, selector: str) -> None:
        """Click the middle of the first element."""
        x, y = self.run(MIDDLE, selector)
        actions: list[dict[str, object]] = [{"type": "pointerMove", "x": x, "y": y}]
        actions += [{"type": kind, "button": 0} for kind in ("pointerDown", "pointerUp")]
        self._send("input.performActions", actions=[{"type": "pointer", "id": "mouse", "actions": actions}])

    def resize(self, width: int, height: int = 800) -> None:
        """Give the page a window of so many CSS pixels."""
        self._send("browsingContext.setViewport", viewport={"width": width, "height": height})

    def shoot(self, file: Path) -> None:
        """Save a picture of what the window shows."""
        file.write_bytes(base64.b64decode(self._send("browsingContext.captureScreenshot")["data"]))
