"""The numbers that the chapter on rescues quotes."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, sqrt
from typing import NamedTuple

import numpy as np
import pandas as pd

from reportgen.chapters.names import LARGE, SMALL, short_name
from reportgen.chapters.rescue.tables import HE, MIDDLE, NET, SIGNAL, VARIANTS, Tables
from reportgen.judgments.estimates import Estimate, geometric_mean, mean
from reportgen.judgments.frames import by_name, nested, only, where
from reportgen.judgments.outcomes import OUTCOMES
from reportgen.judgments.verdicts import LIMIT
from reportgen.theory.architectures import residual_growth

__all__ = ["BOTH", "CALIBRATED", "NORMS", "Equal", "Factors", "Findings", "Trained", "find"]

NORMS, CALIBRATED, BOTH = ("layer norm", "batch norm"), "LSUV", "residual + batch norm"


class Factors(NamedTuple):
    """Factors per layer of the rms of the signal and, towards the inputs, of that of the gradient.

    They go by variant, activation and start; `signal_off` and `gradient_off` tell how far those from any start are from
    theory at most, relative to it, and `table` shows those from He's.
    """

    signal: dict[str, dict[str, dict[str, Estimate]]]
    gradient: dict[str, dict[str, dict[str, Estimate]]]
    signal_off: dict[str, dict[str, float]]
    gradient_off: dict[str, dict[str, float]]
    table: pd.DataFrame

    @classmethod
    def of(cls, nets: pd.DataFrame) -> Factors:
        """Read the table `factors`."""
        starts = nets.groupby(NET, sort=False)
        measured = pd.DataFrame({way: starts[way].agg(geometric_mean) for way in ("signal", "gradient")})
        predicted = starts[["signal_factor", "gradient_factor"]].first().set_axis(measured.columns, axis=1)
        off = (measured.map(lambda one: one.value).astype(float) / predicted - 1).abs().fillna(np.inf)
        greatest = off.groupby(NET[:2]).max()
        both = predicted.add_suffix(", predicted").join(measured.add_suffix(", measured")).reset_index()
        heads = [f"{way}, {kind}" for way in measured.columns for kind in ("predicted", "measured")]
        return cls(
            signal=nested(measured["signal"]),
            gradient=nested(measured["gradient"]),
            signal_off=nested(greatest["signal"]),
            gradient_off=nested(greatest["gradient"]),
            table=_in_order(where(both, initializer=HE))[[*NET[:2], *heads]].rename(columns={"form": "variant"}),
        )


def _in_order(nets: pd.DataFrame) -> pd.DataFrame:
    return nets.sort_values("form", key=lambda forms: forms.map(VARIANTS.index), kind="stable")


class Trained(NamedTuple):
    """The sizes of the trainings, and what is learned from every start by variant and activation.

    `progress` is the share of the way from guessing to all right, 0 for a net that diverged. `apart` is how far the
    accuracies of the networks of one start and variant are apart: of half of them at most, and of the most uneven.
    """

    depth: int
    width: int
    steps: int
    batch: int
    training_examples: int
    validation_examples: int
    test_examples: int
    guess: float
    networks: int
    rates: list[str]
    progress: dict[str, dict[str, dict[str, float]]]
    accuracy: dict[str, dict[str, dict[str, float]]]
    apart: tuple[float, float]

    @classmethod
    def of(cls, trials: pd.DataFrame, trained: pd.DataFrame) -> Trained:
        """Read the tables `trials` and `trained`."""
        return cls(
            **trials.iloc[0][list(cls._fields[:8])],
            networks=int(trials["replicate"].nunique()),
            rates=[f"{rate:g}" for rate in trials["learning_rate"].unique()],
            progress=nested(_progress(trained.set_index(NET))),
            accuracy=nested(trained.set_index(NET)["test_accuracy"].fillna(0.0)),
            apart=_apart(trained["greatest"] - trained["least"]),
        )

    @property
    def least_both(self) -> float:
        """The least accuracy of residual branches with batch norm."""
        return min(min(starts.values()) for starts in self.accuracy[BOTH].values())

    def most(self, variant: str, activation: str) -> float:
        """Return the greatest accuracy over the starts."""
        return max(self.accuracy[variant][activation].values())

    @property
    def without_norm(self) -> float:
        """How far scaled branches without a norm are behind normalized ones, at most, but for large weights."""
        return max(
            both - self.accuracy["scaled residual"][activation][start]
            for activation, starts in self.accuracy[BOTH].items()
            for start, both in starts.items()
            if start != LARGE
        )

    @property
    def relu(self) -> dict[str, float]:
        """The mean accuracy over the starts with ReLU, by variant."""
        return {variant: float(np.mean([*own["relu"].values()])) for variant, own in self.accuracy.items()}


def _apart(ranges: pd.Series[float]) -> tuple[float, float]:
    return float(ranges.median()), float(ranges.max())


def _progress(nets: pd.DataFrame) -> pd.Series[float]:
    way = (nets["test_accuracy"] - nets["guess"]) / (1 - nets["guess"])
    return way.mask(nets["outcome"] == "diverged", 0.0)


class Equal(NamedTuple):
    """What became of networks of equal units: `movement` of weights by start and variant, `replaced` by LSUV."""

    depth: int
    width: int
    steps: int
    table: pd.DataFrame
    spread: float
    units: int
    accuracy: float
    movement: dict[str, dict[str, float]]
    replaced_units: list[int]
    replaced_accuracy: float

    @classmethod
    def of(cls, equal: pd.DataFrame) -> Equal:
        """Read the table `equal`."""
        replaced, kept = where(equal, form=CALIBRATED), equal[equal["form"] != CALIBRATED]
        shown = _in_order(where(kept, initializer="constant"))[["form", "distinct_units", "movement", "test_accuracy"]]
        shown = shown.assign(test_accuracy=shown["test_accuracy"].map("{:.0%}".format))
        return cls(
            **equal.iloc[0][list(cls._fields[:3])],
            table=shown.set_axis(["variant", "distinct units", "largest change of a weight", "accuracy"], axis=1),
            spread=float(kept["spread"].max()),
            units=int(kept["distinct_units"].max()),
            accuracy=float(kept["test_accuracy"].max()),
            movement=nested(kept.set_index(["initializer", "form"])["movement"]),
            replaced_units=[int(number) for number in replaced["distinct_units"]],
            replaced_accuracy=float(replaced["test_accuracy"].min()),
        )


@dataclass(frozen=True, slots=True)
class Findings:
    """Networks at initialization, then those that were trained.

    He's starts have `networks`, others `few`. `margin` is what a finite width and a finite batch may do to a factor,
    `norm_margin` where there is a norm. `total` is the growth of the gradient over the whole net, `share` what differs
    from input to input of the rms at the last layer, `weight_ratio` by how much the weight gradients of small
    weights are larger behind batch norm, and `scale_ratio` by how much these weights are smaller. `scaled` and
    `normalized` are residual branches.
    """

    limit: float
    small: str
    large: str
    depth: int
    width: int
    inputs: int
    networks: int
    few: int
    middle: tuple[int, int]
    margin: float
    norm_margin: float
    factors: Factors
    total: dict[str, dict[str, dict[str, float]]]
    share: dict[str, dict[str, float]]
    weight_ratio: float
    scale_ratio: float
    scaled: Estimate
    scaled_theory: float
    scaled_limit: float
    normalized: dict[int, Estimate]
    rescalings: int
    fresh_off: dict[str, float]
    scale_effect: float
    trained: Trained
    learned: str
    equal: Equal


def find(tables: Tables) -> Findings:
    """Return every number that the chapter quotes."""
    layers, fresh = tables.layers, tables.calibration.set_index("activation")["fresh_variance"]
    relu, depth, width = where(layers, activation="relu"), int(layers["layer"].max()), int(only(layers["width"]))
    small, large = (where(relu, form="batch norm", initializer=start) for start in (SMALL, LARGE))
    last = where(relu, layer=depth).assign(
        share=lambda table: np.sqrt(table["pre_activation_variance"] / table[SIGNAL])
    )
    signal = where(relu, initializer=HE).pivot(index=["form", "replicate"], columns="layer", values=SIGNAL) ** 0.5
    scaled, normalized = signal.loc["scaled residual"], signal.loc[BOTH]
    return Findings(
        limit=LIMIT,
        small=short_name(SMALL),
        large=short_name(LARGE),
        depth=depth,
        width=width,
        inputs=int(only(layers["batch"])),
        networks=int(where(layers, initializer=HE)["replicate"].nunique()),
        few=int(where(layers, initializer=SMALL)["replicate"].nunique()),
        middle=MIDDLE,
        margin=0.8 / sqrt(width),
        norm_margin=0.015 + 2 / width,
        factors=Factors.of(tables.factors),
        total=nested(tables.growth.set_index(NET)["gradient"]),
        share=nested(last.groupby(["form", "initializer"])["share"].mean()),
        weight_ratio=_ratio(small["weight_gradient_norm"], large["weight_gradient_norm"]),
        # All see the same inputs, so that the first layer's signal shows how large the weights are.
        scale_ratio=sqrt(_ratio(where(large, layer=1)[SIGNAL], where(small, layer=1)[SIGNAL])),
        scaled=mean(scaled[depth] / scaled[1]),
        scaled_theory=sqrt(residual_growth(1, 1 / sqrt(2 * depth), depth - 1)),
        scaled_limit=exp(1 / 4),
        normalized={layer: mean(normalized[layer]) for layer in (depth // 2, depth)},
        rescalings=int(tables.calibration["rescalings"].max()),
        fresh_off=by_name((fresh - 1).abs().groupby(level=0).max()),
        scale_effect=_scale_effect(where(layers, form=CALIBRATED)),
        trained=Trained.of(tables.trials, tables.trained),
        learned=OUTCOMES["learned"],
        equal=Equal.of(tables.equal),
    )


def _ratio(above: pd.Series[float], below: pd.Series[float]) -> float:
    """Return the ratio of geometric means; nan where both are lost."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.exp(np.log(above).mean() - np.log(below).mean()))


def _scale_effect(layers: pd.DataFrame) -> float:
    """Return by how much the deltas of networks from small and from large weights differ at most."""
    deltas = layers.pivot(index=["activation", "replicate", "layer"], columns="initializer", values="delta_rms")
    return float((deltas[SMALL] / deltas[LARGE] - 1).abs().max())
