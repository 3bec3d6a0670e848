"""The numbers that the chapter on saturation quotes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.chapters.names import LARGE, SMALL, short_name
from reportgen.chapters.saturation.added import Added
from reportgen.chapters.saturation.halt_findings import Halt, find_halt
from reportgen.chapters.saturation.tables import LOST_VARIANCE, MIDDLE, RIGHT, RIGHT_STDDEV, Tables
from reportgen.judgments.estimates import Estimate, mean
from reportgen.judgments.frames import only

__all__ = ["Battery", "Findings", "Maps", "Scale", "Sigmoid", "find"]

_SCALED = ("lecun_normal", "lecun_uniform", "glorot_normal", "glorot_uniform", "he_normal", "he_uniform", "orthogonal")
_STUCK = 0.95
"""A unit that is flat for more than this share of the inputs, or for less than the rest, hardly depends on them."""

_QUIET = 0.05
"""A layer with a smaller share of saturated units looks healthy to those who look at saturation only."""


class Scale(NamedTuple):
    """One of the lecture's networks: `signal` of the last layer, `gradient` of the first one, and factors per layer.

    `saturated`, `slope` (rms) and `nothing`, the share of units with next to no gradient,
    are those of all layers; `weight_spread` is the greatest norm of a layer's weight gradient over the least.
    """

    name: str
    signal: float
    signal_factor: float
    saturated: float
    least_saturated: float
    most_saturated: float
    slope: float
    gradient: float
    gradient_factor: float
    nothing: float
    weight_spread: float


class Maps(NamedTuple):
    """Shares of inputs for which units are saturated, and of units that are stuck in the first and the last layer."""

    units: int
    large_least: float
    glorot: float
    relu_inactive: float
    sigmoid_stuck: tuple[float, float]
    relu_stuck: tuple[float, float]


class Sigmoid(NamedTuple):
    """Sigmoids that start from Glorot: factor of the gradient's rms per layer, what is left of it, and mean outputs."""

    factor: Estimate
    gradient: float
    mean: float
    least_mean: float


class Battery(NamedTuple):
    """Saturated shares at the depths of the battery; of the map's quiet cells `quiet_lost` have lost the signal.

    `middle` is the scale between He's and that of the large weights; `tanh_middle` and `tanh_he` are of the deepest.
    """

    depth: int
    width: int
    rows: int
    quiet_lost: float
    tanh_large: float
    tanh_scaled: float
    tanh_margin: float
    middle: float
    tanh_middle: float
    tanh_he: float
    tanh_small: float
    tanh_small_signal: float


@dataclass(frozen=True, slots=True)
class Findings:
    """Three scales of the lecture, training that halts, single units, the whole battery, and added data.

    `rounded` is the share of outputs of large weights that round to plus or minus one, `bound` that of tanh's outputs.
    """

    units: int
    layers: int
    networks: int
    small: Scale
    large: Scale
    right: Scale
    right_stddev: str
    small_weight_share: float
    factors: pd.DataFrame
    halt: Halt
    maps: Maps
    battery: Battery
    rounded: float
    sigmoid: Sigmoid
    bound: int
    added: list[Added]


def find(tables: Tables) -> Findings:
    """Return every number that the chapter quotes."""
    lecture = tables.lecture
    small, large, right = (_layers(lecture, initializer) for initializer in (SMALL, LARGE, RIGHT))
    return Findings(
        units=int(only(lecture["width"])),
        layers=int(lecture["layer"].max()),
        networks=int(lecture["replicate"].nunique()),
        small=_scale(SMALL, small),
        large=_scale(LARGE, large),
        right=_scale(RIGHT, right),
        right_stddev=RIGHT_STDDEV,
        small_weight_share=float((small["weight_gradient_norm"] / right["weight_gradient_norm"]).max()),
        factors=_factors({"too small": small, "too large": large, "right": right}),
        halt=find_halt(tables),
        maps=_maps(tables.units),
        battery=_battery(tables.battery, tables.deepest, tables.scales),
        rounded=float(large["rounded_fraction"].mean()),
        sigmoid=_sigmoid(tables.sigmoid),
        bound=1,
        added=[Added.of(str(name), rows, tables.battery) for name, rows in tables.added.groupby("data", sort=False)],
    )


def _layers(lecture: pd.DataFrame, initializer: str) -> pd.DataFrame:
    """Return one of the lecture's networks by layer, averaged over replicates."""
    return lecture[lecture["initializer"] == initializer].groupby("layer").mean(numeric_only=True)


