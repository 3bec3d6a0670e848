"""The sentences of the chapter on training that the numbers could refute."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.chapters.chapter import Check
from reportgen.chapters.names import LARGE, SMALL
from reportgen.chapters.training.findings import UNBOUNDED, Findings, Map
from reportgen.chapters.training.prediction import Verdicts
from reportgen.chapters.training.tables import DEPTH

__all__ = ["check"]


def check(f: Findings) -> Iterator[Check]:
    """Yield the verdict on each sentence."""
    depths = f.sizes["map"].depths
    fewer = f.map.shares[depths[0]] - f.map.shares[depths[-1]]
    text = "Fewer starts learn in the deepest nets than in the shallowest, by a fifth of all starts at least"
    yield Check.of("depth_thins_out", text, fewer > 0.2, f.map.shares)
    yield from _too_small(f.map)
    yield from _too_large(f.map, depths[0])
    yield from _almost_right(f.map, f.sizes["map"].guess)
    yield from _deep(f)
    yield from _gain(f)
    yield from _rate(f)
    yield from _plane(f)
    yield from _first_step(f)
    yield from _healthy(f.verdict)
    yield from _ill(f.verdict)


# The map -------------------------------------------------------------------------------------------------------------


def _too_small(found: Map) -> Iterator[Check]:
    text = "No network of zeros learns, whatever activation and depth"
    yield Check.of("zeros_never_learn", text, found.zeros.learned == 0, found.zeros)
    text = "No network of equal weights gets half of the images right"
    yield Check.of("constant_is_poor", text, found.constant_best < 0.5, found.constant_best)
    text = f"With N(0, 0.01²) no network of {DEPTH} layers learns, whatever activation"
    yield Check.of("small_does_not_start", text, found.small.learned == 0, found.small)


def _too_large(found: Map, shallowest: int) -> Iterator[Check]:
    diverged, tanh = found.large_diverged, found.tanh
    spared = sorted(set(UNBOUNDED) - set(diverged[DEPTH]))
    text = f"With N(0, 1) weights, {DEPTH} layers and an activation without bounds the training diverges"
    yield Check.of("large_diverges", text, not spared, f"diverged: {sorted(diverged[DEPTH])}", f"not: {spared}")
    text = f"With N(0, 1) weights fewer activations diverge in the shallowest nets than with {DEPTH} layers"
    yield Check.of("large_needs_depth", text, len(diverged[shallowest]) < len(diverged[DEPTH]), diverged)
    text = "With N(0, 1) weights tanh gets less than six tenths of what it gets with Glorot"
    yield Check.of("large_halts_tanh", text, tanh[LARGE] < 0.6 * tanh["glorot_normal"], tanh)


def _almost_right(found: Map, guess: float) -> Iterator[Check]:
    he, glorot, torch = found.relu_he, found.relu_glorot, found.relu["torch_default"]
    text = f"ReLU with {DEPTH} layers gets more images right with He than with Glorot"
    yield Check.of("he_beats_glorot", text, he > glorot, he, glorot)
    text = f"With PyTorch's default weights ReLU does no better than a guess with {DEPTH} layers"
    yield Check.of("torch_stalls", text, torch < guess + 0.05, torch, guess)
    text = "No usual start lets a sigmoid net of the greatest depth learn"
    yield Check.of("sigmoid_never_deep", text, not found.deep_sigmoids, found.deep_sigmoids)


# The other studies ---------------------------------------------------------------------------------------------------


def _deep(f: Findings) -> Iterator[Check]:
    stalls = f.glorot.learned == 0 and abs(f.glorot.loss - f.sizes["deep"].guess_loss) < 0.05
    learns = f.he.learned > 0 and f.he.greatest_loss < f.glorot.least_loss - 0.1
    text = "No deep ReLU net learns with Glorot, and their median loss is that of a guess"
    yield Check.of("glorot_stalls", text, stalls, f.glorot)
    text = "With He some deep ReLU net learns, and the loss of each is clearly below all of Glorot's"
    yield Check.of("he_learns", text, learns, f.he, f.glorot)


def _gain(f: Findings) -> Iterator[Check]:
    beyond = f.gain.beyond[f.sizes["gain"].depths[-1]]
    text = "At the greater depth the best gain is within a factor of two of one"
    yield Check.of("best_near_edge", text, 0.5 < f.gain.best < 2, f.gain.best)
    text = f"No net that is deeper than {f.gain.reach} depth scales learns at the greater depth"
    yield Check.of("none_beyond_reach", text, beyond.learned == 0, beyond)
    text = "Beyond the best gains nets fail although the theory's reach is longer than they are"
    yield Check.of("chaos_fails_early", text, f.gain.early, f.gain.early)


def _rate(f: Findings) -> Iterator[Check]:
    tanh, relu = f.rate.best["tanh"], f.rate.best["relu"]
    poor = [max(right[SMALL], right[LARGE]) for right in (tanh, relu)]
    good = [tanh["glorot_normal"], relu["he_normal"]]
    behind = all(bad < 0.5 * best for bad, best in zip(poor, good, strict=True))
    text = "No learning rate brings N(0, 0.01²) or N(0, 1) to half of what the right start reaches"
    yield Check.of("no_rate_rescues", text, behind, poor, good)
    lost = f.rate.relu_large_diverged
    text = "With N(0, 1) weights ReLU diverges at every learning rate"
    yield Check.of("relu_diverges_at_any_rate", text, lost == len(f.sizes["rate"].rates), lost)


def _plane(f: Findings) -> Iterator[Check]:
    flat, off = f.plane.flat, f.plane.flat_off
    circle, spiral = ([f.plane.right[problem][name] for name in ("tanh", "relu")] for problem in ("circle", "spiral"))
    text = "With zeros and N(0, 0.01²) every net in the plane ends at the loss of a guess"
    yield Check.of("plane_flat", text, flat.learned == 0 and off < 0.05, flat, off)
    text = "With He the circle is learned to nine tenths at least"
    yield Check.of("circle_is_learned", text, all(right["he_normal"] > 0.9 for right in circle), circle)
    text = "With He the spiral is learned clearly better than with N(0, 0.01²)"
    better = all(right["he_normal"] > right[SMALL] + 0.1 for right in spiral)
    yield Check.of("spiral_is_learned", text, better, spiral)
    text = "In the spiral tanh does better with N(0, 1) than with Glorot"
    yield Check.of("large_can_be_good", text, spiral[0][LARGE] > spiral[0]["glorot_normal"], spiral[0])


# Before the first update ---------------------------------------------------------------------------------------------


def _first_step(f: Findings) -> Iterator[Check]:
    near, far = f.first_step.near, f.first_step.far
    text = "Most nets learn whose first step is within a factor of ten of a thousandth"
    yield Check.of("near_learns", text, near.share > 0.6, near)
    text = "Of those that are off by more than a factor of a hundred hardly any does"
    yield Check.of("far_does_not", text, far.share < 0.05, far)


def _healthy(found: Verdicts) -> Iterator[Check]:
    healthy, ill = found.healthy.share, found.ill.share
    text = "Most healthy starts learn, and most of the others do not"
    yield Check.of("healthy_learns", text, healthy > 0.75 and ill < 0.15, healthy, ill)
    text = "The verdict predicts the outcome far better than always naming the more frequent one"
    better = found.accuracy > found.base_rate + 0.2
    yield Check.of("better_than_base", text, better, found.accuracy, found.base_rate)
    hits, misses = found.change_of_hits, found.change_of_misses
    text = "Healthy starts that fail change the signal or the gradient more than those that learn"
    yield Check.of("misses_are_near_the_limit", text, misses > 1.5 * hits, misses, hits)
    diverges = found.linear_growth < found.limit and found.linear_outcome == "diverged"
    text = f"With He a linear net of {DEPTH} layers grows by less than the limit, and diverges"
    yield Check.of("linear_he_diverges", text, diverges, found.linear_growth, found.linear_outcome)


def _ill(found: Verdicts) -> Iterator[Check]:
    then = found.then
    exploded, vanished, same = then["explodes"]["diverged"], then["vanishes"]["stalled"], then["symmetric"]["learned"]
    as_told = exploded > 0.75 and vanished > 0.75 and same < 0.05
    text = "What explodes mostly diverges, what vanishes mostly stalls, what is symmetric hardly ever learns"
    yield Check.of("kinds_of_failure", text, as_told, exploded, vanished, same)
    saturated, vanished = then["saturates"]["learned"], then["vanishes"]["learned"]
    text = "A start that saturates is more likely to learn than one that vanishes"
    yield Check.of("saturated_may_learn", text, saturated > vanished, saturated, vanished)
