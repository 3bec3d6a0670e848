"""Forward and backward pass agree with central differences and with PyTorch, and members do not touch each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from reportgen.nn.activations import activations
from reportgen.nn.ensemble import PLAIN, Architecture, Array, Ensemble, Parameters
from reportgen.nn.mlp import Gradients, Tape, backward, forward
from reportgen.nn.training import softmax_cross_entropy

EVERY = [*activations.names(), "elu(alpha=2)", "leaky_relu(negative_slope=0.3)"]
WIDTHS = (5, 7, 4, 3)
MEMBERS, BATCH = 3, 6
STEP = 1e-5

# Central differences of a loss of order 1: rounding eps / STEP = 2e-11, the third derivative of order STEP^2 = 1e-10.
DIFFERENCE_ERROR = 1e-8


def network(
    name: str = "tanh", widths: tuple[int, ...] = WIDTHS, architecture: Architecture = PLAIN
) -> tuple[Ensemble, Array]:
    """Return an ensemble in float64 with random biases, and inputs of shape (1, batch, fan_in)."""
    rng = np.random.default_rng(0)
    pairs = list(pairwise(widths))
    weights: list[Array] = [rng.standard_normal((MEMBERS, *pair)) / np.sqrt(pair[0]) for pair in pairs]
    biases: list[Array] = [0.3 * rng.standard_normal((MEMBERS, 1, fan_out)) for fan_out in widths[1:]]
    ensemble = Ensemble(Parameters(weights, biases), activations.get(name), architecture)
    return ensemble, rng.standard_normal((1, BATCH, widths[0]))


def with_arrays(ensemble: Ensemble, arrays: Sequence[Array]) -> Ensemble:
    """Return the same networks with other weights and biases, in the order of `Parameters.arrays`."""
    layers = len(ensemble.parameters.weights)
    return replace(ensemble, parameters=Parameters([*arrays[:layers]], [*arrays[layers:]]))


def cut_off(ensemble: Ensemble, depth: int) -> Ensemble:
    """Return the networks of the first layers alone."""
    weights, biases = ensemble.parameters.weights, ensemble.parameters.biases or []
    return replace(ensemble, parameters=Parameters(weights[:depth], biases[:depth]))


def labels() -> NDArray[np.integer]:
    return np.random.default_rng(1).integers(0, WIDTHS[-1], BATCH)


def loss(ensemble: Ensemble, inputs: Array, masks: Sequence[Array] = ()) -> Array:
    tape = forward(ensemble, inputs, linear_output=True, masks=masks)
    return softmax_cross_entropy(tape.output, labels())[0]


def gradients(ensemble: Ensemble, tape: Tape) -> Gradients:
    return backward(ensemble, tape, softmax_cross_entropy(tape.output, labels())[1])


def differences(ensemble: Ensemble, array: Array, inputs: Array, masks: Sequence[Array] = ()) -> Array:
    """Return the central differences of each member's loss by the entries of one of its arrays, all members at once."""
    result = np.empty_like(array)
    for index in np.ndindex(*array.shape[1:]):
        entry = (slice(None), *index)
        middle = array[entry].copy()
        array[entry] = middle + STEP
        above = loss(ensemble, inputs, masks)
        array[entry] = middle - STEP
        result[entry] = (above - loss(ensemble, inputs, masks)) / (2 * STEP)
        array[entry] = middle
    return result


@pytest.mark.parametrize("name", EVERY)
def test_backward_agrees_with_central_differences(name: str) -> None:
    ensemble, inputs = network(name)
    found = gradients(ensemble, forward(ensemble, inputs, linear_output=True))
    for ours, array in zip(found.arrays, ensemble.parameters.arrays, strict=True):
        expected = differences(ensemble, array, inputs)
        size = np.abs(expected).max() if name == "exponential" else 1.0  # its third derivatives grow with it
        np.testing.assert_allclose(ours, expected, rtol=0, atol=DIFFERENCE_ERROR * max(1.0, size))


