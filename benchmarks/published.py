"""The page "How fast", docs/speed.md, written from the published results.

Run with ``python -m benchmarks.published`` where these, or the words here, have changed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

__all__ = ["PAGE", "PUBLISHED", "RESULTS", "main", "placed", "section"]

RESULTS = Path(__file__).parent / "results"
PUBLISHED = RESULTS / "published.json"
PAGE = Path(__file__).parent.parent / "docs/speed.md"

BEGIN = "<!-- How fast: written by python -m benchmarks.published from benchmarks/results/published.json -->"
END = "<!-- End of how fast -->"

Row = dict[str, Any]

_BUSY = 1.0
"""Others that compute at the same time from which on a machine counts as busy: one, on the average of the last minute.

Less can be what has ended just before.
"""


def main() -> None:
    """Write it."""
    found = json.loads(PUBLISHED.read_text(encoding="utf-8"))
    PAGE.write_text(placed(PAGE.read_text(encoding="utf-8"), section(found)), encoding="utf-8")


def placed(text: str, section: str) -> str:
    """Return a text with the section between its two marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{section}\n{END}{after}"


def section(found: Row) -> str:
    """Return what the page says of the results."""
    there = (row for name, told in _ROWS.items() if name in found["found"] for row in told(found["found"][name]))
    rows = [f"| {what} | {value} |" for what, value in there]
    return "\n".join([*_words(found["machine"]), "", "| what | measured |", "|---|---|", *rows, ""])


def _words(machine: Row) -> list[str]:
    versions = machine["versions"]
    libraries = f"Python {versions['python']}, NumPy {versions['numpy']}, PyTorch {versions['torch']}"
    load = machine["load"]
    busy = [f"The machine was busy with other work (load {load:g}): on a quiet one, wall times are shorter."]
    return [
        f"Measured by `make bench` on {machine['date']}: {machine['processor']}, {machine['cores']} cores,",
        f"{machine['memory_gb']} GB, {machine['system']}, {libraries}.",
        *(busy if load is None or load > _BUSY else []),
        "What each line means, and what it leaves out, stands in [benchmarks/README.md](../benchmarks/README.md).",
    ]


def _propagation(found: Row) -> Iterator[tuple[str, str]]:
    for threads in ("one thread", "two threads"):
        one = found[threads]
        span = f"{one['least']:.1f} to {one['greatest']:.1f} over the activations"
        yield f"signals and gradients against PyTorch, {threads}", f"{one['median']:.1f} times as fast ({span})"


def _share(found: Row) -> Iterator[tuple[str, str]]:
    span = f"{found['least']:.0%} to {found['greatest']:.0%}"
    yield "share of the machine's rate of matrix products", f"{found['median']:.0%} ({span})"


def _training(found: Row) -> Iterator[tuple[str, str]]:
    for optimizer, name in (("sgd", "SGD with momentum"), ("adam", "Adam")):
        one = found[optimizer]
        ratios = f"{one['loop_ratio']:.1f} and {one['vmap_ratio']:.1f} times as fast"
        yield f"training with {name} against a loop over networks, and `vmap`, in PyTorch", ratios


def _builds(found: Row) -> Iterator[tuple[str, str]]:
    cold = found["from nothing"]
    stages = f"measuring {cold['measure']:.0f} s, drawing {cold['draw and write']:.0f} s"
    yield f"`reportgen build`, preset {found['preset']}, from nothing", f"{cold['whole']:.0f} s ({stages})"
    yield "the same, preset quick", f"{found['quick preset, from nothing']['whole']:.0f} s"
    for name in ("nothing changed", "a template changed", "a figure's code changed", "an initializer added"):
        yield f"again: {name}", f"{found[name]['whole']:.1f} s"
    yield "`reportgen --help`", f"{found['help']:.2f} s"


def _figures(found: Row) -> Iterator[tuple[str, str]]:
    yield "a figure, SVG and PNG together", f"{found['mean']:.2f} s of a processor (mean of {found['number']})"


def _workers(found: Row) -> Iterator[tuple[str, str]]:
    yield "two workers against one, measuring", f"{found['ratio']:.2f} times as fast"


def _memory(found: Row) -> Iterator[tuple[str, str]]:
    if None not in found["build"].values():
        told = ", ".join(f"{process} {megabytes:.0f} MB" for process, megabytes in found["build"].items())
        yield "greatest memory of a process in that build", told


def _lab(found: Row) -> Iterator[tuple[str, str]]:
    if found["pages"]:
        loaded, answer = (max(one[name] for one in found["pages"]) for name in ("loaded", "answer"))
        yield "the slowest page with a widget", f"stands after {loaded:.0f} ms, answers in {answer:.0f} ms"
        frames, updates = (min(one[name] for one in found["presets"].values()) for name in ("frames", "updates"))
        yield "the playground's slowest preset", f"{frames:.0f} frames a second, {updates:.0f} updates a frame"


_ROWS: Mapping[str, Callable[[Row], Iterator[tuple[str, str]]]] = {
    "propagation": _propagation,
    "share": _share,
    "training": _training,
    "builds": _builds,
    "memory": _memory,
    "lab": _lab,
    "figures": _figures,
    "workers": _workers,
}
"""Benchmark -> what is said of it."""


if __name__ == "__main__":
    main()
