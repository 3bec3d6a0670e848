"""The tables of the experiment on the edge of chaos: what theory says, and what networks were seen to do."""

from __future__ import annotations

from reportgen.battery.experiment import Column
from reportgen.experiments.columns import (
    ACTIVATION,
    DELTA_SECOND_MOMENT,
    INITIALIZER,
    LAYER,
    REPLICATE,
    SIGMA_W2,
    SQUARE_WIDTH,
)

__all__ = ["TABLES"]

_SIGMA_B2 = Column("sigma_b2", "", "variance of a bias")
_Q_STAR = Column("q_star", "", "second moment of the pre-activations that deep layers settle at")

TABLES = {
    "edge_lines": (
        ACTIVATION,
        _SIGMA_B2,
        Column("sigma_w2", "", "the least fan_in times variance of a weight at which gradients do not vanish"),
    ),
    "edge_phases": (
        ACTIVATION,
        SIGMA_W2,
        _SIGMA_B2,
        Column("chi_1", "", "factor of a gradient's mean square per layer, deep down, for inputs of mean square 1"),
    ),
    "edge_settled": (
        ACTIVATION,
        Column("label", "", "place in the diagram: registry name, or framework and layer"),
        Column("chi_1", "", "as in edge_phases; nan where mean field theory does not apply"),
    ),
    "edge_places": (
        Column("label", "", "registry name, or framework and layer"),
        Column("kind", "", "initializer or framework"),
        INITIALIZER,
        Column("limit", "", "iid, orthogonal, or none where mean field theory does not apply"),
        SQUARE_WIDTH,
        SIGMA_W2,
        _SIGMA_B2,
    ),
    "edge_scales": (
        ACTIVATION,
        _SIGMA_B2,
        SIGMA_W2,
        _Q_STAR,
        Column("chi_1", "", "factor of a gradient's mean square per layer, deep down"),
        Column("c_star", "", "correlation of two inputs that deep layers settle at; nan where angles stay as they are"),
        Column("xi_q", "layers", "layers after which a difference in length has shrunk by e"),
        Column("xi_c", "layers", "layers after which a difference in correlation has shrunk by e; nan as above"),
    ),
    "edge_decay": (
        _SIGMA_B2,
        SIGMA_W2,
        SQUARE_WIDTH,
        REPLICATE,
        LAYER,
        Column("cosine_gap", "", "difference of the cosines of two pairs of inputs"),
        Column("length_gap", "", "difference of the second moments of two inputs of one direction"),
        DELTA_SECOND_MOMENT,
    ),
    "edge_angles": (
        INITIALIZER,
        ACTIVATION,
        SIGMA_W2,
        SQUARE_WIDTH,
        REPLICATE,
        LAYER,
        Column("cosine", "", "cosine of the pre-activations of two inputs, averaged over pairs"),
        Column("predicted", "", "the same in infinitely wide layers"),
    ),
    "edge_lengths": (
        SQUARE_WIDTH,
        REPLICATE,
        LAYER,
        Column("log_squared_length", "nats", "ln of the squared length of h, the input having length 1"),
    ),
}
