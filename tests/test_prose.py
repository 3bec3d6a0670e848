"""The prose of the chapters, read as text: no typed numbers, and only Markdown that every reader understands alike."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reportgen.chapters import CHAPTERS

TEMPLATES = sorted((Path(__file__).parents[1] / "templates" / "chapters").glob("*.md.jinja"))

LOOKED_UP = {chapter.slug for chapter in CHAPTERS if chapter.part == "Reference"}

JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
CODE = re.compile(r"^```.*?^```$|`[^`\n]+`", re.DOTALL | re.MULTILINE)
DISPLAY = re.compile(r"^\$\$$(.*?)^\$\$$", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"\$([^$\n]+)\$")
LINK = re.compile(r"\]\(([^)]*)\)")
CITATION = re.compile(
    r"\b(?:19[4-9]\d|20[0-2]\d|2030)[a-z]?\b"
    r"|\b(?:eqs?\.|sec\.|ch\.|fig\.|equations?|sections?|chapters?|appendix|figures?|tables?|theorems?)\s+"
    r"\d[\d.]*(?:(?:[–-]| to | and )\d[\d.]*)?",
    re.IGNORECASE,
)
NAME = re.compile(r" \{\{ [\w.]+ \| text \}\}$")
"""The end of a heading of the third level that names what a user added; nobody links to it."""
SOURCE = "{{ source.short }}"
"""The heading of a source, whose anchor follows from its entry."""
RELATION = re.compile(r"=|<|>|\\(?:approx|leq?|geq?|sim|propto|neq?|equiv)\b")

_COMMANDS = """
alpha beta gamma delta epsilon varepsilon zeta eta theta kappa lambda mu nu xi pi rho sigma tau phi varphi chi psi omega
Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega ell partial nabla infty
mathrm mathbf mathbb mathcal mathit mathsf text frac sqrt sum prod int
lim max min sup inf log ln exp sin cos tan tanh arcsin det
left right lbrace rbrace langle rangle lvert rvert lVert rVert lfloor rfloor lceil rceil vert mid
cdot cdots ldots dots times div pm mp circ odot otimes oplus top perp prime
approx le leq ge geq ll gg sim simeq propto ne neq equiv in notin subset
to mapsto rightarrow leftarrow Rightarrow Leftrightarrow
hat bar tilde vec dot overline underline underbrace overbrace quad qquad forall exists cup cap
"""
COMMANDS = frozenset(_COMMANDS.split())
"""What GitHub, Pandoc, MathJax, KaTeX and our own typesetter all know."""

Rule = Callable[[str], Iterator[str]]


def without_code(text: str) -> str:
    return CODE.sub("", text)


def formulas(text: str) -> list[str]:
    """Return what stands between dollars, display formulas first."""
    plain = JINJA.sub("", without_code(text))
    return [*DISPLAY.findall(plain), *INLINE.findall(DISPLAY.sub("", plain))]


def typed_numbers(text: str) -> Iterator[str]:
    """Find digits that nobody measured: outside of formulas, code, names such as float32 and chi-1, and citations."""
    text = without_code(text)
    yield from re.findall(r"""\{\{-?\s*["']?[\d.]+["']?\s*[|}]""", text)
    text = INLINE.sub("", DISPLAY.sub("", JINJA.sub(" ", text)))
    text = CITATION.sub("", LINK.sub("]", re.sub(r"^\s*\d+\.\s", "", text, flags=re.MULTILINE)))
    yield from re.findall(r"(?<![A-Za-z_\d.])(?<![A-Za-z]-)\d[\d.,]*", text)


def unknown_commands(text: str) -> Iterator[str]:
    """Find math commands that some reader does not know, or whose backslash Markdown takes away."""
    for formula in formulas(text):
        for command in re.findall(r"\\([A-Za-z]+|.|\n)", formula):
            if command not in COMMANDS:
                yield f"\\{command} in {formula.strip()}"


def misplaced_display_math(text: str) -> Iterator[str]:
    """Find display math that is not a block of its own, at the left margin, between blank lines, with one relation."""
    text = without_code(text)
    if "$$" in DISPLAY.sub("", text):
        yield "a $$ that is not alone on its line"
    for block in DISPLAY.finditer(text):
        formula = block[1].strip()
        if not re.search(r"(\A|\n\n)\Z", text[: block.start()]) or not re.match(r"\n?\Z|\n\n", text[block.end() :]):
            yield f"no blank lines around {formula}"
        if not formula or "\n\n" in block[1]:
            yield f"a blank line in {formula}"
        if len(RELATION.findall(outside_braces(formula))) > 1:
            yield f"more than one relation in {formula}"


def outside_braces(formula: str) -> str:
    """Return a formula without what its braces hold, such as the bounds of a sum."""
    while (shorter := re.sub(r"\{[^{}]*\}", "", formula)) != formula:
        formula = shorter
    return formula


def math_in_boxes(text: str) -> Iterator[str]:
    """Find display math in boxes, and any math in what is hidden at first."""
    for kind, inside in re.findall(r"\{%-?\s*call (\w+).*?%\}(.*?)\{%-?\s*endcall", text, flags=re.DOTALL):
        if "$$" in inside or (kind in ("answer", "predict", "fold") and "$" in without_code(inside)):
            yield f"math in {kind}: {inside.strip()[:60]}"


def bad_headings(text: str) -> Iterator[str]:
    """Find headings that repeat, that do not begin with a letter, or that have no lasting anchor."""
    headings = [one for one in re.findall(r"^(#+)\s*(.*)$", without_code(text), flags=re.MULTILINE) if one[1] != SOURCE]
    for marks, title in headings:
        if marks not in ("##", "###"):
            yield f"level {len(marks)}: {title}"
        fixed = NAME.sub("", title) if marks == "###" else title
        if not title[:1].isalpha() or set(fixed) & set("{$_"):
            yield f"no lasting anchor: {title}"
    counts = Counter(title.lower() for _, title in headings)
    yield from (f"twice: {title}" for title, count in counts.items() if count > 1)


def links_that_leave(text: str) -> Iterator[str]:
    """Find links that are not relative."""
    targets = [*LINK.findall(without_code(text)), *re.findall(r"<(\w+:[^>]*)>", text)]
    yield from (target for target in targets if target.startswith("/") or re.match(r"\w+:", target))


def raw_html(text: str) -> Iterator[str]:
    """Find tags: the macros write them, each format its own."""
    plain = INLINE.sub("", DISPLAY.sub("", JINJA.sub("", without_code(text))))
    yield from re.findall(r"</?[a-z][^>]*>", plain)


def front_matter(text: str) -> Iterator[str]:
    if text.lstrip().startswith("---"):
        yield "front matter"


FIGURE = re.compile(r"\{%-?\s*call figure\b.*?\{%-?\s*endcall\s*-?%\}", re.DOTALL)
MEASURED = re.compile(r"\{\{-?(?:(?!\}\}).)*\|\s*(?:num|percent|pm)\b(?:(?!\}\}).)*\}\}", re.DOTALL)
EVIDENCE = re.compile(
    r"\b(?:holds|ref|cite|link|first)\(|\bf\.|\bsettings\.|\$|\|\s*(?:num|percent|pm|whole|words|table)\b"
)
NUMBER_WORD = re.compile(
    r"\b(?:half|halves|halved|twice|doubles?(?! precision)|doubled|triples?"
    r"|(?:a|one|two) (?:third|quarter|fifth|sixth|eighth)s?|(?:tenth|twentieth|hundredth|thousandth|millionth)s?"
    r"|(?:two|three|four|five|six|seven|eight|nine|ten|twenty|a hundred|a thousand|a million)(?:fold| times))\b",
    re.IGNORECASE,
)
_ISE = (
    "normal|initial|standard|general|organ|recogn|real"
    "|optim|minim|maxim|summar|random|visual|stabil|central|special|util"
)
BRITISH = re.compile(
    r"\b(?:\w*(?:colour|behaviour|neighbour|favour|honour)\w*|centred?|grey|catalogue|whilst|amongst|towards"
    rf"|(?:label|travel|model|cancel)l(?:ed|ing)|\w*(?:{_ISE})is(?:e|ed|es|er|ing|ation|ations))\b",
    re.IGNORECASE,
)
BETWEEN = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*]|\d+\.)\s)|^#+ .*$|\{%-?\s*(?:end)?call\b(?:(?!%\}).)*%\}", re.MULTILINE)
"""What stands between two paragraphs or list items: a blank line, a mark, a heading, an end of a box."""

