"""What the chapter on training says of the verdict before the first update."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from reportgen.chapters.check import Check, above, below, same, within
from reportgen.chapters.training.prediction import Verdicts
from reportgen.chapters.training.tables import DEPTH

__all__ = ["check_predictions"]


def check_predictions(sgd: Verdicts, adam: Verdicts) -> Iterator[Check]:
    """Yield the verdict on each sentence about what could be told, with either optimizer."""
    yield from _told(sgd, adam)
    yield from _beyond_the_obvious(sgd, adam)
    yield from _families(sgd)


def _told(sgd: Verdicts, adam: Verdicts) -> Iterator[Check]:
    text = (
        "With SGD most healthy starts learn, and less than a quarter of the others; with Adam four of five healthy ones"
    )
    yield Check.of(
        "healthy_learns",
        text,
        above(sgd.all.healthy.share, 0.6),
        below(sgd.all.ill.share, 0.25),
        above(adam.all.healthy.share, 0.8),
    )
    text = "With Adam more of the other starts learn than with SGD"
    yield Check.of("adam_forgives", text, above(adam.all.ill.share, sgd.all.ill.share))
    text = "Over all starts and with SGD the verdict is right far more often than the base rate"
    yield Check.of("better_than_base", text, above(sgd.all.edge, 0.15))


def _beyond_the_obvious(sgd: Verdicts, adam: Verdicts) -> Iterator[Check]:
    text = "Of the starts that are fitted to the width the verdict tells less with Adam: it is right like the base rate"
    less, little = below(adam.adapting.edge, sgd.adapting.edge - 0.05), within(-0.13, adam.adapting.edge, 0.13)
    yield Check.of("tells_less_with_adam", text, less, *little)
    text = "In the deepest nets more of the healthy ones among them learn with Adam than with SGD"
    yield Check.of("depth_needs_adam", text, above(adam.deepest.healthy.share, sgd.deepest.healthy.share))


def _families(found: Verdicts) -> Iterator[Check]:
    text = "With SGD what explodes mostly diverges, and what vanishes mostly stalls"
    exploded, vanished = found.then["explodes"]["diverged"], found.then["vanishes"]["stalled"]
    yield Check.of("kinds_of_failure", text, above(exploded, 0.5), above(vanished, 0.5))
    text = "Healthy starts that diverge change the signal or the gradient more than twice as much as those that learn"
    yield Check.of("diverging_changes_more", text, above(found.change["diverged"] / found.change["learned"], 2))
    text = f"With He and SGD a linear net of {DEPTH} layers grows by less than the limit, and diverges"
    diverges = same(found.linear_outcome, "diverged")
    yield Check.of("linear_he_diverges", text, below(found.linear_growth, found.limit), diverges)
    saturated, vanished = found.then["saturates"]["learned"], found.then["vanishes"]["learned"]
    text = "Of the starts that saturate more than one in fifty learn, and of those that vanish less than half as many"
    yield Check.of("saturated_may_learn", text, above(saturated, 0.02), below(_part(vanished, saturated), 0.5))


def _part(part: float, whole: float) -> float:
    return part / whole if whole else inf
