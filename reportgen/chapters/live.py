"""The widgets: what a reader can work with on the pages of several chapters, and the scripts that each needs."""

from __future__ import annotations

from reportgen.chapters.chapter import Widget
from reportgen.chapters.demos import SHOWS, pack_demos
from reportgen.chapters.measured import measured_edge, measured_verdicts

__all__ = ["EDGE", "PLAYGROUND", "SIGNAL"]

_DRAWN = ("random", "activations", "starts", "readings")
"""Scripts of everything that draws weights and reads what becomes of a signal."""

_PLAYGROUND = (
    "playground_run",
    "playground_panels",
    "playground_settings",
    "playground_hand",
    "challenges",
    "playground",
)

PLAYGROUND = Widget("playground", (*_DRAWN, "net", "problems", *_PLAYGROUND), SHOWS, pack_demos)
SIGNAL = Widget("signal", (*_DRAWN, "chain", "signal_panels", "signal"), ("cells",), measured_verdicts)
EDGE = Widget(
    "edge",
    ("random", "activations", "gaussian", "meanfield", "edge_plane", "edge"),
    ("places", "angles"),
    measured_edge,
)
