"""The sentences of the chapter on training that the numbers could refute."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from reportgen.chapters.check import Check, Scope, above, below, same, within
from reportgen.chapters.names import LARGE, SMALL
from reportgen.chapters.training.budgets import RIGHT
from reportgen.chapters.training.findings import Findings, Map, Sizes
from reportgen.chapters.training.prediction_checks import check_predictions
from reportgen.chapters.training.studies import Gain
from reportgen.chapters.training.tables import DEPTH

__all__ = ["HUGE", "check"]

_ANYWHERE = Scope()
"""The networks that train have sizes of their own, whatever the settings of the run."""

_JUDGED = Scope(batch=(128, inf))
"""Networks are judged on as many images before they train."""

HUGE = "random_normal(stddev=5)"
"""The largest weights of the nets in the plane."""

_EPSILON = 1e-8
"""What Adam adds to the root of the mean square of a gradient (Kingma & Ba 2015, algorithm 1)."""


def check(f: Findings) -> Iterator[Check]:
    """Yield the verdict on each sentence."""
    for one in _outcomes(f):
        yield one.only_for(_ANYWHERE)
    for one in check_predictions(f.verdict, f.adam_verdict):
        yield one.only_for(_JUDGED)


def _outcomes(f: Findings) -> Iterator[Check]:
    yield from _depth(f)
    yield from _too_small(f.map, f.adam)
    yield from _too_large(f.map, f.adam, f.sizes["map"])
    yield from _deep(f)
    yield from _rate(f)
    yield from _budgets(f)
    yield from _small(f)
    yield from _gain(f.gain, f.sizes["gain"])
    yield from _plane(f)
    yield from _loss_at_the_start(f)
    yield from _first_step(f)


# The map -------------------------------------------------------------------------------------------------------------


def _depth(f: Findings) -> Iterator[Check]:
    shallowest, deepest = f.sizes["map"].depths[0], f.deepest
    fewer = [found.shares[shallowest] - found.shares[deepest] for found in (f.map, f.adam)]
    text = "With either optimizer fewer starts learn in the deepest nets, by a tenth of all starts at least"
    yield Check.of("depth_thins_out", text, [above(one, 0.1) for one in fewer])
    text = "In the shallowest nets more than seven of ten starts with random weights learn with Adam"
    yield Check.of("adam_forgives_shallow", text, above(f.adam.random[shallowest], 0.7))
    text = "More starts learn with Adam than with SGD in the deepest nets"
    yield Check.of("adam_gets_further", text, above(f.adam.shares[deepest], f.map.shares[deepest]))
    text = "In the deepest nets more than half of all starts fail, with either optimizer"
    yield Check.of("most_fail_deep", text, [below(found.shares[deepest], 0.5) for found in (f.map, f.adam)])
    text = "From the customary start the deepest nets get more right with Adam than with SGD"
    yield Check.of("adam_helps_deep", text, above(f.customary.right["adam"], f.customary.right["sgd"]))


def _too_small(sgd: Map, adam: Map) -> Iterator[Check]:
    text = "No network of zeros learns, whatever activation, depth and optimizer"
    yield Check.of("zeros_never_learn", text, [same(found.zeros.learned, 0) for found in (sgd, adam)])
    text = "No network of equal weights gets half of the images right"
    yield Check.of("constant_is_poor", text, [below(found.constant_best, 0.5) for found in (sgd, adam)])
    text = f"With N(0, 0.01²) hardly any network of {DEPTH} layers learns, whatever activation and optimizer"
    yield Check.of("small_does_not_start", text, [below(found.small.share, 0.1) for found in (sgd, adam)])


def _too_large(sgd: Map, adam: Map, sizes: Sizes) -> Iterator[Check]:
    shallow, deep = (len(sgd.large_diverged[depth]) for depth in (sizes.depths[0], DEPTH))
    text = f"With N(0, 1), SGD, {DEPTH} layers and an activation without bounds more than nine of ten nets diverge"
    yield Check.of("large_diverges", text, above(sgd.large_unbounded, 0.9))
    text = "With Adam none of them does, and ReLU gets less than six tenths of what it gets with He"
    lost = _part(adam.right["relu"][LARGE], adam.right["relu"]["he_normal"])
    yield Check.of("adam_does_not_diverge", text, same(adam.large_unbounded, 0.0), below(lost, 0.6))
    text = f"With N(0, 1) weights fewer activations diverge in the shallowest nets than with {DEPTH} layers"
    yield Check.of("large_needs_depth", text, below(shallow, deep))
    text = "With N(0, 1) weights tanh gets less than six tenths of what it gets with Glorot"
    shares = [_part(found.right["tanh"][LARGE], found.right["tanh"]["glorot_normal"]) for found in (sgd, adam)]
    yield Check.of("large_halts_tanh", text, [below(share, 0.6) for share in shares])
    text = f"With PyTorch's default weights and SGD ReLU does no better than a guess with {DEPTH} layers"
    yield Check.of("torch_stalls", text, below(sgd.right["relu"]["torch_default"], sizes.guess + 0.05))
    text = "No usual start lets a sigmoid net of the greatest depth learn"
    yield Check.of("sigmoid_never_deep", text, [below(found.deep_sigmoid, sizes.learned) for found in (sgd, adam)])


# The other studies ---------------------------------------------------------------------------------------------------


def _deep(f: Findings) -> Iterator[Check]:
    guess, he, glorot = f.sizes["deep"].guess_loss, f.he, f.glorot
    text = "With Glorot every deep ReLU net ends within a tenth of a nat of the loss of a guess"
    at_a_guess = above(glorot.least_loss, guess - 0.1), below(glorot.greatest_loss, guess + 0.1)
    yield Check.of("glorot_stalls", text, at_a_guess)
    text = "With He the loss of every deep ReLU net is below all of Glorot's"
    yield Check.of("he_learns", text, below(he.greatest_loss, glorot.least_loss - 0.02))


def _rate(f: Findings) -> Iterator[Check]:
    best, text = (
        f.rate.best,
        "With either optimizer no rate brings N(0, 0.01²) or N(0, 1) to half of what the right start gets",
    )
    yield Check.of(
        "no_rate_rescues",
        text,
        [
            below(found[name][wrong] / found[name][right], 0.5)
            for found in best.values()
            for name, right in RIGHT.items()
            for wrong in (SMALL, LARGE)
        ],
    )
    text = "With PyTorch's default weights, tanh and SGD the best rate gets more right than that of the map"
    gained = _part(f.map.right["tanh"]["torch_default"], best["sgd"]["tanh"]["torch_default"])
    yield Check.of("best_rate_gains", text, below(gained, 1))
    lost = f.rate.large_diverged["sgd"] / len(f.rate.rates["sgd"])
    text = "With N(0, 1) weights and SGD ReLU diverges at more than three of four learning rates, with Adam at none"
    yield Check.of("relu_diverges_at_any_rate", text, above(lost, 0.75), same(f.rate.large_diverged["adam"], 0))


def _budgets(f: Findings) -> Iterator[Check]:
    found = f.budgets
    first, last = found.steps[0], found.steps[-1]
    text = "After the shortest budget of SGD ReLU gets less right with Glorot than with He"
    yield Check.of("he_is_ahead_at_first", text, below(found.behind("sgd", first), 0.95))
    text = "With a longer budget of SGD Glorot comes closer to He"
    yield Check.of("glorot_catches_up", text, below(found.behind("sgd", first), found.behind("sgd", last)))
    text = "With Adam Glorot and He get the same to within a tenth, after the longest budget"
    yield Check.of("adam_sees_no_difference", text, within(0.9, found.behind("adam", last), 1.1))
    text = "After the longest budget ReLU nets with PyTorch's default have learned with Adam and not with SGD"
    sgd, adam = (found.right[name][last]["torch_default"] for name in ("sgd", "adam"))
    learned = f.sizes["rate"].learned
    yield Check.of("default_needs_adam", text, below(sgd, learned), above(adam, learned))


def _small(f: Findings) -> Iterator[Check]:
    found, guess = f.small, f.sizes["small"].guess
    shallow, deep = sorted(found.gradient)
    text = f"With N(0, 0.01²) ReLU nets of {shallow} layers get somewhere with Adam, not with SGD; of {deep} not"
    yield Check.of(
        "adam_wakes_small_weights",
        text,
        above(found.right["adam"]["relu"][shallow], 1.4 * guess),
        below(found.right["sgd"]["relu"][shallow], 1.5 * guess),
        below(found.right["adam"]["relu"][deep], 1.5 * guess),
    )
    text = (
        "The first gradient is not far below Adam's epsilon in the shallower nets, and a millionth of it in deeper ones"
    )
    near, lost = above(found.gradient[shallow], _EPSILON / 100), below(found.gradient[deep], 1e-6 * _EPSILON)
    yield Check.of("below_epsilon", text, near, lost)


def _gain(found: Gain, sizes: Sizes) -> Iterator[Check]:
    text = "At the greater depth the best gain is above that of Glorot and below the one that PyTorch names"
    yield Check.of("best_above_one", text, within(1, found.best, 5 / 3))
    text = "At the gain next to one below it nets get less than nine tenths of what they get at the best gain"
    yield Check.of("less_below_one", text, below(found.below / found.right, 0.9))
    text = "At the smaller depth nets get more than eight tenths there of what they get at their best gain"
    yield Check.of("gain_is_flat_when_shallow", text, above(found.shallow, 0.8))
    text = "No net of the greater depth learns at the least gain, nor at the greatest"
    yield Check.of("outer_gains_fail", text, below(found.outer, sizes.learned))


def _plane(f: Findings) -> Iterator[Check]:
    (least, greatest), guess = f.plane.flat, f.sizes["plane"].guess
    circle, spiral = ([f.plane.right[problem][name] for name in ("tanh", "relu")] for problem in ("circle", "spiral"))
    text = "With zeros and N(0, 0.01²) every net in the plane ends within a tenth of the loss of a guess"
    yield Check.of("plane_flat", text, above(least, 0.9), below(greatest, 1.1))
    text = "With He the circle is learned to nine tenths at least"
    yield Check.of("circle_is_learned", text, [above(right["he_normal"], 0.9) for right in circle])
    text = "With He the spiral is learned better than a guess"
    yield Check.of("spiral_is_learned", text, [above(right["he_normal"], guess + 0.05) for right in spiral])
    text = "In the spiral tanh does better with N(0, 1) than with Glorot"
    yield Check.of("large_can_be_good", text, above(spiral[0][LARGE], spiral[0]["glorot_normal"]))
    text = "With N(0, 5²) the circle is not learned as with Glorot"
    yield Check.of("huge_halts", text, [below(right[HUGE], right["glorot_normal"] - 0.02) for right in circle])


# Before the first update ---------------------------------------------------------------------------------------------


def _loss_at_the_start(f: Findings) -> Iterator[Check]:
    least, greatest = f.initial.least, f.initial.greatest
    text = "Zeros, equal weights and N(0, 0.01²) start at the loss of a guess, with every activation"
    flat = ("zeros", "constant", SMALL)
    yield Check.of(
        "flat_starts_at_a_guess", text, [one for n in flat for one in (above(least[n], 0.9), below(greatest[n], 1.1))]
    )
    text = "N(0, 1) starts above it with every activation, and a thousand times above it with some"
    yield Check.of("large_starts_high", text, above(least[LARGE], 1.2), above(greatest[LARGE], 1000))
    text = "Tanh starts within three tenths of it with Glorot"
    yield Check.of("glorot_starts_near", text, below(f.initial.ratio["glorot_normal"]["tanh"], 1.3))
    start, early, guess = f.last_layer.start, f.last_layer.early, f.sizes["readout"].guess_loss
    smaller = f.last_layer.factors[1:]
    text = "With a smaller last layer every net starts within three tenths of the loss of a guess"
    ratios = [own[factor] / guess for own in start.values() for factor in smaller]
    yield Check.of(
        "small_last_layer_starts_at_a_guess", text, [one for ratio in ratios for one in within(0.7, ratio, 1.3)]
    )
    text = "It helps SELU with He, which starts at twice the loss of a guess and more, over the first third"
    helps = [below(early["selu"][factor], early["selu"][1.0]) for factor in smaller]
    yield Check.of("small_last_layer_helps", text, above(start["selu"][1.0] / guess, 1.2), *helps)
    text = "It slows tanh with Glorot"
    yield Check.of(
        "small_last_layer_slows", text, [above(early["tanh"][factor], early["tanh"][1.0]) for factor in smaller]
    )


def _first_step(f: Findings) -> Iterator[Check]:
    near, far = f.first_step.near, f.first_step.far
    text = "Most nets learn whose first step is within a factor of ten of a thousandth"
    yield Check.of("near_learns", text, above(near.share, 0.6))
    text = "Of those that are off by more than a factor of a hundred hardly any does"
    yield Check.of("far_does_not", text, below(far.share, 0.05))
    text = "Far below the line most nets stall, and far above it most diverge"
    ends = above(f.first_step.stalled_below, 0.5), above(f.first_step.diverged_above, 0.5)
    yield Check.of("far_fails_both_ways", text, ends)
    text = f"With tanh and {DEPTH} layers Glorot is within ten of it, N(0, 0.01²) more than a billion times below it"
    tanh, guide = f.first_step.typical["tanh"], f.first_step.guide
    yield Check.of(
        "small_step_is_tiny",
        text,
        *within(guide / 10, tanh["glorot_normal"], guide * 10),
        below(tanh[SMALL], 1e-9 * guide),
    )


def _part(part: float, whole: float) -> float:
    return part / whole if whole else inf
