"""What a soak test asks beside command lines: how a name or a file was understood, as one line of JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from reportgen.errors import ReportgenError

__all__ = ["answer"]


def answer(name: str, given: Mapping[str, Any]) -> None:
    """Print the answer as JSON, or a user's mistake as the command line does."""
    try:
        sys.stdout.write(json.dumps(ASKED[name](**given)))
    except ReportgenError as error:
        sys.stderr.write(f"reportgen: {error}\n")
        raise SystemExit(error.exit_code) from None


def initializer(text: str) -> dict[str, Any]:
    """Return the canonical name and the variance for 60 inputs and 30 outputs."""
    from reportgen.nn.initializers import initializers

    found = initializers.get(text)
    return {"name": found.name, "variance": found.variance(60, 30)}


def activation(text: str) -> dict[str, Any]:
    """Return the canonical name and the values at some points."""
    import numpy as np

    from reportgen.nn.activations import activations

    found = activations.get(text)
    points = np.array([-3.0, -0.5, 0.25, 2.0])
    return {"name": found.name, "values": [float(value) for value in found.phi(points)]}


def table(path: str, **how: Any) -> dict[str, Any]:
    """Return what was read of a data file."""
    from reportgen.nn.datafile import parse, read_bytes
    from reportgen.nn.files.reading import Reading

    file = Path(path)
    found = parse(read_bytes(file), file, Reading(**how))
    return {"inputs": found.features.tolist(), "labels": found.labels.tolist()}


ASKED: Mapping[str, Callable[..., Any]] = {"initializer": initializer, "activation": activation, "table": table}
