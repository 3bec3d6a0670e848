"""What the lab reads off a network, and its verdict: the product's statistics and rules on the same nets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import sqrt
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reportgen.judgments.verdicts import RULES, verdict_table
from reportgen.nn.activations import activations
from reportgen.nn.ensemble import Ensemble
from reportgen.nn.mlp import backward, forward
from reportgen.nn.moments import moments_of
from reportgen.nn.statistics import finite_fraction, frobenius, layer_statistics, rms
from reportgen.nn.training import softmax_cross_entropy
from reportgen.nn.units import distinct
from reportgen.presets import ACTIVATIONS
from tests.browsers.tab import Tab
from tests.lab.nets import NET, Net, plain, points
from tests.lab.twin import normals

POINTS = points("circle", seed=11)

READ = f"""([nets, [x, y, count]]) => nets.map(given => {{ {NET}
    const read = net(given);
    read.step(Float64Array.from(x), y, count, 0);
    const readings = Lab.readings(read, count);
    return [readings, Lab.verdict(readings)];
}})"""


def net(activation: str, size: float, depth: int = 3, width: int = 8, seed: int = 1) -> Net:
    """Return a net whose weights have the variance size² / fan_in."""
    weights = normals(seed, [2, *depth * [width], 2])
    return Net(activation, [size * W / sqrt(len(W)) for W in weights])


def read(numerics: Tab, nets: list[Net]) -> list[tuple[list[dict[str, Any]], dict[str, str]]]:
    """Return readings and verdict of every net."""
    found: list[tuple[list[dict[str, Any]], dict[str, str]]] = numerics.run(
        READ, [[one.plain for one in nets], plain(POINTS)]
    )
    return found


def product(one: Net, dtype: type = np.float64) -> list[dict[str, float]]:
    """Return what the product measures of each layer, by the names of its tables."""
    ensemble, examples = one.ensemble(dtype), POINTS.astype(dtype)
    parameters = ensemble.parameters
    with np.errstate(all="ignore"):
        tape = forward(ensemble, examples.inputs[None], linear_output=True)
        _, cotangent = softmax_cross_entropy(tape.output, examples.labels)
        down = backward(ensemble, tape, cotangent)
        return [
            {
                **_up(layer, ensemble if layer < len(tape.layers) - 1 else replace(ensemble, activation=LINEAR), tape),
                "delta_rms": float(rms(down.deltas[layer])[0]),
                "weight_gradient_norm": float(frobenius(down.weights[layer])[0]),
                "finite_gradient": float(finite_fraction(down.deltas[layer])[0]),
                "distinct_units": int(distinct(np.concatenate([W, b], axis=1))[0]),
                "width": W.shape[2],
            }
            for layer, (W, b) in enumerate(zip(parameters.weights, parameters.biases or [], strict=True))
        ]


LINEAR = activations.get("linear")


def _up(layer: int, ensemble: Ensemble, tape: Any) -> dict[str, float]:
    taped = tape.layers[layer]
    z, h, slope = taped.z[0], taped.h[0], taped.slope[0]
    return layer_statistics(moments_of(z), h, slope, ensemble.activation, np.empty_like(h))


def verdict_of(nets: list[list[dict[str, float]]]) -> list[str]:
    """Let the product judge the layers of some nets."""
    words: dict[int, str] = {}
    for depth in {len(layers) for layers in nets}:
        table = pd.DataFrame(
            {**layer, "initializer": index, "layer": number}
            for index, layers in enumerate(nets)
            if len(layers) == depth
            for number, layer in enumerate(layers, start=1)
        ).assign(activation="any", data="gaussian", replicate=0, depth=depth)
        gradients = table.assign(finite_fraction=table["finite_gradient"])
        judged = verdict_table({"forward": table, "gradients": gradients, "diversity": table})
        words.update(zip(judged["initializer"], judged["verdict"], strict=True))
    return [words[index] for index in range(len(nets))]


NAMES = {
    "saturated": "saturated_fraction",
    "pressed": "pressed_fraction",
    "dead": "dead_fraction",
    "rmsDelta": "delta_rms",
    "gradientNorm": "weight_gradient_norm",
    "distinct": "distinct_units",
}


def check(readings: list[dict[str, Any]], layers: list[dict[str, float]]) -> None:
    """Compare the readings of one net with the product's statistics."""
    for ours, theirs in zip(readings, layers, strict=True):
        for name, column in NAMES.items():
            assert ours[name] == pytest.approx(theirs[column], rel=1e-9, abs=1e-290), name
        assert ours["rmsZ"] == pytest.approx(sqrt(theirs["pre_activation_second_moment"]), rel=1e-12)
        assert ours["rmsH"] == pytest.approx(sqrt(theirs["activation_second_moment"]), rel=1e-12)
        # What differs between inputs has as many digits as it is large beside what does not.
        assert ours["signal"] == pytest.approx(sqrt(theirs["activation_variance"]), rel=1e-9, abs=1e-14 * ours["rmsH"])
        assert np.mean(ours["perUnit"]) == pytest.approx(ours["saturated"], abs=1e-15)
        assert len(ours["perUnit"]) == theirs["width"]
    assert [one["kind"] for one in readings] == [*["hidden"] * (len(readings) - 1), "output"]


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_readings_and_verdicts_are_the_products_for_small_and_large_weights(numerics: Tab, activation: str) -> None:
    nets = [
        net(activation, size, depth, seed=seed)
        for size in (0.01, 0.3, 1.0, 1.5, 5.0, 30.0)
        for depth in (1, 3, 6)
        for seed in (1, 2)
    ]
    found, expected = read(numerics, nets), [product(one) for one in nets]
    for (readings, _), layers in zip(found, expected, strict=True):
        check(readings, layers)
    assert [verdict["verdict"] for _, verdict in found] == verdict_of([layers[:-1] for layers in expected])


