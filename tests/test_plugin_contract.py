"""What a plugin registers is held to its contract: each breach is one line with the place, what came and what was due.

Every kind of breach is one small plugin file; none of them may hang, end the process or show a traceback.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.nn.activations import activations
from reportgen.nn.initializers import initializers
from tests.hostile import ACTIVATION, INITIALIZER, load, refused

pytestmark = pytest.mark.usefixtures("without_plugins")

DRAWS = {
    "the transpose": ("return rng.standard_normal((fan_out, fan_in))", r"gave shape \(4, 7\), expected .* \(7, 4\)"),
    "one row": ("return rng.standard_normal(fan_out)", r"gave shape \(4,\), expected \(fan_in, fan_out\) = \(7, 4\)"),
    "a number": ("return math.sqrt(2)", r"gave 1\.41\d+, expected a NumPy array of shape"),
    "a NumPy number": ("return np.float64(1)", r"gave a numpy\.float64, expected a NumPy array"),
    "nothing": ("pass", r"gave None, expected a NumPy array"),
    "a list": ("return [[0.0] * fan_out] * fan_in", r"gave a list, expected a NumPy array"),
    "a text": ("return 'weights'", r"gave 'weights', expected"),
    "bytes": ("return b'weights'", r"gave a bytes, expected"),
    "texts": ("return np.full((fan_in, fan_out), 'w')", r"gave an array of <U1, expected real numbers"),
    "objects": ("return np.full((fan_in, fan_out), None)", r"gave an array of object, expected real"),
    "complex numbers": ("return np.full((fan_in, fan_out), 1j)", r"gave an array of complex128, expected real"),
    "a matrix": ("return np.ones((fan_in, fan_out)).view(np.matrix)", r"gave a numpy\.matrix, expected a NumPy array"),
    "a masked array": ("return np.ma.ones((fan_in, fan_out))", r"gave a numpy\.ma\.MaskedArray, expected"),
    "other numbers each time": ("return np.random.normal(size=(fan_in, fan_out))", r"other weights at the second call"),
    "a shape that depends on the call": (
        "return np.ones((fan_in, fan_out, len(calls))[:3 - (len(calls) < 3)])",
        "gave",
    ),
    "an error at the second call": (
        "assert len(calls) < 2, 'no more'\n    return np.ones((fan_in, fan_out))",
        r"AssertionError: no more \(/mine\.py:11, in mine\)",
    ),
    "an error in NumPy": (
        "return np.ones((fan_in, 3)) @ np.ones((4, fan_out))",
        r"ValueError: .*\(/mine\.py:11, in mine",
    ),
    "an exit": ("sys.exit(0)", r"SystemExit: 0 \(/mine\.py:11, in mine\)"),
    "an interrupt": ("raise KeyboardInterrupt", r"KeyboardInterrupt \(/mine\.py:11, in mine\)"),
    "an error whose text is an error": (
        "raise type('E', (Exception,), {'__str__': lambda self: 1 / 0})",
        r"initializer mine: E \(/mine\.py:11, in mine\)",
    ),
    "an error of a megabyte": ("raise ValueError('long ' * 200_000)", r"ValueError: long .*….*long \(/mine\.py:11"),
    "too deep": ("return mine(rng, fan_in, fan_out)", r"RecursionError: .*\(/mine\.py:11, in mine\)"),
    "too much memory": ("return np.ones((10**9, 10**9))", r"MemoryError: .*\(/mine\.py:11, in mine\)"),
}


@pytest.mark.parametrize(("body", "said"), DRAWS.values(), ids=list(DRAWS))
def test_an_initializer_that_gives_no_weights_is_refused_on_loading(body: str, said: str, tmp_path: Path) -> None:
    line = refused(tmp_path, INITIALIZER.format(body=body))
    assert line.startswith("initializer mine: ")
    assert re.search(said, line.replace("(2, 3)", "(7, 4)").replace("(3, 2)", "(4, 7)").replace("(3,)", "(4,)")), line
    assert "/mine.py:" in line


FUNCTIONS = {
    "a sum": ("return z.sum()", r"gave a numpy\.float64, expected a NumPy array of shape \(2, 3\)"),
    "another shape": ("return z.ravel()", r"gave shape \(6,\), expected \(2, 3\)"),
    "the transpose": ("return z.T", r"gave shape \(3, 2\), expected \(2, 3\)"),
    "math": ("return math.tanh(z)", r"TypeError: .*\(/mine.py:12, in mine\)"),
    "complex numbers": ("return np.sqrt(z + 0j)", r"gave an array of complex128, expected real numbers"),
    "texts": ("return z.astype(str)", r"gave an array of <U32, expected real numbers"),
    "its argument, changed": ("z[z < 0] = 0\n    return z", r"changes its argument, expected a new array"),
    "noise": ("return z * np.random.normal(size=z.shape)", r"gave other values at the second call"),
    "softmax": ("return np.exp(z) / np.exp(z).sum()", r"gave values that depend on the other elements of z"),
    "an exit": ("raise SystemExit", r"SystemExit \(/mine.py:12, in mine\)"),
}


@pytest.mark.parametrize("where", ["phi", "derivative"])
@pytest.mark.parametrize(("body", "said"), FUNCTIONS.values(), ids=list(FUNCTIONS))
def test_an_activation_or_derivative_that_is_none_is_refused(body: str, said: str, where: str, tmp_path: Path) -> None:
    parts = {"before": "", "derivative": "np.cos", "body": body, "kinks": "()", "label": "'mine'"}
    if where == "derivative":
        parts |= {"before": f"def mine(z):\n    {body}", "derivative": "mine", "body": "return np.sin(z)"}
        said = said.replace(":12", ":8")
    line = refused(tmp_path, ACTIVATION.format(**parts))
    assert line.startswith("activation mine, derivative: " if where == "derivative" else "activation mine: ")
    assert re.search(said, line), line


DECLARATIONS = {
    "kinks=['zero']": r"kinks hold what is no finite number, expected a tuple",
    "kinks=0.0": r"kinks are 0\.0, expected a tuple of finite numbers",
    "kinks=(float('nan'),)": r"kinks hold what is no finite number",
    "kinks=(10**400,)": r"kinks hold what is no finite number",
    "kinks='0'": r"kinks are '0'",
    "label=7": r"its label is 7, expected a text",
    "label=None": r"its label is None, expected a text",
    "label='\\ud800'": r"its label '.+ud800' holds half a character",
    "derivative=None": r"has no derivative",
}


@pytest.mark.parametrize(("changed", "said"), DECLARATIONS.items(), ids=list(DECLARATIONS))
def test_what_an_activation_declares_of_itself_is_checked(changed: str, said: str, tmp_path: Path) -> None:
    name, _, value = changed.partition("=")
    parts = {"before": "", "derivative": "np.cos", "body": "return np.sin(z)", "kinks": "()", "label": "'mine'"}
    line = refused(tmp_path, ACTIVATION.format(**{**parts, name: value}))
    assert re.search(said, line), line
    assert "/mine.py:" in line


KEYWORDS = {
    "variance=lambda *_: -1.0": r"gave -1\.0 as the variance for fan_in = \d and fan_out = \d, expected",
    "variance=lambda *_: 1j": r"gave 1j as the variance",
    "variance=lambda *_: float('nan')": r"gave nan as the variance",
    "variance=lambda *_: 'large'": r"gave 'large' as the variance",
    "variance=lambda *_: 10**400": r"gave a number of 1329 bits as the variance",
    "variance=lambda: 1.0": r"TypeError: .*takes 0 positional",
    "variance=1.0": r"its variance is 1\.0, expected a function",
    "formula=7": r"its formula is 7, expected a text",
    "formula=lambda: 1 / 0": r"ZeroDivisionError",
    "reference=None": r"its reference is None",
    "truncated=True": r"its truncated is True",
    "limit='gauss'": r"its limit is 'gauss', expected one of iid, orthogonal, none",
    "limit=lambda: sys.exit(0)": r"SystemExit: 0",
}


@pytest.mark.parametrize(("changed", "said"), KEYWORDS.items(), ids=list(KEYWORDS))
def test_what_an_initializer_declares_of_itself_is_checked(changed: str, said: str, tmp_path: Path) -> None:
    name, _, value = changed.partition("=")
    keywords = {"variance": "lambda *_: 1.0", "label": "'mine'", "formula": "'w'", "reference": "''", name: value}
    listed = ", ".join(f"{key}={text}" for key, text in keywords.items())
    source = INITIALIZER.format(body="return rng.standard_normal((fan_in, fan_out))")
    line = refused(tmp_path, re.sub(r"@initializer.*", lambda _: f"@initializer('mine', {listed})", source))
    assert re.search(said, line), line


@pytest.mark.parametrize(
    ("default", "said"),
    [
        ("10**400", "the default of its parameter size is no number that a float holds"),
        ("float('nan')", "the default of its parameter size is no number that a float holds"),
        ("None", "parameter size needs a default"),
        ("[1]", "parameter size needs a default"),
    ],
)
def test_a_default_that_nobody_could_give_is_refused(default: str, said: str, tmp_path: Path) -> None:
    source = INITIALIZER.format(body="return np.ones((fan_in, fan_out))")
    line = refused(tmp_path, source.replace("fan_out):", f"fan_out, *, size={default}):"))
    assert said in line


def test_whole_numbers_and_truth_values_become_floats(tmp_path: Path) -> None:
    load(tmp_path, INITIALIZER.format(body="return np.ones((fan_in, fan_out), bool)"))
    weights = initializers.get("mine").draw(np.random.default_rng(0), 2, 3)
    assert weights.dtype == np.float64
    assert weights.tolist() == [[1.0] * 3] * 2


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_an_activation_keeps_the_type_of_its_argument(dtype: type, tmp_path: Path) -> None:
    load(
        tmp_path,
        ACTIVATION.format(
            before="",
            derivative="lambda z: z > 0",
            body="return np.maximum(z, np.float64(0))",
            kinks="[0]",
            label="'mine'",
        ),
    )
    item = activations.get("mine")
    z: Any = np.array([-1.0, 2.0], dtype)
    assert item.kinks == (0.0,)
    assert item.phi(z).dtype == item.derivative(z).dtype == dtype
    assert item.derivative(z).tolist() == [0, 1]
