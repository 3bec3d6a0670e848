"""Names of initializers and activations: written well in every framework's manner, and spoiled."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable
from random import Random

from tests.soak.harness import Answer, Case, Judge

__all__ = ["read", "spoiled", "typed"]

FAN_IN, FAN_OUT = 60, 30
"""What `tests.soak.asks.initializer` asks the variance for."""

NUMBERS: tuple[tuple[Callable[[float], str], Callable[[float], bool]], ...] = (
    (repr, lambda value: True),
    (lambda value: f"{value:.17g}", lambda value: True),
    (lambda value: f"{value * 2!r}/2", lambda value: True),
    (lambda value: f"sqrt({value * value!r})", lambda value: value >= 0),
    (lambda value: f"math.sqrt({value * value!r})", lambda value: value >= 0),
    (lambda value: f"({value!r})", lambda value: True),
    (lambda value: f"{value!r}**1", lambda value: value >= 0),
    (lambda value: f"1 * {value!r} + 0", lambda value: True),
)
"""Ways to write a number, and which numbers each can write."""


def read(random: Random) -> Case:
    """A name as a framework writes it is read as what that framework means."""
    text, variance = random.choice(MADE)(random)
    return Case({"ask": "initializer", "given": {"text": _spaced(random, text)}}, judge=_has_variance(variance))


def spoiled(random: Random) -> Case:
    """A name that was mistyped, cut or mangled is refused in one line, or still a name."""
    text = random.choice(MADE)(random)[0] if random.random() < 0.5 else random.choice(ACTIVATIONS)
    for _ in range(random.randint(1, 4)):
        text = random.choice(SPOILS)(random, text)
    return Case({"ask": random.choice(["initializer", "activation"]), "given": {"text": text}})


def typed(random: Random) -> Case:
    """The command line answers whatever is typed for a name, a depth, a width or a seed."""
    text = random.choice(ACTIVATIONS)
    for _ in range(random.randint(0, 2)):
        text = random.choice(SPOILS)(random, text)
    numbers = [
        random.choice(["2", "3", "0", "-1", "1.5", "x", "", "1e3", str(10 ** random.randint(3, 30))]) for _ in "dws"
    ]
    options = [f"{name}={value}" for name, value in zip(("--depth", "--width", "--seed"), numbers, strict=True)]
    kept = [option for option in options if random.random() < 0.6]
    sizes = [
        f"{name}={size}" for name, size in (("--depth", 3), ("--width", 8)) if not any(name in one for one in kept)
    ]
    command = ["show", "he_normal", text] if random.random() < 0.7 else ["show", text, "relu"]
    return Case({"run": [*command[:1], *kept, *sizes, "--", *[part.replace("\0", "") for part in command[1:]]]})


def _number(random: Random, value: float) -> str:
    ways = [write for write, can in NUMBERS if can(value)]
    return random.choice(ways)(value)


def _kaiming(random: Random) -> tuple[str, float]:
    slope, mode, kind = (
        round(random.uniform(0, 3), 3),
        random.choice(["fan_in", "fan_out"]),
        random.choice(["uniform", "normal"]),
    )
    fan = FAN_IN if mode == "fan_in" else FAN_OUT
    quote = random.choice(["", "'", '"'])
    named = [f"a={_number(random, slope)}", f"mode={quote}{mode}{quote}", f"nonlinearity={quote}leaky_relu{quote}"]
    prefix = random.choice(["", "nn.init.", "torch.nn.init.", "init."])
    first = random.choice([[], ["w"], ["layer.weight"]])
    return f"{prefix}kaiming_{kind}_({', '.join([*first, *named])})", 2 / (1 + slope**2) / fan


def _xavier(random: Random) -> tuple[str, float]:
    gain, kind = round(random.uniform(0.1, 3), 3), random.choice(["uniform", "normal"])
    prefix = random.choice(["", "nn.init.", "torch.nn.init."])
    given = random.choice([f"gain={_number(random, gain)}", f"w, {_number(random, gain)}"])
    return f"{prefix}xavier_{kind}_({given})", gain**2 * 2 / (FAN_IN + FAN_OUT)


def _keras(random: Random) -> tuple[str, float]:
    prefix = random.choice(["", "keras.initializers.", "tf.keras.initializers.", "initializers."])
    name, variance = random.choice(
        [
            ("HeNormal", 2 / FAN_IN),
            ("HeUniform", 2 / FAN_IN),
            ("GlorotNormal", 2 / (FAN_IN + FAN_OUT)),
            ("GlorotUniform", 2 / (FAN_IN + FAN_OUT)),
            ("LecunNormal", 1 / FAN_IN),
            ("LecunUniform", 1 / FAN_IN),
        ]
    )
    return f"{prefix}{name}{random.choice(['', '()'])}", variance


def _scaling(random: Random) -> tuple[str, float]:
    scale, mode = round(random.uniform(0.1, 4), 3), random.choice(["fan_in", "fan_out", "fan_avg"])
    fan = {"fan_in": FAN_IN, "fan_out": FAN_OUT, "fan_avg": (FAN_IN + FAN_OUT) / 2}[mode]
    law = random.choice(["uniform", "truncated_normal"])
    jax = f'variance_scaling({_number(random, scale)}, "{mode}", "{law}")'
    keras = f'keras.initializers.VarianceScaling(scale={_number(random, scale)}, mode="{mode}", distribution="{law}")'
    return random.choice([jax, f"jax.nn.initializers.{jax}", keras]), scale / fan


def _normal(random: Random) -> tuple[str, float]:
    stddev = round(random.uniform(0.001, 2), 4)
    text = random.choice(
        [f"random_normal(stddev={_number(random, stddev)})", f"RandomNormal(0.0, {_number(random, stddev)})"]
    )
    return text, stddev**2


MADE = (_kaiming, _xavier, _keras, _scaling, _normal)
ACTIVATIONS = (
    "relu",
    "nn.ReLU()",
    "leaky_relu(0.2)",
    "torch.nn.LeakyReLU(negative_slope=1/5)",
    "F.gelu",
    "nn.GELU(approximate='tanh')",
    "Hardtanh(min_val=-2, max_val=2)",
    "elu(alpha=1e300)",
    "swish",
    "tanh",
    "relu6",
    "glu",
    "softmax",
)
ALPHABET = "()=,.'\"[]{}*/+-_ \t\n\0$\\`<>|&%#@!~^:;0123456789eEaAzZïß漢🙂\ud800\u202e"


def _insert(random: Random, text: str) -> str:
    at = random.randint(0, len(text))
    return text[:at] + random.choice(ALPHABET) * random.choice([1, 1, 1, 2, 50]) + text[at:]


def _drop(random: Random, text: str) -> str:
    at = random.randint(0, len(text))
    return text[:at] + text[at + random.randint(1, 3) :]


def _nest(random: Random, text: str) -> str:
    return random.choice(["(", "[", "-", "a(", "sqrt("]) * random.choice([1, 3, 3000]) + text


def _huge(random: Random, text: str) -> str:
    return text + random.choice(
        ["9**9**9", "(1e999)", "(" + "9" * 5000 + ")", "x" * 100_000, "(9**9**9**9)", "(a=10**400)"]
    )


def _import(random: Random, text: str) -> str:
    return random.choice(
        [f"__import__('os').system({text!r})", f"lambda: {text}", f"*{text}", f"{text}; 1", f"{text}.__class__"]
    )


SPOILS = (_insert, _insert, _drop, _drop, _nest, _huge, _import)


def _spaced(random: Random, text: str) -> str:
    return random.choice([text, f" {text} ", text.replace(", ", ","), text.replace("=", " = ")])


def _has_variance(expected: float) -> Judge:
    def judge(answer: Answer) -> Iterable[str]:
        if answer.code != 0:
            return [f"refused, though its variance is {expected:.6g}"]
        measured = json.loads(answer.out)["variance"]
        return [] if math.isclose(measured, expected, rel_tol=1e-9) else [f"variance {measured}, not {expected:.6g}"]

    return judge
