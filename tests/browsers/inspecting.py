"""What is wrong with a page or a widget, as far as a browser can tell: each function returns lines, at best none."""

from __future__ import annotations

from tests.browsers.tab import Tab

__all__ = [
    "beside",
    "cut",
    "excess",
    "misplaced_stops",
    "nameless",
    "restless",
    "settings",
    "small",
    "unreached",
    "words",
]

_EXCESS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"

_STOPS = """async () => {
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
    const named = box => `${box.className || box.localName} ${box.textContent.trim().slice(0, 40)}`;
    return [...document.querySelectorAll("article :is(.scroll, .math.block, pre)")].flatMap(box => {
        const [scrolls, stops] = [box.scrollWidth > box.clientWidth + 1, box.tabIndex >= 0];
        if (!box.checkVisibility() || box.closest(".lab") || scrolls === stops) return [];
        return [`${scrolls ? "is not reached" : "stops for nothing"}: ${named(box)}`];
    });
}"""

_NAMELESS = """() => {
    const named = element => element.ariaLabel || element.getAttribute("aria-labelledby");
    return [...document.querySelectorAll("input, select, textarea, figure[id]")]
        .filter(element => element.checkVisibility() && !named(element) && !element.labels?.length)
        .map(element => `${element.localName} ${element.name || element.id}`);
}"""
"""A label that begins with something else that may have one, such as an output, is not the control's.

That is why this looks again: axe-core takes what stands around a control for its label.
"""

_SMALL = """() => {
    const box = element => (element.labels?.[0] || element).getBoundingClientRect();
    const isInLine = element => getComputedStyle(element).display === "inline";
    return [...document.querySelectorAll("a[href], button, summary, select, textarea, input")]
        .filter(element => element.checkVisibility({visibilityProperty: true}) && !isInLine(element))
        .filter(element => Math.min(box(element).width, box(element).height) < 24)
        .map(element => `${element.localName} ${element.name || element.textContent.trim().slice(0, 40)}`);
}"""

_CUT = """async name => {
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
    return [...document.querySelectorAll(`[data-lab="${name}"] svg text`)].filter(text => {
        const [own, chart] = [text.getBoundingClientRect(), text.ownerSVGElement.getBoundingClientRect()];
        return own.width && (own.left < chart.left - 3 || own.right > chart.right + 3);
    }).map(text => text.textContent);
}"""
"""Waits until charts have followed the width of the page, and gives the words that are cut off."""

_WATCH = """name => {
    const section = document.querySelector(`[data-lab="${name}"]`);
    const kinds = "a[href], button, input, select, textarea, summary, [tabindex]";
    const may = element => element.tabIndex >= 0 && !element.disabled
        && element.checkVisibility({visibilityProperty: true})
        && !(element.type === "radio" && !element.checked && section.querySelector(`[name="${element.name}"]:checked`));
    const controls = [...section.querySelectorAll(kinds)].filter(may);
    const labels = controls.map((element, at) =>
        `${at} ${element.localName} ${element.name || element.getAttribute("aria-label") || element.textContent}`);
    window.steps = [];
    addEventListener("focusin", ({target}) => {
        const {outlineStyle, outlineWidth, boxShadow} = getComputedStyle(target);
        const isSeen = outlineStyle !== "none" && parseFloat(outlineWidth) >= 1 || boxShadow !== "none";
        steps.push({at: controls.indexOf(target), isInside: section.contains(target), isSeen});
    });
    section.tabIndex = -1;
    section.focus();
    steps.length = 0;
    return labels;
}"""
"""Puts the focus before the first control of a widget, takes down where it goes from there, and gives the controls."""

_OTHERS = 20
"""So many places between the controls may take the focus too, such as boxes that scroll."""

_BESIDE = """name => {
    const section = document.querySelector(`[data-lab="${name}"]`);
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const seen = [];
    while (walk.nextNode()) {
        const {parentElement, data} = walk.currentNode;
        const isSeen = parentElement.checkVisibility({visibilityProperty: true});
        if (isSeen && data.trim() && !section.contains(walk.currentNode)) seen.push(data.trim());
    }
    return seen;
}"""

