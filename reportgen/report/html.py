"""From the rendered Markdown of a chapter to HTML, with formulas as MathML."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from math_core import LatexError, LatexToMathML
from mdit_py_plugins.anchors import anchors_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin

from reportgen.errors import ReportgenError
from reportgen.report.body import Body, Section, finish_markdown
from reportgen.report.filters import anchor
from reportgen.report.summary import plain_words, summary

__all__ = ["finish_html", "plain_text"]


_FORMULA = '<div class="math block">'
"""A formula on lines of its own; it scrolls where it is too wide, and keys scroll what has the focus."""


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
    html = parser.renderer.render(tokens, parser.options, {})
    unbroken = html.replace(" ± ", "\N{NO-BREAK SPACE}±\N{NO-BREAK SPACE}")
    reached = unbroken.replace(_FORMULA, _FORMULA[:-1] + ' tabindex="0" role="group" aria-label="Formula">')
    return Body(reached, summary(tokens), tuple(_sections(tokens)))


def plain_text(markdown: str) -> str:
    """Return one paragraph of rendered Markdown as a reader sees it: without its markup, formulas as one would type them."""
    tokens = _parser("").parse(finish_markdown(markdown).text)
    return " ".join(" ".join(plain_words(token) for token in tokens if token.type == "inline").split())


def _parser(where: str) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    parser.use(anchors_plugin, min_level=2, max_level=3, slug_func=anchor)
    parser.use(dollarmath_plugin, allow_labels=False, allow_space=False, allow_digits=False, renderer=_typeset(where))
    parser.add_render_rule("table_open", _open_table)
    parser.add_render_rule("table_close", _close_table)
    for cell in ("th_open", "td_open"):
        parser.add_render_rule(cell, _open_cell)
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


def _open_table(*_: object) -> str:
    return '<div class="scroll" tabindex="0" role="group" aria-label="Table">\n<table>\n'


def _close_table(*_: object) -> str:
    return "</table>\n</div>\n"


def _open_cell(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    """Align a cell by a class: the policy of the page allows no element a style of its own."""
    cell = tokens[index]
    if style := str(cell.attrs.pop("style", "")):
        cell.attrJoin("class", style.removeprefix("text-align:"))
    return renderer.renderToken(tokens, index, options, env)


def _sections(tokens: Sequence[Token]) -> Iterator[Section]:
    for opening, heading in pairwise(tokens):
        if opening.type == "heading_open" and opening.tag == "h2":
            yield Section(str(opening.attrGet("id")), plain_words(heading))
