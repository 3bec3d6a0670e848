"""Facts that no network is needed for: what follows for very wide layers from published recipes."""

from __future__ import annotations

import numpy as np

from reportgen.battery.results import Results
from reportgen.theory.closed_forms import PiecewiseLinear
from reportgen.theory.fixed_points import FixedPoint, find_fixed_point
from reportgen.theory.maps import correlations
from reportgen.theory.nonlinearity import Nonlinearity

__all__ = ["FACTS"]

_SCALED_TANH = Nonlinearity(
    lambda z: 1.7159 * np.tanh(2 / 3 * z), lambda z: 1.7159 * 2 / 3 / np.cosh(np.minimum(np.abs(2 / 3 * z), 300.0)) ** 2
)
"""The sigmoid that LeCun et al. (1998, sec. 4.4) recommend."""

_LAYERS = 10


def lecun_one_layer(results: Results) -> float:
    """Return the variance behind LeCun's scaled tanh, for sums of variance one."""
    return float(_SCALED_TANH.second_moment(1.0))


def lecun_settled(results: Results) -> float:
    """Return the variance that it settles at in a deep net with Var(w) = 1/fan_in."""
    return _lecun().q_star


def lecun_gradient(results: Results) -> float:
    """Return the factor of the rms of a gradient per layer there."""
    return float(np.sqrt(_lecun().chi_1))


def siren_settled(results: Results) -> float:
    """Return the variance of the sums of a deep sine net with the start that was made for it.

    With the frequency counted among the weights, fan_in·Var(w) is 2 (Sitzmann et al. 2020, sec. 3.2), and E[sin²] is
    (1 - exp(-2 q)) / 2.
    """
    q = 1.0
    for _ in range(100):
        q = -float(np.expm1(-2 * q))
    return q


def shattered(results: Results) -> float:
    """Return the correlation of the gradients of two inputs at right angles, behind ten wide ReLU layers under He."""
    return _shattered(_LAYERS)


def shattered_in_twenty(results: Results) -> float:
    """Return the same behind twice as many layers."""
    return _shattered(2 * _LAYERS)


def shattered_in_forty(results: Results) -> float:
    """Return the same behind four times as many layers."""
    return _shattered(4 * _LAYERS)


def shattered_by_coins(results: Results) -> float:
    """Return the same if every unit were switched on and off by a coin of its own for every input."""
    return 0.5**_LAYERS


FACTS = (
    lecun_one_layer,
    lecun_settled,
    lecun_gradient,
    siren_settled,
    shattered,
    shattered_in_twenty,
    shattered_in_forty,
    shattered_by_coins,
)


def _shattered(layers: int) -> float:
    cosines = correlations(PiecewiseLinear(0.0, 1.0), 2.0, 0.0, 1.0, 0.0, layers)
    return float(np.prod(1 - np.arccos(cosines) / np.pi))


def _lecun() -> FixedPoint:
    return find_fixed_point(_SCALED_TANH, 1.0, 0.0)
