"""The demos: the nets of the playground are those of the figures, and what is stored is enough to train them again."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest

from reportgen.battery.cell import Streams
from reportgen.experiments.demos import EXPERIMENT
from reportgen.experiments.demos.presets import ALIKE, HALT, RATES, WAITS
from reportgen.experiments.demos.trainings import Demo
from reportgen.experiments.symmetry import EXPERIMENT as SYMMETRY
from reportgen.experiments.symmetry.runs import RUNS
from reportgen.judgments.frames import where
from reportgen.nn.plane import best_line
from reportgen.nn.training import evaluate
from tests.experiments.measuring import tables

Matrix = np.ndarray[Any, np.dtype[Any]]

FEW = replace(HALT, replicates=3)
CIRCLE = next(run for run in RUNS if run.course == "circle")


@cache
def measured(seed: int = 0) -> dict[str, pd.DataFrame]:
    *_, problem = EXPERIMENT.work(SimpleNamespace())
    return tables(EXPERIMENT, [replace(ALIKE, replicates=2), FEW, replace(WAITS, replicates=2), problem], seed)


def start_of(preset: str) -> list[Matrix]:
    weights = where(measured()["demos_weights"], preset=preset)
    return [
        layer.pivot(index="input", columns="unit", values="weight").to_numpy() for _, layer in weights.groupby("layer")
    ]


def inputs_and_labels() -> tuple[Matrix, Matrix]:
    points = measured()["demos_points"]
    return points[["x1", "x2"]].to_numpy(), points["label"].to_numpy()


class Trained(NamedTuple):
    weights: list[Matrix]
    gradients: list[Matrix]
    loss: float
    accuracy: float


def repeat(preset: str, rate: float, steps: int) -> Trained:
    """Train a net as a page would: from the stored numbers alone, without the trainer."""
    weights, (x, y) = [W.copy() for W in start_of(preset)], inputs_and_labels()
    biases = [np.zeros(W.shape[1]) for W in weights]
    for step in range(steps + 1):
        hs = [x]
        for W, b in zip(weights, biases, strict=True):
            z = hs[-1] @ W + b
            hs.append(z if len(hs) == len(weights) else np.tanh(z))
        p = np.exp(hs[-1] - hs[-1].max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        delta = (p - np.eye(2)[y]) / len(y)
        gradients: list[tuple[Matrix, Matrix]] = []
        for layer in reversed(range(len(weights))):
            gradients.insert(0, (hs[layer].T @ delta, delta.sum(axis=0)))
            delta = (delta @ weights[layer].T) * (1 - hs[layer] ** 2)
        if step < steps:
            for W, b, (by_weight, by_bias) in zip(weights, biases, gradients, strict=True):
                W -= rate * by_weight
                b -= rate * by_bias
    loss, accuracy = -np.log(p[np.arange(len(y)), y]).mean(), (hs[-1].argmax(axis=1) == y).mean()
    return Trained(weights, [g for g, _ in gradients], float(loss), float(accuracy))


@pytest.mark.parametrize("preset", [*ALIKE.presets, *HALT.presets])
def test_a_live_net_is_trained_again_from_what_is_stored_of_it(preset: str) -> None:
    demo = ALIKE if preset in ALIKE.presets else HALT
    weights, gradients, loss, accuracy = repeat(preset, demo.learning_rate, demo.steps)
    learned = where(measured()["demos_learning"], preset=preset, live=1, step=demo.steps)
    layers = where(measured()["demos_layers"], preset=preset, live=1, step=demo.steps)
    assert learned["loss"].item() == pytest.approx(loss, abs=1e-9)
    assert learned["accuracy"].item() == accuracy
    np.testing.assert_allclose(layers["gradient_norm"], [np.linalg.norm(g) for g in gradients], atol=1e-9)
    assert layers["kind"].tolist() == ["hidden"] * (len(weights) - 1) + ["output"]


def test_another_rate_ends_elsewhere() -> None:
    again = repeat("random", 0.49, ALIKE.steps)
    assert (
        abs(again.loss - where(measured()["demos_learning"], preset="random", live=1, step=600)["loss"].item()) > 1e-6
    )


def test_the_first_demo_is_the_run_of_the_figure_on_symmetry_draw_for_draw() -> None:
    run = tables(SYMMETRY, [replace(CIRCLE, replicates=2, checkpoints=4)])
    ours = measured()
    pd.testing.assert_frame_equal(ours["demos_points"], run["symmetry_points"][["x1", "x2", "label"]])
    equal = "constant(value=0.2)"
    starts = {"zeros": "zeros", "equal": equal, "noise": equal, "random": "glorot_normal"}
    for preset, start in starts.items():
        named = {"start": start, "weight_noise": 0.01 if preset == "noise" else 0.0, "replicate": 0}
        theirs = where(run["symmetry_learning"], **named, step=600)
        mine = where(ours["demos_learning"], preset=preset, replicate=0, step=600)
        np.testing.assert_allclose(mine[["loss", "accuracy"]], theirs[["train_loss", "train_accuracy"]], atol=1e-12)
        weights = repeat(preset, CIRCLE.learning_rate, CIRCLE.steps).weights
        film = where(run["symmetry_weights"], **named, step=600)
        for layer, W in enumerate(weights[:-1], 1):
            np.testing.assert_allclose(where(film, layer=layer)["weight"], W.ravel(), atol=1e-12)
        first = where(run["symmetry_weights"], **named, step=0, layer=1)
        np.testing.assert_array_equal(first["weight"], start_of(preset)[0].ravel())
    units = where(run["symmetry_layers"], step=600, replicate=0, start="glorot_normal")["distinct_units"]
    assert where(ours["demos_layers"], preset="random", live=1, step=600)["distinct_units"].tolist() == units.tolist()


def test_equal_units_have_no_twin_that_parts_them_and_every_net_has_one_row() -> None:
    nets = measured()["demos_nets"]
    assert nets["rounding_gap"].max() < 10
    assert where(nets, preset="zeros")["rounding_gap"].item() == 0
    assert (nets[nets["demo"] == "alike"]["rounding_gap"] < 1e-10).all()
    assert nets["preset"].value_counts().to_dict() == {
        "zeros": 1, "equal": 1, "noise": 2, "random": 2, "large": 3, "small": 3, "right": 3
    }  # fmt: skip
    assert nets.groupby("preset")["live"].sum().eq(1).all()


def test_the_live_net_is_one_that_rounding_does_not_part_the_first_or_the_one_of_median_loss() -> None:
    history = replace(HALT, replicates=5).train(Streams(0))
    end, names = history.checkpoints[-1][1], np.array(history.presets)
    for demo, place in ((HALT, "median"), (replace(HALT, live="first"), "first")):
        gap = history.gap.copy()
        gap[names == "right"] = [1.0, 1e-13, 0.0, 1.0, 1e-13]
        gap[names == "small"] = [5.0, 4.0, 3.0, 2.0, 6.0]
        live = demo._live(names, gap, end, history.data)
        chosen = {preset: np.flatnonzero(live[names == preset]).item() for preset in demo.presets}
        assert chosen["small"] == 3  # the least of all, where none is small
        order = np.argsort(evaluate(end, history.data)[0][names == "right"][[1, 2, 4]])
        assert chosen["right"] == (1 if place == "first" else [1, 2, 4][order[1]])


def test_what_is_measured_at_the_start_is_known() -> None:
    layers, problem = measured()["demos_layers"], measured()["demos_problem"].iloc[0]
    x, y = inputs_and_labels()
    assert problem["best_line_accuracy"] == best_line(x, y)
    assert problem["guess_accuracy"] == max(y.mean(), 1 - y.mean())
    first = where(layers, step=0, live=1)
    assert first["moved"].dropna().eq(0).all()
    assert first["saturated_fraction"].isna().eq(first["kind"] == "output").all()
    assert where(first, preset="zeros")["pre_activation_rms"].eq(0).all()
    (W, *_) = start_of("large")
    rms = where(first, preset="large", layer=1)["pre_activation_rms"].item()
    assert rms == pytest.approx(np.sqrt(np.square(x @ W).mean()))
    # tanh is saturated beyond |z| = artanh(sqrt(.95)).
    flat = (np.abs(x @ W) > np.arctanh(np.sqrt(0.95))).mean()
    assert where(first, preset="large", layer=1)["saturated_fraction"].item() == pytest.approx(flat)


def test_more_noise_parts_sooner_and_no_noise_never() -> None:
    waits = measured()["demos_waits"].groupby("weight_noise")["parted"].median()
    assert waits.is_monotonic_decreasing
    assert waits[0.1] == 0
    none = tables(EXPERIMENT, [replace(WAITS, weight_noise=(0.0,), replicates=1)])["demos_waits"]
    assert np.isinf(none[["parted", "learned"]]).all(axis=None)


def test_every_start_is_tried_at_every_rate_and_at_the_rate_of_the_demo_comes_to_the_same() -> None:
    rates = tables(EXPERIMENT, [replace(RATES, replicates=2)])["demos_rates"]
    assert len(rates) == 2 * len(RATES.learning_rates) * 2
    for preset, initializer in zip(FEW.presets[:2], RATES.initializers, strict=True):
        ours = where(rates, initializer=initializer, learning_rate=HALT.learning_rate)
        theirs = where(measured()["demos_learning"], preset=preset, step=HALT.steps)
        np.testing.assert_array_equal(ours["accuracy"], theirs["accuracy"][:2])
        np.testing.assert_allclose(ours["loss"], theirs["loss"][:2], rtol=1e-12)


def test_a_seed_gives_other_points_and_other_starts() -> None:
    first, other = measured(0), measured(1)
    assert not first["demos_points"].equals(other["demos_points"])
    assert not where(first["demos_weights"], preset="large").equals(where(other["demos_weights"], preset="large"))


def test_a_demo_says_what_it_trains() -> None:
    assert isinstance(FEW, Demo)
    assert FEW.train(Streams(0)).live.sum() == len(FEW.presets)
