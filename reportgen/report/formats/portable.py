"""Markdown that every reader takes for the same: what one of them would misread is written in another way."""

from __future__ import annotations

import re
from collections.abc import Mapping

from reportgen.report.formats.body import Body, finish_markdown

__all__ = ["finish_portable", "own_figures"]

_FORMULA = re.compile(r"^```.*?^```$|`[^`\n]+`|\\.|\$\$.*?\$\$|\$(?P<inline>[^$]+)\$", re.DOTALL | re.MULTILINE)
"""A formula within a line; code, escaped letters and formulas on lines of their own are passed over."""

_SHOWN = re.compile(r"\]\((figures/[^)\s]+)\)")

_TAKEN = re.compile(r"\\\||[*|]")
_COMMANDS = {"*": r"\ast", "|": r"\vert", r"\|": r"\Vert"}
"""What Markdown could take for emphasis, or for the end of a cell -> the command for the same sign."""


def finish_portable(text: str, where: str = "") -> Body:
    r"""Tidy rendered Markdown, and write formulas without the letters that mean something to Markdown.

    Examples
    --------
    >>> print(finish_portable("Where $q^*$ is $|z|$, `a * $b * c$` and\n\n$$\n|x| * 2\n$$").text)
    Where $q^\ast$ is $\vert z\vert$, `a * $b * c$` and
    <BLANKLINE>
    $$
    |x| * 2
    $$
    """
    return Body(_FORMULA.sub(_portable, finish_markdown(text, where).text))


def _portable(found: re.Match[str]) -> str:
    return f"${_TAKEN.sub(_command, found['inline'])}$" if found["inline"] else found[0]


def _command(sign: re.Match[str]) -> str:
    """Write a sign as a command, which needs a space before a letter."""
    space = " " if sign.string[sign.end() : sign.end() + 1].isalpha() else ""
    return f"{_COMMANDS[sign[0]]}{space}"


def own_figures(pages: Mapping[str, str], files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the figures once more beside the pages that show them, so that a folder can be copied as it is.

    Parameters
    ----------
    pages
        Path within the site -> page.
    files
        Path within the site -> content.
    """
    shown = {(path.rpartition("/")[0], figure) for path, page in pages.items() for figure in _SHOWN.findall(page)}
    return {f"{folder}/{figure}": files[figure] for folder, figure in sorted(shown)}
