"""The lines of code give the start that they are written for."""

from __future__ import annotations

import re

import numpy as np
import pytest

from reportgen.nn.initializers import initializers
from reportgen.nn.snippets import snippets

STARTS = (
    "glorot_normal",
    "glorot_normal(gain=4)",
    "he_normal",
    "he_normal(negative_slope=0.2)",
    "lecun_normal",
    "orthogonal",
    "orthogonal(gain=1.27)",
    "variance_scaling(scale=2.15)",
    "torch_default",
)
FAN_IN, FAN_OUT = 300, 200


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("framework", ["Keras", "JAX"])
def test_the_line_read_by_the_framework_s_own_names_is_the_start(start: str, framework: str) -> None:
    found = re.search(r"kernel_init(?:ializer)?=(.+)\)$", snippets(start)[framework])
    assert found
    text = found[1].strip('"')
    read = initializers.get(text if "(" in text else f"keras.initializers.{text}")
    item = initializers.get(start)
    assert read.sigma_w2(FAN_IN, FAN_OUT) == pytest.approx(item.sigma_w2(FAN_IN, FAN_OUT), rel=1e-5)
    one, other = (each.draw(np.random.default_rng(0), 30, 20) for each in (read, item))
    np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-8)


@pytest.mark.parametrize("start", [*STARTS, "centered_normal(gain=4)"])
def test_the_line_of_pytorch_runs_and_gives_the_variance(start: str) -> None:
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    layer = torch.nn.Linear(FAN_IN, FAN_OUT)
    exec(snippets(start)["PyTorch"], {"nn": torch.nn, "w": layer.weight, "b": layer.bias})
    weights = layer.weight.detach().numpy()
    variance = initializers.get(start).variance(FAN_IN, FAN_OUT)
    assert variance is not None
    # A sample variance of n normal numbers has a relative standard deviation of sqrt(2 / n).
    assert np.var(weights) == pytest.approx(variance, rel=5 * np.sqrt(2 / weights.size) + 1 / FAN_IN)
    assert not layer.bias.any()
    if "centered" in start:
        np.testing.assert_allclose(weights.sum(axis=1), 0, atol=1e-4)


@pytest.mark.parametrize(
    "start", ["zeros", "he_normal(mode=fan_out)", "random_normal", "glorot_normal(truncated=False)"]
)
def test_a_start_without_a_short_line_has_none(start: str) -> None:
    assert snippets(start) == {}
