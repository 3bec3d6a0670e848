"""The nets of the figures, trained by the page: every browser comes to the numbers that the figures show."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

import pytest

from reportgen.battery.results import Results
from reportgen.chapters.demos import TITLES, pack_demos, read_live
from reportgen.experiments.demos import EXPERIMENT
from reportgen.experiments.demos.presets import ALIKE, HALT
from tests.browsers.tab import Tab
from tests.experiments.measuring import tables

_TRAIN = """({ preset, points, rate }) => {
  const x = Float64Array.from(points.x);
  const y = Uint8Array.from(points.y);
  const net = new Lab.Net(preset.widths, preset.activation, "sgd");
  net.set(preset.weights, preset.biases);
  for (let update = 0; update < preset.updates; update++) net.step(x, y, y.length, rate);
  const loss = net.step(x, y, y.length, 0);
  const { z } = net.layers[net.layers.length - 1];
  const right = y.filter((label, point) => (z[2 * point + 1] > z[2 * point]) === (label === 1)).length;
  const layers = Lab.readings(net, y.length);
  return {
    loss,
    accuracy: right / y.length,
    distinct: layers.map((layer) => layer.distinct),
    saturated: layers.filter((layer) => layer.kind === "hidden").map((layer) => layer.saturated),
    gradientNorm: layers.map((layer) => layer.gradientNorm),
  };
}"""


@cache
def packed() -> dict[str, Any]:
    *_, problem = EXPERIMENT.work(cast(Any, None))
    return pack_demos(*read_live(Results(tables(EXPERIMENT, [ALIKE, HALT, problem]), {}, {})))


def train(tab: Tab, name: str, by: float = 1.0) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a preset comes to in the browser, at its rate times a factor, and what its figure says."""
    preset = next(one for one in packed()["presets"] if one["name"] == name)
    given = {"preset": preset, "points": packed()["points"], "rate": by * preset["rate"]}
    return cast(dict[str, Any], tab.run(_TRAIN, given)), preset["figure"]


@pytest.mark.parametrize("name", TITLES)
def test_a_browser_comes_to_what_the_figure_says(name: str, numerics: Tab) -> None:
    ours, figure = train(numerics, name)
    assert (ours["accuracy"], ours["distinct"]) == (figure["accuracy"], figure["distinct"])
    for reading in ("loss", "saturated", "gradientNorm"):
        assert ours[reading] == pytest.approx(figure[reading], abs=1e-9)


def test_another_rate_comes_to_something_else(numerics: Tab) -> None:
    ours, figure = train(numerics, "random", by=0.99)
    assert abs(ours["loss"] - figure["loss"]) > 1e-6
