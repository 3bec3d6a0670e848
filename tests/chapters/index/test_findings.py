"""What the front page says, from verdicts that are set by hand."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from reportgen.battery.results import Results
from reportgen.chapters.index import CHAPTER
from reportgen.chapters.index.findings import find
from reportgen.chapters.scale import scale_rows
from reportgen.report.folders import templates_folder
from reportgen.report.page import Reading
from tests.chapters.following import changed

Read = Callable[..., Reading]
Measure = Callable[..., Results]


def test_verdicts_are_counted_and_those_that_differ_on_digits_found(read: Read) -> None:
    tables = read(CHAPTER).tables
    verdicts, cells = tables.verdicts.assign(verdict="healthy"), tables.cells.assign(verdict="healthy")
    verdicts.loc[verdicts["depth"] == 50, "verdict"] = "dies"
    cells.loc[cells["depth"] == 50, "verdict"] = "dies"
    found = find(tables._replace(verdicts=verdicts, cells=cells, digits=tables.digits.assign(verdict="dies")))
    assert found.shares == {2: 1, 5: 1, 10: 1, 20: 1, 50: 0}
    assert found.agreement == 1 / 5
    assert found.he_relu.verdicts == found.glorot_relu.verdicts == ["dies", "healthy"]
    assert {"dies", "healthy"} <= set(found.rules["verdict"])
    assert "saturates" not in set(found.rules["verdict"]), "nothing saturates here, and nothing needs to be explained"


@pytest.mark.parametrize(("activation", "start"), [("relu", "he_"), ("tanh", "glorot_")])
def test_a_start_is_recommended_for_every_activation(activation: str, start: str, read: Read) -> None:
    advice = read(CHAPTER).findings.advice
    recommended = advice.named_table.set_index("your activation").loc[activation]
    assert recommended["start with"] == advice.named[activation].initializer
    assert recommended["start with"].startswith(start)
    assert recommended["carries to depth"].startswith("50")


def test_sigmoid_gets_what_glorot_advised_for_it_and_elu_no_law_of_its_own(read: Read) -> None:
    """Old rule: Glorot for sigmoid; and He "was derived" for all activations without a law."""
    reading = read(CHAPTER)
    assert reading.findings.advice.named["sigmoid"].initializer == "glorot_normal(gain=4)"
    reasons = reading.tables.starts.set_index(["activation", "initializer"])["reason"]
    assert "derived" not in " ".join(reasons.loc[["elu", "gelu", "silu", "softplus", "softsign"]])


def test_leaky_relu_is_started_with_its_own_slope(read: Read) -> None:
    """Old rule: he_normal, whatever the slope."""
    advice = read(CHAPTER).findings.advice
    assert advice.named["leaky_relu"].initializer == "he_normal(negative_slope=0.01)"


def test_nets_that_had_learned_with_fewer_updates_and_then_did_not_are_lost(read: Read) -> None:
    advice = read(CHAPTER).findings.advice
    choice, deepest = advice.made["softsign"], advice.learned.depths[-1]
    nets = pd.DataFrame(
        {
            "activation": "softsign",
            "initializer": choice.initializer,
            "optimizer": "sgd",
            "depth": deepest,
            "steps": [150, 150, 300, 300],
            "outcome": ["learned", "learned", "stalled", "stalled"],
        }
    )
    assert advice.learned._replace(nets=nets).is_lost(choice, "sgd")
    assert not advice.learned._replace(nets=nets[nets["steps"] == 150]).is_lost(choice, "sgd")


def test_a_frame_marks_the_start_that_the_table_names_also_where_it_is_not_the_law(measured: Measure) -> None:
    def spoilt(gradients: pd.DataFrame) -> pd.Series[float]:
        is_he = (gradients["activation"] == "relu") & gradients["initializer"].isin(["he_normal", "he_uniform"])
        return gradients["delta_rms"] * (9.0 ** (gradients["depth"] - gradients["layer"])).where(is_he, 1.0)

    results = changed(measured(CHAPTER.needs), ("gradients", "delta_rms"), spoilt)
    tables = CHAPTER.read(results)
    chosen = find(tables).advice.named["relu"].initializer
    assert chosen != "he_normal"
    rows = [row.label for row in scale_rows(results["starts"]) if chosen in row.starts]
    assert tables.used.loc[tables.used["activation"] == "relu", "row"].tolist() == rows


def test_a_start_without_a_row_is_spoken_of_as_such_and_not_by_name(read: Read) -> None:
    tables = read(CHAPTER).tables
    assert "sigmoid" not in set(tables.used["activation"])
    template = (templates_folder() / "chapters" / "index.md.jinja").read_text(encoding="utf-8")
    assert "A start without a row has no frame." in template


def test_what_was_never_trained_is_not_among_those_that_learned_less_deep_than_they_are_healthy(read: Read) -> None:
    tables = read(CHAPTER).tables
    untrained = tables.trained[tables.trained["activation"] != "relu"]
    advice = find(tables._replace(trained=untrained)).advice
    assert advice.named["relu"].carries > 0
    assert "relu" not in [*advice.parted, *advice.ahead]
    stalled = tables.trained.assign(outcome="stalled")
    assert "relu" in find(tables._replace(trained=stalled)).advice.parted
