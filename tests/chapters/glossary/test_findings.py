"""The constants of the glossary are those of the networks."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.chapters.glossary.findings import Findings
from reportgen.nn.activations import activations
from reportgen.nn.initializers import initializers
from reportgen.nn.statistics import SATURATED_SLOPE

FOUND = Findings()


@pytest.mark.parametrize(
    ("name", "output"),
    [
        ("tanh", FOUND.tanh_limit),
        ("sigmoid", FOUND.sigmoid_low),
        ("softsign", FOUND.softsign_limit),
    ],
)
def test_at_the_quoted_output_the_slope_is_the_quoted_share_of_the_greatest(name: str, output: float) -> None:
    activation = activations.get(name)
    z = np.linspace(-30, 30, 600_001)
    at = np.abs(activation.phi(z) - output).argmin()
    share = activation.derivative(z)[at] / activation.greatest_slope
    assert share == pytest.approx(SATURATED_SLOPE, rel=1e-3)  # the grid is 1e-4 wide
    assert FOUND.saturated_slope == SATURATED_SLOPE


@pytest.mark.parametrize("cuts", ["", f", lower={-FOUND.cut}, upper={FOUND.cut}"])
def test_the_quoted_spread_is_that_of_a_normal_with_the_quoted_cut_and_of_keras(cuts: str) -> None:
    truncated = initializers.get(f"truncated_normal(stddev=1{cuts})")
    assert truncated.variance(1, 1) == pytest.approx(FOUND.truncated_stddev**2, rel=1e-12)


def test_float32_does_what_is_said_of_it() -> None:
    greatest, least, step = map(np.float32, (FOUND.float32_greatest, FOUND.float32_least, FOUND.float32_step))
    with np.errstate(over="ignore", under="ignore"):
        assert greatest * np.float32(2) == np.inf
        assert least > least / np.float32(2) == 0
    assert np.float32(1) + step > np.float32(1) == np.float32(1) + step / np.float32(4)
