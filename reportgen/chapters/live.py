"""The widgets: what a reader can work with on the pages of several chapters, and the scripts that each needs."""

from __future__ import annotations

from reportgen.chapters.chapter import Widget
from reportgen.chapters.demos import SHOWS, pack_demos

__all__ = ["EDGE", "PLAYGROUND", "SIGNAL"]

_NETS = ("random", "activations", "starts", "net", "readings")
"""Scripts of everything that draws a network and reads it."""

_PLAYGROUND = (
    "playground_run",
    "playground_panels",
    "playground_settings",
    "playground_hand",
    "challenges",
    "playground",
)

PLAYGROUND = Widget("playground", (*_NETS, "problems", *_PLAYGROUND), SHOWS, pack_demos)
SIGNAL = Widget("signal", (*_NETS, "signal"))
EDGE = Widget("edge", ("activations", "meanfield", "edge"))
