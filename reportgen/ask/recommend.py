"""Which start to use for an activation at a depth: measured now, and held against what the theory predicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from reportgen.ask.propagate import propagate, require_affordable, require_whole
from reportgen.ask.trained import train_candidates
from reportgen.errors import UsageError, did_you_mean
from reportgen.experiments.advice.candidates import candidates, law, why
from reportgen.experiments.propagation import Propagate
from reportgen.experiments.trials import OPTIMIZERS
from reportgen.judgments.choice import EQUAL, Choice, carried_depths, choose
from reportgen.judgments.verdicts import VERDICTS, verdict_table
from reportgen.nn.activations import activations
from reportgen.nn.datasets import describe
from reportgen.nn.files.reading import Reading
from reportgen.nn.initializers import initializers
from reportgen.nn.snippets import snippets
from reportgen.presets import DEPTHS
from reportgen.theory.centered import Centered
from reportgen.theory.closed_forms import nonlinearity
from reportgen.theory.maps import backward_moments, forward_moments
from reportgen.theory.nonlinearity import Nonlinearity
from reportgen.theory.quadrature import NotConverged

__all__ = ["Recommendation", "recommend"]

_BATCH = 256
"""Inputs per network."""

_USUAL = 8
"""Candidates that an activation usually has: finding out which takes theory, and what cannot fit is refused before."""

_TRAINED = 4
"""Of the candidates that are as good, so many train at most."""


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
        One row per candidate: `sigma_w2` (fan_in Var(w) of a square layer), verdict at the asked depth and by how many
        of the networks it is borne out, greatest healthy depth, and measured and predicted factors per layer of the rms
        of the signal on its way up and of the gradient on its way down.
    code
        Framework -> the line that gives a dense layer this start.
    trained
        One row per start that was trained, the best of the candidates, with the share of networks that learned; None
        where no optimizer was named.
    """

    initializer: str
    verdict: str
    reasons: tuple[str, ...]
    choice: Choice
    table: pd.DataFrame
    code: Mapping[str, str]
    trained: pd.DataFrame | None = None


