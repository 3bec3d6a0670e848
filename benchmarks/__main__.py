"""Run all benchmarks, or those that are named, print their tables and write what they found as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from shutil import copyfile
from time import perf_counter
from typing import Any

from benchmarks import machine, published

NAMES = ("propagation", "share", "training", "builds", "memory", "figures", "workers", "scaling", "lab")
"""The benchmarks, each a module of this name, imported only where it is run: workers import this one."""

NEEDS = {"propagation": "torch", "training": "torch", "lab": "playwright"}
"""Those that compare with PyTorch or drive a browser, and are left out where the module for it is missing."""


def main(words: list[str] | None = None) -> None:
    """Run what the command line asks for."""
    parser = _parser()
    options = parser.parse_args(words)
    names = options.names or list(NAMES)
    if unknown := set(names) - set(NAMES):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}: there are {', '.join(NAMES)}")
    if options.publish and (options.quick or set(names) != set(NAMES)):
        parser.error("only all benchmarks in their full length can be published")
    for found in run(names, quick=options.quick):
        _write(options.out, found)
        print(f"Written to {options.out}")
    if options.publish:
        copyfile(options.out, published.PUBLISHED)
        published.main()


def run(names: list[str], *, quick: bool) -> Iterator[dict[str, Any]]:
    """Run benchmarks and print their tables; yield, after each, what was found so far, with the machine."""
    found: dict[str, Any] = {"machine": machine.describe(), "quick": quick, "seconds": {}, "found": {}}
    for name in names:
        if name in NEEDS and find_spec(NEEDS[name]) is None:
            print(f"\n{name} is left out: {NEEDS[name]} is not installed")
            continue
        module = import_module(f"benchmarks.{name}")
        print(f"\n{module.TITLE} ...", flush=True)
        start = perf_counter()
        found["found"][name] = module.run(quick=quick)
        found["seconds"][name] = perf_counter() - start
        print(*module.lines(found["found"][name]), f"({found['seconds'][name]:.0f} s)", sep="\n", flush=True)
        yield found


def _write(where: Path, found: dict[str, Any]) -> None:
    where.parent.mkdir(parents=True, exist_ok=True)
    where.write_text(json.dumps(rounded(found), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def rounded(value: Any) -> Any:
    """Return plain data with four digits of every number: more of them say nothing about a machine."""
    if isinstance(value, Mapping):
        return {str(key): rounded(one) for key, one in value.items()}
    if isinstance(value, float):
        return float(f"{value:.4g}")
    return [rounded(one) for one in value] if isinstance(value, list | tuple) else value


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    add = parser.add_argument
    add("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; all where none is given")
    add("--quick", action="store_true", help="the smallest of everything: tells whether it runs, not how fast")
    add("--out", type=Path, default=published.RESULTS / "latest.json", help="where the JSON goes")
    add("--publish", action="store_true", help="write the JSON that docs/speed.md quotes, and that page from it")
    return parser


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("interrupted; what was found so far is written")
