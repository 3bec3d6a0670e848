"""How deep a gain carries signal and gradient, by the size of the inputs: bands of theory, and networks in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.judgments.estimates import Estimate, geometric_mean
from reportgen.judgments.frames import only

__all__ = ["Band", "Run", "Sizes"]

_ROOMY = 1.5
"""A gain that the prose names for shallow nets."""

_CHOICES = {"he": "He's", "forward": "forward gain", "best": "best", "middle": "middle of the band"}


class Band(NamedTuple):
    """The gains at which neither the rms of the signal nor that of the gradient changes by more than the limit."""

    best: float
    worst: float
    least: float
    greatest: float


class Run(NamedTuple):
    """What networks with one gain do to the rms of signal and gradient; `held` of them stay within the limit."""

    gain: float
    signal: Estimate
    signal_theory: float
    gradient: Estimate
    gradient_theory: float
    held: int


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bands by activation, depth and mean square of the inputs, and runs by activation, mean square and gain.

    `roomy` is a gain that is inside the bands of shallow nets.
    """

    limit: float
    roomy: float
    depth: int
    width: int
    networks: int
    bands: dict[tuple[str, int, float], Band]
    runs: dict[tuple[str, float, str], Run]
    table: pd.DataFrame
    measured: pd.DataFrame

    @classmethod
    def of(cls, bands: pd.DataFrame, norms: pd.DataFrame) -> Sizes:
        """Read the tables `bands` and `norms`."""
        limit = float(only(bands["factor"]))
        runs = {
            (str(activation), float(str(q0)), str(choice)): _run(rows, limit)
            for (activation, q0, choice), rows in norms.groupby(["activation", "q0", "choice"], sort=False)
        }
        return cls(
            limit=limit,
            roomy=_ROOMY,
            depth=int(only(norms["depth"])),
            width=int(only(norms["width"])),
            networks=int(norms["replicate"].nunique()),
            bands={
                (row["activation"], row["depth"], row["q0"]): Band(
                    row["best_gain"], row["worst"], row["least"], row["greatest"]
                )
                for row in bands.to_dict("records")
            },
            runs=runs,
            table=_in_words(bands),
            measured=_measured(runs),
        )

    def held(self, activation: str, q0: float, choice: str) -> float:
        """Return the share of the networks in which neither changes by more than the limit."""
        return self.runs[activation, q0, choice].held / self.networks

    def held_of(self, q0: float) -> float:
        """Return the share that holds of all networks with inputs of one mean square, whatever their gain."""
        counts = [run.held for (_, at, _), run in self.runs.items() if at == q0]
        return sum(counts) / (len(counts) * self.networks)

    def width_of_band(self, activation: str, depth: int, q0: float) -> float:
        """Return by what share the greatest gain of a band exceeds the least."""
        band = self.bands[activation, depth, q0]
        return band.greatest / band.least - 1


def _run(rows: pd.DataFrame, limit: float) -> Run:
    factors = rows[["signal", "gradient"]].to_numpy()
    with np.errstate(divide="ignore"):
        held = (np.maximum(factors, 1 / factors) <= limit).all(axis=1)
    first = rows.iloc[0]
    return Run(
        gain=float(first["gain"]),
        signal=geometric_mean(rows["signal"]),
        signal_theory=float(first["predicted_signal"]),
        gradient=geometric_mean(rows["gradient"]),
        gradient_theory=float(first["predicted_gradient"]),
        held=int(held.sum()),
    )


def _in_words(bands: pd.DataFrame) -> pd.DataFrame:
    """Return a row per activation and depth, and a column per size of the inputs: best gain, and band in brackets.

    Four decimals: some bands are narrower than a hundredth.
    """
    said = [_said(*row) for row in bands[["best_gain", "least", "greatest"]].itertuples(index=False)]
    wide = bands.assign(said=said).pivot(index=["activation", "depth"], columns="q0", values="said")
    rows = bands[["activation", "depth"]].drop_duplicates()
    return rows.merge(wide.rename(columns=lambda q0: f"inputs of rms {q0**0.5:g}").reset_index())


def _said(best: float, least: float, greatest: float) -> str:
    if np.isnan(least):
        return f"{best:.4f} (no band)"
    return f"{best:.4f} ({least:.4f} to {greatest:.4f})"


def _measured(runs: dict[tuple[str, float, str], Run]) -> pd.DataFrame:
    heads = (
        "activation",
        "rms of the inputs",
        "which gain",
        "gain",
        "signal, rms",
        "gradient, rms",
        "networks that hold",
    )
    rows = [
        (activation, q0**0.5, _CHOICES[choice], run.gain, run.signal.value, run.gradient.value, run.held)
        for (activation, q0, choice), run in runs.items()
    ]
    return pd.DataFrame(rows, columns=heads)
