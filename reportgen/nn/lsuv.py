"""Layer-sequential unit variance: a start that is fitted to the data (Mishkin & Matas 2016, algorithm 1)."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reportgen.nn.ensemble import Array, Ensemble, Parameters
from reportgen.nn.mlp import affine

__all__ = ["Calibrated", "lsuv", "orthonormal"]


class Calibrated(NamedTuple):
    """A start that was fitted to a batch.

    Attributes
    ----------
    ensemble
        With new weights, in the dtype of the old ones; all else is as it was.
    rescalings
        How often each layer was rescaled, shape (members, layers).
    """

    ensemble: Ensemble
    rescalings: NDArray[np.int64]


def lsuv(ensemble: Ensemble, inputs: Array, *, tolerance: float = 0.1, iterations: int = 10) -> Calibrated:
    """Make every matrix orthonormal, then rescale layer after layer until its pre-activations have variance 1.

    Parameters
    ----------
    ensemble
        A start, which stays as it is: plain networks, with nothing around their weights. Only the directions of the
        weights matter, not their scale. What follows the last layer plays no part.
    inputs
        The batch that the variance is measured on, shape (members or 1, batch, fan_in).
    tolerance
        A layer is left alone once its variance, over inputs and units together, is this near to 1.
    iterations
        A layer is rescaled at most this often. Without biases once is enough.

    Notes
    -----
    Where a layer has no variance at all, no scale can give it one: it keeps its orthonormal matrix.
    """
    weights: list[Array] = []
    counts: list[NDArray[np.int64]] = []
    h = inputs
    for W, b in ensemble.parameters.layers:
        scaled, z, count = _rescaled(orthonormal(W), b, h, tolerance, iterations)
        weights.append(scaled)
        counts.append(count)
        h = ensemble.activation.phi(z)
    calibrated = replace(ensemble, parameters=Parameters(weights, ensemble.parameters.biases))
    return Calibrated(calibrated, np.stack(counts, axis=1))


def orthonormal(weights: Array) -> Array:
    """Return the orthonormal factor Q of each matrix's QR decomposition, with R's diagonal positive.

    Parameters
    ----------
    weights
        Shape (members, fan_in, fan_out).

    Returns
    -------
    ndarray
        With orthonormal columns, or rows if they are fewer. A matrix of full rank has one such factor, which it
        shares with all its positive multiples. In a singular matrix the columns that depend on earlier ones say
        nothing, and LAPACK's reflections fill in some orthonormal ones: zeros give the identity.
    """
    is_tall = weights.shape[1] >= weights.shape[2]
    # float64: the last columns of an ill-conditioned matrix lose as many digits as its condition number has.
    wide = weights.astype(np.float64)
    q, r = np.linalg.qr(wide if is_tall else wide.swapaxes(1, 2))
    q *= np.copysign(1.0, np.diagonal(r, axis1=1, axis2=2))[:, None, :]
    return np.asarray(q if is_tall else q.swapaxes(1, 2)).astype(weights.dtype)


def _rescaled(
    W: Array, b: Array | None, h: Array, tolerance: float, iterations: int
) -> tuple[Array, Array, NDArray[np.int64]]:
    """Return weights, pre-activations and number of rescalings per member of one layer."""
    count = np.zeros(len(W), np.int64)
    z = affine(h, W, b)
    for _ in range(iterations):
        variance = z.var(axis=(1, 2), dtype=np.float64)
        off = (np.abs(variance - 1) >= tolerance) & (variance > 0)
        if not off.any():
            break
        W = W / np.where(off, np.sqrt(variance), 1).astype(W.dtype)[:, None, None]
        z = affine(h, W, b)
        count += off
    return W, z, count