PRIVATE = re.compile(
    r"(?<!power )\blaws?\b|\bcourses?\b(?<!of course)|\breadouts?\b|\bbattery\b|\bstreams?\b", re.IGNORECASE
)


def running_text(text: str) -> str:
    """Return the prose with its numbers and macros, without figures, code and tables; a display formula is a dollar."""
    plain = re.sub(r"^\|.*$", "", FIGURE.sub("\n\n", without_code(text)), flags=re.MULTILINE)
    return re.sub(r"\s*\$\$\s*", " $ ", DISPLAY.sub("$$", plain))


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs and list items; a display formula belongs to the one before it and the one behind it."""
    return [block.strip() for block in BETWEEN.split(running_text(text)) if block.strip()]


def statements(text: str) -> Iterator[str]:
    """Yield what needs evidence of its own: a paragraph, or an entry under a heading of the third level as a whole."""
    for section in re.split(r"^(?=##+ )", running_text(text), flags=re.MULTILINE):
        yield from [section] if section.startswith("###") else paragraphs(section)


def crowded_sentences(text: str) -> Iterator[str]:
    """Find sentences with more than one measured number; a line that says `Measured` beside a formula may have two."""
    for paragraph in paragraphs(text):
        if not paragraph.startswith("Measured"):
            marked = JINJA.sub("", MEASURED.sub("\0", paragraph))
            yield from (one for one in re.split(r"(?<=[.?!])[\s\"*)]", marked) if one.count("\0") > 1)


def number_words_without_evidence(text: str) -> Iterator[str]:
    """Find words for measured sizes where there is no check, no formula, no number and no link to a figure."""
    for statement in statements(text):
        if (word := NUMBER_WORD.search(JINJA.sub("", statement))) and not EVIDENCE.search(statement):
            yield f"{word[0]}: {statement[:90]}"


def british_spelling(text: str) -> Iterator[str]:
    plain = JINJA.sub(" ", INLINE.sub("", DISPLAY.sub("", without_code(text))))
    yield from BRITISH.findall(plain)


def private_words(text: str) -> Iterator[str]:
    """Find words that only we use for something."""
    plain = JINJA.sub(" ", without_code(text))
    yield from (text_around(plain, word) for word in PRIVATE.finditer(plain))


def text_around(text: str, found: re.Match[str]) -> str:
    return " ".join(text[max(0, found.start() - 30) : found.end() + 30].split())


def math_in_links(text: str) -> Iterator[str]:
    """Find math in the text of a link, whose name nobody can say then."""
    yield from re.findall(r"\{\{-?\s*(?:link|term)\([^}]*\$[^}]*\}\}|\[[^\]\n]*\$[^\]\n]*\]\(", without_code(text))


RULES: list[Rule] = [
    crowded_sentences,
    number_words_without_evidence,
    british_spelling,
    private_words,
    math_in_links,
    typed_numbers,
    unknown_commands,
    misplaced_display_math,
    math_in_boxes,
    bad_headings,
    links_that_leave,
    raw_html,
    front_matter,
]


def test_there_is_prose_to_read() -> None:
    assert TEMPLATES


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name.partition(".")[0])
def test_the_prose_has_none_of(rule: Rule, template: Path) -> None:
    assert list(rule(template.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name.partition(".")[0])
def test_a_chapter_ends_with_three_questions(template: Path) -> None:
    if template.name.partition(".")[0] in LOOKED_UP:
        pytest.skip("a page that is looked up asks nothing")
    _, heading, end = template.read_text(encoding="utf-8").rpartition("\n## ")
    answers = re.findall(r"\{%-?\s*call answer\(.*?%\}(.*?)\{%-?\s*endcall", end, flags=re.DOTALL)
    assert heading
    assert end.startswith("Check yourself\n")
    assert len(answers) == 3


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (typed_numbers, "About 89 % of the units saturate."),
        (typed_numbers, "A factor of 1.5 per layer."),
        (typed_numbers, "It halves in {{ f.layers }} of 50 layers."),
        (typed_numbers, "The share is {{ 0.89 | percent }}."),
        (typed_numbers, "The depth is {{ '50' }}."),
        (typed_numbers, "Width 2048 is wide."),
        (unknown_commands, r"Braces $\{ a \}$."),
        (unknown_commands, r"A space $a\,b$."),
        (unknown_commands, "$$\na \\\\ b\n$$"),
        (unknown_commands, r"$\operatorname{Var}(w)$"),
        (unknown_commands, r"$\bigl( a \bigr)$"),
        (misplaced_display_math, "Text $$a = b$$ text."),
        (misplaced_display_math, "- item\n\n  $$\n  a = b\n  $$\n"),
        (misplaced_display_math, "Text\n$$\na = b\n$$\n"),
        (misplaced_display_math, "$$\na = b\n$$\nText"),
        (misplaced_display_math, "$$\na\n\n= b\n$$\n"),
        (misplaced_display_math, "$$\na = b \\approx c\n$$\n"),
        (math_in_boxes, '{% call answer("Why?") %}As $a = b$.{% endcall %}'),
        (math_in_boxes, "{% call note() %}\n$$\na\n$$\n{% endcall %}"),
        (bad_headings, "# Title\n"),
        (bad_headings, "## 1. Number\n"),
        (bad_headings, "## Why {{ f.x }}\n"),
        (bad_headings, "## Data set {{ one.name | text }}\n"),
        (bad_headings, "### Data set {{ one.name }}\n"),
        (bad_headings, "## Same\n\n## Same\n"),
        (links_that_leave, "[a paper](https://example.org/paper)"),
        (links_that_leave, "[root](/index.html)"),
        (links_that_leave, "<https://example.org>"),
        (raw_html, "A <b>bold</b> word."),
        (front_matter, "---\ntitle: x\n---\n"),
        (crowded_sentences, "It is {{ f.a | num }} here and {{ f.b | percent }} there."),
        (crowded_sentences, "- It falls from {{ f.a | pm }} to\n{{ f.b['x y'] | num }}."),
        (number_words_without_evidence, "One is given {{ f.x | num }}.\n\nHalf of the units are off."),
        (number_words_without_evidence, "It is ten times as large."),
        (number_words_without_evidence, "A thousandth is left."),
        (british_spelling, "The colour of the centre."),
        (british_spelling, "We normalise and initialise."),
        (private_words, "He's law, in the course of training."),
        (private_words, "It reaches the readout."),
        (math_in_links, '{{ link("he", "why $2$") }}'),
        (math_in_links, "[why $2$](he.md)"),
        (bad_headings, "## The fan_in\n"),
        (math_in_boxes, '{% call fold("More") %}As $a$.{% endcall %}'),
    ],
)
def test_a_planted_violation_is_found(rule: Rule, text: str) -> None:
    assert list(rule(text))


SOUND = r"""Glorot & Bengio (2010, eqs. 10 to 12; section 4.2) chose {{ f.gain | num }}.
It was float32. Of course half of {{ f.n | num }} are off, by a power law. Twice {{ f.share | percent }} is normalized.
The size is otherwise precise.

## Why `2` and not one

### Data set {{ one.name | text }}

1. First, `stddev=0.01` with $\mathrm{Var}(w) = 2/n$.
2. [He](he.md#why-2), see $\sum_{i=1}^{n} a_i < 3$.

$$
\mathrm{E}\left( h^2 \right) = \sum_{i=1}^{n} \frac{1}{2} \lbrace w_i \rbrace
$$

```python
he_normal(mode="fan_in")  # 2 / fan_in <b>
```

{% call answer("Why 2?") %}By {{ f.share | percent }}.{% endcall %}
"""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_sound_prose_passes_every_rule(rule: Rule) -> None:
    assert list(rule(SOUND)) == []
