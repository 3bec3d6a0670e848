"""The Jinja environment that reads the templates."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    select_autoescape,
)

from reportgen.errors import ReportgenError
from reportgen.report.filters import FILTERS
from reportgen.report.folders import templates_folder

__all__ = ["environment", "explained", "static_files"]


def environment(overrides: Path | None = None) -> Environment:
    """Return the Jinja environment of the report.

    Pages of HTML escape what they are given, Markdown does not, and a name that is not known is an error.

    Parameters
    ----------
    overrides
        A user's folder. A template there wins over ours of the same name, which it can still reach (to extend it,
        say) under ``builtin/``.
    """
    builtin = FileSystemLoader(templates_folder())
    user = [FileSystemLoader(overrides)] if overrides else []
    made = Environment(
        loader=ChoiceLoader([*user, builtin, PrefixLoader({"builtin": builtin})]),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html.jinja"], default_for_string=False),
        keep_trailing_newline=True,
    )
    made.filters.update(FILTERS)
    made.policies["json.dumps_kwargs"] = {"ensure_ascii": False}  # YAML takes the halves of an escaped letter for two
    return made


def static_files(overrides: Path | None = None) -> dict[str, bytes]:
    """Return style sheet and fonts by their path in the site; a file of the user's folder wins here too."""
    folders = [folder for folder in (templates_folder(), overrides) if folder]
    return {
        path.relative_to(folder).as_posix(): _content(path)
        for folder in folders
        for path in sorted((folder / "static").rglob("*"))
        if path.is_file() and not path.name.startswith(".")  # which systems and editors leave behind
    }


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ReportgenError(f"templates: {path}: cannot be read: {error.strerror}") from error


@contextmanager
def explained(where: str) -> Iterator[None]:
    """Turn what is wrong with a template into one line that names it.

    Parameters
    ----------
    where
        What is being written, such as ``page he``.
    """
    try:
        yield
    except TemplateNotFound as error:
        raise ReportgenError(f"{where}: there is no template {error.name}") from error
    except TemplateSyntaxError as error:
        raise ReportgenError(f"{where}: {error.name or 'text'}, line {error.lineno}: {error.message}") from error
    except TemplateError as error:
        raise ReportgenError(f"{where}: {_place(error) or 'text'}: {error.message}") from error
    except UnicodeDecodeError as error:
        raise ReportgenError(f"{where}: a template is not UTF-8 from byte {error.start} on") from error
    except RecursionError as error:
        raise ReportgenError(
            f"{where}: {_place(error) or 'a template'}: comes back to itself without end; ours is builtin/<name>"
        ) from error
    except (TypeError, ValueError, AttributeError, ArithmeticError, LookupError) as error:
        if place := _place(error):  # what a template passes on: a number for a name, say
            raise ReportgenError(f"{where}: {place}: {error}") from error
        raise


def _place(error: Exception) -> str:
    """Return the template and line in which an error was raised, or nothing; Jinja puts both into the traceback."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(".jinja")]
    return f"{Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""
