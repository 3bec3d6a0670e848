"""The tables of the catalog."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.scale import by_group, scale_rows
from reportgen.judgments.choice import Choice, choose
from reportgen.judgments.verdicts import verdict_table

__all__ = ["CODE", "Tables", "read"]

CODE = ["pytorch", "keras", "jax"]
"""Columns with lines of code."""


class Tables(NamedTuple):
    """What the catalog reads.

    Attributes
    ----------
    starts
        What the registry knows of every start, and what weights drawn from it have.
    densities
        Of these weights, by the `row` of the maps that a start is in, the largest scale first.
    activations
        What the registry knows of every activation, with its gains, and its `lowest` and `highest` value.
    choices
        The start that the front page names for every activation, how deep it carries, and its lines of code.
    ties
        The named starts that are as good: a row for each pair of activation and initializer.
    curves
        Value and slope of every activation over z, alike ones side by side.
    """

    starts: pd.DataFrame
    densities: pd.DataFrame
    activations: pd.DataFrame
    choices: pd.DataFrame
    ties: pd.DataFrame
    curves: pd.DataFrame


_GAINS = ["activation", "forward_gain", "backward_gain", "torch_gain"]


def read(results: Results) -> Tables:
    """Read the tables of ``catalog`` and the curves of ``activations``, and choose starts as the front page does."""
    choices, ties = _chosen(results)
    gains = results["activation_gains"][_GAINS]
    bounds = results["activation_moments"][["activation", "lowest", "highest"]]
    return Tables(
        starts=results["catalog_starts"],
        densities=_densities(results),
        activations=results["catalog_activations"].merge(gains, on="activation", how="left").merge(bounds, how="left"),
        choices=choices,
        ties=ties,
        curves=_in_groups(results["activation_curves"]),
    )


def _in_groups(curves: pd.DataFrame) -> pd.DataFrame:
    place = {name: number for number, name in enumerate(by_group(curves["activation"].unique()))}
    return curves.sort_values("activation", key=lambda names: names.map(place), kind="stable", ignore_index=True)


def _densities(results: Results) -> pd.DataFrame:
    table = results["catalog_densities"]
    own = [
        table[table["initializer"] == name].assign(row=row.label, sigma_w2=row.sigma_w2)
        for row in scale_rows(results["starts"])
        for name in row.starts
    ]
    return pd.concat(own, ignore_index=True)[["row", "sigma_w2", "initializer", "width", "weight", "density"]]


def _chosen(results: Results) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Choose among the starts that frameworks have by name."""
    starts = results["advice_starts"]
    made = {name: results[f"advice_{name}"] for name in ("forward", "gradients", "diversity")}
    judged = pd.concat([verdict_table(results), verdict_table(made)], ignore_index=True)
    choices = [_choice(str(name), own, judged) for name, own in starts.groupby("activation", sort=False)]
    chosen = pd.DataFrame(
        [(one.activation, one.initializer, one.in_words) for one in choices],
        columns=["activation", "initializer", "carries"],
    )
    ties = [(one.activation, name) for one in choices for name in one.ties]
    keys = ["activation", "initializer"]
    return chosen.merge(starts[[*keys, *CODE]], on=keys), pd.DataFrame(ties, columns=keys)


def _choice(activation: str, starts: pd.DataFrame, judged: pd.DataFrame) -> Choice:
    (first,) = starts.loc[starts["reason"] != "", "initializer"]
    named = starts.loc[starts["named"] == 1, "initializer"]
    return choose(judged[judged["initializer"].isin(named)], activation, first)
