"""What the chapter on He reads from its tables: the slices behind the figures and the numbers of the prose."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.old import Estimate, Findings
from reportgen.judgments.estimates import mean

__all__ = ["angles", "dead_shares", "findings", "layers", "lengths", "pairs", "silent_chance", "totals"]

_FORWARD, _BACKWARD = "pre_activation_second_moment", "delta_second_moment"

_TAIL = 0.05


def layers(results: Results) -> pd.DataFrame:
    """Return second moment and share across inputs of ReLU layers: mean, standard error, and the formula's value."""
    table = results["he_layers"].query("negative_slope == 0")
    table = table.assign(share=table["pre_activation_variance"] / table[_FORWARD])
    summary = table.groupby(["initializer", "sigma_w2", "layer"]).agg(
        second_moment=(_FORWARD, "mean"),
        second_moment_error=(_FORWARD, "sem"),
        share_across_inputs=("share", "mean"),
        share_across_inputs_error=("share", "sem"),
    )
    summary = summary.reset_index()
    return summary.assign(by_formula=summary["sigma_w2"] * (summary["sigma_w2"] / 2) ** (summary["layer"] - 1))


def pairs(results: Results, statistic: str) -> pd.DataFrame:
    """Return one statistic of the deep, narrow networks, networks × layers (0 stands for the inputs)."""
    return results["he_pairs"].pivot(index="replicate", columns="layer", values=statistic)


def lengths(results: Results) -> pd.DataFrame:
    """Return quantiles over networks of the squared length, and mean and variance of its logarithm, by layer."""
    logs = pairs(results, "log_squared_length")
    quantiles = {"lowest_5_percent": _TAIL, "median": 0.5, "highest_5_percent": 1 - _TAIL}
    table = pd.DataFrame({name: np.exp(logs.quantile(level)) for name, level in quantiles.items()})
    table = table.assign(log_mean=logs.mean(), log_variance=logs.var()).reset_index()
    return table.assign(log_variance_by_formula=5 * table["layer"] / results["he_pairs"]["width"].iloc[0])


def angles(results: Results) -> pd.DataFrame:
    """Return the cosine of two inputs by layer: mean, standard error and quantiles over networks, and the map's."""
    cosines = pairs(results, "cosine")
    table = pd.DataFrame(
        {
            "cosine": cosines.mean(),
            "standard_error": cosines.sem(),
            "lowest_5_percent": cosines.quantile(_TAIL),
            "highest_5_percent": cosines.quantile(1 - _TAIL),
        }
    )
    return table.assign(by_formula=_angle_map(table["cosine"].iloc[0], len(table))).reset_index()


def _angle_map(cosine: float, count: int) -> list[float]:
    """Return the cosine after 0, 1, ... ReLU layers of infinite width (Cho & Saul 2009, degree 1)."""
    cosines = [cosine]
    while len(cosines) < count:
        c = cosines[-1]
        cosines.append(float(np.sqrt(1 - c**2) + c * (np.pi - np.arccos(c))) / np.pi)
    return cosines


def totals(results: Results) -> pd.DataFrame:
    """Return the factor of the signal from layer 1 up to each layer, and of the gradient from the last one down."""
    keys = ["initializer", "layer", "fan_out"]
    table = results["he_fans"].set_index([*keys, "replicate"])
    signal, gradient = table[_FORWARD], table[_BACKWARD]
    first_signal = signal.groupby(["initializer", "replicate"]).first()
    last_gradient = gradient.groupby(["initializer", "replicate"]).last()
    ratios = pd.DataFrame({"forward": signal / first_signal, "backward": gradient / last_gradient}).groupby(keys)
    summary = ratios.mean().join(ratios.sem().add_suffix("_error")).reset_index()
    first, last = summary["fan_out"].iloc[[0, -1]]
    by_fan_out = summary["initializer"].str.contains("fan_out")
    return summary.assign(
        forward_by_formula=np.where(by_fan_out, first / summary["fan_out"], 1.0),
        backward_by_formula=np.where(by_fan_out, 1.0, last / summary["fan_out"]),
    )


