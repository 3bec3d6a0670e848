"""A browser of this machine that prints: Chromium, Chrome or Edge, found and run without a window."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from reportgen.errors import EnvironmentFault, shortened

__all__ = ["VARIABLE", "find_browser", "print_to_pdf"]

VARIABLE = "REPORTGEN_CHROMIUM"
"""The variable of the environment that names the browser to print with."""

_SECONDS = 300.0
"""After which a browser that has not printed counts as hung; some 200 pages take less than ten."""

_NAMES = (
    *("google-chrome", "google-chrome-stable", "chromium", "chromium-browser", "chrome"),
    *("microsoft-edge", "microsoft-edge-stable", "msedge", "brave-browser"),
)
"""What they are called on the PATH; those that come as a snap, and see few folders, not first."""

_MAC = (
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Chromium.app/Contents/MacOS/Chromium",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
_WINDOWS = (
    r"Google\Chrome\Application\chrome.exe",
    r"Chromium\Application\chrome.exe",
    r"Microsoft\Edge\Application\msedge.exe",
)
_LINUX = ("google/chrome/chrome", "chromium.org/chromium/chrome", "microsoft/msedge/msedge")

_INSTALL = {
    "darwin": "brew install --cask chromium, or Google Chrome from google.com/chrome",
    "win32": "Edge comes with Windows; Google Chrome is at google.com/chrome",
    "linux": "apt install chromium, dnf install chromium, or Google Chrome from google.com/chrome",
}

_ARGUMENTS = (
    "--headless",
    "--disable-gpu",
    "--disable-dev-shm-usage",  # of which containers have little
    "--disable-extensions",
    "--no-first-run",
    "--no-default-browser-check",
    # The page asks nobody for anything, and the browser shall not on its own.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-pings",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-pdf-header-footer",
    "--print-to-pdf-no-header",  # its name before version 112
    "--export-tagged-pdf",
    "--generate-pdf-document-outline",
)

_WITHOUT_SANDBOX = "--no-sandbox"
"""Chromium does not start as root with its sandbox, nor in containers that forbid the namespaces that it needs. The
one page that it opens is ours, has no script and loads nothing."""


def find_browser() -> str:
    """Return the browser to print with: the one that the environment names, or the first of the usual ones.

    Raises
    ------
    EnvironmentFault
        If there is none, with what to install.
    """
    if named := os.environ.get(VARIABLE):
        if path := shutil.which(named):
            return path
        raise EnvironmentFault(f"{VARIABLE}: there is no program {shortened(named, 120)}; format pdf prints with it")
    for place in _places():
        if path := shutil.which(place):
            return path
    how = _INSTALL.get(sys.platform, _INSTALL["linux"])
    raise EnvironmentFault(
        f"format pdf needs Chromium, Chrome or Edge, and none was found ({how}); {VARIABLE} names one elsewhere"
    )


def _places() -> Iterator[str]:
    """Yield the names of browsers on the PATH, then the places where the system installs them."""
    yield from _NAMES
    if sys.platform == "darwin":
        folders = (Path("/Applications"), Path.home() / "Applications")
        yield from (str(folder / app) for app in _MAC for folder in folders)
    elif sys.platform == "win32":
        roots = filter(None, map(os.environ.get, ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")))
        yield from (str(Path(root, program)) for root in list(roots) for program in _WINDOWS)
    else:
        yield from (f"/opt/{program}" for program in _LINUX)
        yield "/snap/bin/chromium"


def print_to_pdf(page: bytes, browser: str, seconds: float = _SECONDS) -> bytes:
    """Print one self-contained page.

    Parameters
    ----------
    page
        HTML.
    browser
        From `find_browser`. It gets a profile of its own, which is removed afterwards.
    seconds
        How long it may take.

    Raises
    ------
    EnvironmentFault
        If the browser cannot be started, fails, does not end in time, or prints no PDF.
    """
    with TemporaryDirectory(prefix="reportgen-pdf-", dir=_room(browser), ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "report.html").write_bytes(page)
        said = _run(browser, folder, seconds, without_sandbox=_is_root())
        if not _printed(folder) and "sandbox" in said.lower() and not _is_root():
            said = _run(browser, folder, seconds, without_sandbox=True)
        if not (printed := _printed(folder)):
            raise EnvironmentFault(f"{shortened(browser, 120)} has printed no PDF{_last(said)}; nothing was published")
        return printed


def _room(browser: str) -> str | None:
    """Return the folder to work in: the usual one, or the home folder for a snap, which has another ``/tmp``."""
    is_snap = "snap" in Path(os.path.realpath(browser)).parts or Path("/snap/bin", Path(browser).name).exists()
    return str(Path.home()) if is_snap else None


def _run(browser: str, folder: Path, seconds: float, *, without_sandbox: bool) -> str:
    """Run the browser, and everything that it starts, until it ends; return what it said."""
    own = [f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={folder / 'report.pdf'}"]
    command = [browser, *_ARGUMENTS, *own, *[_WITHOUT_SANDBOX] * without_sandbox, (folder / "report.html").as_uri()]
    # What it leaves among temporary files where it is ended goes with the folder.
    room = os.environ | dict.fromkeys(("TMPDIR", "TMP", "TEMP"), str(folder))
    with (folder / "said").open("wb") as said:
        try:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, env=room, start_new_session=True
            )
        except OSError as fault:
            raise EnvironmentFault(f"{shortened(browser, 120)} cannot be started: {fault.strerror or fault}") from fault
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise EnvironmentFault(
                f"{shortened(browser, 120)} did not print within {seconds:g} seconds; nothing was published"
            ) from None
        finally:
            _end(process)
    return (folder / "said").read_text(encoding="utf-8", errors="replace")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the browser where it still runs, with what it has started."""
    if process.poll() is None:
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _printed(folder: Path) -> bytes:
    """Return the PDF, or nothing where there is none or only a part of one."""
    path = folder / "report.pdf"
    content = path.read_bytes() if path.is_file() else b""
    return content if content.startswith(b"%PDF-") and content.rstrip().endswith(b"%%EOF") else b""


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _last(said: str) -> str:
    """Return the last line that the browser said, for the error line."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return f": {shortened(lines[-1], 160)}" if lines else ""
