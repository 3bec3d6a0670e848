"""Findings of the chapter on symmetry that refute its sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from reportgen.chapters.symmetry.findings import Findings

Change = Callable[[Any], Any]


def put(path: str, **values: Any) -> Change:
    """Put values into what a path of names leads to from the findings."""
    name, _, inner = path.partition(".")

    def change(part: Any) -> Any:
        old = getattr(part, name)
        new: dict[str, Any] = {name: put(inner, **values)(old) if inner else old._replace(**values)}
        return replace(part, **new) if isinstance(part, Findings) else part._replace(**new)

    return change


PLANTED: list[tuple[Change, set[str]]] = [
    (lambda f: replace(f, spread=1e-6, ranks=(1, 2), gap=1e-6), {"equal_stays_equal", "rank_one", "single_unit"}),
    (lambda f: replace(f, random_gap=0.0), {"single_unit"}),
    (put("first_layer", gradient_between_units=1e-6), {"first_layer"}),
    (put("first_layer", between_units=1e-6), {"first_layer"}),
    (put("first_layer", gradient=[0.5, 0.5]), {"first_layer"}),
    (put("circle_mini_batches.constant", spread=1e-6), {"mini_batches"}),
    (put("circle_another_rate.constant", spread=1e-6), {"another_rate"}),
    (put("circle_more_data.constant", spread=1e-6), {"more_data"}),
    (put("circle_Adam.constant", spread=1e-6), {"adam"}),
    (put("circle_weight_decay.constant", spread=1e-6), {"weight_decay"}),
    (put("circle_layer_norm.constant", spread=1e-6, moved=1e-6), {"layer_norm", "layer_norm_silences"}),
    (put("circle.constant", test_accuracy=0.8, best_accuracy=0.9), {"two_thirds", "straight_line"}),
    (put("circle.random", test_accuracy=0.8, least_spread=0.01), {"random_solves", "random_differs"}),
    (put("digits.constant", test_accuracy=0.6), {"digits"}),
    (put("digits.ones", test_accuracy=0.6), {"digits"}),
    (put("digits.random", test_accuracy=0.6), {"digits"}),
    (put("digits_no_hidden_layer.zeros", test_accuracy=0.7), {"no_hidden_layer"}),
    (put("digits_relu.zeros", hidden_weights=1e-300, output_biases=0.0), {"zeros_stand_still", "output_bias_moves"}),
    (put("digits_sigmoid.zeros", hidden_weights=0.0), {"zeros_in_step"}),
    (put("digits_sigmoid.zeros", spread=1e-6, test_accuracy=0.6), {"zeros_in_step", "zeros_learn_little"}),
    (put("starts.noise.last", test_accuracy=0.2), {"noise_parts"}),
    (put("starts.noise.last", distinct_units=15.0), {"noise_parts"}),
    (put("starts.noise.last", mean_absolute_cosine=1.0), {"noise_parts"}),
    (put("starts.noise.first", stable_rank=1.5), {"noise_counts_as_one"}),
    (put("starts.noise", parted=1.0), {"noise_counts_as_one"}),
    (put("starts", together=2.0, early_share=0.6), {"together", "noise_waits"}),
    (put("starts.biases.last", distinct_units=15.0), {"biases_part"}),
    (put("starts.zero_biases.last", test_accuracy=0.2), {"zero_biases_part"}),
    (put("starts.dropout.last", mean_absolute_cosine=1.0), {"dropout_parts"}),
    (put("growth", updates=[150.0, 100.0, 50.0]), {"noise_breaks"}),
    (put("growth", updates=[50.0, float("inf")]), {"noise_breaks"}),
    (put("growth", extra=(10.0, 100.0), per_tenth=300.0), {"logarithm", "growth_rate"}),
    (put("growth", settled_spread=0.3, time_ratio=30.0), {"settled", "a_thousandth"}),
    (put("growth", size_ratio=100), {"a_thousandth"}),
    (put("fresh", least_distinct=63), {"fresh_differs"}),
    (put("hand", spread=1e-6, greatest_of_zeros=1e-300), {"by_hand_equal", "by_hand_zeros"}),
    (put("hand", errors=[0.9, 0.8, 0.7]), {"by_hand_learns"}),
    (put("hand", between_inputs=0.0), {"by_hand_learns"}),
    (put("hand", woken=[1, 1, 1]), {"by_hand_biases"}),
    (put("hand", biased_spread=1e-6), {"by_hand_biases"}),
    (put("hand", apart=0.0), {"by_hand_differs"}),
    (put("hand", together=1e-6), {"by_hand_differs"}),
]