def recommend(
    activation: str,
    depth: int,
    *,
    width: int = 128,
    replicates: int = 5,
    seed: int = 0,
    data: str = "gaussian",
    reading: Reading | None = None,
    optimizer: str | None = None,
    force: bool = False,
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
    data
        What goes through the networks: a built-in data set, or a file as ``FILE`` or ``FILE:LABEL``.
    reading
        How a data file is read, as for `propagate`.
    optimizer
        ``"sgd"`` (with momentum) or ``"adam"``: trains the best candidates in small networks of this depth, on the
        labels of the data, or on handwritten digits where it has none.
    force
        Whether to try what is estimated not to fit on this machine, or to take more than an hour.

    Raises
    ------
    UsageError
        For an unknown activation, data set or optimizer, a number out of range, or more than this machine can do.
    DataError
        For a data file that cannot be used.

    Examples
    --------
    >>> advice = recommend("relu", 8, width=32, replicates=3)
    >>> advice.initializer, advice.verdict
    ('he_normal', 'healthy')
    >>> print(advice.code["Keras"])
    Dense(units, kernel_initializer="he_normal")
    """
    name = activations.get(activation).name
    for what, value, least in (
        ("depth", depth, 1),
        ("width", width, 1),
        ("replicates", replicates, 1),
        ("seed", seed, 0),
    ):
        require_whole(what, (value,), least)
    if optimizer is not None and optimizer not in OPTIMIZERS:
        raise UsageError(f"optimizer {optimizer!r}: {did_you_mean(optimizer, OPTIMIZERS)}")
    factors = describe(data, replace(reading or Reading(), labelled=optimizer is not None and _is_file(data)))
    verdicts = _measure(name, depth, width, replicates, seed, data, reading, force=force)
    choice = choose(verdicts, name, first=law(name))
    table = _table(verdicts, name, depth, width)
    verdict = str(table.loc[choice.initializer, "verdict"])
    trained = None
    if optimizer is not None:
        best = (choice.initializer, *choice.ties)[:_TRAINED]
        trained = train_candidates(name, best, depth, optimizer, factors, seed, force=force)
    return Recommendation(
        initializer=choice.initializer,
        verdict=verdict,
        reasons=_reasons(choice, table, verdict, depth),
        choice=choice,
        table=table,
        code=snippets(choice.initializer),
        trained=trained,
    )


def _is_file(data: str) -> bool:
    return "data_file" in describe(data, Reading(labelled=False))


def _measure(
    activation: str,
    depth: int,
    width: int,
    replicates: int,
    seed: int,
    data: str,
    reading: Reading | None,
    *,
    force: bool,
) -> pd.DataFrame:
    """Return the verdicts on all candidates, in nets of the asked depth and of the battery's that are shallower."""
    depths = tuple(sorted({depth, *(shallower for shallower in DEPTHS if shallower < depth)}))
    part = Propagate("he_normal", activation, {"data": "gaussian"}, depths, width, replicates, _BATCH)
    require_affordable([part] * _USUAL, force=force)
    starts = candidates(activation, depth)
    measured = [
        propagate(
            start,
            activation,
            depth=depths,
            width=width,
            batch=_BATCH,
            replicates=replicates,
            seed=seed,
            data=data,
            reading=reading,
            force=True,
        )
        for start in starts
    ]
    tables = {table: pd.concat([getattr(one, table) for one in measured]) for table in measured[0]._fields}
    return verdict_table(tables, str(tables["forward"]["data"].iloc[0]))


def _table(verdicts: pd.DataFrame, activation: str, depth: int, width: int) -> pd.DataFrame:
    item = activations.get(activation)
    phi = nonlinearity(item.phi, item.derivative, item.kinks)
    here = verdicts[verdicts["depth"] == depth].set_index("initializer")
    predicted = [_predict(name, phi, depth, width) for name in here.index]
    table = pd.DataFrame(
        {
            "sigma_w2": [initializers.get(name).sigma_w2(width, width) for name in here.index],
            "verdict": here["verdict"],
            "networks": [f"{agree} of {number}" for agree, number in zip(here["agree"], here["networks"], strict=True)],
            "healthy_to_depth": carried_depths(verdicts)[activation],
            "signal_measured": here["magnitude"] ** (1 / depth),
            "signal_predicted": [signal for signal, _ in predicted],
            "gradient_measured": here["gradient"] ** (1 / max(depth - 1, 1)),
            "gradient_predicted": [gradient for _, gradient in predicted],
        }
    )
    return table.sort_values("sigma_w2", ascending=False, kind="stable")


def _predict(initializer: str, phi: Nonlinearity, depth: int, width: int) -> tuple[float, float]:
    """Return the factors per layer that mean field theory predicts for inputs of mean square 1; nan if it does not."""
    sigma_w2 = initializers.get(initializer).sigma_w2(width, width)
    seen = Centered(phi) if initializer.startswith("centered") else phi
    try:
        with np.errstate(all="ignore"):  # what leaves the range is inf, and its ratios are nan
            q, _ = forward_moments(seen, sigma_w2, 0.0, 1.0, depth)
            signal = float(phi.second_moment(q[-1]) ** (0.5 / depth))
            delta = backward_moments(phi.slope(q), sigma_w2)
            return signal, float((delta[0] / delta[-1]) ** (0.5 / max(depth - 1, 1)))
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
        told = f"none of the {len(table)} candidates is healthy at {depth} layers"
        reasons.insert(0, f"{told}: this one {verdict} ({VERDICTS[verdict]}), and is {limit}")
    elif choice.initializer == law(choice.activation):
        reasons.insert(0, why(choice.activation))
    if choice.agree < choice.networks and verdict == "healthy":
        reasons.append(f"close: {choice.agree} of {choice.networks} networks are healthy by themselves")
    if choice.ties:
        reasons.append(f"as good, within a factor of {EQUAL:g} over the net: {', '.join(choice.ties)}")
    return tuple(reasons)
