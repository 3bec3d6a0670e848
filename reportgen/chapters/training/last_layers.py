"""The loss before the first update, and what a smaller last layer changes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.judgments.frames import by_name, nested, where

__all__ = ["Initial", "LastLayer"]


class Initial(NamedTuple):
    """The loss before the first update over that of a guess, ``ln(classes)``, in the median of the networks of a row.

    `ratio` is by start and activation, `least` and `greatest` are those of any activation, by start.
    """

    ratio: dict[str, dict[str, float]]
    least: dict[str, float]
    greatest: dict[str, float]

    @classmethod
    def of(cls, losses: pd.DataFrame, rows: pd.DataFrame) -> Initial:
        """Read the tables `start_losses` and `rows`."""
        ratio = losses["start_loss"].fillna(np.inf) / np.log(losses["classes"])
        typical = (
            ratio.groupby([losses["row"], losses["activation"]], sort=False).median().rename("ratio").reset_index()
        )
        own = rows.merge(typical, on="row").set_index(["initializer", "activation"])["ratio"]
        groups = own.groupby("initializer", sort=False)
        return cls(nested(own), by_name(groups.min()), by_name(groups.max()))


class LastLayer(NamedTuple):
    """What became of nets whose last layer was drawn at several sizes, by activation and factor.

    `start` is the loss before the first update, `early` the test loss after a third of the updates, and
    `right` the share of right answers at the end.
    """

    factors: list[float]
    start: dict[str, dict[float, float]]
    early: dict[str, dict[float, float]]
    right: dict[str, dict[float, float]]
    table: pd.DataFrame

    @classmethod
    def of(cls, last_layers: pd.DataFrame) -> LastLayer:
        """Read the table `last_layers`."""
        early, late = (where(last_layers, steps=at) for at in (last_layers["steps"].min(), last_layers["steps"].max()))
        start, soon, right = (
            _typical(table, column)
            for table, column in ((late, "start_loss"), (early, "test_loss"), (late, "test_accuracy"))
        )
        columns = [
            start.map("{:.2f}".format),
            soon.map(lambda loss: f"{loss:.2f}" if np.isfinite(loss) else "diverged"),
            right.map(lambda share: f"{share:.0%}" if np.isfinite(share) else "diverged"),
        ]
        steps = int(early["steps"].iloc[0])
        names = ["loss at the start", f"loss after {steps} updates", "right at the end"]
        table = pd.concat(columns, axis=1, keys=names).reset_index()
        return cls(
            factors=[float(factor) for factor in last_layers["readout"].unique()],
            start=_nested(start),
            early=_nested(soon.fillna(np.inf)),
            right=_nested(right.fillna(0.0)),
            table=table.assign(readout=table["readout"].map("{:g}".format)).rename(
                columns={"readout": "last layer times"}
            ),
        )


def _typical(nets: pd.DataFrame, column: str) -> pd.Series[float]:
    order = nets.sort_values("readout", ascending=False, kind="stable")
    medians = order.groupby(["activation", "readout"], sort=False)[column].median()
    return medians.loc[list(nets["activation"].unique())]


def _nested(series: pd.Series[float]) -> dict[str, dict[float, float]]:
    return {
        str(name): {float(str(factor)): float(value) for factor, value in series.xs(name).items()}
        for name in series.index.unique(level=0)
    }
