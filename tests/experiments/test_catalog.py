"""Cards: the registry's words, lines of code that are read back as what they are for, and densities of the draws."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from reportgen.experiments.catalog import EXPERIMENT, activations, starts
from reportgen.nn import spelled
from reportgen.nn.activations import activations as all_activations
from reportgen.nn.initializers import initializer, initializers
from reportgen.presets import ACTIVATIONS, INITIALIZERS
from tests.experiments.measuring import tables

FAN_IN, FAN_OUT = 300, 200
NO_TORCH = "the oracle extra (PyTorch) is not installed"


@pytest.fixture(scope="module")
def cards() -> dict[str, pd.DataFrame]:
    return tables(EXPERIMENT, [starts.Cards(INITIALIZERS, 64)])


def test_the_drawn_weights_have_the_variance_that_is_declared(cards: dict[str, pd.DataFrame]) -> None:
    table = cards["catalog_starts"]
    np.testing.assert_allclose(table["measured"], table["sigma_w2"], rtol=5 * np.sqrt(2 / table["weights"].min()))


def test_a_density_holds_all_weights_that_are_in_its_range(cards: dict[str, pd.DataFrame]) -> None:
    table = cards["catalog_densities"]
    inside = (table["density"] * 0.1).groupby(table["initializer"]).sum()
    assert inside["he_uniform"] == pytest.approx(1)
    assert inside["zeros"] == pytest.approx(1)
    # A standard normal number times eight is beyond 4.05 in size with probability 0.61.
    assert inside["random_normal(stddev=1)"] == pytest.approx(1 - 0.6126, abs=0.01)
    normal = table[table["initializer"] == "random_normal(stddev=1)"].set_index("weight")["density"]
    assert normal.mean() == pytest.approx(0.0478, rel=0.02)  # the density of N(0, 64), averaged from -4.05 to 4.05


def written(line: str) -> str:
    """Return what makes the weights in a line of Keras or JAX."""
    found = re.search(r"kernel_init(?:ializer)?=(.+)\)$", line)
    assert found
    return found[1].strip('"')


@pytest.mark.parametrize("name", INITIALIZERS)
def test_every_start_of_the_battery_has_lines_that_are_read_back_as_it(name: str) -> None:
    lines = starts.lines(name)
    assert set(lines) == {"Keras", "PyTorch", "JAX"}
    texts = {framework: written(line) for framework, line in lines.items() if framework != "PyTorch"}
    texts["PyTorch"] = lines["PyTorch"].partition(";")[0]
    for framework, text in texts.items():
        if "lambda" in text:
            continue
        read = initializers.get(text if "(" in text or "." in text else f"keras.initializers.{text}")
        assert read.sigma_w2(FAN_IN, FAN_OUT) == pytest.approx(
            initializers.get(name).sigma_w2(FAN_IN, FAN_OUT), rel=1e-5
        ), framework


@pytest.mark.parametrize("name", INITIALIZERS)
def test_a_line_of_pytorch_runs_and_gives_the_start(name: str) -> None:
    torch = pytest.importorskip("torch", reason=NO_TORCH)
    torch.manual_seed(0)
    layer = torch.nn.Linear(FAN_IN, FAN_OUT)
    exec(starts.lines(name)["PyTorch"], {"nn": torch.nn, "w": layer.weight, "b": layer.bias})
    assert_start(name, layer.weight.detach().numpy())
    assert not layer.bias.any()


@pytest.mark.parametrize("name", INITIALIZERS)
def test_a_line_of_keras_runs_and_gives_the_start(name: str) -> None:
    keras = pytest.importorskip("keras")
    layer = eval(starts.lines(name)["Keras"], {"keras": keras, "Dense": keras.layers.Dense, "units": FAN_OUT})
    layer.build((None, FAN_IN))
    assert_start(name, keras.ops.convert_to_numpy(layer.kernel))


@pytest.mark.parametrize("name", INITIALIZERS)
def test_a_line_of_jax_runs_and_gives_the_start(name: str) -> None:
    jax, nn = pytest.importorskip("jax"), pytest.importorskip("flax.linen")
    layer = eval(starts.lines(name)["JAX"], {"jax": jax, "nn": nn, "units": FAN_OUT})
    assert_start(name, np.asarray(layer.init(jax.random.key(0), np.ones((1, FAN_IN)))["params"]["kernel"]))


def assert_start(name: str, weights: np.ndarray) -> None:
    variance = initializers.get(name).variance(FAN_IN, FAN_OUT)
    assert variance is not None
    assert float(weights.astype(float).var()) == pytest.approx(variance, rel=5 * np.sqrt(2 / weights.size), abs=1e-12)


def test_a_start_without_a_short_line_has_none() -> None:
    assert starts.lines("he_normal(mode=fan_out)") == {}


@pytest.mark.usefixtures("without_plugins")
def test_an_added_start_gets_a_card_with_what_it_says_of_itself() -> None:
    @initializer("coin", variance=lambda *_: 0.01, label="coin", formula=r"w = \pm 0.1", reference="a friend")
    def coin(rng: np.random.Generator, fan_in: int, fan_out: int) -> np.ndarray:
        return 0.1 * rng.choice([-1.0, 1.0], (fan_in, fan_out))

    (row,) = tables(EXPERIMENT, [starts.Cards(("coin",), 64)])["catalog_starts"].to_dict("records")
    assert (row["label"], row["formula"], row["reference"], row["pytorch"]) == ("coin", r"w = \pm 0.1", "a friend", "")
    assert row["measured"] == pytest.approx(0.64, rel=1e-3)
    assert row["ours"] == 0


ADDED = (
    "random_normal(stddev=0.3)",
    "random_uniform(minval=0, maxval=1)",
    "constant(value=-1e+30)",
    "ones",
    "identity",
    "sparse",
    "he_uniform(negative_slope=0.5)",
)


@pytest.mark.parametrize("name", ADDED)
def test_a_line_of_pytorch_for_an_added_start_of_ours_gives_it(name: str) -> None:
    torch = pytest.importorskip("torch", reason=NO_TORCH)
    torch.manual_seed(0)
    layer = torch.nn.Linear(FAN_IN, FAN_IN)
    exec(starts.lines(name)["PyTorch"], {"nn": torch.nn, "w": layer.weight, "b": layer.bias})
    weights = layer.weight.detach().numpy().astype(float)
    drawn = initializers.get(name).draw(np.random.default_rng(0), FAN_IN, FAN_IN)
    assert weights.mean() == pytest.approx(drawn.mean(), rel=0.02, abs=3 * drawn.std() / FAN_IN)
    assert weights.std() == pytest.approx(drawn.std(), rel=0.05, abs=1e-6 * abs(drawn).max())


def test_lines_for_what_is_added_are_those_of_the_framework_with_its_own_parameters() -> None:
    assert starts.lines("random_normal(stddev=0.3)") == {
        "Keras": "Dense(units, kernel_initializer=keras.initializers.RandomNormal(stddev=0.3))",
        "PyTorch": "nn.init.normal_(w, std=0.3); nn.init.zeros_(b)",
        "JAX": "nn.Dense(units, kernel_init=jax.nn.initializers.normal(stddev=0.3))",
    }
    assert spelled.activation_lines("gelu(approximate=True)") == {
        "Keras": "keras.activations.gelu(z, approximate=True)",
        "PyTorch": "nn.GELU(approximate='tanh')",
        "JAX": "jax.nn.gelu(z)",
    }
    assert spelled.activation_lines("hard_tanh(min_val=-2, max_val=2)") == {
        "PyTorch": "nn.Hardtanh(min_val=-2, max_val=2)"
    }


@pytest.mark.parametrize("name", [*all_activations.names(), "leaky_relu(0.2)", "celu(0.5)", "threshold(0.1, 20)"])
def test_the_line_of_pytorch_for_an_added_activation_is_the_activation(name: str) -> None:
    torch = pytest.importorskip("torch", reason=NO_TORCH)
    if line := spelled.activation_lines(name).get("PyTorch"):
        values = eval(line, {"nn": torch.nn})(torch.from_numpy(Z)).numpy()
        np.testing.assert_allclose(values, all_activations.get(name).phi(Z), atol=2e-6)


def test_the_letters_of_a_formula_of_ours_have_their_values() -> None:
    names = ("leaky_relu(negative_slope=0.2)", "threshold(threshold=0.1, value=20)", "silu", "silu(beta=1.5)", "relu")
    rows = tables(EXPERIMENT, [activations.Functions(name) for name in names])["catalog_activations"]
    told = dict(zip(rows["activation"], rows["values"], strict=True))
    assert list(told.values()) == ["a = 0.2", r"\theta = 0.1, v = 20", "", r"\beta = 1.5", ""]
    assert set(rows["ours"]) == {1}
    for name, symbols in activations.SYMBOLS.items():
        assert set(symbols) <= set(all_activations.parameters(name))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_of_the_battery_has_lines_that_are_read_back_as_it(name: str) -> None:
    for line in activations.LINES[name]:
        assert all_activations.get(line.replace('Dense(units, activation="', "").replace('")', "")).name == name


Z = np.linspace(-4, 4, 33, dtype=np.float32)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_line_of_pytorch_is_the_activation(name: str) -> None:
    torch = pytest.importorskip("torch", reason=NO_TORCH)
    values = eval(activations.LINES[name][1], {"nn": torch.nn})(torch.from_numpy(Z)).numpy()
    np.testing.assert_allclose(values, all_activations.get(name).phi(Z), atol=2e-6)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_line_of_keras_is_the_activation(name: str) -> None:
    keras = pytest.importorskip("keras")
    layer = eval(activations.LINES[name][0], {"keras": keras, "Dense": keras.layers.Dense, "units": 1})
    phi = getattr(layer, "activation", layer)
    values = keras.ops.convert_to_numpy(phi(keras.ops.convert_to_tensor(Z)))
    np.testing.assert_allclose(values, all_activations.get(name).phi(Z), atol=2e-6)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_line_of_jax_is_the_activation(name: str) -> None:
    jax = pytest.importorskip("jax")
    values = eval(activations.LINES[name][2], {"jax": jax, "z": jax.numpy.asarray(Z)})
    np.testing.assert_allclose(values, all_activations.get(name).phi(Z), atol=2e-6)


def test_a_card_of_an_activation_says_what_the_registry_knows() -> None:
    table = tables(EXPERIMENT, [activations.Functions(name) for name in ("sigmoid", "gelu", "mish")])
    rows = table["catalog_activations"].set_index("activation")
    assert rows.loc["sigmoid", "bounded"] == 1
    assert rows.loc["sigmoid", "greatest_slope"] == pytest.approx(0.25)
    assert rows.loc["gelu", "greatest_slope"] == pytest.approx(1.1289, abs=1e-4)
    assert rows.loc["mish", "pytorch"] == "nn.Mish()"
