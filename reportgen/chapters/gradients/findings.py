"""What the chapter on gradients quotes from the battery, and the sentences that the numbers could refute."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.gradients.tables import (
    DEEP,
    DEPTH,
    LARGE,
    SMALL,
    agreement,
    factors,
    flattest,
    lost_deltas,
    overflow,
    ratios,
    saturated_share,
    squared_factors,
    underflow,
    weight_gradient_level,
)
from reportgen.chapters.names import short_name
from reportgen.chapters.old import Check, Estimate, Findings
from reportgen.judgments.estimates import geometric_mean

__all__ = ["check", "find"]

_GLOROT = "glorot_normal"
_GAIN_ONE = ("lecun_normal", "lecun_uniform", "glorot_normal", "glorot_uniform", "orthogonal")
_CLOSE = 0.05


class Law(NamedTuple):
    """What one activation and initializer do to E[delta²] per layer, as a function of the width."""

    name: str
    activation: str
    initializer: str
    formula: Callable[[int], float]
    statement: str


_LAWS = (
    Law("he_keeps", "relu", "he_normal", lambda n: 1.0, "ReLU under He keeps the mean square of delta"),
    Law("glorot_halves", "relu", _GLOROT, lambda n: 0.5, "ReLU under Glorot halves the mean square of delta per layer"),
    Law("torch_thirds", "linear", "torch_default", lambda n: 1 / 3, "PyTorch's default leaves a third of it per layer"),
    Law("small_vanishes", "tanh", SMALL, lambda n: n * 1e-4, "N(0, 0.01²) leaves width × 10⁻⁴ of it per layer"),
    Law("large_explodes", "relu", LARGE, lambda n: n / 2, "N(0, 1) multiplies it by half the width per layer"),
)


def _margin(results: Results) -> float:
    """Return how far the log of a measured factor of E[delta²] may be from that of the formula.

    In a net of width n the log of such a product of m factors has a variance of up to 5 m / n, so its mean over R
    networks, per layer, has the standard error sqrt(5 / (n m R)); and the typical net is below the mean by up to
    half of that variance, 5 / 2n per layer.
    """
    width, networks = results.settings["width"], results.settings["replicates"]
    return float(5 * np.sqrt(5 / (width * (DEPTH - 1) * networks)) + 2.5 / width)


def _laws(results: Results) -> dict[str, tuple[float, Estimate]]:
    """Return the factor per layer of every law: by the formula, and measured."""
    per_network, width = squared_factors(results), results.settings["width"]
    return {
        law.name: (law.formula(width), geometric_mean(_networks(per_network, law.initializer, law.activation)))
        for law in _LAWS
    }


def _networks(per_network: pd.Series[float], initializer: str, activation: str) -> pd.Series[float]:
    return per_network.xs(("gaussian", initializer, activation), level=("data", "initializer", "activation"))


def _ratio(results: Results, initializer: str, activation: str, depth: int, column: str = "delta_rms") -> float:
    """Return the gradient of the first layer over that of the last, for random inputs."""
    table = ratios(results, column).set_index(["data", "initializer", "activation", "depth"])["ratio"]
    return float(table[("gaussian", initializer, activation, depth)])


def _best(results: Results) -> pd.DataFrame:
    """Return the flattest initializer of every activation, and what it leaves of a gradient."""
    square, best = factors(results), flattest(results)
    per_layer = [square[activation][best[activation]] for activation in square.columns]
    return pd.DataFrame(
        {
            "activation": list(square.columns),
            "flattest": [short_name(best[activation]) for activation in square.columns],
            "per layer": per_layer,
            f"over {DEPTH} layers": [factor ** (DEPTH - 1) for factor in per_layer],
        }
    )


def find(results: Results) -> Findings:
    """Return every number that the prose quotes."""
    laws, square, table = _laws(results), factors(results), agreement(results)
    deviation = (table["digits"] / table["gaussian"] - 1).abs()
    change = square ** (DEPTH - 1)
    return {
        "depth": DEPTH,
        "deep": DEEP,
        "law": {name: estimate for name, (_, estimate) in laws.items()},
        "formula": {name: formula for name, (formula, _) in laws.items()},
        "laws": _law_table(laws),
        "pairs": square.size,
        "vanishing": int((change < 0.1).sum().sum()),
        "exploding": int((change > 10).sum().sum()),
        "kept": int(((change >= 0.1) & (change <= 10)).sum().sum()),
        "best": _best(results),
        "sigmoid_factor": geometric_mean(_networks(squared_factors(results), _GLOROT, "sigmoid")),
        "sigmoid_ratio": _ratio(results, _GLOROT, "sigmoid", DEPTH),
        "sigmoid_large": square["sigmoid"][LARGE],
        "sigmoid_glorot": square["sigmoid"][_GLOROT],
        "sigmoid_saturated": saturated_share(results, LARGE, "sigmoid"),
        "relu_he": square["relu"]["he_normal"],
        "relu_glorot": square["relu"][_GLOROT],
        "relu_glorot_ratio": _ratio(results, _GLOROT, "relu", DEPTH),
        "relu_glorot_deep": _ratio(results, _GLOROT, "relu", DEEP),
        "orthogonal_deep": _ratio(results, "orthogonal", "linear", DEEP),
        "sigmoid_weight": _ratio(results, _GLOROT, "sigmoid", DEPTH, "weight_gradient_norm"),
        "small_delta": _ratio(results, SMALL, "tanh", DEPTH),
        "small_weight": _ratio(results, SMALL, "tanh", DEPTH, "weight_gradient_norm"),
        "small_level": weight_gradient_level(results, SMALL, "tanh") / weight_gradient_level(results, _GLOROT, "tanh"),
        "overflow": overflow(results),
        "lost_deltas": lost_deltas(results),
        "underflow": underflow(results),
        "close": _CLOSE,
        "close_share": float((deviation < _CLOSE).mean()),
        "deviation": float(deviation.median()),
    }


def _law_table(laws: dict[str, tuple[float, Estimate]]) -> pd.DataFrame:
    rows = [(law.activation, short_name(law.initializer), *laws[law.name]) for law in _LAWS]
    return pd.DataFrame(rows, columns=["activation", "initializer", "by the formula", "measured"])


def check(results: Results) -> list[Check]:
    """Return every sentence of the prose that could turn out wrong."""
    return [*_check_laws(results), *_check_exact(results), *_check_sigmoid(results), *_check_rest(results)]


def _check_laws(results: Results) -> list[Check]:
    margin, laws = _margin(results), _laws(results)
    return [
        Check(
            law.name,
            f"{law.statement}.",
            bool(abs(np.log(laws[law.name][1].value / laws[law.name][0])) < margin),
            f"measured {laws[law.name][1]}, by the formula {laws[law.name][0]:.4g}, log within {margin:.2g}",
        )
        for law in _LAWS
    ]


def _check_exact(results: Results) -> list[Check]:
    gradients = results["gradients"]
    deltas = gradients[(gradients["initializer"] == "zeros") & (gradients["layer"] < gradients["depth"])]["delta_rms"]
    ratio = _ratio(results, "orthogonal", "linear", DEEP)
    above, below = overflow(results), underflow(results)
    return [
        Check(
            "zeros_give_zero",
            "With zero weights every delta below the last layer is exactly zero.",
            bool((deltas == 0).all()),
            f"the largest is {deltas.max():.3g}",
        ),
        Check(
            "orthogonal_keeps",
            "Orthogonal weights keep the gradient of a linear net to a thousandth, however deep.",
            abs(ratio - 1) < 1e-3,
            f"first layer over last: {ratio:.6g}",
        ),
        Check(
            "overflow_is_predicted",
            "N(0, 1) weights make the signal of a linear net overflow in as many layers as predicted, within two.",
            abs(above.measured - above.predicted) < 2,
            f"{above}",
        ),
        Check(
            "underflow_is_predicted",
            "N(0, 0.01²) weights bring delta to exactly zero in as many sigmoid layers as predicted, within two.",
            abs(below.measured - below.predicted) < 2,
            f"{below}",
        ),
    ]


def _check_sigmoid(results: Results) -> list[Check]:
    square = factors(results)["sigmoid"]
    largest = max(square[name] ** 2 for name in _GAIN_ONE)
    large, glorot = square[LARGE], square[_GLOROT]
    saturated = [saturated_share(results, name, "sigmoid") for name in (LARGE, _GLOROT)]
    return [
        Check(
            "sigmoid_loses_a_sixteenth",
            "At gain one the mean square of delta shrinks to less than a sixteenth per sigmoid layer.",
            bool(largest < 1 / 16),
            f"the largest factor is {largest:.4g}",
        ),
        Check(
            "flat_is_not_healthy",
            "N(0, 1) weights keep a sigmoid's gradient better than Glorot, and saturate more units.",
            bool(abs(np.log(large)) < abs(np.log(glorot)) and saturated[0] > saturated[1]),
            f"factors {large:.3g} and {glorot:.3g}, saturated {saturated[0]:.3g} and {saturated[1]:.3g}",
        ),
    ]


def _check_rest(results: Results) -> list[Check]:
    found = find(results)
    per_layer = found["relu_glorot_deep"] ** (2 / (DEEP - 1))
    return [
        Check(
            "depth_compounds",
            "Over the deeper net, too, ReLU under Glorot halves the mean square of delta per layer.",
            bool(abs(np.log(per_layer / 0.5)) < _margin(results)),
            f"{per_layer:.4g} per layer over {DEEP} layers",
        ),
        Check(
            "weight_gradients_hide_it",
            "With small weights and tanh the weight gradients of the first and the last layer are alike within a "
            "factor of ten and less than a hundredth of Glorot's, while delta falls to less than a hundredth.",
            0.1 < found["small_weight"] < 10 and max(found["small_delta"], found["small_level"]) < 0.01,
            f"ratios {found['small_weight']:.3g} and {found['small_delta']:.3g}, level {found['small_level']:.3g}",
        ),
        Check(
            "sigmoid_shows_it",
            "With sigmoids under Glorot the first layer's weight gradient is less than a thousandth of the last's.",
            found["sigmoid_weight"] < 1e-3,
            f"{found['sigmoid_weight']:.3g} of it",
        ),
        Check(
            "digits_agree",
            "On images of digits half of the pairs have the same factor as on random inputs within two percent.",
            found["deviation"] < 0.02,
            f"the median deviation is {found['deviation']:.3g}",
        ),
    ]
