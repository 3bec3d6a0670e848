"""What the page on how the report was made says of a run."""

from __future__ import annotations

from typing import Any

import pytest

from reportgen.battery.results import Results
from reportgen.chapters.colophon.findings import find, read
from reportgen.settings import Settings

PROVENANCE = {"generator": "reportgen 1.2.3", "versions": {"python": "3.12.0", "seaborn": None}}


def results(**changed: Any) -> Results:
    published = Settings(preset="quick").battery().published()
    return Results({}, {}, {**published, "seed": 7, **changed}, PROVENANCE)


def test_a_run_of_a_preset_is_repeated_by_one_command() -> None:
    found = find(read(results()))
    assert (found.preset, found.seed, found.version, found.is_preset, found.added) == ("quick", 7, "1.2.3", True, [])
    assert found.versions["version"].tolist() == ["1.2.3", "3.12.0", "unknown"]


@pytest.mark.parametrize("changed", [{"width": 65}, {"replicates": 9}])
def test_a_run_of_another_size_is_not_repeated_by_the_preset_s_command(changed: dict[str, Any]) -> None:
    assert not find(read(results(**changed))).is_preset


def test_what_a_user_has_added_is_told() -> None:
    settings = results().settings
    found = find(read(results(initializers=[*settings["initializers"], "random_normal(stddev=0.3)"])))
    assert found.added == ["normal(0.3)"]
    assert not found.is_preset
