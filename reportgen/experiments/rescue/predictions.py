"""What theory says that one layer does to signal and gradient, in every form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from reportgen.battery.cell import Streams
from reportgen.battery.columns import of_rows
from reportgen.battery.experiment import Column, Measured, Tables
from reportgen.experiments.averages import averages
from reportgen.experiments.columns import ACTIVATION, INITIALIZER, SQUARE_WIDTH
from reportgen.experiments.rescue.forms import FORM, FORMS, Form
from reportgen.nn.initializers import initializers
from reportgen.theory.architectures import batch_norm_factor, layer_norm_factor, residual_growth

__all__ = ["Predictions"]


@dataclass(frozen=True, slots=True)
class Predictions:
    """Predict the factors per layer of every form and start.

    Attributes
    ----------
    activation, initializers
        Canonical registry names.
    width, depth
        Units per hidden layer, and number of inputs; number of hidden layers.
    """

    activation: str
    initializers: tuple[str, ...]
    width: int
    depth: int = 50

    tables: ClassVar[Tables] = {
        "rescue_theory": (
            FORM,
            ACTIVATION,
            INITIALIZER,
            SQUARE_WIDTH,
            Column("signal_factor", "", "predicted factor of E[z²] per layer; nan where there is no such constant"),
            Column("gradient_factor", "", "predicted factor of E[delta²] per layer, towards the inputs; nan likewise"),
        ),
    }

    def measure(self, streams: Streams) -> Measured:
        """Predict; nothing is drawn."""
        return {"rescue_theory": of_rows(self._rows())}

    def _rows(self) -> Iterator[dict[str, str | float]]:
        for form in FORMS:
            for initializer in self.initializers:
                signal, gradient = self._factors(FORMS[form], initializer)
                yield {"form": form, "initializer": initializer, "signal_factor": signal, "gradient_factor": gradient}

    def _factors(self, form: Form, initializer: str) -> tuple[float, float]:
        """Return the factors of signal and gradient per layer: with a norm they depend on the activation alone."""
        phi = averages(self.activation)
        if form.normalization and form.shortcut:
            return np.nan, np.nan  # a polynomial in the layer
        if form.normalization or form.calibrated:
            return 1.0, batch_norm_factor(phi) if form.normalization == "batch" else layer_norm_factor(phi)
        if self.activation != "relu":
            return np.nan, np.nan  # the factor changes with the size of the signal
        variance = initializers.get(initializer).variance(self.width, self.width) or 0.0
        moment = self.width * float(variance) / 2
        factor = residual_growth(moment, form.branch(self.depth) or 1.0, 1) - (0 if form.shortcut else 1)
        return factor, factor
