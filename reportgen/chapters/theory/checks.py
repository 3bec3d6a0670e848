"""The sentences of the chapter on theory that the numbers could refute."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.chapters.check import Check, above, below, same
from reportgen.chapters.theory.findings import SMALL, Findings

__all__ = ["check"]

_ALLOWANCE = 0.15
"""How far the share may be below that of Student's distribution: pairs share their draws and move together."""

_DOT = 0.125
_EXPLAINED = 0.8

_STABLE, _WALK = 0.2, 10
"""How far a length that is drawn back may be off anywhere, and how many times as far one that walks scatters."""

_EARLY, _MULTIPLIED = 1.5, 5
"""Factor that the signal may be off before an unstable fixed point has multiplied it, and by how much that does."""


def check(f: Findings) -> Iterator[Check]:
    """Yield the verdict on each sentence."""
    yield from _agreement(f)
    yield from _explanations(f)


def _agreement(f: Findings) -> Iterator[Check]:
    text = "the share within three standard errors is at most a little below that of Student's distribution"
    yield Check.of("most_agree", text, above(f.within, f.expected - _ALLOWANCE))
    text = f"half of all predictions are closer than {SMALL:.0%}"
    yield Check.of("typically_close", text, below(f.relative, SMALL))
    text = f"in most pairs the typical layer is within three standard errors, and closer than {SMALL:.0%}"
    yield Check.of("most_pairs_agree", text, above(f.agreeing, 0.5), above(f.off.small, 0.5))
    text = "bounded activations follow theory more closely than those that grow, and than GELU under He"
    yield Check.of("bounded_follow", text, below(f.off.bounded, f.off.grows), below(f.off.bounded, f.off.gelu))
    text = "GELU under He is further off than activations that grow are typically"
    yield Check.of("gelu_is_far", text, below(f.off.grows / f.off.gelu, 1))
    text = f"half of the dots of the key figure are closer than {_DOT:.0%} to their lines"
    yield Check.of("dots_on_lines", text, below(f.dots, _DOT))
    text = "the typical deviation of the signal is larger in the last layers than in the first"
    yield Check.of("deeper_is_further", text, below(f.shallow.relative / f.deep.relative, 1))
    text = "tanh under He is nowhere far off, and of ReLU under He theory itself expects far more scatter"
    walks = above(f.profile.walk_scatter, _WALK * f.profile.stable_scatter)
    yield Check.of("stable_stays", text, below(f.profile.stable, _STABLE), walks)


def _explanations(f: Findings) -> Iterator[Check]:
    text = "no number is lost to float32 where theory does not say that it leaves the range"
    yield Check.of("losses_are_foretold", text, same(f.lost_by_surprise, 0), above(f.lost, 0))
    text = f"more than {_EXPLAINED:.0%} of the predictions that do not agree have an explanation"
    yield Check.of("all_explained", text, above(1 - f.unexplained_of_off, _EXPLAINED))
    unstable = f.unstable
    early = max(unstable.early, 1 / unstable.early)
    text = f"GELU under He starts near its prediction, and its maps enlarge a deviation more than {_MULTIPLIED} times"
    yield Check.of("gelu_is_unstable", text, below(early, _EARLY), above(unstable.multiplied, _MULTIPLIED))
    text = "nine of ten pairs and layers scatter by less than twice what theory expects"
    yield Check.of("scatter_is_foretold", text, above(f.scatter_share, 0.9))
