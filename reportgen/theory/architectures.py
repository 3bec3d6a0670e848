"""What normalization and residual branches do to signals and gradients, layer by layer, in the limit of large width.

Every factor is one of a mean square. phi is the activation and z a normal variable of variance 1.
"""

from __future__ import annotations

from reportgen.theory.nonlinearity import Nonlinearity

__all__ = ["batch_norm_factor", "layer_norm_factor", "residual_growth"]


def layer_norm_factor(activation: Nonlinearity) -> float:
    """Return E[phi'²] / E[phi²]: the factor of a gradient per layer where pre-activations are rescaled to E[z²] = 1.

    Notes
    -----
    Derived: a layer makes the mean square E[phi²] sigma_w², which the rescaling divides by, and a gradient meets
    sigma_w² and E[phi'²]. The scale of the weights cancels. That a layer's mean is subtracted too does not matter in
    wide layers, and LSUV, which puts the rescaling into the weights, gives the same.
    """
    return float(activation.slope(1.0) / activation.second_moment(1.0))


def batch_norm_factor(activation: Nonlinearity) -> float:
    """Return E[phi'²] / Var(phi): the factor of a gradient per layer behind batch normalization.

    Notes
    -----
    pi / (pi - 1) for ReLU (Yang et al. 2019, theorem 8). For other activations derived in the same way, for inputs
    that large batches have made independent: subtracting the mean over the batch takes E[phi]² away from what the
    rescaling divides by.
    """
    variance = activation.second_moment(1.0) - activation.mean(1.0) ** 2
    return float(activation.slope(1.0) / variance)


def residual_growth(moment: float, scale: float, branches: int) -> float:
    """Return (1 + scale² moment)^branches: the growth of signal and gradient over residual branches without a norm.

    Parameters
    ----------
    moment
        What a branch without its scale does to the mean square: sigma_w² / 2 for ReLU, so 1 for He's variance.
    scale
        Multiplies every branch.
    branches
        Number of them.

    Notes
    -----
    Derived for activations of positive homogeneity. With ``scale = 1 / sqrt(2 L)`` and He's variance the limit for L
    branches is sqrt(e), its sibling for ``1 / sqrt(L)`` is e (following Hayou et al. 2021).
    """
    return float((1 + scale**2 * moment) ** branches)
