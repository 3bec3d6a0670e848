"""Points in the plane: the four classification problems of a well-known browser playground, and what a line can do.

Each problem draws n points with two classes: half of them (rounded down) have label 1, the others 0, in random order.
The two inputs are standardized over all points drawn. They are distributed as the
playground's are, without its extra noise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from reportgen.nn.examples import Examples, standardized

__all__ = ["PLANE", "best_line", "circle", "spiral", "two_gaussians", "xor"]

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]


def circle(n: int, rng: np.random.Generator) -> Examples:
    """Draw a disc (label 1) inside a ring (label 0).

    Parameters
    ----------
    n
        Number of points, half of them (rounded down) in the disc.
    rng
        Draws the order, and radius and angle uniformly: with 1 at the ring's rim, the disc ends at .5 and the ring
        begins at .7.
    """
    labels = _labels(n, rng)
    radius = np.where(labels == 1, rng.uniform(0.0, 0.5, n), rng.uniform(0.7, 1.0, n))
    return _examples(_polar(radius, rng.uniform(0.0, 2 * np.pi, n)), labels)


def xor(n: int, rng: np.random.Generator) -> Examples:
    """Draw four squares around the origin: label 1 where both coordinates have the same sign, 0 where they differ.

    Parameters
    ----------
    n
        Number of points, half of them (rounded down) with equal signs.
    rng
        Draws the order, the sign of the first coordinate (either with the same chance), and the size of both
        uniformly from .3 to 5.3: a strip is left free along the axes.
    """
    labels = _labels(n, rng)
    sign = rng.choice([-1.0, 1.0], n)
    signs = np.stack([sign, np.where(labels == 1, sign, -sign)], axis=1)
    return _examples(signs * rng.uniform(0.3, 5.3, (n, 2)), labels)


def spiral(n: int, rng: np.random.Generator) -> Examples:
    """Draw two arms of a spiral that wind around each other, 1.75 turns each.

    Parameters
    ----------
    n
        Number of points, half of them (rounded down) on the arm of label 1.
    rng
        Draws the order, and how far out on its arm a point is, uniformly.

    Notes
    -----
    At the share u of its arm a point has radius u and angle ``1.75 * 2 pi * u``; the other arm is turned by pi.
    """
    labels = _labels(n, rng)
    out = rng.uniform(0.0, 1.0, n)
    return _examples(_polar(out, 2 * np.pi * 1.75 * out + np.pi * (labels == 0)), labels)


def two_gaussians(n: int, rng: np.random.Generator) -> Examples:
    """Draw two round clouds, around (2, 2) with label 1 and around (-2, -2) with label 0.

    Parameters
    ----------
    n
        Number of points, half of them (rounded down) with label 1.
    rng
        Draws the order, and both coordinates of the distance from the cloud's center from N(0, 1/2).

    Notes
    -----
    Both centers are 4 standard deviations away from the line half way between them. It is the one problem of the four
    that a straight line solves.
    """
    labels = _labels(n, rng)
    centers = np.where(labels == 1, 2.0, -2.0)[:, None]
    return _examples(centers + np.sqrt(0.5) * rng.standard_normal((n, 2)), labels)


PLANE: Mapping[str, Callable[[int, np.random.Generator], Examples]] = {
    "circle": circle,
    "xor": xor,
    "spiral": spiral,
    "gaussians": two_gaussians,
}
"""The four problems by the names that cells use."""


def best_line(points: NDArray[np.floating], labels: Labels) -> float:
    """Return the greatest share of points in the plane that any straight line gets right.

    Parameters
    ----------
    points
        Shape (examples, 2).
    labels
        0 or 1, shape (examples,).

    Notes
    -----
    Exact: along a direction, the order of the points changes only where the direction is square to the line through
    two of them. One direction between every two neighbouring ones of these stands for all.
    """
    first, second = np.triu_indices(len(points), k=1)
    dx, dy = (points[first] - points[second]).T
    square = np.unique(np.arctan2(-dx, dy) % np.pi)
    angles = (square + np.append(square[1:], square[0] + np.pi)) / 2
    order = np.argsort(points @ np.stack([np.cos(angles), np.sin(angles)]), axis=0)
    # What the line has passed is called 1, or 0: each point adds to one answer and takes from the other.
    passed = np.cumsum(2 * labels[order] - 1, axis=0)
    ones = int(labels.sum())
    zeros = len(labels) - ones
    right = max(ones, zeros, zeros + int(passed.max()), ones - int(passed.min()))
    return right / len(labels)


def _labels(n: int, rng: np.random.Generator) -> Labels:
    return rng.permutation(np.arange(n) < n // 2).astype(np.int64)


def _polar(radius: Floats, angle: Floats) -> Floats:
    return np.asarray(radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1))


def _examples(points: Floats, labels: Labels) -> Examples:
    return Examples(standardized(points), labels, 2)
