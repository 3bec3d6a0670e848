"""The columns of the tables that a run fills, and those that a layer at its start shares with them."""

from __future__ import annotations

from reportgen.battery.experiment import Column, Tables
from reportgen.experiments.columns import (
    BATCH,
    HIDDEN_ACTIVATION,
    HIDDEN_LAYERS,
    LEARNING_RATE,
    PROBLEM,
    STEP,
    STEPS,
    TEST_EXAMPLES,
    TEST_LOSS,
    TRAINING_EXAMPLES,
)

__all__ = ["MEAN_ABSOLUTE_COSINE", "STABLE_RANK", "TABLES"]

STABLE_RANK = Column("stable_rank", "", "squared Frobenius norm over squared spectral norm; nan for zeros")
MEAN_ABSOLUTE_COSINE = Column("mean_absolute_cosine", "", "mean of abs(cosine) between two units; nan for zeros")

_RUN = Column("course", "", "name of the run")
_NETWORK = (
    _RUN,
    Column("start", "", "registry name of the initializer"),
    Column("weight_noise", "weight", "standard deviation of the noise on top of the initial weights"),
    Column("bias_noise", "weight", "standard deviation of the noise on top of the initial biases"),
    Column("dropout", "share", "chance of a hidden unit to be left out of an update"),
    Column("replicate", "", "number of the independent start, from 0; one that nothing random enters is alone"),
)
_LAYER = Column("layer", "", "layer, from 1 (next to the inputs)")
_UNIT = Column("unit", "", "number of the unit, from 0")

TABLES: Tables = {
    "symmetry_courses": (
        _RUN,
        PROBLEM,
        HIDDEN_ACTIVATION,
        HIDDEN_LAYERS,
        Column("units", "units", "units per hidden layer; 0 where there is none"),
        STEPS,
        LEARNING_RATE,
        Column("optimizer", "", "sgd or adam"),
        Column("weight_decay", "1", "share of the parameters that is added to their gradients"),
        Column("normalization", "", "of the hidden layers: layer, or none"),
        Column("constant_value", "weight", "value of the start at a constant"),
        BATCH,
        TRAINING_EXAMPLES,
        TEST_EXAMPLES,
        Column("best_line_accuracy", "share", "training points right with the best straight line; nan if not searched"),
    ),
    "symmetry_layers": (
        *_NETWORK,
        STEP,
        _LAYER,
        Column("kind", "", "hidden; or readout, the last layer, whose units are the classes"),
        Column("spread", "weight", "greatest difference between two units in any incoming weight or bias"),
        Column("moved", "weight", "greatest change of any weight since the start"),
        Column("bitwise_units", "units", "units that differ from all before them in any bit"),
        Column("distinct_units", "units", "units that differ from all before them by more than 1e-10"),
        Column("rank", "", "singular values of the weights above 1e-10 of the greatest"),
        STABLE_RANK,
        MEAN_ABSOLUTE_COSINE,
        Column("largest_weight", "weight", "greatest absolute weight"),
        Column("largest_bias", "weight", "greatest absolute bias"),
    ),
    "symmetry_learning": (
        *_NETWORK,
        STEP,
        Column("train_loss", "nats", "mean cross-entropy of the training examples"),
        Column("train_accuracy", "share", "training examples classified rightly"),
        TEST_LOSS,
        Column("test_accuracy", "share", "test examples classified rightly"),
    ),
    "symmetry_single_unit": (
        *_NETWORK,
        Column("gap", "nats", "greatest change in a test score if the first unit of a layer stands in for all of them"),
    ),
    "symmetry_weights": (
        *_NETWORK,
        STEP,
        _LAYER,
        Column("input", "", "number of the input or unit below, from 0"),
        _UNIT,
        Column("weight", "weight", "the weight between them"),
    ),
    "symmetry_cosines": (
        *_NETWORK,
        STEP,
        _LAYER,
        _UNIT,
        Column("other_unit", "", "number of another unit, from 0"),
        Column("cosine", "", "cosine between their incoming weights; nan where one has none"),
    ),
    "symmetry_map": (
        *_NETWORK,
        Column("x1", "input std", "first input"),
        Column("x2", "input std", "second input"),
        Column("logit", "nats", "score of the disc minus score of the ring after training"),
    ),
    "symmetry_points": (
        _RUN,
        Column("x1", "input std", "first input of a training point"),
        Column("x2", "input std", "second input of a training point"),
        Column("label", "", "1 in the disc, 0 in the ring"),
    ),
}
