"""What axe-core finds wrong with the accessibility of a page."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from tests.browsers.tab import Tab

__all__ = ["barriers"]

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

RUN = """async ({within, runOnly}) => {
    const rules = {"label-content-name-mismatch": {enabled: true}};
    const options = {runOnly, rules, resultTypes: ["violations"], preload: false};
    const {violations} = await axe.run(within, options);
    return violations.flatMap(({id, nodes}) => nodes.map(
        ({target, failureSummary}) => `${id}: ${target.join(" ")}: ${failureSummary.replace(/\\s+/g, " ")}`));
}"""
"""Gives a line for each element that breaks a rule. Style sheets are not loaded again: the policy forbids it.

What is seen on a control must be part of its name, for readers who speak to their machine: axe-core leaves that out
where it is not asked to look.
"""


def barriers(tab: Tab, within: str = "html", rules: Sequence[str] = ()) -> list[str]:
    """Return what breaks a rule of WCAG 2.2, level A or AA, or what axe-core takes for good practice.

    It is brought into the page past the policy, as a debugger would do it. With `rules` it looks at nothing else.
    """
    if not tab.run("() => 'axe' in window"):
        tab.run(f"() => {{ {_source()}\n }}")
    found: list[str] = tab.run(RUN, {"within": within, "runOnly": list(rules or TAGS)})
    return found


@cache
def _source() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text()
