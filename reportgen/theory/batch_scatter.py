"""How far a batch of inputs scatters about mean field theory in a network of finite width, and how far it drifts.

`Scatter` is about one input. Of a batch we know more: weighted sums of two inputs at an angle of cosine c fluctuate
together only as far as ``Cov(phi(u)², phi(v)²)`` says, u and v of correlation c. Averaged over all pairs of a batch,
and over the inputs themselves with one part in the batch, this is what a layer adds to the scatter of the batch.
Cosines follow their own map (Poole et al. 2016, equation 5) and scatter about it, too: inputs that start at right
angles do not stay there (delta method; in linear layers the mean of c² comes to l / n in layer l).

Logarithms drift: the logarithm of a mean of n numbers is below that of its expectation by half its variance, and a map
that bends makes a drift of a scatter. All is to first order in 1/n, for independent weights; derived here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from reportgen.theory.finite_width import Scatter
from reportgen.theory.hermite import PairMeans, series
from reportgen.theory.nonlinearity import Nonlinearity
from reportgen.theory.quadrature import Floats, Function

__all__ = ["BatchScatter", "Departure"]

_STEP = 0.01
"""Distance in ln q over which a second difference is taken."""


class Departure(NamedTuple):
    """Variance over networks, and mean, of ln(measured / predicted); shape (layers,)."""

    variance: Floats
    drift: Floats


class _Noise(NamedTuple):
    """Variance of a logarithm for one input, and covariance of those of two different inputs of the batch."""

    one: Floats
    pair: Floats


@dataclass(frozen=True, slots=True)
class BatchScatter:
    """Scatter and drift of batch means in networks of one width.

    Attributes
    ----------
    width, batch
        Units per hidden layer; inputs.
    scatter
        That of one input.
    sums, squares
        Of ln E[z²] given the layer below, and of ln E[h²]: variances times the width.
    slopes
        Means over pairs of different inputs of E[phi'(u)² phi'(v)²] / E[phi'²]², and of the cosine of phi'.
    both
        As `squares`, the covariance of what a layer adds to ln E[h²] and to the gradient.
    bend, slope_bend
        Second derivatives of ln E[phi²] and ln E[phi'²] by ln q.
    """

    width: int
    batch: int
    scatter: Scatter
    sums: _Noise
    squares: _Noise
    slopes: tuple[Floats, Floats]
    both: _Noise
    bend: Floats
    slope_bend: Floats

    @classmethod
    def along(cls, activation: Nonlinearity, q: Floats, cosines: Floats, width: int, batch: int) -> BatchScatter:
        """Follow the second moments of a network, and the cosines of pairs of its inputs.

        Parameters
        ----------
        q
            Second moments of the pre-activations, shape (layers,); what is not finite counts as very large.
        cosines
            Between different inputs of the batch, any number of them.
        """
        q = np.clip(np.nan_to_num(q), 1e-100, 1e100)
        scatter, means = Scatter.along(activation, q), PairMeans.along(activation, q)
        c = _cosines(means, cosines, width)
        kernels = np.stack([means.squares, means.slope_squares, means.slope_cosine, means.mixed], axis=1)
        squares, slope_squares, slope_cosine, mixed = series(kernels, c).mean(axis=2).T
        return cls(
            width,
            batch,
            scatter,
            sums=_Noise(np.full(len(q), 2.0), 2 * np.square(c).mean(axis=1)),
            squares=_Noise(scatter.forward, np.clip(squares - 1, 0, scatter.forward)),
            slopes=(slope_squares, slope_cosine),
            both=_Noise(means.mixed.sum(axis=1) - 1, mixed - 1),
            bend=_bend(activation.second_moment, q),
            slope_bend=_bend(activation.slope, q),
        )

    def of_pre_activation(self) -> Departure:
        """Return scatter and drift of ln E[z²]."""
        q = self._of_q()
        with_sums = (noise + own / self.width for noise, own in zip(q, self.sums, strict=True))
        return self._of_batch(_Noise(*with_sums), self._drift_of_q() - self.sums.one / (2 * self.width))

    def of_activation(self) -> Departure:
        """Return scatter and drift of ln E[h²]."""
        passed = (self.scatter.growth**2 * q for q in self._of_q())
        noise = (own / self.width + q for own, q in zip(self.squares, passed, strict=True))
        return self._of_batch(_Noise(*noise), self._passed_on())

    def of_delta_rms(self, depth: int) -> Departure:
        """Return scatter and drift of the logarithm of the rms of delta, in a network of this depth."""
        scatter, noise = self.scatter, self._of_deltas(depth)
        through_q = _from_the_top(scatter.slope[:depth, None] * scatter.passed[:depth])
        # What a layer above the row's adds to the signal comes back as a slope, and is not independent of its own.
        back = np.triu(through_q[:, :depth])
        total = (
            (through_q**2 @ signal + 2 * back @ both[:depth] + _from_the_top(own)) / self.width
            for signal, both, own in zip(self.squares, self.both, noise, strict=True)
        )
        by_layer = scatter.slope * self._drift_of_q() + self.slope_bend * self._of_q().one / 2
        drift = _from_the_top(by_layer[:depth] - noise.one / (2 * self.width))
        square = self._of_batch(_Noise(*(np.maximum(one, 0) for one in total)), drift)
        return Departure(square.variance / 4, square.drift / 2)

    def _of_batch(self, noise: _Noise, drift: Floats) -> Departure:
        """Return scatter and drift of a batch's mean from those of single inputs, each log-normal.

        The mean of B numbers has the relative second moment ``(1 - 1/B) exp(pair) + exp(one) / B``; where single
        inputs scatter widely, the mean is that of the few largest (Fenton 1960).
        """
        with np.errstate(divide="ignore"):  # of one input there are no pairs
            pairs, own = np.log([1 - 1 / self.batch, 1 / self.batch])
        variance = np.logaddexp(pairs + noise.pair, own + noise.one)
        return Departure(variance, drift + (noise.one - variance) / 2)

    def _of_q(self) -> _Noise:
        """Return the variance of ln q."""
        return _Noise(*(self.scatter.passed**2 @ noise / self.width for noise in self.squares))

    def _drift_of_q(self) -> Floats:
        """Return the mean of the logarithm of one input's q."""
        return np.concatenate([[0.0], self._passed_on()[:-1]])

    def _passed_on(self) -> Floats:
        """Return the mean of the logarithm of one input's E[h²]."""
        own = (self.bend * self._of_q().one - self.scatter.forward / self.width) / 2
        passed, drift = np.zeros_like(own), 0.0
        for layer, growth in enumerate(self.scatter.growth):
            drift = passed[layer] = growth * drift + own[layer]
        return passed

    def _of_deltas(self, depth: int) -> _Noise:
        """Return what layers add on the way down, times the width; cotangents of different inputs are independent."""
        squares, cosine = (part[:depth] for part in self.slopes)
        aligned = np.empty(depth)  # the mean square of the cosine of two deltas
        above = 1 / self.width
        for layer in reversed(range(depth)):
            aligned[layer] = above
            above = min(1.0, cosine[layer] ** 2 * above + squares[layer] * (1 - above) / self.width)
        one = self.scatter.backward[:depth]
        return _Noise(one, np.clip(squares * (1 + 2 * aligned) - 1, 0, one))


def _cosines(means: PairMeans, inputs: Floats, width: int) -> Floats:
    """Return cosines of weighted sums by layer: the value of their map, and one spread above and below.

    The result has the shape (layers, twice the pairs).
    """
    c, variance = np.ravel(inputs), np.zeros(np.size(inputs))
    slopes = means.cosine * np.arange(means.cosine.shape[1])
    slopes = np.roll(slopes, -1, axis=1)
    kernels = np.stack([means.cosine, slopes, means.squares, means.cubes], axis=1)
    layers = []
    for kernel in kernels:
        spread = np.sqrt(variance)
        layers.append(np.clip(np.concatenate([c - spread, c + spread]), -1, 1))
        after, passed, square, cube = series(kernel, c)
        own = square - after**2 + after**2 / 2 * (kernel[2].sum() + square - 2) - 2 * after * (cube - after)
        room = np.maximum(1 - after**2, 0)
        variance = np.minimum(np.clip(passed**2, 0, 1) * variance + np.maximum(own, 0) / width, room)
        c = np.clip(after, -1, 1)
    return np.array(layers)


def _bend(moment: Function, q: Floats) -> Floats:
    """Return the second derivative of ln(moment) by ln(q), 0 where there is none."""
    with np.errstate(all="ignore"):
        above, here, below = (np.log(moment(q * np.exp(step))) for step in (_STEP, 0, -_STEP))
        bend = (above + below - 2 * here) / _STEP**2
    return np.where(np.isfinite(bend), bend, 0.0)


def _from_the_top(values: Floats) -> Floats:
    return np.asarray(np.cumsum(values[::-1], axis=0)[::-1])
