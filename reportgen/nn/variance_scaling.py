"""Initializers whose variance follows the size of the layer: one family and its special cases.

The family has ``Var(w) = scale / n`` with n made of `fan_in` and `fan_out`, n_in and n_out in the papers. A special
case is a function from its own parameters to the family's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from math import sqrt

from numpy.random import Generator

from reportgen.errors import UsageError, did_you_mean, shortened
from reportgen.nn.initializer import Weights, initializer, require, tex
from reportgen.nn.truncation import TRUNCATED_STDDEV, truncated_draws
from reportgen.registry import Scalar, Value

__all__ = [
    "VarianceScaling",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "lecun_normal",
    "lecun_uniform",
    "variance_scaling",
]

Shape = tuple[int, int]
Advice = Callable[[Mapping[str, Value]], str]

_FANS: dict[str, tuple[Callable[[int, int], float], str]] = {
    "fan_in": (lambda fan_in, _: fan_in, r"n_{\mathrm{in}}"),
    "fan_out": (lambda _, fan_out: fan_out, r"n_{\mathrm{out}}"),
    "fan_avg": (lambda fan_in, fan_out: (fan_in + fan_out) / 2, r"n_{\mathrm{in}} + n_{\mathrm{out}}"),
    "fan_geo_avg": (lambda fan_in, fan_out: sqrt(fan_in * fan_out), r"\sqrt{n_{\mathrm{in}} n_{\mathrm{out}}}"),
}

_UNIT_DRAWS: dict[str, tuple[Callable[[Generator, Shape], Weights], str]] = {
    "truncated_normal": (lambda rng, shape: truncated_draws(rng, shape) / TRUNCATED_STDDEV, "truncated, corrected"),
    "untruncated_normal": (lambda rng, shape: rng.standard_normal(shape), "not truncated"),
    "normal": (lambda rng, shape: rng.standard_normal(shape), "not truncated"),
    "uniform": (lambda rng, shape: sqrt(3) * (2 * rng.random(shape) - 1), ""),
}


@dataclass(frozen=True, slots=True)
class VarianceScaling:
    """Normal or uniform weights of variance ``Var(w) = scale / n``.

    Attributes
    ----------
    scale
        Variance of the weighted sum of n independent inputs of unit variance.
    mode
        What n is: fan_in, fan_out, fan_avg (their mean) or fan_geo_avg (their geometric mean).
    distribution
        truncated_normal (cut at two standard deviations, then brought back to the declared variance),
        untruncated_normal (also called normal) or uniform.
    """

    scale: float
    mode: str
    distribution: str

    def __post_init__(self) -> None:
        require(self.scale > 0, f"scale must be above 0, not {self.scale:g}")
        for what, word, known in (("mode", self.mode, _FANS), ("distribution", self.distribution, _UNIT_DRAWS)):
            if word not in known:  # the sentence is slow to write, and every draw comes by here
                raise UsageError(f"unknown {what} '{shortened(word)}': {did_you_mean(word, known)}")

    def draw(self, rng: Generator, fan_in: int, fan_out: int) -> Weights:
        """Return weights of shape (fan_in, fan_out)."""
        unit_draw, _ = _UNIT_DRAWS[self.distribution]
        return sqrt(self.variance(fan_in, fan_out)) * unit_draw(rng, (fan_in, fan_out))

    def variance(self, fan_in: int, fan_out: int) -> float:
        """Return the variance of a weight."""
        fan, _ = _FANS[self.mode]
        return self.scale / fan(fan_in, fan_out)

    @property
    def formula(self) -> str:
        """The variance in LaTeX."""
        numerator = 2 * self.scale if self.mode == "fan_avg" else self.scale
        return rf"\mathrm{{Var}}(w) = \frac{{{tex(numerator)}}}{{{_FANS[self.mode][1]}}}"

    @property
    def truncated(self) -> str:
        """How the normal distribution is cut, or "" for the uniform one."""
        return _UNIT_DRAWS[self.distribution][1]


def _special_case(
    *,
    label: str,
    reference: str,
    parameter_aliases: Mapping[str, str] | None = None,
) -> Callable[[Callable[..., VarianceScaling]], Callable[..., VarianceScaling]]:
    """Register a function that chooses the parameters of the family as an initializer of the same name."""

    def register(choose: Callable[..., VarianceScaling]) -> Callable[..., VarianceScaling]:
        @wraps(choose)
        def draw(rng: Generator, fan_in: int, fan_out: int, **parameters: Scalar) -> Weights:
            return choose(**parameters).draw(rng, fan_in, fan_out)

        initializer(
            choose.__name__,
            variance=lambda fan_in, fan_out, **parameters: choose(**parameters).variance(fan_in, fan_out),
            label=label,
            formula=lambda **parameters: choose(**parameters).formula,
            reference=reference,
            truncated=lambda **parameters: choose(**parameters).truncated,
            limit="iid",
            parameter_aliases=parameter_aliases,
            instead=_instead(choose.__name__),
        )(draw)
        return choose

    return register


def _instead(name: str) -> dict[str, Advice]:
    """Return the parameters that a special case has built in, each with how to have another value of it."""
    if name == "variance_scaling":
        return {}
    fan = "fan_avg" if name.startswith("glorot") else "fan_in"
    shape = name.rpartition("_")[2]

    def scaled(written: Mapping[str, Value], scale: float) -> str:
        distribution = ", distribution=uniform" if shape == "uniform" else ""
        return f"variance_scaling(scale={scale:.6g}, mode={written.get('mode', fan)}{distribution})"

    def of_gain(written: Mapping[str, Value]) -> str:
        gain = written["gain"]
        if not isinstance(gain, float | int):
            return f"its gain is built in; for another write glorot_{shape}(gain=..., mode={fan})"
        ours = f"glorot_{shape}(gain={gain:.6g}, mode={written.get('mode', fan)})"
        return f"its gain is built in; for a gain of {gain:.6g} write {ours} or {scaled(written, gain * gain)}"

    def of_scale(written: Mapping[str, Value]) -> str:
        scale = written["scale"]
        number = scale if isinstance(scale, float | int) else 1.0
        return f"its scale is built in; write {scaled(written, number)}"

    def of_activation(written: Mapping[str, Value]) -> str:
        word = shortened(str(written["nonlinearity"]))
        return f"only PyTorch's kaiming functions choose a gain: write kaiming_{shape}_(nonlinearity={word})"

    choices: dict[str, Advice] = {"scale": of_scale, "nonlinearity": of_activation}
    return choices if fan == "fan_avg" else {"gain": of_gain, **choices}


_NORMAL = {True: "truncated_normal", False: "untruncated_normal"}


@_special_case(
    label="variance scaling",
    reference="LeCun et al. 1998, eq. 16; Glorot & Bengio 2010, eq. 12; He et al. 2015, eq. 10",
)
def variance_scaling(
    *, scale: float = 1.0, mode: str = "fan_in", distribution: str = "truncated_normal"
) -> VarianceScaling:
    """Return any member of the family.

    >>> variance_scaling(scale=3.0, mode="fan_avg").variance(100, 200)
    0.02
    """
    return VarianceScaling(scale, mode, distribution)


@_special_case(label="LeCun normal", reference="LeCun, Bottou, Orr & Müller 1998, eq. 16")
def lecun_normal(*, mode: str = "fan_in", truncated: bool = True) -> VarianceScaling:
    """Keep the variance of independent inputs: ``Var(w) = 1 / fan_in`` (LeCun et al. 1998, eq. 16).

    >>> lecun_normal().variance(128, 64) * 128
    1.0
    """
    return VarianceScaling(1.0, mode, _NORMAL[truncated])


@_special_case(label="LeCun uniform", reference="LeCun, Bottou, Orr & Müller 1998, eq. 16")
def lecun_uniform(*, mode: str = "fan_in") -> VarianceScaling:
    """As `lecun_normal`, even between ``+-sqrt(3 / fan_in)``.

    >>> lecun_uniform(mode="fan_out").variance(128, 64) * 64
    1.0
    """
    return VarianceScaling(1.0, mode, "uniform")


@_special_case(
    label="Glorot normal",
    reference="Glorot & Bengio 2010, eq. 12",
)
def glorot_normal(*, gain: float = 1.0, mode: str = "fan_avg", truncated: bool = True) -> VarianceScaling:
    """Balance forward and backward pass: ``Var(w) = 2 gain^2 / (fan_in + fan_out)`` (Glorot & Bengio 2010, eq. 12).

    >>> glorot_normal().variance(100, 300) * 200
    1.0
    """
    return VarianceScaling(_squared(gain), mode, _NORMAL[truncated])


@_special_case(
    label="Glorot uniform",
    reference="Glorot & Bengio 2010, eq. 16",
)
def glorot_uniform(*, gain: float = 1.0, mode: str = "fan_avg") -> VarianceScaling:
    """As `glorot_normal`, even between ``+-gain sqrt(6 / (fan_in + fan_out))`` (Glorot & Bengio 2010, eq. 16).

    >>> glorot_uniform(gain=2.0).variance(100, 300) * 200
    4.0
    """
    return VarianceScaling(_squared(gain), mode, "uniform")


def _squared(gain: float) -> float:
    require(gain > 0, f"gain must be above 0, not {gain:g}")
    return gain * gain


@_special_case(
    label="He normal",
    reference="He, Zhang, Ren & Sun 2015, eq. 10 and 15",
    parameter_aliases={"a": "negative_slope"},
)
def he_normal(*, negative_slope: float = 0.0, mode: str = "fan_in", truncated: bool = True) -> VarianceScaling:
    """Make up for the half that ReLU cuts: ``Var(w) = 2 / ((1 + negative_slope^2) fan_in)`` (He 2015, eq. 15).

    >>> he_normal(mode="fan_out").variance(128, 64) * 64
    2.0
    """
    return VarianceScaling(2 / (1 + negative_slope * negative_slope), mode, _NORMAL[truncated])


@_special_case(
    label="He uniform",
    reference="He, Zhang, Ren & Sun 2015, eq. 10 and 15",
    parameter_aliases={"a": "negative_slope"},
)
def he_uniform(*, negative_slope: float = 0.0, mode: str = "fan_in") -> VarianceScaling:
    """As `he_normal`, even between ``+-sqrt(6 / ((1 + negative_slope^2) fan_in))``.

    >>> he_uniform(negative_slope=1.0).variance(128, 64) * 128
    1.0
    """
    return VarianceScaling(2 / (1 + negative_slope * negative_slope), mode, "uniform")
