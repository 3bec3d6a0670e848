"""The forms of a network that are said to rescue a bad start: what stands around the weights, or is done to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import sqrt
from typing import NamedTuple

import numpy as np

from reportgen.battery.experiment import Column
from reportgen.nn.ensemble import Architecture, Array, Ensemble
from reportgen.nn.examples import Examples
from reportgen.nn.lsuv import Calibrated, lsuv
from reportgen.nn.normalization import Normalization

__all__ = ["FORM", "FORMS", "Form", "seen"]

FORM = Column("form", "", "what stands around the weights, or is done to them")


class Form(NamedTuple):
    """One way to build, or to start, a network.

    Attributes
    ----------
    normalization
        Before every activation.
    shortcut
        Residual branches: "whole" ones, or "scaled" by 1 / sqrt(2 L) for L hidden layers.
    calibrated
        Whether LSUV makes a new start of the one that was drawn.
    """

    normalization: Normalization | None = None
    shortcut: str = ""
    calibrated: bool = False

    def branch(self, depth: int) -> float | None:
        """Return the scale of the residual branches, None where there are none."""
        scales: Mapping[str, float | None] = {"": None, "whole": 1.0, "scaled": 1 / sqrt(2 * depth)}
        return scales[self.shortcut]

    def architecture(self, depth: int) -> Architecture:
        """Return what stands around the weights of a network with this many hidden layers."""
        return Architecture(self.normalization, self.branch(depth))

    def start(self, drawn: Ensemble, depth: int, inputs: Array) -> Calibrated:
        """Return networks of this form, and how often LSUV rescaled each layer: never, without LSUV.

        Parameters
        ----------
        drawn
            Plain networks, as the initializer gave them; they stay as they are.
        depth
            Number of their hidden layers.
        inputs
            The batch that LSUV sees, shape (members or 1, batch, features).
        """
        if self.calibrated:
            return lsuv(drawn, inputs)
        never = np.zeros((drawn.parameters.members, len(drawn.parameters.weights)), np.int64)
        return Calibrated(replace(drawn, architecture=self.architecture(depth)), never)


FORMS: Mapping[str, Form] = {
    "plain": Form(),
    "layer norm": Form("layer"),
    "batch norm": Form("batch"),
    "residual": Form(shortcut="whole"),
    "scaled residual": Form(shortcut="scaled"),
    "residual + batch norm": Form("batch", "whole"),
    "LSUV": Form(calibrated=True),
}

_CALIBRATION = 256
"""Training examples that LSUV looks at."""


def seen(examples: Examples, drawn: Ensemble) -> Array:
    """Return the training examples that LSUV looks at, as `Form.start` takes them."""
    return examples.inputs[None, :_CALIBRATION].astype(drawn.parameters.dtype)
