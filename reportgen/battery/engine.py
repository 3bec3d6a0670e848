"""Where cells run: in this process, in worker processes, or on a dask cluster.

An engine is a function that returns a `concurrent.futures.Executor`, and an entry of `ENGINES`. It gives the bytes of
`serial`, whatever the number of workers, and beyond that:

* ``shutdown(wait=False, cancel_futures=True)`` abandons work that still runs, so that Ctrl-C takes effect at once and
  quietly. A thread cannot be abandoned, and shares the limit of BLAS threads with others: a worker is a process;
* workers end when this process does, however it ends;
* what a task raises comes out of its future as it is, and a worker that dies as a `BrokenExecutor`;
* plugins need nothing: `reportgen.battery.run.run_cell` loads them wherever it runs.
"""

from __future__ import annotations

import ctypes
import logging
import multiprocessing
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from functools import lru_cache
from types import MappingProxyType
from typing import Any, ParamSpec, TypeVar

from reportgen.errors import EnvironmentFault, named

__all__ = ["ENGINES", "available_cpus", "dask", "one_blas_thread", "open_engine", "processes", "serial"]

P = ParamSpec("P")
T = TypeVar("T")

_PATIENCE = 10
"""Seconds that a dask scheduler may take to answer."""

_LOCAL_CLUSTER: Mapping[str, Any] = MappingProxyType(
    {
        "threads_per_worker": 1,
        "memory_limit": None,
        "silence_logs": logging.CRITICAL,
        # No dashboard; what is left of it takes any port, since dask warns when its usual one is taken.
        "scheduler_kwargs": {"dashboard": False, "dashboard_address": "127.0.0.1:0"},
    }
)
"""Options of a dask cluster that an engine starts itself."""

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
"""Parameters of mallopt, from glibc's malloc.h."""

_KEPT_BYTES = 32 * 1024 * 1024
"""Freed memory that a worker keeps, and size of an array that is fetched from the system (glibc's greatest)."""

_MOST_PROCESSES = 61 if sys.platform == "win32" else None
"""More than these Windows cannot wait for."""


def serial() -> Executor:
    """Return an executor that runs a task in this thread while it is submitted."""
    return _Serial()


def processes(jobs: int) -> Executor:
    """Return an executor of worker processes on this machine.

    They are spawned, not forked: a fork would copy locks that threads of BLAS or of a notebook hold.

    Parameters
    ----------
    jobs
        Number of workers.
    """
    try:
        spawn = multiprocessing.get_context("spawn")
        return _Processes(min(jobs, _MOST_PROCESSES or jobs), mp_context=spawn, initializer=_settle_worker)
    except (OSError, NotImplementedError) as error:  # no semaphores, as in some containers
        raise EnvironmentFault(f"worker processes cannot be started here ({error}): use the engine serial") from None


def dask(jobs: int, scheduler: str | None = None) -> Executor:
    """Return an executor on a dask cluster.

    Parameters
    ----------
    jobs
        Number of worker processes of a cluster that is started on this machine.
    scheduler
        Address of a running scheduler, as ``tcp://host:8786``; None starts a cluster and stops it afterwards.
    """
    try:
        return _Dask(jobs, scheduler)
    except ModuleNotFoundError as error:
        raise EnvironmentFault(f"the engine dask needs {error.name}: pip install 'reportgen[dask]'") from None
    except Exception as error:
        where = f"no dask scheduler answers at {scheduler}" if scheduler else "a dask cluster cannot be started here"
        raise EnvironmentFault(f"{where}: {' '.join(str(error).split())}") from error


ENGINES: Mapping[str, Callable[[int, str | None], Executor]] = MappingProxyType(
    {
        "serial": lambda _jobs, _scheduler: serial(),
        "processes": lambda jobs, _scheduler: processes(jobs),
        "dask": dask,
    }
)
"""Name -> engine, called with the number of workers and the address of a scheduler."""


