"""One network on its way through a probe, against the ensemble's passes and sums in double precision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from reportgen.nn.activations import activations
from reportgen.nn.ensemble import Ensemble, Parameters
from reportgen.nn.initializers import initializers
from reportgen.nn.mlp import backward, forward
from reportgen.nn.probe import Network, Probe
from reportgen.presets import ACTIVATIONS, INITIALIZERS

BATCH, WIDTH, DEPTHS = 48, 24, (1, 3, 12)
ROUNDING = 1e-5
"""Single precision rounds by 6e-8; a dozen layers and the widest nets make that a hundred times as much."""

SUBNORMAL = 1e-38
"""Numbers of single precision below this have few digits left, or none."""

STARTS = (*INITIALIZERS, "random_normal(stddev=1000)", "random_normal(stddev=1e-05)", "random_normal(stddev=5)")


def network(start: str, activation: str, dtype: str = "float32", bias: float = 0.0) -> tuple[Network, Any, Any]:
    rng = np.random.default_rng(0)
    weights = [initializers.get(start).draw(rng, WIDTH, WIDTH).astype(dtype) for _ in range(max(DEPTHS))]
    biases = [bias * rng.standard_normal(WIDTH).astype(dtype) for _ in weights] if bias else None
    inputs, cotangent = rng.standard_normal((2, BATCH, WIDTH)).astype(dtype)
    return Network(weights, biases, activations.get(activation)), inputs, cotangent


def by_ensemble(one: Network, inputs: np.ndarray, cotangent: np.ndarray) -> tuple[list[Any], dict[Any, Any]]:
    """Measure the slow way: all arrays of an ensemble of one, summed in double precision."""
    biases = None if one.biases is None else [b[None, None] for b in one.biases]
    ensemble = Ensemble(Parameters([W[None] for W in one.weights], biases), one.activation)
    tape = forward(ensemble, inputs[None])
    layers = [plain_statistics(layer.z[0], layer.h[0], layer.slope, one.activation) for layer in tape.layers]
    arrived = {}
    for depth in DEPTHS:
        gradients = backward(ensemble, tape.upto(depth), cotangent[None])
        for layer, (delta, W) in enumerate(zip(gradients.deltas, gradients.weights, strict=True), start=1):
            sums = [(part.astype(np.float64) ** 2).sum() for part in (delta, W)]
            arrived[depth, layer] = np.sqrt(sums[0] / delta.size), np.sqrt(sums[1]), np.isfinite(delta).mean()
    return layers, arrived


def plain_statistics(z: np.ndarray, h: np.ndarray, slope: Any, activation: Any) -> dict[str, float]:
    is_saturated = np.abs(slope[0]) < 0.05 * activation.greatest_slope
    found = {}
    for name, values in (("pre_activation", z.astype(np.float64)), ("activation", h.astype(np.float64))):
        found[f"{name}_mean"] = values.mean()
        found[f"{name}_second_moment"] = (values**2).mean()
        found[f"{name}_variance"] = ((values - values.mean(axis=0)) ** 2).mean()
    small = found["activation_second_moment"] < 0.25 * found["pre_activation_second_moment"]
    found["saturated_fraction"] = is_saturated.mean()
    found["pressed_fraction"] = is_saturated.mean() if small and activation.is_bounded else 0.0
    found["dead_fraction"] = is_saturated.all(axis=0).mean()
    found["finite_fraction"] = np.isfinite(h).mean()
    return found


def by_probe(one: Network, inputs: np.ndarray, cotangent: np.ndarray) -> tuple[list[Any], dict[Any, Any]]:
    probe = Probe(DEPTHS, BATCH, WIDTH, inputs.dtype)
    layers = list(probe.up(one, inputs))
    return layers, {(got.depth, got.layer): got[2:] for got in probe.down(one, cotangent)}


def differences(start: str, activation: str, **options: Any) -> Iterator[str]:
    """Yield what differs by more than rounding; a mean is as exact as what it is a mean of.

    Below 1e-38 single precision has fewer and fewer digits, and a slope at such a number can be that at 0.
    """
    with np.errstate(all="ignore"):
        one = network(start, activation, **options)
        (plain, down), (fast, arrived) = by_ensemble(*one), by_probe(*one)
        reliable = DEPTHS[-1]
        for layer, (expected, found) in enumerate(zip(plain, fast, strict=True), start=1):
            if 0 < np.sqrt(found["pre_activation_second_moment"]) < SUBNORMAL:
                reliable = min(reliable, layer - 1)
                continue
            for name, value in expected.items():
                size = expected[f"{name.removesuffix('_mean')}_second_moment"] if name.endswith("_mean") else 0.0
                if not np.isclose(found[name], value, rtol=ROUNDING, atol=ROUNDING * np.sqrt(size), equal_nan=True):
                    yield f"{name} of layer {layer}: {found[name]} for {value}"
    assert down.keys() == arrived.keys()
    for place, expected in down.items():
        if place[0] <= reliable and not np.allclose(
            arrived[place], expected, rtol=ROUNDING, atol=SUBNORMAL, equal_nan=True
        ):
            yield f"gradient at {place}: {arrived[place]} for {down[place]}"


@pytest.mark.parametrize("activation", [*ACTIVATIONS, "mish", "exponential", "relu6"])
@pytest.mark.parametrize("start", STARTS)
def test_every_layer_and_gradient_is_what_an_ensemble_gives(start: str, activation: str) -> None:
    assert list(differences(start, activation)) == []


@pytest.mark.parametrize("activation", ["tanh", "gelu"])
def test_biases_and_double_precision_are_those_of_an_ensemble(activation: str) -> None:
    assert list(differences("he_normal", activation, bias=0.3)) == []
    assert list(differences("he_normal", activation, bias=0.3, dtype="float64")) == []


def test_a_function_that_returns_its_argument_is_not_overwritten_by_the_next_layer() -> None:
    one, inputs, cotangent = network("he_normal", "tanh")
    item = replace(one.activation, fused=None, phi=lambda z: z, derivative=lambda z: z)
    copying = replace(item, phi=lambda z: z + 0, derivative=lambda z: z.copy())
    found, expected = (
        by_probe(replace(one, activation=activation), inputs, cotangent) for activation in (item, copying)
    )
    assert found == expected


def test_the_starts_overflow_vanish_and_lose_numbers() -> None:
    with np.errstate(all="ignore"):
        exploded, _ = by_probe(*network("random_normal(stddev=1000)", "relu"))
        vanished, arrived = by_probe(*network("random_normal(stddev=1e-05)", "tanh"))
    assert exploded[-1]["finite_fraction"] < 1
    assert 0 < vanished[-3]["activation_second_moment"] < 1e-60
    assert {got[0] for got in arrived.values()} >= {0.0}


def test_a_probe_forgets_the_network_before() -> None:
    probe = Probe(DEPTHS, BATCH, WIDTH, "float32")
    with np.errstate(all="ignore"):
        other, inputs, cotangent = network("random_normal(stddev=1000)", "relu")
        list(probe.up(other, inputs))
        list(probe.down(other, cotangent))
    one, inputs, cotangent = network("he_normal", "silu")
    layers, arrived = by_probe(one, inputs, cotangent)
    assert list(probe.up(one, inputs)) == layers
    assert {(got.depth, got.layer): got[2:] for got in probe.down(one, cotangent)} == arrived
