"""The section "How fast" of README.md, written from the published results.

Run with ``python -m benchmarks.readme`` where these, or the words here, have changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

__all__ = ["PUBLISHED", "README", "RESULTS", "main", "placed", "section"]

RESULTS = Path(__file__).parent / "results"
PUBLISHED = RESULTS / "published.json"
README = Path(__file__).parent.parent / "README.md"

BEGIN = "<!-- How fast: written by python -m benchmarks.readme from benchmarks/results/published.json -->"
END = "<!-- End of how fast -->"

Row = dict[str, Any]

_BUSY = 0.3
"""Others that compute at the same time, on the average of a minute, from which on a machine counts as busy."""


def main() -> None:
    """Write the section."""
    found = json.loads(PUBLISHED.read_text(encoding="utf-8"))
    README.write_text(placed(README.read_text(encoding="utf-8"), section(found)), encoding="utf-8")


def placed(text: str, section: str) -> str:
    """Return a text with the section between its two marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{section}\n{END}{after}"


def section(found: Row) -> str:
    """Return what README.md says of the results."""
    rows = [f"| {what} | {value} |" for what, value in _rows(found["found"])]
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
        "What each line means, and what it leaves out, stands in [benchmarks/README.md](benchmarks/README.md).",
    ]


def _rows(found: Row) -> Iterator[tuple[str, str]]:
    yield from _compared(found["propagation"], found["share"], found["training"])
    yield from _built(found["builds"])
    drawn, memory = found["figures"], found["memory"]["build"]
    yield "a figure, SVG and PNG together", f"{drawn['mean']:.2f} s of a processor (mean of {drawn['number']})"
    yield "two workers against one, measuring", f"{found['workers']['ratio']:.2f} times as fast"
    yield "greatest memory, main process and worker", f"{memory['parent']:.0f} MB, {memory['worker']:.0f} MB"


def _compared(propagation: Row, share: Row, training: Row) -> Iterator[tuple[str, str]]:
    for threads in ("one", "two"):
        one = propagation[f"{threads}_thread{'s' if threads == 'two' else ''}"]
        span = f"{one['least_ratio']:.1f} to {one['greatest_ratio']:.1f} over the activations"
        what = f"signals and gradients against PyTorch, {threads} thread{'s' if threads == 'two' else ''}"
        yield what, f"{one['median_ratio']:.1f} times as fast ({span})"
    span = f"{share['least']:.0%} to {share['greatest']:.0%}"
    yield "share of the machine's rate of matrix products", f"{share['median']:.0%} ({span})"
    for optimizer, name in (("sgd", "SGD with momentum"), ("adam", "Adam")):
        one = training[optimizer]
        ratios = f"{one['loop_ratio']:.1f} and {one['vmap_ratio']:.1f} times as fast"
        yield f"training with {name} against a loop over networks, and `vmap`, in PyTorch", ratios


def _built(builds: Row) -> Iterator[tuple[str, str]]:
    cold = builds["from nothing"]
    stages = f"measuring {cold['measure']:.0f} s, drawing {cold['draw and write']:.0f} s"
    yield f"`reportgen build`, preset {builds['preset']}, from nothing", f"{cold['whole']:.0f} s ({stages})"
    yield "the same, preset quick", f"{builds['quick preset, from nothing']['whole']:.0f} s"
    for name in ("nothing changed", "a template changed", "a figure's code changed", "an initializer added"):
        yield f"again: {name}", f"{builds[name]['whole']:.1f} s"
    yield "`reportgen --help`", f"{builds['help']:.2f} s"


if __name__ == "__main__":
    main()
