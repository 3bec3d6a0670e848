"""Findings of the teachers' sheet that refute its sentences."""

from __future__ import annotations

from tests.chapters.planting import other

PLANTED = [
    (other(equal_units=2), {"equal_is_a_line"}),
    (other(equal_lead=0.01), {"equal_is_a_line"}),
    (other(noise_beats=0.4), {"noise_beats_lines"}),
    (other(large_beaten=0.4), {"large_comes_to_rest"}),
    (other(large_start=2.0), {"large_comes_to_rest"}),
    (other(large_moved=0.2), {"large_comes_to_rest"}),
    (other(saved=0.2), {"no_rate_saves"}),
    (other(large_unlearned=0.4), {"large_comes_to_rest"}),
    (other(small_loss=0.9), {"small_stays_at_a_guess"}),
    (other(large_saturated=0.4), {"saturation_parts_them"}),
    (other(small_saturated=0.1), {"saturation_parts_them"}),
    (other(large_gradient=0.4), {"large_gradient_is_large"}),
    (other(small_gradient=0.1), {"small_gradient_is_small"}),
    (other(large_apart=500.0), {"large_gradients_differ"}),
    (other(tenth=12.0), {"a_tenth"}),
    (other(tenth=0.9), {"a_tenth"}),
    (other(learned=[1.0, 0.1, 0.0, 0.0]), {"in_time"}),
    (other(learned=[1.0, 1.0, 1.0, 0.6]), {"in_time"}),
]
