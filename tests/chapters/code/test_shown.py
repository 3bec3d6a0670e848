"""The code that the page shows runs, and prints what is true of the reader's model."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from reportgen.report.folders import templates_folder

FOLDER = templates_folder() / "code"
FRAMEWORKS = ("pytorch", "keras", "jax")
NO_TORCH = "the oracle extra (PyTorch) is not installed"
INPUTS, UNITS, CLASSES, BATCH = 20, 200, 10, 500
STDDEV, RATE = 1.0, 0.125
"""Of the weights of the hidden layer, which saturates, and of gradient descent."""

X = np.random.default_rng(0).standard_normal((BATCH, INPUTS)).astype(np.float32)
Y = np.random.default_rng(1).integers(0, CLASSES, BATCH)


def source(name: str) -> str:
    return (FOLDER / f"{name}.py.jinja").read_text()


def health(framework: str) -> Callable[..., None]:
    names: dict[str, Any] = {}
    exec(source(f"health-{framework}"), names)
    function: Callable[..., None] = names["health"]
    return function


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_code_that_looks_at_a_model_is_short_and_no_template(framework: str) -> None:
    text = source(f"health-{framework}")
    assert sum(bool(line.strip()) for line in text.splitlines()) <= 18
    assert not re.search(r"\{\{|\{%|\{#", text)
    assert max(map(len, text.splitlines())) <= 90


def printed(capsys: pytest.CaptureFixture[str]) -> list[dict[str, float]]:
    """Return the numbers of every line that was printed, by the word before them."""
    lines = capsys.readouterr().out.splitlines()
    return [{word: number(value) for word, value in re.findall(r"(\w+) ([\d.e+-]+%?)", line)} for line in lines]


def number(text: str) -> float:
    return float(text[:-1]) / 100 if text.endswith("%") else float(text)


def expected(kernel: Any, after: Any) -> dict[str, float]:
    """Return what is true of the hidden layer: tanh's slope is below a twentieth where 1 - tanh² is."""
    z = X @ kernel
    return {
        "rms": float(np.sqrt(np.mean(z**2))),
        "saturated": float(np.mean(1 - np.tanh(z) ** 2 < 0.05)),
        "update": float(np.linalg.norm(after - kernel) / np.linalg.norm(kernel)),
    }


def test_it_prints_what_is_true_of_a_model_of_pytorch(capsys: pytest.CaptureFixture[str]) -> None:
    torch = pytest.importorskip("torch", reason=NO_TORCH)
    torch.manual_seed(0)
    nn = torch.nn
    model = nn.Sequential(nn.Linear(INPUTS, UNITS, bias=False), nn.Tanh(), nn.Linear(UNITS, CLASSES), nn.ReLU())
    nn.init.normal_(model[0].weight, std=STDDEV)
    before = model[0].weight.detach().numpy().T.copy()
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    health("pytorch")(model, optimizer, nn.functional.cross_entropy, torch.from_numpy(X), torch.from_numpy(Y))
    first, second, last, relu = printed(capsys)
    true = expected(before, model[0].weight.detach().numpy().T)
    assert first["rms"] == pytest.approx(true["rms"], rel=0.06)
    assert first["update"] == pytest.approx(true["update"], rel=0.06)
    assert second["saturated"] == pytest.approx(true["saturated"], abs=0.006)
    assert second["rms"] < 1 < first["rms"]
    assert last["update"] > 0
    assert 0.2 < relu["saturated"] < 0.8


