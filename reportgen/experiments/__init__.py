"""The experiments, in the order in which they run."""

from __future__ import annotations

from reportgen.battery.experiment import Experiment
from reportgen.experiments import (
    activations,
    advice,
    by_hand,
    catalog,
    data_sets,
    demos,
    derivation,
    edge_of_chaos,
    frameworks,
    gains,
    halt,
    he,
    mean_field,
    plane,
    propagation,
    rescue,
    saturation,
    starts,
    symmetry,
    training,
)

__all__ = ["EXPERIMENTS"]

EXPERIMENTS: tuple[Experiment, ...] = (
    data_sets.EXPERIMENT,
    starts.EXPERIMENT,
    activations.EXPERIMENT,
    propagation.EXPERIMENT,
    by_hand.EXPERIMENT,
    symmetry.EXPERIMENT,
    demos.EXPERIMENT,
    saturation.EXPERIMENT,
    halt.EXPERIMENT,
    rescue.EXPERIMENT,
    derivation.EXPERIMENT,
    he.EXPERIMENT,
    gains.EXPERIMENT,
    edge_of_chaos.EXPERIMENT,
    mean_field.EXPERIMENT,
    training.EXPERIMENT,
    plane.EXPERIMENT,
    advice.EXPERIMENT,
    catalog.EXPERIMENT,
    frameworks.EXPERIMENT,
)
