"""Margins of sentences over several seeds."""

from __future__ import annotations

from math import inf, isnan
from typing import Any, cast

import numpy as np
import pytest

from reportgen.chapters.chapter import Chapter
from reportgen.chapters.check import Check, Condition, above, below, same
from reportgen.report.margins import LEAST, Margin, margins
from reportgen.report.page import Reading


def over_seeds(*conditions: Condition) -> Margin:
    chapter = cast(Chapter[Any, Any], type("Named", (), {"slug": "index"}))
    (margin,) = margins([[Reading(chapter, None, None, (Check.of("a", "A", one),))] for one in conditions])
    return margin


@pytest.mark.parametrize("spreads", [1.0, 2.0, 5.0])
def test_a_margin_is_the_room_in_units_of_the_spread(spreads: float) -> None:
    values = np.random.default_rng(0).standard_normal(4000)
    margin = over_seeds(*(above(float(value), -spreads) for value in values))
    assert margin.spreads == pytest.approx(spreads, rel=0.1)
    assert margin.is_at_the_edge is bool(spreads < LEAST or values.min() < -spreads)


def test_the_scale_with_less_room_counts() -> None:
    draws = np.random.default_rng(1).standard_normal(2000)
    shares = over_seeds(*(above(float(np.exp(1 + draw / 4)), 1) for draw in draws))
    assert shares.spreads < 4.1  # 4 spreads of the logarithm, fewer where the logarithm is not the scale
    errors = over_seeds(*(below(float(1 + draw / 10), 2) for draw in draws))
    assert errors.spreads < 8  # 10 spreads of the difference


def test_what_is_far_inside_costs_no_room_however_far_it_is() -> None:
    assert over_seeds(above(5e7, 100), above(inf, 100), above(1e5, 100)).spreads == inf
    assert over_seeds(below(0.0, 1), below(1e-9, 1), below(1e-3, 1)).spreads == inf


def test_a_seed_without_a_ratio_does_not_cost_the_scale() -> None:
    ratios = [above(one, 1) for one in (1.1, 1.2, 4.0)]
    assert over_seeds(*ratios, above(-1.0, 1)).spreads < 1.5


def test_what_is_the_same_on_every_seed_has_no_limit() -> None:
    assert over_seeds(below(1, 2), below(1, 2)).spreads == inf
    assert over_seeds(same(1, 1), same(1, 1)).spreads == inf


def test_a_sentence_that_failed_once_is_at_the_edge_and_its_worst_seed_is_told() -> None:
    margin = over_seeds(below(0.0, 2.0), below(1.0, 2.0), below(2.5, 2.0))
    assert (margin.held, margin.seeds, margin.is_at_the_edge) == (2, 3, True)
    assert margin.example == "2.5, expected below 2"
    failed = over_seeds(same(1, 1), same(2, 1))
    assert isnan(failed.spreads)
    assert failed.is_at_the_edge


def test_one_seed_has_no_margin_but_tells_what_it_measured() -> None:
    margin = over_seeds(below(1.0, 2.0))
    assert isnan(margin.spreads)
    assert not margin.is_at_the_edge
