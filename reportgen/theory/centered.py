"""An activation in front of weights that sum to zero over their inputs: the mean over the units is taken away."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from reportgen.theory.nonlinearity import Nonlinearity
from reportgen.theory.octaves import OCTAVE, Octaves
from reportgen.theory.quadrature import Floats
from reportgen.theory.table import Table

__all__ = ["Centered"]


class Centered(Nonlinearity):
    """What is left of an activation for the next layer, whose weights sum to zero over the inputs of every unit.

    In a wide layer the mean over the units is ``E[phi]``, and the weighted sum has the variance of phi in the place of
    its second moment: ``q_{l+1} = sigma_w2 (E[phi²] - E[phi]²)``. Slopes, and so gradients, are those of phi.

    Parameters
    ----------
    activation
        The activation itself.
    factor
        Multiplies phi: a gain g in front of phi is a gain g / factor in front of this.
    """

    def __init__(self, activation: Nonlinearity, factor: float = 1.0) -> None:
        super().__init__(
            lambda z: factor * activation.phi(z), lambda z: factor * activation.derivative(z), activation.kinks
        )
        self._activation, self._factor = activation, factor

    def second_moment(self, q: ArrayLike) -> Floats:
        """Return E[phi²] - E[phi]², of the shape of `q`."""
        return np.maximum(self._factor**2 * self._variances(q), 0.0)

    def slope(self, q: ArrayLike) -> Floats:
        """Return E[phi'²], of the shape of `q`."""
        return np.asarray(self._factor**2 * self._activation.slope(q))

    @cached_property
    def _variances(self) -> Table:
        phi, means = self._activation, Octaves(self._activation.phi)

        def of_octave(exponent: int) -> Floats | None:
            mean = means(exponent) if phi.is_smooth_beside_zero else None
            return None if mean is None else phi.second_moment(2.0**exponent * OCTAVE) - np.square(mean)

        return Table(lambda q: phi.second_moment(q) - np.square(phi.mean(q)), of_octave)