# Batch normalization over six examples bends the loss more: third derivatives of up to some thousands.
BENT_DIFFERENCE_ERROR = 1e-6

ARCHITECTURES = [Architecture(*forms) for forms in product((None, "layer", "batch"), (None, 1.0, 0.3))]
RESIDUAL = (5, 6, 6, 6, 3)


def some_masks() -> list[Array]:
    rng = np.random.default_rng(4)
    return [(rng.random((1, BATCH, units)) < 0.7) / 0.7 for units in RESIDUAL[1:-1]]


@pytest.mark.parametrize("dropped", [False, True])
@pytest.mark.parametrize("architecture", ARCHITECTURES, ids=str)
@pytest.mark.parametrize("name", ["tanh", "relu", "elu", "gelu"])
def test_backward_agrees_with_central_differences_in_every_architecture(
    name: str, architecture: Architecture, dropped: bool
) -> None:
    ensemble, inputs = network(name, RESIDUAL, architecture)
    masks = some_masks() if dropped else []
    found = gradients(ensemble, forward(ensemble, inputs, linear_output=True, masks=masks))
    pairs = [*zip(found.arrays, ensemble.parameters.arrays, strict=True)]
    for layer in (0, 1, 3):
        for ours, array in (pairs[layer], pairs[layer + 4]):
            expected = differences(ensemble, array, inputs, masks)
            np.testing.assert_allclose(ours, expected, rtol=0, atol=BENT_DIFFERENCE_ERROR)


@pytest.mark.parametrize("architecture", ARCHITECTURES[1:], ids=str)
def test_a_backward_pass_that_leaves_out_the_architecture_is_noticed(architecture: Architecture) -> None:
    ensemble, inputs = network("tanh", RESIDUAL, architecture)
    tape = forward(ensemble, inputs, linear_output=True)
    expected = differences(ensemble, ensemble.parameters.weights[0], inputs)
    without_norm = Tape(tape.inputs, tuple(layer._replace(normalized=None) for layer in tape.layers))
    without_branch = Tape(tape.inputs, tuple(layer._replace(branch=None) for layer in tape.layers))
    for wrong, part in ((without_norm, architecture.normalization), (without_branch, architecture.branch)):
        if part is not None:
            assert np.abs(gradients(ensemble, wrong).weights[0] - expected).max() > BENT_DIFFERENCE_ERROR


@pytest.mark.parametrize("normalization", [None, "layer", "batch"])
def test_a_branch_adds_its_scaled_layer_to_the_pre_activation_below(normalization: Any) -> None:
    ensemble, inputs = network("tanh", RESIDUAL, Architecture(normalization, 0.3))
    without = replace(ensemble, architecture=Architecture(normalization))
    tape, plain = (forward(each, inputs, linear_output=True) for each in (ensemble, without))
    np.testing.assert_array_equal(tape.pre_activations[0], plain.pre_activations[0])
    for layer in (1, 2, 3):
        W, b = (arrays[layer] for arrays in (ensemble.parameters.weights, ensemble.parameters.biases or []))
        into = tape.activations[layer - 1] @ W + b
        shortcut = (
            tape.pre_activations[layer - 1] if layer < 3 else 0
        )  # neither the first layer nor the readout has one
        expected = into if layer == 3 else shortcut + 0.3 * into
        np.testing.assert_allclose(tape.pre_activations[layer], expected, rtol=1e-13, atol=1e-15)
        assert not np.allclose(tape.pre_activations[layer], plain.pre_activations[layer])


def test_with_a_branch_of_scale_zero_the_first_pre_activation_is_that_of_every_hidden_layer() -> None:
    ensemble, inputs = network("tanh", RESIDUAL, Architecture(None, 0.0))
    tape = forward(ensemble, inputs, linear_output=True)
    first, *others, _ = tape.pre_activations
    assert all(np.array_equal(z, first) for z in others)


