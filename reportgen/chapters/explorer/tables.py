"""The tables behind the explorer: every cell of the battery with its verdict, and every layer of every cell."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.explorer.crossing import with_crossing
from reportgen.chapters.names import short_name
from reportgen.chapters.scale import by_group, by_scale, scale_rows
from reportgen.judgments.data_sets import CANONICAL
from reportgen.judgments.frames import where
from reportgen.judgments.outcomes import OUTCOMES, outcomes
from reportgen.judgments.verdicts import verdict_table
from reportgen.presets import ACTIVATIONS, INITIALIZERS

__all__ = ["Tables", "read"]

_PAIR = ["data", "initializer", "activation"]
_SHARES = {"saturated": "saturated_fraction", "pressed": "pressed_fraction", "dead": "dead_fraction"}


class Tables(NamedTuple):
    """What the explorer shows; rows in the order of its map, random inputs first.

    Attributes
    ----------
    run
        One row: the `width` of the networks, how many there are of each start (`replicates`), the inputs of each
        (`batch`) and the root `seed`.
    starts
        Every initializer with its short `label`, its `sigma_w2`, and whether it `is_added`.
    activations
        The same of every `activation`, without a scale.
    data_sets
        Every data set, and whether it `is_added`.
    cells
        The verdict on every start, activation, depth and data set, as `verdict_table` makes it, with the first layer
        where the limit is crossed, as `with_crossing` makes it, and theory's size of the last signal (`theory_signal`)
        and of the first gradient (`theory_gradient`), nan where it has none.
    layers
        By layer, medians over networks: rms of the activations (`size`) and of their differences across inputs
        (`signal`), inputs having 1, the shares `saturated`, `pressed` and `dead`, the least `finite` share, the median
        number of `distinct` units; and `theory`'s rms of the activations.
    gradients
        By depth and layer: the rms of delta over that of the last layer (`gradient`), its median over networks, 0 where
        it is exactly zero and inf where one of the two is no number; the least `finite` share; and `theory`'s.
    learned
        The outcome of the trainings by data set, `optimizer`, start, activation and depth: the most frequent one, how
        many networks have it (`of_it`), and of how many `networks`; with their `width`, `steps` and `learning_rate`.
    """

    run: pd.DataFrame
    starts: pd.DataFrame
    activations: pd.DataFrame
    data_sets: pd.DataFrame
    cells: pd.DataFrame
    layers: pd.DataFrame
    gradients: pd.DataFrame
    learned: pd.DataFrame


def read(results: Results) -> Tables:
    """Read the experiments ``propagation``, ``mean_field`` and ``training``."""
    order = _Order.of(results)
    layers, gradients = order.sorted(_layers(results)), order.sorted(_gradients(results))
    verdicts = [verdict_table(results, name).assign(data=name) for name in order.data]
    return Tables(
        run=pd.DataFrame([{name: results.settings[name] for name in ("width", "replicates", "batch", "seed")}]),
        starts=_starts(results["starts"], order.starts),
        activations=_named("activation", order.activations, ACTIVATIONS),
        data_sets=_named("data", order.data, CANONICAL),
        cells=with_crossing(order.sorted(pd.concat(verdicts)), layers, gradients),
        layers=layers,
        gradients=gradients,
        learned=_learned(results["training_races"]),
    )


class _Order(NamedTuple):
    """The names of the map in their order."""

    data: list[str]
    starts: list[str]
    activations: list[str]

    @classmethod
    def of(cls, results: Results) -> _Order:
        forward = results["forward"]
        names = {name: list(map(str, forward[name].unique())) for name in _PAIR}
        data = sorted(names["data"], key=lambda name: CANONICAL.index(name) if name in CANONICAL else len(CANONICAL))
        starts = by_scale(names["initializer"], scale_rows(results["starts"]))
        return cls(data, starts, by_group(names["activation"]))

    def sorted(self, table: pd.DataFrame) -> pd.DataFrame:
        """Sort a table by these names and then by depth and layer."""
        places = [
            table[name].map({one: at for at, one in enumerate(own)}) for name, own in zip(_PAIR, self, strict=True)
        ]
        rest = [table[name] for name in ("depth", "layer") if name in table]
        kept = [*_PAIR, *(name for name in table if name not in _PAIR)]
        return table[kept].iloc[np.lexsort([*rest[::-1], *places[::-1]])].reset_index(drop=True)


def _starts(starts: pd.DataFrame, order: list[str]) -> pd.DataFrame:
    table = _named("initializer", order, INITIALIZERS).merge(starts[["initializer", "sigma_w2"]], how="left")
    return table.assign(label=table["initializer"].map(short_name))


def _named(kind: str, names: list[str], own: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame({kind: names, "is_added": [name not in own for name in names]})


def _layers(results: Results) -> pd.DataFrame:
    forward = results["forward"]
    sizes = {"size": "activation_second_moment", "signal": "activation_variance"}
    columns: dict[str, Any] = {name: np.sqrt(_sized(forward[column])) for name, column in sizes.items()}
    columns |= {name: forward[column] for name, column in _SHARES.items()}
    columns["distinct"] = results["diversity"]["distinct_units"].where(results["diversity"]["width"] > 1, np.inf)
    keys = [*_PAIR, "layer"]
    groups = forward[keys].assign(**columns, finite=forward["finite_fraction"]).groupby(keys, sort=False)
    table = groups[list(columns)].median().join(groups["finite"].min()).reset_index()
    theory = where(results["theory"], quantity="activation_second_moment")
    predicted = theory[keys].assign(theory=np.sqrt(theory["predicted"]))
    return table.merge(predicted, on=keys, how="left")


def _gradients(results: Results) -> pd.DataFrame:
    keys = [*_PAIR, "depth", "layer"]
    gradients, theory = results["gradients"], where(results["theory"], quantity="delta_rms")
    ratio = _to_the_last(gradients, "delta_rms", [*_PAIR, "depth", "replicate"])
    groups = gradients[keys].assign(gradient=ratio, finite=gradients["finite_fraction"]).groupby(keys, sort=False)
    table = groups.agg({"gradient": "median", "finite": "min"}).reset_index()
    predicted = theory[keys].assign(theory=_to_the_last(theory, "predicted", [*_PAIR, "depth"]))
    return table.merge(predicted.astype({"depth": table["depth"].dtype}), on=keys, how="left")


def _to_the_last(table: pd.DataFrame, column: str, net: list[str]) -> pd.Series[float]:
    """Return sizes over that of the last layer of their net: 0 where they are exactly zero, inf where one is lost."""
    last = table.loc[table["layer"] == table["depth"], [*net, column]].rename(columns={column: "last"})
    last_size = table[net].merge(last, on=net, how="left")["last"].set_axis(table.index)
    with np.errstate(all="ignore"):
        ratio = (table[column] / last_size).mask(table[column] == 0, 0.0)
    return ratio.where(np.isfinite(table[column]) & np.isfinite(last_size), np.inf)


def _sized(squares: pd.Series[float]) -> pd.Series[float]:
    """Return squares with inf where they are not a number, which only lost layers have."""
    return squares.fillna(np.inf)


def _learned(races: pd.DataFrame) -> pd.DataFrame:
    """Return the most frequent outcome of every start on the map of trainings; of several, the first of the rules."""
    on_map = where(races, study="map")
    keys = ["data", "optimizer", "initializer", "activation", "depth"]
    counts = pd.crosstab([on_map[key] for key in keys], outcomes(on_map)).reindex(columns=list(OUTCOMES), fill_value=0)
    columns = {"outcome": counts.idxmax(axis=1), "networks": counts.sum(axis=1), "of_it": counts.max(axis=1)}
    budget = on_map.groupby(keys)[["width", "steps", "learning_rate"]].first()
    table = pd.DataFrame(columns).join(budget).reset_index()
    return table.sort_values("optimizer", ascending=False, kind="stable", ignore_index=True)  # SGD, then Adam
