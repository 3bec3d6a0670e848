"""What a build says while it runs, on a terminal and elsewhere."""

from __future__ import annotations

import io
import sys

import pytest

from reportgen.console import PlainReporter, TerminalReporter, reporter
from reportgen.reporter import SilentReporter


def test_plain_lines_come_at_the_start_of_a_stage_and_then_only_now_and_then() -> None:
    lines = io.StringIO()
    plain = PlainReporter(lines)
    plain.stage("measure", 3)
    plain.advance(1)
    plain.interval = 0
    plain.advance(2)
    plain.advance(3)
    plain.warn("damaged")
    assert lines.getvalue().splitlines() == ["measure (3)", "measure: 2 of 3", "warning: damaged"]


def test_silence_lets_warnings_through_where_there_is_a_stream() -> None:
    lines = io.StringIO()
    for silent in (SilentReporter(lines), SilentReporter()):
        silent.stage("measure", 3)
        silent.advance(1)
        silent.warn("damaged")
    assert lines.getvalue() == "warning: damaged\n"


@pytest.mark.parametrize(
    ("terminal", "quiet", "kind"),
    [(True, False, TerminalReporter), (False, False, PlainReporter), (True, True, SilentReporter)],
)
def test_the_reporter_fits_where_standard_error_goes(
    terminal: bool, quiet: bool, kind: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal, raising=False)
    with reporter(quiet=quiet) as chosen:
        assert isinstance(chosen, kind)
        chosen.stage("measure", 2)
        chosen.advance(1)
        chosen.warn("[damaged]")
