"""Columns that the tables of several experiments share: each name with its unit and what it holds, declared once."""

from __future__ import annotations

from reportgen.battery.experiment import Column

__all__ = [
    "ACTIVATION",
    "BATCH",
    "CLASSES",
    "DATA",
    "DELTA_RMS",
    "DELTA_SECOND_MOMENT",
    "DEPTH",
    "FINITE_DELTAS",
    "HIDDEN_ACTIVATION",
    "HIDDEN_LAYERS",
    "INITIALIZER",
    "LAYER",
    "LEARNING_RATE",
    "LEARNING_RATE_WITH_MOMENTUM",
    "MEAN_SQUARED_SLOPE",
    "NEGLIGIBLE_FRACTION",
    "OPTIMIZER",
    "PRE_ACTIVATION_SECOND_MOMENT",
    "PRE_ACTIVATION_VARIANCE",
    "PROBLEM",
    "REPLICATE",
    "SATURATED_FRACTION",
    "SIGMA_B2",
    "SIGMA_W2",
    "SQUARE_WIDTH",
    "START_REPLICATE",
    "STEP",
    "STEPS",
    "TEST_ACCURACY",
    "TEST_EXAMPLES",
    "TEST_LOSS",
    "TRAINING_EXAMPLES",
    "WEIGHT_FACTOR",
    "WEIGHT_GRADIENT_NORM",
    "WIDTH",
]

# What a network is.
INITIALIZER = Column("initializer", "", "registry name of the initializer")
ACTIVATION = Column("activation", "", "registry name of the activation")
HIDDEN_ACTIVATION = Column("activation", "", "registry name of the activation of the hidden layers")
PROBLEM = Column("problem", "", "circle or digits")
DATA = Column("data", "", "name of the data set")
WIDTH = Column("width", "units", "units per hidden layer")
SQUARE_WIDTH = Column("width", "units", "units per hidden layer, and number of inputs")
HIDDEN_LAYERS = Column("hidden_layers", "layers", "number of hidden layers")
DEPTH = Column("depth", "layers", "number of hidden layers")
SIGMA_W2 = Column("sigma_w2", "", "fan_in times the declared variance of a weight")
SIGMA_B2 = Column("sigma_b2", "", "variance of a bias")

# Where a value was measured.
REPLICATE = Column("replicate", "", "number of the independent network, from 0")
START_REPLICATE = Column("replicate", "", "number of the independent start, from 0")
LAYER = Column("layer", "", "hidden layer, from 1 (next to the inputs)")
STEP = Column("step", "updates", "number of updates made so far")

# Signals and gradients.
PRE_ACTIVATION_SECOND_MOMENT = Column("pre_activation_second_moment", "input std²", "mean of z² over inputs and units")
PRE_ACTIVATION_VARIANCE = Column(
    "pre_activation_variance", "input std²", "variance of z across inputs, averaged over units"
)
SATURATED_FRACTION = Column(
    "saturated_fraction", "share", "share of (input, unit) pairs whose slope is below 5 % of the greatest"
)
MEAN_SQUARED_SLOPE = Column("mean_squared_slope", "", "mean of phi'(z)² over inputs and units")
WEIGHT_FACTOR = Column("weight_factor", "", "fan_out times the mean squared weight of this layer")
DELTA_RMS = Column("delta_rms", "cotangent std", "root mean square of delta = dLoss/dz over inputs and units")
DELTA_SECOND_MOMENT = Column(
    "delta_second_moment", "cotangent std²", "mean of delta² = (dLoss/dz)² over inputs and units"
)
NEGLIGIBLE_FRACTION = Column(
    "negligible_fraction", "share", "share of deltas below a thousandth of their layer's root mean square"
)
WEIGHT_GRADIENT_NORM = Column(
    "weight_gradient_norm", "cotangent std", "Frobenius norm of dLoss/dW, averaged over the batch"
)
FINITE_DELTAS = Column("finite_fraction", "share", "share of deltas that are neither inf nor nan")

# Training.
LEARNING_RATE = Column("learning_rate", "", "step size of gradient descent")
LEARNING_RATE_WITH_MOMENTUM = Column("learning_rate", "", "step size of gradient descent with momentum, or of Adam")
OPTIMIZER = Column("optimizer", "", "sgd (gradient descent with momentum) or adam")
STEPS = Column("steps", "updates", "length of the training")
BATCH = Column("batch", "examples", "examples per update")
TRAINING_EXAMPLES = Column("training_examples", "examples", "examples to train on")
TEST_EXAMPLES = Column("test_examples", "examples", "examples held out")
CLASSES = Column("classes", "", "number of classes")
TEST_LOSS = Column("test_loss", "nats", "mean cross-entropy of the test examples")
TEST_ACCURACY = Column("test_accuracy", "share", "test examples classified rightly; nan where the network has diverged")
