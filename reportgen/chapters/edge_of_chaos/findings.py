"""The numbers that the chapter on the edge of chaos quotes."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.edge_of_chaos.tables import BAND, angles, lengths, pair_name, scales
from reportgen.chapters.old import Estimate, Findings

__all__ = ["findings"]

_BIAS = 0.05
"""Variance of the biases at which the chapter follows tanh through the diagram."""

_ORDERED, _CHAOTIC, _HE = 1.2, 3.0, 2.0
"""Places on that way, to the left and to the right of the edge; and, without biases, that of He."""

EARLY, LATER = 5, 10
"""Layers at which the prose looks at the angles."""

_KEYS = {"relu": "relu, ", "sigmoid": "sigmoid, ", "glorot": "tanh, glorot_uniform", "gain": "gain", "wild": "normal("}
"""What tells the pairs of initializer and activation apart."""


def _diagram(results: Results) -> dict[str, Any]:
    """Describe the lines, and where the defaults of the frameworks stand."""
    all_places = results["edge_places"]
    named = all_places.set_index("label")
    settled = results["edge_settled"].pivot(index="label", columns="activation", values="chi_1")
    lines = results["edge_lines"].pivot(index="activation", columns="sigma_b2", values="sigma_w2")
    frameworks = list(all_places.loc[all_places["kind"] == "framework", "label"])
    shown = ["relu", "tanh", "gelu", "selu", "sigmoid"]
    defaults = named.loc[frameworks, ["sigma_w2", "sigma_b2"]].join(settled[shown])
    edges = lines[[0.0, _BIAS, lines.columns[-1]]].loc[results["edge_lines"]["activation"].unique()]
    edges.columns = ["without biases", *(f"Var(b) = {bias:g}" for bias in edges.columns[1:])]
    chi_1, edge = settled.to_dict("index"), lines.to_dict("index")
    return {
        "width": int(all_places["width"].iloc[0]),
        "no_limit": list(all_places.loc[all_places["limit"] == "none", "label"]),
        "bias": _BIAS,
        "edges": edges.reset_index(),
        "critical": edge["tanh"][_BIAS],
        **{f"critical_{name}": edge[name][0.0] for name in ("tanh", "relu", "sigmoid", "selu")},
        "defaults": defaults.rename_axis("default").reset_index(),
        "torch_bias": named["sigma_b2"].to_dict()["PyTorch Linear"],
        "haiku": named["sigma_w2"].to_dict()["Haiku Linear"],
        "default_relu": float(defaults["relu"].max()),
        "default_tanh": float(defaults["tanh"].max()),
        "torch_relu": chi_1["PyTorch Linear"]["relu"],
        "keras_relu": chi_1["Keras Dense"]["relu"],
        **{f"he_{name}": chi_1["he_normal"][name] for name in ("relu", "gelu", "tanh")},
    }


def _walk(results: Results) -> dict[str, Any]:
    """Describe what tanh networks do from the ordered to the chaotic phase."""
    table = scales(results).dropna(subset="log_chi_1_measured")
    biased = table[table["sigma_b2"] == _BIAS].sort_values("sigma_w2")
    shown = [
        {
            "sigma_w2": row["sigma_w2"],
            "chi_1, theory": row["chi_1"],
            "chi_1, measured": _factor(row),
            "c_star": row["c_star"],
            "xi_c, theory": row["xi_c"],
            "xi_c, measured": _reach(row),
        }
        for row in biased.to_dict("records")
    ]
    off = (table["log_chi_1_measured"] - np.log(table["chi_1"])).abs()
    crossing = np.interp(0.0, biased["log_chi_1_measured"], np.log(biased["sigma_w2"]))
    below, above = biased[biased["chi_1"] < 1], biased[biased["chi_1"] > 1]
    at = {(row["sigma_b2"], row["sigma_w2"]): row for row in table.to_dict("records")}
    ordered, chaotic = at[_BIAS, _ORDERED], at[_BIAS, _CHAOTIC]
    peak = max(biased.to_dict("records"), key=lambda row: float(row["xi_c_measured"]))
    return {
        "walk": pd.DataFrame(shown),
        "walk_networks": results["edge_decay"]["replicate"].nunique(),
        "walk_width": int(results["edge_decay"]["width"].iloc[0]),
        "walk_depth": int(results["edge_decay"]["layer"].max()),
        "he_tanh_measured": _factor(at[0.0, _HE]),
        "measured_critical": float(np.exp(crossing)),
        "sides_agree": bool((np.sign(table["log_chi_1_measured"]) == np.sign(np.log(table["chi_1"]))).all()),
        "chi_errors": float((off / table["log_chi_1_error"]).max()),
        "chi_off": float(off.max()),
        "xi_c_ratio": _typical(table["xi_c_measured"] / table["xi_c"]),
        "xi_q_ratio": _typical(table["xi_q_measured"] / table["xi_q"]),
        "nearest": [float(below["sigma_w2"].max()), float(above["sigma_w2"].min())],
        "peak_sigma_w2": peak["sigma_w2"],
        "peak_xi": peak["xi_c_measured"],
        "ordered_sigma_w2": _ORDERED,
        "ordered_xi_c": ordered["xi_c"],
        "ordered_xi_q": ordered["xi_q"],
        "ordered_measured": _reach(ordered),
        "chaotic_sigma_w2": _CHAOTIC,
        "chaotic_xi_c": chaotic["xi_c"],
        "chaotic_measured": _reach(chaotic),
    }


def _factor(row: Mapping[Hashable, Any]) -> Estimate:
    """Return the measured factor of the gradient per layer, whose logarithm is in the table."""
    factor = float(np.exp(row["log_chi_1_measured"]))
    return Estimate(factor, factor * row["log_chi_1_error"])


def _reach(row: Mapping[Hashable, Any]) -> Estimate:
    """Return the measured depth scale of angles."""
    return Estimate(row["xi_c_measured"], row["xi_c_error"])


def _typical(ratios: pd.Series[float]) -> float:
    """Return the geometric mean of ratios."""
    return float(np.exp(np.log(ratios).mean()))


def _angles(results: Results) -> dict[str, Any]:
    """Describe how the angle of two inputs changes with depth."""
    table = angles(results)
    table = table.assign(
        pair=[pair_name(*names) for names in zip(table["initializer"], table["activation"], strict=True)]
    )
    cosines = table.pivot(index="pair", columns="layer", values="cosine")
    ends = table[table["layer"].isin([1, LATER, table["layer"].max()])]
    shown = ends.pivot(index="pair", columns="layer", values="cosine").loc[table["pair"].unique()]
    shown.columns = [f"layer {layer}" for layer in shown.columns]
    at = {name: cosines.loc[next(pair for pair in cosines.index if key in pair)] for name, key in _KEYS.items()}
    return {
        "cosines": shown.rename_axis("activation, initializer").reset_index(),
        "angles_width": int(results["edge_angles"]["width"].iloc[0]),
        "angles_depth": int(table["layer"].max()),
        "early": EARLY,
        "later": LATER,
        "angles_networks": results["edge_angles"]["replicate"].nunique(),
        "angle_gap": float((table["cosine"] - table["predicted"]).abs().max()),
        "angle_gap_early": float((table["cosine"] - table["predicted"]).abs()[table["layer"] <= EARLY].max()),
        **{
            f"{name}_{when}": float(path.loc[layer])
            for name, path in at.items()
            for when, layer in (("start", 1), ("early", EARLY), ("later", LATER), ("end", path.index[-1]))
        },
    }


def _lengths(results: Results) -> dict[str, Any]:
    """Describe how widely the lengths of the signal scatter, by depth over width."""
    table = lengths(results)
    last = table[table["layer"] == table["layer"].max()].set_index("width")
    logs = results["edge_lengths"].pivot(index=["width", "replicate"], columns="layer", values="log_squared_length")
    steps = logs.diff(axis="columns").iloc[:, 1:]
    spread = steps.T.melt(value_name="step").groupby("width")["step"].var()
    law = np.log(last[["lower_by_law", "upper_by_law"]])
    ends = logs.iloc[:, -1]
    width = ends.index.get_level_values("width")
    inside = ends.between(law["lower_by_law"].loc[width].to_numpy(), law["upper_by_law"].loc[width].to_numpy())
    typical = np.exp(ends.groupby("width").median()).to_dict()
    at = last.to_dict("index")
    narrow, wide = min(at), max(at)
    return {
        "lengths_depth": int(table["layer"].max()),
        "lengths_widths": list(at),
        "lengths_networks": int(last["networks"].iloc[0]),
        "narrow": narrow,
        "wide": wide,
        "narrow_variance": at[narrow]["variance"],
        "wide_variance": at[wide]["variance"],
        "narrow_law": at[narrow]["variance_by_law"],
        "wide_law": at[wide]["variance_by_law"],
        "narrow_typical": typical[narrow],
        "wide_typical": typical[wide],
        "spreads": list(spread * spread.index),
        "band": 2 * BAND - 1,
        "inside": float(inside.mean()),
    }


def findings(results: Results) -> Findings:
    """Return every number that the chapter quotes."""
    return {**_diagram(results), **_walk(results), **_angles(results), **_lengths(results)}
