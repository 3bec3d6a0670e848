"""Weights that sum to zero over the inputs of every unit: a mean that all inputs share then does nothing."""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.random import Generator

from reportgen.nn.initializer import Weights, initializer, require, tex

__all__: list[str] = []


@initializer(
    "centered_normal",
    variance=lambda fan_in, _, gain: gain * gain / fan_in if fan_in > 1 else 0.0,
    label="centered normal",
    formula=lambda gain: (
        rf"\mathrm{{Var}}(w) = \frac{{{tex(gain * gain)}}}{{n_{{\mathrm{{in}}}}}}, \quad \sum_i w_{{ij}} = 0"
    ),
    reference="Huang, Liu, Liu & Tao 2017, sec. 3",
    truncated="not truncated",
)
def centered_normal(rng: Generator, fan_in: int, fan_out: int, *, gain: float = 1.0) -> Weights:
    """Draw normal weights of variance ``gain^2 / fan_in`` and take the mean over the inputs of each unit away.

    Behind an activation whose mean is not 0, as sigmoid's 1/2, the weighted sum then has no part that is the same for
    every input of the net. Since ``sigmoid(2 z) = 1/2 + tanh(z) / 2``, a sigmoid net with gain 4 is a tanh net with
    gain 1, apart from its first layer. With one input nothing but 0 sums to 0.

    >>> W = centered_normal(np.random.default_rng(0), 50, 3, gain=4.0)
    >>> bool(np.allclose(W.sum(axis=0), 0))
    True
    """
    require(gain > 0, f"gain must be above 0, not {gain:g}")
    draws = rng.standard_normal((fan_in, fan_out))
    # Of n draws without their mean, the variance is (n - 1) / n of what it was.
    return np.asarray(gain / sqrt(max(fan_in - 1, 1)) * (draws - draws.mean(axis=0)))
