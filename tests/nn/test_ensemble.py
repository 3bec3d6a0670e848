"""Ensembles: what is drawn for each member, and what joining and copying do to it."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.nn.ensemble import Parameters, draw_parameters, join
from reportgen.nn.initializers import initializers

HE = initializers.get("he_normal")


def generators(member: int, layer: int) -> np.random.Generator:
    return np.random.default_rng([member, layer])


def test_parameters_are_drawn_per_member_and_layer_and_a_deeper_network_keeps_its_first_layers() -> None:
    shallow = draw_parameters(HE, (5, 7, 4), generators, 2, biases=True)
    deep = draw_parameters(HE, (5, 7, 4, 4), generators, 2)
    np.testing.assert_array_equal(shallow.weights[1], deep.weights[1])
    np.testing.assert_array_equal(deep.weights[2][1], HE.draw(generators(1, 3), 4, 4).astype(np.float32))
    assert deep.biases is None
    assert shallow.biases is not None
    assert [b.shape for b in shallow.biases] == [(2, 1, 7), (2, 1, 4)]
    assert not any(b.any() for b in shallow.biases)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_parameters_are_drawn_in_the_precision_that_is_asked_for(dtype: type[np.floating]) -> None:
    drawn = draw_parameters(HE, (5, 7, 4), generators, 3, biases=True, dtype=dtype)
    assert {array.dtype for array in drawn.arrays} == {np.dtype(dtype)} == {drawn.dtype}
    assert drawn.members == 3


@pytest.mark.parametrize("biases", [False, True])
def test_joined_ensembles_keep_their_members_in_order(biases: bool) -> None:
    whole = draw_parameters(HE, (3, 4, 2), generators, 5, biases=biases)
    parts = [
        Parameters([W[rows] for W in whole.weights], [b[rows] for b in whole.biases] if whole.biases else None)
        for rows in (slice(0, 2), slice(2, 3), slice(3, 5))
    ]
    joined = join(parts)
    assert (joined.biases is None) is not biases
    for ours, expected in zip(joined.arrays, whole.arrays, strict=True):
        np.testing.assert_array_equal(ours, expected)


def test_a_copy_is_left_alone_by_what_happens_to_the_original() -> None:
    original = draw_parameters(HE, (3, 4, 2), generators, 2, biases=True)
    copied = original.copy()
    for array in original.arrays:
        array += 1
    for ours, changed in zip(copied.arrays, original.arrays, strict=True):
        np.testing.assert_array_equal(ours + 1, changed)


def test_every_layer_has_its_weights_and_its_biases_or_none() -> None:
    drawn = draw_parameters(HE, (3, 4, 2), generators, 2, biases=True)
    assert [(W.shape, b.shape) for W, b in drawn.layers if b is not None] == [
        ((2, 3, 4), (2, 1, 4)),
        ((2, 4, 2), (2, 1, 2)),
    ]
    assert [b for _, b in Parameters(drawn.weights).layers] == [None, None]
