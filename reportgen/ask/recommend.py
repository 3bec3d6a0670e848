"""Which start to use for an activation at a depth: measured now, and held against what the theory predicts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from reportgen.ask.propagate import propagate, require_affordable, require_whole
from reportgen.battery.results import Results
from reportgen.experiments.propagation import Propagate
from reportgen.judgments.choice import EQUAL, Choice, carried_depths, choose
from reportgen.judgments.verdicts import VERDICTS, verdict_table
from reportgen.nn.activations import activations
from reportgen.nn.initializers import Initializer, initializers
from reportgen.presets import DEPTHS
from reportgen.theory.closed_forms import nonlinearity
from reportgen.theory.maps import backward_moments, forward_moments
from reportgen.theory.nonlinearity import Nonlinearity
from reportgen.theory.quadrature import NotConverged

__all__ = ["CANDIDATES", "Recommendation", "recommend"]

CANDIDATES = (
    "lecun_normal",
    "lecun_uniform",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "orthogonal",
    "torch_default",
)
"""Starts that adapt to the width: the ones that can be recommended whatever the width is."""

_BATCH = 256
"""Inputs per network."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The start to use, and why.

    Attributes
    ----------
    initializer
        Registry name of the start.
    verdict
        What the start does at the asked depth.
    reasons
        Sentences with what was measured and predicted.
    choice
        The choice among the candidates, as on the front page of the report.
    table
        One row per candidate: verdict at the asked depth, greatest healthy depth, and measured and predicted factors
        per layer of the rms of the signal on its way up and of the gradient on its way down.
    """

    initializer: str
    verdict: str
    reasons: tuple[str, ...]
    choice: Choice
    table: pd.DataFrame


def recommend(
    activation: str, depth: int, *, width: int = 128, replicates: int = 5, seed: int = 0, force: bool = False
) -> Recommendation:
    """Recommend the start for an activation in a network of some depth, by measuring all candidates.

    Parameters
    ----------
    activation
        Registry name, with parameters where wanted.
    depth
        Number of hidden layers.
    width
        Units per hidden layer.
    replicates
        Independent networks per candidate.
    seed
        Root seed.
    force
        Whether to try what is estimated not to fit on this machine, or to take more than an hour.

    Raises
    ------
    UsageError
        For an unknown activation, a number out of range, or more than this machine can do.

    Examples
    --------
    >>> advice = recommend("relu", 8, width=32, replicates=3)
    >>> advice.initializer, advice.verdict
    ('he_normal', 'healthy')
    """
    name = activations.get(activation).name
    require_whole("depth", (depth,), 1)
    require_whole("width", (width,), 1)
    depths = tuple(sorted({depth, *(shallower for shallower in DEPTHS if shallower < depth)}))
    inputs = {"data": "gaussian"}
    parts = [Propagate(start, name, inputs, depths, width, replicates, _BATCH) for start in CANDIDATES]
    require_affordable(parts, force=force)
    measured = [
        propagate(start, name, depth=depths, width=width, batch=_BATCH, replicates=replicates, seed=seed, force=True)
        for start in CANDIDATES
    ]
    tables = {table: pd.concat([getattr(one, table) for one in measured]) for table in measured[0]._fields}
    verdicts = verdict_table(Results(tables, {}, {}))
    choice = choose(verdicts, name)
    table = _table(verdicts, name, depth, width)
    verdict = str(table.loc[choice.initializer, "verdict"])
    return Recommendation(choice.initializer, verdict, _reasons(choice, table, verdict, depth), choice, table)


def _table(verdicts: pd.DataFrame, activation: str, depth: int, width: int) -> pd.DataFrame:
    item = activations.get(activation)
    phi = nonlinearity(item.phi, item.derivative, item.kinks)
    here = verdicts[verdicts["depth"] == depth].set_index("initializer")
    predicted = [_predict(initializers.get(name), phi, depth, width) for name in here.index]
    return pd.DataFrame(
        {
            "verdict": here["verdict"],
            "healthy_to_depth": carried_depths(verdicts)[activation],
            "signal_measured": here["magnitude"] ** (1 / depth),
            "signal_predicted": [signal for signal, _ in predicted],
            "gradient_measured": here["gradient"] ** (1 / max(depth - 1, 1)),
            "gradient_predicted": [gradient for _, gradient in predicted],
        }
    )


def _predict(initializer: Initializer, phi: Nonlinearity, depth: int, width: int) -> tuple[float, float]:
    """Return the factors per layer that mean field theory predicts for inputs of mean square 1; nan if it does not."""
    variance = initializer.variance(width, width)
    assert variance is not None, "every candidate declares its variance"
    sigma_w2 = width * variance
    try:
        with np.errstate(all="ignore"):  # what leaves the range is inf, and its ratios are nan
            q, moments = forward_moments(phi, sigma_w2, 0.0, 1.0, depth)
            delta = backward_moments(phi.slope(q), sigma_w2)
            return float(moments[-1] ** (0.5 / depth)), float((delta[0] / delta[-1]) ** (0.5 / max(depth - 1, 1)))
    except NotConverged:
        return float("nan"), float("nan")


def _reasons(choice: Choice, table: pd.DataFrame, verdict: str, depth: int) -> tuple[str, ...]:
    best = table.loc[choice.initializer]
    reasons = [
        f"gradient per layer: measured {best['gradient_measured']:.3f}, predicted {best['gradient_predicted']:.3f}",
        f"signal per layer: measured {best['signal_measured']:.3f}, predicted {best['signal_predicted']:.3f}",
    ]
    if best[["signal_predicted", "gradient_predicted"]].isna().any():
        reasons.append("nan: a gradient of 0, a signal beyond all numbers, or an activation that cannot be averaged")
    if verdict != "healthy":
        limit = f"healthy up to {choice.carries} layers" if choice.carries else "healthy at no measured depth"
        reasons.insert(
            0, f"no start is healthy at {depth} layers: this one {verdict} ({VERDICTS[verdict]}), and is {limit}"
        )
    if choice.families:
        reasons.append(f"also within a factor of {EQUAL:g}: {', '.join(choice.families)}")
    return tuple(reasons)
