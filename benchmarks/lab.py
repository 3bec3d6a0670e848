"""How soon the widgets of a page answer, and how fast the playground plays: Chromium's wall time."""

from __future__ import annotations

import gzip
import re
import shutil
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.project import cold
from reportgen.chapters import CHAPTERS
from tests.browsers.chromium import Chromium, ChromiumTab
from tests.browsers.starting import PROGRAMS

__all__ = ["TITLE", "lines", "run"]

TITLE = "lab: milliseconds until a page with a widget answers, and frames a second while the playground plays"

LOADS = 5
"""So often is every page loaded; the median is told."""

_ANSWER = """async name => {
    const {domContentLoadedEventStart, domContentLoadedEventEnd} = performance.getEntriesByType("navigation")[0];
    const live = document.querySelector(`[data-lab="${name}"] .lab-live`);
    const control = live.querySelector("input[type=range], select, [aria-selected], button");
    const start = performance.now();
    if (control.type === "range") control.stepUp();
    else if (control.options) control.selectedIndex = (control.selectedIndex + 1) % control.options.length;
    else control.click();
    for (const kind of ["input", "change"]) control.dispatchEvent(new Event(kind, {bubbles: true}));
    await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    return {
        loaded: domContentLoadedEventEnd,
        start: domContentLoadedEventEnd - domContentLoadedEventStart,
        answer: performance.now() - start,
    };
}"""
"""Gives the milliseconds until all widgets stand, of those their own, and until one control's answer is painted."""

_PLAY = """async ([preset, seconds]) => {
    const live = document.querySelector("[data-lab=playground] .lab-live");
    const button = text => [...live.querySelectorAll("button")].find(one => one.textContent === text);
    const updates = () => Number(/Update (\\d+)/.exec(live.textContent)[1]);
    const frame = () => new Promise(requestAnimationFrame);
    live.querySelector(`[data-preset="${preset}"]`).click();
    while (!button("Play")) await frame();
    const speed = live.querySelector("[name=speed]");
    speed.selectedIndex = speed.length - 1;
    for (const kind of ["input", "change"]) speed.dispatchEvent(new Event(kind, {bubbles: true}));
    button("Play").click();
    const [before, start] = [updates(), performance.now()];
    let frames = 0;
    for (; performance.now() < start + 1000 * seconds; frames++) await frame();
    const passed = performance.now() - start;
    button("Pause")?.click();
    return {frames: 1000 * frames / passed, updates: (updates() - before) / frames};
}"""
"""Plays a preset on at the highest speed; gives frames a second and updates a frame."""


def run(*, quick: bool) -> dict[str, Any]:
    """Return what every widget takes, and how the presets play."""
    path = next(filter(None, map(shutil.which, PROGRAMS["Chromium"])), None)
    if path is None:
        return {"browser": "left out: no Chromium", "pages": [], "presets": {}}
    site = _site(quick=quick)
    shown = [(chapter.slug, widget.name) for chapter in CHAPTERS for widget in chapter.widgets]
    pages = [one for one in shown if (site / f"{one[0]}.html").exists()]
    browser = Chromium(path)
    try:
        with browser.tab() as tab:
            return {
                "browser": f"{browser.name} {browser.version}",
                "pages": [_page(tab, site, *one, loads=1 if quick else LOADS) for one in pages],
                "presets": {name: _played(tab, site, name, 0.2 if quick else 2) for name in _presets(tab, site)},
            }
    finally:
        browser.close()


def _site(*, quick: bool) -> Path:
    """Return a folder with the pages: the whole site, or the playground alone."""
    project, _ = cold(quick=quick)
    if not quick:
        return project.folder / "site"
    common = ("--preset", project.preset, "--cache", "cache")
    project.reportgen("run", "--experiment", "demos", *common)
    project.reportgen("render", "--chapter", "playground", "--format", "html", "--out", "lab", *common)
    return project.folder / "lab"


def _page(tab: ChromiumTab, site: Path, page: str, widget: str, *, loads: int) -> dict[str, Any]:
    times: list[dict[str, float]] = []
    for _ in range(loads):
        tab.open(site / f"{page}.html")
        tab.wait("name => document.querySelector(`[data-lab=${name}] .lab-live :is(button, input)`) !== null", widget)
        times.append(tab.run(_ANSWER, widget))
    middle = {name: median(one[name] for one in times) for name in times[0]}
    return {"page": page, "widget": widget, **_sizes(site, page), **middle}


def _sizes(site: Path, page: str) -> dict[str, int]:
    """Return the bytes of a page's scripts, compressed, and of its data, as they are."""
    paths = re.findall(r'<script defer src="([^"]+)"', (site / f"{page}.html").read_text(encoding="utf-8"))
    sizes = {path: (site / path).read_bytes() for path in paths}
    scripts = sum(len(gzip.compress(text)) for path, text in sizes.items() if path.startswith("static/"))
    return {"scripts": scripts, "data": sum(len(text) for path, text in sizes.items() if path.startswith("lab/"))}


def _presets(tab: ChromiumTab, site: Path) -> list[str]:
    tab.open(site / "playground.html")
    names: list[str] = tab.run("() => [...document.querySelectorAll('[data-preset]')].map(one => one.dataset.preset)")
    return names


def _played(tab: ChromiumTab, site: Path, preset: str, seconds: float) -> dict[str, float]:
    tab.open(site / "playground.html")
    found: dict[str, float] = tab.run(_PLAY, [preset, seconds])
    return found


def lines(found: dict[str, Any]) -> list[str]:
    """Return the tables."""
    head = f"{'page':16}{'widget':12}{'scripts kB':>11}{'data kB':>9}{'loaded ms':>11}{'start ms':>10}{'answer ms':>11}"
    pages = [
        f"{one['page']:16}{one['widget']:12}{one['scripts'] / 1000:11.1f}{one['data'] / 1000:9.1f}"
        f"{one['loaded']:11.0f}{one['start']:10.0f}{one['answer']:11.0f}"
        for one in found["pages"]
    ]
    presets = [f"{name:16}{one['frames']:10.0f}{one['updates']:10.0f}" for name, one in found["presets"].items()]
    played = f"{'preset':16}{'frames/s':>10}{'updates':>10} a frame"
    return [found["browser"], head, *pages, "", played, *presets]
