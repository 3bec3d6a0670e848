"""Tables on the way to HTML: captions, names of rows and columns, and a box that scrolls where a table is too wide.

All of it is done to the tokens of the parsed Markdown. A paragraph ``**Table.** …`` right above a table is its caption.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from itertools import chain

from markdown_it.token import Token

__all__ = ["with_captions"]

_CAPTION = "**Table.** "

_BOX = '<div class="scroll" tabindex="0" role="group" {}>\n'
"""Keys scroll what has the focus; a script takes it from boxes whose table is not too wide."""


def with_captions(tokens: Sequence[Token]) -> list[Token]:
    """Return the tokens of a page with all that its tables have in HTML.

    Parameters
    ----------
    tokens
        Of parsed Markdown.
    """
    made: list[Token] = []
    heading = ""
    number = end = 0
    for place, token in enumerate(tokens):
        if place < end:
            continue
        if token.type == "heading_open":
            heading = tokens[place + 1].content
        if token.type == "table_open":
            number += 1
            end = _end(tokens, place)
            made += _boxed(tokens[place:end], _take_caption(made), f"table-{number}", heading)
        else:
            made.append(token)
    return made


def _end(tokens: Sequence[Token], start: int) -> int:
    return next(place for place in range(start, len(tokens)) if tokens[place].type == "table_close") + 1


def _take_caption(before: list[Token]) -> Token | None:
    """Take the paragraph of a caption from the end of what stands before a table, and return its words."""
    if len(before) < 3 or not before[-2].content.startswith(_CAPTION):
        return None
    words = before[-2]
    del before[-3:]
    children = words.children or []
    words.children = children[[child.type for child in children].index("strong_close") + 1 :]
    words.children[0].content = words.children[0].content.lstrip()
    return words


def _boxed(table: Sequence[Token], caption: Token | None, key: str, heading: str) -> Iterator[Token]:
    """Yield the tokens of a table in its box."""
    label = html.escape(f"Table: {heading}" if heading else "Table")
    yield _written(_BOX.format(f'aria-labelledby="{key}"' if caption else f'aria-label="{label}"'))
    yield table[0]
    if caption:
        yield from (_written(f'<caption id="{key}">'), caption, _written("</caption>\n"))
    _name_rows(table)
    yield from chain(map(_aligned, table[1:]), [_written("</div>\n")])


def _name_rows(table: Sequence[Token]) -> None:
    """Let the first cell of every row be its head where these cells tell all rows apart."""
    first = [place + 1 for place, token in enumerate(table) if token.type == "tr_open"]
    cells = [place for place in first if table[place].type == "td_open"]
    names = [table[place + 1].content.strip() for place in cells]
    if not all(names) or len(set(names)) < len(names):
        return
    for place in cells:
        for token in (table[place], table[place + 2]):
            token.type, token.tag = token.type.replace("td", "th"), "th"
        table[place].attrSet("scope", "row")


def _aligned(token: Token) -> Token:
    """Name the columns, and align a cell by a class: the policy of the page allows no element a style of its own."""
    if token.type == "th_open":
        token.attrs.setdefault("scope", "col")
    if token.type in ("th_open", "td_open") and (style := str(token.attrs.pop("style", ""))):
        token.attrJoin("class", style.removeprefix("text-align:"))
    return token


def _written(text: str) -> Token:
    return Token("html_block", "", 0, content=text)
