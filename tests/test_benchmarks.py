"""The benchmarks run, compare what is the same, and docs/speed.md quotes what they found; nothing here is timed."""

from __future__ import annotations

import json
import platform
import re
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import __main__ as command
from benchmarks import battery, builds, machine, scaling
from benchmarks import published as page
from benchmarks.watched import watched
from reportgen.nn.activations import activations

SLOW = ("builds", "memory", "figures", "lab")
"""They build a chapter with processes of their own."""

KEYS = {
    "propagation": {"starts", "difference", "one thread", "two threads"},
    "share": {"start", "gflops", "median", "least", "greatest", "seconds", "activations"},
    "training": {"sgd", "adam"},
    "builds": {"preset", "from nothing", *builds.CHANGES, "help"},
    "memory": {"preset", "build", "cells", "exponents"},
    "figures": {"preset", "number", "sum", "mean", "figures"},
    "workers": {"processors", "cells", "seconds", "ratio"},
    "scaling": {"depth", "width", "replicates", "cells"},
    "lab": {"browser", "pages", "presets"},
}

Published = dict[str, Any]


@pytest.fixture(scope="module")
def published() -> Published:
    found: Published = json.loads(page.PUBLISHED.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.slow] * (name in SLOW)) for name in KEYS])
def test_every_benchmark_runs_and_finds_what_it_promises(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    if needed := command.NEEDS.get(name):
        pytest.importorskip(needed, reason=f"{needed} is not installed")
    (found,) = command.run([name], quick=True)
    assert set(found["found"][name]) == KEYS[name]
    assert import_module(f"benchmarks.{name}").TITLE in capsys.readouterr().out
    assert json.loads(json.dumps(command.rounded(found)))


def test_every_benchmark_is_told_and_tested() -> None:
    told = (Path(command.__file__).parent / "README.md").read_text(encoding="utf-8")
    assert [name for name in command.NAMES if f"\n| `{name}` |" not in told] == []
    assert set(KEYS) == set(command.NAMES)


def test_what_needs_pytorch_is_left_out_without_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "find_spec", lambda _: None)
    assert [*command.run(["propagation"], quick=True)] == []
    assert "left out" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["nothing"], ["share", "--publish"], ["--quick", "--publish"]])
def test_a_name_that_is_none_and_a_part_that_would_be_published_are_refused(words: list[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(words)


def test_the_json_goes_where_it_is_wanted(tmp_path: Path) -> None:
    command.main(["share", "--quick", "--out", str(tmp_path / "new" / "found.json")])
    assert json.loads((tmp_path / "new" / "found.json").read_text())["found"]["share"]["median"] > 0


def test_the_page_on_speed_says_what_was_published(published: Published) -> None:
    text = page.PAGE.read_text(encoding="utf-8")
    assert text == page.placed(text, page.section(published)), "run python -m benchmarks.published"


def test_what_was_published_names_the_machine_and_nobody(published: Published) -> None:
    told = machine.describe()
    assert set(published["machine"]) == set(told)
    assert not published["quick"]
    private = (platform.node(), str(Path.home()), sys.prefix, "/home", "/root")
    for text in (json.dumps(told), json.dumps(published)):
        assert [word for word in private if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)] == []


@pytest.mark.parametrize("name", battery.names(quick=False))
def test_pytorch_measures_the_same(name: str) -> None:
    pytest.importorskip("torch", reason="PyTorch is not installed")
    difference = import_module("benchmarks.agreement").difference
    for start in battery.STARTS:
        # A few roundings of float32 (6e-8) in each of five layers.
        assert difference(battery.cell(start, name, quick=True)) < 1e-5


def test_another_statistic_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch", reason="PyTorch is not installed")
    agreement, torch_cell = (import_module(f"benchmarks.{name}") for name in ("agreement", "torch_cell"))
    monkeypatch.setattr(torch_cell, "SATURATED_SLOPE", 0.5)
    assert agreement.difference(battery.cell("he_normal", "tanh", quick=True)) > agreement.AGREES


def test_another_training_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch", reason="PyTorch is not installed")
    training, torch_training = (import_module(f"benchmarks.{name}") for name in ("training", "torch_training"))
    monkeypatch.setattr(torch_training, "MOMENTUM", 0.5)
    with pytest.raises(RuntimeError, match="do not train the same"):
        training.compare(training.sweep("sgd", quick=True), quick=True)


@pytest.mark.parametrize("name", battery.names(quick=False))
def test_every_activation_is_a_module_of_pytorch(name: str) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    z = np.linspace(-3, 3, 61)
    theirs = import_module("benchmarks.torch_modules").MODULES[name]()(torch.from_numpy(z)).numpy()
    np.testing.assert_allclose(theirs, activations.get(name).phi(z), atol=1e-12)


def test_the_operations_are_those_of_all_products() -> None:
    cell = battery.cell("he_normal", "tanh", quick=True)
    forward = [("h @ W", layer) for layer in range(max(cell.depths))]
    back = [("h.T @ delta", layer) for depth in cell.depths for layer in range(depth)]
    further = [("delta @ W.T", layer) for depth in cell.depths for layer in range(1, depth)]
    each = sum(2 for _ in range(cell.batch) for _ in range(cell.width) for _ in range(cell.width))
    assert battery.flops(cell) == each * cell.replicates * len([*forward, *back, *further])


def test_the_exponent_of_a_power_law_is_found() -> None:
    assert scaling.exponent({n: 3 * n**1.5 for n in (2, 4, 8)}) == pytest.approx(1.5)


def test_cells_can_be_had_in_any_number() -> None:
    assert len(set(scaling.many(300))) == 300


def test_a_run_that_fails_is_told_with_what_it_printed(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="what a pity"):
        watched([sys.executable, "-c", "raise SystemExit('what a pity')"], tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the memory of a process")
def test_the_greatest_memory_of_a_process_and_of_its_children_is_found(tmp_path: Path) -> None:
    grow = "import time; held = bytearray({}); time.sleep(0.5)"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {grow.format(200_000_000)!r}])"
    ran = watched([sys.executable, "-c", f"{grow.format(100_000_000)}; {child}"], tmp_path)
    assert ran.parent_mb is not None
    assert ran.worker_mb is not None
    assert 100 < ran.parent_mb < 200 < ran.worker_mb < 300
