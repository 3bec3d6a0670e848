"""What tests throw at us: small plugins and what comes of loading them, and files that are none."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from reportgen import plugins
from reportgen.errors import UsageError
from reportgen.nn.activations import activations
from reportgen.nn.initializers import initializers

INITIALIZER = """
import math, sys, time
import numpy as np
from reportgen.nn.initializers import initializer

calls = []

@initializer("mine", variance=lambda fan_in, fan_out: 1.0, label="mine", formula="w", reference="none")
def mine(rng, fan_in, fan_out):
    calls.append(fan_in)
    {body}
"""
ACTIVATION = """
import math
import numpy as np
from reportgen.nn.activations import activation

calls = []
{before}

@activation("mine", derivative={derivative}, kinks={kinks}, label={label}, formula="z", reference="none")
def mine(z):
    calls.append(0)
    {body}
"""


def load(folder: Path, source: str) -> None:
    path = folder / "mine.py"
    path.write_text(source, encoding="utf-8")
    plugins.load([str(path)])


def refused(folder: Path, source: str) -> str:
    """Return the line with which a plugin is refused; nothing of it stays registered."""
    with pytest.raises(UsageError) as caught:
        load(folder, source)
    line = str(caught.value)
    assert "\n" not in line
    assert len(line) <= 300 - len("reportgen: ")
    assert "mine" not in initializers
    assert "mine" not in activations
    return re.sub(re.escape(str(folder)), "", line)


def become(path: Path, kind: str) -> None:
    """Make a path something else than an ordinary file of ordinary size."""
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "zeros":
        path.symlink_to("/dev/zero")
    else:
        with path.open("wb") as file:
            file.truncate(2**40)
