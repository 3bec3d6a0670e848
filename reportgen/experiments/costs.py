"""What every part of an experiment costs, counted from its factors: layers, units, inputs, networks and updates.

The counts are plain: what grows with the work is there, small change is not. They stand beside the experiments and not
inside: nobody has to measure again because an estimate got better.
"""

from __future__ import annotations

from functools import singledispatch
from math import ceil

from reportgen.battery.cost import Cost
from reportgen.battery.experiment import Part
from reportgen.experiments.activations import Curves
from reportgen.experiments.advice.shifted import Shifted
from reportgen.experiments.advice.starts import Candidate
from reportgen.experiments.advice.training import Learning
from reportgen.experiments.by_hand import SmallNet
from reportgen.experiments.catalog.starts import WEIGHTS, Cards
from reportgen.experiments.counting import CELL, averages, block, draws, kept, one_by_one, rows, signals, updates
from reportgen.experiments.demos.problem import Problem
from reportgen.experiments.demos.rates import Rates
from reportgen.experiments.demos.trainings import Demo
from reportgen.experiments.demos.waits import Waits
from reportgen.experiments.derivation.assumptions import Assumption
from reportgen.experiments.derivation.steps import STEPS, FanIn, Steps
from reportgen.experiments.derivation.tanh import TanhLayers
from reportgen.experiments.derivation.walk import Walk
from reportgen.experiments.edge_of_chaos import diagram, lines, networks, scales
from reportgen.experiments.frameworks.defaults import DEFAULTS, Defaults
from reportgen.experiments.frameworks.names import LINES, Named
from reportgen.experiments.frameworks.traps import Traps
from reportgen.experiments.gains import Averages, Bands, Differences, Norms
from reportgen.experiments.gains import Layers as GainLayers
from reportgen.experiments.halt import CHECKPOINTS, LEARNING_RATES, PROBE, STARTS, Halt
from reportgen.experiments.he.born_dead import BornDead
from reportgen.experiments.he.funnel import Funnel
from reportgen.experiments.he.lengths import Moments, Pairs
from reportgen.experiments.he.spectra import Spectra
from reportgen.experiments.mean_field import Predict
from reportgen.experiments.plane import GRID, Plane
from reportgen.experiments.propagation import Propagate
from reportgen.experiments.rescue.equal_units import EqualUnits
from reportgen.experiments.rescue.forms import FORMS
from reportgen.experiments.rescue.layers import Layers
from reportgen.experiments.rescue.training import Training as RescueTraining
from reportgen.experiments.saturation import Scales
from reportgen.experiments.sweeps import Sweep
from reportgen.experiments.symmetry.runs import Run
from reportgen.experiments.symmetry.start import Start
from reportgen.experiments.training.predictions import Predictions
from reportgen.experiments.training.training import Training
from reportgen.experiments.training.verdicts import Verdicts
from reportgen.nn.ensemble import PLAIN

__all__ = ["cost_of"]

_TOGETHER = 32
"""Networks that train in one ensemble."""

_TESTED = 500
"""Examples that a trained network is tested with."""


@singledispatch
def cost_of(part: Part) -> Cost:
    """Return what the measurement of a part costs; one that is not known here counts as small.

    Parameters
    ----------
    part
        As an experiment lists it.
    """
    return CELL


@cost_of.register
def _(part: Propagate) -> Cost:
    deepest, total, size = max(part.depths), sum(part.depths), part.replicates
    sent = signals(size, part.batch, deepest, part.width, total)
    # Statistics are sums by BLAS, which takes a third of the time per number; cells of one start share its draws.
    work = Cost(products=sent.products, numbers=sent.numbers / 3) + draws(size, deepest, part.width).times(0.5)
    memory = kept(1, part.batch, deepest, part.width, back=False, size=8 if part.dtype == "float64" else 4)
    inputs = 16.0 * size * part.batch * part.width
    table = rows(size * deepest, 14) + rows(size * total, 5)
    calls = Cost(calls=35.0 * total * size, memory=memory + inputs + table.memory)
    return CELL + work + table + calls


@cost_of.register
def _(part: Curves) -> Cost:
    return averages(1000) + rows(400, 3)


@cost_of.register
def _(part: SmallNet) -> Cost:
    return CELL + rows(float(len(part.first_weights) * (part.updates + 1)), 25)


