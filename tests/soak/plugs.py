"""Plug-ins: files that register what is right, what is wrong, and what ends, loops or meddles."""

from __future__ import annotations

from random import Random

from tests.soak.harness import Case

__all__ = ["plugged"]

HEAD = """
import sys, os, math, time
import numpy as np
from reportgen.nn.initializers import initializer
from reportgen.nn.activations import activation
"""

DRAWS = (
    "rng.standard_normal((fan_in, fan_out)) * scale",
    "rng.standard_normal((fan_in, fan_out)) * scale",
    "rng.standard_normal((fan_out, fan_in + 1))",
    "rng.standard_normal(fan_in)",
    "rng.standard_normal((fan_in, fan_out)).tolist()",
    "rng.standard_normal((fan_in, fan_out)) * 1j",
    "np.full((fan_in, fan_out), 'a')",
    "np.full((fan_in, fan_out), None)",
    "np.ma.masked_all((fan_in, fan_out))",
    "np.matrix(np.ones((fan_in, fan_out)))",
    "np.full((fan_in, fan_out), np.nan)",
    "np.full((fan_in, fan_out), 1e300)",
    "np.ones((fan_in, fan_out), dtype=bool)",
    "None",
    "3",
    "1 / 0",
    "sys.exit(0)",
    "sys.exit('bye')",
    "os._exit_('x')",
    "undefined",
    "rng.standard_normal((10**7, 10**7))",
    "(_ for _ in ()).throw(KeyboardInterrupt)",
    "(_ for _ in ()).throw(ValueError('a\\nb' * 500))",
    "(_ for _ in ()).throw(type('E' * 400, (Exception,), {})())",
)
PHIS = (
    "np.sin(z)",
    "np.sin(z)",
    "math.sin(z)",
    "z[:1]",
    "z.T",
    "z.tolist()",
    "None",
    "z + 1j",
    "np.where(z > 0, z, 'a')",
    "z * np.nan",
    "np.exp(z * 1e6)",
    "1 / 0",
    "sys.exit(0)",
    "z.astype(object)",
    "np.random.standard_normal(z.shape)",
    "z.sum()",
    "float(z)",
)
LINES = (
    "",
    "",
    "",
    "raise ValueError('no')",
    "sys.exit(0)",
    "import nothing_like_this",
    "x = (",
    "raise SystemExit",
    "1/0",
    "from reportgen.nn.initializers import initializers; initializers._definitions.clear()",
    "np.sqrt = None",
    "raise KeyboardInterrupt",
    "\x00",
    "print('hello')",
    "os.chdir('/')",
    "def f(): f()\nf()",
    "raise RuntimeError('é漢\\ud800')",
)
GIVEN = (
    (
        "variance",
        "lambda fan_in, fan_out, scale: scale**2",
        ("3", "lambda a, b: 1 / 0", "lambda a, b, scale: 'x'", "None"),
    ),
    ("label", '"mine"', ("3", '"$x_{$"', '"\\ud800"', '"<b>&|`"', '"a\\nb"', '"x" * 5000')),
    ("formula", '"w"', ("None", '"\\\\frac{"', "3")),
    ("reference", '"ours"', ("None", "3")),
    ("limit", '"iid"', ('"nope"', "3", "lambda scale: 1 / 0")),
)
"""Argument of a decorator, what is right for it, and what is not."""


def plugged(random: Random) -> Case:
    """A plug-in is used, or refused in one line that names it."""
    kind = random.choice(["initializer", "activation"])
    source = (
        HEAD + random.choice(LINES) + "\n" + (_initializer(random) if kind == "initializer" else _activation(random))
    )
    if random.random() < 0.1:
        source = source[: random.randint(0, len(source))]
    name = random.choice(["mine.py", "mine.py", "__main__.py", "a b.py", "numpy.py"])
    pair = ["mine", "relu"] if kind == "initializer" else ["he_normal", "mine"]
    command = ["recommend", "mine"] if kind == "activation" and random.random() < 0.2 else ["show", *pair]
    sizes = ["--depth", "2", "--width", "8"]
    return Case({"run": [*command, *sizes, "--plugin", name]}, files={name: source.encode("utf-8", "surrogatepass")})


def _arguments(random: Random, **own: tuple[str, tuple[str, ...]]) -> str:
    """Return the arguments of a decorator; one in five is wrong or left out."""
    named = {name: (right, wrong) for name, right, wrong in GIVEN if not own or name not in ("variance", "limit")} | own
    chosen = {
        name: right if random.random() < 0.85 else random.choice([*wrong, ""]) for name, (right, wrong) in named.items()
    }
    return ", ".join(['"mine"', *(f"{name}={value}" for name, value in chosen.items() if value)])


def _initializer(random: Random) -> str:
    default = random.choice(["1.0", "1.0", "0.1", "10**400", "None", "float('nan')", "'x'"])
    body = random.choice(DRAWS)
    return (
        f"@initializer({_arguments(random)})\ndef mine(rng, fan_in, fan_out, *, scale={default}):\n    return {body}\n"
    )


def _activation(random: Random) -> str:
    derivative = f"lambda z: {random.choice(['np.cos(z)', 'np.cos(z)', random.choice(PHIS)])}"
    kinks = ("()", ("(0.0,)", '("a",)', "3", "None", "(float('nan'),)"))
    arguments = _arguments(random, derivative=(derivative, ("3", "None", "np.cos")), kinks=kinks)
    return f"@activation({arguments})\ndef mine(z):\n    return {random.choice(PHIS)}\n"
