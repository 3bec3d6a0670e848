"""A registry reads names and call forms, gives equal things equal names, and tells every mistake in one line."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.errors import UsageError
from reportgen.registry import Definition, Registry, Scalar, Spelling, call_form, keyword_defaults, parse_call, tell

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


ALLOWED = "Allowed: random_normal, law, or your own by `--plugin`"


def fault(text: str, registry: Registry[Built]) -> str:
    """Return the error line of a text, "" for one that is read."""
    try:
        registry.get(text)
    except UsageError as told:
        return str(told)
    return ""


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
        ("random_norml", f"unknown thing 'random_norml': did you mean random_normal? {ALLOWED}"),
        ("normall", f"unknown thing 'normall': did you mean normal? {ALLOWED}"),
        ("qqqqq", f"unknown thing 'qqqqq': {ALLOWED}"),
        ("law scael", f"unknown thing 'law_scael': {ALLOWED}"),
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
        ("law(scale=None)", "thing law: scale must be a finite number, not None"),
        ("law(scale=(1, 2))", "thing law: scale must be a finite number, not (1, 2)"),
        (f"law(mode={10**300})", f"thing law: mode must be a word such as fan_in, not 1{'0' * 29}…{'0' * 29}"),
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
        "law, scale",
        "law(scale=)",
        "law(**x)",
        "law(scale=1, scale=2)",
        "law[0]",
        "law.x()[1]",
        "lambda",
        "3",
        "a\0b",
        "(" * 900,
        f"law(scale={'9' * 900}",
        "law(" * 240,
    ],
    ids=lambda text: text[:20],
)
def test_what_is_no_call_form_is_told_in_one_line(things: Registry[Built], text: str) -> None:
    with pytest.raises(UsageError, match=r"^cannot read thing .*: write name or name\(parameter=value, \.\.\.\)$"):
        things.get(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("law(*x)", "*x is no number"),
        ("law(scale=[x])", "x is no number"),
        ("law(scale={[]: 1})", "{[]: 1} is no number"),
        ("law(scale=1j)", "1j is no number"),
        ("law(scale=f(1))", "f(1) is no number"),
        ("law(scale=[1.5])", "1.5 is no whole number"),
        (f"law(scale={10**400})", f"1{'0' * 19}…{'0' * 19} cannot be worked out"),
        ("law(scale=9**9**9)", "9 ** 9 ** 9 cannot be worked out"),
        ("law(scale=1/0)", "1 / 0 cannot be worked out"),
        ("law(scale=(-2)**0.5)", "(-2) ** 0.5 cannot be worked out"),
        ("law(scale=sqrt(-2))", "sqrt(-2) is no number"),
        ("law(scale=sqrt(2, 3))", "sqrt(2, 3) is no number"),
        ("law(scale=7 % 2)", "7 % 2 is no number"),
        ("law(scale='a' + 'b')", "'a' is no number"),
        ("law(scale=True + 1)", "True is no number"),
        ("law(scale=mode * 2)", "mode is no number"),
        ("law(scale=__import__('os').system('ls'))", "__import__('os').system('ls') is no number"),
        ("law(scale=calculate_gain(3))", "PyTorch has no gain for 3, only for linear"),
        ("law(scale=calculate_gain())", "write calculate_gain('leaky_relu', 0.2), the name and its slope"),
        ("law(scale=calculate_gain('relu', 1, 2))", "write calculate_gain('leaky_relu', 0.2), the name and its slope"),
        (f"law(scale={'1' * 2000})", "it has 2011 characters, and 1000 are the most that is read"),
        (f"law(scale={'-' * 100_000}1)", "it has 100012 characters, and 1000 are the most that is read"),
    ],
    ids=lambda text: text[:30],
)
def test_what_is_no_value_is_told_with_the_part_that_is_none(things: Registry[Built], text: str, reason: str) -> None:
    with pytest.raises(UsageError, match=f"^cannot read thing .*: {re.escape(reason)}") as told:
        things.get(text)
    assert len(str(told.value)) <= 300


@pytest.mark.parametrize(
    ("text", "scale"),
    [
        ("5/3", 5 / 3),
        ("(1 + 2) * -4 / 8", -1.5),
        ("5**0.5", math.sqrt(5)),
        ("2**-2", 0.25),
        ("sqrt(2)", math.sqrt(2)),
        ("math.sqrt(5)", math.sqrt(5)),
        ("np.sqrt(2 / (1 + 0.2 ** 2))", math.sqrt(2 / 1.04)),
        ("pi", math.pi),
        ("numpy.pi / 4", math.pi / 4),
        ("+1e-3", 1e-3),
        ("calculate_gain('tanh')", 5 / 3),
        ("calculate_gain(tanh)", 5 / 3),
        ("nn.init.calculate_gain('relu')", math.sqrt(2)),
        ("torch.nn.init.calculate_gain('leaky_relu')", math.sqrt(2 / 1.0001)),
        ('nn.init.calculate_gain("leaky_relu", 0.2)', math.sqrt(2 / 1.04)),
        ("calculate_gain('leaky_relu', param=math.sqrt(5))", math.sqrt(1 / 3)),
        ("calculate_gain(nonlinearity='selu', param=None)", 0.75),
        ("2 * calculate_gain('linear')", 2.0),
        ("-" * 500 + "1", 1.0),
        ("1" + "+1" * 400, 401.0),
    ],
    ids=lambda text: str(text)[:30],
)
def test_sums_are_worked_out(things: Registry[Built], text: str, scale: float) -> None:
    assert things.get(f"law(scale={text})")[1]["scale"] == pytest.approx(scale, rel=1e-15)


@pytest.mark.parametrize(
    "text",
    [
        "law()()",
        "law()(x, y)",
        "'law'",
        '"law()"',
        "x.y.law",
        "torch.nn.law()",
        "lambda x: law",
        "functools.partial(law)",
        "Activation('law')",
        "law(),",
        "law();",
        "self.act = law()",
        "activation='law'",
        "  LAW  ",
    ],
)
def test_what_stands_around_a_call_form_in_code_is_left_out(things: Registry[Built], text: str) -> None:
    assert things.get(text)[0] == "law"


def test_a_partial_call_adds_its_values() -> None:
    call = parse_call("partial(nn.f, 1, b=2)(x)")
    assert (call.name, call.path, call.positional, call.keywords) == ("f", "nn", (1,), {"b": 2})


def test_a_name_may_be_written_as_in_prose(things: Registry[Built]) -> None:
    assert things.get("Random normal")[0] == things.get("random-normal")[0] == "random_normal"


like_a_call = st.text(alphabet="law(scale=,123.*+-/'\" )[]{}:_ne", max_size=60)


@settings(deadline=None)  # a busy machine is no failure
@given(text=st.one_of(st.text(), like_a_call, like_a_call.map(lambda inner: f"law({inner})")))
def test_any_text_is_either_read_or_refused_in_one_line(text: str) -> None:
    registry: Registry[Built] = Registry("thing")
    registry.add(LAW)
    told = fault(text, registry)
    assert len(told) <= 300
    assert "\n" not in told


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


SPELLINGS = (
    Spelling("PyTorch", "normal_(tensor, mean=0.0, std=1.0)", "random_normal(mean={mean}, stddev={std})"),
    Spelling("PyTorch", "Gauss(std=2.0, inplace=False)", "random_normal(stddev={std})"),
    Spelling("Keras", "Gauss(mean=0.0, stddev=3.0, seed=None)", "random_normal(mean={mean}, stddev={stddev})"),
    Spelling("Keras", "law(scale=7.0)", "law(scale={scale})"),
    Spelling("JAX", "gauss(stddev=4.0, dtype=None)", "random_normal(stddev={stddev})"),
    Spelling("JAX", "old(stddev)", "random_normal(stddev={stddev})", bare=False),
)


@pytest.fixture
def spelled(things: Registry[Built]) -> Registry[Built]:
    things.add(Definition("random_normal", build, NORMAL.parameters, {"LeCun": {}}, NORMAL.parameter_aliases))
    things.spell(SPELLINGS, {"softmax": "it is none", "tensor_": lambda call: f"it has {len(call.positional)} values"})
    return things


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("normal_", "random_normal(stddev=1)"),
        ("normal_(w)", "random_normal(stddev=1)"),
        ("normal_(m.weight, 3)", "random_normal(mean=3, stddev=1)"),
        ("normal_(layers[0].weight, std=3)", "random_normal(stddev=3)"),
        ("normal_(torch.empty(3, 5), std=3)", "random_normal(stddev=3)"),
        ("normal_(tensor=w, std=3)", "random_normal(stddev=3)"),
        ("normal_(stddev=3)", "random_normal(stddev=3)"),
        ("nn.Gauss(5, True)", "random_normal(stddev=5)"),
        ("keras.Gauss(5)", "random_normal(mean=5, stddev=3)"),
        ("jax.Gauss()", "random_normal(stddev=4)"),
        ("gauss", "random_normal(stddev=4)"),
        ("gauss(2, jnp.float32)", "random_normal(stddev=2)"),
        ("Gauss(inplace=True)", "random_normal(stddev=2)"),
        ("Gauss(mean=1)", "random_normal(mean=1, stddev=3)"),
        ("tf.law", "law(scale=7)"),
        ("law", "law"),
        ("Law()", "law"),
        ("jax.law(dtype=float32)", "law"),
        ("jax.old(2)", "random_normal(stddev=2)"),
    ],
)
def test_a_name_is_read_by_the_framework_that_its_prefix_or_its_spelling_belongs_to(
    spelled: Registry[Built], written: str, name: str
) -> None:
    assert spelled.get(written)[0] == name


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Gauss(5)", "thing Gauss: 5 without its name is std in PyTorch, mean in Keras: write std=5, or what you mean"),
        ("Gauss()", "thing Gauss: its defaults are std=2.0 in PyTorch, mean=0.0, stddev=3.0 in Keras: write the one"),
        ("Gauss(seed=3)", "thing Gauss: seed=3: write `--seed 3`"),
        ("Gauss(seed=None, rng=1)", "thing Gauss: unknown parameter rng"),
        ("keras.Gauss(1, 2, 3)", "thing Gauss: seed=3: write `--seed 3`"),
        ("nn.Gauss(1, 2)", "thing Gauss: 2 without its name is inplace in PyTorch, whose order is std, inplace"),
        ("nn.Gauss(1, std=2)", "thing Gauss: std is given twice"),
        ("nn.Gauss(1, True, 3)", "thing Gauss: too many values; PyTorch has std, inplace"),
        ("normal_(mean)", "thing normal_: mean must be a finite number, not 'mean'"),
        ("normal_('w')", "thing normal_: mean must be a finite number, not 'w'"),
        ("jax.old()", "thing old: a value is missing that has no default in JAX: write old(stddev=...)"),
        ("old(2)", "unknown thing 'old'"),
        ("softmax", "thing softmax: it is none"),
        ("nn.Softmax(dim=1)", "thing Softmax: it is none"),
        ("tensor_(1, 2)", "thing tensor_: it has 2 values"),
        ("gauss(dtype=complex64)", "thing gauss: dtype=complex64: weights here are real floating-point numbers"),
    ],
)
def test_what_no_reading_or_more_than_one_fits_is_told_in_one_line(
    spelled: Registry[Built], written: str, told: str
) -> None:
    assert fault(written, spelled).startswith(told)
    assert len(fault(written, spelled)) <= 300


def test_the_other_names_of_a_definition_are_listed_once_each(spelled: Registry[Built]) -> None:
    assert spelled.spellings("random_normal") == ["LeCun", "normal_", "Gauss", "old"]
    assert spelled.spellings("law") == []


def test_a_definition_that_takes_a_frameworks_name_has_it(spelled: Registry[Built]) -> None:
    spelled.add(Definition("gauss", build, {"width": 1.0}, owner="a_plugin"))
    spelled.add(Definition("softmax", build, owner="a_plugin"))
    assert spelled.get("gauss(2)") == ("gauss(width=2)", {"width": 2.0})
    assert spelled.get("softmax") == ("softmax", {})
    assert spelled.get("keras.Gauss(stddev=1)")[0] == "random_normal(stddev=1)"


def test_a_name_that_says_more_is_taken(things: Registry[Built]) -> None:
    simple = Definition("power", build, {"of": 2.0}, simpler=lambda of: "law(scale=2)" if of == 2 else "")
    things.add(simple)
    assert things.get("power")[0] == "law(scale=2)"
    assert things.get("power(3)")[0] == "power(of=3)"


def test_a_parameter_that_is_lacking_on_purpose_is_told_with_what_to_write(things: Registry[Built]) -> None:
    things.add(Definition("he", build, instead={"gain": lambda written: f"write law(scale={written['gain']})"}))
    assert fault("he(gain=3)", things) == "thing he: write law(scale=3)"


def test_a_parameter_that_has_no_end_may_be_infinite(things: Registry[Built]) -> None:
    things.add(Definition("cut", build, {"at": math.inf}))
    assert things.get("cut(at=inf)") == things.get("cut") == ("cut", {"at": math.inf})
    assert things.get("cut(2)")[0] == "cut(at=2)"
    assert fault("cut(at=nan)", things) == "thing cut: at must be a finite number, not 'nan'"