@cost_of.register
def _(part: Run) -> Cost:
    each = len(part.weight_noise) + len(part.bias_noise) + len(part.dropout) + len(part.plain)
    size, layers, width = each * part.replicates, len(part.hidden) + 1, max(part.hidden, default=64)
    batch, alone = part.batch or part.points, part.replicates * len(part.dropout)
    seen = signals(size, 2 * _TESTED, layers, width).times(part.checkpoints)
    table = rows(float(size * part.checkpoints * layers), 400 if part.filmed else 60)
    return CELL + updates(size, batch, layers, width, part.steps, 1 + alone) + seen + table + Cost(memory=15e6)


@cost_of.register
def _(part: Start) -> Cost:
    values = part.replicates * part.width**2
    return CELL + Cost(numbers=20.0 * values, products=20.0 * part.width * values, memory=64.0 * values)


@cost_of.register
def _(part: Demo) -> Cost:
    """Count every net with its twin, and the measurement of all at every tenth update."""
    size, layers, width = len(part.presets) * part.replicates, len(part.hidden) + 1, max(part.hidden)
    looks = part.steps // 10
    seen = signals(size, part.points, layers, width, layers).times(looks)
    table = rows(float(size * looks * layers), 16) + rows(len(part.presets) * 1700.0, 6)
    return CELL + updates(2 * size, part.points, layers, width, part.steps) + seen + table


