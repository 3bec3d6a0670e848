"""The sentences of the chapter on training that the numbers could refute."""

from __future__ import annotations

import numpy as np

from reportgen.battery.results import Results
from reportgen.chapters.old import Check, Findings
from reportgen.chapters.training.findings import UNBOUNDED, find
from reportgen.chapters.training.tables import DEPTH, LARGE, SMALL

__all__ = ["check"]


def check(results: Results) -> list[Check]:
    """Return every sentence of the prose that could turn out wrong."""
    found = find(results)
    return [*_map(found), *_deep(found), *_gain(found), *_rate(found), *_plane(found), *_before(found)]


def _map(found: Findings) -> list[Check]:
    shares, tanh = found["shares"], found["tanh"]
    spared = sorted(set(UNBOUNDED) - set(found["large_diverged"][DEPTH]))
    return [
        Check(
            "depth_thins_out",
            "Fewer starts learn in the deepest nets than in the shallowest, by a fifth of all starts at least.",
            shares[found["shallowest"]] - shares[found["deepest"]] > 0.2,
            f"the shares are {shares}",
        ),
        Check(
            "zeros_never_learn",
            "No network of zeros learns, whatever activation and depth.",
            found["zeros"].learned == 0,
            f"{found['zeros']}",
        ),
        Check(
            "constant_is_poor",
            "No network of equal weights gets half of the images right.",
            found["constant_best"] < 0.5,
            f"the best gets {found['constant_best']:.3f}",
        ),
        Check(
            "small_does_not_start",
            f"With N(0, 0.01²) no network of {DEPTH} layers learns, whatever activation.",
            found["small"].learned == 0,
            f"{found['small']}",
        ),
        Check(
            "large_diverges",
            f"With N(0, 1) weights, {DEPTH} layers and an activation without bounds the training diverges.",
            not spared,
            f"all but {spared}",
        ),
        Check(
            "large_needs_depth",
            f"With N(0, 1) weights fewer activations diverge in the shallowest nets than with {DEPTH} layers.",
            len(found["large_diverged"][found["shallowest"]]) < len(found["large_diverged"][DEPTH]),
            f"{found['large_diverged']}",
        ),
        Check(
            "large_halts_tanh",
            "With N(0, 1) weights tanh gets less than six tenths of what it gets with Glorot.",
            tanh[LARGE] < 0.6 * tanh["glorot_normal"],
            f"{tanh}",
        ),
        Check(
            "he_beats_glorot",
            f"ReLU with {DEPTH} layers gets more images right with He than with Glorot.",
            found["relu_he"] > found["relu_glorot"],
            f"{found['relu_he']:.3f} and {found['relu_glorot']:.3f}",
        ),
        Check(
            "torch_stalls",
            f"With PyTorch's default weights ReLU does no better than a guess with {DEPTH} layers.",
            found["relu_torch"] < found["guess"] + 0.05,
            f"{found['relu_torch']:.3f} of the images are right, a guess has {found['guess']:.3f}",
        ),
        Check(
            "sigmoid_never_deep",
            "No usual start lets a sigmoid net of the greatest depth learn.",
            not found["deep_sigmoids"],
            f"{found['deep_sigmoids']}",
        ),
    ]


def _deep(found: Findings) -> list[Check]:
    he, glorot = found["he"], found["glorot"]
    return [
        Check(
            "glorot_stalls",
            "No deep ReLU net learns with Glorot, and their median loss is that of a guess.",
            glorot.learned == 0 and abs(glorot.loss - found["ln_classes"]) < 0.05,
            f"{glorot}",
        ),
        Check(
            "he_learns",
            "With He some deep ReLU net learns, and the loss of each is clearly below all of Glorot's.",
            he.learned > 0 and he.greatest_loss < glorot.least_loss - 0.1,
            f"{he}, {glorot}",
        ),
    ]


def _gain(found: Findings) -> list[Check]:
    deep = found["gain_depths"][-1]
    return [
        Check(
            "best_near_edge",
            "At the greater depth the best gain is within a factor of two of one.",
            0.5 < found["best_gain"] < 2,
            f"it is {found['best_gain']:.3g}",
        ),
        Check(
            "none_beyond_reach",
            "No net that is deeper than six depth scales learns at the greater depth.",
            found["beyond"][deep].learned == 0,
            f"{found['beyond'][deep]}",
        ),
        Check(
            "chaos_fails_early",
            "Beyond the best gains nets fail although the theory's reach is longer than they are.",
            len(found["early_gains"]) > 0,
            f"gains {found['early_gains']}, reaches {found['early_reach']}",
        ),
    ]


