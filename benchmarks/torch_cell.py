"""A cell of the battery in straightforward PyTorch: a fresh network per depth and replicate, hooks, autograd.

The statistics are those of `Propagate`, accumulated in float64 too. Those of the way forward are taken of the deepest
network alone, since the layers of the others are its first ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import partial
from math import sqrt
from typing import Any

from benchmarks.torch_modules import MODULES, torch
from reportgen.experiments.propagation import Propagate
from reportgen.nn.activations import Activation, activations
from reportgen.nn.statistics import PRESSED, SATURATED_SLOPE

__all__ = ["Draw", "Rows", "draw_anew", "measure"]

Draw = Callable[[Any, int, int], None]
"""Fills a tensor: called with it, the replicate, and the layer from 1; inputs are layer 0, cotangents layer -1."""

Row = dict[str, float]
Rows = dict[str, list[Row]]
"""Table -> its rows."""


def measure(cell: Propagate, draw: Draw) -> Rows:
    """Measure a cell.

    Parameters
    ----------
    draw
        Draws weights, inputs and cotangents.
    """
    rows: Rows = defaultdict(list)
    for replicate in range(cell.replicates):
        inputs = torch.empty(cell.batch, cell.width)
        draw(inputs, replicate, 0)
        for depth in sorted(cell.depths):
            network = _network(cell, replicate, depth, draw)
            if depth == max(cell.depths):
                _measure_layers(network, cell, replicate, rows)
            zs = _keeping(network)
            h = network(inputs)
            cotangent = torch.empty_like(h)
            draw(cotangent, replicate, -1)
            h.backward(cotangent)
            for layer, (linear, z) in enumerate(zip(network[::2], zs, strict=True), 1):
                place: Row = {"replicate": replicate, "depth": depth, "layer": layer}
                rows["gradients"].append({**place, **_gradient_statistics(z.grad, linear.weight.grad)})
    return rows


def _network(cell: Propagate, replicate: int, depth: int, draw: Draw) -> Any:
    modules = []
    for layer in range(1, depth + 1):
        linear = torch.nn.utils.skip_init(torch.nn.Linear, cell.width, cell.width, bias=False)
        draw(linear.weight, replicate, layer)
        modules += [linear, MODULES[cell.activation]()]
    return torch.nn.Sequential(*modules)


def _keeping(network: Any) -> list[Any]:
    """Return a list that gets the pre-activations, with their gradients, when the network runs."""
    zs: list[Any] = []

    def keep(_module: Any, _inputs: Any, z: Any) -> None:
        z.retain_grad()
        zs.append(z)

    for linear in network[::2]:
        linear.register_forward_hook(keep)
    return zs


def _measure_layers(network: Any, cell: Propagate, replicate: int, rows: Rows) -> None:
    """Measure the weights of every layer, and its signals when the network runs."""
    activation = activations.get(cell.activation)

    def note(place: Row, phi: Any, inputs: Any, h: Any) -> None:
        z = inputs[0].detach()
        rows["forward"].append({**place, **_layer_statistics(z, h.detach(), _slope(phi, z), activation)})

    for layer, (linear, phi) in enumerate(zip(network[::2], network[1::2], strict=True), 1):
        place: Row = {"replicate": replicate, "layer": layer}
        rows["diversity"].append({**place, "distinct_units": _distinct(linear.weight.detach())})
        phi.register_forward_hook(partial(note, place))


def _slope(phi: Any, z: Any) -> Any:
    """Return phi'(z) by autograd, which serves every activation."""
    z = z.clone().requires_grad_()
    (slope,) = torch.autograd.grad(phi.forward(z).sum(), z)
    return slope


def _layer_statistics(z: Any, h: Any, slope: Any, activation: Activation) -> Row:
    found: Row = {}
    for name, values in (("pre_activation", z), ("activation", h)):
        wide = values.double()
        found[f"{name}_mean"] = wide.mean().item()
        found[f"{name}_second_moment"] = wide.square().mean().item()
        found[f"{name}_variance"] = wide.var(dim=0, correction=0).mean().item()
    saturated = slope.abs() < SATURATED_SLOPE * activation.greatest_slope
    found["saturated_fraction"] = saturated.double().mean().item()
    small = found["activation_second_moment"] < PRESSED**2 * found["pre_activation_second_moment"]
    found["pressed_fraction"] = found["saturated_fraction"] if activation.is_bounded and small else 0.0
    found["dead_fraction"] = saturated.all(dim=0).double().mean().item()
    found["finite_fraction"] = torch.isfinite(h).double().mean().item()
    return found


def _gradient_statistics(delta: Any, weight_gradient: Any) -> Row:
    return {
        "delta_rms": delta.double().square().mean().sqrt().item(),
        "weight_gradient_norm": weight_gradient.double().norm().item() / len(delta),
        "finite_fraction": torch.isfinite(delta).double().mean().item(),
    }


def _distinct(weight: Any) -> int:
    """Count the units whose incoming weights differ: rows, here; a look at their first entries mostly tells."""
    units = len(weight)
    return units if len(torch.unique(weight[:, 0])) == units else len(torch.unique(weight, dim=0))


def draw_anew(initializer: str) -> Draw:
    """Return a function that draws with PyTorch's own initializers."""
    init = torch.nn.init
    start = {
        "glorot_uniform": init.xavier_uniform_,
        "he_normal": _he_normal,
        "random_normal(stddev=0.01)": partial(init.normal_, std=0.01),
    }[initializer]

    def draw(values: Any, _replicate: int, layer: int) -> None:
        (start if layer > 0 else init.normal_)(values)

    return draw


def _he_normal(weight: Any) -> None:
    """Draw as Keras and JAX do: truncated at two standard deviations, and as wide as if it were not."""
    std = sqrt(2 / weight.shape[1]) / 0.87962566103423978
    torch.nn.init.trunc_normal_(weight, std=std, a=-2 * std, b=2 * std)
