"""The plan: what it counts, what it tells before a large run, and what it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import pytest

from reportgen import pipeline, shares
from reportgen.battery import machine
from reportgen.battery.cache import Cache
from reportgen.battery.cost import Cost
from reportgen.battery.machine import Memory
from reportgen.battery.run import Recipe
from reportgen.errors import UsageError
from reportgen.experiments import EXPERIMENTS
from reportgen.plan import make_plan, require_possible
from reportgen.reporter import SilentReporter
from reportgen.settings import Settings
from reportgen.shares import Share, count_shares


@pytest.fixture
def quick(tmp_path: Path) -> Settings:
    return Settings(preset="quick", out=tmp_path / "site", cache=tmp_path / "cache")


class Hearing(SilentReporter):
    """Keeps what it is told."""

    heard: ClassVar[list[str]] = []

    def note(self, message: str) -> None:
        self.heard.append(message)


@pytest.fixture
def hearing(monkeypatch: pytest.MonkeyPatch) -> Hearing:
    monkeypatch.setattr(Hearing, "heard", [])
    return Hearing()


def test_every_cell_is_counted(quick: Settings) -> None:
    battery = quick.battery()
    counted = {name: share.cells for name, share in count_shares(quick, EXPERIMENTS).items()}
    assert counted == {experiment.name: len(experiment.cells(battery)) for experiment in EXPERIMENTS}


def test_what_is_stored_counts_as_done(quick: Settings) -> None:
    gains = next(experiment for experiment in EXPERIMENTS if experiment.name == "gains")
    before = make_plan(quick, [gains])
    cache, recipe = Cache(quick.cache), Recipe.of(quick.seed)
    for cell in gains.cells(quick.battery()):
        assert before.shares["gains"].stored == 0
        cache.put(recipe.key(cell), {})
    after = make_plan(quick, [gains])
    assert after.shares["gains"].stored == after.shares["gains"].cells == before.shares["gains"].cells
    assert after.total.cost.operations == after.cache_bytes == 0
    assert after.seconds < before.seconds
    assert after.memory < before.memory


@pytest.mark.parametrize(
    "lists",
    [
        {"initializers": [f"random_normal(stddev={1 + i / 1000})" for i in range(80)]},
        {"activations": [f"leaky_relu({0.1 + i / 1000})" for i in range(50)], "depths": list(range(3, 100))},
    ],
    ids=["initializers", "activations and depths"],
)
def test_a_long_list_is_extrapolated_to_nearly_what_it_costs(
    lists: dict[str, list[object]], quick: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = quick.model_copy(update={name: tuple(values) for name, values in lists.items()})
    monkeypatch.setattr(shares, "_LISTS", dict.fromkeys(shares._LISTS, 20))
    short = count_shares(settings, EXPERIMENTS)
    monkeypatch.setattr(shares, "_LISTS", dict.fromkeys(shares._LISTS, 1000))
    whole = count_shares(settings, EXPERIMENTS)
    for name, near in (("propagation", 0.15), ("mean_field", 0.15), ("training", 0.35)):  # deep nets are not trained
        assert short[name].cost.operations == pytest.approx(whole[name].cost.operations, rel=near)
        assert short[name].cells == pytest.approx(whole[name].cells, rel=near)
    memory = whole["propagation"].cost.memory
    assert short["propagation"].cost.memory == pytest.approx(memory, rel=0.15)


def test_a_hundred_thousand_initializers_are_answered_without_going_through_them(
    quick: Settings, hearing: Hearing
) -> None:
    names = tuple(f"random_normal(stddev={1 + i / 1e6})" for i in range(100_000))
    settings = quick.model_copy(update={"initializers": names})
    with pytest.raises(UsageError, match=r"^136\d{5} cells take about .* of memory and .* \(--force") as caught:
        require_possible(settings, hearing)
    assert len(str(caught.value)) < 300
    assert hearing.heard == []


def test_the_plan_is_a_table_and_three_lines(quick: Settings) -> None:
    lines = make_plan(quick).lines()
    assert [line.split()[0] for line in lines[1:-6]] == [experiment.name for experiment in EXPERIMENTS]
    assert [line.partition(" ")[0] for line in lines[-3:]] == ["plan:", "memory:", "disk:"]
    assert max(map(len, lines)) < 250


def test_a_run_that_is_small_is_not_spoken_of(quick: Settings, hearing: Hearing) -> None:
    require_possible(quick, hearing, EXPERIMENTS[1:2], publishes=False)
    assert hearing.heard == []


def test_a_run_that_is_large_is_told_before_it_begins(
    quick: Settings, hearing: Hearing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "memory", lambda: Memory(1e11, 1e9))
    require_possible(quick, hearing)
    assert [line.partition(" ")[0] for line in hearing.heard] == ["plan:", "memory:", "disk:"]


@pytest.mark.parametrize("scarce", ["memory", "disk_free"])
def test_what_does_not_fit_is_refused_before_it_begins_unless_it_is_forced(
    scarce: str, quick: Settings, hearing: Hearing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def begun(*_: object) -> None:
        raise InterruptedError

    monkeypatch.setattr(machine, scarce, lambda *_: Memory(1e8, 1e8) if scarce == "memory" else 1e6)
    monkeypatch.setattr("reportgen.stages.measure", begun)
    with pytest.raises(UsageError, match=r"has 100 MB of memory \(|of disk 1 MB are free"):
        pipeline.build(quick, hearing)
    with pytest.raises(InterruptedError):
        pipeline.build(quick, hearing, force=True)
    assert quick.out is not None
    assert not quick.out.exists()


def test_nobody_waits_for_years(quick: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reportgen.plan.count_shares", lambda *_: {"one": Share(1.0, 0.0, Cost(1e30))})
    with pytest.raises(UsageError, match=r"years: nobody waits that long"):
        require_possible(quick, SilentReporter())


def test_a_rendering_of_what_is_stored_is_refused_where_its_tables_do_not_fit(
    quick: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "memory", lambda: Memory(1e8, 1e8))
    with pytest.raises(UsageError, match="100 MB of memory"):
        pipeline.render(quick)
