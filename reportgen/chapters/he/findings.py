"""The numbers that the chapter on He quotes."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.chapters.he.tables import CASE, SIGNAL, TAIL, Tables, silent_chance
from reportgen.judgments.estimates import Estimate, mean, root
from reportgen.judgments.frames import by_name, by_network, only

__all__ = ["Findings", "Size", "Spectrum", "find"]

_HE, _GLOROT = ("he_normal", 0.0), ("glorot_normal", 0.0)
_MOMENTS = (SIGNAL, "activation_second_moment", "pre_activation_variance")
_MODES = {"fan_in": "he_uniform", "fan_out": "he_uniform(mode=fan_out)"}


class Size(NamedTuple):
    """How large some networks are, and how many."""

    width: int
    depth: int
    networks: int


class Spectrum(NamedTuple):
    """What deep linear networks of one start do to single directions: singular values, means over networks."""

    width: float
    mean_square: float
    largest: float
    median: float
    kept_directions: float


@dataclass(frozen=True, slots=True)
class Findings:
    """Every step of the derivation in wide networks, and what narrow ones do.

    Sizes and factors are root mean squares, and so is a length among networks; `half`, `weighted_sum` and
    `length_factor` are of squares, of which the derivation speaks. `forward` and `backward` are by mode: what the
    funnel of these widths does in all. `lengths` and `dead` are the last rows of these tables.
    """

    wide: Size
    half: Estimate
    weighted_sum: Estimate
    he: Estimate
    first_layer: Estimate
    uniform_difference: Estimate
    linear_depth: int
    spectra: dict[str, Spectrum]
    slope: float
    leaky: Estimate
    unmatched: Estimate
    unmatched_formula: float
    factors: pd.DataFrame
    glorot: Estimate
    glorot_last: Estimate
    glorot_across_last: Estimate
    funnel: list[int]
    forward: dict[str, Estimate]
    backward: dict[str, Estimate]
    narrow: Size
    length_factor: Estimate
    spread: float
    lengths: dict[str, float]
    shrunk_share: float
    band: float
    cosine_start: float
    cosine_last: float
    cosine_gap: float
    share_last: float
    share_gap: float
    tiny: Size
    scales: list[str]
    dead: dict[str, float]
    dead_one_input: Estimate
    wide_chance: float
    otherwise_dead: dict[str, int]


def find(tables: Tables) -> Findings:
    """Return every number that the chapter quotes."""
    networks, slope = tables.networks, float(tables.networks["negative_slope"].max())
    wide, narrow, tiny = map(_size, (networks, tables.pairs, tables.born_dead))
    z, h, across = (by_network(networks, name, *CASE) for name in _MOMENTS)
    factor = (z / z.shift(axis="columns")).mean(axis="columns")
    lengths = by_network(tables.pairs, "log_squared_length")
    steps = lengths.diff(axis="columns").iloc[:, 1:]  # each layer is an independent draw
    cosines = tables.angles
    share = tables.layers.pivot(index="layer", columns="initializer", values="share_across_inputs")
    dead = tables.dead[tables.dead["depth"] == tiny.depth]
    return Findings(
        wide=wide,
        half=mean((h / z).mean(axis="columns")[_HE]),
        weighted_sum=mean((z / h.shift(axis="columns")).mean(axis="columns")[_HE]),
        he=root(mean(factor[_HE])),
        first_layer=root(mean(z[1][_HE])),
        uniform_difference=mean(np.sqrt(factor["he_uniform", 0.0]) - np.sqrt(factor[_HE])),
        linear_depth=int(tables.spectra["depth"].max()),
        spectra=_spectra(tables.spectra),
        slope=slope,
        leaky=root(mean(factor[f"he_normal(negative_slope={slope:g})", slope])),
        unmatched=root(mean(factor["he_normal", slope])),
        unmatched_formula=sqrt(1 + slope**2),
        factors=_table_of_factors(networks, factor),
        glorot=root(mean(factor[_GLOROT])),
        glorot_last=root(mean(z[wide.depth][_GLOROT])),
        glorot_across_last=root(mean(across[wide.depth][_GLOROT])),
        funnel=list(tables.funnel.groupby("layer")["fan_out"].first()),
        forward=_end(tables.funnel, "forward", tables.funnel["layer"].max()),
        backward=_end(tables.funnel, "backward", tables.funnel["layer"].min()),
        narrow=narrow,
        length_factor=mean(steps.transform("exp").mean(axis="columns")),
        spread=float(narrow.width * steps.to_numpy().var(ddof=1)),
        lengths=by_name(tables.lengths.iloc[-1]),
        shrunk_share=float((lengths[narrow.depth] < 0).mean()),
        band=1 - 2 * TAIL,
        cosine_start=float(cosines["cosine"].iloc[0]),
        cosine_last=float(cosines["cosine"].iloc[-1]),
        cosine_gap=float((cosines["cosine"] - cosines["by_formula"]).abs().max()),
        share_last=float(share["he_normal"].iloc[-1]),
        share_gap=float((share["he_normal"] - share["glorot_normal"]).abs().max()),
        tiny=tiny,
        scales=[f"{stddev:.3g}" for stddev in dead["stddev"]],
        dead=by_name(dead.drop(columns="initializer").iloc[0]),
        dead_one_input=_share(float(dead["one_input"].iloc[0]), tiny.networks),
        wide_chance=silent_chance(narrow.width, tiny.depth),
        otherwise_dead=_otherwise_dead(tables.born_dead),
    )


def _spectra(spectra: pd.DataFrame) -> dict[str, Spectrum]:
    """Return those of the deepest networks by start."""
    deepest = spectra[spectra["depth"] == spectra["depth"].max()].set_index("initializer")[list(Spectrum._fields)]
    return {str(row[0]): Spectrum(*map(float, row[1:])) for row in deepest.itertuples()}


def _otherwise_dead(born_dead: pd.DataFrame) -> dict[str, int]:
    """Return by scale how many networks fall silent elsewhere than at the first scale."""
    silent = ["silent_layer", "silent_layer_one_input"]
    layers = born_dead.pivot(index="stddev", columns="replicate", values=silent)
    differ = layers.ne(layers.iloc[0]).T.groupby("replicate").any()
    return {f"{stddev:.3g}": int(differ[stddev].sum()) for stddev in layers.index}


def _size(networks: pd.DataFrame) -> Size:
    depth = networks["depth" if "depth" in networks else "layer"].max()
    return Size(only(networks["width"]), int(depth), networks["replicate"].nunique())


def _share(share: float, networks: int) -> Estimate:
    return Estimate(share, sqrt(share * (1 - share) / networks))


def _table_of_factors(networks: pd.DataFrame, factor: pd.Series[float]) -> pd.DataFrame:
    """Return the factor per layer of every initializer and slope: by the formula, and measured."""
    columns = ["start", "slope", "fan_in · Var(w)", "factor of the rms per layer, formula", "measured"]
    twice = networks["initializer"] == "lecun_normal"  # for layers of equal width it is glorot_normal
    cases = networks.loc[~twice, [*CASE, "sigma_w2"]].drop_duplicates().itertuples(index=False)
    rows = [
        (name, a, sigma_w2, sqrt(sigma_w2 * (1 + a**2) / 2), root(mean(factor[name, a]))) for name, a, sigma_w2 in cases
    ]
    return pd.DataFrame(rows, columns=columns)


def _end(funnel: pd.DataFrame, way: str, layer: int) -> dict[str, Estimate]:
    at = funnel[funnel["layer"] == layer].set_index("initializer")
    return {mode: Estimate(float(at[way][name]), float(at[f"{way}_error"][name])) for mode, name in _MODES.items()}
