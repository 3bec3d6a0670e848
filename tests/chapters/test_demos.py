"""The data of the playground: every digit of the nets that the figures show, under the names that its script knows."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from reportgen.chapters import CHAPTERS
from reportgen.chapters.demos import TITLES, pack_demos, read_live
from reportgen.judgments.frames import where
from reportgen.report.scripts import data_files
from tests.chapters.conftest import Measure, Read

SHOWING = [chapter for chapter in CHAPTERS if "playground" in [widget.name for widget in chapter.widgets]]


@pytest.fixture
def packed(measured: Measure) -> dict[str, Any]:
    return pack_demos(*read_live(measured(("demos",))))


def preset(packed: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = (one for one in packed["presets"] if one["name"] == name)
    return dict(found)


def test_two_pages_have_the_playground_and_its_data_are_small(read: Read) -> None:
    assert [chapter.slug for chapter in SHOWING] == ["symmetry", "playground"]
    (script,) = data_files([read(SHOWING[0])]).values()
    assert len(script) < 40_000


def test_every_preset_is_there_with_its_net_and_the_start_in_the_playgrounds_words(packed: dict[str, Any]) -> None:
    assert [one["name"] for one in packed["presets"]] == list(TITLES)
    shapes = {one["name"]: (one["widths"], one["rate"]) for one in packed["presets"]}
    assert {name for name, shape in shapes.items() if shape == ([2, 8, 8, 2], 0.5)} == {
        "zeros", "equal", "noise", "random"
    }  # fmt: skip
    assert {name for name, shape in shapes.items() if shape == ([2, 4, 4, 4, 2], 0.3)} == {"large", "small", "right"}
    starts = {one["name"]: tuple(one["start"].values()) for one in packed["presets"]}
    assert starts == {
        "zeros": ("zeros", None, None),
        "equal": ("constant", 0.2, None),
        "noise": ("constant_noise", 0.2, 0.01),
        "random": ("glorot_normal", None, None),
        "large": ("random_normal", 20.0, None),
        "small": ("random_normal", 0.01, None),
        "right": ("glorot_normal", None, None),
    }


def test_weights_stand_row_by_row_with_all_their_digits(packed: dict[str, Any], measured: Measure) -> None:
    again = json.loads(json.dumps(packed, allow_nan=False))
    weights = where(measured(("demos",))["demos_weights"], preset="large", layer=2)
    for below, unit, weight in weights[["input", "unit", "weight"]].to_numpy():
        assert preset(again, "large")["weights"][1][int(below) * 4 + int(unit)] == weight
    for one in again["presets"]:
        pairs = zip(one["widths"], one["widths"][1:], strict=False)
        assert [len(W) for W in one["weights"]] == [below * above for below, above in pairs]
        assert [len(b) for b in one["biases"]] == one["widths"][1:]
        assert not np.any(np.concatenate(one["biases"]))


def test_points_are_pairs_with_the_disc_as_label_one(packed: dict[str, Any], measured: Measure) -> None:
    x, y = np.array(packed["points"]["x"]).reshape(-1, 2), np.array(packed["points"]["y"])
    points = measured(("demos",))["demos_points"]
    np.testing.assert_array_equal(x, points[["x1", "x2"]])
    radius = np.hypot(*x.T)
    assert radius[y == 1].max() < radius[y == 0].max()
    assert len(y) == 101


def test_what_the_figure_says_is_what_its_net_came_to(packed: dict[str, Any], read: Read) -> None:
    chapter = SHOWING[-1]
    tables = read(chapter).tables
    for demo in ("alike", "halt"):
        for name, ends in where(getattr(tables, f"{demo}_ends"), live=1).groupby("preset"):
            figure = preset(packed, str(name))["figure"]
            assert (figure["accuracy"], figure["loss"]) == (ends["accuracy"].item(), ends["loss"].item())
            assert figure["distinct"][0] == ends["distinct_units"].item()
            assert figure["saturated"][0] == ends["saturated_fraction"].item()
            assert len(figure["gradientNorm"]) == len(figure["saturated"]) + 1 == len(figure["distinct"])
            assert figure["href"] == f"{chapter.slug}.html#figure-{demo}"
    assert {figure.slug for figure in chapter.figures} == {"alike", "halt"}
