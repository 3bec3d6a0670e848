"""An experiment without networks: one cell per way in which a worker can behave."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_info

from reportgen.battery.cell import Cell, Streams
from reportgen.battery.experiment import Column, Experiment, Measured
from reportgen.errors import DataError

_ROWS = 5


def draw(cell: Cell, streams: Streams) -> dict[str, Any]:
    """Return numbers that show any difference in seeds or in the order of sums."""
    size = cell.number("size")
    left, right = (streams.weights(replicate, 1).standard_normal((size, size)) for replicate in range(2))
    return {"value": (left @ right)[0, :_ROWS].astype(np.float32), "word": np.array(["a", "βγ", "", "de", "f"], object)}


def look_around(cell: Cell, streams: Streams) -> dict[str, Any]:
    """Return the process that runs this, its modules and its number of BLAS threads."""
    words = [str(os.getpid()), " ".join(sys.modules), str(max(pool["num_threads"] for pool in threadpool_info()))]
    return {"value": np.zeros(len(words)), "word": words}


def use_plugin(cell: Cell, streams: Streams) -> dict[str, Any]:
    """Return what a plugin has registered."""
    import toys.registry

    item = toys.registry.things.get(cell.text("name"))
    return {"value": np.array([item]), "word": np.array(["plugin"])}


def sleep(cell: Cell, streams: Streams) -> dict[str, Any]:
    """Say that the work began, then take long."""
    Path(cell.text("started")).touch()
    time.sleep(60)
    return draw(cell, streams)


def bug(cell: Cell, streams: Streams) -> dict[str, Any]:
    raise ZeroDivisionError("a bug of the experiment")


def user_error(cell: Cell, streams: Streams) -> dict[str, Any]:
    raise DataError("the file is malformed")


def out_of_memory(cell: Cell, streams: Streams) -> dict[str, Any]:
    return {"value": np.zeros(2**50), "word": []}


def die(cell: Cell, streams: Streams) -> dict[str, Any]:
    os._exit(9)


def ragged(cell: Cell, streams: Streams) -> dict[str, Any]:
    return {"value": np.zeros(3), "word": np.array(["a"])}


def square(cell: Cell, streams: Streams) -> dict[str, Any]:
    return {"value": np.zeros((2, 2)), "word": np.array(["a"])}


def undeclared(cell: Cell, streams: Streams) -> dict[str, Any]:
    return {**draw(cell, streams), "surprise": np.zeros(_ROWS)}


def incomplete(cell: Cell, streams: Streams) -> dict[str, Any]:
    return {"value": np.zeros(3)}


def objects(cell: Cell, streams: Streams) -> dict[str, Any]:
    return {"value": np.zeros(1), "word": [None]}


def _measure(cell: Cell, streams: Streams) -> Measured:
    behavior = globals()[cell.text("behavior")]
    return {"rows": behavior(cell, streams)}


EXPERIMENT = Experiment(
    name="toy",
    summary="How a worker behaves",
    tables={
        "rows": (
            Column("behavior", "", "what the worker does"),
            Column("value", "", "a number"),
            Column("word", "", "a word"),
        )
    },
    cells=lambda plan: [],
    measure=_measure,
)