@cost_of.register
def _(part: Waits) -> Cost:
    """Count the replicates one after the other, each on points of its own."""
    size, layers, width = len(part.weight_noise), len(part.hidden) + 1, max(part.hidden)
    seen = signals(size, part.points, layers, width).times(part.steps // 5)
    each = updates(size, part.points, layers, width, part.steps) + seen
    return CELL + each.times(part.replicates) + rows(float(size * part.replicates), 6)


@cost_of.register
def _(part: Rates) -> Cost:
    size, layers, width = (
        len(part.initializers) * len(part.learning_rates) * part.replicates,
        len(part.hidden) + 1,
        max(part.hidden),
    )
    return CELL + updates(size, part.points, layers, width, part.steps) + rows(float(size), 10)


@cost_of.register
def _(part: Problem) -> Cost:
    """Count all pairs of points, between which the best line is searched."""
    return CELL + Cost(numbers=5.0 * part.points**3, memory=40.0 * part.points**3) + rows(float(part.points), 3)


@cost_of.register
def _(part: Scales) -> Cost:
    size = part.replicates, part.batch, part.depth, part.width
    per_value = Cost(numbers=15.0 * part.replicates * part.batch * part.depth * part.width)
    table = rows(float(part.depth * part.width + part.depth * 110), 5)
    memory = Cost(memory=kept(*size, size=8 if part.dtype == "float64" else 4))
    return (
        CELL + signals(*size, part.depth) + draws(part.replicates, part.depth, part.width) + per_value + table + memory
    )


@cost_of.register
def _(part: Halt) -> Cost:
    size = len(STARTS) * len(LEARNING_RATES) * part.replicates
    layers, width, steps = len(part.hidden) + 1, max(part.hidden), part.epochs * (part.training_examples // part.batch)
    seen = signals(size, PROBE, layers, width, layers).times(CHECKPOINTS)
    tested = signals(size, part.training_examples + part.test_examples, layers, width)
    memory = Cost(memory=16.0 * size * part.training_examples * width * layers)
    table = rows(float(size * layers * CHECKPOINTS), 40)
    return CELL + updates(size, part.batch, layers, width, steps) + seen + tested + memory + table


@cost_of.register
def _(part: Training) -> Cost:
    return _sweep(part)


@cost_of.register
def _(part: RescueTraining) -> Cost:
    """Count networks twice that have something around their weights."""
    work = _sweep(part)
    is_plain = FORMS[part.form].architecture(part.depth) == PLAIN
    return work if is_plain else work + Cost(work.products, work.numbers, work.calls)


@cost_of.register
def _(part: Shifted) -> Cost:
    return _sweep(part)


@cost_of.register
def _(part: Plane) -> Cost:
    """Count the training, and the answers to every point of the grid."""
    points, starts = len(GRID) ** 2, len(part.initializers)
    asked = signals(starts * part.replicates, points, part.depth, part.width)
    return _sweep(part) + asked + rows(float(points * starts), 7)


def _sweep(part: Sweep) -> Cost:
    sizes = [len(part.learning_rates) * part.grid.draws(name) for name in part.initializers]
    size = sum(sizes)
    together = min(size, max(_TOGETHER, *sizes))
    trained = updates(size, part.batch, part.depth + 1, part.width, part.steps, ceil(size / together))
    tested = signals(size, _TESTED, part.depth, part.width).times(part.checkpoints)
    memory = Cost(memory=12.0 * together * part.depth * (_TESTED * part.width + part.width**2))
    table = rows(float(size * part.checkpoints), 30) + rows(float(size * part.depth), 20)
    return CELL + trained + tested + draws(size, part.depth, part.width) + memory + table


@cost_of.register
def _(part: EqualUnits) -> Cost:
    return CELL + updates(len(part.initializers), part.batch, part.depth + 1, part.width, part.steps)


@cost_of.register
def _(part: Layers) -> Cost:
    """Count each form like plain networks, whatever stands around their weights."""
    size = 1, part.batch, part.depth, part.width
    forms = signals(*size, part.depth).times(float(len(part.forms) * part.replicates))
    drawn = draws(part.replicates, part.depth, part.width)
    table = rows(float(part.replicates * part.depth * len(part.forms)), 12)
    return CELL + forms + drawn + table + Cost(memory=kept(*size))


@cost_of.register
def _(part: Learning) -> Cost:
    """Count the whole way: all depths, and the long budget in each; starts that learn soon, or never, take less."""
    starts, total, deepest = len(part.initializers), sum(part.depths), max(part.depths, default=0)
    size = starts * part.networks
    pilots = updates(starts * len(part.learning_rates), part.batch, total, part.width, part.short // 2)
    trained = updates(size, part.batch, total, part.width, part.long)
    tested = signals(size, _TESTED, total, part.width).times(3)
    memory = Cost(memory=12.0 * size * deepest * (_TESTED * part.width + part.width**2))
    table = rows(float(2 * size * len(part.depths)), 30)
    return CELL + pilots + trained.times(0.6) + tested + draws(size, total, part.width) + memory + table


@cost_of.register
def _(part: Candidate) -> Cost:
    own = part.initializer, part.activation, part.data, part.depths, part.width, part.replicates, part.batch
    return cost_of(Propagate(*own))


@cost_of.register
def _(part: Cards) -> Cost:
    layers = max(1.0, WEIGHTS / part.width**2)
    drawn = Cost(numbers=6.0 * layers * part.width**2, memory=32.0 * layers * part.width**2)
    return CELL + drawn.times(float(len(part.initializers))) + rows(81.0 * len(part.initializers), 6)


@cost_of.register
def _(part: Named) -> Cost:
    return CELL + Cost(numbers=10.0 * part.fan_in * part.fan_out, memory=8e6).times(float(len(LINES[part.framework])))


@cost_of.register
def _(part: Defaults) -> Cost:
    return CELL + sum((_drawn(one.inputs * one.units) for one in DEFAULTS), Cost())


@cost_of.register
def _(part: Traps) -> Cost:
    return CELL + _drawn(512 * 512).times(9)


def _drawn(weights: int) -> Cost:
    return Cost(numbers=10.0 * weights, memory=32.0 * weights)


@cost_of.register
def _(part: Verdicts) -> Cost:
    """Count one network after the other."""
    networks = len(part.initializers) * part.replicates
    deepest, total = max(part.depths, default=0), sum(part.depths)
    work = signals(networks, part.batch, deepest, part.width, total) + draws(networks, deepest, part.width)
    table = rows(float(networks * total), 50)
    return CELL + work + table + Cost(memory=kept(part.replicates, part.batch, deepest, part.width))


@cost_of.register
def _(part: Steps) -> Cost:
    return CELL + Cost(numbers=5.0 * part.draws * sum(max(step.terms, 10) for step in STEPS), memory=160.0 * part.draws)


@cost_of.register
def _(part: FanIn) -> Cost:
    return CELL + Cost(numbers=3.0 * part.draws * sum(part.fan_ins), memory=16e6)


@cost_of.register
def _(part: Walk) -> Cost:
    numbers = Cost(numbers=5.0 * part.draws * part.terms, memory=8.0 * part.draws * len(part.marks) + 16e6)
    return CELL + numbers + rows(float(part.shown * part.terms), 3)


@cost_of.register
def _(part: Assumption) -> Cost:
    return CELL + Cost(numbers=4.0 * part.draws * part.fan_in, products=2.0 * part.draws * part.fan_in**2, memory=8e6)


@cost_of.register
def _(part: TanhLayers) -> Cost:
    return one_by_one(part.networks, part.batch, part.depth, part.width, back=True)


@cost_of.register
def _(part: GainLayers) -> Cost:
    return one_by_one(part.networks, part.batch, part.depth, part.width, back=True) + Cost(
        memory=kept(part.networks, part.batch, part.depth, part.width)
    )


@cost_of.register
def _(part: Moments) -> Cost:
    return block(part.networks, part.batch, part.depth, part.width)


@cost_of.register
def _(part: Pairs) -> Cost:
    return block(part.networks, 2, part.depth, part.width)


@cost_of.register
def _(part: BornDead) -> Cost:
    return block(part.networks, part.batch, part.depth, part.width, size=8)


@cost_of.register
def _(part: Funnel) -> Cost:
    layers, width = len(part.widths) - 1, sum(part.widths) // len(part.widths)
    size = part.networks, part.batch, layers, width
    return CELL + signals(*size, layers) + draws(part.networks, layers, width) + Cost(memory=2 * kept(*size))


@cost_of.register
def _(part: Spectra) -> Cost:
    """Count a singular value decomposition as some twenty products of its matrices."""
    products = 2.0 * part.width**3 * part.networks * (max(part.depths) + 20 * len(part.depths))
    return CELL + draws(part.networks, max(part.depths), part.width) + Cost(products=products)


@cost_of.register
def _(part: networks.Angles) -> Cost:
    return one_by_one(part.networks, 2 * part.pairs, part.depth, part.width)


@cost_of.register
def _(part: networks.Lengths) -> Cost:
    return one_by_one(part.networks, 1, part.depth, part.width)


@cost_of.register
def _(part: scales.Decay) -> Cost:
    points = 9
    sent = signals(part.networks * points, 4 * part.pairs, part.depth, part.width, part.depth)
    return one_by_one(part.networks, 1, part.depth, part.width) + sent + Cost(calls=10.0 * sent.calls)


@cost_of.register
def _(part: scales.Scales) -> Cost:
    return averages(300_000)


@cost_of.register
def _(part: lines.OnTheLine) -> Cost:
    return averages(40_000)


@cost_of.register
def _(part: diagram.Diagram) -> Cost:
    return averages(50_000)


@cost_of.register
def _(part: diagram.Settled) -> Cost:
    return averages(100.0 * len(part.labels))


@cost_of.register
def _(part: Predictions) -> Cost:
    return averages(1000.0 * len(part.gains))


@cost_of.register
def _(part: Averages) -> Cost:
    return averages(10_000)


@cost_of.register
def _(part: Differences) -> Cost:
    return averages(30_000)


@cost_of.register
def _(part: Bands) -> Cost:
    return averages(200_000)


@cost_of.register
def _(part: Norms) -> Cost:
    cases, drawn = 12, part.networks * part.depth * part.width**2
    sent = signals(part.networks * cases, part.batch, part.depth, part.width, part.depth)
    kept_of_one = Cost(memory=kept(cases, part.batch, part.depth, part.width))
    scaled = Cost(numbers=1.0 * cases * drawn)
    return averages(100_000) + sent + draws(part.networks, part.depth, part.width) + scaled + kept_of_one


@cost_of.register
def _(part: Predict) -> Cost:
    """Count the averages of an activation, and the maps, for as many scales as there are initializers at most."""
    names, deepest, total = len(part.initializers), max(part.depths), sum(part.depths)
    maps = averages(30_000 + 0.08 * names * deepest * part.replicates * part.batch)
    squares = Cost(numbers=float(names * deepest * total), memory=80.0 * deepest**2)
    table = rows(float(names * part.replicates * (deepest + total)), 25)
    return maps + squares + table + Cost(memory=40.0 * deepest * part.replicates * part.batch)
