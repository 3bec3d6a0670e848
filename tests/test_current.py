"""A build that has nothing to do does nothing, and one that may have something to do is made."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen import current
from reportgen.battery.cache import Cache
from reportgen.battery.folder import SITE
from reportgen.built import Built
from reportgen.current import keep, source_of, unchanged
from reportgen.report import folders, publish
from reportgen.reporter import SilentReporter
from reportgen.settings import Settings

CELLS = ["a" * 64, "b" * 64]
FILES = {"index.html": b"<!doctype html>", "data/forward.csv": b"layer\n1\n"}
UNMET = {"chapter": "he", "check": "holds", "sentence": "Pigs fly.", "evidence": "They do not.", "outside": ""}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings of a site that is published, with what it was published from."""
    made = Settings(preset="quick", out=tmp_path / "site", cache=tmp_path / "cache")
    publish_it(made)
    return made


def publish_it(settings: Settings, unmet: tuple[dict[str, str], ...] = ()) -> None:
    cache = Cache(settings.cache)
    for key in CELLS:
        cache.put(key, {"forward": {"value": np.zeros(1)}})
    source = source_of(settings)
    publish.publish(FILES, settings.out, {"generator": "reportgen 0", "unmet": list(unmet)})
    keep(settings, source, CELLS, Built(figures=3))


def is_current(settings: Settings) -> bool:
    return unchanged(settings, SilentReporter()) is not None


def test_where_nothing_has_changed_nothing_is_done_and_the_record_says_so(settings: Settings) -> None:
    before = {path: path.stat() for path in settings.out.rglob("*")}
    built = current.build(settings)
    assert built.is_unchanged
    assert (built.cells, built.cached, built.figures, built.drawn_before) == (2, 2, 3, 3)
    assert built.page == settings.out.resolve() / "index.html"
    assert built.summary()[0] == "Nothing has changed since the site was published"
    assert {path: path.stat() for path in settings.out.rglob("*")}.keys() == before.keys()
    assert all(path.stat().st_mtime_ns == known.st_mtime_ns for path, known in before.items() if path.is_file())


def test_workers_and_engine_do_not_matter(settings: Settings) -> None:
    assert is_current(settings.model_copy(update={"jobs": 3, "engine": "serial"}))


OTHER = {
    "another seed": {"seed": 1},
    "another preset": {"preset": "standard"},
    "an initializer more": {"initializers": ("he_normal",)},
    "one format": {"formats": ("html",)},
    "strict": {"strict": True},
    "a plugin": {"plugins": ("plug.py",)},
    "no cache": {"cache": None},
}


@pytest.mark.parametrize("changed", OTHER.values(), ids=list(OTHER))
def test_other_settings_are_built(settings: Settings, changed: dict[str, Any]) -> None:
    assert not is_current(settings.model_copy(update=changed))


def test_another_folder_is_built(settings: Settings, tmp_path: Path) -> None:
    shutil.copytree(settings.out, tmp_path / "copy")
    assert not is_current(settings.model_copy(update={"out": tmp_path / "copy"}))


def test_data_with_a_colon_in_the_name_of_its_label_is_noticed(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "flowers.csv"
    file.write_text("x,la:bel\n1,a\n")
    added = settings.model_copy(update={"data": (f"{file}:la:bel",)})
    before = source_of(added)
    file.write_text("x,la:bel\n2,a\n")
    assert source_of(added) not in (before, None)
    file.unlink()
    assert source_of(added) is None
    assert source_of(settings.model_copy(update={"data": ("circle",)})) is not None


def test_changed_data_is_built(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,label\n1,2\n")
    added = settings.model_copy(update={"data": (f"{tmp_path / 'x.csv'}:label",)})
    publish_it(added)
    assert is_current(added)
    (tmp_path / "x.csv").write_text("a,label\n1,3\n")
    assert not is_current(added)


def change_code(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    package = shutil.copytree(Path(current.__file__).parent, tmp_path / "code")
    (package / "chapters/style.py").write_text("# changed\n")
    monkeypatch.setattr(current, "__file__", str(package / "current.py"))


def change_template(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    templates = shutil.copytree(folders.templates_folder(), tmp_path / "templates")
    (templates / "static/new.css").touch()
    monkeypatch.setattr(current, "templates_folder", lambda: templates)


def change_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(current, "provenance", lambda: {"cpu": "another", "folder": str(tmp_path)})


def change_library(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(current, "_LIBRARIES", (*current._LIBRARIES, tmp_path.name))


CHANGES = (change_code, change_template, change_machine, change_library)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: str(change.__name__))
def test_changed_code_templates_machine_and_libraries_are_built(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    change: Callable[[pytest.MonkeyPatch, Path], None],
) -> None:
    change(monkeypatch, tmp_path)
    assert not is_current(settings)


def cell_lost(settings: Settings) -> None:
    assert settings.cache is not None
    next(settings.cache.glob(f"*/{CELLS[0]}.npz")).unlink()


def page_changed(settings: Settings) -> None:
    (settings.out / "index.html").write_bytes(b"<!DOCTYPE html>")


def page_lost(settings: Settings) -> None:
    (settings.out / "data/forward.csv").unlink()


def manifest_changed(settings: Settings) -> None:
    with (settings.out / "manifest.json").open("a") as file:
        file.write(" ")


def known_lost(settings: Settings) -> None:
    assert settings.cache is not None
    next(settings.cache.glob(f"*/*.{SITE}")).unlink()


def known_damaged(settings: Settings) -> None:
    assert settings.cache is not None
    path = next(settings.cache.glob(f"*/*.{SITE}"))
    path.write_bytes(path.read_bytes()[:-1])


LOSSES = (cell_lost, page_changed, page_lost, manifest_changed, known_lost, known_damaged)


@pytest.mark.parametrize("lose", LOSSES, ids=lambda lose: str(lose.__name__))
def test_what_is_not_as_it_was_is_built(settings: Settings, lose: Callable[[Settings], None]) -> None:
    lose(settings)
    assert not is_current(settings)


FORGED = (b"", b"[]", b"{}", b"[" * 10**5, b"\xff", b'{"source": 1, "manifest": "", "cells": [], "figures": 0}')


@pytest.mark.parametrize("forged", FORGED)
def test_forged_knowledge_with_the_right_checksum_is_not_trusted(settings: Settings, forged: bytes) -> None:
    Cache(settings.cache).put_files(current._place(settings.out), SITE, {"site.json": forged})
    assert not is_current(settings)


def test_what_changed_while_the_site_was_built_keeps_it_from_being_current(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    source = source_of(settings)
    with monkeypatch.context() as changed:
        change_template(changed, tmp_path)
        known_lost(settings)
        keep(settings, source, CELLS, Built())
    assert not is_current(settings)


def test_sentences_that_are_not_borne_out_are_told_again(settings: Settings) -> None:
    publish_it(settings, (UNMET,))
    told = StringIO()
    built = unchanged(settings, SilentReporter(told))
    assert built is not None
    assert len(built.unmet) == 1
    assert "he/holds is not borne out by this run: Pigs fly. They do not." in told.getvalue()
    assert json.loads((settings.out / "manifest.json").read_text())["unmet"] == [UNMET]
