"""The widget "one signal, any scale": its net is the product's, and its slider can be worked by keys alone."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import islice
from math import sqrt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.special import ndtri

from reportgen.chapters.live import SIGNAL
from reportgen.judgments.verdicts import verdict_table
from reportgen.nn.activations import activations
from reportgen.nn.probe import Network, Probe
from reportgen.presets import ACTIVATIONS
from tests.browsers.planting import plant_widget
from tests.browsers.tab import Browser, Tab
from tests.lab.twin import normals, stream, uniforms

WIDTH, COUNT, SEED, DEPTH, GREATEST = 64, 48, 1, 20, 50
SCALES = (1e-4, 0.0064, 1 / 3, 1.0, 2.0, 4.0, 64.0)

Floats = NDArray[np.float64]

DATA = {
    "rows": ["normal(1)", "he"],
    "scales": [128.0, 2.0],
    "depths": [20],
    "words": ["explodes", "healthy"],
    "verdicts": {"relu": [[0, 1]]},
}

NUMBERS = ["rmsZ", "rmsH", "rmsDelta", "signal", "saturated", "dead"]
MOMENTS = ["pre_activation_second_moment", "activation_second_moment", "delta_second_moment"]

PASS = f"""([shape, asked]) => {{
    const chain = new Lab.Chain(shape);
    return asked.map(one => {{
        const readings = Lab.readings(chain.pass(one), shape.count).slice(0, -1);
        const numbers = readings.map(layer => {NUMBERS}.map(name => layer[name]));
        return {{verdict: Lab.verdict(readings).verdict, numbers}};
    }});
}}"""

TOLD = "() => document.querySelector('.signal-verdict').textContent"
STATUS = "() => document.querySelector('.lab-status').textContent"
PRESSED = "at => document.querySelector(`.signal-stops :nth-child(${at})[aria-pressed=true]`)?.textContent"
FOCUS = "name => document.querySelector(`[name=${name}]`).focus()"
SHOWS = "text => document.querySelector('.lab-status').textContent.includes(text)"


@pytest.fixture(scope="module")
def chains(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    """Return a tab whose numbers alone are looked at."""
    with browser.tab() as opened:
        opened.open(plant_widget(tmp_path_factory.mktemp("chains"), SIGNAL))
        yield opened


@pytest.fixture
def tab(browser: Browser, tmp_path: Path) -> Iterator[Tab]:
    """Return a tab with the widget, which has drawn for the first time."""
    page = plant_widget(tmp_path, SIGNAL, DATA)
    with browser.tab() as opened:
        opened.open(page)
        opened.wait(STATUS)
        yield opened
        assert opened.faults == []


@cache
def columns(use: str) -> Floats:
    """Return the standard normal inputs, or cotangents, of a chain."""
    size = COUNT * WIDTH
    numbers = np.fromiter(islice(uniforms(stream(SEED, use)), size), float, size)
    return np.asarray(ndtri(numbers).reshape(COUNT, WIDTH))


@cache
def weights() -> list[Floats]:
    """Return the weights of a chain before they are scaled."""
    return normals(SEED, [WIDTH] * (GREATEST + 1))


@cache
def product(activation: str, scale: float, depth: int, dtype: str = "float64") -> pd.DataFrame:
    """Return what the product measures of the layers of the same net."""
    scaled = [(sqrt(scale / WIDTH) * W).astype(dtype) for W in weights()[:depth]]
    network = Network(scaled, None, activations.get(activation))
    probe = Probe([depth], COUNT, WIDTH, dtype)
    with np.errstate(all="ignore"):
        up = list(probe.up(network, columns("inputs").astype(dtype)))
        down = {one.layer: one for one in probe.down(network, columns("cotangent").astype(dtype))}
    layers = pd.DataFrame(up).assign(layer=range(1, depth + 1), initializer="any", activation=activation)
    arrived = [down[layer] for layer in layers["layer"]]
    return layers.assign(
        delta_rms=[one.delta_rms for one in arrived],
        delta_second_moment=[one.delta_rms**2 for one in arrived],
        weight_gradient_norm=[one.gradient_norm for one in arrived],
        finite_gradient=[one.finite_fraction for one in arrived],
        data="gaussian",
        replicate=0,
        depth=depth,
        width=WIDTH,
        distinct_units=WIDTH,
    )


def judged(layers: pd.DataFrame) -> str:
    """Return the product's verdict on these layers."""
    gradients = layers.assign(finite_fraction=layers["finite_gradient"])
    (verdict,) = verdict_table({"forward": layers, "gradients": gradients, "diversity": layers})["verdict"]
    return str(verdict)


