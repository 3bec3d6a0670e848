"""The sentences of the chapter on training that the numbers could refute."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from reportgen.chapters.check import Check, Scope, above, below, same, within
from reportgen.chapters.names import LARGE, SMALL
from reportgen.chapters.training.findings import Findings, Map, Sizes
from reportgen.chapters.training.prediction import Verdicts
from reportgen.chapters.training.studies import RIGHT, Gain
from reportgen.chapters.training.tables import DEPTH

__all__ = ["check"]

_ANYWHERE = Scope()
"""The networks that train have sizes of their own, whatever the settings of the run."""

_JUDGED = Scope(batch=(128, inf))
"""Networks are judged on as many images before they train."""


def check(f: Findings) -> Iterator[Check]:
    """Yield the verdict on each sentence."""
    for one in _outcomes(f):
        yield one.only_for(_ANYWHERE)
    for one in (*_healthy(f.verdict), *_ill(f.verdict)):
        yield one.only_for(_JUDGED)


def _outcomes(f: Findings) -> Iterator[Check]:
    depths = f.sizes["map"].depths
    fewer = f.map.shares[depths[0]] - f.map.shares[depths[-1]]
    text = "Fewer starts learn in the deepest nets than in the shallowest, by a fifth of all starts at least"
    yield Check.of("depth_thins_out", text, above(fewer, 0.2))
    yield from _too_small(f.map)
    yield from _too_large(f.map, depths[0])
    yield from _almost_right(f.map, f.sizes["map"])
    yield from _deep(f)
    yield from _gain(f.gain, f.sizes["gain"])
    yield from _rate(f)
    yield from _plane(f)
    yield from _first_step(f)


# The map -------------------------------------------------------------------------------------------------------------


def _too_small(found: Map) -> Iterator[Check]:
    text = "No network of zeros learns, whatever activation and depth"
    yield Check.of("zeros_never_learn", text, same(found.zeros.learned, 0))
    text = "No network of equal weights gets half of the images right"
    yield Check.of("constant_is_poor", text, below(found.constant_best, 0.5))
    text = f"With N(0, 0.01²) hardly any network of {DEPTH} layers learns, whatever activation"
    yield Check.of("small_does_not_start", text, below(found.small.share, 0.1))


def _too_large(found: Map, shallowest: int) -> Iterator[Check]:
    shallow, deep = (len(found.large_diverged[depth]) for depth in (shallowest, DEPTH))
    text = f"With N(0, 1) weights, {DEPTH} layers and an activation without bounds, more than nine of ten nets diverge"
    yield Check.of("large_diverges", text, above(found.large_unbounded, 0.9))
    text = f"With N(0, 1) weights fewer activations diverge in the shallowest nets than with {DEPTH} layers"
    yield Check.of("large_needs_depth", text, below(shallow, deep))
    text = "With N(0, 1) weights tanh gets less than six tenths of what it gets with Glorot"
    yield Check.of("large_halts_tanh", text, below(found.tanh[LARGE] / found.tanh["glorot_normal"], 0.6))


def _almost_right(found: Map, sizes: Sizes) -> Iterator[Check]:
    text = f"ReLU with {DEPTH} layers gets more images right with He than with Glorot"
    yield Check.of("he_beats_glorot", text, below(found.relu_glorot, found.relu_he))
    text = f"With PyTorch's default weights ReLU does no better than a guess with {DEPTH} layers"
    yield Check.of("torch_stalls", text, below(found.relu["torch_default"], sizes.guess + 0.05))
    text = "No usual start lets a sigmoid net of the greatest depth learn"
    yield Check.of("sigmoid_never_deep", text, below(found.deep_sigmoid, sizes.learned))


# The other studies ---------------------------------------------------------------------------------------------------


def _deep(f: Findings) -> Iterator[Check]:
    guess, he, glorot = f.sizes["deep"].guess_loss, f.he, f.glorot
    text = "With Glorot every deep ReLU net ends at the loss of a guess"
    at_a_guess = above(glorot.least_loss, guess - 0.05), below(glorot.greatest_loss, guess + 0.05)
    yield Check.of("glorot_stalls", text, at_a_guess)
    text = "With He the loss of every deep ReLU net is clearly below all of Glorot's"
    yield Check.of("he_learns", text, below(he.greatest_loss, glorot.least_loss - 0.1))


def _gain(found: Gain, sizes: Sizes) -> Iterator[Check]:
    text = "At the greater depth the best gain is within a factor of two of one"
    yield Check.of("best_near_edge", text, within(0.5, found.best, 2))
    text = f"No net that is deeper than {found.reach} depth scales learns at the greater depth"
    yield Check.of("none_beyond_reach", text, below(found.beyond_best, sizes.learned))
    text = (
        "At the largest gain at which the theory's reach is longer than they are, the deeper nets get less than three "
        "quarters of what they get at the best gain"
    )
    yield Check.of("chaos_fails_early", text, below(found.early.right / found.right, 0.75))


def _rate(f: Findings) -> Iterator[Check]:
    shares = [
        f.rate.best[name][wrong] / f.rate.best[name][right] for name, right in RIGHT.items() for wrong in (SMALL, LARGE)
    ]
    text = "No learning rate brings N(0, 0.01²) or N(0, 1) to three quarters of what the right start reaches"
    yield Check.of("no_rate_rescues", text, [below(share, 0.75) for share in shares])
    text = "With PyTorch's default weights and tanh the best learning rate gets more right than that of the map"
    gained = _part(f.map.tanh["torch_default"], f.rate.best["tanh"]["torch_default"])
    yield Check.of("best_rate_gains", text, below(gained, 1))
    lost = f.rate.relu_large_diverged / len(f.sizes["rate"].rates)
    text = "With N(0, 1) weights ReLU diverges at more than four of five learning rates"
    yield Check.of("relu_diverges_at_any_rate", text, above(lost, 0.8))


def _plane(f: Findings) -> Iterator[Check]:
    least, greatest = f.plane.flat
    circle, spiral = ([f.plane.right[problem][name] for name in ("tanh", "relu")] for problem in ("circle", "spiral"))
    text = "With zeros and N(0, 0.01²) every net in the plane ends within a tenth of the loss of a guess"
    yield Check.of("plane_flat", text, above(least, 0.9), below(greatest, 1.1))
    text = "With He the circle is learned to nine tenths at least"
    yield Check.of("circle_is_learned", text, [above(right["he_normal"], 0.9) for right in circle])
    text = "With He the spiral is learned clearly better than with N(0, 0.01²)"
    yield Check.of("spiral_is_learned", text, [above(right["he_normal"], right[SMALL] + 0.1) for right in spiral])
    text = "In the spiral tanh does better with N(0, 1) than with Glorot"
    yield Check.of("large_can_be_good", text, above(spiral[0][LARGE], spiral[0]["glorot_normal"]))


# Before the first update ---------------------------------------------------------------------------------------------


def _first_step(f: Findings) -> Iterator[Check]:
    near, far = f.first_step.near, f.first_step.far
    text = "Most nets learn whose first step is within a factor of ten of a thousandth"
    yield Check.of("near_learns", text, above(near.share, 0.6))
    text = "Of those that are off by more than a factor of a hundred hardly any does"
    yield Check.of("far_does_not", text, below(far.share, 0.05))


def _healthy(found: Verdicts) -> Iterator[Check]:
    text = "More than three quarters of the healthy starts learn, and less than a quarter of the others"
    yield Check.of("healthy_learns", text, above(found.healthy.share, 0.75), below(found.ill.share, 0.25))
    text = "The verdict predicts the outcome far better than always naming the more frequent one"
    yield Check.of("better_than_base", text, above(found.accuracy, found.base_rate + 0.2))
    text = "Healthy starts that diverge change the signal or the gradient more than twice as much as those that learn"
    yield Check.of("diverging_changes_more", text, above(found.change["diverged"] / found.change["learned"], 2))
    text = f"With He a linear net of {DEPTH} layers grows by less than the limit, and diverges"
    diverges = same(found.linear_outcome, "diverged")
    yield Check.of("linear_he_diverges", text, below(found.linear_growth, found.limit), diverges)


def _ill(found: Verdicts) -> Iterator[Check]:
    then = found.then
    exploded, vanished, learned = (
        then["explodes"]["diverged"],
        then["vanishes"]["stalled"],
        then["symmetric"]["learned"],
    )
    text = "What explodes mostly diverges, what vanishes mostly stalls, what is symmetric hardly ever learns"
    yield Check.of("kinds_of_failure", text, above(exploded, 0.75), above(vanished, 0.75), below(learned, 0.05))
    saturated, vanished = then["saturates"]["learned"], then["vanishes"]["learned"]
    text = (
        "Of the starts that saturate more than one in fifty learn, of those that vanish less than half as large a share"
    )
    yield Check.of("saturated_may_learn", text, above(saturated, 0.02), below(_part(vanished, saturated), 0.5))


def _part(part: float, whole: float) -> float:
    return part / whole if whole else inf
