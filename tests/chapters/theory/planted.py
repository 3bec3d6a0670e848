"""Findings of the chapter on theory that refute its sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from reportgen.chapters.theory.findings import Findings

Change = Callable[[Findings], Findings]

PLANTED: list[tuple[Change, set[str]]] = [
    (lambda f: replace(f, within=f.expected - 0.2), {"most_agree"}),
    (lambda f: replace(f, relative=0.2, dots=0.3), {"typically_close", "dots_on_lines"}),
    (lambda f: replace(f, agreeing=0.4), {"most_pairs_agree"}),
    (lambda f: replace(f, off=f.off._replace(small=0.4)), {"most_pairs_agree"}),
    (lambda f: replace(f, off=f.off._replace(bounded=0.9)), {"bounded_follow"}),
    (lambda f: replace(f, off=f.off._replace(gelu=0.01)), {"gelu_is_far"}),
    (lambda f: replace(f, shallow=f.deep), {"deeper_is_further"}),
    (lambda f: replace(f, profile=f.profile._replace(stable=0.5)), {"stable_stays"}),
    (lambda f: replace(f, profile=f.profile._replace(walk_scatter=f.profile.stable_scatter)), {"stable_stays"}),
    (lambda f: replace(f, unstable=f.unstable._replace(early=0.3)), {"gelu_is_unstable"}),
    (lambda f: replace(f, unstable=f.unstable._replace(multiplied=1.5)), {"gelu_is_unstable"}),
    (lambda f: replace(f, lost_by_surprise=1), {"losses_are_foretold"}),
    (lambda f: replace(f, lost=0), {"losses_are_foretold"}),
    (lambda f: replace(f, unexplained_of_off=0.3), {"all_explained"}),
    (lambda f: replace(f, scatter_share=0.8), {"scatter_is_foretold"}),
]