def shape(seed: int = SEED) -> dict[str, int]:
    """Return what a chain is made of."""
    return {"width": WIDTH, "count": COUNT, "seed": seed}


def asked(activation: str, scale: float, depth: int = DEPTH) -> dict[str, object]:
    """Return what a chain is asked for."""
    return {"activation": activation, "scale": scale, "depth": depth}


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_signal_gradient_and_shares_are_the_products_for_the_same_weights(chains: Tab, activation: str) -> None:
    """Large tanh nets are chaotic: rounding grows from layer to layer, which is why the scales end at 64."""
    for found, scale in zip(
        chains.run(PASS, [shape(), [asked(activation, one) for one in SCALES]]), SCALES, strict=True
    ):
        layers = product(activation, scale, DEPTH)
        assert found["verdict"] == judged(layers), scale
        ours = dict(zip(NUMBERS, np.array(found["numbers"], float).T, strict=True))
        for name, column in zip(NUMBERS[:3], MOMENTS, strict=True):
            np.testing.assert_allclose(ours[name], np.sqrt(layers[column].to_numpy(float)), 1e-7, err_msg=name)
        # What differs between inputs has as many digits as it is large beside what does not.
        variance = np.sqrt(layers["activation_variance"].to_numpy(float))
        np.testing.assert_allclose(ours["signal"], variance, 1e-6, 1e-13 * ours["rmsH"].max())
        for name, column, count in (
            ("saturated", "saturated_fraction", COUNT * WIDTH),
            ("dead", "dead_fraction", WIDTH),
        ):
            np.testing.assert_allclose(ours[name], layers[column].to_numpy(float), 0, 2 / count, err_msg=name)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_verdicts_are_the_products_in_shallow_and_deep_nets_of_huge_weights(chains: Tab, activation: str) -> None:
    nets = [(1e4, 2), (1000.0, 5), (256.0, 10), (1e-4, 2)]
    found = chains.run(PASS, [shape(), [asked(activation, *net) for net in nets]])
    assert [one["verdict"] for one in found] == [judged(product(activation, *net, "float32")) for net in nets]


def test_a_number_that_single_precision_cannot_hold_overflows_as_in_the_product(chains: Tab) -> None:
    (found,) = chains.run(PASS, [shape(), [asked("relu", 1e4, 50)]])
    assert found["verdict"] == judged(product("relu", 1e4, 50, "float32")) == "overflows"


def test_a_deeper_net_keeps_its_lower_layers_and_a_scale_only_multiplies(chains: Tab) -> None:
    """A linear net of half the scale has a signal that is smaller by the root of it, layer by layer."""
    nets = [asked("linear", 1, 5), asked("linear", 1, 9), asked("linear", 0.25, 5)]
    short, deep, small = (np.array(one["numbers"])[:, 1] for one in chains.run(PASS, [shape(), nets]))
    np.testing.assert_array_equal(short, deep[:5])
    np.testing.assert_allclose(small, short * 0.5 ** np.arange(1, 6), rtol=1e-12)


def test_histograms_hold_every_output_and_flat_ones_once_more(chains: Tab) -> None:
    found = chains.run("""() => {
        const chain = new Lab.Chain({width: 64, count: 48, seed: 1});
        const net = chain.pass({activation: "tanh", depth: 3, scale: 9});
        const range = {from: -1, to: 1, bins: 27, flat: 0.05};
        const sum = shares => shares.reduce((total, share) => total + share, 0);
        const shares = net.layers.slice(0, -1).map(layer => Lab.histogram(layer, range));
        const [reading] = Lab.readings(net, 48);
        return [shares.map(({all}) => sum(all)), sum(shares[0].flat), reading.saturated];
    }""")
    assert found[0] == pytest.approx([1.0] * 3)
    assert found[1] == pytest.approx(found[2])


