"""Deep tanh networks, against the variance recursion of infinite width."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad

from reportgen.battery.cell import Streams
from reportgen.battery.experiment import Columns
from reportgen.experiments.derivation.tanh import TanhLayers

INITIALIZERS = ("glorot_uniform", "glorot_uniform(gain=1.66666666667)")
UNITS, DEPTH, NETWORKS = 256, 50, 6


def measure(initializer: str) -> Columns:
    return TanhLayers(initializer, NETWORKS, UNITS, DEPTH).measure(Streams(0))["tanh_layers"]


def gaussian_mean(function: object, variance: float) -> float:
    """Return E[function(z)] for z ~ N(0, variance) by adaptive quadrature."""
    std = np.sqrt(variance)

    def integrand(z: float) -> float:
        return float(function(std * z) * np.exp(-z * z / 2) / np.sqrt(2 * np.pi))  # type: ignore[operator]

    return float(quad(integrand, -10, 10, limit=200)[0])


def recursion(gain: float) -> tuple[np.ndarray, np.ndarray]:
    """Return variance of z, and factor of the gradient variance from layer l + 1 to l, for l = 1, 2, ... DEPTH."""
    variances, factors, second_moment = [], [], 1.0
    for _ in range(DEPTH):
        variance = gain**2 * second_moment
        variances.append(variance)
        factors.append(gain**2 * gaussian_mean(lambda z: (1 - np.tanh(z) ** 2) ** 2, variance))
        second_moment = gaussian_mean(lambda z: np.tanh(z) ** 2, variance)
    return np.array(variances), np.array(factors)


# One layer multiplies a second moment by the mean of n squared weights, relative std sqrt(2 / n) per network. With gain
# 5/3 the recursion pulls back to its fixed point, so only the noise of the last few layers is left: 3 sqrt(2 / n).
def test_with_gain_five_thirds_the_forward_pass_rests_at_its_fixed_point() -> None:
    measured = measure(INITIALIZERS[1])["pre_activation_variance"].reshape(NETWORKS, DEPTH).mean(axis=0)
    expected, _ = recursion(5 / 3)
    assert measured == pytest.approx(expected, rel=5 * 3 * np.sqrt(2 / UNITS / NETWORKS))
    assert expected[-1] == pytest.approx(1.178, abs=0.001)
    assert measured[-10:].mean() != pytest.approx((5 / 3) ** 2, rel=0.5), "the variance of the first layer is not kept"


# The log of a product over 50 layers of one path would scatter by sqrt(2 * 50 / 256) = 0.6 between networks. Here 32
# inputs with hardly correlated paths are averaged, which leaves a third of it.
@pytest.mark.parametrize(("initializer", "gain"), list(zip(INITIALIZERS, (1.0, 5 / 3), strict=True)))
def test_the_gradient_changes_by_the_product_of_the_factors_of_all_layers(initializer: str, gain: float) -> None:
    delta = measure(initializer)["delta_variance"].reshape(NETWORKS, DEPTH)
    logs = np.log(delta[:, 0] / delta[:, -1])
    _, factors = recursion(gain)
    tolerance = 5 * np.sqrt(2 * DEPTH / UNITS) / 3 / np.sqrt(NETWORKS)
    expected = np.log(factors[:-1]).sum()
    assert logs.mean() == pytest.approx(expected, abs=tolerance)
    one_percent_more = expected + (DEPTH - 1) * np.log(1.01)
    assert logs.mean() != pytest.approx(one_percent_more, abs=tolerance)


def test_with_gain_one_the_signal_falls_like_one_over_twice_the_layer() -> None:
    measured = measure(INITIALIZERS[0])["activation_variance"].reshape(NETWORKS, DEPTH)
    layers = np.array([5, 10, 20])
    # As above, but nothing pulls back: the noise of all layers adds up.
    tolerance = 5 * np.sqrt(2 * layers / UNITS / NETWORKS)
    assert np.all(np.abs(measured[:, layers - 1].mean(axis=0) * 2 * layers - 1) < tolerance)
    assert recursion(1.0)[0][-1] == pytest.approx(0.0095, abs=0.001)


def test_the_initializers_share_their_draws() -> None:
    first = [measure(initializer)["pre_activation_variance"][0] for initializer in INITIALIZERS]
    assert first[1] / first[0] == pytest.approx(25 / 9, rel=1e-5)