@contextmanager
def open_engine(name: str, jobs: int | None = None, scheduler: str | None = None) -> Iterator[Executor]:
    """Start an engine, and stop it whatever happens: after its work, or at once when there was an error.

    Parameters
    ----------
    name
        One of `ENGINES`.
    jobs
        Number of workers; None takes as many as there are CPUs.
    scheduler
        Address of a dask scheduler.

    Raises
    ------
    UsageError
        If there is no engine of this name.
    EnvironmentFault
        If it cannot be started, or dies.
    """
    executor = named("engine", name, ENGINES)(jobs or available_cpus(), scheduler)
    try:
        yield executor
    except BaseException as error:
        executor.shutdown(wait=False, cancel_futures=True)
        if _is_engine_failure(error):
            raise EnvironmentFault(
                f"the engine {name} lost a worker: too little memory (try fewer jobs or the engine serial), "
                "or a script that does without `if __name__ == '__main__':`"
            ) from error
        raise
    else:
        executor.shutdown()


def available_cpus() -> int:
    """Return the number of CPUs that this process may use."""
    if sys.version_info >= (3, 13):
        return os.process_cpu_count() or 1
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def one_blas_thread() -> AbstractContextManager[object]:
    """Hold BLAS to one thread: with more, sums are taken in another order and come out as other bytes."""
    return _blas(len(sys.modules)).limit(limits=1)  # type: ignore[no-any-return]


@lru_cache(maxsize=1)
def _blas(modules: int) -> Any:
    """Return what limits the BLAS libraries of this process; they are looked for again when modules were imported."""
    from threadpoolctl import ThreadpoolController  # not for those who ask only for the names of engines

    return ThreadpoolController()


def _is_engine_failure(error: BaseException) -> bool:
    """Tell the failures of an engine from those of the task that it ran."""
    of_dask = type(error).__module__.partition(".")[0] == "distributed"  # KilledWorker, CommClosedError
    return of_dask or isinstance(error, BrokenExecutor | CancelledError)


class _Serial(Executor):
    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - whoever asks the future for its result gets it
            future.set_exception(error)
        return future


class _Processes(ProcessPoolExecutor):
    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        if not wait:
            for worker in list((self._processes or {}).values()):
                worker.kill()
        super().shutdown(wait=True, cancel_futures=cancel_futures)


def _settle_worker() -> None:
    """Leave Ctrl-C to the parent process, end when it ends, however that happens, and keep freed memory."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.filterwarnings("ignore", category=RuntimeWarning)  # overflow is data, whatever a library says of it
    _keep_freed_memory()
    threading.Thread(target=_follow_parent, daemon=True).start()


def _keep_freed_memory() -> None:
    """Let glibc reuse the memory of arrays: to hand it back and fetch it anew for each takes a third of the time."""
    with suppress(AttributeError, OSError, TypeError):  # another C library
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_M_TRIM_THRESHOLD, _KEPT_BYTES)
        mallopt(_M_MMAP_THRESHOLD, _KEPT_BYTES)


def _follow_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _knock(scheduler: str) -> None:
    """Ask who is there, since a client takes long to give up on anyone but a scheduler, and complains."""
    import asyncio

    with ThreadPoolExecutor(1) as thread:  # a notebook's own thread runs a loop already
        kind = thread.submit(asyncio.run, _ask_kind(scheduler)).result()
    if kind != "Scheduler":
        raise ConnectionError(f"this is a {kind}")


async def _ask_kind(address: str) -> str:
    from distributed import rpc

    async with rpc(address, timeout=_PATIENCE) as remote:  # type: ignore[no-untyped-call]
        return str((await remote.identity())["type"])


class _Dask(Executor):
    """The executor of a dask client, which it closes together with the cluster that it started."""

    def __init__(self, jobs: int, scheduler: str | None) -> None:
        from distributed import Client, LocalCluster
        from distributed.utils import silence_logging_cmgr

        with ExitStack() as opened:
            opened.enter_context(silence_logging_cmgr(logging.CRITICAL))  # what matters comes as an exception
            where: Any = scheduler
            if scheduler is None:
                where = opened.enter_context(closing(LocalCluster(n_workers=jobs, **_LOCAL_CLUSTER)))  # type: ignore[no-untyped-call]
            else:
                _knock(scheduler)
            client = opened.enter_context(closing(Client(where, timeout=_PATIENCE, set_as_default=False)))  # type: ignore[no-untyped-call]
            self._executor: Executor = client.get_executor(pure=False)  # type: ignore[no-untyped-call]
            self._opened = opened.pop_all()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        return self._executor.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._executor.shutdown(wait and not cancel_futures)
        self._opened.close()
