"""A cell is one unit of work, as pure data; its streams are the random numbers that it may use."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

__all__ = ["Cell", "Factor", "Streams"]

Factor = str | int | float | bool | tuple[int, ...] | tuple[float, ...] | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One unit of work: which part of which experiment, and the factors that it is to be measured at.

    Attributes
    ----------
    experiment
        Name of the experiment that measures this cell.
    part
        Name of the part of the experiment.
    factors
        Sorted (name, value) pairs: registry names and numbers, never callables.
    """

    experiment: str
    part: str
    factors: tuple[tuple[str, Factor], ...]

    @classmethod
    def of(cls, experiment: str, part: str, /, **factors: Factor) -> Cell:
        """Make a cell from keyword factors."""
        return cls(experiment, part, tuple(sorted(factors.items())))

    def __getitem__(self, name: str) -> Factor:
        return self.mapping()[name]

    def mapping(self) -> Mapping[str, Factor]:
        """Return the factors as a mapping."""
        return dict(self.factors)

    def canonical(self) -> str:
        """Return the canonical JSON text of this cell."""
        content = {"experiment": self.experiment, "part": self.part, "factors": self.mapping()}
        return json.dumps(content, sort_keys=True, separators=(",", ":"))

    def key(self, seed: int, code: str) -> str:
        """Return the sha256 under which the result of this cell is stored.

        Parameters
        ----------
        seed
            Root seed of the run.
        code
            Digest of the code (and the plugins) that measures.
        """
        return hashlib.sha256(f"{self.canonical()}\n{seed}\n{code}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Streams:
    """The random generators of a run, each named by (root seed, replicate, stream, layer).

    They depend neither on the order of cells nor on the initializer: initializers are compared on common random
    numbers, and layer l keeps its draws when the net gets deeper.
    """

    seed: int

    def data(self, replicate: int) -> np.random.Generator:
        """Return the generator of the inputs of one replicate."""
        return self._generator(replicate, 0, 0)

    def weights(self, replicate: int, layer: int) -> np.random.Generator:
        """Return the generator of the weights of one layer (1, 2, ...) of one replicate."""
        return self._generator(replicate, 1, layer)

    def biases(self, replicate: int, layer: int) -> np.random.Generator:
        """Return the generator of the biases of one layer (1, 2, ...) of one replicate."""
        return self._generator(replicate, 2, layer)

    def cotangents(self, replicate: int) -> np.random.Generator:
        """Return the generator of the gradients that enter a network at its top."""
        return self._generator(replicate, 2, 0)

    def order(self, replicate: int) -> np.random.Generator:
        """Return the generator of the order in which examples are trained on; a training has no other cotangents."""
        return self._generator(replicate, 2, 0)

    def dropout(self, replicate: int, layers: int) -> np.random.Generator:
        """Return the generator of the units that are left out, of a network of this many layers of weights."""
        return self._generator(replicate, 2, layers + 1)  # behind the biases of its last layer

    def summands(self, number: int, part: int = 0) -> np.random.Generator:
        """Return the generator of the inputs of sums that are drawn without a network."""
        return self._generator(number, 2, part)

    def _generator(self, replicate: int, stream: int, layer: int) -> np.random.Generator:
        return np.random.default_rng(np.random.SeedSequence([self.seed, replicate, stream, layer]))
