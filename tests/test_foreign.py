"""Foreign code is called in limited time, and the user's own interrupt stays an interrupt."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path

import pytest

from reportgen import foreign
from tests.hostile import INITIALIZER, load, refused

pytestmark = pytest.mark.usefixtures("without_plugins")

ENDLESS = {
    "loops": "while True: pass",
    "sleeps": "time.sleep(60)",
    "swallows errors": "\nwhile True:\n    try: time.sleep(60)\n    except Exception: pass",
}


@pytest.mark.parametrize("in_a_thread", [False, True], ids=["main thread", "another thread"])
@pytest.mark.parametrize("kind", ENDLESS)
@pytest.mark.parametrize("where", ["at import", "in a draw"])
def test_a_plugin_that_does_not_end_is_ended(kind: str, where: str, in_a_thread: bool, tmp_path: Path) -> None:
    if in_a_thread and kind != "loops":
        pytest.skip("nobody can wake a thread that sleeps")
    body = ENDLESS[kind]
    source = INITIALIZER.format(body=body.replace("\n", "\n    ") if where == "in a draw" else "return")
    foreign.allow(0.3)
    start = time.monotonic()
    lines: list[str] = []
    work = partial(_collect, lines, tmp_path, source + body if where == "at import" else source)
    if in_a_thread:
        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        thread.join(20)
    else:
        work()
    assert time.monotonic() - start < 10
    assert "did not end within 0.3 s; --plugin-seconds N allows more (/mine.py:" in lines[0]
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def _collect(lines: list[str], folder: Path, source: str) -> None:
    lines.append(refused(folder, source))


def test_an_alarm_of_somebody_else_still_rings(tmp_path: Path) -> None:
    rung: list[int] = []
    earlier = signal.signal(signal.SIGALRM, lambda number, frame: rung.append(number))
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        load(tmp_path, INITIALIZER.format(body="time.sleep(0.15)\n    return np.ones((fan_in, fan_out))"))
        time.sleep(0.3)
        assert rung
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, earlier)


def test_the_users_own_interrupt_is_no_fault_of_the_plugin(tmp_path: Path) -> None:
    body = "import os, signal; os.kill(os.getpid(), signal.SIGINT); time.sleep(5)"
    with pytest.raises(KeyboardInterrupt):
        load(tmp_path, INITIALIZER.format(body=body))
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_plugin_cannot_end_the_process_silently(tmp_path: Path) -> None:
    assert "initializer mine: SystemExit: 0 (/mine.py:" in refused(
        tmp_path, INITIALIZER.format(body="import os; os._exit(0)")
    )
    assert "SystemExit: 0 (/mine.py:" in refused(tmp_path, "import os\nos._exit(0)")


TAKEN = {
    "sys.stdout = None": "replaces sys.stdout; a plugin only adds",
    "sys.stderr = None": "replaces sys.stderr; a plugin only adds",
    "sys.modules.clear()": "out of sys.modules; a plugin only adds",
}


@pytest.mark.parametrize(("line", "said"), TAKEN.items(), ids=list(TAKEN))
def test_what_a_draw_takes_from_the_process_is_put_back_and_told(line: str, said: str, tmp_path: Path) -> None:
    before = sys.stdout, sys.stderr, dict(sys.modules)
    assert said in refused(tmp_path, INITIALIZER.format(body=line))
    assert (sys.stdout, sys.stderr) == before[:2]
    assert before[2].keys() <= sys.modules.keys()


def test_warnings_of_a_plugin_do_not_reach_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    warn = "import warnings; warnings.simplefilter('always'); warnings.warn('odd')"
    load(tmp_path, f"{warn}\n" + INITIALIZER.format(body=f"{warn}; return np.ones((fan_in, fan_out))"))
    assert capsys.readouterr().err == ""


def test_a_plugin_that_swallows_its_time_out_ends_the_process_with_a_line(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(
        "import time\nwhile True:\n    try: time.sleep(1)\n    except BaseException: pass\n"
    )
    command = [
        sys.executable,
        "-m",
        "reportgen",
        "list",
        "initializers",
        "--plugin",
        "mine.py",
        "--plugin-seconds",
        "1",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("reportgen: plugin mine.py: did not end within 1 s")
    assert done.stderr.count("\n") == 1
