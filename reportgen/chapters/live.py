"""The widgets: what a reader can work with on the pages of several chapters, and the scripts that each needs."""

from __future__ import annotations

from reportgen.chapters.chapter import Widget
from reportgen.chapters.measured import measured_edge, measured_verdicts

__all__ = ["EDGE", "EXPLORER", "PLAYGROUND", "SIGNAL"]

_NETS = ("random", "activations", "starts", "net", "readings")
"""Scripts of everything that draws a network and reads it."""

PLAYGROUND = Widget("playground", (*_NETS, "problems", "playground"))
SIGNAL = Widget(
    "signal",
    ("random", "activations", "starts", "readings", "chain", "signal_panels", "signal"),
    shows=("cells",),
    pack=measured_verdicts,
)
EDGE = Widget(
    "edge",
    ("random", "activations", "gaussian", "meanfield", "edge_plane", "edge"),
    shows=("places", "angles"),
    pack=measured_edge,
)
EXPLORER = Widget("explorer", ("explorer",))