def dead_shares(results: Results) -> pd.DataFrame:
    """Return the share of networks that have fallen silent by each depth: for every input, and for one input."""
    table = results["he_born_dead"]
    width, deepest = (int(table[name].iloc[0]) for name in ("width", "depth"))
    parts = []
    for depth in range(1, deepest + 1):
        silent = pd.DataFrame(
            {
                "initializer": table["initializer"],
                "stddev": table["stddev"],
                "every_input": table["silent_layer"].between(1, depth),
                "one_input": table["silent_layer_one_input"].between(1, depth),
            }
        )
        shares = silent.groupby(["stddev", "initializer"]).mean().reset_index()
        parts.append(shares.assign(depth=depth, one_input_by_formula=silent_chance(width, depth)))
    return pd.concat(parts, ignore_index=True)


def silent_chance(width: int, depth: int) -> float:
    """Return the chance that a ReLU net without biases is silent at one input: ``1 - (1 - 2^-n)^L``."""
    return float(-np.expm1(depth * np.log1p(-(2.0**-width))))


# What the prose quotes ----------------------------------------------------------------------------------------------


def _moments(results: Results, initializer: str, statistic: str = _FORWARD, slope: float = 0.0) -> pd.DataFrame:
    """Return one statistic of one law, networks × layers."""
    table = results["he_layers"]
    chosen = table[(table["initializer"] == initializer) & (table["negative_slope"] == slope)]
    return chosen.pivot(index="replicate", columns="layer", values=statistic)


def _factors(moments: pd.DataFrame) -> pd.Series[float]:
    """Return by how much each network multiplies the second moment from one layer to the next, on average."""
    return (moments / moments.shift(axis="columns")).mean(axis="columns")


def _laws(results: Results) -> pd.DataFrame:
    """Return the factor per layer of every law: by the formula, and measured."""
    laws = results["he_layers"][["initializer", "negative_slope", "sigma_w2"]].drop_duplicates()
    rows = [
        {
            "law": name,
            "slope below 0": slope,
            "fan_in · Var(w)": sigma_w2,
            "factor per layer, formula": sigma_w2 * (1 + slope**2) / 2,
            "measured": mean(_factors(_moments(results, name, slope=slope))),
        }
        for name, slope, sigma_w2 in laws.itertuples(index=False)
    ]
    return pd.DataFrame(rows)


def _derivation(results: Results) -> dict[str, Any]:
    """Measure each step of the derivation, and what the laws do with it."""
    table = results["he_layers"]
    z, h = _moments(results, "he_normal"), _moments(results, "he_normal", "activation_second_moment")
    slope = float(table["negative_slope"].max())
    glorot = _moments(results, "glorot_normal")
    across = _moments(results, "glorot_normal", "pre_activation_variance")
    matched = _moments(results, f"he_normal(negative_slope={slope:g})", slope=slope)
    return {
        "width": int(table["width"].iloc[0]),
        "depth": int(table["layer"].max()),
        "networks": len(z),
        "half": mean((h / z).mean(axis="columns")),
        "weighted_sum": mean((z / h.shift(axis="columns")).mean(axis="columns")),
        "he": mean(_factors(z)),
        "glorot": mean(_factors(glorot)),
        "slope": slope,
        "leaky": mean(_factors(matched)),
        "unmatched": mean(_factors(_moments(results, "he_normal", slope=slope))),
        "unmatched_formula": 1 + slope**2,
        "laws": _laws(results),
        "first_layer": mean(z[1]),
        "glorot_last": mean(glorot.iloc[:, -1]),
        "glorot_last_formula": 0.5 ** (len(glorot.columns) - 1),
        "glorot_across_last": mean(across.iloc[:, -1]),
        "uniform_difference": mean(_factors(_moments(results, "he_uniform")) - _factors(z)),
    }


