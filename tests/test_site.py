"""The published site, read back: links, words, ids, hashes, requests and Markdown."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

NOT_FETCHED = {"a", "base"}
"""Elements whose address is followed by a reader at most, never fetched by the page."""

Rule = Callable[[Path], list[str]]


class Page(HTMLParser):
    """What a page declares: its elements, as (tag, attributes)."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {key: value or "" for key, value in attrs}))

    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]

    def addresses(self) -> Iterator[tuple[str, str]]:
        """Yield (tag, address) of everything that the page points to."""
        for tag, attributes in self.elements:
            for key in ("href", "src", "data", "poster", "action"):
                if key in attributes:
                    yield tag, attributes[key]
            for candidate in re.split(r",\s|,$", attributes.get("srcset", "")):
                if candidate.strip():
                    yield tag, candidate.split()[0]


def pages(site: Path) -> list[Page]:
    return [Page(path) for path in sorted(site.rglob("*.html"))]


def is_local(address: str) -> bool:
    parts = urlsplit(address)
    return not parts.scheme and not parts.netloc


def unresolved_links(site: Path) -> list[str]:
    """Find relative links to files or anchors that do not exist."""
    anchors = {page.path.resolve(): set(page.ids()) for page in pages(site)}
    faults = []
    for page in pages(site):
        for address in filter(is_local, (address for _, address in page.addresses())):
            parts = urlsplit(address)
            target = (page.path.parent / unquote(parts.path)).resolve() if parts.path else page.path.resolve()
            missing = not target.is_file() or (
                parts.fragment and anchor_of(unquote(parts.fragment)) not in anchors.get(target, ())
            )
            if missing:
                faults.append(f"{page.path.name}: {address}")
    return faults


def anchor_of(fragment: str) -> str:
    """Return the anchor that a link leads to: the widget, where it holds a state of one."""
    widget, colon, _ = fragment.partition(":")
    return f"lab-{widget}" if colon else fragment


def images_without_words(site: Path) -> list[str]:
    """Find images without an alternative text."""
    images = [(page.path.name, item) for page in pages(site) for tag, item in page.elements if tag == "img"]
    return [f"{name}: {item.get('src')}" for name, item in images if not item.get("alt", "").strip()]


def repeated_ids(site: Path) -> list[str]:
    """Find ids that a page gives twice."""
    counts = {page.path.name: Counter(page.ids()) for page in pages(site)}
    return [f"{name}: {key}" for name, counter in counts.items() for key, count in counter.items() if count > 1]


def files_that_differ_from_the_manifest(site: Path) -> list[str]:
    """Find files that are not listed, not there, or not what the manifest says."""
    listed = json.loads((site / "manifest.json").read_text(encoding="utf-8"))["files"]
    found = {path.relative_to(site).as_posix(): path for path in site.rglob("*") if path.is_file()}
    found.pop("manifest.json")
    digests = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in found.items()}
    return sorted(name for name in {*listed, *digests} if listed.get(name) != digests.get(name))


def requests_to_the_network(site: Path) -> list[str]:
    """Find resources that a page, a stylesheet, a script or a figure would fetch from elsewhere."""
    faults = [
        f"{page.path.name}: <{tag}> {address}"
        for page in pages(site)
        for tag, address in page.addresses()
        if tag not in NOT_FETCHED and not is_local(address) and not address.startswith("data:")
    ]
    fetched = re.compile(
        r"""(?:url\(\s*["']?|@import\s+["']|(?:xlink:)?href=["']|fetch\(["'])((?:https?:)?//[^"')]+)"""
    )
    for path in sorted(site.rglob("*")):
        if path.suffix in {".css", ".svg", ".js"}:
            faults += [f"{path.name}: {address}" for address in fetched.findall(path.read_text(encoding="utf-8"))]
    return faults


def broken_markdown(site: Path) -> list[str]:
    """Find what GitHub, Pandoc, MkDocs or MyST would each read in another way."""
    return [
        f"{path.name}: {fault}"
        for path in sorted((site / "markdown").glob("*.md"))
        for fault in markdown_faults(path.read_text(encoding="utf-8"), path.parent)
    ]


def markdown_faults(text: str, folder: Path) -> Iterator[str]:
    prose = re.sub(r"^```.*?^```$|`[^`\n]*`", "", text, flags=re.MULTILINE | re.DOTALL)
    if text.startswith("---"):
        yield "front matter"
    yield from heading_faults(prose)
    yield from math_faults(prose)
    for alt, address in re.findall(r"(!?\[[^\]]*\])\(([^)\s]+)\)", prose):
        if alt == "![]":
            yield f"image without words: {address}"
        if is_local(address) and (address.startswith("/") or not leads_somewhere(address, folder, text)):
            yield f"link to nothing: {address}"
    for hidden in re.findall(r"<details.*?</details>", prose, flags=re.DOTALL):
        if not hidden.startswith('<details markdown="1">') or "$" in hidden:
            yield f"hidden answer: {hidden[:60]}"


def leads_somewhere(address: str, folder: Path, page: str) -> bool:
    """Whether a link's file is there, and so is its anchor, as GitHub names headings; no file is this page."""
    path, _, anchor = address.partition("#")
    target = folder / path
    if not anchor or (path and not target.is_file()):
        return target.is_file()
    if target.suffix == ".html":
        return anchor_of(anchor) in Page(target).ids()
    headings = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8") if path else page, flags=re.MULTILINE)
    return anchor in {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in headings}


