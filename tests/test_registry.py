"""A registry reads names and call forms, gives equal things equal names, and tells every mistake in one line."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.errors import UsageError
from reportgen.registry import Definition, Registry, Scalar, call_form, keyword_defaults, parse_call, tell

Built = tuple[str, dict[str, Scalar]]


def build(name: str, parameters: dict[str, Scalar]) -> Built:
    return name, parameters


NORMAL = Definition(
    name="random_normal",
    build=build,
    parameters={"mean": 0.0, "stddev": 0.05},
    aliases={"normal": {"stddev": 0.01}, "normal_": {"mean": 0.0, "stddev": 1.0}, "LeCun": {}},
    parameter_aliases={"std": "stddev"},
)
LAW = Definition(name="law", build=build, parameters={"scale": 1.0, "mode": "fan_in", "copies": 2, "cut": True})


@pytest.fixture
def things() -> Registry[Built]:
    registry: Registry[Built] = Registry("thing")
    registry.add(NORMAL)
    registry.add(LAW)
    return registry


@pytest.mark.parametrize(
    ("written", "name", "parameters"),
    [
        ("random_normal", "random_normal", {"mean": 0.0, "stddev": 0.05}),
        (" Random_Normal ", "random_normal", {"mean": 0.0, "stddev": 0.05}),
        ("RandomNormal()", "random_normal", {"mean": 0.0, "stddev": 0.05}),
        ("LeCun", "random_normal", {"mean": 0.0, "stddev": 0.05}),
        ("random_normal(1)", "random_normal(mean=1)", {"mean": 1.0, "stddev": 0.05}),
        ("random_normal(1, -2.5e-3)", "random_normal(mean=1, stddev=-0.0025)", {"mean": 1.0, "stddev": -0.0025}),
        ("random_normal(std=1.0)", "random_normal(stddev=1)", {"mean": 0.0, "stddev": 1.0}),
        ("random_normal(stddev=0.05)", "random_normal", {"mean": 0.0, "stddev": 0.05}),
        ("normal", "random_normal(stddev=0.01)", {"mean": 0.0, "stddev": 0.01}),
        ("normal(mean=2)", "random_normal(mean=2, stddev=0.01)", {"mean": 2.0, "stddev": 0.01}),
        ("normal_(std=3)", "random_normal(stddev=3)", {"mean": 0.0, "stddev": 3.0}),
        ("law(mode=fan_out)", "law(mode=fan_out)", {"scale": 1.0, "mode": "fan_out", "copies": 2, "cut": True}),
        (
            "law(2, 'x', 3.0, false)",
            "law(scale=2, mode=x, copies=3, cut=False)",
            {"scale": 2.0, "mode": "x", "copies": 3, "cut": False},
        ),
    ],
)
def test_a_call_form_fills_in_defaults_and_gets_a_canonical_name(
    things: Registry[Built], written: str, name: str, parameters: dict[str, Scalar]
) -> None:
    found_name, found = things.get(written)
    assert (found_name, found) == (name, parameters)
    assert [type(value) for value in found.values()] == [type(value) for value in parameters.values()]
    assert things.get(name) == (found_name, found)


def test_minus_zero_is_zero(things: Registry[Built]) -> None:
    assert str(things.get("law(scale=-0.0)")) == str(things.get("law(scale=0)"))


def test_values_without_a_name_go_first_to_what_the_spelling_implies(things: Registry[Built]) -> None:
    assert things.get("normal(0.02)")[0] == "random_normal(stddev=0.02)"
    assert things.get("normal(0.02, 3)")[0] == "random_normal(mean=3, stddev=0.02)"
    assert things.get("normal_(3, 0.02)")[0] == "random_normal(mean=3, stddev=0.02)"


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("random_norml", "unknown thing 'random_norml': did you mean random_normal? Allowed: random_normal, law"),
        ("normall", "unknown thing 'normall': did you mean normal? Allowed: random_normal, law"),
        ("qqqqq", "unknown thing 'qqqqq': Allowed: random_normal, law"),
        ("law(scael=1)", "thing law: unknown parameter scael; did you mean scale? Allowed: scale, mode, copies, cut"),
        ("law(1, a, 3, true, 5)", "thing law: too many values; Allowed: scale, mode, copies, cut"),
        ("random_normal(stddev=1, std=2)", "thing random_normal: stddev is given twice"),
        ("random_normal(1, mean=2)", "thing random_normal: mean is given twice"),
        ("law(scale=x)", "thing law: scale must be a finite number, not 'x'"),
        ("law(scale=nan)", "thing law: scale must be a finite number, not 'nan'"),
        ("law(scale=1e999)", "thing law: scale must be a finite number, not inf"),
        ("law(scale=True)", "thing law: scale must be a finite number, not True"),
        ("law(mode=3)", "thing law: mode must be a word such as fan_in, not 3"),
        ("law(copies=2.5)", "thing law: copies must be a whole number, not 2.5"),
        ("law(cut=7)", "thing law: cut must be true or false, not 7"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_line(things: Registry[Built], written: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=f"^{re.escape(sentence)}$"):
        things.get(written)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "law(",
        "law)",
        "law scale",
        "law.scale",
        "law(scale=)",
        "law(**x)",
        "law(*x)",
        "law()()",
        "law(scale=1, scale=2)",
        "law(scale=[1])",
        "law(scale={[]: 1})",
        "law(scale=None)",
        "law(scale=1j)",
        "law(scale=f(1))",
        "lambda",
        "3",
        "a\0b",
        f"law(scale={10**400})",
        f"law(scale={'9' * 5000})",
        f"law(scale={'-' * 100_000}1)",
        "law(" * 300,
    ],
    ids=lambda text: text[:20],
)
def test_what_is_no_call_form_is_told_in_one_line(things: Registry[Built], text: str) -> None:
    with pytest.raises(UsageError, match=r"^cannot read thing .*: write name or name\(parameter=value, \.\.\.\)$"):
        things.get(text)


@settings(deadline=None)  # a busy machine is no failure
@given(text=st.text())
def test_any_text_is_either_read_or_refused(text: str) -> None:
    try:
        name, _, _ = parse_call(text)
    except UsageError:
        return
    assert name.isidentifier()


values = st.fixed_dictionaries(
    {
        "scale": st.floats(allow_nan=False, allow_infinity=False).filter(lambda scale: scale != 0),
        "mode": st.sampled_from(["fan_in", "fan_out", "x"]),
        "copies": st.integers(-(10**9), 10**9),
        "cut": st.booleans(),
    }
)


@settings(deadline=None)  # a busy machine is no failure
@given(parameters=values)
def test_a_name_gives_back_exactly_the_parameters_that_it_was_made_from(parameters: dict[str, Scalar]) -> None:
    registry: Registry[Built] = Registry("thing")
    registry.add(LAW)
    name = call_form("law", parameters, LAW.parameters)
    assert registry.get(name) == (name, parameters)


def test_names_come_in_the_order_of_registration(things: Registry[Built]) -> None:
    assert things.names() == ["random_normal", "law"]
    assert [name for name, _ in things] == ["random_normal", "law"]
    assert len(things) == 2
    assert things.definition("normal(2)") is NORMAL
    assert "RandomNormal" in things
    assert "normal_" in things
    assert "other" not in things
    assert 3 not in things


def test_a_name_that_belongs_to_another_is_refused(things: Registry[Built]) -> None:
    thief = Definition("thief", build, aliases={"Normal": {}})
    with pytest.raises(UsageError, match=r"^thing thief: the name Normal already belongs to random_normal$"):
        things.add(thief)
    assert things.names() == ["random_normal", "law"]
    assert things.get("normal")[0] == "random_normal(stddev=0.01)"


def test_the_same_name_again_replaces_the_definition_and_frees_its_old_aliases(things: Registry[Built]) -> None:
    things.add(Definition("random_normal", build, aliases={"gauss": {}}))
    things.add(Definition("normal", build))
    assert things.names() == ["random_normal", "law", "normal"]
    assert things.get("gauss") == ("random_normal", {})
    assert things.get("normal") == ("normal", {})
    assert "normal_" not in things


def test_parameters_are_the_keyword_only_ones_of_a_function() -> None:
    def draw(rng: Any, fan_in: int = 1, *, gain: float = 1.0, mode: str = "fan_in", **others: Any) -> None: ...

    assert keyword_defaults(draw) == {"gain": 1.0, "mode": "fan_in"}


@pytest.mark.parametrize("default", [None, (1, 2)])
def test_a_parameter_without_a_plain_default_is_refused(default: object) -> None:
    def draw(*, gain: Any = default) -> None: ...
    def draw_without(*, gain: float) -> None: ...

    for function in (draw, draw_without):
        with pytest.raises(UsageError, match=rf"^{function.__name__}: parameter gain needs a default"):
            keyword_defaults(function)


def test_a_text_may_follow_the_parameters() -> None:
    assert tell("as it is", {"x": 1}) == "as it is"
    assert tell(lambda x: f"x is {x}", {"x": 1}) == "x is 1"


def test_a_name_cannot_be_taken_by_another_module(things: Registry[Built]) -> None:
    with pytest.raises(UsageError, match="thing law: the name is taken"):
        things.add(Definition(name="law", build=build, owner="a_plugin"))
    assert things.get("law(scale=2)") == ("law(scale=2)", {"scale": 2.0, "mode": "fan_in", "copies": 2, "cut": True})
