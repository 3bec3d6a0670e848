"""What we say of PyTorch, Keras and JAX: the registry's draws have it, and so have the frameworks where installed."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reportgen.experiments.frameworks import EXPERIMENT
from reportgen.experiments.frameworks.defaults import CHANNELS, KERNEL, UNITS, WORDS
from reportgen.experiments.frameworks.names import LINES
from reportgen.experiments.frameworks.wording import in_code
from reportgen.nn.initializers import initializers
from tests.experiments.measuring import tables

ERRORS = 5
NO_TORCH = "the oracle extra (PyTorch) is not installed"


@cache
def measured() -> dict[str, pd.DataFrame]:
    return tables(EXPERIMENT, EXPERIMENT.work(None))  # type: ignore[arg-type]


def names() -> pd.DataFrame:
    return measured()["framework_names"]


def counterparts() -> pd.DataFrame:
    return names()[names()["initializer"] != ""]


def tolerance(weights: int) -> float:
    """Return a relative tolerance: that of a sample variance of n normal numbers has the standard deviation √(2/n)."""
    return ERRORS * float(np.sqrt(2 / weights))


# Names ---------------------------------------------------------------------------------------------------------------


def test_the_drawn_layers_have_the_variance_that_is_declared() -> None:
    table = counterparts().dropna(subset=["sigma_w2"])
    table = table[~table["initializer"].str.startswith("sparse")]  # a tenth of its weights decide
    expected = table["sigma_w2"].to_numpy(float)
    np.testing.assert_allclose(table["measured"], expected, rtol=tolerance(512 * 256))
    assert not np.allclose(table["measured"], 1.1 * expected, rtol=tolerance(512 * 256))


def test_what_has_no_counterpart_says_why() -> None:
    table = names()[names()["initializer"] == ""]
    assert set(table["line"]) == {
        "nn.init.dirac_(w)",
        "keras.initializers.STFT()",
        "jax.nn.initializers.delta_orthogonal()",
    }
    assert table["reason"].str.contains("dense matrices").all()


# Two vectors of numbers from U(0, 1) have in common E[w]² / E[w²] = (1/4) / (1/3).
def test_units_of_an_uncentered_start_look_alike() -> None:
    cosine = names().set_index("line")["cosine"]
    assert cosine["nn.init.uniform_(w)"] == pytest.approx(3 / 4, abs=0.01)
    assert cosine["jax.nn.initializers.uniform()"] == pytest.approx(3 / 4, abs=0.01)
    assert abs(cosine["keras.initializers.RandomUniform()"]) < 0.001
    assert cosine["nn.init.ones_(w)"] == pytest.approx(1)


def test_a_formula_is_written_without_latex() -> None:
    assert [item.name for item in initializers if "\\" in in_code(item.formula) or "{" in in_code(item.formula)] == []


@pytest.mark.parametrize("line", LINES["PyTorch"])
def test_a_line_of_pytorch_gives_what_the_table_says(line: str) -> None:
    torch = pytest.importorskip("torch", reason=NO_TORCH)
    torch.manual_seed(0)
    weight = torch.nn.Parameter(torch.empty(256, 512))
    if "dirac" in line:
        weight = torch.nn.Parameter(torch.empty(256, 512, 3, 3))
    exec(line, {"nn": torch.nn, "w": weight})
    compare(line, weight.detach().numpy().T)


def test_every_initializer_of_pytorch_has_a_line() -> None:
    init = pytest.importorskip("torch.nn.init", reason=NO_TORCH)
    public = {name for name in dir(init) if re.fullmatch(r"[a-z]\w*_", name)}
    assert {found[1] for line in LINES["PyTorch"] if (found := re.search(r"init\.(\w+)", line))} == public


@pytest.mark.parametrize("line", LINES["Keras"])
def test_a_line_of_keras_gives_what_the_table_says(line: str) -> None:
    keras = pytest.importorskip("keras")
    if "STFT" not in line:
        compare(line, np.asarray(eval(line, {"keras": keras})((512, 256))))


def test_every_initializer_of_keras_has_a_line() -> None:
    keras = pytest.importorskip("keras")
    classes = {value for name, value in vars(keras.initializers).items() if name[0].isupper() and name != "Initializer"}
    assert {type(eval(line, {"keras": keras})) for line in LINES["Keras"]} == classes


@pytest.mark.parametrize("line", LINES["JAX"])
def test_a_line_of_jax_gives_what_the_table_says(line: str) -> None:
    jax = pytest.importorskip("jax")
    if "delta" not in line:
        compare(line, np.asarray(eval(line, {"jax": jax})(jax.random.key(0), (512, 256))))


def test_every_initializer_of_jax_has_a_line() -> None:
    module = pytest.importorskip("jax.nn.initializers")
    public = {name for name in dir(module) if re.fullmatch(r"[a-z]\w*", name)}
    assert {found[1] for line in LINES["JAX"] if (found := re.search(r"initializers\.(\w+)", line))} == public


def compare(line: str, weights: Any) -> None:
    """Compare what a framework drew, shape (fan_in, fan_out), with the row of its line."""
    row = names().set_index("line").loc[line]
    if not row["initializer"]:
        return
    if row["initializer"].startswith("sparse"):
        assert np.mean(weights == 0) == pytest.approx(0.9, abs=0.005)
        return
    assert np.mean(weights) == pytest.approx(row["mean"], abs=ERRORS * np.std(weights) / np.sqrt(weights.size) + 1e-7)
    assert 512 * np.var(weights.astype(float)) == pytest.approx(
        row["measured"], rel=2 * tolerance(weights.size), abs=1e-9
    )
    if "normal" not in row["initializer"] and row["initializer"] != "orthogonal":
        assert weights.max() == pytest.approx(row["greatest"], rel=1e-3)


# Defaults of layers --------------------------------------------------------------------------------------------------


def default(framework: str, kind: str) -> pd.Series[Any]:
    table = measured()["framework_defaults"]
    (row,) = table[(table["framework"] == framework) & (table["kind"] == kind)].to_dict("records")
    return pd.Series(row)


def test_the_drawn_defaults_have_the_variance_that_is_declared() -> None:
    table = measured()["framework_defaults"]
    np.testing.assert_allclose(table["measured"], table["sigma_w2"], rtol=tolerance(UNITS**2))


def assert_default(framework: str, kind: str, weights: Any) -> None:
    row = default(framework, kind)
    values = np.asarray(weights, float)
    assert row["reads"] * values.var() == pytest.approx(row["sigma_w2"], rel=tolerance(min(values.size, UNITS**2)))


AREA = KERNEL**2 * CHANNELS


@pytest.mark.parametrize(
    ("kind", "build", "weights"),
    [
        ("dense", lambda nn: nn.Linear(UNITS, UNITS), "weight"),
        ("convolution", lambda nn: nn.Conv2d(CHANNELS, CHANNELS, KERNEL), "weight"),
        ("LSTM, inputs", lambda nn: nn.LSTM(UNITS, UNITS), "weight_ih_l0"),
        ("LSTM, state", lambda nn: nn.LSTM(UNITS, UNITS), "weight_hh_l0"),
        ("embedding", lambda nn: nn.Embedding(WORDS, UNITS), "weight"),
    ],
)
def test_a_layer_of_pytorch_starts_as_the_table_says(kind: str, build: Callable[[Any], Any], weights: str) -> None:
    torch = pytest.importorskip("torch", reason=NO_TORCH)
    torch.manual_seed(0)
    layer = build(torch.nn)
    assert_default("PyTorch", kind, getattr(layer, weights).detach().numpy())
    biases = [value.detach().numpy() for name, value in layer.named_parameters() if name.startswith("bias")]
    for bias in biases:
        bound = (AREA if kind == "convolution" else UNITS) ** -0.5
        assert 0.8 * bound < np.abs(bias).max() <= bound
    assert bool(biases) == (default("PyTorch", kind)["biases"] == "like the weights")


@pytest.mark.parametrize(
    ("kind", "build", "weights", "shape"),
    [
        ("dense", lambda layers: layers.Dense(UNITS), lambda layer: layer.kernel, (None, UNITS)),
        (
            "convolution",
            lambda layers: layers.Conv2D(CHANNELS, KERNEL),
            lambda layer: layer.kernel,
            (None, 9, 9, CHANNELS),
        ),
        ("LSTM, inputs", lambda layers: layers.LSTM(UNITS), lambda layer: layer.cell.kernel, (None, 2, UNITS)),
        ("LSTM, state", lambda layers: layers.LSTM(UNITS), lambda layer: layer.cell.recurrent_kernel, (None, 2, UNITS)),
        ("embedding", lambda layers: layers.Embedding(WORDS, UNITS), lambda layer: layer.embeddings, (None,)),
    ],
)
def test_a_layer_of_keras_starts_as_the_table_says(
    kind: str, build: Callable[[Any], Any], weights: Callable[[Any], Any], shape: tuple[int | None, ...]
) -> None:
    keras = pytest.importorskip("keras")
    keras.utils.set_random_seed(0)
    layer = build(keras.layers)
    layer.build(shape)
    assert_default("Keras", kind, keras.ops.convert_to_numpy(weights(layer)))
    if kind.startswith("LSTM"):
        bias = keras.ops.convert_to_numpy(layer.cell.bias)
        assert bias[UNITS : 2 * UNITS].tolist() == [1.0] * UNITS
        assert not bias[:UNITS].any()
        assert not bias[2 * UNITS :].any()


def test_the_layers_of_flax_start_as_the_table_says() -> None:
    jax, nn = pytest.importorskip("jax"), pytest.importorskip("flax.linen")
    key, ones = jax.random.key(0), jax.numpy.ones

    def parameters(layer: Any, *inputs: Any) -> Any:
        return layer.init(key, *inputs)["params"]

    assert_default("Flax", "dense", parameters(nn.Dense(UNITS), ones((1, UNITS)))["kernel"])
    convolution = nn.Conv(CHANNELS, (KERNEL, KERNEL))
    assert_default("Flax", "convolution", parameters(convolution, ones((1, 9, 9, CHANNELS)))["kernel"])
    assert_default("Flax", "embedding", parameters(nn.Embed(WORDS, UNITS), ones((1,), int))["embedding"])
    cell = nn.LSTMCell(UNITS)
    gates = parameters(cell, cell.initialize_carry(key, (1, UNITS)), ones((1, UNITS)))
    assert_default("Flax", "LSTM, inputs", gates["ii"]["kernel"])
    assert_default("Flax", "LSTM, state", gates["hi"]["kernel"])
    assert not any(gate["bias"].any() for gate in gates.values() if "bias" in gate)


def test_the_layers_of_haiku_start_as_the_table_says() -> None:
    jax, hk = pytest.importorskip("jax"), pytest.importorskip("haiku")
    ones = jax.numpy.ones

    def weights(build: Callable[[], Any], inputs: Any, name: str) -> Any:
        def run() -> Any:
            layer = build()
            return layer(inputs, layer.initial_state(1)) if isinstance(layer, hk.LSTM) else layer(inputs)

        (parameters,) = hk.transform(run).init(jax.random.PRNGKey(0)).values()
        return parameters[name]

    image = ones((1, 9, 9, CHANNELS))
    assert_default("Haiku", "dense", weights(lambda: hk.Linear(UNITS), ones((1, UNITS)), "w"))
    assert_default("Haiku", "convolution", weights(lambda: hk.Conv2D(CHANNELS, KERNEL), image, "w"))
    assert_default("Haiku", "LSTM, inputs", weights(lambda: hk.LSTM(UNITS), ones((1, UNITS)), "w"))
    assert_default("Haiku", "embedding", weights(lambda: hk.Embed(WORDS, UNITS), ones((1,), int), "embeddings"))


# Traps ---------------------------------------------------------------------------------------------------------------


def test_the_traps_have_the_values_that_are_known() -> None:
    table = measured()["framework_traps"]
    np.testing.assert_allclose(table["measured"], table["sigma_w2"], rtol=tolerance(512 * 256))
    found = {name: own["sigma_w2"].tolist() for name, own in table.groupby("trap")}
    cut = 0.87962566103423978**2
    assert found["cut at values"] == pytest.approx([512 * cut, 512 * 0.0004])
    assert found["cut at standard deviations"] == pytest.approx([512 * cut, 512 * 0.0004 * cut])
    assert found["transposed"] == pytest.approx([2 * found["as it should be"][0]])
    assert [found[f"orthogonal, {form}"] for form in ("narrower", "square", "wider")] == [[1.0], [1.0], [0.5]]


def test_pytorch_takes_the_two_sizes_from_the_places_that_the_trap_says() -> None:
    torch = pytest.importorskip("torch", reason=NO_TORCH)
    torch.manual_seed(0)
    ours = torch.empty(512, 256)  # (fan_in, fan_out), which PyTorch reads the other way round
    torch.nn.init.kaiming_normal_(ours, nonlinearity="relu")
    table = measured()["framework_traps"].set_index("trap")
    assert 512 * float(ours.var()) == pytest.approx(table.loc["transposed", "measured"], rel=2 * tolerance(512 * 256))


@pytest.mark.parametrize("seed", [None, 0])
def test_one_initializer_of_keras_gives_two_layers_the_same_weights(seed: int | None) -> None:
    keras = pytest.importorskip("keras")
    start = keras.initializers.HeNormal(seed=seed)
    one, other = (keras.layers.Dense(8, kernel_initializer=start) for _ in range(2))
    named = keras.layers.Dense(8, kernel_initializer="he_normal")
    for layer in (one, other, named):
        layer.build((None, 8))
    first, second, third = (keras.ops.convert_to_numpy(layer.kernel) for layer in (one, other, named))
    assert (first == second).all()
    assert (first != third).any()