def equal(size: float) -> Net:
    return Net("tanh", [np.full((a, b), size) for a, b in ((2, 8), (8, 8), (8, 2))])


def shifted(one: Net, layer: int, bias: float) -> Net:
    """Give all units of one layer this bias."""
    biases = [np.full(W.shape[1], bias if index == layer else 0.0) for index, W in enumerate(one.weights)]
    return replace(one, biases=biases)


EXAMPLES: Mapping[str, Net] = {
    "stuck": equal(0.0),
    "symmetric": equal(0.5),
    "overflows": net("relu", 1e15),
    "saturates": net("tanh", 15.0),
    "dies": shifted(net("relu", 1.0), 1, -10.0),
    "explodes": net("relu", 12.0),
    "vanishes": net("tanh", 0.1),
    "alike": shifted(net("linear", 0.001, depth=1), 0, 1.0),
    "healthy": net("tanh", 1.0),
}


def test_a_net_for_every_verdict_gets_the_products_words(numerics: Tab) -> None:
    """The product runs in single precision, as the battery does: what overflows there is said to."""
    found = [verdict for _, verdict in read(numerics, list(EXAMPLES.values()))]
    assert [verdict["verdict"] for verdict in found] == list(EXAMPLES)
    assert found == [{"verdict": rule.verdict, "sign": rule.sign, "meaning": rule.meaning} for rule in RULES]
    assert verdict_of([product(one, np.float32)[:-1] for one in EXAMPLES.values()]) == list(EXAMPLES)


def test_order_and_thresholds_are_the_products_whatever_the_numbers(numerics: Tab) -> None:
    """Numbers on both sides of every threshold, and on it, meet at random; each verdict occurs."""
    rng = np.random.default_rng(0)
    nets = [[_layer(rng) for _ in range(rng.integers(1, 4))] for _ in range(2000)]
    judge = "nets => nets.map(readings => Lab.verdict(readings).verdict)"
    found = numerics.run(judge, [[_reading(layer) for layer in layers] for layers in nets])
    assert found == verdict_of(nets)
    assert set(found) == set(EXAMPLES)


