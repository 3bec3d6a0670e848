"""Updates in arrays of their own: what `forward`, `backward` and an update of all arrays would come to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import ArrayLike

from reportgen.nn.activations import activations
from reportgen.nn.ensemble import Architecture, Array, Ensemble, Parameters, draw_parameters
from reportgen.nn.examples import Examples
from reportgen.nn.initializers import initializers
from reportgen.nn.optimizers import Optimizer, adam, sgd
from reportgen.nn.steps import PlainSteps
from reportgen.nn.training import Batches, Dropout, train

WIDTHS = (64, 32, 32, 32, 10)
RATES = (0.003, 0.01, 0.02)
STEPS, BATCH = 6, 24

OPTIMIZERS: dict[str, Callable[[ArrayLike], Optimizer]] = {
    "sgd": lambda rate: sgd(rate, weight_decay=0.01),
    "momentum": lambda rate: sgd(rate, momentum=0.9),
    "adam": adam,
}


def examples() -> Examples:
    rng = np.random.default_rng(0)
    return Examples(rng.standard_normal((100, WIDTHS[0])), rng.integers(0, WIDTHS[-1], 100), WIDTHS[-1])


def networks(
    activation: str,
    start: str = "he_normal",
    widths: tuple[int, ...] = WIDTHS,
    dtype: type[np.floating] = np.float32,
) -> Ensemble:
    parameters = draw_parameters(
        initializers.get(start),
        widths,
        lambda member, layer: np.random.default_rng([member, layer]),
        len(RATES),
        biases=True,
        dtype=dtype,
    )
    return Ensemble(parameters, activations.get(activation))


def trained(ensemble: Ensemble, optimizer: Optimizer, *, plainly: bool, batch: int | None = BATCH) -> list[Array]:
    """Return losses and parameters; dropout that drops nothing leads past the steps under test."""
    losses = train(
        ensemble,
        examples(),
        steps=STEPS,
        optimizer=optimizer,
        batches=None if batch is None else Batches(batch, np.random.default_rng(1)),
        dropout=None if plainly else Dropout(0.0, np.random.default_rng(2)),
    )
    return [losses.T, *ensemble.parameters.arrays]


def adds_in_order() -> bool:
    """Return whether this machine's products add a bias last when it is the last row of the weights."""
    rng = np.random.default_rng(0)
    answers = []
    for fan_in, fan_out in pairwise(WIDTHS):
        h, W = (rng.standard_normal(shape).astype(np.float32) for shape in ((BATCH, fan_in + 1), (fan_in + 1, fan_out)))
        h[:, -1] = 1
        answers.append(np.array_equal(h @ W, h[:, :-1] @ W[:-1] + W[-1]))
    return all(answers)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("activation", activations.names())
def test_every_activation_trains_as_it_does_pass_by_pass(activation: str, optimizer: str) -> None:
    for dtype in (np.float32, np.float64):
        fast, plain = (
            trained(networks(activation, "torch_default", dtype=dtype), OPTIMIZERS[optimizer](RATES), plainly=plainly)
            for plainly in (True, False)
        )
        assert plain[-1].any(), "the readout's biases, which start at zero"
        for one, other in zip(fast, plain, strict=True):
            if dtype == np.float64:
                # Adam may enlarge the rounding of a small gradient, 1e-16 of the large ones, to some 1e-10 of a step.
                np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-11)
            elif adds_in_order():
                assert one.tobytes() == other.tobytes()


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("batch", [BATCH, None, 1])
@pytest.mark.parametrize("widths", [WIDTHS, (64, 10), (64, 4, 9, 4, 10)])
def test_all_shapes_train_so(widths: tuple[int, ...], batch: int | None, optimizer: str) -> None:
    fast, plain = (
        trained(
            networks("relu", widths=widths, dtype=np.float64),
            OPTIMIZERS[optimizer](RATES),
            plainly=plainly,
            batch=batch,
        )
        for plainly in (True, False)
    )
    for one, other in zip(fast, plain, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-11)


def test_layers_that_move_together_move_as_those_that_move_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    together = trained(networks("tanh"), adam(RATES), plainly=True)
    monkeypatch.setattr("reportgen.nn.steps._AT_ONCE", 1)
    alone = trained(networks("tanh"), adam(RATES), plainly=True)
    assert all(np.array_equal(*pair) for pair in zip(together, alone, strict=True))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("activation", ["relu", "tanh", "exponential", "hard_tanh", "sigmoid"])
@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e30])
def test_a_member_that_is_lost_is_lost_alike_and_alone(activation: str, optimizer: str, bad: float) -> None:
    def spoilt() -> Ensemble:
        ensemble = networks(activation)
        ensemble.parameters.weights[1][1, 2] = bad
        return ensemble

    with np.errstate(all="ignore"):
        fast, plain = (trained(spoilt(), OPTIMIZERS[optimizer](RATES), plainly=plainly) for plainly in (True, False))
        whole = trained(networks(activation), OPTIMIZERS[optimizer](RATES), plainly=True)
    for one, other, unspoilt in zip(fast, plain, whole, strict=True):
        np.testing.assert_array_equal(np.isfinite(one), np.isfinite(other))
        assert one[[0, 2]].tobytes() == unspoilt[[0, 2]].tobytes()


def test_what_would_hide_a_lost_signal_or_is_not_plain_is_trained_pass_by_pass() -> None:
    plain = networks("relu")
    assert PlainSteps.fits(plain)
    assert not PlainSteps.fits(replace(plain, architecture=Architecture("layer")))
    assert not PlainSteps.fits(replace(plain, parameters=Parameters(plain.parameters.weights)))
    hiding = replace(plain.activation, phi=lambda z: np.where(z > 0, z, z.dtype.type(0)))
    assert not PlainSteps.fits(replace(plain, activation=hiding))


def test_parameters_move_into_arrays_that_stay() -> None:
    ensemble = networks("relu")
    weights = ensemble.parameters.weights
    trained(ensemble, sgd(RATES), plainly=True)
    assert ensemble.parameters.weights is weights
    assert [W.shape for W in weights] == [(3, 64, 32), (3, 32, 32), (3, 32, 32), (3, 32, 10)]
