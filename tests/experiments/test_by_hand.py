"""The net that a reader follows with paper: its gradients against others', and its updates against its gradients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from reportgen.experiments.by_hand import EXPERIMENT, STARTS, SmallNet
from tests.experiments.measuring import columns, tables

WEIGHTS = ["weight_1", "weight_2", "output_weight"]
GRADIENTS = ["gradient_1", "gradient_2", "output_gradient"]

UNEQUAL = SmallNet("unequal", (0.4, -0.3, 0.1), (0.2, 0.5, -0.6), (0.7, -0.2, 0.3), bias=0.2, updates=1)
each_start = pytest.mark.parametrize("part", [*STARTS, UNEQUAL], ids=lambda part: part.start)

Loss = Callable[[NDArray[np.float64]], float]


def measured(part: SmallNet) -> tuple[pd.DataFrame, pd.DataFrame]:
    found = tables(EXPERIMENT, [part])
    return found["by_hand_nets"].set_index("step"), found["by_hand_units"].set_index(["step", "unit"])


def loss_of(part: SmallNet) -> Loss:
    """Return the loss as a function of the weights, one row per kind and one column per unit."""
    x1, x2 = part.inputs
    return lambda W: float((np.tanh(x1 * W[0] + x2 * W[1] + part.bias) @ W[2] - part.target) ** 2 / 2)


@each_start
def test_gradients_are_central_differences_of_the_loss(part: SmallNet) -> None:
    nets, units = measured(part)
    loss, step = loss_of(part), 1e-5
    for update in range(part.updates + 1):
        W = units.loc[update, WEIGHTS].to_numpy().T
        assert nets.loc[update, "loss"] == pytest.approx(loss(W), rel=1e-14)
        aside = step * np.eye(9).reshape(9, 3, 3)
        numeric = np.reshape([(loss(W + one) - loss(W - one)) / (2 * step) for one in aside], (3, 3))
        # The third derivative is about 1, so the differences are off by some 1e-10; rounding adds 1e-11.
        np.testing.assert_allclose(units.loc[update, GRADIENTS].to_numpy().T, numeric, atol=1e-9)


@each_start
def test_an_update_is_a_step_against_the_gradient(part: SmallNet) -> None:
    _, units = measured(part)
    for update in range(part.updates):
        before, after = units.loc[update], units.loc[update + 1]
        steps = before[WEIGHTS].to_numpy() - after[WEIGHTS].to_numpy()
        np.testing.assert_allclose(steps, part.learning_rate * before[GRADIENTS].to_numpy(), atol=1e-15)


@each_start
def test_pytorch_makes_the_same_updates(part: SmallNet) -> None:
    torch: Any = pytest.importorskip("torch", reason="the oracle extra (PyTorch) is not installed")
    _, units = measured(part)
    hidden = torch.nn.Linear(2, 3).double()
    output = torch.nn.Linear(3, 1, bias=False).double()
    with torch.no_grad():
        hidden.weight.copy_(torch.tensor([part.first_weights, part.second_weights], dtype=torch.float64).T)
        hidden.bias.fill_(part.bias)
        output.weight.copy_(torch.tensor([part.output_weights], dtype=torch.float64))
    inputs = torch.tensor([part.inputs], dtype=torch.float64)
    optimizer = torch.optim.SGD([hidden.weight, output.weight], lr=part.learning_rate)
    for update in range(part.updates + 1):
        theirs = torch.cat([hidden.weight, output.weight.T], dim=1).detach().numpy()
        np.testing.assert_allclose(units.loc[update, WEIGHTS].to_numpy(), theirs, atol=1e-14)
        optimizer.zero_grad()
        (0.5 * (output(torch.tanh(hidden(inputs))) - part.target) ** 2).sum().backward()
        optimizer.step()


def test_equal_units_stay_equal_and_zeros_stand_still() -> None:
    equal, zeros = (measured(part)[1] for part in STARTS[:2])
    assert equal.groupby("step").nunique().max().max() == 1
    assert equal["weight_1"].nunique() == 3
    assert (zeros[[*WEIGHTS, *GRADIENTS]] == 0).all().all()


def test_zeros_with_equal_biases_move_in_step_from_the_output_down() -> None:
    _, units = measured(STARTS[2])
    assert units.groupby("step")[WEIGHTS].nunique().max().max() == 1
    moved = units.groupby("step")[WEIGHTS].max() != 0
    assert moved.to_numpy().tolist() == [[False] * 3, [False, False, True], [True] * 3]


def test_a_single_weight_that_differs_tells_its_unit_apart_in_all_weights() -> None:
    _, units = measured(STARTS[3])
    for update in (1, 2):
        first, second, third = units.loc[update, WEIGHTS].to_numpy()
        np.testing.assert_array_equal(first, second)
        assert np.abs(third - first).min() > 0.005


def test_nothing_is_random() -> None:
    one, other = (columns(EXPERIMENT, STARTS[3], seed)["by_hand_units"] for seed in (0, 1))
    assert all(np.array_equal(one[name], other[name]) for name in one)


def test_other_numbers_make_another_net() -> None:
    fast, slow = (columns(EXPERIMENT, replace(STARTS[0], learning_rate=rate)) for rate in (1.0, 0.5))
    assert fast["by_hand_nets"]["output"][1] > slow["by_hand_nets"]["output"][1]
