"""What the chapter on Var(w·x) = 1 quotes from the tables, and the sentences that they could refute."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from reportgen.battery.results import Results
from reportgen.chapters.derivation.figures import BOUND, pulls, tanh_layers
from reportgen.chapters.old import Check, Estimate, Findings
from reportgen.judgments.estimates import geometric_mean, mean

__all__ = ["check", "find"]

_SHOWN_LAYERS = (5, 10, 20, 50)
_LARGE, _SMALL, _SCALED = "random_normal(stddev=1)", "random_normal(stddev=0.01)", "lecun_normal"


def _estimates(table: pd.DataFrame) -> dict[str, Estimate]:
    """Return the measured values of a table by the name in its first column."""
    rows = zip(table.iloc[:, 0], table["measured"], table["standard_error"], strict=True)
    return {name: Estimate(value, error) for name, value, error in rows}


def _by_name(table: pd.DataFrame, column: str) -> dict[str, float]:
    return dict(zip(table.iloc[:, 0], table[column], strict=True))


def _growth(results: Results, initializer: str) -> pd.DataFrame:
    table = results["fan_in_growth"]
    return table[table["initializer"] == initializer].sort_values("fan_in")


def _networks(results: Results, gain: str, statistic: str) -> pd.DataFrame:
    """Return one statistic of the deep tanh networks of one gain, networks × layers."""
    table = results["tanh_layers"]
    has_gain = table["initializer"].str.contains("gain")
    return table[has_gain == (gain == "5/3")].pivot(index="replicate", columns="layer", values=statistic)


def _tanh(results: Results) -> dict[str, Any]:
    """Find how far signal and gradient come in deep tanh networks."""
    glorot, stable = (_networks(results, gain, "activation_variance") for gain in ("1", "5/3"))
    fading, growing = (_networks(results, gain, "delta_variance") for gain in ("1", "5/3"))
    depth = int(glorot.columns.max())
    settled = slice(depth // 5, None)
    plateau = (depth // 5, 4 * depth // 5)
    per_layer = (growing[plateau[0]] / growing[plateau[1]]) ** (1 / (plateau[1] - plateau[0]))
    return {
        "tanh_depth": depth,
        "tanh_width": int(results["tanh_layers"]["width"].iloc[0]),
        "tanh_networks": len(glorot),
        "tanh_table": pd.DataFrame(
            {
                "layer": list(_SHOWN_LAYERS),
                "1 / (2 × layer)": [1 / (2 * layer) for layer in _SHOWN_LAYERS],
                "gain 1": [mean(glorot[layer]) for layer in _SHOWN_LAYERS],
                "gain 5/3": [mean(stable[layer]) for layer in _SHOWN_LAYERS],
            }
        ),
        "glorot_last": mean(glorot[depth]),
        "glorot_gradient": geometric_mean(fading[1] / fading[depth]),
        "gain_std": mean(np.sqrt(stable.loc[:, settled].mean(axis="columns"))),
        "gain_pre_activation": mean(
            _networks(results, "5/3", "pre_activation_variance").loc[:, settled].mean(axis="columns")
        ),
        "gain_gradient": geometric_mean(growing[1] / growing[depth]),
        "gain_per_layer": geometric_mean(per_layer),
    }


def find(results: Results) -> Findings:
    """Return every number that the prose quotes."""
    steps, cases, table = results["steps"], results["assumptions"], pulls(results)
    terms = _by_name(steps, "terms")
    large, small, scaled = (_growth(results, name) for name in (_LARGE, _SMALL, _SCALED))
    return {
        "step": _estimates(steps),
        "predicted": _by_name(steps, "predicted"),
        "fan_in": terms["forward"],
        "fan_out": terms["backward"],
        "draws": int(steps["draws"].min()),
        "steps": _summary(table.head(len(steps))),
        "comparisons": len(table),
        "bound": BOUND,
        "outside": int((table["pull"].abs() > 2).sum()),
        "farthest": float(table["pull"].abs().max()),
        "case": _estimates(cases),
        "case_predicted": _by_name(cases, "predicted"),
        "spread": _by_name(cases, "unit_spread"),
        "first_in": _by_name(cases, "fan_in")["first_layer"],
        "first_out": _by_name(cases, "fan_out")["first_layer"],
        "most_inputs": int(large["fan_in"].iloc[-1]),
        "fewest_inputs": int(large["fan_in"].iloc[0]),
        "large_few": float(large["measured"].iloc[0]),
        "large": float(large["measured"].iloc[-1]),
        "large_saturated": float(large["saturated_fraction"].iloc[-1]),
        "small": float(small["measured"].iloc[-1]),
        "scaled": _estimates(scaled.tail(1))[_SCALED],
        "scaled_saturated": float(scaled["saturated_fraction"].iloc[-1]),
        **_tanh(results),
    }


def _summary(table: pd.DataFrame) -> pd.DataFrame:
    """Return the steps as the prose lists them."""
    measured = [Estimate(*row) for row in zip(table["measured"], table["standard_error"], strict=True)]
    return pd.DataFrame(
        {
            "quantity": table["quantity"],
            "predicted": table["predicted"],
            "measured": measured,
            "off by (standard errors)": table["pull"],
        }
    )


def _differs(estimate: Estimate, value: float) -> bool:
    return abs(estimate.value - value) > BOUND * estimate.error


def check(results: Results) -> list[Check]:
    """Return every sentence of the prose that could turn out wrong."""
    return [*_check_sums(results), *_check_cases(results), *_check_tanh(results)]


def _check_sums(results: Results) -> list[Check]:
    table, steps = pulls(results), _estimates(results["steps"])
    growth = results["fan_in_growth"]
    # The relative error of a variance is 1/70 or less, 1/35 with the quick preset: 20 % are 7 of them or more.
    off = (growth["measured"] / growth["predicted"] - 1).abs()
    normal, uniform = steps["glorot_normal"], steps["glorot_uniform"]
    large, small, scaled = (_growth(results, name).iloc[-1] for name in (_LARGE, _SMALL, _SCALED))
    return [
        Check(
            "predictions_hold",
            f"Every prediction holds within {BOUND} standard errors.",
            bool((table["pull"].abs() < BOUND).all()),
            f"the farthest is {table['pull'].abs().max():.3g} standard errors off",
        ),
        Check(
            "grows_with_fan_in",
            "With a fixed Var(w), Var(w·x) grows in proportion to n; with Var(w) = 1/n it stays at 1.",
            bool((off < 0.2).all()),
            f"the largest relative error is {off.max():.3g}",
        ),
        Check(
            "normal_equals_uniform",
            "Normal and uniform Glorot weights have the same variance.",
            abs(normal.value - uniform.value) < BOUND * float(np.hypot(normal.error, uniform.error)),
            f"{normal} against {uniform}",
        ),
        Check(
            "large_saturates",
            "N(0, 1) weights saturate tanh for most inputs, weights of variance 1/n for less than a tenth.",
            bool(large["saturated_fraction"] > 0.5 and scaled["saturated_fraction"] < 0.1),
            f"{large['saturated_fraction']:.3g} against {scaled['saturated_fraction']:.3g}",
        ),
        Check(
            "small_vanishes",
            "N(0, 0.01²) weights leave less than a tenth of the variance, even with the most inputs.",
            bool(small["measured"] < 0.1),
            f"{small['measured']:.3g} with {small['fan_in']} inputs",
        ),
    ]


def _check_cases(results: Results) -> list[Check]:
    table = results["assumptions"]
    cases, spread = _estimates(table), _by_name(table, "unit_spread")
    harmless = {"kept", "correlation"}
    harmful = [name for name, estimate in cases.items() if _differs(estimate, 1.0)]
    # Var(v) of the most spread case has a relative standard error of 4 % with the quick preset, its root one of 2 %.
    off = (table["unit_spread"] / table["unit_spread_predicted"] - 1).abs().max()
    return [
        Check(
            "only_correlation_is_harmless",
            "Every broken assumption moves Var(w·x) away from 1, except correlated features.",
            set(harmful) == set(cases) - harmless,
            f"away from 1: {', '.join(harmful)}",
        ),
        Check(
            "mean_of_inputs_adds",
            "Inputs with a mean bring Var(w·x) nearer to twice than to once its target.",
            cases["input_mean"].value > 1.5,
            f"{cases['input_mean']}",
        ),
        Check(
            "correlation_spreads_units",
            "Correlated features make the variance differ more than three times as much from unit to unit.",
            spread["correlation"] > 3 * spread["kept"],
            f"{spread['correlation']:.3g} against {spread['kept']:.3g}",
        ),
        Check(
            "spread_is_predicted",
            "The spread over units is the predicted one within a tenth.",
            bool(off < 0.1),
            f"relative error {off:.3g}",
        ),
    ]


def _check_tanh(results: Results) -> list[Check]:
    found, layers = _tanh(results), tanh_layers(results)
    glorot, stable = (rows.set_index("layer") for _, rows in layers.groupby("initializer"))
    deep = glorot.loc[list(_SHOWN_LAYERS), "activation_variance"]
    ratio = stable["activation_variance"].iloc[-1] / stable.loc[_SHOWN_LAYERS[1], "activation_variance"]
    return [
        Check(
            "tanh_fades",
            "Under Glorot the variance of tanh activations follows 1/(2 l) within a factor of two.",
            bool(np.abs(np.log2(2 * deep * deep.index)).max() < 1),
            f"{deep.to_dict()}",
        ),
        Check(
            "gain_holds_forward",
            "With gain 5/3 the variance of the activations changes by less than a tenth over the deep layers.",
            bool(abs(ratio - 1) < 0.1),
            f"the last layer has {ratio:.3g} times the variance of layer {_SHOWN_LAYERS[1]}",
        ),
        Check(
            "gain_explodes_backward",
            "With gain 5/3 the variance of the gradient grows more than a thousandfold, by 15 to 27 % per layer.",
            found["gain_gradient"].value > 1000 and 1.15 < found["gain_per_layer"].value < 1.27,
            f"{found['gain_gradient']}, per layer {found['gain_per_layer']}",
        ),
        Check(
            "glorot_gradient_fades",
            "Under Glorot the gradient variance of a tanh network falls too, to less than a tenth.",
            found["glorot_gradient"].value < 0.1,
            f"{found['glorot_gradient']}",
        ),
    ]