def _lengths(results: Results) -> dict[str, Any]:
    """Describe the squared lengths in the deep, narrow networks; each layer is an independent draw."""
    logs = pairs(results, "log_squared_length")
    steps = logs.diff(axis="columns").iloc[:, 1:]
    last, width = lengths(results).iloc[-1], int(results["he_pairs"]["width"].iloc[0])
    return {
        "pairs_width": width,
        "pairs_depth": int(logs.columns[-1]),
        "pairs_networks": len(logs),
        "length_factor": mean(steps.transform("exp").mean(axis="columns")),
        "spread": float(width * steps.to_numpy().var(ddof=1)),
        "log_variance": float(last["log_variance"]),
        "log_variance_formula": float(last["log_variance_by_formula"]),
        "median": float(last["median"]),
        "band": 1 - 2 * _TAIL,
        "low": float(last["lowest_5_percent"]),
        "high": float(last["highest_5_percent"]),
        "shrunk_share": float((logs.iloc[:, -1] < 0).mean()),
    }


def _angles(results: Results) -> dict[str, Any]:
    """Describe the cosines at some layers, and the share of the second moment that is left across inputs."""
    table = angles(results).set_index("layer")
    shown = table.loc[[0, 5, 10, 20, table.index[-1]]]
    share = layers(results).pivot(index="layer", columns="initializer", values="share_across_inputs")
    return {
        "cosines": shown[["cosine", "by_formula"]].reset_index().rename(columns={"by_formula": "infinitely wide"}),
        "cosine_start": float(table["cosine"].iloc[0]),
        "cosine_last": float(table["cosine"].iloc[-1]),
        "angle_gap": float(np.ptp(shown[["cosine", "by_formula"]], axis=1).max()),
        "share_last": float(share["he_normal"].iloc[-1]),
        "share_gap": float(np.ptp(share[["he_normal", "glorot_normal"]], axis=1).max()),
    }


def _fans(results: Results) -> dict[str, Any]:
    """Describe what the funnel does to signal and gradient in total."""
    table = totals(results).set_index(["initializer", "layer"])
    widths = results["he_fans"].groupby("layer")["fan_out"].first()
    first, last = widths.index[[0, -1]]
    found: dict[str, Any] = {"funnel": list(widths), "funnel_ratio": float(widths[first] / widths[last])}
    for mode, name in (("fan_in", "he_uniform"), ("fan_out", "he_uniform(mode=fan_out)")):
        for way, end in (("forward", last), ("backward", first)):
            row = table.loc[(name, end)]
            found[f"{way}_{mode}"] = Estimate(float(row[way]), float(row[f"{way}_error"]))
    return found


def _dead(results: Results) -> dict[str, Any]:
    """Describe the narrow networks that fall silent."""
    table, shares = results["he_born_dead"], dead_shares(results)
    last = shares[shares["depth"] == shares["depth"].max()]
    width, depth = int(table["width"].iloc[0]), int(last["depth"].iloc[0])
    one = float(last["one_input"].iloc[0])
    wide = int(results["he_pairs"]["width"].iloc[0])
    networks = table.pivot(index="replicate", columns="stddev", values=["silent_layer", "silent_layer_one_input"])
    return {
        "dead_width": width,
        "dead_depth": depth,
        "dead_networks": len(networks),
        "dead_scales": [f"{stddev:.3g}" for stddev in last["stddev"]],
        "dead_share": float(last["every_input"].iloc[0]),
        "dead_one_input": Estimate(one, float(np.sqrt(one * (1 - one) / len(networks)))),
        "dead_one_input_formula": silent_chance(width, depth),
        "dead_wide_chance": silent_chance(wide, depth),
        "same_networks_die": bool((networks.T.groupby(level=0).nunique() == 1).all(axis=None)),
    }


def findings(results: Results) -> Findings:
    """Return every number that the chapter quotes."""
    return {**_derivation(results), **_lengths(results), **_angles(results), **_fans(results), **_dead(results)}
