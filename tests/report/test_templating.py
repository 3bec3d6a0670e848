"""Where templates are found, and what is said about a wrong one."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.errors import EnvironmentFault, ReportgenError
from reportgen.report import folders
from reportgen.report.folders import SENTINEL, templates_folder
from reportgen.report.templating import environment, explained, static_files


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a package that is installed somewhere else."""
    folder = tmp_path / "somewhere" / "reportgen"
    monkeypatch.setattr(folders, "__file__", str(folder / "report" / "folders.py"))
    return folder


def with_sentinel(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / SENTINEL).touch()
    return folder


def test_the_templates_inside_the_package_win_over_those_of_the_checkout(package: Path) -> None:
    checkout = with_sentinel(package.parent / "templates")
    assert templates_folder() == checkout
    installed = with_sentinel(package / "templates")
    assert templates_folder() == installed


def test_a_folder_that_only_has_the_right_name_is_not_taken(package: Path) -> None:
    (package.parent / "templates").mkdir(parents=True)
    with pytest.raises(EnvironmentFault, match=f"{SENTINEL} is neither in"):
        templates_folder()


def test_html_is_escaped_and_markdown_is_not(tmp_path: Path) -> None:
    for name in ("page.html.jinja", "page.md.jinja"):
        (tmp_path / name).write_text("{{ x }}")
    jinja = environment(tmp_path)
    assert jinja.get_template("page.html.jinja").render(x="<b>") == "&lt;b&gt;"
    assert jinja.get_template("page.md.jinja").render(x="<b>") == "<b>"


def test_a_users_template_wins_and_can_extend_ours(tmp_path: Path) -> None:
    (tmp_path / "formats/html").mkdir(parents=True)
    (tmp_path / "formats/html/page.html.jinja").write_text(
        '{% extends "builtin/formats/html/page.html.jinja" %}{% block footer %}Mine & yours{% endblock %}'
    )
    source = environment(tmp_path).get_template("formats/html/page.html.jinja")
    blocks = source.blocks
    assert "footer" in blocks
    assert "".join(blocks["footer"](source.new_context())) == "Mine & yours"


def test_a_users_style_sheet_wins_over_ours(tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "static/style.css").write_bytes(b"mine")
    ours, both = static_files(), static_files(tmp_path)
    assert both == {**ours, "static/style.css": b"mine"}
    assert ours["static/style.css"] != b"mine"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("one\n\n{{ f.gian }}", r"page x: .*line 3: .* no attribute 'gian'"),
        ("one\n{% if %}", r"page x: text\.jinja, line 2: "),
        ("{% include 'gone' %}", r"page x: there is no template gone"),
        ("{{ 1 | nmu }}", r"page x: text\.jinja, line 1: No filter named 'nmu'"),
        ("{{ [].pop() }}", r"page x: text\.jinja, line 1: pop from empty list"),
        ("{% extends 'text.jinja' %}", r"page x: .*comes back to itself without end; ours is builtin/"),
    ],
)
def test_what_is_wrong_with_a_template_is_said_in_one_line(source: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "text.jinja").write_text(source)
    with pytest.raises(ReportgenError, match=message) as caught, explained("page x"):
        environment(tmp_path).get_template("text.jinja").render(f={"gain": 1})
    assert "\n" not in str(caught.value)


def test_a_template_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "text.jinja").write_bytes(b"caf\xe9")
    with pytest.raises(ReportgenError, match=r"^page x: a template is not UTF-8 from byte 3 on"), explained("page x"):
        environment(tmp_path).get_template("text.jinja")


def test_what_systems_leave_in_a_folder_is_not_copied(tmp_path: Path) -> None:
    (tmp_path / "static/site").mkdir(parents=True)
    for name in ("static/.DS_Store", "static/site/.search.js.swp", "static/mine.css"):
        (tmp_path / name).write_bytes(b"\0")
    assert set(static_files(tmp_path)) == {*static_files(), "static/mine.css"}


def test_a_bug_inside_a_filter_keeps_its_traceback(tmp_path: Path) -> None:
    with pytest.raises(TypeError), explained("page x"):
        environment(tmp_path).from_string("{{ [] | num }}").render()


def test_a_name_in_a_configuration_is_read_as_it_was_written() -> None:
    yaml, name = pytest.importorskip("yaml"), 'Init 🎲: "é" – <b> \\ #1'
    written = environment().from_string("title: {{ name | tojson }}").render(name=name)
    assert yaml.safe_load(written) == {"title": name}
