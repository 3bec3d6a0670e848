"""Where the templates are; light, unlike what reads them."""

from __future__ import annotations

from pathlib import Path

from reportgen.errors import EnvironmentFault

__all__ = ["SENTINEL", "templates_folder"]

SENTINEL = "reportgen-templates.txt"
"""A folder of templates is known by this file."""


def templates_folder() -> Path:
    """Return the folder of the templates: inside the installed package, or at the top of a checkout.

    Raises
    ------
    EnvironmentFault
        If neither place holds them.
    """
    package = Path(__file__).resolve().parents[1]
    places = (package / "templates", package.parent / "templates")
    for place in places:
        if (place / SENTINEL).is_file():
            return place
    raise EnvironmentFault(f"the templates are missing: {SENTINEL} is neither in {places[0]} nor in {places[1]}")
