"""The outcome of a training: one word per network by the stated rules, and the best of several learning rates."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from reportgen.judgments.outcomes import LEARNED, OUTCOMES, best_rates, outcomes

LN_TEN = float(np.log(10))
STALLED = {
    "diverged_after": np.inf,
    "start_loss": 2.5,
    "end_loss": LN_TEN,
    "test_loss": LN_TEN,
    "test_accuracy": 0.1,
    "guess": 0.1,
    "classes": 10,
}


def outcome(**changed: float) -> str:
    return str(outcomes(pd.DataFrame([{**STALLED, **changed}])).item())


@pytest.mark.parametrize(
    "changed",
    [
        {"diverged_after": 17.0},
        {"end_loss": np.nan},
        {"test_loss": np.inf},
        {"end_loss": 2.1 * LN_TEN},
        {"end_loss": 2.1 * LN_TEN, "test_accuracy": 0.9},
    ],
)
def test_a_number_that_is_lost_or_a_loss_that_ran_away_is_diverged(changed: dict[str, float]) -> None:
    assert outcome(**changed) == "diverged"


def test_a_large_loss_that_came_down_from_a_larger_one_has_not_diverged() -> None:
    assert outcome(start_loss=30.0, end_loss=2.1 * LN_TEN) == "stalled"


def test_a_loss_above_its_start_but_near_a_guess_has_not_diverged() -> None:
    assert outcome(start_loss=2.0, end_loss=1.9 * LN_TEN) == "stalled"


@pytest.mark.parametrize("guess", [0.1, 0.5, 0.9])
def test_learned_begins_at_a_share_of_the_way_from_guessing_to_all_right(guess: float) -> None:
    needed = guess + LEARNED * (1 - guess)
    assert outcome(guess=guess, test_accuracy=needed + 1e-9) == "learned"
    assert outcome(guess=guess, test_accuracy=needed - 1e-9) == "stalled"


def test_every_word_has_a_rule_and_is_given() -> None:
    table = pd.DataFrame([STALLED, {**STALLED, "end_loss": np.nan}, {**STALLED, "test_accuracy": 0.9}], index=[5, 7, 3])
    words = outcomes(table)
    assert set(words) == set(OUTCOMES)
    assert list(words.index) == [5, 7, 3]


def tried(losses: dict[tuple[str, float], list[float]]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"start": start, "learning_rate": rate, "replicate": replicate, "validation_loss": loss}
            for (start, rate), row in losses.items()
            for replicate, loss in enumerate(row)
        ]
    )


def test_the_best_rate_has_the_least_median_loss_of_its_setting() -> None:
    table = tried(
        {
            ("a", 0.1): [1.0, 1.0, 9.0],
            ("a", 0.2): [2.0, 0.1, 2.0],
            ("b", 0.1): [3.0, 3.0, 3.0],
            ("b", 0.2): [2.0, 2.0, 2.0],
        }
    )
    best = best_rates(table, ["start"])
    assert best.groupby("start")["learning_rate"].unique().map(list).to_dict() == {"a": [0.1], "b": [0.2]}
    assert len(best) == 6


def test_a_rate_at_which_most_replicates_are_lost_stands_behind_one_that_learned_nothing() -> None:
    table = tried({("a", 1.0): [np.nan, np.inf, 0.1], ("a", 0.1): [2.3, 2.3, 2.3]})
    assert set(best_rates(table, ["start"])["learning_rate"]) == {0.1}


def test_the_test_examples_have_no_say_in_which_rate_is_the_best() -> None:
    table = tried({("a", 0.1): [1.0, 1.0, 1.0], ("a", 0.2): [2.0, 2.0, 2.0]})
    tested = table.assign(test_loss=9 - table["validation_loss"], test_accuracy=table["validation_loss"] / 2)
    assert set(best_rates(tested, ["start"])["learning_rate"]) == {0.1}
