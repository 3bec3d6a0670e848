"""What the chapter on gains reads from its tables: the table of gains, deep networks, and the numbers of the prose."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.chapter import Estimate, Findings
from reportgen.judgments.estimates import geometric_mean

__all__ = ["SHOWN", "curves", "findings", "gains", "layers", "same_both_ways"]

SHOWN = {"pre_activation_second_moment": "predicted_q", "delta_second_moment": "predicted_delta"}
"""What is measured by layer -> what theory predicts for it."""

_EQUAL = 1e-6
_CASE = ["activation", "gain"]


def gains(results: Results) -> pd.DataFrame:
    """Return both gains at unit variance of every activation, and the one that PyTorch publishes (nan: none)."""
    return results["activation_gains"][["activation", "forward_gain", "backward_gain", "torch_gain"]]


def curves(results: Results) -> pd.DataFrame:
    """Return E[phi²] and E[phi'²] over the variance q of the pre-activations."""
    return results["gain_curves"]


def same_both_ways(results: Results) -> list[str]:
    """Return the activations for which one gain keeps the signal and the gradient."""
    table = gains(results)
    is_same = (table["forward_gain"] / table["backward_gain"] - 1).abs() < _EQUAL
    return list(table.loc[is_same, "activation"])


def layers(results: Results) -> pd.DataFrame:
    """Return signal and gradient by layer: typical network, standard error of its logarithm, and theory."""
    table = results["gain_layers"]
    logs = table[[*SHOWN, *SHOWN.values()]].transform("log").join(table[[*_CASE, "layer"]])
    groups = logs.groupby([*_CASE, "layer"])
    errors = groups[list(SHOWN)].sem().add_suffix("_log_error")
    return groups.mean().transform("exp").join(errors).reset_index()


def _change(results: Results, activation: str, gain: float, column: str) -> Estimate:
    """Return what is left at the end of the way: of the signal at the last layer, of the gradient at the first."""
    table = results["gain_layers"]
    chosen = table[(table["activation"] == activation) & np.isclose(table["gain"], gain)]
    by_layer = chosen.pivot(index="replicate", columns="layer", values=column)
    first, last = by_layer.iloc[:, 0], by_layer.iloc[:, -1]
    return geometric_mean(first / last if "delta" in column else last / first)


def _compared(results: Results) -> pd.DataFrame:
    """Return what every tried gain does to signal and gradient over the whole net, measured and predicted."""
    rows = []
    for activation, gain in results["gain_layers"][_CASE].drop_duplicates().itertuples(index=False):
        signal, gradient = (_change(results, activation, gain, column) for column in SHOWN)
        rows.append(
            {
                "activation": activation,
                "gain": gain,
                "signal, last layer / first": signal,
                "in theory": _change(results, activation, gain, "predicted_q").value,
                "gradient, first layer / last": gradient,
                "in theory ": _change(results, activation, gain, "predicted_delta").value,
            }
        )
    return pd.DataFrame(rows)


def _table(results: Results) -> pd.DataFrame:
    """Return the table of gains in words that people read."""
    table = gains(results)
    torch = [value if np.isfinite(value) else "none" for value in table["torch_gain"]]
    return pd.DataFrame(
        {
            "activation": table["activation"],
            "forward gain": table["forward_gain"],
            "backward gain": table["backward_gain"],
            "PyTorch": torch,
        }
    )


def findings(results: Results) -> Findings:
    """Return every number that the chapter quotes."""
    table, nets = gains(results).set_index("activation"), results["gain_layers"]
    by_layer = layers(results)
    deviation = np.log([by_layer[measured] / by_layer[predicted] for measured, predicted in SHOWN.items()])
    found: dict[str, Any] = {
        "table": _table(results),
        "compared": _compared(results),
        "same": same_both_ways(results),
        "forward": table["forward_gain"].to_dict(),
        "backward": table["backward_gain"].to_dict(),
        "torch": table["torch_gain"].to_dict(),
        "width": int(nets["width"].iloc[0]),
        "depth": int(nets["layer"].max()),
        "networks": int(nets["replicate"].nunique()),
        "farthest": float(np.exp(np.abs(deviation).max())),
    }
    for name, (activation, gain) in _CASES.items():
        found[f"{name}_signal"] = _change(results, activation, gain, "pre_activation_second_moment")
        found[f"{name}_gradient"] = _change(results, activation, gain, "delta_second_moment")
        last = nets[(nets["activation"] == activation) & np.isclose(nets["gain"], gain)]
        last = last[last["layer"] == found["depth"]]
        found[f"{name}_q"] = geometric_mean(last["pre_activation_second_moment"])
        found[f"{name}_q_theory"] = float(last["predicted_q"].mean())
    return found


_CASES = {
    "tanh_one": ("tanh", 1.0),
    "tanh_torch": ("tanh", 5 / 3),
    "selu_one": ("selu", 1.0),
    "selu_torch": ("selu", 0.75),
}
