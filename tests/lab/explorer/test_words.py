"""What the explorer says of a cell: verdict, layer, theory, networks and training, and how to measure it again."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from reportgen.battery.results import Results
from reportgen.chapters.explorer.tables import Tables
from reportgen.cli import app
from reportgen.judgments.frames import where
from tests.browsers.tab import Browser
from tests.lab.explorer.exploring import COMMAND, SAID, choose, opened, press, shown


def test_any_cell_is_explained_in_two_clicks_its_depth_and_the_cell(browser: Browser, page: Path) -> None:
    with opened(browser, page) as tab:
        choose(tab, "depth", "10")
        press(tab, "random_normal(stddev=1), tanh")
        *_, newest = shown(tab, SAID, 3)
        assert newest.startswith("More than 50% of the outputs of a layer are pressed against a bound")
        assert "Layer 1 is the first that is pressed that hard. All 3 networks agree." in newest
        assert re.search(r"The signal ends at [\d.]+, the gradient at [\d.]+\. Theory puts them at", newest)
        assert re.search(
            r"Networks of 32 units per layer, trained from it on handwritten digits for \d+ updates: with SGD at ",
            newest,
        )
        status = tab.run("() => document.querySelector('.lab-status').textContent")
        assert status == "random_normal(stddev=1), tanh, 10 layers: saturates"


@pytest.mark.parametrize(
    ("start", "activation", "depth", "parts"),
    [
        ("zeros", "relu", 5, ["The signal is zero from layer 1 on.", "Theory has no prediction for this pair."]),
        ("constant", "tanh", 50, ["Layer 1 is the first whose units are all alike.", "Not trained at this depth"]),
        ("he_normal", "relu", 50, ["No failure: signal and gradient arrive", "both sizes stay within the limit."]),
        (
            "orthogonal",
            "sigmoid",
            20,
            ["what differs in it from input to input", "down to layer 1.", "the net vanishes."],
        ),
        (
            "random_normal(stddev=0.01)",
            "tanh",
            10,
            ["is beyond the limit from layer 2 on.", "the net vanishes."],
        ),
        ("random_normal(stddev=1)", "relu", 20, ["grows by more than", "the net explodes."]),
        (
            "lecun_uniform",
            "tanh",
            5,
            ["No failure: signal and gradient", "Not trained at this depth in this run."],
        ),
    ],
)
def test_the_sentences_tell_rule_layer_theory_networks_and_training(
    start: str, activation: str, depth: int, parts: list[str], browser: Browser, page: Path, tables: Tables
) -> None:
    pair = {"initializer": start, "activation": activation}
    (cell,) = where(tables.cells, data="gaussian", depth=depth, **pair).to_dict("records")
    with opened(browser, page, f"depth={depth}&start1={start}&activation1={activation}") as tab:
        (said,) = tab.run(SAID)
    assert [part for part in parts if part not in said] == []
    assert bool(re.search(rf"[Ll]ayer {cell['crossed']}\b", said)) == (cell["verdict"] != "healthy")


def test_where_networks_disagree_it_says_how_many_and_what_the_others_say(
    browser: Browser, page: Path, tables: Tables
) -> None:
    cell = tables.cells[tables.cells["other"] != ""].iloc[0]
    state = f"depth={cell['depth']}&data={cell['data']}"
    state += f"&start1={cell['initializer']}&activation1={cell['activation']}"
    with opened(browser, page, state) as tab:
        (said,) = tab.run(SAID)
    others = "the other" if cell["networks"] - cell["agree"] == 1 else "most others"
    says = "says" if cell["agree"] == 1 else "say"
    assert f"{cell['agree']} of {cell['networks']} networks {says} so; {others}: {cell['other']}." in said


def test_the_command_is_one_that_the_command_line_takes_and_measures_the_same_networks(
    browser: Browser, page: Path, quick: Results
) -> None:
    start, activation = "random_uniform(minval=-0.5, maxval=0.5)", "softsign"
    with opened(browser, page, f"depth=5&data=digits&start1={start}&activation1={activation}") as tab:
        command = tab.run(COMMAND)
    assert command == (
        f"reportgen show '{start}' {activation} --depth 5 --width 64 --replicates 3 --seed 0 --data digits"
    )
    printed = CliRunner().invoke(app, shlex.split(command)[1:], catch_exceptions=False).output
    table = [line.split() for line in printed.splitlines() if re.match(r" +\d", line)]
    pair = {"initializer": start, "activation": activation, "data": "digits"}
    for layer, line in enumerate(table, 1):
        up, down = (where(quick[name], layer=layer, **pair) for name in ("forward", "gradients"))
        squares = float(up["pre_activation_second_moment"].mean())
        assert float(line[1]) == pytest.approx(squares, rel=0.006), "three digits are printed"
        assert float(line[-2]) == pytest.approx(where(down, depth=5)["delta_rms"].mean(), rel=0.006)
    assert len(table) == 5


def test_the_rows_that_are_named_are_in_the_published_files(browser: Browser, page: Path, quick: Results) -> None:
    with opened(browser, page, "depth=5&start1=he_normal&activation1=relu") as tab:
        named = tab.run("""() => [...document.querySelectorAll(".explorer-card li")].map(
            one => [one.querySelector("a").getAttribute("href"), one.querySelector("code").textContent])""")
    files, filters = zip(*named, strict=True)
    assert files == ("data/forward.csv.gz", "data/gradients.csv.gz")
    rows = [len(quick[name].query(chosen)) for name, chosen in zip(("forward", "gradients"), filters, strict=True)]
    assert rows == [15, 15]


def test_the_command_can_be_copied_without_a_permission(browser: Browser, page: Path) -> None:
    with opened(browser, page, "depth=5&start1=he_normal&activation1=relu") as tab:
        tab.run("() => { document.querySelector('.explorer-card details').open = true; }")
        tab.run("() => document.querySelector('.explorer-card details button').click()")
        assert tab.run("() => getSelection().toString().trim()") == tab.run(COMMAND)