def _rate(found: Findings) -> list[Check]:
    best = found["rate_best"]
    poor = {function: max(right[SMALL], right[LARGE]) for function, right in best.items()}
    good = {"tanh": best["tanh"]["glorot_normal"], "relu": best["relu"]["he_normal"]}
    return [
        Check(
            "no_rate_rescues",
            "No learning rate brings N(0, 0.01²) or N(0, 1) to half of what the right start reaches.",
            all(poor[function] < 0.5 * good[function] for function in good),
            f"{poor} against {good}",
        ),
        Check(
            "relu_diverges_at_any_rate",
            "With N(0, 1) weights ReLU diverges at every learning rate.",
            found["relu_large_diverged"] == len(found["sizes"]["rate"].rates),
            f"at {found['relu_large_diverged']} of them",
        ),
    ]


def _plane(found: Findings) -> list[Check]:
    plane = found["plane"]
    circle = [plane[f"circle_{function}"]["he_normal"] for function in ("tanh", "relu")]
    spiral = {function: plane[f"spiral_{function}"] for function in ("tanh", "relu")}
    return [
        Check(
            "plane_flat",
            "With zeros and N(0, 0.01²) every net in the plane ends at the loss of a guess.",
            found["plane_flat"].learned == 0 and found["plane_flat_off"] < 0.05,
            f"off by {found['plane_flat_off']:.3g} at most, {found['plane_flat']}",
        ),
        Check(
            "circle_is_learned",
            "With He the circle is learned to nine tenths at least.",
            min(circle) > 0.9,
            f"{circle}",
        ),
        Check(
            "spiral_is_learned",
            "With He the spiral is learned clearly better than with N(0, 0.01²).",
            all(right["he_normal"] > right[SMALL] + 0.1 for right in spiral.values()),
            f"{spiral}",
        ),
        Check(
            "large_can_be_good",
            "In the spiral tanh does better with N(0, 1) than with Glorot.",
            spiral["tanh"][LARGE] > spiral["tanh"]["glorot_normal"],
            f"{spiral['tanh']}",
        ),
    ]


def _before(found: Findings) -> list[Check]:
    then = {
        verdict: found["then"].get(verdict, dict.fromkeys(("learned", "stalled", "diverged"), np.nan))
        for verdict in ("symmetric", "saturates", "explodes", "vanishes")
    }
    return [
        Check(
            "near_learns",
            "Most nets learn whose first step is within a factor of ten of a thousandth.",
            found["near_share"] > 0.6,
            f"{found['near']}",
        ),
        Check(
            "far_does_not",
            "Of those that are off by more than a factor of a hundred hardly any does.",
            found["far_share"] < 0.05,
            f"{found['far']}",
        ),
        Check(
            "healthy_learns",
            "Most healthy starts learn, and most of the others do not.",
            found["healthy_learned"] > 0.75 and found["ill_learned"] < 0.15,
            f"{found['healthy_learned']:.3f} and {found['ill_learned']:.3f}",
        ),
        Check(
            "better_than_base",
            "The verdict predicts the outcome far better than always naming the more frequent one.",
            found["accuracy"] > found["base_rate"] + 0.2,
            f"{found['accuracy']:.3f} against {found['base_rate']:.3f}",
        ),
        Check(
            "kinds_of_failure",
            "What explodes mostly diverges, what vanishes mostly stalls, what is symmetric hardly ever learns.",
            then["explodes"]["diverged"] > 0.75
            and then["vanishes"]["stalled"] > 0.75
            and then["symmetric"]["learned"] < 0.05,
            f"{then}",
        ),
        Check(
            "saturated_may_learn",
            "A start that saturates is more likely to learn than one that vanishes.",
            then["saturates"]["learned"] > then["vanishes"]["learned"],
            f"{then['saturates']}, {then['vanishes']}",
        ),
        Check(
            "misses_are_near_the_limit",
            "Healthy starts that fail change the signal or the gradient more than those that learn.",
            found["change_of_misses"] > 1.5 * found["change_of_hits"],
            f"{found['change_of_misses']:.3g} and {found['change_of_hits']:.3g}, typically",
        ),
        Check(
            "linear_he_diverges",
            f"With He a linear net of {DEPTH} layers grows by less than the limit, and diverges.",
            found["linear_growth"] < found["limit"] and found["linear_outcome"] == "diverged",
            f"it grows by {found['linear_growth']:.3g} and has {found['linear_outcome']}",
        ),
    ]
