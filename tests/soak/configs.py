"""Config files: keys and values of the right and of the wrong kind, and files that are no TOML."""

from __future__ import annotations

from random import Random

from tests.soak.harness import Case

__all__ = ["planned"]

GOOD = {
    "preset": ['"quick"', '"standard"'],
    "seed": ["0", "7", "4711"],
    "width": ["16", "32"],
    "replicates": ["2", "3"],
    "batch": ["16", "64"],
    "depths": ["[3]", "[2, 100]", "[]"],
    "initializers": ['["random_normal(stddev=0.3)"]', '["he_normal(mode=fan_out)", "orthogonal"]', "[]"],
    "activations": ['["mish"]', '["leaky_relu(0.2)"]'],
    "formats": ['["html"]', '["markdown", "html"]'],
    "engine": ['"serial"', '"processes"'],
    "jobs": ["1", "2"],
    "strict": ["true", "false"],
}
BAD = (
    "true",
    "-1",
    "0",
    "1.5",
    "nan",
    "inf",
    "-inf",
    '""',
    '"x"',
    "[]",
    "[[]]",
    "[1, 2]",
    '["x"]',
    "{}",
    "{ a = 1 }",
    "1979-05-27",
    "12:00:00",
    str(10**30),
    '"' + "long" * 5000 + '"',
    '"\\u0000"',
    '"a\\nb"',
    '"~nobody/x"',
    "[0]",
    "[-3]",
    '["relu", "relu"]',
    '["nope"]',
    '["he_normal(("]',
    "[" * 40 + "]" * 40,
    '"/dev/zero"',
    '"https://example.org/x.csv"',
)
KEYS = (
    *GOOD,
    "data",
    "label",
    "out",
    "cache",
    "plugins",
    "scheduler",
    "standardize",
    "widht",
    "Seed",
    "a.b",
    '"a b"',
    "x" * 500,
)
WHOLE = (
    b"",
    b"\xff\xfe\x00",
    b"[[[[",
    b"a = " + b"[" * 5000,
    b"a" + b".a" * 5000 + b" = 1",
    b"seed = 1\nseed = 2",
    b"[seed]\nx = 1",
    b"\x00" * 1000,
    b"seed = " + b"9" * 10000,
    "# ünï\nseed = 3".encode("utf-16"),
    b"\xef\xbb\xbfseed = 3\n",
    b"initializers = [" + b'"he_normal",' * 20000 + b"]",
    b"depths = [" + b"2," * 20000 + b"]",
)


def planned(random: Random) -> Case:
    """A config file is planned, or refused in one line."""
    return Case({"run": ["plan", "battery.toml"]}, files={"battery.toml": _text(random)})


def _text(random: Random) -> bytes:
    if random.random() < 0.15:
        return random.choice(WHOLE)
    lines = ['preset = "quick"'] if random.random() < 0.7 else []
    for _ in range(random.randint(0, 4)):
        key = random.choice(KEYS)
        values = GOOD.get(key, BAD) if random.random() < 0.6 else BAD
        joined = random.choice(["=", " ", " == "]) if random.random() < 0.1 else " = "
        lines.append(f"{key}{joined}{random.choice(values)}")
    random.shuffle(lines)
    return "\n".join(lines).encode("utf-8", errors="surrogatepass")
