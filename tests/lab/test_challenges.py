"""Challenges of the playground: each can be met, and what only looks like it is not taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from tests.browsers.tab import Browser, ScriptError
from tests.lab.playing import Desk, playground

PREDICT = "() => document.querySelector('.lab [name=prediction]').click()"
Values = Mapping[str, object]


@pytest.fixture(scope="module")
def opened(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with playground(browser, tmp_path_factory.mktemp("challenges")) as desk:
        yield desk


def begin(desk: Desk, challenge: str) -> None:
    desk.open(f"challenge={challenge}&speed=40")
    desk.tab.run(PREDICT)
    desk.press("Try it")


def tried(desk: Desk, values: Values) -> str:
    desk.set(**values)
    desk.press("Run 600 updates")
    return desk.text(".pg-met")


def met(desk: Desk, challenge: str, *attempts: Values) -> str:
    begin(desk, challenge)
    return [tried(desk, values) for values in attempts][-1]


@pytest.mark.parametrize(
    ("challenge", "attempts", "words"),
    [
        ("noise", [{"noise": 1e-7}, {"noise": 1e-8}], "With noise 1.0·10⁻⁷: two units differed by 0.2 after"),
        ("noise", [{"noise": 1e-8}, {"noise": 1e-7}], "; with 1.0·10⁻⁸ it failed."),
        ("six", [{"start": "random_normal", "size": 2}], "With normal, size 2, gradient descent"),
        ("six", [{"optimizer": "adam", "rate": 0.01}], "With Glorot normal, Adam, learning rate 0.01: "),
        ("rate", [{"rate": 3}], "With learning rate 3: "),
        ("biases", [{"biases": "normal", "biasSize": 0.1}], "With random biases, size of the biases 0.1: two"),
        ("largest", [{"size": 2}, {"size": 4}], "With size 2: "),
    ],
)
def test_every_challenge_can_be_met(opened: Desk, challenge: str, attempts: list[Values], words: str) -> None:
    said = met(opened, challenge, *attempts)
    assert said.startswith("Met. ")
    assert words in said
    assert "You predicted: " in said


@pytest.mark.parametrize(
    ("challenge", "attempts", "words"),
    [
        ("noise", [{"noise": 0.1}, {"noise": 0.001}], "It works"),
        ("noise", [{"noise": 1e-9}], "Not met"),
        ("noise", [{"noise": 1e-7}, {"seed": 2}, {"noise": 1e-8, "seed": 3}], "Not met"),
        ("six", [{"start": "he_normal"}], "Not met"),
        ("six", [{"layers": 2}], "No longer the net of the challenge: layers and units."),
        ("six", [{"activation": "tanh"}], "No longer the net of the challenge: activation."),
        ("rate", [{"rate": 10}], "Not met"),
        ("rate", [{"size": 1}], "No longer the net of the challenge: size."),
        ("rate", [{"optimizer": "adam", "rate": 0.01}], "No longer the net of the challenge: optimizer."),
        ("biases", [{"biases": "normal", "biasSize": 0.001}], "Not met"),
        ("biases", [{"start": "constant_noise"}], "No longer the net of the challenge: weights, size"),
        ("largest", [{"size": 16}], "Not met"),
        ("largest", [{"size": 1}, {"size": 2}], "It works"),
    ],
)
def test_a_wrong_attempt_is_not_accepted(opened: Desk, challenge: str, attempts: list[Values], words: str) -> None:
    said = met(opened, challenge, *attempts)
    assert said.startswith(words)


def test_a_net_that_takes_more_than_600_updates_has_not_met_a_challenge(opened: Desk) -> None:
    begin(opened, "rate")
    assert tried(opened, {"rate": 0.5}).startswith("Not met")
    opened.press("Run 600 updates")
    assert opened.status.startswith("Update 1200: ")
    assert opened.text(".pg-met").startswith("Not met")


def test_one_has_to_predict_first(opened: Desk) -> None:
    opened.open("challenge=six")
    for button in ("Try it", "Run 600 updates"):
        with pytest.raises(ScriptError, match="is disabled"):
            opened.press(button)
    opened.tab.run(PREDICT)
    opened.press("Try it")
    assert "start" in opened.text(".pg-met") or "weights" in opened.text(".pg-met")


def test_both_starts_count(opened: Desk) -> None:
    begin(opened, "noise")
    opened.set(compare="", start2="constant_noise", size2=0.2, noise2=1e-8)
    assert tried(opened, {"noise": 1e-7}).startswith("Met. With noise 1.0·10⁻⁷")
