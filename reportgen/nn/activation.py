"""What an activation is: a function of the pre-activation, its derivative, its kinks, and how one is registered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from reportgen.errors import UsageError
from reportgen.foreign import is_foreign
from reportgen.nn.contract import require_defaults, require_kinks, require_words
from reportgen.nn.holding import hold_activation
from reportgen.registry import Definition, Registry, Scalar, Told, keyword_defaults, tell

__all__ = ["Activation", "Array", "activation", "activations"]

Array = NDArray[Any]
Phi = TypeVar("Phi", bound=Callable[..., Array])
Fused = Callable[[Array, Array, Array], None]


@dataclass(frozen=True, slots=True)
class Activation:
    """What a unit makes of its pre-activation: phi and its derivative, with their parameters filled in.

    Attributes
    ----------
    name
        Canonical call form, e.g. ``leaky_relu(negative_slope=0.2)``.
    aliases
        Other spellings of the name.
    phi, derivative
        Called with float arrays of any shape; shape and dtype of the result are those of the argument. Theory works
        with these two alone: by their values, not by the name, it recognizes what has closed forms (a piecewise linear
        function with its kink at 0, the error function).
    kinks
        Where the derivative jumps or has a corner: quadrature splits there.
    label
        Short name for people.
    formula
        LaTeX of phi(z).
    reference
        Paper, year and equation.
    fused
        Called as ``fused(z, h, slope)``, writes phi(z) and its derivative into two arrays of the shape of z; None where
        there is no such function.
    """

    name: str
    aliases: tuple[str, ...]
    phi: Callable[[Array], Array]
    derivative: Callable[[Array], Array]
    kinks: tuple[float, ...]
    label: str
    formula: str
    reference: str
    fused: Fused | None = None

    def with_slope(self, z: Array, out: tuple[Array, Array] | None = None) -> tuple[Array, Array]:
        """Return phi(z) and its derivative, each of the shape and dtype of z.

        Parameters
        ----------
        out
            Two arrays that are written into and returned; new ones without it, or z itself where that is phi(z).
        """
        if self.fused is None:
            both = self.phi(z), self.derivative(z)
            if out is None:
                return both
            for given, values in zip(out, both, strict=True):  # a function may return z itself, which others overwrite
                given[...] = values
            return out
        h, slope = out or (np.empty_like(z), np.empty_like(z))
        self.fused(z, h, slope)
        return h, slope

    @property
    def greatest_slope(self) -> float:
        """The greatest absolute derivative, searched for on [-40, 40] and on both sides of every kink.

        Where it grows without end, as that of exp, it is the greatest on [-1, 1]: one standard deviation of a healthy
        pre-activation.

        Examples
        --------
        >>> from reportgen.nn.activations import activations
        >>> round(activations.get("gelu").greatest_slope, 4)
        1.1289
        """
        return _greatest_slope(self.derivative, self.kinks)

    @property
    def is_bounded(self) -> bool:
        """Whether phi has a bound on both sides, against which a large pre-activation presses the output.

        Found by its values: far out it is hardly further from 0 than on [-1000, 1000], where all of them are numbers.

        Examples
        --------
        >>> from reportgen.nn.activations import activations
        >>> [name for name in ("tanh", "softsign", "relu", "relu6", "elu") if activations.get(name).is_bounded]
        ['tanh', 'softsign', 'relu6']
        """
        return _is_bounded(self.phi)


@lru_cache(maxsize=64)
def _greatest_slope(derivative: Callable[[Array], Array], kinks: tuple[float, ...]) -> float:
    step = 0.005
    around_kinks = [kink + side for kink in kinks for side in (-1e-9, 0.0, 1e-9)]
    coarse = np.concatenate([np.linspace(-40.0, 40.0, round(80 / step) + 1), around_kinks])
    slopes = np.abs(derivative(coarse))
    peak = coarse[slopes.argmax()]
    if abs(peak) > 39.9 and slopes.max() > 1.01 * np.abs(derivative(peak * np.array([0.975]))).max():
        return float(np.abs(derivative(np.linspace(-1.0, 1.0, 2001))).max())
    fine = np.abs(derivative(np.linspace(peak - step, peak + step, 2001)))
    return float(max(slopes.max(), fine.max()))


@lru_cache(maxsize=64)
def _is_bounded(phi: Callable[[Array], Array]) -> bool:
    near, far = np.geomspace(0.01, 1e3, 51), np.geomspace(1e3, 1e30, 51)
    with np.errstate(all="ignore"):
        inside, outside = (np.abs(phi(np.concatenate([-z, z]))) for z in (near, far))
    return bool(np.isfinite(inside).all() and (outside <= 2 * inside.max()).all())


activations: Registry[Activation] = Registry("activation")


def activation(
    name: str,
    *,
    derivative: Callable[..., Array],
    kinks: tuple[float, ...] | Callable[..., tuple[float, ...]] = (),
    label: str,
    formula: Told,
    reference: str,
    aliases: Mapping[str, Mapping[str, Scalar]] | None = None,
    parameter_aliases: Mapping[str, str] | None = None,
    simpler: Callable[..., str] | None = None,
    fused: Callable[..., Fused | None] | None = None,
) -> Callable[[Phi], Phi]:
    r"""Register the decorated function as an activation; a plugin file adds its own in the same way.

    The function is called as ``phi(z, **parameters)``. Its keyword-only parameters, each with a default, are the
    parameters of the call form. It raises `UsageError` for values that it cannot use.

    Parameters
    ----------
    name
        Canonical snake_case name.
    derivative
        Called as ``derivative(z, **parameters)``.
    label, reference
        As in `Activation`.
    kinks, formula
        As in `Activation`, or a function of the parameters that returns it.
    aliases, parameter_aliases, simpler
        As in `reportgen.registry.Definition`.
    fused
        A function of the parameters that returns `Activation.fused`, or None for values without one.

    Raises
    ------
    UsageError
        If the derivative is not a function, or the name is taken.

    Notes
    -----
    A whole plugin file::

        import numpy as np
        from reportgen.nn.activations import activation

        @activation("sine", derivative=np.cos, label="sine", formula=r"\sin z", reference="Sitzmann et al. 2020")
        def sine(z):
            return np.sin(z)
    """
    what = f"activation {name}"
    require_words("an activation", name=name)
    require_words(what, label=label, reference=reference, **({} if callable(formula) else {"formula": formula}))
    kinks = kinks if callable(kinks) else require_kinks(what, kinks)
    if not callable(derivative):
        raise UsageError(f"activation {name} has no derivative: gradients and theory need one")

    def register(phi: Phi) -> Phi:
        def make(call: str, parameters: dict[str, Scalar]) -> Activation:
            return Activation(
                name=call,
                aliases=tuple(activations.spellings(name)),
                phi=partial(phi, **parameters) if parameters else phi,
                derivative=partial(derivative, **parameters) if parameters else derivative,
                kinks=kinks(**parameters) if callable(kinks) else kinks,
                label=call.replace(name, label + " ", 1).strip(),
                formula=tell(formula, parameters),
                reference=reference,
                fused=fused(**parameters) if fused else None,
            )

        def build(call: str, parameters: dict[str, Scalar]) -> Activation:
            if is_foreign(phi):
                return hold_activation(make, phi, call, parameters)
            item = make(call, parameters)
            if parameters:
                _try(item)
            return item

        defaults = keyword_defaults(phi)
        require_defaults(what, defaults)
        activations.add(
            Definition(
                name,
                build,
                parameters=defaults,
                aliases=aliases or {},
                parameter_aliases=parameter_aliases or {},
                owner=phi.__module__,
                simpler=simpler,
            )
        )
        return phi

    return register


def _try(item: Activation) -> None:
    """Call phi once, so that a value that cannot be used is refused here and not in the middle of a run."""
    try:
        item.phi(np.ones(1))
    except UsageError as error:
        raise UsageError(f"activation {item.name.partition('(')[0]}: {error}") from None
