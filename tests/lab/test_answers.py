"""The answers of the challenges hold for most seeds, as they say."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browsers.chromium import Chromium
from tests.lab.playing import Desk, playground

MET = """([challenge, given, seeds]) => {
    const { CHALLENGES, DEFAULTS, Run, hiddenOf } = Lab.playground;
    const { setup, goal: [succeeds] } = CHALLENGES[challenge];
    return Array.from({ length: seeds }, (_, seed) => {
        const settings = { ...DEFAULTS, ...setup, ...given, seed: seed + 1 };
        const points = Lab.problems.circle.draw(Lab.random.stream(seed + 1, "data"), 101);
        const net = { ...settings, hidden: hiddenOf(settings.net) };
        const run = new Run(net, { ...settings, name: settings.start }, points);
        for (let update = 1; update <= 600; update++) {
            run.advance();
            if (update % 50 === 0 && succeeds(run)) return true;
        }
        return false;
    }).filter(Boolean).length / seeds;
}"""
SEEDS = 8


@pytest.fixture(scope="module")
def desk(chromium: Chromium, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with playground(chromium, tmp_path_factory.mktemp("answers")) as opened:
        yield opened


@pytest.mark.parametrize(
    ("challenge", "given"),
    [
        ("noise", {"noise": 1e-5}),
        ("six", {"start": "random_normal", "size": 2}),
        ("six", {"optimizer": "adam", "rate": 0.01}),
        ("rate", {"rate": 3}),
        ("biases", {"biases": "normal", "biasSize": 0.2}),
        ("largest", {"size": 2}),
    ],
)
def test_what_works_works_from_most_seeds(desk: Desk, challenge: str, given: dict[str, object]) -> None:
    assert desk.tab.run(MET, [challenge, given, SEEDS]) > 0.6


@pytest.mark.parametrize(
    ("challenge", "given"),
    [
        ("noise", {"noise": 1e-11}),
        ("six", {}),
        ("six", {"rate": 5}),
        ("rate", {"rate": 10}),
        ("rate", {"net": "4-4-4", "rate": 3}),
        ("biases", {"biases": "normal", "biasSize": 0.01}),
        ("largest", {"size": 8}),
    ],
)
def test_what_fails_fails_from_most_seeds(desk: Desk, challenge: str, given: dict[str, object]) -> None:
    assert desk.tab.run(MET, [challenge, given, SEEDS]) < 0.4
