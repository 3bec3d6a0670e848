"""The digest that decides whether stored measurements may be used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from reportgen import plugins
from reportgen.battery import digest
from reportgen.battery.digest import code_digest


@pytest.fixture(autouse=True)
def fresh() -> None:
    digest._own_digest.cache_clear()


def test_the_digest_is_the_same_in_another_process_with_another_hash_seed() -> None:
    code = "from reportgen.battery.digest import code_digest; print(code_digest())"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONHASHSEED": "7", "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == code_digest()


def test_a_change_of_any_source_of_the_experiments_changes_the_digest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    source = tmp_path / "measured_package/one.py"
    source.parent.mkdir()
    source.write_text("x = 1")
    first = code_digest(package="measured_package")
    source.write_text("x = 2")
    assert code_digest(package="measured_package") == first, "a process runs the code that it began with"
    fresh_digest = digest._own_digest.__wrapped__
    assert fresh_digest("measured_package") != digest._own_digest("measured_package")


def test_a_change_of_a_library_version_changes_the_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    first = code_digest()
    digest._own_digest.cache_clear()
    monkeypatch.setattr(digest, "version", lambda library: "0.0")
    assert code_digest() != first


def test_a_plugin_changes_the_digest(tmp_path: Path) -> None:
    plugin = tmp_path / "quiet.py"
    plugin.write_text("x = 1")
    assert code_digest([str(plugin)]) != code_digest()


@pytest.mark.parametrize("source", digest._SOURCES)
def test_every_source_counts(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first = code_digest()
    digest._own_digest.cache_clear()
    changed = plugins.source_digest
    monkeypatch.setattr(plugins, "source_digest", lambda name: "changed" if name == source else changed(name))
    assert code_digest() != first
