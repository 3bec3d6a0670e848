"""Whose report it is and where it will stand: what is accepted, what is refused, and how the refusal reads."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from reportgen.current import source_of
from reportgen.errors import UsageError
from reportgen.settings import Settings, read_settings

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'


def png(wide: int, high: int) -> str:
    """Return a PNG that says that it has this size, a letter for each byte."""
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0\0")),
        (b"IEND", b""),
    ]
    sums = [(kind, data, struct.pack(">I", zlib.crc32(kind + data))) for kind, data in parts]
    content = b"".join(struct.pack(">I", len(data)) + kind + data + end for kind, data, end in sums)
    return (b"\x89PNG\r\n\x1a\n" + content).decode("latin-1")


def config(folder: Path, text: str) -> Path:
    path = folder / "battery.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refusal(folder: Path, text: str) -> str:
    """Return the one line with which a config is refused."""
    with pytest.raises(UsageError) as caught:
        read_settings(config(folder, text), {}).imprint()
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://example.org", "https://example.org/"),
        ("https://Example.org/repo", "https://example.org/repo/"),
        ("http://localhost:8000/repo/sub//", "http://localhost:8000/repo/sub/"),
        (" https://example.org/Repo/a%20b/ ", "https://example.org/Repo/a%20b/"),
        ("http://[::1]:80/x", "http://[::1]:80/x/"),
        ("https://example.org/a&b(c)", "https://example.org/a%26b%28c%29/"),
    ],
)
def test_an_address_gets_a_slash_at_its_end(given: str, kept: str) -> None:
    assert Settings(base_url=given).base_url == kept


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("example.org/repo", "begins with https:// or http://"),
        ("htps://example.org/", "begins with https:// or http://"),
        ("ftp://example.org/", "begins with https:// or http://"),
        ("https://", "begins with https:// or http://"),
        ("https://example.org/?a=1", "without user, ? or #"),
        ("https://example.org/#x", "without user, ? or #"),
        ("https://me:secret@example.org/", "without user, ? or #"),
        ("https://example.org/a b/", "a path that no address can have"),
        ("https://example.org/a/../b/", "a path that no address can have"),
        ("https://example.org:99999/", "is no address"),
        ("https://example..org/", "begins with https:// or http://"),
        (f"https://example.org/{'a' * 1000}", "at most 1000 letters"),
        ('https://example.org/\\"><script>/', "a path that no address can have"),
    ],
)
def test_what_is_no_address_of_a_folder_is_refused(address: str, said: str, tmp_path: Path) -> None:
    line = refusal(tmp_path, f'seed = 1\nbase_url = "{address}"\n')
    assert "battery.toml, line 2: base_url: " in line
    assert said in line


@pytest.mark.parametrize("key", ["title", "author", "course"])
@pytest.mark.parametrize(("value", "said"), [('" "', "says nothing"), (f'"{"x" * 200}"', "at most 120"), ("3", "text")])
def test_a_title_or_name_is_one_line(key: str, value: str, said: str, tmp_path: Path) -> None:
    line = refusal(tmp_path, f"\n{key} = {value}\n")
    assert f"battery.toml, line 2: {key}: " in line
    assert said in line


def test_a_letter_that_nobody_sees_is_named(tmp_path: Path) -> None:
    assert r"at most 120 letters without \u202e, not" in refusal(tmp_path, 'title = "He\\u202e"')


def test_a_key_that_is_nearly_right_is_told(tmp_path: Path) -> None:
    assert "unknown key, did you mean base_url?" in refusal(tmp_path, 'baseurl = "https://example.org/"\n')


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("logo.svg", SVG.format("<script>alert(1)</script>"), "holds <script>"),
        ("logo.svg", SVG.format('<path onclick="x()"/>'), "holds onclick="),
        ("logo.svg", SVG.format('<image href="https://example.org/x.png"/>'), "points to https://example.org"),
        ("logo.svg", SVG.format('<a href="javascript:x()"/>'), "points to javascript:"),
        ("logo.svg", SVG.format("<style>@import 'x.css'</style>"), "loads something"),
        ("logo.svg", SVG.format('<path fill="url(//x.org/y)"/>'), "loads url("),
        ("logo.svg", "<!DOCTYPE svg [<!ENTITY a 'b'>]>" + SVG.format(""), "DOCTYPE"),
        ("logo.svg", "<svg", "is no SVG"),
        ("logo.svg", "<html/>", "its first element is not svg"),
        ("logo.png", "no picture", "is no PNG"),
        ("logo.png", "\x89PNG\r\n\x1a\nand no more", "cut off"),
        ("logo.png", "\x89PNG\r\n\x1a\nforged, with an IEND\xaeB`\x82", "damaged"),
        ("logo.png", png(0, 0), "shows nothing"),
        ("logo.png", png(60_000, 1), "larger than 4096 by 4096 pixels"),
        ("logo.svg", "\xff\xfe<\0s\0v\0g\0/\0>\0", "is no SVG in UTF-8"),
        ("logo.jpg", "x", "a logo is a .svg or a .png"),
        ("logo.svg", SVG.format(" " * 300_000), "larger than 256 KiB"),
    ],
)
def test_a_logo_that_cannot_be_used_is_told_with_its_place(name: str, content: str, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content.encode("latin-1"))
    line = refusal(tmp_path, f'seed = 1\nlogo = "{name}"\n')
    assert f"battery.toml, line 2: logo: {tmp_path / name}" in line
    assert said in line


def test_a_sound_logo_is_copied_under_a_name_of_its_own(tmp_path: Path) -> None:
    drawn = SVG.format('<defs><path id="a"/></defs><use href="#a" fill="url(#a)"/>')
    (tmp_path / "My Logo.SVG").write_text(drawn)
    imprint = read_settings(config(tmp_path, 'logo = "My Logo.SVG"'), {}).imprint()
    assert imprint.files() == {"static/logo.svg": drawn.encode()}
    (tmp_path / "logo.png").write_bytes(png(1, 1).encode("latin-1"))
    assert set(Settings(logo=tmp_path / "logo.png").imprint().files()) == {"static/logo.png"}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("own.css", b"\xff", "is not UTF-8"),
        ("own.css", b"a {}\n@import 'https://example.org/x.css';", "line 2: pages ask nobody for anything"),
        ("own.css", b"a { background: url( //example.org/x.png) }", "line 1: pages ask nobody for anything"),
        ("own.txt", b"", "a style sheet is a .css"),
    ],
)
def test_a_style_sheet_that_cannot_be_used_is_told(name: str, content: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    assert said in refusal(tmp_path, f'css = "{name}"\n')


@pytest.mark.parametrize("key", ["logo", "css", "templates"])
def test_a_file_that_is_not_there_is_told(key: str, tmp_path: Path) -> None:
    name = {"logo": "x.svg", "css": "x.css", "templates": "x"}[key]
    line = refusal(tmp_path, f'{key} = "{name}"\n')
    assert f"battery.toml, line 1: {key}: {tmp_path / name}: there is no such" in line


def test_an_option_is_named_alone(tmp_path: Path) -> None:
    settings = read_settings(config(tmp_path, 'templates = "here"'), {"templates": tmp_path / "gone"})
    with pytest.raises(UsageError, match=r"^templates: .*gone: there is no such folder"):
        settings.imprint()


def test_templates_that_nothing_would_use_are_told_with_the_closest_name(tmp_path: Path) -> None:
    (tmp_path / "mine/chapters").mkdir(parents=True)
    (tmp_path / "mine/chapters/hee.md.jinja").write_text("He.")
    assert "did you mean chapters/he.md.jinja?" in refusal(tmp_path, 'templates = "mine"')
    (tmp_path / "mine/chapters/he.md.jinja").write_text("He.")
    read_settings(config(tmp_path, 'templates = "mine"'), {}).imprint()
    (tmp_path / "mine/chapters/he.md.jinja").write_bytes(b"H\xe9.")
    assert "he.md.jinja: is not UTF-8 (byte 1)" in refusal(tmp_path, 'templates = "mine"')


def test_a_folder_that_holds_no_templates_is_not_searched_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(folder: Path, _: str) -> Iterator[Path]:
        yield from (folder / f"{number}.txt" for number in count())

    (tmp_path / "disk").mkdir()
    settings = Settings(cache=tmp_path / "cache", templates=tmp_path / "disk")
    ours = Path.rglob
    monkeypatch.setattr(Path, "rglob", lambda path, glob: (endless if path.name == "disk" else ours)(path, glob))
    with pytest.raises(UsageError, match="nothing in it has the name of a template"):
        settings.imprint()
    assert source_of(settings) is None


def test_paths_are_taken_from_the_folder_of_the_config(tmp_path: Path) -> None:
    settings = read_settings(config(tmp_path, 'logo = "a.svg"\ncss = "b.css"\ntemplates = "c"'), {})
    assert (settings.logo, settings.css, settings.templates) == (
        tmp_path / "a.svg",
        tmp_path / "b.css",
        tmp_path / "c",
    )


def test_what_a_site_is_made_of_knows_every_setting_of_its_publication(tmp_path: Path) -> None:
    (tmp_path / "c/static").mkdir(parents=True)
    files = [tmp_path / name for name in ("a.svg", "b.css", "c/static/x.css")]
    for file in files:
        file.write_text("1")
    plain = Settings(cache=tmp_path / "cache")
    one = plain.model_copy(update={"logo": files[0], "css": files[1], "templates": tmp_path / "c"})
    named = [
        plain.model_copy(update={key: "https://x.org/" if key == "base_url" else "x"})
        for key in ("base_url", "title", "author", "course")
    ]
    sources = [source_of(each) for each in (plain, one, *named)]
    for file in files:
        file.write_text("2")
        sources.append(source_of(one))
    assert None not in sources
    assert len(set(sources)) == len(sources)
    files[0].unlink()
    assert source_of(one) is None
