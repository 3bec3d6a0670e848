"""Exports: what a small book becomes for other publishing systems, and where an export may be written."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from reportgen.battery.results import Results
from reportgen.chapters.chapter import Chapter
from reportgen.errors import EnvironmentFault
from reportgen.pipeline import build
from reportgen.report.book import Book
from reportgen.report.exports.export import render_export
from reportgen.report.exports.place import EXPORT, ensure_exportable, ensure_no_export
from reportgen.report.exports.systems import SYSTEMS, System
from reportgen.report.figures import Mapper
from reportgen.report.folders import templates_folder
from reportgen.report.formats.portable import finish_portable, own_figures
from reportgen.report.imprint import Imprint
from reportgen.report.products.packing import packed
from reportgen.report.publish import publish
from reportgen.settings import Settings

Render = Callable[[System], dict[str, bytes]]
ORIGIN = {"generator": "reportgen 0.0.0"}


@pytest.fixture
def render(chapters: list[Chapter[Any, Any]], results: Results, prose: Callable[..., Path], drawn: Mapper) -> Render:
    folder, chapters = prose(), [chapters[0], *(replace(one, part="Theory") for one in chapters[1:])]
    return lambda system: render_export(Book.read(chapters, results), system, overrides=folder, mapper=drawn)


def missing(files: Mapping[str, bytes], folder: str) -> list[str]:
    """Return what the pages of an export link to or show and what is not there."""
    pages = {path: text.decode() for path, text in files.items() if path.endswith((".md", ".qmd"))}
    links = re.compile(r"\]\(([^)#\s]+)|^```\{figure\} (\S+)", re.MULTILINE)
    named = {link or figure for text in pages.values() for link, figure in links.findall(text)}
    return sorted(name for name in named if ":" not in name and f"{folder}{name}" not in files)


@pytest.mark.parametrize("name", SYSTEMS)
def test_an_export_has_pages_configuration_and_everything_that_it_links_to(name: str, render: Render) -> None:
    system = SYSTEMS[name]
    files = render(system)
    assert {system.form.path("index"), system.form.path("glossary"), *system.files} <= set(files)
    assert missing(files, system.form.folder) == []
    assert f"{system.form.folder}figures/index-curve.svg" in files
    assert not [path for path in files if ".." in path or path.endswith("-narrow.svg")]


def test_what_is_missing_is_found() -> None:
    assert missing({"a.md": b"[x](gone.csv) ![y](b.svg)\n```{figure} c.svg\n", "b.svg": b""}, "") == [
        "c.svg",
        "gone.csv",
    ]


@pytest.mark.parametrize("name", ["mkdocs.yml", "myst.yml", "_quarto.yml"])
def test_pages_are_numbered_in_their_groups(name: str, render: Render) -> None:
    system = next(system for system in SYSTEMS.values() if name in system.files)
    navigation = render(system)[name].decode()
    assert navigation.index('"Theory"') < navigation.index('"1. ')


@pytest.mark.parametrize(("name", "file"), [("mkdocs", "mkdocs.yml"), ("jupyter-book", "_config.yml")])
def test_a_title_with_any_letter_is_read_as_it_was_written(
    name: str, file: str, chapters: list[Chapter[Any, Any]], results: Results, prose: Callable[..., Path], drawn: Mapper
) -> None:
    yaml = pytest.importorskip("yaml")
    imprint = Imprint(title="🎲 'He': \"x\" # \\n <b> & {{ }} - שלום", author="- *Ada*: %")
    book = Book.read(chapters, results)
    files = render_export(book, SYSTEMS[name], imprint=imprint, overrides=prose(), mapper=drawn)
    text = re.sub(r"!!python\S+", "", files[file].decode())
    assert imprint.title in yaml.safe_load(text).values()
    assert imprint.author in yaml.safe_load(text).values()


def test_every_folder_of_exports_is_a_system() -> None:
    folders = {path.name for path in (templates_folder() / "exports").iterdir() if path.is_dir()}
    assert folders == set(SYSTEMS)


def test_a_figure_has_one_caption_its_number_and_alternative_text(render: Render) -> None:
    pages = {name: render(system)[system.form.path("index")].decode() for name, system in SYSTEMS.items()}
    for page in pages.values():
        assert page.count("**Figure 0.1.**") == 1
    assert "\n:alt: " in pages["jupyter-book"]
    assert 'fig-alt="' in pages["quarto"]
    assert re.search(r"\]\(figures/index-curve\.svg\)\{ width=\"\d+\"", pages["mkdocs"])


def test_an_export_goes_into_an_empty_folder_or_over_one_that_nobody_has_changed(tmp_path: Path) -> None:
    out = tmp_path / "course"
    ensure_exportable(out)
    publish({"docs/he.md": b"# He\n"}, out, {**ORIGIN, EXPORT: "mkdocs"})
    (out / "site").mkdir()
    ensure_exportable(out)
    (out / "docs/he.md").write_text("# He, in my words\n", encoding="utf-8")
    with pytest.raises(EnvironmentFault, match=r"docs/he\.md was changed since it was exported"):
        ensure_exportable(out)


def test_a_site_does_not_take_the_place_of_an_export(tmp_path: Path) -> None:
    ensure_no_export(tmp_path)
    publish({"index.html": b"a"}, tmp_path / "site", ORIGIN)
    ensure_no_export(tmp_path / "site")
    publish({"index.md": b"a"}, tmp_path / "book", {**ORIGIN, EXPORT: "mkdocs"})
    with pytest.raises(EnvironmentFault, match="book: holds an export for mkdocs, which a site would replace"):
        build(Settings(out=tmp_path / "book", cache=tmp_path / "cache"))


def test_an_export_takes_the_place_of_neither_a_site_nor_something_foreign(tmp_path: Path) -> None:
    publish({"index.html": b"x"}, tmp_path / "site", ORIGIN)
    with pytest.raises(EnvironmentFault, match="holds a site"):
        ensure_exportable(tmp_path / "site")
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis/thesis.tex").write_text("mine", encoding="utf-8")
    with pytest.raises(EnvironmentFault, match=r"thesis\.tex"):
        ensure_exportable(tmp_path / "thesis")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("$q^*$", r"$q^\ast$"),
        ("$a*b$ and *c* and $d$", r"$a\ast b$ and *c* and $d$"),
        (r"$\|v\| |w|$", r"$\Vert v\Vert \vert w\vert$"),
        ("`$a*b$`", "`$a*b$`"),
        ("```\n$a*b$\n```", "```\n$a*b$\n```"),
        (r"\$5 * \$6", r"\$5 * \$6"),
        ("$$\na*b\n$$", "$$\na*b\n$$"),
    ],
)
def test_formulas_hold_no_letter_that_means_something_to_markdown(text: str, written: str) -> None:
    assert finish_portable(text).text == written


def test_a_folder_of_pages_has_the_figures_that_they_show_and_no_others() -> None:
    files = {"figures/a.png": b"a", "figures/b.png": b"b"}
    assert own_figures({"markdown/x.md": "![A](figures/a.png)&nbsp;"}, files) == {"markdown/figures/a.png": b"a"}


def test_a_packed_site_holds_what_its_pages_need_and_is_the_same_each_time() -> None:
    page = b'<a href="data/a.csv">a</a> <a href="manifest.json">manifest.json</a>'
    files = {"index.html": page, "data/a.csv": b"a", "data/b.csv": b"b", ".nojekyll": b"", "robots.txt": b""}
    files |= {"report.html": b"all", "static/style.css": b"", "embed/.hidden": b""}
    archive = packed(files)
    assert archive == packed(dict(reversed(files.items())))
    with ZipFile(io.BytesIO(archive)) as opened:
        assert opened.namelist() == ["data/a.csv", "index.html", "static/style.css"]
        assert opened.read("index.html") == b'<a href="data/a.csv">a</a> manifest.json'
        assert {entry.external_attr >> 16 for entry in opened.infolist()} == {0o100644}
