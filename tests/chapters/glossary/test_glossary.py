"""The glossary: its constants follow from the definitions, and no page links to a word that it does not have."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from reportgen.battery.results import Results
from reportgen.chapters.glossary import CHAPTER
from reportgen.judgments.verdicts import VERDICTS
from reportgen.nn.activations import activations
from reportgen.nn.initializers import initializers
from reportgen.nn.statistics import SATURATED_SLOPE
from reportgen.report.filters import anchor

CHAPTERS = Path(__file__).parents[3] / "templates" / "chapters"
PROSE = (CHAPTERS / "glossary.md.jinja").read_text(encoding="utf-8")
WORDS = re.findall(r"^### (.+)$", PROSE, flags=re.MULTILINE)
FINDINGS = CHAPTER.findings(Results({}, {}, {}))
TERM = re.compile(r"""\bterm\(\s*["']([^"']+)["']""")


def test_a_call_of_term_is_found_with_and_without_its_own_text() -> None:
    assert TERM.findall("""{{ term("fan_in") }} and {{ term('dead', "born dead") }}""") == ["fan_in", "dead"]


@pytest.mark.parametrize("template", sorted(CHAPTERS.glob("*.md.jinja")), ids=lambda path: path.name.partition(".")[0])
def test_every_term_of_a_page_is_explained(template: Path) -> None:
    used = TERM.findall(template.read_text(encoding="utf-8"))
    assert {anchor(word) for word in used} <= {anchor(word) for word in WORDS}


def test_every_word_is_explained_once_and_has_a_text() -> None:
    assert len({anchor(word) for word in WORDS}) == len(WORDS)
    texts = re.split(r"^##+ .*$", PROSE, flags=re.MULTILINE)[1:]
    headings = re.findall(r"^(##+) ", PROSE, flags=re.MULTILINE)
    assert all(text.strip() for marks, text in zip(headings, texts, strict=True) if marks == "###")


def test_the_words_of_the_field_are_there() -> None:
    network = {"fan_in", "fan_out", "fan_avg", "gain", "scale", "weights", "delta", "depth", "layer", "width"}
    mean_field = {"sigma_w2", "sigma_b2", "q", "q_star", "c", "c_star", "chi_1", "xi_q", "xi_c"}
    assert network | mean_field <= set(WORDS)


def test_every_verdict_is_explained() -> None:
    assert set(VERDICTS) <= set(WORDS)
    assert all(f'f.verdicts["{verdict}"]' in PROSE for verdict in VERDICTS)


@pytest.mark.parametrize(
    ("name", "output"),
    [("tanh", "tanh_limit"), ("sigmoid", "sigmoid_high"), ("sigmoid", "sigmoid_low"), ("softsign", "softsign_limit")],
)
def test_at_the_quoted_output_the_slope_is_the_quoted_share_of_the_greatest(name: str, output: str) -> None:
    activation = activations.get(name)
    z = np.linspace(-30, 30, 600_001)
    at = np.abs(activation.phi(z) - FINDINGS[output]).argmin()
    share = activation.derivative(z)[at] / activation.greatest_slope
    assert share == pytest.approx(SATURATED_SLOPE, rel=1e-3)  # the grid is 1e-4 wide
    assert FINDINGS["saturated_slope"] == SATURATED_SLOPE


def test_the_quoted_spread_of_a_truncated_normal_is_the_one_that_is_divided_by() -> None:
    cut = initializers.get("truncated_normal(stddev=1)")
    assert FINDINGS["truncated_stddev"] == pytest.approx(0.87962566103423978, rel=1e-12)
    assert cut.variance(1, 1) == pytest.approx(FINDINGS["truncated_stddev"] ** 2, rel=1e-9)
    # Relative standard deviation of a sample variance of n draws: below sqrt(2/n), as the cut law has no tails.
    draws = cut.draw(np.random.default_rng(0), 400, 500)
    assert draws.var() == pytest.approx(FINDINGS["truncated_stddev"] ** 2, rel=5 * np.sqrt(2 / draws.size))
    assert abs(draws).max() <= FINDINGS["cut"]


def test_float32_does_what_is_said_of_it() -> None:
    with np.errstate(over="ignore", under="ignore"):
        assert np.float32(FINDINGS["float32_greatest"]) * np.float32(2) == np.inf
        assert np.float32(FINDINGS["float32_least"]) / np.float32(2) == 0
    assert np.float32(FINDINGS["float32_least"]) > 0
    assert np.float32(1) + np.float32(FINDINGS["float32_step"]) > 1
    assert np.float32(1) + np.float32(FINDINGS["float32_step"]) / np.float32(4) == 1
