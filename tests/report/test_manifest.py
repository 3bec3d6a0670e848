"""What is not a manifest of ours word for word is none, and on its word nothing is deleted."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from reportgen.errors import EnvironmentFault
from reportgen.report.manifest import listed_files, read_manifest
from reportgen.report.publish import clean, ensure_publishable

OURS: Mapping[str, Any] = {"generator": "reportgen 0.1", "files": {"index.html": "0" * 64}}

NOT_OURS = {
    "nothing": "",
    "cut off": json.dumps(OURS)[:-5],
    "a list": json.dumps([OURS]),
    "null": "null",
    "another generator": json.dumps({**OURS, "generator": "other 1"}),
    "a generator that is no text": json.dumps({**OURS, "generator": ["reportgen "]}),
    "no files": json.dumps({"generator": "reportgen 0.1"}),
    "files a number": json.dumps({**OURS, "files": 7}),
    "files null": json.dumps({**OURS, "files": None}),
    "files a list of null": json.dumps({**OURS, "files": [None]}),
    "files a list of names": json.dumps({**OURS, "files": ["index.html"]}),
    "files a text": json.dumps({**OURS, "files": "index.html"}),
    "a name with a null byte": json.dumps({**OURS, "files": {"index.html\0": ""}}),
    "a name with half a character": json.dumps({**OURS, "files": {"\ud800": ""}}),
    "nested deep": '{"generator": "reportgen 0.1", "files": ' + '{"a": ' * 100_000 + "1" + "}" * 100_001,
    "a list nested deep": "[" * 100_000,
    "a number of 10,000 digits": '{"generator": "reportgen 0.1", "files": {"a": ' + "9" * 10_000 + "}}",
}


@pytest.mark.parametrize("kind", [*NOT_OURS, "a pipe", "zeros", "a folder", "a terabyte"])
def test_what_is_not_ours_is_refused_and_nothing_is_deleted(kind: str, tmp_path: Path) -> None:
    page, path = tmp_path / "index.html", tmp_path / "manifest.json"
    page.write_text("irreplaceable")
    if kind in NOT_OURS:
        path.write_text(NOT_OURS[kind], encoding="utf-8")
    elif kind == "a pipe":
        os.mkfifo(path)
    elif kind == "zeros":
        path.symlink_to("/dev/zero")
    elif kind == "a folder":
        path.mkdir()
    else:
        with path.open("wb") as file:
            file.truncate(2**40)
    assert read_manifest(tmp_path) is None
    assert listed_files(tmp_path) == []
    for refused in (clean, ensure_publishable):
        with pytest.raises(EnvironmentFault, match=r"its manifest\.json is not reportgen's; choose an empty folder"):
            refused(tmp_path)
    assert page.read_text() == "irreplaceable"
    assert os.path.lexists(path)


@pytest.mark.parametrize("name", ["../thesis.txt", "/etc/passwd", "", ".", "a/../../thesis.txt", "x" * 5000])
def test_a_name_that_leads_out_of_the_folder_is_not_listed(name: str, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (tmp_path / "thesis.txt").write_text("mine")
    (site / "manifest.json").write_text(json.dumps({**OURS, "files": {name: ""}}))
    clean(site)
    assert (tmp_path / "thesis.txt").read_text() == "mine"
