"""How weights start: every initializer, the variance that it declares and the spellings of other frameworks.

An initializer is one function decorated with `initializer`, here or in a plugin file; those whose scale follows the
size of the layer stand in `reportgen.nn.variance_scaling`. Weights have the shape (fan_in, fan_out). All normal
distributions scale one ``rng.standard_normal`` draw and all uniform ones one ``rng.random`` draw: given equal
generators, two initializers of a family differ by their scale alone.
"""

from __future__ import annotations

from math import ceil

import numpy as np
from numpy.random import Generator

from reportgen.nn.initializer import Initializer, Limit, Weights, initializer, initializers, require, tex, tex_squared
from reportgen.nn.spellings import INITIALIZERS, NO_INITIALIZERS
from reportgen.nn.truncation import TRUNCATED_STDDEV, CutNormal, normal_formula, truncated_draws
from reportgen.nn.variance_scaling import VarianceScaling

__all__ = ["TRUNCATED_STDDEV", "Initializer", "Limit", "initializer", "initializers"]


@initializer(
    "zeros",
    variance=lambda *_: 0.0,
    label="zeros",
    formula="w = 0",
    reference="Goodfellow, Bengio & Courville 2016, sec. 8.4",
)
def zeros(_rng: Generator, fan_in: int, fan_out: int) -> Weights:
    """Return zeros: a saddle of the loss, from which most networks cannot move.

    >>> zeros(np.random.default_rng(0), 1, 2)
    array([[0., 0.]])
    """
    return np.zeros((fan_in, fan_out))


@initializer(
    "ones",
    variance=lambda *_: 0.0,
    label="ones",
    formula="w = 1",
    reference="Goodfellow, Bengio & Courville 2016, sec. 8.4",
)
def ones(_rng: Generator, fan_in: int, fan_out: int) -> Weights:
    """Return ones: all units of a layer are the same.

    >>> ones(np.random.default_rng(0), 1, 2)
    array([[1., 1.]])
    """
    return np.ones((fan_in, fan_out))


@initializer(
    "constant",
    variance=lambda *_, **__: 0.0,
    label="constant",
    formula=lambda value: f"w = {tex(value)}",
    reference="Goodfellow, Bengio & Courville 2016, sec. 8.4",
    parameter_aliases={"val": "value"},
)
def constant(_rng: Generator, fan_in: int, fan_out: int, *, value: float = 0.1) -> Weights:
    """Return one value everywhere: all units of a layer are the same, and stay so.

    >>> constant(np.random.default_rng(0), 1, 2, value=0.5)
    array([[0.5, 0.5]])
    """
    return np.full((fan_in, fan_out), value)


@initializer(
    "random_normal",
    variance=lambda *_, stddev, **__: stddev * stddev,
    label="normal",
    formula=normal_formula,
    reference="Krizhevsky, Sutskever & Hinton 2012, sec. 5",
    truncated="not truncated",
    limit=lambda mean, **_: "none" if mean else "iid",
    parameter_aliases={"std": "stddev"},
)
def random_normal(rng: Generator, fan_in: int, fan_out: int, *, mean: float = 0.0, stddev: float = 0.05) -> Weights:
    """Draw from a normal distribution whose scale does not depend on the layer.

    >>> round(float(random_normal(np.random.default_rng(0), 300, 300, stddev=1.0).std()), 1)
    1.0
    """
    require(stddev >= 0, f"stddev must be 0 or more, not {stddev:g}")
    return mean + stddev * rng.standard_normal((fan_in, fan_out))


@initializer(
    "random_uniform",
    variance=lambda *_, minval, maxval: (maxval - minval) * (maxval - minval) / 12,
    label="uniform",
    formula=lambda minval, maxval: rf"w \sim \mathcal{{U}}\left( {tex(minval)}, {tex(maxval)} \right)",
    reference="Glorot & Bengio 2010, eq. 1, without its scale",
    limit=lambda minval, maxval: "none" if minval + maxval else "iid",
    parameter_aliases={"a": "minval", "b": "maxval", "scale": "maxval"},
)
def random_uniform(
    rng: Generator, fan_in: int, fan_out: int, *, minval: float = -0.05, maxval: float = 0.05
) -> Weights:
    """Draw evenly between two values that do not depend on the layer; ``Var(w) = (maxval - minval)^2 / 12``.

    >>> bool(random_uniform(np.random.default_rng(0), 3, 3, minval=2.0, maxval=3.0).min() >= 2)
    True
    """
    require(minval <= maxval, f"minval must not be above maxval, but {minval:g} > {maxval:g}")
    return minval + (maxval - minval) * rng.random((fan_in, fan_out))


