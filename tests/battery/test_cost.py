"""Costs add up, and the machine's rates and room are told in numbers that can be."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.battery import machine
from reportgen.battery.cost import NOMINAL, Cost, measure_rates
from reportgen.battery.machine import disk_free, memory, size, span


def test_costs_add_up_and_of_two_memories_the_larger_counts() -> None:
    both = Cost(products=1, numbers=2, calls=3, memory=5, stored=7) + Cost(products=10, memory=4, stored=1)
    assert both == Cost(products=11, numbers=2, calls=3, memory=5, stored=8)
    assert both.operations == 13
    assert both.times(3) == Cost(products=33, numbers=6, calls=9, memory=5, stored=24)


def test_the_measured_rates_are_those_of_a_computer() -> None:
    rates = measure_rates()
    for measured, nominal in ((rates.products, NOMINAL.products), (rates.numbers, NOMINAL.numbers)):
        assert nominal / 100 < measured < nominal * 100
    assert rates.seconds(Cost(products=rates.products, numbers=rates.numbers)) == pytest.approx(2)


def test_there_is_memory_and_some_of_it_is_free() -> None:
    assert 1e8 < memory().free <= memory().total


@pytest.mark.parametrize(
    ("groups", "files", "total"),
    [
        ("0::/a/b\n", {"a/memory.max": "1000", "a/memory.current": "400", "a/b/memory.max": "max"}, 1000),
        ("0::/\n", {"memory.max": "5000\n"}, 5000),
        ("4:memory:/x\n1:cpu:/x\n", {"memory/x/memory.limit_in_bytes": "3000"}, 3000),
        ("4:memory:/\n", {"memory/memory.limit_in_bytes": str((1 << 63) - 4096)}, None),
    ],
)
def test_the_limit_of_a_control_group_counts(
    groups: str, files: dict[str, str], total: float | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    whole, read = memory().total, Path.read_text
    monkeypatch.setattr(machine, "_CGROUP", tmp_path)
    monkeypatch.setattr(
        Path, "read_text", lambda path, **how: groups if str(path) == "/proc/self/cgroup" else read(path, **how)
    )
    assert memory().total == (total or whole)


def test_room_on_disk_is_told_for_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    assert disk_free(tmp_path / "a" / "b") == pytest.approx(disk_free(tmp_path), rel=0.1)


def test_sizes_and_times_are_told_in_words() -> None:
    assert [size(n) for n in (0, 999, 1000, 7.34e9, 1e30)] == ["0 bytes", "999 bytes", "1 kB", "7.3 GB", "1e+12 EB"]
    assert [span(n) for n in (0, 60, 90, 86_400, 1e12)] == [
        "a second", "60 seconds", "1.5 minutes", "24 hours", "3.17e+04 years",
    ]  # fmt: skip
