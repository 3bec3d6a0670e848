"""What a plugin declares of its weights and slopes is held against what it gives."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reportgen.nn.activations import activations
from reportgen.nn.contract import Draw
from reportgen.nn.examination import doubts
from reportgen.nn.initializers import initializers
from tests.hostile import ACTIVATION, INITIALIZER, load

pytestmark = pytest.mark.usefixtures("without_plugins")

DOUBTS = {
    "twice the variance": (
        "lambda *_: 2.0",
        "none",
        "standard_normal(size)",
        "the variance 2 at .* have 0.99",
    ),
    "by two per cent": ("lambda *_: 1.02", "iid", "standard_normal(size)", "declares the variance 1.02 .* have 0.99"),
    "the fans swapped": ("lambda i, o: 1 / o", "iid", "standard_normal(size) / math.sqrt(fan_in)", "variance 0.0156"),
    "a mean": ("lambda *_: 1.0", "iid", "standard_normal(size) + 0.1", "declares a limit, and with it the mean 0"),
    "no variance": ("lambda *_: None", "iid", "standard_normal(size)", "declares a limit and no variance"),
    "not finite": ("lambda *_: 1.0", "iid", "standard_normal(size) / 0", "its weights have nan"),
    "one number for all": ("lambda *_: 0.0", "none", "standard_normal((1, 1)) + np.zeros(size)", "declares .* 0 at"),
}


def doubted(tmp_path: Path, variance: str, limit: str, draw: str) -> list[str]:
    body = f"size = fan_in, fan_out\n    return rng.{draw}"
    source = INITIALIZER.format(body=body).replace("lambda fan_in, fan_out: 1.0", variance)
    load(tmp_path, source.replace('reference="none"', f'reference="none", limit={limit!r}'))
    return doubts(["mine"], [])


@pytest.mark.parametrize(("variance", "limit", "draw", "said"), DOUBTS.values(), ids=list(DOUBTS))
def test_a_wrong_declaration_is_told_as_the_plugins_and_theory_leaves_it_out(
    variance: str, limit: str, draw: str, said: str, tmp_path: Path
) -> None:
    (line,) = doubted(tmp_path, variance, limit, draw)
    assert line.startswith("initializer mine: its plugin declares ")
    assert re.search(said, line), line
    assert ("; theory leaves it out" in line) == (limit == "iid")
    assert initializers.get("mine").limit == "none"
    assert len(line) < 290


@pytest.mark.parametrize(
    ("variance", "limit", "draw"),
    [
        ("lambda *_: 1.0", "iid", "standard_normal(size)"),
        ("lambda *_: 1.0", "none", "standard_normal(size) + 0.1"),
        ("lambda *_: 0.01", "iid", "choice([-0.1, 0.1], size)"),
        ("lambda *_: 2.0", "iid", "laplace(size=size)"),
        ("lambda *_: 5 / 3", "iid", "standard_t(5, size)"),
        ("lambda *_: 1.0", "none", "standard_normal((1, 1)) + np.zeros(size)"),
        ("lambda *_: 0.0", "none", "uniform(0.1, 0.1, size)"),
        ("lambda *_: None", "none", "uniform(0, 1, size)"),
        ("lambda i, o: 2 / i", "iid", "standard_normal(size) * math.sqrt(2 / fan_in)"),
    ],
)
def test_a_right_declaration_is_not_doubted(variance: str, limit: str, draw: str, tmp_path: Path) -> None:
    assert doubted(tmp_path, variance, limit, draw) == []
    assert initializers.get("mine").limit == limit


@pytest.mark.parametrize(
    ("derivative", "kinks", "said"),
    [
        ("np.sin", "()", "declares the derivative .* at z = .*, where its values rise by"),
        ("np.cos", "()", ""),
        ("np.cos", "(0.0, 1.0)", ""),
        ("lambda z: np.cos(z) * np.nan", "()", "declares the derivative nan"),
    ],
)
def test_a_wrong_derivative_is_told_as_the_plugins(derivative: str, kinks: str, said: str, tmp_path: Path) -> None:
    parts = {"before": "", "body": "return np.sin(z)", "label": "'mine'"}
    load(tmp_path, ACTIVATION.format(**parts, derivative=derivative, kinks=kinks))
    lines = doubts([], ["mine", "relu"])
    assert len(lines) == bool(said)
    assert all(re.search(said, line) for line in lines)


def test_nothing_of_ours_is_doubted_or_wrapped() -> None:
    assert doubts(initializers.names(), activations.names()) == []
    assert not isinstance(initializers.get("he_normal").draw, Draw)
