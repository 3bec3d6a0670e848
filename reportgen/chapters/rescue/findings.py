"""The numbers that the prose on rescues quotes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.old import Findings
from reportgen.chapters.rescue.tables import MIDDLE, factors, growth, per_layer, trained
from reportgen.judgments.estimates import geometric_mean, mean
from reportgen.judgments.outcomes import OUTCOMES

__all__ = ["BOTH", "CALIBRATED", "HE", "LARGE", "NORMS", "SMALL", "findings"]

SMALL, LARGE, HE = "random_normal(stddev=0.01)", "random_normal(stddev=1)", "he_normal"
NORMS, CALIBRATED, BOTH = ("layer norm", "batch norm"), "LSUV", "residual + batch norm"
_TRIPLED = "variance_scaling(scale=18)"
"""He's law with three times the standard deviation."""


def findings(results: Results) -> Findings:
    """Return every number that the chapter quotes."""
    return {
        **_sizes(results),
        **_factors(results),
        **_normalized(results),
        **_residual(results),
        **_calibrated(results),
        **_trained(results),
        **_equal(results),
    }


def _sizes(results: Results) -> dict[str, Any]:
    layers, training, equal = (results[f"rescue_{name}"] for name in ("layers", "training", "symmetry"))
    first, width = training.iloc[0], int(layers["width"].iloc[0])
    names = ("depth", "width", "steps", "batch")
    return {
        "depth": int(layers["layer"].max()),
        "width": width,
        "norm_margin": 0.03 + 2 / width,
        "margin": 0.04 + 5 / width,
        "inputs": int(layers["batch"].iloc[0]),
        "networks": int(layers["replicate"].nunique()),
        "middle": MIDDLE,
        "trained": {name: int(first[name]) for name in (*names, "training_examples", "test_examples", "classes")},
        "trained_networks": int(training["replicate"].nunique()),
        "rates": [f"{rate:g}" for rate in training["learning_rate"].unique()],
        "equal": {name: int(equal[name].iloc[0]) for name in names},
        "chance": float(first["guess"]),
        "learned": OUTCOMES["learned"],
    }


def _factors(results: Results) -> dict[str, Any]:
    """Compare the factors per layer with what is predicted, and show He's: one row per form and activation."""
    table = factors(results)
    he = table[table["initializer"] == HE]
    shown = {
        "form": he["form"],
        "activation": he["activation"],
        "signal, predicted": he["signal_theory"],
        "signal, measured": he["signal"],
        "gradient, predicted": he["gradient_theory"],
        "gradient, measured": he["gradient"],
    }
    return {
        "factors": pd.DataFrame(shown),
        "all_factors": table,
        "he": {(row.form, row.activation): row for row in he.itertuples()},
        "tripled": per_layer(results, "batch norm", "relu", _TRIPLED, "delta_rms"),
    }


def _normalized(results: Results) -> dict[str, Any]:
    """Describe what the norms keep, and what the scale of the weights still changes behind batch norm."""
    table = results["rescue_layers"]
    last = table[table["layer"] == table["layer"].max()]
    share = last["pre_activation_variance"] / last["pre_activation_second_moment"]
    shares = share.groupby([last["form"], last["activation"], last["initializer"]]).mean()
    norm = table[(table["form"] == "batch norm") & (table["activation"] == "relu")]
    weights = {name: geometric_mean(rows["weight_gradient_norm"]) for name, rows in norm.groupby("initializer")}
    total = growth(results).set_index(["form", "activation", "initializer"])["gradient"]
    return {
        "shares": {form: shares[form]["relu"] for form in NORMS},
        "share": {form: float(shares[form]["relu"][HE]) for form in NORMS},
        "weight_gradient": {SMALL: weights[SMALL], LARGE: weights[LARGE]},
        "weight_ratio": weights[SMALL].value / weights[LARGE].value,
        "scale_ratio": _stddev(LARGE) / _stddev(SMALL),
        "total": total,
        "total_batch": float(total["batch norm"]["relu"][HE]),
        "total_both": float(total[BOTH]["relu"][HE]),
    }


def _stddev(initializer: str) -> float:
    return float(initializer.partition("stddev=")[2].rstrip(")"))


def _residual(results: Results) -> dict[str, Any]:
    """Describe how residual streams grow under He with ReLU."""
    table = results["rescue_layers"]
    depth = int(table["layer"].max())
    he = table[(table["activation"] == "relu") & (table["initializer"] == HE)]
    moments = he.pivot(index=["form", "replicate"], columns="layer", values="pre_activation_second_moment")
    scaled, both = moments.loc["scaled residual"], moments.loc[BOTH]
    return {
        "scaled_total": mean(scaled[depth] / scaled[1]),
        "scaled_formula": (1 + 1 / (2 * depth)) ** (depth - 1),
        "scaled_limit": float(np.exp(0.5)),
        "half_depth": depth // 2,
        "linear": {layer: mean(both[layer]) for layer in (depth // 2, depth)},
    }


def _calibrated(results: Results) -> dict[str, Any]:
    """Describe what LSUV reaches on inputs that it has not seen, and how little the start matters."""
    table, layers = results["rescue_calibration"], results["rescue_layers"]
    off = (table["fresh_variance"] - 1).abs()
    deltas = layers[layers["form"] == CALIBRATED].pivot(
        index=["activation", "replicate", "layer"], columns="initializer", values="delta_rms"
    )
    return {
        "rescalings": int(table["rescalings"].max()),
        "fresh_off": {name: float(values.max()) for name, values in off.groupby(table["activation"])},
        "scale_effect": float((deltas[SMALL] / deltas[LARGE] - 1).abs().max()),
    }


def _trained(results: Results) -> dict[str, Any]:
    """Describe what is learned."""
    table = trained(results).set_index(["form", "activation", "initializer"])
    accuracy = table["test_accuracy"].fillna(0.0)
    both = accuracy[BOTH]
    return {
        "outcome": table["outcome"],
        "accuracy": accuracy,
        "least_both": float(both.min()),
        "batch_mean": float(accuracy["batch norm"]["relu"].mean()),
        "both_mean": float(both["relu"].mean()),
    }


def _equal(results: Results) -> dict[str, Any]:
    """Describe the networks that start from zeros, or from equal weights."""
    table = results["rescue_symmetry"]
    replaced = table["form"] == CALIBRATED
    kept = table[~replaced]
    zeros, constant = (kept[kept["initializer"] == name].set_index("form") for name in ("zeros", "constant"))
    names = {"distinct_units": "distinct units", "movement": "largest change of a weight", "test_accuracy": "accuracy"}
    return {
        "equal_spread": float(kept["spread"].max()),
        "equal_units": int(kept["distinct_units"].max()),
        "zeros_movement": float(zeros["movement"].max()),
        "layer_movement": float(constant["movement"]["layer norm"]),
        "batch_movement": float(constant["movement"]["batch norm"]),
        "equal_accuracy": float(kept["test_accuracy"].max()),
        "replaced_units": [int(number) for number in table.loc[replaced, "distinct_units"]],
        "replaced_accuracy": float(table.loc[replaced, "test_accuracy"].min()),
        "equal_table": constant[list(names)].rename(columns=names).reset_index(),
    }