def test_what_a_mask_leaves_out_is_zero_and_moves_no_weight_for_that_example() -> None:
    ensemble, inputs = network("sigmoid", RESIDUAL)
    masks: list[Array] = [np.ones((1, BATCH, units)) for units in RESIDUAL[1:-1]]
    masks[1][0, :, 2] = 0
    masks[0][0, 4] = 0
    tape = forward(ensemble, inputs, linear_output=True, masks=masks)
    found = gradients(ensemble, tape)
    assert not tape.activations[1][..., 2].any()
    assert not tape.activations[0][:, 4].any()
    assert not found.deltas[0][:, 4].any()
    assert not found.weights[1][..., 2].any(), "into the unit that no example sees"
    assert not found.weights[2][:, 2].any(), "out of it"
    assert all((part != 0).any() for part in (*tape.activations, *found.weights))


@pytest.mark.parametrize("layer", [0, 1])
@pytest.mark.parametrize("name", EVERY)
def test_slopes_that_are_off_by_a_thousandth_are_noticed(name: str, layer: int) -> None:
    ensemble, inputs = network(name)
    tape = forward(ensemble, inputs, linear_output=True)
    layers = [*tape.layers]
    layers[layer] = layers[layer]._replace(slope=1.001 * tape.slopes[layer])
    wrong = Tape(tape.inputs, tuple(layers))
    expected = differences(ensemble, ensemble.parameters.weights[0], inputs)
    assert np.abs(gradients(ensemble, wrong).weights[0] - expected).max() > DIFFERENCE_ERROR


def test_a_cotangent_reaches_the_deltas_of_a_nonlinear_output_too() -> None:
    ensemble, inputs = network("tanh")
    cotangent = np.random.default_rng(2).standard_normal((1, BATCH, WIDTHS[-1]))

    def weighted_sum() -> Array:
        outputs = forward(ensemble, inputs).output
        return np.asarray((cotangent * outputs).sum(axis=(1, 2)))

    found = backward(ensemble, forward(ensemble, inputs), cotangent)
    for ours, biases in zip(found.deltas, ensemble.parameters.biases or (), strict=True):
        biases[:, 0, 0] += STEP
        above = weighted_sum()
        biases[:, 0, 0] -= 2 * STEP
        expected = (above - weighted_sum()) / (2 * STEP)
        biases[:, 0, 0] += STEP
        # A bias moves the pre-activation of its unit for every input alike.
        np.testing.assert_allclose(ours[:, :, 0].sum(axis=1), expected, rtol=0, atol=DIFFERENCE_ERROR)


@pytest.mark.parametrize("widths", [(4, 3), (2, 9, 1, 6, 3)], ids=str)
def test_arrays_have_the_shapes_that_the_docstrings_give(widths: tuple[int, ...]) -> None:
    ensemble, inputs = network("relu", widths)
    tape = forward(ensemble, inputs)
    found = backward(ensemble, tape, np.ones((1, BATCH, widths[-1])))
    assert found.biases is not None
    for layer, (fan_in, fan_out) in enumerate(pairwise(widths)):
        for array in (tape.pre_activations, tape.activations, tape.slopes, found.deltas):
            assert array[layer].shape == (MEMBERS, BATCH, fan_out)
        assert found.weights[layer].shape == (MEMBERS, fan_in, fan_out)
        assert found.biases[layer].shape == (MEMBERS, 1, fan_out)


