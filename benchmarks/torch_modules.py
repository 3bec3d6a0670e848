"""PyTorch, and the canonical activations as modules of it.

It is taken as untyped: code is checked alike where it is installed and where it is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from types import MappingProxyType
from typing import Any

from threadpoolctl import threadpool_limits

__all__ = ["MODULES", "threads", "torch"]

torch: Any = import_module("torch")

MODULES: Mapping[str, Callable[[], Any]] = MappingProxyType(
    {
        "linear": torch.nn.Identity,
        "sigmoid": torch.nn.Sigmoid,
        "tanh": torch.nn.Tanh,
        "relu": torch.nn.ReLU,
        "leaky_relu": torch.nn.LeakyReLU,
        "elu": torch.nn.ELU,
        "selu": torch.nn.SELU,
        "gelu": torch.nn.GELU,
        "silu": torch.nn.SiLU,
        "softplus": torch.nn.Softplus,
        "softsign": torch.nn.Softsign,
    }
)
"""Canonical name -> module."""


@contextmanager
def threads(number: int) -> Iterator[None]:
    """Give PyTorch, and the library that NumPy multiplies with, so many threads."""
    before = torch.get_num_threads()
    torch.set_num_threads(number)
    try:
        with threadpool_limits(number):
            yield
    finally:
        torch.set_num_threads(before)
