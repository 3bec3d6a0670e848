"""What the explorer's page carries: the tables of the chapter as words, lists and packed numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import isfinite
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reportgen.chapters.packing import pack_counts, pack_sizes
from reportgen.judgments.data_sets import CANONICAL
from reportgen.judgments.frames import only, where
from reportgen.judgments.outcomes import OUTCOMES
from reportgen.judgments.verdicts import DEAD, FLAT, LIMIT, RULES

__all__ = ["MOST", "pack"]

MOST = 190_000
"""Letters that the page may carry; layers of data sets are left out before that."""

_LABELS = {"gaussian": "random inputs", "digits": "handwritten digits"}
_VERDICTS = [rule.verdict for rule in RULES]
_WAYS = ["", "signal", "gradient"]
_WORDS = {"verdict": _VERDICTS, "other": ["", *_VERDICTS], "crosses": _WAYS, "outcome": ["", *OUTCOMES]}
"""Columns of words -> the words, which are packed as their places."""

_LAYERS = ("size", "signal", "saturated", "dead", "theory")
_CELLS = ("verdict", "other", "networks", "agree", "crosses", "crossed")
_TRAINED = ("outcome", "networks", "of_it")


def pack(
    run: pd.DataFrame,
    starts: pd.DataFrame,
    activations: pd.DataFrame,
    data_sets: pd.DataFrame,
    cells: pd.DataFrame,
    layers: pd.DataFrame,
    gradients: pd.DataFrame,
    learned: pd.DataFrame,
) -> dict[str, Any]:
    """Return the tables as plain data.

    Packed numbers have a row for every pair: the starts in their order, and of each start all activations. Columns of
    `cells` and of trainings are depths, those of `layers` are layers, and those of gradients the layers of the nets of
    the first depth, then those of the next. Where all of it would be too much, some data sets have no layers: digits
    first, then those that were added, the last one first, random inputs in the end.

    Parameters
    ----------
    run, starts, activations, data_sets, cells, layers, gradients, learned
        As in `Tables`.
    """
    names = {"initializer": list(starts["initializer"]), "activation": list(activations["activation"])}
    pairs = len(starts) * len(activations)
    by_data = {name: where(cells, data=name) for name in data_sets["data"]}
    plain: dict[str, Any] = {
        "run": {str(name): str(value) for name, value in run.iloc[0].items()},
        "limits": {"change": LIMIT, "flat": FLAT, "dead": DEAD},
        "verdicts": [[rule.verdict, rule.sign, rule.meaning] for rule in RULES],
        "words": _WORDS,
        "depths": sorted(map(int, cells["depth"].unique())),
        "starts": [_start(row) for row in starts.to_dict("records")],
        "activations": [_named(row, "activation") for row in activations.to_dict("records")],
        "data": [_data_set(row, by_data[row["data"]], pairs) for row in data_sets.to_dict("records")],
        "trained": [_trained(key, own, names) for key, own in learned.groupby(["data", "optimizer"], sort=False)],
    }
    by_layer = {name: _by_layer(where(layers, data=name), where(gradients, data=name), pairs) for name in by_data}
    kept = _fitting(by_layer, MOST - _letters(plain))
    return {**plain, "layers": [by_layer[name] if name in kept else None for name in by_data]}


def _start(row: Mapping[Any, Any]) -> dict[str, Any]:
    scale = float(row["sigma_w2"])
    return {**_named(row, "initializer"), "label": row["label"], "scale": scale if isfinite(scale) else None}


def _named(row: Mapping[Any, Any], kind: str) -> dict[str, Any]:
    return {"name": str(row[kind]), "added": bool(row["is_added"])}


def _data_set(row: Mapping[Any, Any], cells: pd.DataFrame, pairs: int) -> dict[str, Any]:
    label = _LABELS.get(row["data"], row["data"])
    return {**_named(row, "data"), "label": label, "cells": _counts(cells, _CELLS, pairs)}


def _trained(key: Any, own: pd.DataFrame, names: Mapping[str, list[str]]) -> dict[str, Any]:
    """Return how the trainings on one data set with one optimizer ended, and their budget.

    A start without any has no outcome.
    """
    depths = sorted(map(int, own["depth"].unique()))
    every = pd.MultiIndex.from_product([*names.values(), depths], names=[*names, "depth"])
    table = own.set_index(list(every.names))[list(_TRAINED)].reindex(every)
    table = table.fillna({"outcome": "", "networks": 0, "of_it": 0})
    data, optimizer = map(str, key)
    return {
        "data": data,
        "optimizer": optimizer,
        "rate": float(only(own["learning_rate"])),
        "steps": int(only(own["steps"])),
        "width": int(only(own["width"])),
        "depths": depths,
        "cells": _counts(table, _TRAINED, len(every) // len(depths)),
    }


def _counts(table: pd.DataFrame, columns: tuple[str, ...], pairs: int) -> dict[str, str]:
    """Pack columns of counts and of words, a row per pair."""
    places = {name: table[name].map(_WORDS[name].index) if name in _WORDS else table[name] for name in columns}
    return {name: pack_counts(_rows(column, pairs)) for name, column in places.items()}


def _by_layer(layers: pd.DataFrame, gradients: pd.DataFrame, pairs: int) -> dict[str, str]:
    packed = {name: pack_sizes(_rows(layers[name], pairs)) for name in _LAYERS}
    packed["gradient"] = pack_sizes(_rows(gradients["gradient"], pairs))
    return {**packed, "gradient_theory": pack_sizes(_rows(gradients["theory"], pairs))}


def _rows(column: pd.Series[Any], pairs: int) -> NDArray[np.float64]:
    return column.to_numpy(float).reshape(pairs, -1)


def _fitting(by_layer: Mapping[str, dict[str, str]], room: int) -> set[str]:
    """Return the data sets whose layers there is room for: random inputs, those that were added, then digits."""
    first, *others = CANONICAL
    added = [name for name in by_layer if name not in CANONICAL]
    kept = set()
    for name in (name for name in (first, *added, *others) if name in by_layer):
        if _letters(by_layer[name]) <= room:
            kept.add(name)
            room -= _letters(by_layer[name])
    return kept


def _letters(plain: object) -> int:
    return len(json.dumps(plain))
