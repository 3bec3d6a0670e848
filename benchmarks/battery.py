"""What is measured again and again: cells of the canonical battery, of a few starts, and the smallest that will do."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.experiments.propagation import Propagate
from reportgen.presets import ACTIVATIONS, DEPTHS, PRESETS
from reportgen.settings import Settings

__all__ = ["STARTS", "TYPICAL", "cell", "flops", "names"]

STARTS = ("glorot_uniform", "he_normal", "random_normal(stddev=0.01)")
"""One of each kind: uniform, truncated normal, and one whose signals vanish in the deepest nets."""


TYPICAL = "he_normal"
"""The one of them that is enough where the start hardly matters."""


def names(*, quick: bool) -> Sequence[str]:
    """Return the canonical activations; two of them are enough to try whether a benchmark runs."""
    return ("tanh", "relu") if quick else ACTIVATIONS


def cell(initializer: str, activation: str, *, quick: bool) -> Propagate:
    """Return a cell of the standard battery on Gaussian inputs, or a small one."""
    if quick:
        return Propagate(initializer, activation, {"data": "gaussian"}, (2, 5), 16, 2, 32)
    preset = PRESETS["standard"]
    batch = Settings().batch
    return Propagate(initializer, activation, {"data": "gaussian"}, DEPTHS, preset.width, preset.replicates, batch)


def flops(part: Propagate) -> float:
    """Return the floating-point operations of a cell's matrix products, which every way to compute it has to make.

    The inputs go forward once, to the greatest depth. For each depth L the gradient takes L products with h and L - 1
    with W on its way down. A product of 256 inputs is 2 · 256 · width² operations, transposed or not.
    """
    products = max(part.depths) + 2 * sum(part.depths) - len(part.depths)
    return 2.0 * part.batch * part.width**2 * part.replicates * products
