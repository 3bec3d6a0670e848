"""The cards: each says what the tables have, names the start of the front page, and what a user adds gets one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reportgen.chapters import CHAPTERS
from reportgen.chapters.catalog import CHAPTER
from reportgen.chapters.catalog.findings import Findings, find
from reportgen.chapters.index import CHAPTER as FRONT
from reportgen.chapters.names import short_name
from reportgen.chapters.style import figure_name
from reportgen.nn.activations import activations
from reportgen.presets import ACTIVATIONS, INITIALIZERS
from reportgen.report.folders import templates_folder
from reportgen.report.formats import FORMATS
from reportgen.report.page import Edition, Reading, render_page
from reportgen.report.templating import environment
from tests.chapters.adding import ACTIVATION, INITIALIZER
from tests.chapters.conftest import Measure, Read
from tests.chapters.following import assert_follow, refound
from tests.test_prose import COMMANDS

TEMPLATE = templates_folder() / "chapters" / "catalog.md.jinja"


def test_every_start_and_activation_of_the_battery_has_a_card(read: Read) -> None:
    f: Findings = read(CHAPTER).findings
    assert (tuple(f.starts), tuple(f.activations)) == (INITIALIZERS, ACTIVATIONS)
    shown = re.findall(r'\{\{ (?:start|activation)\("([^"]+)"', TEMPLATE.read_text(encoding="utf-8"))
    assert sorted(shown) == sorted((*INITIALIZERS, *ACTIVATIONS))


def test_a_card_follows_what_was_drawn(read: Read, measured: Measure) -> None:
    place = ("catalog_starts", "measured")
    after = refound(read(CHAPTER), measured(CHAPTER.needs), place, lambda t: t["measured"] * 1.1)
    before: Findings = read(CHAPTER).findings
    assert after.starts["he_normal"].drawn == pytest.approx(1.1 * before.starts["he_normal"].drawn)
    assert after.worst == pytest.approx(0.1, abs=0.03)
    numbers = {f"activations.{name}.forward": 1.1 for name in ("tanh", "relu")}
    place = ("activation_gains", "forward_gain")
    assert_follow(read(CHAPTER), measured(CHAPTER.needs), place, lambda t: t["forward_gain"] * 1.1, numbers)


def test_the_cards_name_the_starts_of_the_front_page(read: Read) -> None:
    f: Findings = read(CHAPTER).findings
    named = read(FRONT).findings.advice.named
    for name, card in f.activations.items():
        assert (card.start, card.carries) == (short_name(named[name].initializer), named[name].in_words)
        first = [start for start, one in f.starts.items() if any(re.match(rf"{name}\b", word) for word in one.first)]
        assert first == [named[name].initializer.partition("(")[0]]
        good = {start for start, one in f.starts.items() if name in one.good}
        assert good == set(named[name].ties) & set(f.starts)


def test_an_activation_is_said_to_be_bounded_on_the_sides_where_it_is(read: Read) -> None:
    far = np.array([-1e6, -1e3, 1e3, 1e6])
    for name, card in read(CHAPTER).findings.activations.items():
        a, b, c, d = activations.get(name).phi(far)
        ends = {(True, True): "bounded", (True, False): "bounded below", (False, False): "not bounded"}
        assert card.bounds == ends[bool(abs(a - b) < 1), bool(abs(d - c) < 1)]


def test_card_and_chapter_say_the_same_of_an_activation_that_grows_beyond_all_numbers(read: Read) -> None:
    tables = read(CHAPTER).tables
    known, inf = tables.activations, float("inf")
    is_elu = known["activation"] == "elu"
    for (lowest, highest), words in {(0.0, inf): "bounded below", (-inf, inf): "not bounded"}.items():
        ends = known.assign(
            bounded=known["bounded"].mask(is_elu, 1.0),
            lowest=known["lowest"].mask(is_elu, lowest),
            highest=known["highest"].mask(is_elu, highest),
        )
        assert find(tables._replace(activations=ends)).activations["elu"].bounds == words


def test_the_code_of_an_activation_has_its_start_and_itself(read: Read) -> None:
    f: Findings = read(CHAPTER).findings
    assert f.activations["relu"].code == {
        "PyTorch": 'nn.init.kaiming_normal_(w, nonlinearity="relu"); nn.init.zeros_(b)\nnn.ReLU()',
        "Keras": 'Dense(units, activation="relu", kernel_initializer="he_normal")',
        "JAX": "nn.Dense(units, kernel_init=jax.nn.initializers.he_normal())\njax.nn.relu(z)",
    }
    assert f.activations["leaky_relu"].code["Keras"].endswith("\nkeras.layers.LeakyReLU(negative_slope=0.01)")
    assert {
        len(code) for code in [*(one.code for one in f.starts.values()), *(one.code for one in f.activations.values())]
    } == {3}


def test_the_formulas_use_only_commands_that_every_reader_knows(read: Read) -> None:
    f: Findings = read(CHAPTER).findings
    formulas = [*(one.formula for one in f.starts.values()), *(one.formula for one in f.activations.values())]
    assert {word for one in formulas for word in re.findall(r"\\([A-Za-z]+|.)", one)} <= COMMANDS


def test_what_a_user_adds_gets_a_card(read_added: Read) -> None:
    f: Findings = read_added(CHAPTER).findings
    assert [one.name for one in f.added_starts] == [INITIALIZER]
    assert [one.name for one in f.added_activations] == [ACTIVATION]
    assert tuple(f.starts) == INITIALIZERS


def page_with(reading: Reading, settings: Mapping[str, Any], **changes: Any) -> str:
    """Return the page in Markdown with other findings."""
    changed = reading._replace(findings=replace(reading.findings, **changes))
    return render_page(changed, Edition(FORMATS["markdown"], CHAPTERS, settings, (), environment()))


def test_the_card_of_a_plug_in_is_text_and_that_of_a_definition_of_ours_a_formula(
    read: Read, measured: Measure
) -> None:
    f: Findings = read(CHAPTER).findings
    odd = f.starts["he_normal"]._replace(
        name="odd", label="a$b$", ours=False, formula="x|`y`", reference="*r*", code={}
    )
    ours = f.starts["random_normal(stddev=1)"]._replace(name="random_normal(stddev=3)", formula="w = 3")
    wavy = f.activations["tanh"]._replace(name="wavy", ours=False, formula="$s", forward=None, published=None, code={})
    leaky = f.activations["leaky_relu"]._replace(name="leaky_relu(negative_slope=0.2)", values="a = 0.2")
    added = {"added_starts": [odd._replace(code={}), ours], "added_activations": [wavy, leaky]}
    page = page_with(read(CHAPTER), measured(CHAPTER.needs).settings, **added)
    own = page[page.index("### Added start odd") : page.index("### Added start random")]
    for line in (
        "| name | odd |",
        r"| label | a\$b\$ |",
        r"| weights | x\|\`y\` |",
        r"| from | \*r\* |",
        "| normal distribution | truncated, corrected |",
        "| goes first for | ",
        "| as good at the start for | ",
        "This page has no line for it.",
    ):
        assert line in own
    own = page[page.index("### Added start random") : page.index("## Activations")]
    assert "| name | `random_normal(stddev=3)` |" in own
    assert "| weights | $w = 3$ |" in own
    own = page[page.index("### Added activation wavy") : page.index("### Added activation leaky")]
    assert r"| function | \$s |" in own
    assert "| gain that keeps the signal | none |" in own
    assert "| PyTorch's gain | none |" in own
    own = page[page.index("### Added activation leaky") :]
    assert r"a \min(0, z)$, with $a = 0.2$ |" in own


@pytest.mark.parametrize("wrong", [np.inf, 1e-303])
def test_a_gain_that_no_weights_can_have_is_none(wrong: float, read: Read, measured: Measure) -> None:
    place = ("activation_gains", "backward_gain")
    after = refound(read(CHAPTER), measured(CHAPTER.needs), place, lambda t: t["backward_gain"] * wrong)
    assert {one.backward for one in after.activations.values()} == {None}


def test_an_added_start_may_declare_no_variance(read: Read, measured: Measure) -> None:
    def change(table: pd.DataFrame) -> pd.Series[float]:
        return table["sigma_w2"].where(table["initializer"] != "he_uniform", np.nan)

    after = refound(read(CHAPTER), measured(CHAPTER.needs), ("catalog_starts", "sigma_w2"), change)
    assert np.isnan(after.starts["he_uniform"].declared)


def test_the_figure_draws_a_curve_for_every_start(read: Read) -> None:
    densities = read(CHAPTER).tables.densities
    axes = CHAPTER.figures[0].draw(densities).axes
    assert sum(len(one.lines) for one in axes) == len(INITIALIZERS)
    titles = [(one.get_title(loc="left") or one.get_title()).partition("\n")[0] for one in axes]
    assert titles[:2] == ["normal(1)", "uniform(±0.5)"]


def test_a_panel_says_that_its_weights_are_beyond_the_axis_and_cuts_a_long_name(read: Read) -> None:
    densities = read(CHAPTER).tables.densities
    far = densities[densities["row"] == "zeros"].assign(row="a_name_that_is_far_too_long_for_a_panel", density=0.0)
    axes = CHAPTER.figures[0].draw(pd.concat([densities, far], ignore_index=True)).axes
    told = {one.get_title(loc="left") or one.get_title(): [text.get_text() for text in one.texts] for one in axes}
    (title,) = [title for title, texts in told.items() if texts == ["beyond the axis"]]
    assert len(title.partition("\n")[0]) <= 24
    assert "lecun, glorot, orthogonal" in {title.partition("\n")[0] for title in told}


def test_only_a_start_beside_its_normal_form_is_dashed(read: Read) -> None:
    densities = read(CHAPTER).tables.densities
    axes = CHAPTER.figures[0].draw(densities).axes
    dashed = {
        one.get_title().partition("\n")[0] or one.get_title(loc="left").partition("\n")[0]
        for one in axes
        if {line.get_linestyle() for line in one.lines} != {"-"} and one.lines
    }
    assert dashed == {"he", "lecun, glorot, orthogonal"}


def test_the_figure_draws_value_and_slope_of_every_activation_and_of_those_that_are_added(read_added: Read) -> None:
    figure = {one.slug: one for one in CHAPTER.figures}["activations"]
    panels = [axes for axes in figure.draw(read_added(CHAPTER).tables.curves).axes if axes.axison]
    titles = [axes.get_title(loc="left") or axes.get_title() for axes in panels]
    assert sorted(titles[:-1]) == sorted(ACTIVATIONS)
    assert titles[-1] == figure_name(ACTIVATION, 18)
    assert {len(axes.lines) for axes in panels} == {3}, "zero, value and slope"
