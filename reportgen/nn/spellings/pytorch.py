"""PyTorch's initializers (torch.nn.init) and activations (torch.nn, torch.nn.functional), with their signatures."""

from __future__ import annotations

from collections.abc import Callable

from reportgen.arithmetic import GAINS, Unreadable, calculate_gain
from reportgen.callform import Value
from reportgen.errors import did_you_mean, shortened
from reportgen.frameworks import Misread, quoted
from reportgen.registry import Spelling

__all__ = ["ACTIVATIONS", "INITIALIZERS"]


def _spelling(signature: str, meaning: str | Callable[..., str], about: str = "", *, bare: bool = True) -> Spelling:
    return Spelling("PyTorch", signature, meaning, tuple(about.split()), bare)


def _kaiming(family: str) -> Callable[..., str]:
    """Return how PyTorch's kaiming functions choose the variance: ``gain² / fan``, the gain by the activation."""

    def chosen(a: Value, mode: Value, nonlinearity: Value) -> str:
        name, truncated = str(nonlinearity).rpartition(".")[2], "" if family == "uniform" else ", truncated=False"
        if name not in GAINS:
            raise Misread(f"unknown nonlinearity '{shortened(name)}': {did_you_mean(name, GAINS)}")
        if name in ("relu", "leaky_relu"):
            slope = 0.0 if name == "relu" else a
            return f"he_{family}(negative_slope={slope!r}, mode={mode!r}{truncated})"
        if GAINS[name] == 1:
            return f"lecun_{family}(mode={mode!r}{truncated})"
        return f"glorot_{family}(gain={GAINS[name]!r}, mode={mode!r}{truncated})"

    return chosen


def _gelu(approximate: Value) -> str:
    if approximate not in ("none", "tanh"):
        raise Misread(f"approximate must be none or tanh, not {quoted(approximate)}")
    return f"gelu(approximate={approximate == 'tanh'})"


def _softplus(beta: Value, threshold: Value) -> str:
    """Drop a threshold that only rounds: above 20 the function is its argument to 2e-9."""
    rounds = isinstance(threshold, float | int) and threshold >= 20
    return f"softplus(beta={beta!r})" if rounds else f"softplus(beta={beta!r}, threshold={threshold!r})"


def _hard_tanh(min_val: Value, max_val: Value, min_value: Value = None, max_value: Value = None) -> str:
    """Let the two older names win, as PyTorch does."""
    low, high = (old if old is not None else new for old, new in ((min_value, min_val), (max_value, max_val)))
    return f"hard_tanh(min_val={low!r}, max_val={high!r})"


def _gain_of(nonlinearity: Value, param: Value) -> str:
    try:
        gain = calculate_gain(str(nonlinearity), param if isinstance(param, float | int) else None)
    except Unreadable as error:
        raise Misread(str(error)) from None
    raise Misread(f"it is the number {gain:.6g} and no initializer: write xavier_uniform_(gain={gain:.6g})")


_KAIMING = "(tensor, a=0, mode='fan_in', nonlinearity='leaky_relu', generator=None)"
_HE = "he_{0} lecun_{0} glorot_{0}"
_UNTRUNCATED = "glorot_normal(gain={gain}, mode=fan_avg, truncated=False)"
_CUT_AT_VALUES = "truncated_normal(mean={mean}, stddev={std}, lower={a}, upper={b}, absolute=True)"

INITIALIZERS = (
    _spelling("uniform_(tensor, a=0.0, b=1.0, generator=None)", "random_uniform(minval={a}, maxval={b})"),
    _spelling("normal_(tensor, mean=0.0, std=1.0, generator=None)", "random_normal(mean={mean}, stddev={std})"),
    _spelling("trunc_normal_(tensor, mean=0.0, std=1.0, a=-2.0, b=2.0, generator=None)", _CUT_AT_VALUES),
    _spelling("constant_(tensor, val)", "constant(value={val})"),
    _spelling("ones_(tensor)", "ones"),
    _spelling("zeros_(tensor)", "zeros"),
    _spelling("eye_(tensor)", "identity"),
    _spelling("xavier_uniform_(tensor, gain=1.0, generator=None)", "glorot_uniform(gain={gain})"),
    _spelling("xavier_normal_(tensor, gain=1.0, generator=None)", _UNTRUNCATED),
    _spelling(f"kaiming_uniform_{_KAIMING}", _kaiming("uniform"), _HE.format("uniform")),
    _spelling(f"kaiming_normal_{_KAIMING}", _kaiming("normal"), _HE.format("normal")),
    _spelling("orthogonal_(tensor, gain=1, generator=None)", "orthogonal(gain={gain})"),
    _spelling("sparse_(tensor, sparsity, std=0.01, generator=None)", "sparse(sparsity={sparsity}, stddev={std})"),
    # The names without an underscore are deprecated, and JAX has some of them: only behind PyTorch's prefix.
    _spelling("uniform(tensor, a=0.0, b=1.0)", "random_uniform(minval={a}, maxval={b})", bare=False),
    _spelling("normal(tensor, mean=0.0, std=1.0)", "random_normal(mean={mean}, stddev={std})", bare=False),
    _spelling("constant(tensor, val)", "constant(value={val})", bare=False),
    _spelling("eye(tensor)", "identity", bare=False),
    _spelling("xavier_uniform(tensor, gain=1.0)", "glorot_uniform(gain={gain})", bare=False),
    _spelling("xavier_normal(tensor, gain=1.0)", _UNTRUNCATED, bare=False),
    _spelling(f"kaiming_uniform{_KAIMING}", _kaiming("uniform"), _HE.format("uniform"), bare=False),
    _spelling(f"kaiming_normal{_KAIMING}", _kaiming("normal"), _HE.format("normal"), bare=False),
    _spelling("orthogonal(tensor, gain=1)", "orthogonal(gain={gain})", bare=False),
    _spelling("sparse(tensor, sparsity, std=0.01)", "sparse(sparsity={sparsity}, stddev={std})", bare=False),
    _spelling("calculate_gain(nonlinearity, param=None)", _gain_of, "none"),
)

