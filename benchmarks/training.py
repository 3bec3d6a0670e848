"""One sweep of the map of trainings against PyTorch: a loop over the networks, and `torch.func` with `vmap`."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from benchmarks.clock import best, cpu
from benchmarks.progress import told
from benchmarks.torch_modules import threads
from benchmarks.torch_training import Losses, Problem, one_by_one, vectorized
from reportgen.battery.cell import Streams
from reportgen.experiments.sweeps import run_sweep
from reportgen.experiments.training import EXPERIMENT
from reportgen.experiments.training.training import Training
from reportgen.experiments.trials import OPTIMIZERS
from reportgen.nn.initializers import initializers
from reportgen.settings import Settings

__all__ = ["TITLE", "lines", "run"]

TITLE = "training: times as fast as PyTorch, network by network and by vmap, on one thread"

ACTIVATION, DEPTH = "tanh", 10

FIRST = 5
"""Updates whose losses are compared: in later ones rounding has led some networks apart."""

CHAOTIC = 10.0
"""Where fan_in Var(w) is above this, each layer multiplies what rounding did: only the first loss is compared."""

AGREES = 1e-3


def run(*, quick: bool) -> dict[str, Any]:
    """Return seconds and ratios for gradient descent with momentum and for Adam."""
    with threads(1):
        sweeps = {optimizer: sweep(optimizer, quick=quick) for optimizer in OPTIMIZERS}
        return {optimizer: compare(one, quick=quick) for optimizer, one in told(sweeps)}


def sweep(optimizer: str, *, quick: bool) -> Training:
    """Return the sweep of the standard map with the most networks, of ten layers of tanh; or a short one."""
    parts = (EXPERIMENT.part(cell) for cell in EXPERIMENT.cells(Settings().battery()))
    wanted = {"study": "map", "activation": ACTIVATION, "depth": DEPTH, "optimizer": optimizer}
    found = [
        part
        for part in parts
        if isinstance(part, Training) and all(getattr(part, name) == value for name, value in wanted.items())
    ]
    chosen = max(found, key=lambda part: len(part.grid.trials))
    return replace(chosen, steps=FIRST, depth=2, replicates=1) if quick else chosen


def compare(part: Training, *, quick: bool) -> dict[str, float]:
    """Train the same networks in three ways, and return how long each took and by how much their losses differ."""
    outcome = run_sweep(part, Streams(0))
    problem = Problem.of(part, outcome)
    shortened = problem._replace(sweep=replace(part, steps=FIRST))
    difference = max(apart(part, outcome.losses, train(shortened)) for train in (one_by_one, vectorized))
    if difference > AGREES:
        raise RuntimeError(f"PyTorch and reportgen do not train the same: {difference:.1e} apart")
    (loop,) = best([partial(one_by_one, problem)], cpu, 1)
    ours, together = best([partial(part.measure, Streams(0)), partial(vectorized, problem)], cpu, 1 if quick else 3)
    return {
        "networks": len(part.grid.trials),
        "updates": part.steps,
        "difference": difference,
        "seconds": ours,
        "loop_seconds": loop,
        "vmap_seconds": together,
        "loop_ratio": loop / ours,
        "vmap_ratio": together / ours,
    }


def apart(part: Training, ours: Losses, theirs: Losses) -> float:
    """Return the greatest relative difference of the first losses, of those that are finite on either side."""
    scales = [initializers.get(trial.initializer).sigma_w2(part.width, part.width) or 0 for trial in part.grid.trials]
    compared = (np.array(scales) <= CHAOTIC) | (np.arange(FIRST) == 0)[:, None]
    a, b = ours[:FIRST][compared], theirs[:FIRST][compared]
    finite = np.isfinite(a) | np.isfinite(b)
    with np.errstate(invalid="ignore"):
        distance = np.abs(a - b)[finite] / np.abs(a[finite])
    return float(np.nan_to_num(distance, nan=np.inf).max())


def lines(found: dict[str, Any]) -> list[str]:
    """Return the table."""
    head = f"{'':8}{'ours s':>8}{'loop s':>8}{'vmap s':>8}{'loop':>7}{'vmap':>7}  networks x updates"
    return [head, *(_line(name, one) for name, one in found.items())]


def _line(name: str, one: dict[str, float]) -> str:
    seconds = "".join(f"{one[key]:8.2f}" for key in ("seconds", "loop_seconds", "vmap_seconds"))
    ratios = "".join(f"{one[key]:7.2f}" for key in ("loop_ratio", "vmap_ratio"))
    size = f"{one['networks']} x {one['updates']}, first losses within {one['difference']:.0e}"
    return f"{name:8}{seconds}{ratios}  {size}"
