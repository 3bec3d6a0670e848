"""PyTorch, a second implementation, makes the same runs update by update and finds the same gradients, in float64."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise, product
from typing import Any

import numpy as np
import pytest

from reportgen.nn.activations import activations
from reportgen.nn.ensemble import PLAIN, Architecture, Array, Ensemble, Parameters
from reportgen.nn.examples import Examples
from reportgen.nn.optimizers import Optimizer, adam, sgd
from reportgen.nn.training import Batches, Dropout, loss_gradients, updates

torch = pytest.importorskip("torch", reason="the oracle extra (PyTorch) is not installed")
functional = torch.nn.functional

WIDTHS = (4, 6, 6, 6, 3)
MEMBERS, EXAMPLES, BATCH, UPDATES = 3, 41, 9, 12
RATES = (0.02, 0.05, 0.1)
"""One learning rate per member; an own torch.optim is made for each."""
DROPPED = 0.3

ARCHITECTURES = [Architecture(*forms) for forms in product((None, "layer", "batch"), (None, 1.0, 0.3))]

# Rounding (1.1e-16) of some hundred operations in each of a dozen updates, which mostly cancels; a wrong formula is off
# by 1e-6 and more, see below.
ROUNDING = 1e-13


def spelled(architecture: Architecture) -> str:
    branch = "no branch" if architecture.branch is None else f"branch {architecture.branch:g}"
    return f"{architecture.normalization or 'plain'}, {branch}"


@dataclass(frozen=True)
class Run:
    """A run in the words of both libraries, and details in which PyTorch may be told to differ."""

    ours: Optimizer
    theirs: Callable[..., Any]
    options: dict[str, Any] = field(default_factory=dict)
    architecture: Architecture = PLAIN
    dropped: float = 0.0
    biases: bool = True
    epsilon: float = 1e-5
    order: int = 5
    masks: int = 6


RUNS = {
    "plain": Run(sgd(RATES), torch.optim.SGD),
    "momentum": Run(sgd(RATES, momentum=0.9), torch.optim.SGD, {"momentum": 0.9}),
    "adam": Run(adam(RATES), torch.optim.Adam),
}


def network(*, biases: bool = True) -> Parameters:
    rng = np.random.default_rng(0)
    pairs = list(pairwise(WIDTHS))
    weights: list[Array] = [1.5 * rng.standard_normal((MEMBERS, *pair)) / np.sqrt(pair[0]) for pair in pairs]
    shifts: list[Array] = [0.3 * rng.standard_normal((MEMBERS, 1, fan_out)) for _, fan_out in pairs]
    return Parameters(weights, shifts if biases else None)


def examples(n: int = EXAMPLES) -> Examples:
    rng = np.random.default_rng(1)
    return Examples(rng.standard_normal((n, WIDTHS[0])), rng.integers(0, WIDTHS[-1], n), WIDTHS[-1])


def normalized(z: Any, kind: str | None, epsilon: float) -> Any:
    if kind == "layer":
        return functional.layer_norm(z, z.shape[-1:], eps=epsilon)
    return z if kind is None else functional.batch_norm(z, None, None, training=True, eps=epsilon)


def torch_layers(
    tensors: Sequence[Any], phi: Callable[..., Any], inputs: Any, architecture: Architecture, masks: Any, epsilon: float
) -> list[Any]:
    """Return the pre-activations of every layer of one network; its weights come first, then its biases, if any."""
    layers = len(WIDTHS) - 1
    weights, biases = tensors[:layers], tensors[layers:] or [0.0] * layers
    found: list[Any] = []
    h = inputs
    for layer, (W, b) in enumerate(zip(weights, biases, strict=True)):
        z = h @ W + b
        if architecture.branch is not None and 0 < layer < layers - 1:
            z = found[-1] + architecture.branch * z
        found.append(z)
        if layer < layers - 1:
            h = phi(normalized(z, architecture.normalization, epsilon)) * (masks[layer] if masks else 1)
    return found


def batches(order: int) -> Iterator[np.ndarray]:
    """Yield the rows of each update: a new shuffle per pass, without its last rows that fill no batch."""
    rng = np.random.default_rng(order)
    while True:
        rows = rng.permutation(EXAMPLES)
        yield from (rows[BATCH * k : BATCH * (k + 1)] for k in range(EXAMPLES // BATCH))


def drawn_masks(seed: int, kept: float) -> Iterator[list[Any]]:
    """Yield the masks of each update: an entry is 1 / kept with chance kept, else 0."""
    rng = np.random.default_rng(seed)
    while True:
        yield [torch.tensor((rng.random((BATCH, units)) < kept) / kept) for units in WIDTHS[1:-1]]


def steps_of_torch(run: Run, member: int) -> Iterator[list[np.ndarray]]:
    """Yield the weights and biases of one member after each update."""
    inputs, labels = torch.tensor(examples().inputs), torch.tensor(examples().labels)
    tensors = [torch.tensor(array[member], requires_grad=True) for array in network(biases=run.biases).arrays]
    optimizer = run.theirs(tensors, lr=RATES[member], **run.options)
    for _, rows, masks in zip(
        range(UPDATES), batches(run.order), drawn_masks(run.masks, 1 - run.dropped), strict=False
    ):
        optimizer.zero_grad()
        *_, logits = torch_layers(tensors, torch.tanh, inputs[rows], run.architecture, masks, run.epsilon)
        functional.cross_entropy(logits, labels[rows]).backward()
        optimizer.step()
        yield [tensor.detach().numpy().copy() for tensor in tensors]


def run_of_torch(run: Run) -> list[list[np.ndarray]]:
    """Return the weights and biases of all members after each update."""
    members = [list(steps_of_torch(run, member)) for member in range(MEMBERS)]
    return [[np.stack(array) for array in zip(*step, strict=True)] for step in zip(*members, strict=True)]


def our_run(run: Run) -> list[list[Array]]:
    """Return the weights and biases of all members after each update."""
    ensemble = Ensemble(network(biases=run.biases), activations.get("tanh"), run.architecture)
    training = updates(
        ensemble,
        examples(),
        optimizer=run.ours,
        batches=Batches(BATCH, np.random.default_rng(5)),
        dropout=Dropout(run.dropped, np.random.default_rng(6)) if run.dropped else None,
    )
    return [ensemble.parameters.copy().arrays for _ in islice(training, UPDATES)]


def difference(ours: Sequence[Array], theirs: Sequence[Array]) -> float:
    """Return the greatest difference between two lists of arrays, as a share of the greatest entry of its array."""
    return max(float(np.abs(a - b).max() / np.abs(b).max()) for a, b in zip(ours, theirs, strict=True))


def differences(ours: Run, theirs: Run) -> list[float]:
    return [difference(*steps) for steps in zip(our_run(ours), run_of_torch(theirs), strict=True)]


@pytest.mark.parametrize("dropped", [0, DROPPED])
@pytest.mark.parametrize("architecture", ARCHITECTURES, ids=spelled)
@pytest.mark.parametrize("name", RUNS)
def test_every_weight_after_every_update_is_that_of_pytorch(
    name: str, architecture: Architecture, dropped: float
) -> None:
    # Batch normalization takes a bias away again: its gradient is rounding, and Adam would blow that up to full steps.
    biases = name != "adam" or architecture.normalization != "batch"
    run = replace(RUNS[name], architecture=architecture, dropped=dropped, biases=biases)
    off = differences(run, run)
    assert len(off) == UPDATES
    assert max(off) < ROUNDING


LAYER, BATCH_BRANCH = Architecture("layer"), Architecture("batch", 1.0)
WRONG: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "nesterov": ("momentum", {}, {"options": {"momentum": 0.9, "nesterov": True}}),
    "dampened momentum": ("momentum", {}, {"options": {"momentum": 0.9, "dampening": 0.1}}),
    "momentum that forgets faster": ("momentum", {}, {"options": {"momentum": 0.89}}),
    "other beta1": ("adam", {}, {"options": {"betas": (0.89, 0.999)}}),
    "other beta2": ("adam", {}, {"options": {"betas": (0.9, 0.998)}}),
    "other epsilon of Adam": ("adam", {}, {"options": {"eps": 1e-7}}),
    "other order of the examples": ("plain", {}, {"order": 4}),
    "other units dropped": ("plain", {"dropped": DROPPED}, {"masks": 7}),
    "layer normalization with another epsilon": ("plain", {"architecture": LAYER}, {"epsilon": 2e-5}),
    "batch normalization with another epsilon": ("plain", {"architecture": BATCH_BRANCH}, {"epsilon": 2e-5}),
    "a branch of another scale": (
        "plain",
        {"architecture": BATCH_BRANCH},
        {"architecture": Architecture("batch", 0.99)},
    ),
}


@pytest.mark.parametrize("detail", WRONG)
def test_a_run_that_is_wrong_in_one_detail_is_noticed(detail: str) -> None:
    name, common, changed = WRONG[detail]
    run = replace(RUNS[name], **common)
    assert max(differences(run, replace(run, **changed))) > 1e6 * ROUNDING


PHI = {name: getattr(functional, name) for name in ("sigmoid", "tanh", "relu", "gelu", "selu", "silu", "softplus")}


def gradients_of_torch(
    parameters: Parameters, phi: Callable[..., Any], architecture: Architecture, masks: Sequence[Array]
) -> tuple[list[float], list[Array], list[Array]]:
    """Return every member's loss, dLoss/d(weights and biases) and dLoss/dz, by automatic differentiation."""
    inputs, labels = torch.tensor(examples(BATCH).inputs), torch.tensor(examples(BATCH).labels)
    losses, by_arrays, by_z = [], [], []
    for member in range(MEMBERS):
        tensors = [torch.tensor(array[member], requires_grad=True) for array in parameters.arrays]
        theirs = [torch.tensor(mask[0]) for mask in masks]
        layers = torch_layers(tensors, phi, inputs, architecture, theirs, 1e-5)
        loss = functional.cross_entropy(layers[-1], labels)
        found = [gradient.numpy() for gradient in torch.autograd.grad(loss, [*tensors, *layers])]
        losses.append(loss.item())
        by_arrays.append(found[: len(tensors)])
        by_z.append(found[len(tensors) :])
    stacked, stacked_by_z = ([np.stack(each) for each in zip(*kind, strict=True)] for kind in (by_arrays, by_z))
    return losses, stacked, stacked_by_z


@pytest.mark.parametrize("dropped", [0, DROPPED])
@pytest.mark.parametrize("architecture", ARCHITECTURES, ids=spelled)
@pytest.mark.parametrize("name", PHI)
def test_every_gradient_of_every_architecture_is_that_of_autograd(
    name: str, architecture: Architecture, dropped: float
) -> None:
    parameters = network()
    masks = Dropout(dropped, np.random.default_rng(3)).masks(parameters, BATCH) if dropped else []
    loss, ours = loss_gradients(Ensemble(parameters, activations.get(name), architecture), examples(BATCH), masks)
    their_loss, by_arrays, by_z = gradients_of_torch(parameters, PHI[name], architecture, masks)
    np.testing.assert_allclose(loss, their_loss, rtol=ROUNDING)
    greatest = max(np.abs(gradient).max() for gradient in by_arrays)
    for own, other in zip([*ours.arrays, *ours.deltas], [*by_arrays, *by_z], strict=True):
        # Behind a batch normalization the gradient of a bias is 0, and what both libraries find is rounding.
        np.testing.assert_allclose(own, other, rtol=0, atol=ROUNDING * greatest)
