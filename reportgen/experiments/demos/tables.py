"""What the nets of a demo come to, layer by layer and update by update, and where those of the playground start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportgen.battery.columns import by_index, concatenate, with_constants
from reportgen.battery.experiment import Columns, Measured
from reportgen.experiments.symmetry.networks import Network
from reportgen.nn import units
from reportgen.nn.ensemble import Array, Ensemble
from reportgen.nn.examples import Examples
from reportgen.nn.mlp import backward, forward
from reportgen.nn.statistics import frobenius, rms, saturated
from reportgen.nn.training import softmax_cross_entropy

__all__ = ["GRID", "History", "tabulate"]

GRID = np.linspace(-2.5, 2.5, 41)
"""The decision map is taken at these values of either input."""


@dataclass(frozen=True, slots=True)
class History:
    """How the nets of a demo trained.

    Attributes
    ----------
    data
        The points that all of them see.
    presets, networks
        Name of the start, and the net, of every member of the ensemble.
    checkpoints
        Number of updates made, and the ensemble after them, from before the first update to after the last.
    gap
        Greatest difference of a weight from the net's twin after training, shape (members,).
    live
        Which members the playground starts from, shape (members,).
    """

    data: Examples
    presets: tuple[str, ...]
    networks: tuple[Network, ...]
    checkpoints: list[tuple[int, Ensemble]]
    gap: Array
    live: NDArray[np.bool_]

    @property
    def names(self) -> Columns:
        """The columns that name every member."""
        replicates = np.array([network.replicate for network in self.networks])
        return {"preset": np.array(self.presets), "replicate": replicates, "live": self.live.astype(int)}


def tabulate(history: History) -> Measured:
    """Return all tables of a demo."""
    readings = [(step, *_read(ensemble, history)) for step, ensemble in history.checkpoints]
    names = history.names
    return {
        "demos_nets": _nets(history),
        "demos_learning": concatenate(with_constants({**names, **learned}, step=step) for step, learned, _ in readings),
        "demos_layers": concatenate(
            with_constants({**names, **layer}, step=step, layer=number)
            for step, _, layers in readings
            for number, layer in enumerate(layers, 1)
        ),
        "demos_weights": concatenate(_weights(history)),
        "demos_map": concatenate(_map(history)),
    }


def _nets(history: History) -> Columns:
    weights = history.checkpoints[0][1].parameters.weights
    nets = {
        **history.names,
        "initializer": np.array([network.start for network in history.networks]),
        "weight_noise": np.array([network.weight_noise for network in history.networks]),
        "rounding_gap": history.gap,
    }
    return with_constants(nets, hidden_layers=len(weights) - 1, units=weights[0].shape[2])


def _read(ensemble: Ensemble, history: History) -> tuple[Columns, list[Columns]]:
    """Measure every net at a checkpoint, and each of its layers; every value has shape (members,)."""
    inputs, labels = history.data.inputs[None], history.data.labels
    tape = forward(ensemble, inputs, linear_output=True)
    loss, cotangent = softmax_cross_entropy(tape.output, labels)
    gradients = backward(ensemble, tape, cotangent).weights
    learned = {"loss": loss, "accuracy": (tape.output.argmax(axis=-1) == labels).mean(axis=-1)}
    start, now = history.checkpoints[0][1].parameters, ensemble.parameters
    layers = [
        {
            "distinct_units": units.distinct(W if b is None else np.concatenate([W, b], axis=1)),
            "gradient_norm": frobenius(gradient),
            "pre_activation_rms": rms(layer.z),
            "moved": _moved(W, first),
        }
        for (W, b), first, gradient, layer in zip(now.layers, start.weights, gradients, tape.layers, strict=True)
    ]
    for layer, slope in zip(layers[:-1], tape.slopes, strict=False):
        flat = saturated(slope, ensemble.activation).mean(axis=(1, 2))
        layer.update(with_constants({"saturated_fraction": flat}, kind="hidden"))
    top = {"saturated_fraction": np.full(len(loss), np.nan)}
    layers[-1].update(with_constants(top, kind="output"))
    return learned, layers


def _moved(W: Array, start: Array) -> Array:
    with np.errstate(invalid="ignore"):
        return np.asarray(rms(W - start) / rms(start))


def _live(history: History) -> Iterator[tuple[int, dict[str, str | float]]]:
    """Yield the members that the playground starts from, and the constants that name them."""
    for member in map(int, np.flatnonzero(history.live)):
        yield member, {"preset": history.presets[member], "replicate": history.networks[member].replicate}


def _weights(history: History) -> Iterator[Columns]:
    start = history.checkpoints[0][1].parameters
    for member, names in _live(history):
        for layer, W in enumerate(start.weights, 1):
            yield with_constants(by_index({"weight": W[member]}, input=0, unit=0), layer=layer, **names)


def _map(history: History) -> Iterator[Columns]:
    """Ask the live nets, after training, about the points of a grid."""
    x1, x2 = (axis.ravel() for axis in np.meshgrid(GRID, GRID))
    inputs = np.stack([x1, x2], axis=1)[None]
    with np.errstate(over="ignore"):
        logits = forward(history.checkpoints[-1][1], inputs, linear_output=True, slopes=False).output
        answers = 1 / (1 + np.exp(-np.diff(logits, axis=-1)[..., 0]))
    for member, names in _live(history):
        yield with_constants({"x1": x1, "x2": x2, "answer": answers[member]}, **names)