@initializer(
    "truncated_normal",
    variance=lambda *_, **parameters: CutNormal.of(**parameters).variance,
    label="truncated normal",
    formula=lambda **parameters: CutNormal.of(**parameters).formula,
    reference="Keras, TruncatedNormal; PyTorch, trunc_normal_",
    truncated="truncated, not corrected",
    limit=lambda mean, lower, upper, **_: "none" if mean or lower + upper else "iid",
    parameter_aliases={"std": "stddev", "a": "lower", "b": "upper"},
)
def truncated_normal(
    rng: Generator,
    fan_in: int,
    fan_out: int,
    *,
    mean: float = 0.0,
    stddev: float = 0.05,
    lower: float = -2.0,
    upper: float = 2.0,
    absolute: bool = False,
) -> Weights:
    """Draw from a normal distribution that is cut; `stddev` is that before the cut, so the weights vary less.

    The cuts count in standard deviations from the mean (Keras, JAX) or, with `absolute`, are values of the weights
    (PyTorch).

    >>> round(initializers.get("truncated_normal(stddev=1)").variance(9, 9) ** 0.5, 4)
    0.8796
    """
    cut = CutNormal.of(mean=mean, stddev=stddev, lower=lower, upper=upper, absolute=absolute)
    return mean + stddev * truncated_draws(rng, (fan_in, fan_out), cut.lower, cut.upper)


_LARGER_FAN = r"{\max(n_{\mathrm{in}}, n_{\mathrm{out}})}"


@initializer(
    "orthogonal",
    variance=lambda fan_in, fan_out, gain: gain * gain / max(fan_in, fan_out),
    label="orthogonal",
    formula=lambda gain: rf"\mathrm{{Var}}(w) = \frac{{{tex(gain * gain)}}}{_LARGER_FAN}",
    reference="Saxe, McClelland & Ganguli 2014",
    limit="orthogonal",
    parameter_aliases={"scale": "gain"},
)
def orthogonal(rng: Generator, fan_in: int, fan_out: int, *, gain: float = 1.0) -> Weights:
    """Draw a matrix whose rows or columns, whichever are fewer, are orthogonal and of length `gain`.

    Q of the QR decomposition of a normal matrix is evenly distributed once the signs of R's diagonal are moved into it
    (Mezzadri 2007).

    >>> W = orthogonal(np.random.default_rng(0), 5, 3)
    >>> bool(np.allclose(W.T @ W, np.eye(3)))
    True
    """
    draws = rng.standard_normal((fan_in, fan_out))
    q, r = np.linalg.qr(draws if fan_in >= fan_out else draws.T)
    q *= gain * np.copysign(1.0, np.diagonal(r))
    return q if fan_in >= fan_out else q.T


@initializer(
    "identity",
    variance=lambda *_, **__: None,
    label="identity",
    formula=lambda gain: "W = I" if gain == 1 else f"W = {tex(gain)} I",
    reference="Le, Jaitly & Hinton 2015",
    aliases={"eye": {}},
)
def identity(_rng: Generator, fan_in: int, fan_out: int, *, gain: float = 1.0) -> Weights:
    """Return the identity matrix times `gain`, with zero rows or columns where it is not square.

    >>> identity(np.random.default_rng(0), 2, 3)
    array([[1., 0., 0.],
           [0., 1., 0.]])
    """
    return gain * np.eye(fan_in, fan_out)


def _zeros_per_unit(fan_in: int, sparsity: float) -> int:
    return ceil(sparsity * fan_in)


@initializer(
    "sparse",
    variance=lambda fan_in, _, sparsity, stddev: stddev * stddev * (1 - _zeros_per_unit(fan_in, sparsity) / fan_in),
    label="sparse",
    formula=lambda sparsity, stddev: rf"\mathrm{{Var}}(w) = {tex(1 - sparsity)} \times {tex_squared(stddev)}",
    reference="Martens 2010",
    truncated="not truncated",
    limit="iid",
    parameter_aliases={"std": "stddev"},
)
def sparse(rng: Generator, fan_in: int, fan_out: int, *, sparsity: float = 0.1, stddev: float = 0.01) -> Weights:
    """Draw normal weights and set the same number of incoming weights of every unit to zero.

    As many as ``ceil(sparsity fan_in)`` of each column are zero.

    >>> int((sparse(np.random.default_rng(0), 10, 3, sparsity=0.25) == 0).sum())
    9
    """
    require(0 <= sparsity <= 1, f"sparsity must lie between 0 and 1, not {sparsity:g}")
    weights = random_normal(rng, fan_in, fan_out, stddev=stddev)
    ranks = rng.random((fan_in, fan_out)).argsort(axis=0)
    weights[ranks < _zeros_per_unit(fan_in, sparsity)] = 0
    return weights


@initializer(
    "torch_default",
    variance=lambda fan_in, _: 1 / (3 * fan_in),
    label="PyTorch default",
    formula=r"\mathrm{Var}(w) = \frac{1}{3 n_{\mathrm{in}}}",
    reference="PyTorch, torch.nn.Linear; Glorot & Bengio 2010, eq. 1",
    limit="iid",
)
def torch_default(rng: Generator, fan_in: int, fan_out: int) -> Weights:
    """Draw evenly from ``+-1 / sqrt(fan_in)``, as PyTorch's Linear does by ``kaiming_uniform_(a=sqrt(5))``.

    >>> bool(abs(torch_default(np.random.default_rng(0), 4, 99)).max() < 0.5)
    True
    """
    return VarianceScaling(1 / 3, "fan_in", "uniform").draw(rng, fan_in, fan_out)


from reportgen.nn import centered  # noqa: E402, F401  (the lists name it after those above)

initializers.spell(INITIALIZERS, NO_INITIALIZERS)
