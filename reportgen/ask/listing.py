"""Answers of one screen: `reportgen list`, `reportgen show` (one pair measured) and `reportgen recommend`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import isinf, isnan
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from reportgen.errors import named, shortened

if TYPE_CHECKING:
    import pandas as pd

    from reportgen.ask.recommend import Recommendation
    from reportgen.nn.files.reading import Reading
    from reportgen.report.margins import Margin

__all__ = ["LISTS", "lines", "margin_lines", "pair_lines", "recommendation_lines"]

_SHOWN = {
    "layer": "layer",
    "pre_activation_second_moment": "E[z²]",
    "pre_activation_rms": "rms z",
    "activation_mean": "mean h",
    "activation_second_moment": "E[h²]",
    "activation_rms": "rms h",
    "activation_stddev": "std h",
    "activation_variance": "var h",
    "saturated_fraction": "saturated",
    "dead_fraction": "dead",
    "delta_rms": "rms delta",
    "weight_gradient_norm": "|dL/dW|",
}
"""Columns of `reportgen show` -> their heads.

``std h`` is over inputs and units together, which published tables of standard deviations mean; ``var h`` is across
inputs, averaged over units: what is left of the differences between them.
"""


def lines(what: str, plugins: Sequence[str] = ()) -> Iterable[str]:
    """Return one line per registered initializer, activation, chapter or experiment."""
    rows_of = named("list of", what, LISTS)
    _load(plugins)
    rows = rows_of()
    width = max(len(name) for name, _ in rows)
    return [f"{name:<{width}}  {text}".rstrip() for name, text in rows]


def pair_lines(
    initializer: str,
    activation: str,
    size: Mapping[str, Any],
    seed: int,
    data: str,
    reading: Mapping[str, Any],
    plugins: Sequence[str] = (),
    *,
    force: bool = False,
) -> list[str]:
    """Measure one pair and return it as a table, layer by layer, with its verdict and what is odd about the data.

    Parameters
    ----------
    size
        Of the networks: depth, width, replicates and batch.
    initializer, activation, seed, data, reading, plugins, force
        As `propagate` takes them.
    """
    from reportgen.ask.propagate import propagate
    from reportgen.judgments.verdicts import VERDICTS, verdict_table

    _load(plugins)
    how, odd = _reading(data, reading)
    measured = propagate(initializer, activation, **size, seed=seed, data=data, reading=how, force=force)
    shown = str(measured.forward["data"].iloc[0])
    verdicts = verdict_table(measured._asdict(), shown)
    first = verdicts.iloc[0]
    layers = f"{size['depth']} layers of {size['width']} units"
    head = f"{first['initializer']} with {first['activation']}, {layers}, {shown} inputs"
    means = _with_sizes(measured.forward).groupby("layer", as_index=False).mean(numeric_only=True)
    gradients = measured.gradients.groupby("layer", as_index=False).mean(numeric_only=True)
    table = means.merge(gradients[["layer", "delta_rms", "weight_gradient_norm"]], on="layer")
    told = [_verdict_line(first, VERDICTS), *odd, *_doubtful(initializer, activation)]
    return [head, "", *_grid(table[list(_SHOWN)].rename(columns=_SHOWN)), "", *told]


def _with_sizes(forward: pd.DataFrame) -> pd.DataFrame:
    """Add root mean squares, and the standard deviation of the activations over inputs and units."""
    squared = forward["activation_second_moment"]
    return forward.assign(
        pre_activation_rms=forward["pre_activation_second_moment"] ** 0.5,
        activation_rms=squared**0.5,
        activation_stddev=(squared - forward["activation_mean"] ** 2).clip(lower=0) ** 0.5,
    )


def margin_lines(found: Sequence[Margin]) -> list[str]:
    """Return how safely every sentence holds, the least safe first: a line per condition, and a line on top."""
    from reportgen.report.margins import LEAST

    names = [f"{one.chapter}/{one.check}" for one in found]
    width, seeds = max(map(len, names)), found[0].seeds
    edge = sum(one.is_at_the_edge for one in found)
    head = f"{len(set(names))} sentences with {len(found)} conditions on {seeds} seed{'s' * (seeds > 1)}: "
    told = f"{edge} did not always hold or have a margin below {LEAST:g}" if seeds > 1 else f"{edge} do not hold"
    rows = [
        f"{_in_spreads(one.spreads)}  {one.held}/{one.seeds}  {name:<{width}}  {shortened(one.example, 100)}"
        for name, one in zip(names, found, strict=True)
    ]
    hint = [] if seeds > 1 else ["margins need several seeds: --seeds 20"]
    return [head + told, *hint, "", "margin  held  check, with what the least safe seed measured", *rows]


def _in_spreads(spreads: float) -> str:
    """Write a margin: a number in units of the spread over seeds, or that nothing spreads."""
    if isnan(spreads):
        return "     –"
    return "  same" if isinf(spreads) else f"{spreads:6.1f}"


def recommendation_lines(
    activation: str,
    depth: int,
    width: int,
    seed: int,
    data: str = "gaussian",
    reading: Mapping[str, Any] = MappingProxyType({}),
    optimizer: str | None = None,
    plugins: Sequence[str] = (),
    *,
    force: bool = False,
) -> list[str]:
    """Return the recommended start for an activation and a depth, the code, the reasons, and what was measured."""
    from reportgen.ask.recommend import recommend
    from reportgen.nn.files.reading import Reading

    _load(plugins)
    advice = recommend(
        activation,
        depth,
        width=width,
        seed=seed,
        data=data,
        reading=Reading(**reading),
        optimizer=optimizer,
        force=force,
    )
    head = f"{advice.initializer} for {advice.choice.activation} with {depth} hidden layers: {advice.verdict}"
    code = [f"{framework + ':':<8} {line}" for framework, line in advice.code.items()]
    told = [*(f"- {reason}" for reason in advice.reasons), *(["", *code] if code else [])]
    table = advice.table.reset_index().rename(columns=lambda name: name.replace("_", " "))
    measured = ["", "factors per layer:", *_grid(table)]
    _, odd = _reading(data, {name: value for name, value in reading.items() if name != "bins"})
    doubts = [*odd, *_doubtful(advice.initializer, activation)]
    return [head, *told, *measured, *_trained_lines(advice), *([""] if doubts else []), *doubts]


def _trained_lines(advice: Recommendation) -> list[str]:
    if advice.trained is None:
        return []
    table = advice.trained.rename(columns=lambda name: name.replace("_", " "))
    return [
        "",
        "trained, in layers of 32 units; learned: a quarter of the way from guessing to all right:",
        *_grid(table),
    ]


def _reading(data: str, told: Mapping[str, Any]) -> tuple[Reading, list[str]]:
    """Return how a data set is read where labels do not matter, and what is odd about it."""
    from reportgen.nn.datasets import describe, oddities
    from reportgen.nn.files.reading import Reading

    reading = Reading(**told, labelled=False)
    return reading, [f"warning: {oddity}" for oddity in oddities(describe(data, reading))]


def _doubtful(initializer: str, activation: str) -> list[str]:
    """Return what plugins declare of a pair and do not keep, in the words of a build."""
    from reportgen.nn.examination import doubts

    return [f"warning: {doubt}" for doubt in doubts([initializer], [activation])]


def _load(names: Sequence[str]) -> None:
    from reportgen import plugins

    plugins.load(names)


def _grid(table: Any) -> list[str]:
    """Lay a data frame out in right-aligned columns."""
    return [line.rstrip() for line in table.to_string(index=False, float_format=lambda x: f"{x:.3g}").splitlines()]


def _verdict_line(row: Any, rules: Mapping[str, str]) -> str:
    line = f"verdict: {row['verdict']} ({rules[row['verdict']]})"
    if row["agree"] == row["networks"]:
        return line
    return f"{line}; {row['agree']} of {row['networks']} networks by themselves, others: {row['other']}"


def _initializers() -> list[tuple[str, str]]:
    from reportgen.nn.initializers import initializers

    return [(item.name, _described(item, initializers)) for item in initializers]


def _activations() -> list[tuple[str, str]]:
    from reportgen.nn.activations import activations

    return [(item.name, _described(item, activations)) for item in activations]


def _described(item: Any, registry: Any) -> str:
    """Return label, parameters with defaults, and other spellings."""
    parameters = ", ".join(f"{key}={value}" for key, value in registry.definition(item.name).parameters.items())
    aliases = ", ".join(registry.spellings(item.name))
    parts = [item.label, parameters and f"({parameters})", aliases and f"also: {aliases}"]
    return "  ".join(part for part in parts if part)


def _chapters() -> list[tuple[str, str]]:
    from reportgen.chapters import CHAPTERS

    return [(chapter.slug, chapter.title) for chapter in CHAPTERS]


def _experiments() -> list[tuple[str, str]]:
    from reportgen.experiments import EXPERIMENTS

    return [(experiment.name, experiment.summary) for experiment in EXPERIMENTS]


LISTS: Mapping[str, Callable[[], list[tuple[str, str]]]] = {
    "initializers": _initializers,
    "activations": _activations,
    "chapters": _chapters,
    "experiments": _experiments,
}
"""What can be listed -> its (name, text) rows."""
