"""What a network should do: closed forms, quadrature and mean field.

The modules of this room take functions and numbers and import nothing of ours. This public face is the exception: it
knows the activations by name, and what a user can get wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from reportgen.nn.activations import Activation

__all__ = ["mean_field"]


def mean_field(
    activation: str | Activation,
    sigma_w2: float,
    sigma_b2: float = 0.0,
    *,
    q0: float = 1.0,
    c0: float = 0.5,
    depth: int,
) -> pd.DataFrame:
    """Predict what happens to signals and gradients in a very wide network at initialization.

    Parameters
    ----------
    activation
        Registry name, with parameters where wanted, or an activation.
    sigma_w2
        fan_in times the variance of a weight: 2 for He, 1 for LeCun, and for Glorot in square layers.
    sigma_b2
        Variance of a bias.
    q0
        Mean square of the inputs.
    c0
        Cosine of two inputs, between -1 and 1.
    depth
        Number of layers.

    Returns
    -------
    DataFrame
        One row per layer: `layer`, from 1; `q`, the second moment of the pre-activations; `chi`, the factor of a
        gradient's mean square on its way through the layer; `c`, the correlation of the pre-activations of two
        inputs, nan where they vanish or overflow; `activation_second_moment`.

    Raises
    ------
    UsageError
        For an unknown activation, one without a derivative, one that grows too fast or is too rough for its averages
        to be had, and for numbers out of range.

    Examples
    --------
    >>> mean_field("relu", 2.0, depth=3).round(3)
       layer    q  chi      c  activation_second_moment
    0      1  2.0  1.0  0.500                       1.0
    1      2  2.0  1.0  0.609                       1.0
    2      3  2.0  1.0  0.684                       1.0
    """
    import pandas as pd

    from reportgen.errors import UsageError
    from reportgen.nn.activations import activations
    from reportgen.theory.closed_forms import nonlinearity
    from reportgen.theory.maps import correlations, forward_moments
    from reportgen.theory.quadrature import NotConverged

    for name, number in {"sigma_w2": sigma_w2, "sigma_b2": sigma_b2, "q0": q0}.items():
        if not 0 <= number < float("inf"):
            raise UsageError(f"{name} must be a finite number of at least 0, not {number!r}")
    if not -1 <= c0 <= 1:
        raise UsageError(f"c0 must be between -1 and 1, not {c0!r}")
    if not (depth >= 1 and depth % 1 == 0):
        raise UsageError(f"depth must be a whole number of at least 1, not {depth!r}")
    item = activations.get(activation) if isinstance(activation, str) else activation
    if not callable(item.derivative):
        raise UsageError(f"activation {item.name} has no derivative: theory needs one")
    try:
        phi = nonlinearity(item.phi, item.derivative, item.kinks)
        q, moments = forward_moments(phi, sigma_w2, sigma_b2, q0, depth)
        c = correlations(phi, sigma_w2, sigma_b2, q0, c0, depth)
        chi = sigma_w2 * phi.slope(q)
    except NotConverged as error:
        raise UsageError(f"activation {item.name}: {error}") from None
    layers = range(1, depth + 1)
    return pd.DataFrame({"layer": layers, "q": q, "chi": chi, "c": c, "activation_second_moment": moments})
