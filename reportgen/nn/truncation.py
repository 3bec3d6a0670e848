"""Normal distributions that are cut on both sides."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, pi, sqrt

import numpy as np
from numpy.random import Generator
from scipy.special import ndtr, ndtri

from reportgen.nn.initializer import Weights, require, tex, tex_squared

__all__ = ["TRUNCATED_STDDEV", "CutNormal", "normal_formula", "truncated_draws"]

TRUNCATED_STDDEV = 0.87962566103423978
"""Standard deviation of a standard normal distribution cut at two; Keras and JAX divide by it."""


def truncated_draws(rng: Generator, shape: tuple[int, int], lower: float = -2.0, upper: float = 2.0) -> Weights:
    """Return standard normal draws; those beyond the cuts are drawn anew, by inverting the distribution function."""
    draws = rng.standard_normal(shape)
    beyond = (draws < lower) | (draws > upper)
    below, above = float(ndtr(lower)), float(ndtr(upper))
    draws[beyond] = ndtri(below + (above - below) * rng.random(np.count_nonzero(beyond)))
    return draws


def normal_formula(mean: float, stddev: float) -> str:
    """Return the uncut distribution in LaTeX."""
    return rf"w \sim \mathcal{{N}}\left( {tex(mean)}, {tex_squared(stddev)} \right)"


@dataclass(frozen=True, slots=True)
class CutNormal:
    """A normal distribution with its cuts, which count in standard deviations from the mean."""

    mean: float
    stddev: float
    lower: float
    upper: float

    @classmethod
    def of(cls, *, mean: float, stddev: float, lower: float, upper: float, absolute: bool) -> CutNormal:
        """Return the distribution, cut at standard deviations from the mean or, if `absolute`, at values."""
        require(stddev > 0, f"stddev must be above 0, not {stddev:g}")
        cuts = ((cut - mean) / stddev if absolute else cut for cut in (lower, upper))
        cut_normal = cls(mean, stddev, *cuts)
        require(cut_normal.inside > 1e-6, f"lower={lower:g} and upper={upper:g} cut everything off")
        return cut_normal

    @property
    def inside(self) -> float:
        """The share of the uncut distribution that lies between the cuts."""
        return float(ndtr(self.upper) - ndtr(self.lower))

    @property
    def variance(self) -> float:
        """The variance of what is left (Johnson, Kotz & Balakrishnan 1994, ch. 13)."""
        lower, upper = (exp(-cut * cut / 2) / sqrt(2 * pi) / self.inside for cut in (self.lower, self.upper))
        return self.stddev * self.stddev * (1 + self.lower * lower - self.upper * upper - (lower - upper) ** 2)

    @property
    def formula(self) -> str:
        """The distribution and its cuts in LaTeX."""
        lower, upper = (tex(self.mean + self.stddev * cut) for cut in (self.lower, self.upper))
        return rf"{normal_formula(self.mean, self.stddev)}, \quad {lower} \le w \le {upper}"
