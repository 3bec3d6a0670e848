"""The page of references lists every source, in an order in which it is found."""

from __future__ import annotations

import re
from pathlib import Path

from reportgen.chapters.bibliography import SOURCES
from reportgen.chapters.references.findings import Findings

PROSE = (Path(__file__).parents[3] / "templates" / "chapters" / "references.md.jinja").read_text(encoding="utf-8")
FOUND = Findings.of_all()


def test_every_source_is_listed_once() -> None:
    assert sorted(source.key for source in FOUND.listed) == sorted(SOURCES)


def test_sources_are_listed_by_name_and_those_of_one_name_by_year() -> None:
    assert [source.short for source in FOUND.listed][:2] == ["Alpaydin and Kaynak (1998)", "Ba et al. (2016)"]
    he = [source.key for source in FOUND.listed if source.short.startswith("He et al.")]
    assert he == ["he2015", "he2016", "he2016b"]


def test_the_history_runs_forward_and_names_each_paper_in_its_year() -> None:
    lines = re.findall(r"^- \*\*(\d{4})\.\*\* (.*)$", PROSE, flags=re.MULTILINE)
    years = [year for year, _ in lines]
    assert years == sorted(years)
    for year, line in lines:
        keys = re.findall(r'paper\("(\w+)"\)', line)
        assert keys
        assert year in {SOURCES[key].year for key in keys}
