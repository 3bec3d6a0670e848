"""Rendered HTML written again: what is not asked for stays letter by letter."""

from __future__ import annotations

import pytest

from reportgen.report.extras.rewriting import Element, Fate, article, ids, rewritten

PAGE = """<p class="a">1 &lt; 2 &#215; <br> <img src="x.svg" alt='"A" &amp; b'></p>
<math><mspace width="1em"/><annotation encoding="application/x-tex">a &amp; b</annotation></math>"""


def test_what_is_kept_stays_letter_by_letter() -> None:
    assert rewritten(PAGE, lambda *_: Fate.KEPT) == PAGE


def test_what_is_dropped_goes_with_everything_in_it_and_nothing_else_goes() -> None:
    text = '<div><p class="x">a <b>b <i>c</i></b><br><img src="y"> d</p>e<p>f</p></div>'
    assert rewritten(text, lambda _, own: Fate.DROPPED if own.get("class") == "x" else Fate.KEPT) == (
        "<div>e<p>f</p></div>"
    )


def test_an_image_that_is_dropped_takes_nothing_along() -> None:
    assert rewritten("a<img src='x'>b<p>c</p>", lambda tag, _: Fate.DROPPED if tag == "img" else Fate.KEPT) == (
        "ab<p>c</p>"
    )


def test_an_element_may_get_another_name_attributes_and_what_stands_in_it_first_and_last() -> None:
    def visit(tag: str, own: dict[str, str | None]) -> Element | Fate:
        return Element("h2", {**own, "id": 'a"b'}, "1 ", " 2") if tag == "h1" else Fate.KEPT

    assert rewritten("<h1 hidden>T <i>x</i></h1>", visit) == '<h2 hidden id="a&quot;b">1 T <i>x</i> 2</h2>'


def test_an_element_of_mathml_without_content_is_closed_again() -> None:
    changed = rewritten('<mspace width="1em"/><mi>x</mi>', lambda tag, own: Element(tag, {**own, "id": "a"}))
    assert changed == '<mspace width="1em" id="a"></mspace><mi id="a">x</mi>'


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<body><header>x</header><main><article class='y'>A <p>B</p></article></main></body>", "A <p>B</p>"),
        ("<body><main id='m'>A</main></body>", "A"),
        ("<body>A</body>", "A"),
        ("A", "A"),
    ],
)
def test_a_page_is_asked_for_its_article_or_what_comes_nearest(page: str, text: str) -> None:
    assert article(page) == text


def test_ids_are_found_and_words_about_them_are_not() -> None:
    assert ids('<p id="a">id="b" <i class="c" id="d"></i><a data-id="e">') == {"a", "d"}
