"""An experiment without networks: one cell per way in which a worker can behave."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from threadpoolctl import threadpool_info

from reportgen.battery.cell import Streams
from reportgen.battery.experiment import Column, Experiment, Factors, Measured, Tables
from reportgen.errors import DataError

_ROWS = 5


def draw(factors: Factors, streams: Streams) -> dict[str, Any]:
    """Return numbers that show any difference in seeds or in the order of sums."""
    size = factors["size"]
    assert isinstance(size, int)
    left, right = (streams.weights(replicate, 1).standard_normal((size, size)) for replicate in range(2))
    return {"value": (left @ right)[0, :_ROWS].astype(np.float32), "word": np.array(["a", "βγ", "", "de", "f"], object)}


def look_around(factors: Factors, streams: Streams) -> dict[str, Any]:
    """Return the process that runs this, its modules and its number of BLAS threads."""
    words = [str(os.getpid()), " ".join(sys.modules), str(max(pool["num_threads"] for pool in threadpool_info()))]
    return {"value": np.zeros(len(words)), "word": words}


def use_plugin(factors: Factors, streams: Streams) -> dict[str, Any]:
    """Return what a plugin has registered."""
    import toys.registry

    item = toys.registry.things.get(str(factors["name"]))
    return {"value": np.array([item]), "word": np.array(["plugin"])}


def sleep(factors: Factors, streams: Streams) -> dict[str, Any]:
    """Say that the work began, then take long."""
    Path(str(factors["started"])).touch()
    time.sleep(60)
    return draw(factors, streams)


def bug(factors: Factors, streams: Streams) -> dict[str, Any]:
    raise ZeroDivisionError("a bug of the experiment")


def user_error(factors: Factors, streams: Streams) -> dict[str, Any]:
    raise DataError("the file is malformed")


def out_of_memory(factors: Factors, streams: Streams) -> dict[str, Any]:
    return {"value": np.zeros(2**50), "word": []}


def die(factors: Factors, streams: Streams) -> dict[str, Any]:
    os._exit(9)


def ragged(factors: Factors, streams: Streams) -> dict[str, Any]:
    return {"value": np.zeros(3), "word": np.array(["a"])}


def square(factors: Factors, streams: Streams) -> dict[str, Any]:
    return {"value": np.zeros((2, 2)), "word": np.array(["a"])}


def undeclared(factors: Factors, streams: Streams) -> dict[str, Any]:
    return {**draw(factors, streams), "surprise": np.zeros(_ROWS)}


def incomplete(factors: Factors, streams: Streams) -> dict[str, Any]:
    return {"value": np.zeros(3)}


def objects(factors: Factors, streams: Streams) -> dict[str, Any]:
    return {"value": np.zeros(1), "word": [None]}


@dataclass(frozen=True, slots=True)
class Toy:
    """Behave in one of these ways."""

    behavior: str
    factors: Factors

    tables: ClassVar[Tables] = {
        "rows": (
            Column("behavior", "", "what the worker does"),
            Column("value", "", "a number"),
            Column("word", "", "a word"),
        )
    }

    def measure(self, streams: Streams) -> Measured:
        """Return what the function of this name does."""
        return {"rows": globals()[self.behavior](self.factors, streams)}


EXPERIMENT = Experiment(name="toy", summary="How a worker behaves", parts=(Toy,), work=lambda plan: ())