def test_it_prints_what_is_true_of_a_model_of_keras(capsys: pytest.CaptureFixture[str]) -> None:
    keras = pytest.importorskip("keras")
    keras.utils.set_random_seed(0)
    dense = keras.layers.Dense
    start = keras.initializers.RandomNormal(stddev=STDDEV)
    model = keras.Sequential([dense(UNITS, activation="tanh", kernel_initializer=start), dense(CLASSES)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.SGD(RATE), loss=loss)
    model.build((None, INPUTS))
    before = keras.ops.convert_to_numpy(model.layers[0].kernel).copy()
    health("keras")(model, X, Y)
    first, last = printed(capsys)
    true = expected(before, keras.ops.convert_to_numpy(model.layers[0].kernel))
    assert first == {name: pytest.approx(value, rel=0.06) for name, value in true.items()}
    assert last["saturated"] == 0


def test_it_prints_what_is_true_of_a_model_of_jax(capsys: pytest.CaptureFixture[str]) -> None:
    jax, nn, optax = (pytest.importorskip(name) for name in ("jax", "flax.linen", "optax"))

    class Net(nn.Module):  # type: ignore[misc, name-defined]
        @nn.compact  # type: ignore[untyped-decorator]
        def __call__(self, x: Any) -> Any:
            h = jax.numpy.tanh(nn.Dense(UNITS, kernel_init=start)(x))
            return nn.Dense(CLASSES)(h)

    start = jax.nn.initializers.normal(STDDEV)
    model, optimizer = Net(), optax.sgd(RATE)
    params = model.init(jax.random.key(0), X)

    def loss_fn(outputs: Any, labels: Any) -> Any:
        return optax.softmax_cross_entropy_with_integer_labels(outputs, labels).mean()

    health("jax")(model, params, optimizer, optimizer.init(params), loss_fn, jax.numpy.tanh, X, Y)
    first, _ = printed(capsys)
    gradients = jax.grad(lambda p: loss_fn(model.apply(p, X), Y))(params)
    before, gradient = (np.asarray(tree["params"]["Dense_0"]["kernel"]) for tree in (params, gradients))
    true = expected(before, before - RATE * gradient)
    assert first == {name: pytest.approx(value, rel=0.06) for name, value in true.items()}


# One line per layer --------------------------------------------------------------------------------------------------


def test_the_start_of_pytorch_is_he_s() -> None:
    torch = pytest.importorskip("torch", reason=NO_TORCH)
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(512, 256), torch.nn.ReLU(), torch.nn.Linear(256, 10))
    names: dict[str, Any] = {}
    exec(source("start-pytorch"), names)
    names["start"](model)
    assert 512 * model[0].weight.detach().numpy().var() == pytest.approx(2, rel=0.03)
    assert 256 * model[2].weight.detach().numpy().var() == pytest.approx(1, rel=0.1)
    assert not model[0].bias.any()


def test_the_start_of_keras_is_he_s() -> None:
    keras = pytest.importorskip("keras")
    names: dict[str, Any] = {}
    exec(source("start-keras"), names)
    model = names["model"]
    model.build((None, 512))
    assert 512 * keras.ops.convert_to_numpy(model.layers[0].kernel).var() == pytest.approx(2, rel=0.03)


def test_the_start_of_jax_is_he_s() -> None:
    jax = pytest.importorskip("jax")
    pytest.importorskip("flax")
    names: dict[str, Any] = {"__name__": "shown"}
    exec(source("start-jax"), names)
    params = names["Net"]().init(jax.random.key(0), np.ones((1, 512)))["params"]
    assert 512 * np.asarray(params["Dense_0"]["kernel"]).var() == pytest.approx(2, rel=0.03)


# Facts about the frameworks that the prose tells ---------------------------------------------------------------------


def test_the_slopes_of_leaky_relu_are_those_that_the_page_tells() -> None:
    keras, jax = pytest.importorskip("keras"), pytest.importorskip("jax")
    assert keras.layers.LeakyReLU().negative_slope == pytest.approx(0.3)
    assert float(keras.activations.leaky_relu(keras.ops.array([-1.0]))[0]) == pytest.approx(-0.2)
    assert float(jax.nn.leaky_relu(-1.0)) == pytest.approx(-0.01)


def test_a_key_of_jax_that_is_used_twice_gives_the_same_weights() -> None:
    jax = pytest.importorskip("jax")
    one, other = (jax.nn.initializers.he_normal()(jax.random.key(0), (4, 4)) for _ in range(2))
    assert (one == other).all()


def test_pytorch_does_what_the_page_tells() -> None:
    torch = pytest.importorskip("torch", reason=NO_TORCH)
    init = torch.nn.init
    assert torch.nn.LeakyReLU().negative_slope == pytest.approx(0.01)
    assert (init.calculate_gain("tanh"), init.calculate_gain("selu")) == (5 / 3, 3 / 4)
    convolution, transposed = torch.nn.Conv2d(64, 128, 3), torch.nn.ConvTranspose2d(64, 128, 3)
    assert init._calculate_fan_in_and_fan_out(convolution.weight)[0] == 3 * 3 * 64
    assert init._calculate_fan_in_and_fan_out(transposed.weight)[0] == 3 * 3 * 128  # the outputs


@pytest.mark.parametrize("framework", ["keras", "jax"])
def test_a_convolution_counts_its_window(framework: str) -> None:
    keras = pytest.importorskip("keras")
    if framework == "keras":
        layer = keras.layers.Conv2D(128, 3, kernel_initializer="he_normal")
        layer.build((None, 9, 9, 64))
        kernel = keras.ops.convert_to_numpy(layer.kernel)
    else:
        jax = pytest.importorskip("jax")
        kernel = np.asarray(jax.nn.initializers.he_normal()(jax.random.key(0), (3, 3, 64, 128)))
    assert 3 * 3 * 64 * kernel.var() == pytest.approx(2, rel=0.03)
