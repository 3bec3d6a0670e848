"""The experiments, in the order in which they run."""

from __future__ import annotations

from reportgen.battery.experiment import Experiment
from reportgen.experiments import (
    assumptions,
    derivation,
    edge_of_chaos,
    gains,
    he,
    mean_field,
    propagation,
    saturation,
    symmetry,
    tanh_depth,
)

__all__ = ["EXPERIMENTS"]

EXPERIMENTS: tuple[Experiment, ...] = (
    propagation.EXPERIMENT,
    symmetry.EXPERIMENT,
    saturation.EXPERIMENT,
    derivation.EXPERIMENT,
    assumptions.EXPERIMENT,
    tanh_depth.EXPERIMENT,
    he.EXPERIMENT,
    gains.EXPERIMENT,
    edge_of_chaos.EXPERIMENT,
    mean_field.EXPERIMENT,
)