def test_a_step_of_the_slider_is_computed_between_two_frames(chains: Tab) -> None:
    """It takes some 20 ms on a machine that does nothing else; the limit leaves room for one that does."""
    times = chains.run("""() => {
        const chain = new Lab.Chain({width: 64, count: 48, seed: 1});
        return Array.from({length: 12}, (_, at) => {
            const begun = performance.now();
            Lab.verdict(Lab.readings(chain.pass({activation: "tanh", depth: 20, scale: 1 + at}), 48).slice(0, -1));
            return performance.now() - begun;
        });
    }""")
    assert min(times) < 100


def test_the_first_picture_is_told_in_words_and_has_labels(tab: Tab) -> None:
    assert tab.run(TOLD) == "Stanh, 20 layers, scale 64: saturates"
    labels = tab.run("() => [...document.querySelectorAll('.lab-live [role=img]')].map(one => one.ariaLabel)")
    assert len(labels) == 3
    assert all(labels)


def test_arrow_keys_on_the_slider_change_scale_reading_and_address(tab: Tab) -> None:
    tab.run(FOCUS, "place")
    tab.press(*["ArrowLeft"] * 10)
    tab.wait(SHOWS, "scale 40")
    scale, text, hash_ = tab.run("""() => [document.querySelector("[name=scale]").value,
        document.querySelector("[name=place]").getAttribute("aria-valuetext"), location.hash]""")
    assert float(scale) == pytest.approx(64 * 10**-0.2, rel=0.02)
    assert text == "40"
    assert hash_ == f"#signal:scale={scale}&activation=tanh&depth=20&seed=1"


def test_named_starts_are_stops_of_their_declared_scale(tab: Tab) -> None:
    tab.click(".signal-stops button:nth-child(3)")
    tab.wait(SHOWS, "scale 1:")
    assert tab.run("() => document.querySelector('[name=place]').getAttribute('aria-valuetext')") == "1, Glorot, LeCun"
    scales: dict[str, float] = {}
    for at in range(1, 6):
        tab.click(f".signal-stops button:nth-child({at})")
        label = tab.wait(
            f"() => document.querySelector('.signal-stops :nth-child({at})[aria-pressed=true]')?.textContent"
        )
        scales[label] = float(tab.run("() => document.querySelector('[name=scale]').value"))
    expected = {"normal(0.01)": 0.0064, "PyTorch": 1 / 3, "Glorot, LeCun": 1.0, "He": 2.0, "normal(1)": 64.0}
    assert scales == pytest.approx(expected, rel=1e-5)


def test_a_link_opens_the_state_that_it_names_and_what_is_not_allowed_is_left_out(tab: Tab, tmp_path: Path) -> None:
    page = (tmp_path / "page.html").as_uri()
    tab.open(f"{page}?other#signal:scale=2&activation=relu&depth=20&seed=5")
    tab.wait(SHOWS, "ReLU, 20 layers, scale 2: healthy")
    assert "Most networks that were measured for the map of the front page: healthy." in tab.run(STATUS)
    assert "This is one draw, 64 units per layer" in tab.run(STATUS)
    tab.run("() => { location.hash = '#signal:scale=1e99&activation=none&depth=-3' }")
    tab.wait(SHOWS, "tanh, 2 layers, scale 1.0·10⁴")


def test_many_settings_between_two_frames_are_drawn_once(tab: Tab) -> None:
    drawn = tab.run("""async () => {
        const place = document.querySelector("[name=place]");
        const words = document.querySelector(".signal-verdict strong");
        let changes = 0;
        new MutationObserver(() => changes++).observe(words, {childList: true});
        for (let at = 0; at < 20; at++) {
            place.value = at / 10;
            place.dispatchEvent(new Event("input", {bubbles: true}));
        }
        await new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)));
        return [changes, words.textContent];
    }""")
    assert drawn == [1, "tanh, 20 layers, scale 79: saturates"]


def test_a_pass_can_be_made_in_steps_of_one_layer_so_that_the_page_answers_in_between(chains: Tab) -> None:
    steps, is_same = chains.run("""() => {
        const asked = {activation: "tanh", depth: 5, scale: 9};
        const made = () => new Lab.Chain({width: 16, count: 8, seed: 3});
        const read = net => JSON.stringify(Lab.readings(net, 8).slice(0, -1));
        const all = made().steps(asked);
        let [count, step] = [0, all.next()];
        for (; !step.done; step = all.next()) count += 1;
        return [count, read(step.value) === read(made().pass(asked))];
    }""")
    assert steps == 3 * 5, "its weights, the way up and the way down"
    assert is_same