def _scale(initializer: str, layers: pd.DataFrame) -> Scale:
    saturated, weights = layers["saturated_fraction"], layers["weight_gradient_norm"]
    return Scale(
        name=short_name(initializer),
        signal=float(layers["activation_rms"].iloc[-1]),
        signal_factor=_per_layer(layers["activation_rms"]),
        saturated=float(saturated.mean()),
        least_saturated=float(saturated.min()),
        most_saturated=float(saturated.max()),
        slope=float(layers["mean_squared_slope"].mean()) ** 0.5,
        gradient=1 / _ratio(layers["delta_rms"]),
        gradient_factor=1 / _per_layer(layers["delta_rms"]),
        nothing=float(layers["negligible_fraction"].mean()),
        weight_spread=float(weights.max() / weights.min()),
    )


def _ratio(layers: pd.Series[float]) -> float:
    """Return the factor from the first layer to the last."""
    return float(layers.iloc[-1] / layers.iloc[0])


def _per_layer(layers: pd.Series[float]) -> float:
    """Return the mean factor from one layer to the next."""
    return float(_ratio(layers) ** (1 / (len(layers) - 1)))


def _factors(scales: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Split the change of delta's rms per layer into weights and slopes, and put it beside the measured one.

    From layer l + 1 down to l it takes the weights of layer l + 1 and the slopes of layer l.
    """
    rows = []
    for scale, layers in scales.items():
        weights = float(np.exp(np.log(layers["weight_factor"].iloc[1:]).mean() / 2))
        slopes = float(np.exp(np.log(layers["mean_squared_slope"].iloc[:-1]).mean() / 2))
        rows.append((scale, weights, slopes, weights * slopes, 1 / _per_layer(layers["delta_rms"])))
    return pd.DataFrame(rows, columns=["scale", "weights", "slopes", "weights × slopes", "measured"])


def _maps(table: pd.DataFrame) -> Maps:
    """Tell how saturated the units of the maps are, and how many do the same for nearly all inputs."""
    networks = table.groupby(["initializer", "activation"])
    units = {network: rows.groupby("layer")["saturated_fraction"] for network, rows in networks}
    relu = units["he_normal", "relu"]
    flat = units[LARGE, "sigmoid"].agg(lambda share: (share > _STUCK).mean())
    same = relu.agg(lambda share: (abs(share - 1 / 2) > _STUCK - 1 / 2).mean())
    return Maps(
        units=int(only(table["width"])),
        large_least=float(units[LARGE, "tanh"].min().min()),
        glorot=float(units["glorot_normal", "tanh"].mean().max()),
        relu_inactive=float(relu.mean().mean()),
        sigmoid_stuck=(float(flat.iloc[0]), float(flat.iloc[-1])),
        relu_stuck=(float(same.iloc[0]), float(same.iloc[-1])),
    )


def _sigmoid(table: pd.DataFrame) -> Sigmoid:
    """Measure sigmoids; their factor from layer 2 on, where sigmoids and no longer inputs come in."""
    layers = table.groupby("layer")[["activation_mean", "delta_rms"]].mean()
    factors = [1 / _per_layer(rows["delta_rms"].iloc[1:]) for _, rows in table.groupby("replicate")]
    outputs = layers["activation_mean"]
    return Sigmoid(mean(factors), 1 / _ratio(layers["delta_rms"]), float(outputs.mean()), float(outputs.min()))


def _battery(cells: pd.DataFrame, deepest: pd.DataFrame, scales: pd.DataFrame) -> Battery:
    tanh = cells[cells["activation"] == "tanh"]
    saturated = tanh.pivot(index="depth", columns="initializer", values="saturated_fraction")
    scaled = saturated[list(_SCALED)].max(axis=1)
    small = tanh[tanh["initializer"] == SMALL].sort_values("depth")
    quiet = deepest[(deepest["saturated_fraction"] < _QUIET) & (deepest["finite_fraction"] == 1)]
    return Battery(
        depth=int(cells["depth"].max()),
        width=int(only(scales["width"])),
        rows=deepest["row"].nunique(),
        quiet_lost=float((quiet["activation_variance"] < LOST_VARIANCE).mean()),
        tanh_large=float(saturated[LARGE].min()),
        tanh_scaled=float(scaled.max()),
        tanh_margin=float((saturated[LARGE] - scaled).min()),
        middle=float(scales.set_index("initializer")["sigma_w2"][MIDDLE]),
        tanh_middle=float(saturated[MIDDLE].iloc[-1]),
        tanh_he=float(saturated["he_normal"].iloc[-1]),
        tanh_small=float(saturated[SMALL].max()),
        tanh_small_signal=float(small["activation_variance"].iloc[-1]) ** 0.5,
    )
