"""What PyTorch, Keras and JAX call the initializers and activations here, and which of theirs cannot be here."""

from reportgen.nn.spellings import jax, keras, pytorch
from reportgen.nn.spellings.unavailable import NO_ACTIVATIONS, NO_INITIALIZERS

__all__ = ["ACTIVATIONS", "INITIALIZERS", "NO_ACTIVATIONS", "NO_INITIALIZERS"]

INITIALIZERS = (*pytorch.INITIALIZERS, *keras.INITIALIZERS, *jax.INITIALIZERS)
ACTIVATIONS = (*pytorch.ACTIVATIONS, *keras.ACTIVATIONS, *jax.ACTIVATIONS)