_MODULES = (
    _spelling("Threshold(threshold, value, inplace=False)", "threshold(threshold={threshold}, value={value})"),
    _spelling("ReLU(inplace=False)", "relu"),
    _spelling(
        "Hardtanh(min_val=-1.0, max_val=1.0, inplace=False, min_value=None, max_value=None)", _hard_tanh, "hard_tanh"
    ),
    _spelling("ReLU6(inplace=False)", "relu6"),
    _spelling("Sigmoid()", "sigmoid"),
    _spelling("Hardsigmoid(inplace=False)", "hard_sigmoid"),
    _spelling("Tanh()", "tanh"),
    _spelling("SiLU(inplace=False)", "silu"),
    _spelling("Mish(inplace=False)", "mish"),
    _spelling("Hardswish(inplace=False)", "hard_silu"),
    _spelling("ELU(alpha=1.0, inplace=False)", "elu(alpha={alpha})"),
    _spelling("CELU(alpha=1.0, inplace=False)", "celu(alpha={alpha})"),
    _spelling("SELU(inplace=False)", "selu"),
    _spelling("GELU(approximate='none')", _gelu, "gelu"),
    _spelling("Hardshrink(lambd=0.5)", "hard_shrink(threshold={lambd})"),
    _spelling("LeakyReLU(negative_slope=0.01, inplace=False)", "leaky_relu(negative_slope={negative_slope})"),
    _spelling("LogSigmoid()", "log_sigmoid"),
    _spelling("Softplus(beta=1.0, threshold=20.0)", _softplus, "softplus"),
    _spelling("Softshrink(lambd=0.5)", "soft_shrink(threshold={lambd})"),
    _spelling("Softsign()", "softsign"),
    _spelling("Tanhshrink()", "tanh_shrink"),
    _spelling("Identity()", "linear"),
)

_FUNCTIONS = (
    _spelling("threshold(input, threshold, value, inplace=False)", "threshold(threshold={threshold}, value={value})"),
    _spelling("threshold_(input, threshold, value)", "threshold(threshold={threshold}, value={value})"),
    _spelling("relu(input, inplace=False)", "relu"),
    _spelling("relu_(input)", "relu"),
    _spelling("hardtanh(input, min_val=-1.0, max_val=1.0, inplace=False)", _hard_tanh, "hard_tanh"),
    _spelling("hardtanh_(input, min_val=-1.0, max_val=1.0)", _hard_tanh, "hard_tanh"),
    _spelling("hardswish(input, inplace=False)", "hard_silu"),
    _spelling("relu6(input, inplace=False)", "relu6"),
    _spelling("elu(input, alpha=1.0, inplace=False)", "elu(alpha={alpha})"),
    _spelling("elu_(input, alpha=1.0)", "elu(alpha={alpha})"),
    _spelling("selu(input, inplace=False)", "selu"),
    _spelling("selu_(input)", "selu"),
    _spelling("celu(input, alpha=1.0, inplace=False)", "celu(alpha={alpha})"),
    _spelling("celu_(input, alpha=1.0)", "celu(alpha={alpha})"),
    _spelling("leaky_relu(input, negative_slope=0.01, inplace=False)", "leaky_relu(negative_slope={negative_slope})"),
    _spelling("leaky_relu_(input, negative_slope=0.01)", "leaky_relu(negative_slope={negative_slope})"),
    _spelling("gelu(input, approximate='none')", _gelu, "gelu"),
    _spelling("logsigmoid(input)", "log_sigmoid"),
    _spelling("hardshrink(input, lambd=0.5)", "hard_shrink(threshold={lambd})"),
    _spelling("tanhshrink(input)", "tanh_shrink"),
    _spelling("softsign(input)", "softsign"),
    _spelling("softplus(input, beta=1, threshold=20)", _softplus, "softplus"),
    _spelling("softshrink(input, lambd=0.5)", "soft_shrink(threshold={lambd})"),
    _spelling("tanh(input)", "tanh"),
    _spelling("tanh_(input)", "tanh"),
    _spelling("sigmoid(input)", "sigmoid"),
    _spelling("sigmoid_(input)", "sigmoid"),
    _spelling("hardsigmoid(input, inplace=False)", "hard_sigmoid"),
    _spelling("silu(input, inplace=False)", "silu"),
    _spelling("mish(input, inplace=False)", "mish"),
    _spelling("erf(input)", "erf"),
    _spelling("exp(input)", "exponential"),
)

ACTIVATIONS = (*_MODULES, *_FUNCTIONS)
