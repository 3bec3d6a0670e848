"""What an initializer is: a distribution of weights, the variance that it declares, and how one is registered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeVar

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from reportgen.errors import UsageError
from reportgen.foreign import is_foreign
from reportgen.nn.contract import require_defaults, require_functions, require_words
from reportgen.nn.holding import hold_initializer
from reportgen.registry import Definition, Registry, Scalar, Told, Value, keyword_defaults, tell

__all__ = ["Initializer", "Limit", "Weights", "initializer", "initializers", "require", "tex", "tex_squared"]

Weights = NDArray[np.float64]
Limit = Literal["iid", "orthogonal", "none"]
Draw = TypeVar("Draw", bound=Callable[..., Weights])


@dataclass(frozen=True, slots=True)
class Initializer:
    """A distribution that weights are drawn from, with its parameters filled in.

    Attributes
    ----------
    name
        Canonical call form, e.g. ``he_normal(mode=fan_out)``.
    aliases
        Other spellings of the name.
    draw
        Called as ``draw(rng, fan_in, fan_out)``; returns float64 weights of shape (fan_in, fan_out).
    variance
        Called as ``variance(fan_in, fan_out)``; the variance that a weight is declared to have, which theory and the
        tests take at its word. 0 where all weights are equal, None where they are fixed but not equal.
    label
        Short name for people.
    formula
        LaTeX of the variance or of the distribution.
    reference
        Paper, year and equation.
    truncated
        "truncated, corrected", "truncated, not corrected" or "not truncated" for a normal distribution, else "".
    limit
        What theory may put in the place of a wide layer: "iid" zero-mean weights or an "orthogonal" matrix. "none"
        leaves the initializer out of what theory predicts.
    """

    name: str
    aliases: tuple[str, ...]
    draw: Callable[[Generator, int, int], Weights]
    variance: Callable[[int, int], float | None]
    label: str
    formula: str
    reference: str
    truncated: str
    limit: Limit

    def sigma_w2(self, fan_in: int, fan_out: int) -> float:
        """Return the declared fan_in Var(w), the one number that tells starts apart; nan where none is declared.

        It is the variance of a weighted sum of inputs of mean square 1, sigma_w² of mean field theory (Poole et al.
        2016, eq. 1).

        Examples
        --------
        >>> from reportgen.nn.initializers import initializers
        >>> [initializers.get(name).sigma_w2(128, 128) for name in ("he_normal", "glorot_uniform", "zeros")]
        [2.0, 1.0, 0.0]
        """
        variance = self.variance(fan_in, fan_out)
        return float("nan") if variance is None else fan_in * variance


initializers: Registry[Initializer] = Registry("initializer")


def initializer(
    name: str,
    *,
    variance: Callable[..., float | None],
    label: str,
    formula: Told,
    reference: str,
    truncated: Told = "",
    limit: Callable[..., Limit] | Limit = "none",
    aliases: Mapping[str, Mapping[str, Scalar]] | None = None,
    parameter_aliases: Mapping[str, str] | None = None,
    instead: Mapping[str, Callable[[Mapping[str, Value]], str]] | None = None,
) -> Callable[[Draw], Draw]:
    r"""Register the decorated function as an initializer; a plugin file adds its own in the same way.

    The function is called as ``function(rng, fan_in, fan_out, **parameters)`` and returns an array of shape
    (fan_in, fan_out). Its keyword-only parameters, each with a default, are the parameters of the call form. It
    raises `UsageError` for values that it cannot use.

    Parameters
    ----------
    name
        Canonical snake_case name.
    variance
        Called as ``variance(fan_in, fan_out, **parameters)``.
    label, reference
        As in `Initializer`.
    formula, truncated, limit
        As in `Initializer`, or a function of the parameters that returns it.
    aliases, parameter_aliases, instead
        As in `reportgen.registry.Definition`.

    Notes
    -----
    A whole plugin file::

        from reportgen.nn.initializers import initializer

        @initializer("coin", variance=lambda *_, size: size**2, label="coin", formula=r"w = \pm s", reference="")
        def coin(rng, fan_in, fan_out, *, size=0.1):
            return size * rng.choice([-1.0, 1.0], (fan_in, fan_out))
    """
    what = f"initializer {name}"
    require_words("an initializer", name=name)
    told = {"formula": formula, "truncated": truncated}
    texts = {key: text for key, text in told.items() if not callable(text)}
    require_words(what, label=label, reference=reference, **texts)
    require_functions(what, variance=variance)

    def register(function: Draw) -> Draw:
        def make(call: str, parameters: dict[str, Scalar]) -> Initializer:
            return Initializer(
                name=call,
                aliases=tuple(initializers.spellings(name)),
                draw=partial(function, **parameters),
                variance=partial(variance, **parameters),
                label=call.replace(name, label + " ", 1).strip(),
                formula=tell(formula, parameters),
                reference=reference,
                truncated=tell(truncated, parameters),
                limit=limit(**parameters) if callable(limit) else limit,
            )

        def build(call: str, parameters: dict[str, Scalar]) -> Initializer:
            if is_foreign(function):
                return hold_initializer(make, function, call, parameters)
            _try(partial(function, **parameters), name)
            return make(call, parameters)

        defaults = keyword_defaults(function)
        require_defaults(what, defaults)
        initializers.add(
            Definition(
                name,
                build,
                parameters=defaults,
                aliases=aliases or {},
                parameter_aliases=parameter_aliases or {},
                owner=function.__module__,
                instead=instead or {},
            )
        )
        return function

    return register


def require(condition: object, otherwise: str) -> None:
    """Raise a `UsageError` with this sentence unless the condition holds."""
    if not condition:
        raise UsageError(otherwise)


def tex(number: float) -> str:
    r"""Return a number in LaTeX, to four digits.

    >>> print(tex(2.0), tex(1e-05))
    2 1 \times 10^{-5}
    """
    mantissa, _, exponent = f"{number:.4g}".partition("e")
    return rf"{mantissa} \times 10^{{{int(exponent)}}}" if exponent else mantissa


def tex_squared(number: float) -> str:
    """Return the square of a number in LaTeX, left to the reader to work out."""
    base = tex(number)
    return rf"\left( {base} \right)^{{2}}" if "^" in base else f"{base}^{{2}}"


def _try(draw: Callable[[Generator, int, int], Weights], name: str) -> None:
    """Draw once, so that a value that cannot be used is refused here and not by a worker in the middle of a run."""
    try:
        shape = np.shape(draw(np.random.default_rng(0), 2, 3))
        require(shape == (2, 3), f"draws shape {shape} where (fan_in, fan_out) is (2, 3)")
    except UsageError as error:
        raise UsageError(f"initializer {name}: {error}") from None
