"""The start to use for every activation: what is healthy at the start, and to which depth networks learned from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan
from typing import NamedTuple

import pandas as pd

from reportgen.chapters.index.tables import Tables, among
from reportgen.chapters.index.tables import named as choose_named
from reportgen.chapters.names import short_name
from reportgen.chapters.scale import scale_text
from reportgen.judgments.choice import Choice, choose, learned_depths
from reportgen.judgments.frames import nested, only, where
from reportgen.judgments.outcomes import best_rates

__all__ = ["OPTIMIZERS", "Advice", "Better", "Learned", "Shifted", "advise"]

OPTIMIZERS = ("sgd", "adam")
_NONE = "not tried"


class Learned(NamedTuple):
    """How networks trained, and to which depth most of them learned: activation -> start -> optimizer -> layers."""

    networks: int
    units: int
    short: int
    long: int
    batch: int
    examples: int
    validation: int
    depths: list[int]
    to: dict[tuple[str, str, str], int]
    nets: pd.DataFrame

    def of(self, choice: Choice) -> list[int]:
        """Return to which depth a start learned with each optimizer, 0 if not at all or if it was not tried."""
        return [self.to.get((choice.activation, choice.initializer, optimizer), 0) for optimizer in OPTIMIZERS]

    def has_tried(self, choice: Choice) -> bool:
        """Return whether networks trained from a start."""
        return any((choice.activation, choice.initializer, optimizer) in self.to for optimizer in OPTIMIZERS)

    def words(self, activation: str, start: str, optimizer: str) -> str:
        """Return the same as a table prints it."""
        key = (activation, start, optimizer)
        return str(self.to[key] or "none") if key in self.to else _NONE

    def learners(self, choice: Choice, optimizer: str) -> str:
        """Return how many networks of the greatest depth learned, in words; a start may not have come so far."""
        nets = self._deepest(choice, optimizer)
        if nets.empty:
            return f"none, for they did not learn with fewer than {self.depths[-1]} layers"
        learned = (nets["outcome"] == "learned").groupby(nets["replicate"]).any()
        return f"{int(learned.sum())} of {len(learned)}"

    def right(self, choice: Choice, optimizer: str) -> float:
        """Return the median share of right answers at the greatest trained depth, after the last update; or nan."""
        nets = self._deepest(choice, optimizer)
        last = nets[nets["steps"] == nets["steps"].max()]
        return float(last["test_accuracy"].fillna(0.0).median())

    def is_lost(self, choice: Choice, optimizer: str) -> bool:
        """Return whether most networks of the greatest depth learned with the fewest updates, and not with the most."""
        nets = self._deepest(choice, optimizer)
        learned = (nets["outcome"] == "learned").groupby(nets["steps"]).mean()
        return bool(learned.iloc[0] > 1 / 2 > learned.iloc[-1])

    def _deepest(self, choice: Choice, optimizer: str) -> pd.DataFrame:
        own = where(self.nets, activation=choice.activation, initializer=choice.initializer)
        return where(own, optimizer=optimizer, depth=self.depths[-1])


class Better(NamedTuple):
    """Median shares of right answers from the start made for an activation, and from the named one."""

    activation: str
    made: float
    named: float


class Shifted(NamedTuple):
    """The sigmoid nets that are tanh nets: greatest difference at the start, and median right answers by depth."""

    difference: float
    right: dict[int, float]
    networks: int
    steps: int


@dataclass(frozen=True, slots=True)
class Advice:
    """What to use.

    Attributes
    ----------
    named
        Activation -> the choice among starts that frameworks have by name.
    made
        Activation -> the start that theory makes for it.
    code
        Activation -> framework -> the line that gives a dense layer the named start.
    learned
        To which depth networks learned.
    parted
        Activations whose named start was trained, and is healthy in deeper nets than any network learned.
    ahead
        Activations whose networks learned in deeper nets than their named start is healthy.
    better
        Where both starts were trained to the greatest depth with SGD: activations, with the right answers from the made
        start and from the named one, the largest difference first.
    lost
        Of these activations those whose networks had learned from the made start with fewer updates, and were lost.
    """

    named: dict[str, Choice]
    made: dict[str, Choice]
    code: dict[str, dict[str, str]]
    named_table: pd.DataFrame
    made_table: pd.DataFrame
    ties_table: pd.DataFrame
    learned: Learned
    parted: list[str]
    ahead: list[str]
    better: list[Better]
    lost: list[str]
    shifted: Shifted

    @property
    def better_table(self) -> pd.DataFrame:
        """What `better` says, in rounded percentages."""
        shares = [(one.activation, f"{one.made:.0%}", f"{one.named:.0%}") for one in self.better]
        return pd.DataFrame(shares, columns=["activation", "its own start", "the start with a name"])

    @property
    def shifted_table(self) -> pd.DataFrame:
        """The right answers of the shifted sigmoid nets, by depth."""
        return pd.DataFrame(
            [(str(depth), f"{share:.0%}") for depth, share in self.shifted.right.items()],
            columns=["hidden layers", "right"],
        )


def advise(tables: Tables) -> Advice:
    """Choose the start for every activation."""
    starts, learned = tables.starts, _learned(tables.trained)
    named, tuned = choose_named(tables.candidates, starts), starts[starts["tuned"] == 1]
    made = {}
    for activation in named:
        cells = where(tables.candidates, activation=activation)
        made[activation] = choose(among(cells, where(tuned, activation=activation)), activation)
    to = {name: max(learned.of(one)) for name, one in named.items() if learned.has_tried(one)}
    better = _better(named, made, learned)
    return Advice(
        named=named,
        made=made,
        code={name: _code(where(starts, activation=name, initializer=one.initializer)) for name, one in named.items()},
        named_table=_table(named, learned, starts),
        made_table=_table(made, learned, starts),
        ties_table=_ties_table(named),
        learned=learned,
        parted=[name for name, depth in to.items() if depth < min(named[name].carries, learned.depths[-1])],
        ahead=[name for name, depth in to.items() if depth > named[name].carries],
        better=better,
        lost=[one.activation for one in better if learned.is_lost(made[one.activation], "sgd")],
        shifted=_shifted(tables.shifted),
    )


def _code(start: pd.DataFrame) -> dict[str, str]:
    """Return the line of every framework that gives a dense layer a start; `w` and `b` are those of a PyTorch layer."""
    lines = {"PyTorch": "pytorch", "Keras": "keras", "JAX": "jax"}
    return {framework: str(only(start[column])).replace("; ", "\n") for framework, column in lines.items()}


def _better(named: Mapping[str, Choice], made: Mapping[str, Choice], learned: Learned) -> list[Better]:
    pairs = [Better(name, learned.right(made[name], "sgd"), learned.right(named[name], "sgd")) for name in named]
    tried = [one for one in pairs if not isnan(one.made) and not isnan(one.named)]
    return sorted(tried, key=lambda one: one.named - one.made)


def _learned(trained: pd.DataFrame) -> Learned:
    keys = ["activation", "initializer", "optimizer"]
    depths = learned_depths(trained, keys)
    return Learned(
        networks=int(trained["replicate"].nunique()),
        units=int(only(trained["width"])),
        short=int(trained["steps"].min()),
        long=int(trained["steps"].max()),
        batch=int(only(trained["batch"])),
        examples=int(only(trained["training_examples"])),
        validation=int(only(trained["validation_examples"])),
        depths=[int(depth) for depth in sorted(trained["depth"].unique())],
        to={
            (activation, start, optimizer): depth
            for activation, by_start in nested(depths).items()
            for start, by_optimizer in by_start.items()
            for optimizer, depth in by_optimizer.items()
        },
        nets=trained,
    )


_SHOWN = {
    "sgd": "learned to depth, SGD",
    "adam": "learned to depth, Adam",
}


def _table(choices: Mapping[str, Choice], learned: Learned, starts: pd.DataFrame) -> pd.DataFrame:
    """Return what is chosen for every activation, and how deep it gets."""
    return pd.DataFrame(
        [
            {
                "your activation": name,
                "start with": short_name(one.initializer),
                "fan_in·Var(w)": _scale(starts, name, one.initializer),
                "carries to depth": one.in_words,
                **{head: learned.words(name, one.initializer, key) for key, head in _SHOWN.items()},
            }
            for name, one in choices.items()
        ]
    )


def _ties_table(named: Mapping[str, Choice]) -> pd.DataFrame:
    ties = [(name, ", ".join(map(short_name, one.ties))) for name, one in named.items() if one.ties]
    return pd.DataFrame(ties, columns=["your activation", "as good at the start"])


def _scale(starts: pd.DataFrame, activation: str, initializer: str) -> str:
    own = where(starts, activation=activation, initializer=initializer)
    return scale_text(float(own["sigma_w2"].iloc[0]))


def _shifted(trials: pd.DataFrame) -> Shifted:
    best = best_rates(trials, ["depth"])
    right = best.groupby("depth")["test_accuracy"].median()
    return Shifted(
        difference=float(trials["difference"].max()),
        right={int(str(depth)): float(share) for depth, share in right.items()},
        networks=int(best["replicate"].nunique()),
        steps=int(only(trials["steps"])),
    )
