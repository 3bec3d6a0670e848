"""The publishing systems that the book is exported for.

A system is an entry of `SYSTEMS` and a folder ``templates/exports/<name>/``: macros and page as a format has them, and
a template for each of the other files that the system reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reportgen.report.formats import Format
from reportgen.report.formats.portable import finish_portable

__all__ = ["SYSTEMS", "System"]


@dataclass(frozen=True, slots=True)
class System:
    """A publishing system.

    Attributes
    ----------
    form
        How its pages are written and where they lie; it bears the name of the system.
    files
        Its other files: path within the export -> template.
    install, command
        What installs the system, and what builds the pages, both typed within the folder.
    """

    form: Format
    files: Mapping[str, str]
    install: str
    command: str

    @property
    def name(self) -> str:
        """As on the command line."""
        return self.form.name

    @property
    def build(self) -> str:
        """Everything that is typed within the folder."""
        return f"{self.install} && {self.command}" if self.install else self.command

    def templates(self) -> dict[str, str]:
        """Return the templates of its other files: path within the export -> name of the template."""
        return {path: f"{self.form.templates}/{name}.jinja" for path, name in self.files.items()}


def _form(name: str, suffix: str = ".md", folder: str = "") -> Format:
    return Format(name, suffix, folder, ("svg",), finish_portable, default=False, room="exports")


_SYSTEMS = (
    System(
        _form("mkdocs", folder="docs/"),
        {
            "mkdocs.yml": "mkdocs.yml",
            "requirements.txt": "requirements.txt",
            "formulas.py": "formulas.py",
            "docs/stylesheets/figures.css": "figures.css",
        },
        "pip install -r requirements.txt",
        "mkdocs build --strict",
    ),
    System(
        _form("jupyter-book"),
        {"_config.yml": "_config.yml", "_toc.yml": "_toc.yml", "myst.yml": "myst.yml"},
        "pip install 'jupyter-book<2'",
        "jupyter-book build -W .",
    ),
    System(_form("quarto", ".qmd"), {"_quarto.yml": "_quarto.yml"}, "", "quarto render"),
)

SYSTEMS: Mapping[str, System] = {system.name: system for system in _SYSTEMS}
"""The systems by name."""
