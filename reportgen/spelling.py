"""How PyTorch, Keras and JAX write a thing, with their parameters, order and defaults, and what that is called here.

A `Spelling` pairs a signature with a call form of ours: ``leaky_relu(x, negative_slope=0.2)`` of Keras with
``leaky_relu(negative_slope={negative_slope})``. Text that carries a framework's prefix is read by that framework's
spelling; a bare name by all that have it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from string import Formatter

from reportgen.arithmetic import GAINS
from reportgen.callform import Call, Value, Word, parse_call
from reportgen.errors import shortened
from reportgen.frameworks import Misread, ignore, is_theirs, quoted

__all__ = ["Spelling", "fold", "framework_of", "told_defaults", "told_places", "without_array"]

Meaning = str | Callable[..., str]
"""A call form of ours with the parameters of the signature in braces, or a function of them that returns one."""

OPERANDS = ("x", "input", "tensor", "features")
"""What the functions of the frameworks call the array that they work on."""

_MODES = ("fan_in", "fan_out", "fan_avg", "fan_geo_avg", "truncated_normal", "untruncated_normal", "normal", "uniform")
_CHOICES = frozenset((*_MODES, *GAINS, "none", "inf", "nan"))
"""Bare words that are values of parameters: everything else in the place of an array is taken for one."""


def fold(name: str) -> str:
    """Return what all ways to write a name share; a trailing underscore stays, PyTorch gives it a meaning of its own.

    Examples
    --------
    >>> fold("LeakyReLU"), fold("leaky_relu"), fold("leaky_relu_")
    ('leakyrelu', 'leakyrelu', 'leakyrelu_')
    """
    bare = name.strip()
    return bare.lower().replace("_", "") + "_" * bare.endswith("_")


_ROOTS = {
    **dict.fromkeys(("torch", "F", "functional", "init"), "PyTorch"),
    **dict.fromkeys(("keras", "tf", "tensorflow", "layers", "activations", "ops", "K"), "Keras"),
    **dict.fromkeys(("jax", "flax", "linen", "nnx", "jnp", "lax"), "JAX"),
}


def framework_of(path: str, name: str) -> str:
    """Return the framework whose module a name stands behind, "" where it can be any.

    Parameters
    ----------
    path
        What stands before the last dot.
    name
        What stands behind it: ``nn.GELU`` is a class of PyTorch, ``nn.gelu`` a function of Flax.

    Examples
    --------
    >>> framework_of("tf.nn", "gelu"), framework_of("nn.init", "zeros_"), framework_of("nn", "gelu")
    ('Keras', 'PyTorch', 'JAX')
    """
    modules = path.split(".")
    if modules[0] == "nn":
        of_pytorch = {"init", "functional"} & set(modules) or name != name.lower()
        return "PyTorch" if of_pytorch else "JAX"
    return _ROOTS.get(modules[0], "")


def without_array(call: Call, parameters: Collection[str] = ()) -> Call:
    """Return a call form without the array that a framework's function works on.

    Parameters
    ----------
    call
        As the user wrote it.
    parameters
        Words that stand for no array: whoever writes the name of a parameter means to be told how to set it.

    Examples
    --------
    >>> without_array(parse_call("init.normal_(m.weight, 0.0, std=0.1)")).positional
    (0.0,)
    """
    first = call.positional[0] if call.positional else None
    is_array = isinstance(first, Word) and first not in _CHOICES and first not in parameters
    named = [key for key, value in call.keywords.items() if key in OPERANDS and isinstance(value, Word)]
    keywords = {key: value for key, value in call.keywords.items() if key not in named}
    return Call(call.name, call.path, call.positional[is_array:], keywords)


@dataclass(frozen=True)
class Spelling:
    """How one framework writes a thing, and what that is called here.

    Attributes
    ----------
    framework
        PyTorch, Keras or JAX.
    signature
        As the framework documents it; a parameter without a default has to be given.
    meaning
        Our call form, all values by name, or a function of the parameters that returns it. It may raise `Refused`.
    about
        Our names that the meaning may have, where it is a function.
    bare
        Whether the spelling is also read without a prefix; those that a framework has given up are not.
    """

    framework: str
    signature: str
    meaning: Meaning
    about: tuple[str, ...] = ()
    bare: bool = True

    @cached_property
    def _call(self) -> Call:
        return parse_call(self.signature, "signature")

    @cached_property
    def name(self) -> str:
        """The name alone."""
        return self._call.name

    @cached_property
    def takes_array(self) -> bool:
        """Whether the framework's function is called with the array that it works on."""
        return self._call.positional[:1] in [(operand,) for operand in OPERANDS]

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The parameters in their order, without the array."""
        needed = self._call.positional[self.takes_array :]
        return (*map(str, needed), *self._call.keywords)

    @property
    def defaults(self) -> Mapping[str, Value]:
        """The defaults of the parameters that have one."""
        return self._call.keywords

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Our names that it can stand for."""
        return self.about or (parse_call(str(self.meaning).partition("(")[0]).name,)

    @cached_property
    def _used(self) -> frozenset[str]:
        """The parameters that the meaning depends on; the others have to be such as can be ignored."""
        if isinstance(self.meaning, str):
            return frozenset(field for _, field, _, _ in Formatter().parse(self.meaning) if field)
        return frozenset(inspect.signature(self.meaning).parameters) & frozenset(self.parameters)

    def places(self, call: Call) -> tuple[str, ...]:
        """Return the parameters that the values without a name go to."""
        return self.parameters[: len(call.positional)]

    def translated(self, call: Call) -> tuple[Call, Call]:
        """Return what a call form means here, and what of it the signature lacks: that may be parameters of ours.

        Parameters
        ----------
        call
            As the user wrote it, but for the array.

        Raises
        ------
        Misread
            If it does not fit the signature.
        Refused
            If it fits, and we cannot do it.
        """
        if len(call.positional) > len(self.parameters):
            raise Misread(f"too many values; {self.framework} has {', '.join(self.parameters) or 'none'}")
        given = dict(zip(self.parameters, call.positional, strict=False))
        twice = [key for key in call.keywords if key in given]
        if twice:
            raise Misread(f"{shortened(twice[0])} is given twice")
        given |= {key: value for key, value in call.keywords.items() if key in self.parameters}
        for key, value in given.items():
            if key not in self._used:
                self._ignore(key, value, in_place=key not in call.keywords)
        left = {key: value for key, value in call.keywords.items() if key not in self.parameters}
        return self._meant({**self.defaults, **given}), Call(call.name, call.path, (), left)

    def _ignore(self, key: str, value: Value, *, in_place: bool) -> None:
        """Pass a parameter over; one that stands in the wrong place is told with the order."""
        try:
            ignore(key, value)
        except Misread:
            if not in_place:
                raise
            order = ", ".join(self.parameters)
            where = f"without its name is {key} in {self.framework}, whose order is {order}"
            raise Misread(f"{quoted(value)} {where}: write the names, or {self.names[0]}(...)") from None

    def _meant(self, values: Mapping[str, Value]) -> Call:
        missing = [key for key in self._used if key not in values]
        if missing:
            needed = ", ".join(f"{key}=..." for key in self.parameters if key in missing)
            raise Misread(f"a value is missing that has no default in {self.framework}: write {self.name}({needed})")
        used = {key: values[key] for key in self._used}
        if isinstance(self.meaning, str):
            return parse_call(self.meaning.format(**{key: repr(value) for key, value in used.items()}))
        return parse_call(self.meaning(**used))


def told_places(call: Call, places: Mapping[str, tuple[str, ...]]) -> str:
    """Say what the last value without a name that is not read alike is by each framework, ours under ""."""
    at = max(at for at in range(len(call.positional)) if len({names[at : at + 1] for names in places.values()}) > 1)
    told: dict[str, list[str]] = {}
    for by, names in places.items():
        told.setdefault(names[at] if at < len(names) else "nothing", []).append(f"in {by}" if by else "here")
    readings = ", ".join(f"{name} {' and '.join(where)}" for name, where in told.items())
    value = quoted(call.positional[at])
    return f"{value} without its name is {readings}: write {next(iter(told))}={value}, or what you mean"


def told_defaults(spellings: Iterable[Spelling]) -> str:
    """Say what the frameworks take for granted in a name that is not ours."""
    defaults = {
        spelling.framework: ", ".join(
            f"{key}={value}" for key, value in spelling.defaults.items() if not is_theirs(key)
        )
        for spelling in spellings
    }
    told = ", ".join(f"{values} in {framework}" for framework, values in defaults.items())
    return f"its defaults are {told}: write the one that you mean"
