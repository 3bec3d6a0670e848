"""Dataclasses as factors of cells, and back: the same object, held to its declared types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

from reportgen.battery.cell import Factor
from reportgen.battery.factors import factors_of, from_factors


@dataclass(frozen=True, slots=True)
class Part:
    initializer: str
    depths: tuple[int, ...]
    gain: float = 1.0
    truncated: bool = False
    width: int = 8
    names: tuple[str, ...] = ()
    rates: tuple[float, ...] = ()

    shared: ClassVar[str] = "no factor"


@dataclass(frozen=True, slots=True)
class WithData:
    data: Mapping[str, Factor]
    width: int


@dataclass(frozen=True)
class TwoMappings:
    data: Mapping[str, Factor]
    more: Mapping[str, Factor]


@dataclass(frozen=True)
class Strange:
    value: dict[str, int] | None


FILE: Mapping[str, Factor] = {"data": "mine.csv", "data_file": "/a/mine.csv", "standardize": True}


def test_fields_are_factors_and_class_variables_are_not() -> None:
    factors = factors_of(Part("he_normal", (2, 5), names=("a",), rates=(0.5,)))
    assert factors == {
        "initializer": "he_normal",
        "depths": (2, 5),
        "gain": 1.0,
        "truncated": False,
        "width": 8,
        "names": ("a",),
        "rates": (0.5,),
    }


@pytest.mark.parametrize(
    "part",
    [
        Part("he_normal", (2, 5), gain=0.5),
        WithData(FILE, 3),
        WithData({"data": "digits"}, 3),
        WithData({**FILE, "data_drop": ("id", "sex")}, 3),
    ],
)
def test_a_part_is_read_back_from_its_factors(part: object) -> None:
    assert from_factors(type(part), factors_of(part)) == part


def test_what_a_mapping_holds_are_factors_under_their_own_names() -> None:
    assert factors_of(WithData(FILE, 3)) == {**FILE, "width": 3}


def test_a_whole_number_is_a_number_and_a_number_of_numpy_a_plain_one() -> None:
    whole, half = (factors_of(Part("a", (), gain=gain))["gain"] for gain in (1, np.float64(0.5)))
    assert (whole, half) == (1.0, 0.5)
    assert type(whole) is type(half) is float


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"width": 8.0}, r"Part\.width must be int, not 8\.0"),
        ({"width": True}, r"Part\.width must be int, not True"),
        ({"width": np.int64(8)}, r"Part\.width must be int"),
        ({"gain": "1"}, r"Part\.gain must be float, not '1'"),
        ({"gain": True}, r"Part\.gain must be float, not True"),
        ({"truncated": 1}, r"Part\.truncated must be bool, not 1"),
        ({"initializer": None}, r"Part\.initializer must be str, not None"),
        ({"depths": [2]}, r"Part\.depths must be tuple"),
        ({"depths": (2, 2.5)}, r"Part\.depths must be int, not 2\.5"),
        ({"names": "a"}, r"Part\.names must be tuple"),
    ],
)
def test_a_value_of_another_type_is_a_bug_both_ways(wrong: dict[str, object], told: str) -> None:
    given = {"initializer": "a", "depths": (1,), **wrong}
    with pytest.raises(TypeError, match=told):
        factors_of(Part(**given))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=told):
        from_factors(Part, {**factors_of(Part("a", (1,))), **given})  # type: ignore[dict-item]


def test_a_mapping_takes_no_list_and_no_tuple_of_several_types() -> None:
    for wrong in (["a"], ("a", 1), ()):
        with pytest.raises(TypeError, match=r"WithData\.data\['data_drop'\] must be"):
            factors_of(WithData({**FILE, "data_drop": wrong}, 3))  # type: ignore[dict-item]


def test_a_factor_that_is_missing_or_unknown_is_named() -> None:
    factors = factors_of(Part("a", ()))
    with pytest.raises(TypeError, match="Part: no factor depths, width"):
        from_factors(Part, {name: value for name, value in factors.items() if name not in ("depths", "width")})
    with pytest.raises(TypeError, match="Part: unknown factor depth"):
        from_factors(Part, {**factors, "depth": 3})


def test_a_name_in_the_mapping_that_is_a_field_is_a_bug() -> None:
    with pytest.raises(ValueError, match=r"WithData\.data names other fields: \['width'\]"):
        factors_of(WithData({"data": "digits", "width": 4}, 3))


def test_two_mappings_and_types_that_no_factor_has_are_bugs() -> None:
    with pytest.raises(TypeError, match="only one field may be a mapping, not data, more"):
        factors_of(TwoMappings({}, {}))
    with pytest.raises(TypeError, match=r"Strange\.value must be"):
        factors_of(Strange(None))
    with pytest.raises(TypeError, match=r"WithData\.data\['file'\] must be"):
        factors_of(WithData({"file": None}, 3))  # type: ignore[dict-item]
