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


def test_factors_are_judged_by_their_ratio_and_errors_by_their_difference() -> None:
    draws = np.random.default_rng(1).standard_normal(2000)
    factors = over_seeds(*(above(float(np.exp(10 + draw)), 1) for draw in draws))
    assert factors.spreads == pytest.approx(10, rel=0.1)
    errors = over_seeds(*(below(float(abs(draw)), 6) for draw in draws))
    assert errors.spreads > 6


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
