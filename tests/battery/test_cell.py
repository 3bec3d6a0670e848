"""Cells are pure data with stable keys; streams depend on nothing but their names."""

from __future__ import annotations

import pickle
from itertools import product

import numpy as np
import pytest

from reportgen.battery.cell import Cell, Streams

CELL = Cell.of("propagation", "Propagate", width=64, activation="tanh", depths=(2, 5), bias=0.5)


def test_a_cell_does_not_depend_on_the_order_of_its_factors() -> None:
    other = Cell.of("propagation", "Propagate", bias=0.5, depths=(2, 5), activation="tanh", width=64)
    assert (other, hash(other), other.key(0, "code")) == (CELL, hash(CELL), CELL.key(0, "code"))


def test_the_canonical_text_and_the_key_stay_what_they_are() -> None:
    factors = '{"activation":"tanh","bias":0.5,"depths":[2,5],"width":64}'
    assert CELL.canonical() == f'{{"experiment":"propagation","factors":{factors},"part":"Propagate"}}'
    assert CELL.key(3, "code") == "e561ceaaee3a641d984a9dfed7c6746c16d7263b29eb7abba2591b0f98881e45"


@pytest.mark.parametrize(
    "key",
    [
        CELL.key(1, "code"),
        CELL.key(0, "other code"),
        Cell.of("other", "Propagate", **CELL.mapping()).key(0, "code"),
        Cell.of("propagation", "Other", **CELL.mapping()).key(0, "code"),
        Cell.of("propagation", "Propagate", **{**CELL.mapping(), "width": 65}).key(0, "code"),
        Cell.of("propagation", "Propagate", **{**CELL.mapping(), "depths": (5, 2)}).key(0, "code"),
    ],
)
def test_seed_code_experiment_part_and_every_factor_count_in_the_key(key: str) -> None:
    assert key != CELL.key(0, "code")
    assert len(key) == 64


def test_factors_are_read_by_name() -> None:
    assert CELL["bias"] == 0.5
    assert CELL["depths"] == (2, 5)
    with pytest.raises(KeyError, match="replicates"):
        CELL["replicates"]


def test_a_cell_survives_the_way_to_a_worker() -> None:
    assert pickle.loads(pickle.dumps(CELL)) == CELL


def draw(generator: np.random.Generator) -> tuple[float, ...]:
    return tuple(generator.random(4))


def test_streams_give_the_same_numbers_in_whatever_order_they_are_asked() -> None:
    names = list(product(range(3), range(1, 4)))
    forward = {name: draw(Streams(5).weights(*name)) for name in names}
    streams = Streams(5)
    assert {name: draw(streams.weights(*name)) for name in reversed(names)} == forward


def test_no_two_streams_give_the_same_numbers() -> None:
    draws = [
        draw(generator)
        for seed, replicate in product((0, 1, 2**31), range(4))
        for generator in (
            Streams(seed).data(replicate),
            *(Streams(seed).weights(replicate, layer) for layer in range(1, 5)),
            *(Streams(seed).biases(replicate, layer) for layer in range(1, 5)),
            Streams(seed).cotangents(replicate),
            Streams(seed).dropout(replicate, 4),
        )
    ]
    assert len(set(draws)) == len(draws)
