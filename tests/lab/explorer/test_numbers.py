"""The numbers of the explorer in the browsers are those of the tables, cell by cell and layer by layer."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reportgen.chapters.explorer.tables import Tables
from reportgen.chapters.packing import PRECISION, pack_counts, pack_sizes
from reportgen.judgments.frames import where
from reportgen.judgments.verdicts import RULES
from tests.browsers.tab import Browser, Tab
from tests.lab.explorer.exploring import CELLS, choose, opened

SIGNS = {rule.verdict: rule.sign for rule in RULES}
ACTIVATIONS = ("relu", "tanh", "linear", "silu")

TAKE_DATA = """() => new Promise(done => {
    Lab.data = (name, data) => { window.packedData = data; };
    const script = document.createElement("script");
    script.src = "lab/explorer.js";
    script.onload = () => done(true);
    document.head.append(script);
})"""
NETS = """async ([set, depth, pairs]) => {
    const book = await Lab.packed.open(window.packedData);
    const layers = await book.layersOf(set);
    return pairs.map(([start, activation]) => book.net(layers, {start, activation}, depth));
}"""


@pytest.mark.parametrize(("data", "label"), [("gaussian", "random inputs"), ("digits", "handwritten digits")])
def test_the_verdict_of_every_cell_is_that_of_the_verdict_table(
    data: str, label: str, browser: Browser, page: Path, tables: Tables
) -> None:
    with opened(browser, page) as tab:
        choose(tab, "data", label)
        for depth in (2, 5, 10, 20, 50):
            choose(tab, "depth", str(depth))
            cells = where(tables.cells, data=data, depth=depth)
            shown = tab.run(CELLS)
            assert [name for name, _, _ in shown] == [named(cell, depth) for cell in cells.to_dict("records")]
            signs = zip([SIGNS[verdict] for verdict in cells["verdict"]], shown, strict=True)
            assert sum(sign != text for sign, (_, text, _) in signs) == 2, "the two that are chosen have a letter"


def named(cell: Mapping[Any, Any], depth: int) -> str:
    """Return what a button of the map is called."""
    votes = f" ({cell['agree']} of {cell['networks']} networks)" if cell["other"] else ""
    return f"{cell['initializer']}, {cell['activation']}, {depth} layers: {cell['verdict']}{votes}"


@pytest.mark.parametrize(("place", "data"), [(0, "gaussian"), (1, "digits")])
def test_layers_are_decoded_to_the_numbers_of_the_tables(
    place: int, data: str, browser: Browser, page: Path, tables: Tables
) -> None:
    """All starts with four activations: zeros, overflows, starts without theory, everything that a number can be."""
    starts, activations = tables.starts["initializer"].tolist(), tables.activations["activation"].tolist()
    pairs = [(start, activations.index(name)) for start in range(len(starts)) for name in ACTIVATIONS]
    kinds = set()
    with opened(browser, page) as tab:
        tab.run(TAKE_DATA)
        for at, depth in ((0, 2), (3, 20), (4, 50)):
            nets = tab.run(NETS, [place, at, pairs])
            for (start, activation), net in zip(pairs, nets, strict=True):
                pair = {"data": data, "initializer": starts[start], "activation": activations[activation]}
                up, down = where(tables.layers, **pair).head(depth), where(tables.gradients, depth=depth, **pair)
                for name in ("size", "signal", "saturated", "dead", "theory"):
                    assert_near(net[name], up[name])
                assert_near(net["gradient"], down["gradient"])
                assert_near(net["gradient_theory"], down["theory"])
                kinds |= {str(one) for one in [*net["size"], *net["theory"]] if one == 0 or not isfinite(one)}
    assert kinds >= {"0", "nan"}


def assert_near(shown: list[float], given: pd.Series[float]) -> None:
    np.testing.assert_allclose(np.array(shown, float), given.to_numpy(float), rtol=1.001 * PRECISION)


def test_what_python_packs_any_browser_unpacks(browser: Browser, page: Path) -> None:
    sizes = [[0.0, np.inf, np.nan, -2.0, 1e-300, 1e300], [1.0, 0.5, 0.25, 1e-45, 3e38, 7.0]]
    counts = [[0, 65535, 1], [300, 299, 65534]]
    with opened(browser, page) as tab:
        back = tab.run("([text, rows]) => Lab.packed.sizes(text, rows)", [pack_sizes(sizes), 2])
        np.testing.assert_allclose(back, np.ravel([[0, np.inf, np.nan, -1, 1e-300, 1e300], sizes[1]]), rtol=0.012)
        assert tab.run("([text, rows]) => Lab.packed.counts(text, rows)", [pack_counts(counts), 2]) == [
            0,
            65535,
            1,
            300,
            299,
            65534,
        ]


def test_a_browser_that_cannot_unpack_says_so_in_one_line(browser: Browser, page: Path, tmp_path: Path) -> None:
    shutil.copytree(page.parent, tmp_path / "old")
    old = tmp_path / "old" / page.name
    (old.parent / "old.js").write_text("delete window.DecompressionStream;")
    old.write_text(old.read_text().replace("<script", '<script defer src="old.js"></script>\n<script', 1))
    with browser.tab() as tab:
        tab.open(old)
        assert told(tab).startswith("This browser is too old to unpack the numbers")
        assert tab.faults == []


def told(tab: Tab) -> str:
    text: str = tab.run("() => document.querySelector('.lab-live').textContent")
    return text
