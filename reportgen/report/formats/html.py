"""From the rendered Markdown of a chapter to HTML, with formulas as MathML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from math_core import LatexError, LatexToMathML
from mdit_py_plugins.anchors import anchors_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin

from reportgen.errors import ReportgenError
from reportgen.report.filters import anchor
from reportgen.report.formats.body import Body, Section, finish_markdown
from reportgen.report.formats.summary import plain_words, summary
from reportgen.report.formats.tables import with_captions

__all__ = ["finish_html", "plain_text"]


_FORMULA = '<div class="math block">'
"""A formula on lines of its own; it scrolls where it is too wide, and keys scroll what has the focus."""

_TIED = re.compile(r"([(\[“‘\"']?)(<span class=\"math inline\">.*?</span>)([^\s<(\[]*)")
"""A formula in a line with what is written next to it, such as a comma."""


def finish_html(text: str, where: str) -> Body:
    """Turn rendered Markdown into HTML with MathML.

    Parameters
    ----------
    text
        Markdown with pipe tables, dollar math and blocks of HTML.
    where
        The name of the page, for the error line.

    Raises
    ------
    ReportgenError
        If a formula cannot be typeset.
    """
    parser = _parser(where)
    tokens = parser.parse(finish_markdown(text).text)
    html = parser.renderer.render(with_captions(tokens), parser.options, {})
    unbroken = html.replace(" ± ", "\N{NO-BREAK SPACE}±\N{NO-BREAK SPACE}")
    reached = unbroken.replace(_FORMULA, _FORMULA[:-1] + ' tabindex="0" role="group" aria-label="Formula">')
    return Body(_TIED.sub(_tie, reached), summary(tokens), tuple(_sections(tokens)))


def plain_text(markdown: str) -> str:
    """Return a paragraph of rendered Markdown as a reader sees it: without markup, formulas as one would type them."""
    tokens = _parser("").parse(finish_markdown(markdown).text)
    return " ".join(" ".join(plain_words(token) for token in tokens if token.type == "inline").split())


def _parser(where: str) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    parser.use(anchors_plugin, min_level=2, max_level=3, slug_func=anchor)
    parser.use(dollarmath_plugin, allow_labels=False, allow_space=False, allow_digits=False, renderer=_typeset(where))
    return parser


def _typeset(where: str) -> Callable[[str, Mapping[str, Any]], str]:
    """Return the renderer of formulas; it names the page and the formula that cannot be typeset."""
    converter = LatexToMathML(annotation=True, fancy_error=False)

    def render(latex: str, options: Mapping[str, Any]) -> str:
        try:
            return converter.convert_with_local_state(latex, displaystyle=options["display_mode"])
        except LatexError as error:
            position, _, reason = str(error).partition(": ")
            formula = " ".join(latex.split())
            raise ReportgenError(f"{where}: formula ${formula}$, character {position}: {reason}") from None

    return render


def _tie(found: re.Match[str]) -> str:
    """Keep a formula and its punctuation on one line."""
    return f'<span class="tied">{found[0]}</span>' if found[1] or found[3] else found[0]


def _sections(tokens: Sequence[Token]) -> Iterator[Section]:
    for opening, heading in pairwise(tokens):
        if opening.type == "heading_open" and opening.tag == "h2":
            yield Section(str(opening.attrGet("id")), plain_words(heading))
