"""The trials of a sweep in PyTorch: one network after the other, and all at once by `torch.func` and `vmap`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.torch_modules import MODULES, torch
from reportgen.battery.cell import Streams
from reportgen.experiments.sweeps import Outcome, Sweep
from reportgen.experiments.trials import MOMENTUM
from reportgen.nn.training import Batches

__all__ = ["Problem", "one_by_one", "vectorized"]

Losses = NDArray[np.floating]


class Problem(NamedTuple):
    """What PyTorch is given: the networks as they start, the examples, and which of them make each update.

    Attributes
    ----------
    weights
        One array of shape (members, fan_in, fan_out) per layer; biases are zero.
    """

    sweep: Sweep
    weights: Sequence[NDArray[np.floating]]
    inputs: Any
    labels: Any
    test_inputs: Any
    test_labels: Any

    @classmethod
    def of(cls, sweep: Sweep, outcome: Outcome) -> Problem:
        """Return the problem that a sweep has solved."""
        training, test = outcome.data.training, outcome.data.test
        inputs, test_inputs = (torch.tensor(one.inputs.astype(np.float32)) for one in (training, test))
        labels, test_labels = (torch.tensor(one.labels) for one in (training, test))
        return cls(sweep, outcome.start.parameters.weights, inputs, labels, test_inputs, test_labels)

    @property
    def members(self) -> int:
        """Number of networks."""
        return len(self.weights[0])

    def batches(self) -> Iterator[tuple[Any, Any]]:
        """Yield inputs and labels of each update."""
        rows = Batches(self.sweep.batch, Streams(0).order(0)).rows(len(self.inputs))
        for _, chosen in zip(range(self.sweep.steps), rows, strict=False):
            index = torch.from_numpy(np.asarray(chosen))
            yield self.inputs[index], self.labels[index]

    def network(self, member: int) -> Any:
        """Return a network as it starts; `nn.Linear` holds the transpose of our weights."""
        nn = torch.nn
        modules: list[Any] = []
        for W in self.weights:
            linear = nn.utils.skip_init(nn.Linear, *W.shape[1:])
            with torch.no_grad():
                linear.weight.copy_(torch.from_numpy(W[member]).T)
                linear.bias.zero_()
            modules += [linear, MODULES[self.sweep.activation]()]
        return nn.Sequential(*modules[:-1])

    def optimizer(self, parameters: Any, rate: float) -> Any:
        """Return PyTorch's optimizer of the sweep."""
        if self.sweep.optimizer == "adam":
            return torch.optim.Adam(parameters, lr=rate)
        return torch.optim.SGD(parameters, lr=rate, momentum=MOMENTUM)


def one_by_one(problem: Problem) -> Losses:
    """Train one network after the other, test each, and return the losses of every batch, shape (steps, members)."""
    rates = [trial.learning_rate for trial in problem.sweep.grid.trials]
    return np.array([_train(problem, problem.network(member), rate) for member, rate in enumerate(rates)]).T


def _train(problem: Problem, network: Any, rate: float) -> list[float]:
    optimizer = problem.optimizer(network.parameters(), rate)
    losses = []
    for inputs, labels in problem.batches():
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(network(inputs), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    _test(problem, network)
    return losses


def _test(problem: Problem, network: Callable[[Any], Any]) -> tuple[Any, Any]:
    """Return loss and accuracy on the test examples."""
    with torch.no_grad():
        logits = network(problem.test_inputs)
        loss = torch.nn.functional.cross_entropy(logits, problem.test_labels)
        return loss, (logits.argmax(-1) == problem.test_labels).double().mean()


def vectorized(problem: Problem) -> Losses:
    """Train all networks at once by `vmap`; the same losses.

    An optimizer moves stacked parameters as it would move each: all networks of the sweep have one learning rate.
    """
    func, functional = torch.func, torch.nn.functional
    networks = [problem.network(member) for member in range(problem.members)]
    parameters, buffers = func.stack_module_state(networks)
    (rate,) = problem.sweep.learning_rates

    def loss_of(own: Any, inputs: Any, labels: Any) -> Any:
        return functional.cross_entropy(func.functional_call(networks[0], (own, buffers), (inputs,)), labels)

    step = func.vmap(func.grad_and_value(loss_of), in_dims=(0, None, None))
    optimizer = problem.optimizer(parameters.values(), rate)
    losses = []
    for inputs, labels in problem.batches():
        gradients, loss = step(parameters, inputs, labels)
        for name, gradient in gradients.items():
            parameters[name].grad = gradient
        optimizer.step()
        losses.append(loss.detach().numpy().copy())
    func.vmap(lambda own: _test(problem, lambda x: func.functional_call(networks[0], (own, buffers), (x,))))(parameters)
    return np.array(losses, float)
