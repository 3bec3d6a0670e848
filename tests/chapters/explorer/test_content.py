"""What the explorer's page carries: everything, in the stated room, and less before it is too much."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reportgen.chapters.explorer import CHAPTER
from reportgen.chapters.explorer.content import MOST, pack
from reportgen.chapters.explorer.tables import Tables
from reportgen.chapters.packing import PRECISION, unpack_counts, unpack_sizes
from reportgen.judgments.frames import where
from reportgen.report.page import Reading
from tests.chapters.adding import DATA

Read = Callable[..., Reading]

PAIRS, DEPTHS, LAYERS = 154, 5, 50


@pytest.fixture
def tables(read: Read) -> Tables:
    found: Tables = read(CHAPTER).tables
    return found


def letters(packed: Any) -> int:
    return len(json.dumps(packed, allow_nan=False))


def test_the_canonical_battery_takes_less_than_half_of_the_room(tables: Tables) -> None:
    packed = pack(*tables)
    assert letters(packed) < MOST / 2
    assert all(packed["layers"])


def test_verdicts_and_layers_come_back_in_the_order_of_the_tables(tables: Tables) -> None:
    packed = pack(*tables)
    for data, layers in zip(packed["data"], packed["layers"], strict=True):
        cells = where(tables.cells, data=data["name"])
        places = unpack_counts(data["cells"]["verdict"], (PAIRS, DEPTHS)).ravel()
        assert [packed["words"]["verdict"][place] for place in places] == cells["verdict"].tolist()
        assert unpack_counts(data["cells"]["crossed"], (PAIRS, DEPTHS)).ravel().tolist() == cells["crossed"].tolist()
        own = where(tables.layers, data=data["name"])
        for name in ("size", "signal", "saturated", "dead", "theory"):
            back, given = unpack_sizes(layers[name], (PAIRS, LAYERS)).ravel(), own[name].to_numpy()
            np.testing.assert_allclose(back, given, rtol=1.001 * PRECISION, err_msg=name)
        own = where(tables.gradients, data=data["name"])
        back = unpack_sizes(layers["gradient"], (PAIRS, sum(packed["depths"]))).ravel()
        np.testing.assert_allclose(back, own["gradient"], rtol=1.001 * PRECISION)


def test_names_stand_in_the_order_of_the_map_and_a_scale_that_is_not_declared_is_none(tables: Tables) -> None:
    starts = tables.starts.assign(sigma_w2=np.nan)
    packed = pack(**{**tables._asdict(), "starts": starts})
    assert [one["name"] for one in packed["starts"]] == starts["initializer"].tolist()
    assert {one["scale"] for one in packed["starts"]} == {None}


def test_a_start_that_was_not_trained_has_no_outcome(tables: Tables) -> None:
    packed = pack(*tables)
    (sgd,) = (one for one in packed["trained"] if one["optimizer"] == "sgd")
    shape = PAIRS, len(sgd["depths"])
    outcome, networks = (unpack_counts(sgd["cells"][name], shape) for name in ("outcome", "networks"))
    assert ((outcome == 0) == (networks == 0)).all()
    twin = tables.starts["initializer"].tolist().index("he_uniform") * 11
    assert not outcome[twin : twin + 11].any()
    assert (outcome > 0).sum() == len(where(tables.learned, optimizer="sgd"))


def grown(tables: Tables, times: int) -> Tables:
    """Return tables with rough numbers and many data sets more, which take as much room as can be."""
    rng = np.random.default_rng(0)
    names = [f"mine {number}" for number in range(times)]
    copies = {
        name: pd.concat([frame, *(where(frame, data="digits").assign(data=one) for one in names)], ignore_index=True)
        for name, frame in tables._asdict().items()
        if name in ("cells", "layers", "gradients")
    }
    copies["layers"] = copies["layers"].assign(size=10 ** rng.uniform(-9, 9, len(copies["layers"])))
    more = pd.DataFrame({"data": names, "is_added": True})
    return tables._replace(**copies, data_sets=pd.concat([tables.data_sets, more], ignore_index=True))


def test_where_it_is_too_much_digits_lose_their_layers_first_then_what_was_added_last(tables: Tables) -> None:
    packed = pack(*grown(tables, 6))
    assert letters(packed) <= MOST
    kept = [bool(layers) for layers in packed["layers"]]
    assert kept[0], "random inputs keep theirs"
    assert not kept[1], "digits are the first to go"
    assert kept[2:] == sorted(kept[2:], reverse=True)
    assert any(kept[2:])
    assert not all(kept[2:])
    assert len(packed["data"]) == 8, "all keep their verdicts"


def test_the_names_of_a_user_are_packed_as_they_were_typed(read_added: Read) -> None:
    packed = pack(*read_added(CHAPTER).tables)
    assert [one["label"] for one in packed["data"]] == ["random inputs", "handwritten digits", *DATA]
    assert letters(packed) <= MOST