def heading_faults(prose: str) -> Iterator[str]:
    headings = re.findall(r"^(#+) (.*)$", prose, flags=re.MULTILINE)
    titles = [title for _, title in headings]
    if [level for level, _ in headings].count("#") != 1:
        yield "not exactly one title"
    yield from (f"heading twice: {title}" for title, count in Counter(titles).items() if count > 1)
    yield from (f"heading starts without a letter: {title}" for title in titles if not title[:1].isalpha())


def math_faults(prose: str) -> Iterator[str]:
    display = re.compile(r"(?<=\n\n)\$\$\n(?:[^\n$]+\n)+\$\$(?=\n\n|\n?\Z)")
    if "$$" in display.sub("", prose):
        yield "a $$ that is no block of its own at the left margin with blank lines around it"
    inline = re.findall(r"\$[^$\n]+\$", display.sub("", prose))
    for formula in [*display.findall(prose), *inline]:
        for command in re.findall(r"\\[^a-zA-Z]|\\operatorname|\\[bB]igg?[lr]?\b", formula):
            yield f"{command} in {formula.strip()}"


RULES: list[Rule] = [
    unresolved_links,
    images_without_words,
    repeated_ids,
    files_that_differ_from_the_manifest,
    requests_to_the_network,
    broken_markdown,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_site_has_none_of(rule: Rule, quick_site: Path) -> None:
    assert rule(quick_site) == []


def test_the_site_has_pages_figures_markdown_and_data(quick_site: Path) -> None:
    for pattern in ("index.html", "figures/*.svg", "figures/*.png", "markdown/*.md", "data/*.csv"):
        assert list(quick_site.glob(pattern)), pattern
    assert any(tag == "img" for page in pages(quick_site) for tag, _ in page.elements)


PLANTED = [
    (unresolved_links, "page.html", '<a href="gone.html">x</a>'),
    (unresolved_links, "page.html", '<a href="#gone">x</a>'),
    (unresolved_links, "page.html", '<img src="gone.svg" alt="x">'),
    (images_without_words, "page.html", '<img src="x.svg" alt=" ">'),
    (repeated_ids, "page.html", '<p id="a"><p id="a">'),
    (files_that_differ_from_the_manifest, "page.html", "not listed"),
    (requests_to_the_network, "page.html", '<link rel="stylesheet" href="https://example.org/x.css">'),
    (requests_to_the_network, "page.html", '<script src="//example.org/x.js"></script>'),
    (requests_to_the_network, "page.html", '<img srcset="https://example.org/x.png 2x" alt="x">'),
    (requests_to_the_network, "style.css", "@font-face{src:url(https://example.org/x.woff2)}"),
    (requests_to_the_network, "figure.svg", '<image xlink:href="https://example.org/x.png"/>'),
    (broken_markdown, "markdown/a.md", "---\ntitle: x\n---\n\n# Title\n"),
    (broken_markdown, "markdown/a.md", "# Title\n\n## Twice\n\n## Twice\n"),
    (broken_markdown, "markdown/a.md", "# Title\n\n## 1. Number\n"),
    (broken_markdown, "markdown/a.md", "# Title\n\nText\n$$\nx\n$$\n"),
    (broken_markdown, "markdown/a.md", "# Title\n\n* $$x$$\n"),
    (broken_markdown, "markdown/a.md", "# Title\n\nThis $a\\,b$ breaks.\n"),
    (broken_markdown, "markdown/a.md", "# Title\n\n$$\n\\operatorname{Var}(x)\n$$\n"),
    (broken_markdown, "markdown/a.md", "# Title\n\n![](../x.png)\n"),
    (broken_markdown, "markdown/a.md", "# Title\n\n[x](gone.md)\n"),
    (broken_markdown, "markdown/a.md", "# Title\n\n[x](a.md#gone)\n"),
    (broken_markdown, "markdown/a.md", "# Title\n\n<details>\n<summary>Q</summary>\nA\n</details>\n"),
]


@pytest.mark.parametrize(("rule", "name", "text"), PLANTED)
def test_a_planted_fault_is_found(rule: Rule, name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / "markdown").mkdir()
    (tmp_path / "manifest.json").write_text('{"files": {}}')
    (tmp_path / name).write_text(text)
    assert rule(tmp_path)


def test_sound_pages_and_markdown_pass_every_rule(tmp_path: Path) -> None:
    page = '<p id="a"><a href="#a">here</a> <a href="https://example.org/paper">a paper</a><img src="x.svg" alt="x">'
    sound = "# Title\n\n$$\n\\mathrm{Var}(w) = 1\n$$\n\nText $x$ with `$$` and [a link](a.md#title).\n"
    (tmp_path / "markdown").mkdir()
    written = {"page.html": page, "x.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>', "markdown/a.md": sound}
    for name, text in written.items():
        (tmp_path / name).write_text(text)
    digests = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in written.items()}
    (tmp_path / "manifest.json").write_text(json.dumps({"files": digests}))
    assert [fault for rule in RULES for fault in rule(tmp_path)] == []
