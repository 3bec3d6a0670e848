"""What the tests' plugins register in."""

from reportgen.registry import Registry

things: Registry[float] = Registry("thing")