def _layer(rng: np.random.Generator) -> dict[str, float]:
    """Make up a layer that fails in one way or another, or not at all."""
    healthy: dict[str, list[float]] = {
        "pre_activation_second_moment": [1.0, 0.0, 1e-78],
        "activation_second_moment": [1.0, 1e-4, 0.9e-4, 1.1e4, 0.0, np.inf],
        "activation_variance": [1.0, 1e-4, 0.9e-4, 1e-8, 0.0],
        "pressed_fraction": [0.0, 0.5, 0.51],
        "dead_fraction": [0.0, 0.75, 0.76, 1.0],
        "finite_fraction": [1.0, 0.99],
        "delta_rms": [1.0, 0.0, 0.0099, 99.0, 101.0, np.inf, np.nan],
        "weight_gradient_norm": [1.0, 0.0],
        "distinct_units": [8, 1, 2],
        "width": [8, 1],
    }
    layer = {name: values[0] for name, values in healthy.items()}
    for name in rng.choice(list(healthy), size=rng.integers(0, 4)):
        layer[name] = float(rng.choice(healthy[name]))
    if rng.random() < 0.1:
        layer |= {"pre_activation_second_moment": 0.0, "weight_gradient_norm": 0.0}
    return layer | {"saturated_fraction": layer["pressed_fraction"], "finite_gradient": 1.0}


def _reading(layer: Mapping[str, float]) -> dict[str, object]:
    """Write a layer of the product as the lab's reading."""
    return {
        "kind": "hidden",
        **{name: layer[column] for name, column in NAMES.items()},
        "perUnit": [0] * int(layer["width"]),
        "rmsZ": sqrt(layer["pre_activation_second_moment"]),
        "rmsH": sqrt(layer["activation_second_moment"]),
        "signal": sqrt(layer["activation_variance"]),
        "finite": layer["finite_fraction"],
    }


@pytest.mark.parametrize("apart", [0.9e-10, 1.1e-10])
def test_units_differ_where_a_weight_or_the_bias_differs_by_more_than_1e_10(numerics: Tab, apart: float) -> None:
    W = np.array([[1.0, 1.0, 2.0, 1.0], [3.0, 3.0, 3.0, 3.0]])
    weight = Net("tanh", [W + np.array([[0, 0, 0, 0], [0, 0, 0, apart]]), np.ones((4, 2))])
    bias = Net("tanh", [W, np.ones((4, 2))], [np.array([0, 0, 0, apart]), np.zeros(2)])
    for (readings, _), one in zip(read(numerics, [weight, bias]), (weight, bias), strict=True):
        assert readings[0]["distinct"] == product(one)[0]["distinct_units"] == (3 if apart > 1e-10 else 2)
        assert readings[1]["distinct"] == 1


def test_inputs_that_have_become_equal_differ_by_exactly_nothing(numerics: Tab) -> None:
    """Far out, tanh is 1 to the last bit."""
    ((readings, _),) = read(numerics, [shifted(net("tanh", 0.1), 1, 40.0)])
    assert readings[1]["signal"] == 0
    assert readings[1]["rmsH"] == 1
    assert readings[0]["signal"] > 0


def test_a_net_that_is_lost_is_read_as_such(numerics: Tab) -> None:
    lost = net("relu", 1.0)
    lost.weights[1][0, 0] = np.nan
    ((readings, verdict),) = read(numerics, [lost])
    assert readings[1]["finite"] < 1
    assert readings[0]["distinct"] == 8
    assert verdict["verdict"] == "overflows"


def test_readings_are_of_the_points_of_the_last_step_where_others_were_more(numerics: Tab) -> None:
    one = net("tanh", 2.0)
    found = numerics.run(
        f"""([given, [x, y]]) => {{ {NET}
        const read = counts => {{
            const read = net(given);
            counts.forEach(count => read.step(Float64Array.from(x), y, count, 0));
            return Lab.readings(read, counts.pop());
        }};
        return [read([20]), read([101, 20])];
    }}""",
        [one.plain, plain(POINTS)],
    )
    assert found[0] == found[1]
    slopes = 1 - np.tanh(POINTS.inputs[:20] @ one.weights[0]) ** 2
    assert found[0][0]["saturated"] == pytest.approx((slopes < 0.05).mean(), abs=1e-15)
