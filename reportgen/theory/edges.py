"""The edge of chaos that inputs of one size meet: where chi_1 passes 1 at the fixed point that they are led to.

It is found along sigma_w2, from the fixed points alone. Where an activation has one stable fixed point it is
`fixed_points.critical_sigma_w2`, which follows q* instead; GELU and SiLU have two, and there the size of the inputs
decides.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reportgen.theory.fixed_points import q_star
from reportgen.theory.nonlinearity import Nonlinearity
from reportgen.theory.quadrature import Floats

__all__ = ["settled_sigma_w2"]

_PARTS, _ROUNDS = np.arange(1, 16) / 16, 6
"""The distance between two values of sigma_w2 is divided so, so often: some 1e-7 of it is left."""


def settled_sigma_w2(activation: Nonlinearity, sigma_b2: ArrayLike, sigma_w2: Floats, q0: float = 1.0) -> Floats:
    """Return where chi_1, at the q* that inputs of mean square `q0` are led to, first passes 1 as sigma_w2 rises.

    Parameters
    ----------
    activation
        The nonlinearity.
    sigma_b2
        Variance of a bias, shape (biases,).
    sigma_w2
        Rising values, shape (n,), between two neighbors of which it is looked for.
    q0
        Mean square of the inputs.

    Returns
    -------
    ndarray
        Shape (biases,); 0 and inf where chi_1 is above, or not above, 1 at all the values.
    """
    biases = np.asarray(sigma_b2, np.float64)[:, None]

    def grows(w: Floats) -> NDArray[np.bool_]:
        return np.asarray(w * activation.slope(q_star(activation, w, biases, q0)) > 1)

    above = grows(sigma_w2[None])
    first = above.argmax(axis=1)
    low, high = (sigma_w2[at][:, None] for at in (np.maximum(first - 1, 0), first))
    for _ in range(_ROUNDS):
        tried = np.hstack([low, low * (high / low) ** _PARTS, high])
        beyond = grows(tried[:, 1:-1])
        last = np.where(beyond.any(axis=1), beyond.argmax(axis=1), len(_PARTS))[:, None]
        low, high = (np.take_along_axis(tried, last + side, axis=1) for side in (0, 1))
    found = np.where(above.any(axis=1), high[:, 0], np.inf)
    return np.where(above[:, 0], 0.0, found)
