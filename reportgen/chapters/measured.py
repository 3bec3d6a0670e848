"""What the build has measured, for widgets that compute the rest themselves: small, and as it stands in the tables."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from reportgen.chapters.names import short_name

__all__ = ["measured_angles", "measured_edge", "measured_places", "measured_verdicts"]

_DIGITS = 5
"""Of a measured number, more than a chart can show."""


def measured_verdicts(cells: pd.DataFrame) -> dict[str, Any]:
    """Pack the verdicts on random starts.

    Parameters
    ----------
    cells
        One line per `row` of starts that are one, with its `sigma_w2`, `activation` and `depth`, and the `verdict`.

    Returns
    -------
    dict
        `rows` and their `scales`, `depths`, `words`; and `verdicts`: activation -> depth -> row -> place in `words`.
    """
    random = cells[np.isfinite(cells["sigma_w2"]) & (cells["sigma_w2"] > 0)]
    rows = random[["row", "sigma_w2"]].drop_duplicates()
    depths, words = (random[column].drop_duplicates().tolist() for column in ("depth", "verdict"))
    place = {word: at for at, word in enumerate(words)}
    verdict = {
        key[:3]: place[key[3]] for key in random[["row", "activation", "depth", "verdict"]].itertuples(index=False)
    }
    return {
        "rows": rows["row"].tolist(),
        "scales": rows["sigma_w2"].tolist(),
        "depths": depths,
        "words": words,
        "verdicts": {
            activation: [[int(verdict[row, activation, depth]) for row in rows["row"]] for depth in depths]
            for activation in random["activation"].unique()
        },
    }


def measured_edge(places: pd.DataFrame, angles: pd.DataFrame) -> dict[str, Any]:
    """Pack what stands in the plane of weights and biases: `places`, and the `angles` of networks."""
    return {"places": measured_places(places), "angles": measured_angles(angles)}


def measured_places(places: pd.DataFrame) -> list[dict[str, Any]]:
    """Pack initializers and framework defaults: `name` of all that stand at one place, `w` and `b`.

    Parameters
    ----------
    places
        `label`, and its `sigma_w2` and `sigma_b2`.
    """
    known = places[places["sigma_w2"] > 0]
    names = [re.sub(r"^(lecun|glorot|he)_(normal|uniform)$", r"\1", short_name(label)) for label in known["label"]]
    grouped = known.assign(name=names).groupby(["sigma_w2", "sigma_b2"])["name"]
    return [{"name": ", ".join(dict.fromkeys(group)), "w": key[0], "b": key[1]} for key, group in grouped]


def measured_angles(angles: pd.DataFrame) -> list[dict[str, Any]]:
    """Pack the cosines of pairs of inputs in networks without biases, one entry per start and activation.

    Parameters
    ----------
    angles
        By `initializer`, `activation` and `layer`: `sigma_w2`, `cosine` and `standard_error` over networks, and what
        theory has `predicted`.
    """
    groups = angles.groupby(["initializer", "activation"], sort=False)
    return [
        {
            "name": _pair_name(str(initializer)),
            "activation": activation,
            "w": float(table["sigma_w2"].iloc[0]),
            "c": round(float(table["predicted"].iloc[0]), 6),
            "cosine": _rounded(table["cosine"]),
            "error": _rounded(table["standard_error"]),
        }
        for (initializer, activation), table in groups
    ]


def _pair_name(initializer: str) -> str:
    return re.sub(r"\d+\.\d{3,}", lambda number: f"{float(number[0]):.3g}", short_name(initializer))


def _rounded(values: pd.Series[float]) -> list[float]:
    return [round(value, _DIGITS) for value in values.tolist()]
