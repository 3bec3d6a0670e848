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
    (put("microscope.noise.last", test_accuracy=0.2), {"noise_parts"}),
    (put("microscope.noise.last", distinct_units=15.0), {"noise_parts"}),
    (put("microscope.noise.last", mean_absolute_cosine=1.0), {"noise_parts"}),
    (put("microscope.biases.last", distinct_units=15.0), {"biases_part"}),
    (put("microscope.zero_biases.last", test_accuracy=0.2, rank_3=10.0), {"zero_biases_part", "readout_rank"}),
    (put("microscope", asleep=[2, 0, 0]), {"zeros_wake"}),
    (put("microscope.dropout.last", mean_absolute_cosine=1.0), {"dropout_parts"}),
    (put("microscope.dropout", parted=1.0), {"first_update"}),
    (put("microscope.dropout.first", rank_2=2.0), {"dropout_rank"}),
    (put("growth", updates=[150.0, 100.0, 50.0]), {"noise_breaks"}),
    (put("growth", updates=[50.0, float("inf")], bias_updates=float("inf")), {"noise_breaks", "bias_noise"}),
    (put("growth", extra=(10.0, 100.0), per_tenth=300.0), {"logarithm", "growth_rate"}),
    (put("growth", settled_spread=0.3), {"settled"}),
    (put("fresh", least_distinct=63, equal_distinct=2), {"fresh_differs", "fresh_equal"}),
    (put("fresh", least_rank=63, equal_ranks=[0, 2]), {"fresh_differs", "fresh_equal"}),
    (put("fresh", cosine=(0.1, 0.12), orthogonal_cosine=0.01), {"fresh_cosine", "orthogonal"}),
]
