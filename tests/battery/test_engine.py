"""Engines: each returns an executor, says in one line where it cannot start, and leaves nothing behind."""

from __future__ import annotations

import multiprocessing
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from reportgen.battery import engine
from reportgen.battery.engine import ENGINES, available_cpus, one_blas_thread, open_engine
from reportgen.errors import EnvironmentFault, UsageError

pytest.importorskip("distributed", reason="the extra dask is not installed")

WITH_WORKERS = [name for name in ENGINES if name != "serial"]


@pytest.mark.parametrize("name", ENGINES)
def test_an_engine_gives_an_executor_that_returns_results_and_raises_errors(name: str) -> None:
    with open_engine(name, 1) as executor:
        assert isinstance(executor, Executor)
        assert executor.submit(divmod, 7, 2).result() == (3, 1)
        with pytest.raises(ZeroDivisionError):
            executor.submit(divmod, 7, 0).result()


@pytest.mark.parametrize("name", WITH_WORKERS)
def test_an_engine_leaves_no_process_and_no_output_behind(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    with open_engine(name, 1) as executor:
        worker = executor.submit(os.getpid).result()
        assert worker != os.getpid()
    assert not multiprocessing.active_children()
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", WITH_WORKERS)
def test_an_error_abandons_work_that_still_runs(name: str) -> None:
    def fail_beside_work() -> None:
        with open_engine(name, 1) as executor:
            executor.submit(int).result()
            executor.submit(time.sleep, 120)
            time.sleep(0.2)
            raise ZeroDivisionError

    start = time.perf_counter()
    with pytest.raises(ZeroDivisionError):
        fail_beside_work()
    assert time.perf_counter() - start < 60
    assert not multiprocessing.active_children()


def test_serial_runs_in_this_thread_while_a_task_is_submitted() -> None:
    future = engine.serial().submit(threading.get_ident)
    assert future.done()
    assert future.result() == threading.get_ident()


def test_an_interrupt_passes_through_serial_at_once() -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), open_engine("serial") as executor:
        executor.submit(interrupt)


def test_an_unknown_engine_names_the_closest() -> None:
    with pytest.raises(UsageError, match="did you mean processes"), open_engine("proceses"):
        pass


@pytest.mark.parametrize("name", WITH_WORKERS)
def test_a_worker_that_dies_is_one_line(name: str) -> None:
    lost = pytest.raises(EnvironmentFault, match=f"the engine {name} lost a worker")
    with lost as caught, open_engine(name, 1) as executor:
        assert executor.submit(os.getpid).result() != os.getpid(), "a worker of this engine is no process of its own"
        executor.submit(os._exit, 9).result()
    assert "\n" not in str(caught.value)


def test_without_semaphores_the_line_names_the_serial_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **options: object) -> None:
        raise OSError("no /dev/shm")

    monkeypatch.setattr(engine, "_Processes", fail)
    with pytest.raises(EnvironmentFault, match=r"no /dev/shm.*engine serial"):
        engine.processes(2)


def test_dask_without_its_package_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(EnvironmentFault, match=r"pip install 'reportgen\[dask\]'"):
        engine.dask(1)


@pytest.mark.parametrize("address", ["nonsense", "nonsense://host:1", "tcp://127.0.0.1:{port}"])
def test_a_scheduler_that_does_not_answer_is_one_line_in_good_time(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_PATIENCE", 1)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        given = address.format(port=free.getsockname()[1])
    start = time.perf_counter()
    with pytest.raises(EnvironmentFault, match=f"no dask scheduler answers at {given}") as caught:
        engine.dask(1, given)
    assert "\n" not in str(caught.value)
    assert time.perf_counter() - start < 10


def test_something_else_that_listens_at_the_address_is_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        threading.Thread(target=answer).start()
        with pytest.raises(EnvironmentFault, match="no dask scheduler answers"):
            engine.dask(1, f"tcp://127.0.0.1:{server.getsockname()[1]}")


@pytest.fixture
def cluster() -> Iterator[Any]:
    """Run a dask cluster in this process."""
    from distributed import LocalCluster

    options = {"processes": False, "n_workers": 1, **engine._LOCAL_CLUSTER}
    with LocalCluster(**options) as cluster:  # type: ignore[no-untyped-call]
        yield cluster


def test_a_running_scheduler_is_used_and_left_running(cluster: Any) -> None:
    for _ in range(2):
        with open_engine("dask", scheduler=cluster.scheduler_address) as executor:
            assert executor.submit(divmod, 7, 2).result() == (3, 1)


def test_a_dask_worker_in_place_of_a_scheduler_is_told_apart(cluster: Any) -> None:
    (worker,) = cluster.workers.values()
    with pytest.raises(EnvironmentFault, match="this is a Worker"):
        engine.dask(1, worker.address)


ORPHANS = """
import os, sys, time
from reportgen.battery.engine import open_engine
if __name__ == "__main__":
    with open_engine(sys.argv[1], 1) as executor:
        print(executor.submit(os.getpid).result(), flush=True)
        executor.submit(time.sleep, 120)
        time.sleep(120)
"""


@pytest.mark.parametrize("name", WITH_WORKERS)
def test_workers_end_when_their_parent_is_killed(name: str, tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(ORPHANS)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, script, name], stdout=subprocess.PIPE, env=environment, text=True) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        parent.kill()
    deadline = time.perf_counter() + 30
    while is_alive(worker):
        assert time.perf_counter() < deadline
        time.sleep(0.05)


def is_alive(process: int) -> bool:
    """Tell whether a process runs; one that ended but was not collected by its parent does not."""
    status = Path(f"/proc/{process}/status")
    if status.parent.parent.is_dir():
        return status.exists() and "State:\tZ" not in status.read_text()
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_as_many_workers_as_cpus_are_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def remember(jobs: int, scheduler: str | None) -> Executor:
        asked.append(jobs)
        return engine.serial()

    monkeypatch.setattr(engine, "ENGINES", {"remember": remember})
    for jobs in (None, 3):
        with open_engine("remember", jobs):
            pass
    assert asked == [available_cpus(), 3]
    assert available_cpus() >= 1


def test_blas_is_held_to_one_thread_and_released() -> None:
    def threads() -> list[int]:
        return [pool["num_threads"] for pool in threadpool_info()]

    assert np.dot(np.ones(2), np.ones(2)) == 2  # BLAS is loaded
    before = threads()
    with one_blas_thread():
        assert set(threads()) == {1}
    assert threads() == before
