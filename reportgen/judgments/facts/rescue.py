"""Facts about normalized and residual nets: at the start, and after short trainings on images of digits."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.judgments.frames import where
from reportgen.judgments.outcomes import best_rates

__all__ = ["FACTS"]

_SMALL, _LARGE = "random_normal(stddev=0.01)", "random_normal(stddev=1)"
_STARTS = (_SMALL, "glorot_normal", "he_normal", _LARGE)
_BOTH = "residual + batch norm"


def batch_norm_growth(results: Results) -> float:
    """Return the least growth of the rms of delta over a ReLU net with batch norm alone, of all starts."""
    return min(_growth(results, "batch norm", start) for start in _STARTS)


def batch_norm_starts_apart(results: Results) -> float:
    """Return the greatest of these growths over the least."""
    return max(_growth(results, "batch norm", start) for start in _STARTS) / batch_norm_growth(results)


def both_growth(results: Results) -> float:
    """Return the growth with batch norm in residual branches, under He."""
    return _growth(results, _BOTH, "he_normal")


def branch_factor(results: Results) -> float:
    """Return the factor of the signal's rms per whole residual block with ReLU, under He."""
    rows = _layers(results, "residual", "he_normal")
    layers = rows.groupby("layer")["pre_activation_second_moment"].agg(_typical)
    return float((layers.iloc[-1] / layers.iloc[0]) ** (1 / (2 * (len(layers) - 1))))


def scaled_growth(results: Results) -> float:
    """Return the growth of the signal's rms over a net of residual branches that are scaled down, under He."""
    rows = _layers(results, "scaled residual", "he_normal")
    layers = rows.groupby("layer")["pre_activation_second_moment"].agg(_typical)
    return float(np.sqrt(layers.iloc[-1] / layers.iloc[0]))


def equal_units_behind_norms(results: Results) -> float:
    """Return the most distinct units of a layer that started equal, with a norm or with branches."""
    table = where(results["rescue_symmetry"], initializer="constant")
    return float(table.loc[table["form"] != "LSUV", "distinct_units"].max())


def both_right(results: Results) -> float:
    """Return the least share of right answers with batch norm in residual branches, of all starts."""
    return float(_right(results, form=_BOTH).min())


def plain_right(results: Results) -> float:
    """Return the greatest share that plain nets reach from small or large weights."""
    return max(float(_right(results, form="plain", initializer=start).max()) for start in (_SMALL, _LARGE))


def batch_norm_right(results: Results) -> float:
    """Return the mean share of ReLU nets with batch norm alone over the starts."""
    return float(_right(results, form="batch norm", activation="relu").mean())


def both_relu_right(results: Results) -> float:
    """Return the same with batch norm in residual branches."""
    return float(_right(results, form=_BOTH, activation="relu").mean())


FACTS = (
    batch_norm_growth,
    batch_norm_starts_apart,
    both_growth,
    branch_factor,
    scaled_growth,
    equal_units_behind_norms,
    both_right,
    plain_right,
    batch_norm_right,
    both_relu_right,
)


def _layers(results: Results, form: str, initializer: str) -> pd.DataFrame:
    return where(results["rescue_layers"], form=form, activation="relu", initializer=initializer)


def _growth(results: Results, form: str, initializer: str) -> float:
    layers = _layers(results, form, initializer).groupby("layer")["delta_rms"].agg(_typical)
    return float(layers.iloc[0] / layers.iloc[-1])


def _right(results: Results, **chosen: str) -> pd.Series[float]:
    """Return the median of right answers at the better rate, by form, activation and start."""
    net = ["form", "activation", "initializer"]
    best = best_rates(where(results["rescue_training"], **chosen), net)
    right: pd.Series[float] = best.groupby(net)["test_accuracy"].median().fillna(0.0)
    return right


def _typical(values: pd.Series[float]) -> float:
    with np.errstate(divide="ignore"):
        return float(np.exp(np.log(values).mean()))