def test_without_biases_there_are_no_gradients_of_biases() -> None:
    ensemble, inputs = network()
    weights = ensemble.parameters.weights
    bare = replace(ensemble, parameters=Parameters(weights))
    zeros = with_arrays(ensemble, [*weights, *(np.zeros((MEMBERS, 1, fan_out)) for fan_out in WIDTHS[1:])])
    without, withal = (gradients(each, forward(each, inputs)) for each in (bare, zeros))
    assert without.biases is None
    for ours, theirs in zip(without.weights, withal.weights, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_a_tape_cut_off_is_the_tape_of_the_shallower_network() -> None:
    ensemble, inputs = network("gelu")
    shallow, cotangent = cut_off(ensemble, 2), np.ones((1, BATCH, WIDTHS[2]))
    cut = backward(ensemble, forward(ensemble, inputs).upto(2), cotangent)
    own = backward(shallow, forward(shallow, inputs), cotangent)
    assert len(cut.deltas) == len(own.deltas) == 2
    for ours, theirs in zip([*cut.deltas, *cut.weights], [*own.deltas, *own.weights], strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_a_backward_pass_can_do_without_derivatives_by_parameters() -> None:
    ensemble, inputs = network(architecture=Architecture("batch"))
    tape = forward(ensemble, inputs)
    whole, alone = (backward(ensemble, tape, np.ones_like(tape.output), parameters=wanted) for wanted in (True, False))
    assert alone.arrays == []
    for one, other in zip(whole.deltas, alone.deltas, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_forward_pass_can_do_without_slopes() -> None:
    ensemble, inputs = network("tanh", RESIDUAL, Architecture("layer", 0.3))
    without, withal = (
        forward(ensemble, inputs, linear_output=True, masks=some_masks(), slopes=slopes) for slopes in (False, True)
    )
    assert len(withal.slopes) == len(withal.activations) == 4
    assert without.slopes == []
    for ours, theirs in zip(without.activations, withal.activations, strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("depth", [1, 2, 3])
@pytest.mark.parametrize("architecture", ARCHITECTURES, ids=str)
def test_a_tape_cut_off_is_that_of_the_shallower_network_in_every_architecture(
    architecture: Architecture, depth: int
) -> None:
    ensemble, inputs = network("gelu", (5, 6, 6, 6, 6), architecture)
    shallow, cotangent = cut_off(ensemble, depth), np.random.default_rng(3).standard_normal((1, BATCH, 6))
    whole = forward(ensemble, inputs)
    cut = backward(ensemble, whole.upto(depth), cotangent)
    own = backward(shallow, forward(shallow, inputs), cotangent)
    assert len(cut.deltas) == len(own.deltas) == depth
    for ours, theirs in zip([*cut.deltas, *cut.weights], [*own.deltas, *own.weights], strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert not np.allclose(backward(ensemble, whole, cotangent).deltas[0], cut.deltas[0])


@pytest.mark.parametrize("bad", [np.inf, np.nan, 1e38])
@pytest.mark.parametrize(
    ("name", "architecture"),
    [*((name, PLAIN) for name in EVERY), *(("relu", one) for one in ARCHITECTURES[1:])],
    ids=str,
)
def test_what_overflows_in_one_member_leaves_the_bytes_of_the_others_alone(
    name: str, architecture: Architecture, bad: float
) -> None:
    ensemble, inputs = network(name, RESIDUAL, architecture)
    healthy = with_arrays(ensemble, [array.astype(np.float32) for array in ensemble.parameters.arrays])
    sick = replace(healthy, parameters=healthy.parameters.copy())
    for W in sick.parameters.weights:
        W[1] = bad
    cotangent = np.ones((1, BATCH, RESIDUAL[-1]), np.float32)
    results = []
    with np.errstate(all="ignore"):
        for each in (healthy, sick):
            tape = forward(each, inputs.astype(np.float32), linear_output=True)
            found = backward(each, tape, cotangent)
            results.append([*tape.activations, *found.deltas, *found.arrays])
    for well, ill in zip(*results, strict=True):
        assert well[[0, 2]].tobytes() == ill[[0, 2]].tobytes()
    assert any(well[1].tobytes() != ill[1].tobytes() for well, ill in zip(*results, strict=True))


def test_each_member_is_the_network_that_it_would_be_alone() -> None:
    ensemble, inputs = network("selu")
    together = gradients(ensemble, forward(ensemble, inputs))
    for member in range(MEMBERS):
        alone = with_arrays(ensemble, [array[[member]] for array in ensemble.parameters.arrays])
        found = gradients(alone, forward(alone, inputs))
        for ours, theirs in zip(found.weights, together.weights, strict=True):
            np.testing.assert_allclose(ours[0], theirs[member], rtol=1e-13, atol=1e-16)


@pytest.mark.parametrize("architecture", [*ARCHITECTURES, Architecture("layer", np.float64(0.3))], ids=str)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_network_computes_in_the_dtype_of_its_parameters(
    dtype: type[np.floating[Any]], architecture: Architecture
) -> None:
    drawn, inputs = network("mish", RESIDUAL, architecture)
    ensemble = with_arrays(drawn, [array.astype(dtype) for array in drawn.parameters.arrays])
    tape = forward(ensemble, inputs.astype(dtype), linear_output=True)
    found = gradients(ensemble, tape)
    for array in (*tape.activations, *tape.slopes, *found.deltas, *found.arrays):
        assert array.dtype == dtype


def test_a_network_that_knows_nothing_has_a_loss_of_the_logarithm_of_its_classes() -> None:
    value, cotangent = softmax_cross_entropy(np.zeros((2, 4, 10)), np.arange(4))
    np.testing.assert_allclose(value, np.log(10), rtol=1e-15)
    np.testing.assert_allclose(cotangent.sum(axis=-1), 0, atol=1e-16)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_huge_logits_give_a_finite_loss(dtype: type[np.floating[Any]]) -> None:
    logits = np.array([[[1e30, -1e30, 0], [-1e30, 0, 1e30]]], dtype)
    value, cotangent = softmax_cross_entropy(logits, np.array([0, 0]))
    assert value == pytest.approx(1e30, rel=1e-6)
    np.testing.assert_array_equal(cotangent, [[[0, 0, 0], [-0.5, 0, 0.5]]])


@pytest.mark.parametrize("name", [name for name in EVERY if name != "exponential"])  # of exp these layers overflow
def test_everything_agrees_with_pytorch_to_float64_rounding(name: str) -> None:
    torch = pytest.importorskip("torch", reason="the oracle extra (PyTorch) is not installed")
    functional = torch.nn.functional
    phi = {
        "linear": lambda z: z,
        "leaky_relu(negative_slope=0.3)": lambda z: functional.leaky_relu(z, 0.3),
        "elu(alpha=2)": lambda z: functional.elu(z, 2),
        "hard_tanh": functional.hardtanh,
        "erf": torch.erf,
        "lecun_tanh": lambda z: 1.7159 * torch.tanh(2 / 3 * z),
        "hard_sigmoid": lambda z: functional.relu6(z + 3) / 6,
        "hard_silu": functional.hardswish,
        "hard_shrink": functional.hardshrink,
        "soft_shrink": functional.softshrink,
        "threshold": lambda z: functional.threshold(z, 1, 0),
        "sparse_plus": lambda z: torch.where(z < 1, functional.relu(z + 1) ** 2 / 4, z),
        "sparse_sigmoid": lambda z: functional.hardtanh((z + 1) / 2, 0, 1),
        "exponential": torch.exp,
        "log_sigmoid": functional.logsigmoid,
        "squareplus": lambda z: (z + torch.sqrt(z * z + 4)) / 2,
        "tanh_shrink": functional.tanhshrink,
    }.get(name) or getattr(functional, name)
    ensemble, inputs = network(name, (5, 40, 30, 20, 3))
    tensors = [torch.tensor(array, requires_grad=True) for array in ensemble.parameters.arrays]
    weights, biases = tensors[:4], tensors[4:]
    h = torch.tensor(inputs)
    for layer, (W, b) in enumerate(zip(weights, biases, strict=True), start=1):
        z = h @ W + b
        h = z if layer == len(weights) else phi(z)
    target = torch.tensor(labels())
    their_loss = torch.stack([functional.cross_entropy(logits, target) for logits in h])
    their_loss.sum().backward()

    found = gradients(ensemble, forward(ensemble, inputs, linear_output=True))
    np.testing.assert_allclose(loss(ensemble, inputs), their_loss.detach().numpy(), rtol=1e-13)
    for ours, theirs in zip(found.arrays, tensors, strict=True):
        expected = theirs.grad.numpy()
        # Each entry sums some tens of products: its rounding is that of the largest, not its own.
        np.testing.assert_allclose(ours, expected, rtol=0, atol=1e-13 * np.abs(expected).max())