_WORDS = """name => {
    const section = document.querySelector(`[data-lab="${name}"]`);
    const shown = kind => [...section.querySelectorAll(kind)].filter(element => element.checkVisibility());
    const words = shown(".lab-words").map(element => element.innerText.trim()).join("");
    const live = shown(".lab-live, .lab-status, .lab-share").map(element => `shown: ${element.className}`);
    return [...live, ...(words ? [] : ["no words"])];
}"""

_SETTINGS = """async name => {
    const section = document.querySelector(`[data-lab="${name}"]`);
    const kinds = ".lab-live :is(input, select, textarea, [aria-checked], [aria-selected])";
    const state = element => element.ariaChecked ?? element.ariaSelected
        ?? (/checkbox|radio/.test(element.type) ? element.checked : element.value);
    const read = () => [...section.querySelectorAll(kinds)].map((element, at) =>
        `${at} ${element.name ?? ""} ${state(element)}`);
    for (let before = null, now = read(); ; before = now, now = read()) {
        if (String(before) === String(now)) return now;
        await new Promise(done => setTimeout(done, 200));
    }
}"""

_RESTLESS = """async name => {
    const section = document.querySelector(`[data-lab="${name}"]`);
    const ask = window.requestAnimationFrame.bind(window);
    const wait = milliseconds => new Promise(done => setTimeout(done, milliseconds));
    const found = [];
    let frames = 0;
    window.requestAnimationFrame = act => { frames += 1; return ask(act); };
    for (const button of section.querySelectorAll("button")) {
        if (!/^(play|run|start)/i.test(button.textContent.trim())) continue;
        frames = 0;
        button.click();
        await wait(400);
        if (frames > 5) found.push(`${button.textContent}: ${frames} frames`);
        if (button.ariaPressed === "true") button.click();
    }
    window.requestAnimationFrame = ask;
    return [...found, ...document.getAnimations().map(animation => `moves: ${animation.animationName}`)];
}"""


def excess(tab: Tab) -> int:
    """Return by how many pixels the page is wider than its window."""
    pixels: int = tab.run(_EXCESS)
    return pixels


def misplaced_stops(tab: Tab) -> list[str]:
    """Return which boxes take the focus although nothing in them scrolls, or scroll without taking it."""
    found: list[str] = tab.run(_STOPS)
    return found


def nameless(tab: Tab) -> list[str]:
    """Return which controls and figures have no name that is read out."""
    found: list[str] = tab.run(_NAMELESS)
    return found


def small(tab: Tab) -> list[str]:
    """Return what is pressed and less than 24 pixels wide or high, apart from links in the lines of a text."""
    found: list[str] = tab.run(_SMALL)
    return found


def cut(tab: Tab, widget: str) -> list[str]:
    """Return the words of a widget's charts that reach beyond the edge of their chart."""
    found: list[str] = tab.run(_CUT, widget)
    return found


def unreached(tab: Tab, widget: str) -> list[str]:
    """Return which controls of a widget the Tab key does not reach, or without showing that they have the focus."""
    labels = tab.run(_WATCH, widget)
    tab.press(*["Tab"] * (len(labels) + _OTHERS))
    steps = tab.run("() => steps")
    inside = [step for step in steps[: _first_outside(steps)] if step["at"] >= 0]
    reached = {step["at"] for step in inside}
    found = [f"not reached: {label}" for at, label in enumerate(labels) if at not in reached]
    found += [f"no visible focus: {labels[step['at']]}" for step in inside if not step["isSeen"]]
    if _first_outside(steps) == len(steps):
        found.append("the focus never leaves")
    return found


def _first_outside(steps: list[dict[str, bool]]) -> int:
    return next((at for at, step in enumerate(steps) if not step["isInside"]), len(steps))


def beside(tab: Tab, widget: str) -> list[str]:
    """Return the text that is seen beside a widget."""
    found: list[str] = tab.run(_BESIDE, widget)
    return found


def words(tab: Tab, widget: str) -> list[str]:
    """Return what is wrong where a widget's words should stand in its place: on paper, and without scripts."""
    found: list[str] = tab.run(_WORDS, widget)
    return found


def settings(tab: Tab, widget: str) -> list[str]:
    """Return what the controls of a widget are set to, as soon as that has come to rest."""
    found: list[str] = tab.run(_SETTINGS, widget)
    return found


def restless(tab: Tab, widget: str) -> list[str]:
    """Return what goes on moving in a widget after one of its buttons has started it."""
    found: list[str] = tab.run(_RESTLESS, widget)
    return found
