"""The index of the search, what is read of a page for it, and what a term means in a sentence."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from reportgen.chapters import CHAPTERS
from reportgen.nn.spellings import keras, pytorch
from reportgen.report.extras.passages import passages
from reportgen.report.extras.searching import FIRST, KEYWORDS, SKIPPED, Indexed, search_script, tokens
from reportgen.report.extras.terms import first_sentence, terms_script

PAGE = """<nav>Left out</nav><article><p class="kicker">Chapter 1</p><h1>Why?</h1><p>A <em>first</em> word.</p>
<figure id="figure-a"><div class="message"><p><a class="number">Figure 1.1</a> It grows.</p></div>
<a class="picture"><img src="a.svg" alt="Left out"></a><figcaption>
<p><strong>How to read it.</strong> From left to right.</p>
<details class="files"><summary>Use this figure</summary></details></figcaption></figure><p>Behind it.</p>
<h2 id="b">The <code>he_normal</code> &amp; more</h2>
<p>Since <span class="math"><math><semantics><mrow><msubsup><mi>σ</mi><mi>w</mi><mn>2</mn></msubsup><mo>=</mo>
<mfrac><mn>2</mn><msub><mi>n</mi><mrow><mspace/><mi>in</mi></mrow></msub></mfrac></mrow>
<annotation encoding="application/x-tex">\\sigma_w^2</annotation></semantics></math></span>.</p>
<table><tr><td>he_normal</td><td>glorot_normal</td><td>12.5</td></tr></table>
<pre><code>kaiming_normal_(w, a=0.25)</code></pre></article><footer>Left out</footer>"""


def decoded(script: bytes) -> dict[str, list[tuple[str, str, str]]]:
    """Return what an index says, file -> passages, read with a decoder of its own."""
    index = json.loads(re.fullmatch(rb"\(window\.Site = window\.Site \|\| \{\}\)\.index = (.*);\n", script)[1])  # type: ignore[index]
    words = index["words"].split("\n")
    places = [code for code in range(FIRST, FIRST + len(words) + len(SKIPPED)) if code not in SKIPPED]
    word = dict(zip(map(chr, places), words, strict=False))

    def text(coded: str) -> str:
        spaced = ""
        for own in (word[one] for one in coded):
            spaced += (" " if re.match(r"\w", own) and re.search(r"\w$", spaced) else "") + own
        return spaced

    return {file: [(anchor, text(title), text(of)) for anchor, title, of in own] for file, _, _, *own in index["pages"]}


def test_a_page_is_read_by_its_headings_and_figures() -> None:
    assert [tuple(one) for one in passages(PAGE)] == [
        ("", "Why?", "A first word. Behind it."),
        ("figure-a", "It grows.", "From left to right."),
        ("b", "The he_normal & more", "Since σ_w² = 2/n_in. he_normal glorot_normal kaiming_normal_"),
    ]


def test_the_index_says_what_the_pages_say() -> None:
    script = search_script(
        [Indexed("a.html", "Why?", "", PAGE), Indexed("b.html", "Then?", "", "<p>One, two: a “b”.</p>")]
    )
    assert decoded(script) == {
        "a.html": [tuple(one) for one in passages(PAGE)],
        "b.html": [("", "", "One, two: a “b”.")],
    }


def test_many_words_keep_apart() -> None:
    text = " ".join(f"word{number}" for number in range(3000))
    assert decoded(search_script([Indexed("a.html", "", "", f"<p>{text}</p>")])) == {"a.html": [("", "", text)]}


def test_the_same_pages_give_the_same_bytes_and_frequent_words_take_one() -> None:
    pages = [Indexed("a.html", "Why?", "", "<p>" + "the rare the " * 200 + "</p>")]
    assert search_script(pages) == search_script(pages)
    assert len(search_script(pages)) < 800
    assert tokens("a b, c") == ["a", "b", ", ", "c"]


def test_pages_that_words_lead_to_are_there() -> None:
    assert set(KEYWORDS) <= {chapter.slug for chapter in CHAPTERS}


@pytest.mark.parametrize("library", ["pytorch", "keras"])
def test_names_of_he_and_glorot_in_a_library_lead_to_a_page(library: str) -> None:
    source = Path({"pytorch": pytorch, "keras": keras}[library].__file__ or "").read_text()
    names = set(
        re.findall(r"\b(?:kaiming|xavier)_(?:uniform|normal)_|\b(?:He|Glorot|Lecun)(?:Normal|Uniform)\b", source)
    )
    assert names
    assert names <= set(" ".join(KEYWORDS.values()).split())


def test_a_term_is_told_in_its_first_sentence() -> None:
    drawn = "Drawn as <b>A. Karpathy</b> and A. Karpathy alone says it in his notes."
    assert first_sentence(f"{drawn} More.") == drawn
    short = "Short. But a second sentence makes it at last long enough to stand alone."
    assert first_sentence(f"{short} Not this.") == short
    formula = '<span class="math inline"><math><mi>a. </mi></math></span>'
    assert first_sentence(f"A name, written {formula} in all of these pages and papers. → x") == (
        f"A name, written {formula} in all of these pages and papers."
    )


def test_the_script_of_terms_holds_no_link_and_no_source_of_a_formula() -> None:
    entry = '<h3 id="gain">Gain</h3>\n<p>A <a class="term" href="x">factor</a>.<annotation>\\sqrt</annotation></p>'
    source = (
        '<h3 id="he-2015">He (2015)</h3>\n<p>K. He: <em>Rectifiers</em>. ICCV. <a href="https://a.org">a.org</a></p>'
    )
    script = terms_script({"glossary.html": entry}, {"references.html": source}).decode()
    assert json.loads(script.partition(" = ")[2].rpartition("terms = ")[2].rstrip(";\n")) == {
        "glossary.html#gain": "<p><strong>Gain</strong> A factor.</p>",
        "references.html#he-2015": "<p><strong>He (2015)</strong> K. He: <em>Rectifiers</em>. ICCV. a.org</p>",
    }
