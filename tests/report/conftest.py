"""A small book: two chapters with every kind of thing that a page can hold, over results that are made up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure as Canvas

from reportgen.battery.results import Results
from reportgen.chapters.chapter import Chapter, Figure
from reportgen.chapters.check import Check, within
from reportgen.chapters.style import canvas
from reportgen.judgments.estimates import Estimate
from reportgen.report.data import whole_table
from reportgen.report.drawing import Job, render_figure

AnyChapter = Chapter[Any, Any]

INDEX = """**He keeps the variance at {{ f.he | pm }}.** {{ holds("he_is_near_one") }} Then we say why.

{% call figure("curve") %}
He stays near {{ f.he.value | num }} at $L = 3$.

Each dot
is a layer.

Line [blue] "near" {{ f.he.value | num }}.
{% endcall %}

## What we measured

{{ f.gains | table }}

See {{ link("glossary", "the words") }}, above all {{ term("fan_in") }} and {{ term("mean field", "the mean field") }}.

$$
\\mathrm{Var}(w \\cdot x) = \\sum_{i=1}^{n} \\mathrm{Var}(w_i) x_i^2
$$

With $\\left( \\frac{1}{2} \\right)^{l-1}$ the rest follows.

{% call note() %}
A note over {{ settings.depths | words }} layers,
with `code` in it.

And a second paragraph.
{% endcall %}

## Check yourself

{% call answer("How large is it, & why?") %}
It is **{{ f.he.value | num }}**, that is {{ 0.5 | percent }} of two.
{% endcall %}
"""

GLOSSARY = "The words of the report.\n\n## fan_in\n\nInputs of a unit.\n\n## Mean field\n\nThe limit of large width.\n"


class Tables(NamedTuple):
    """What the front page reads.

    Attributes
    ----------
    forward
        Variance by layer.
    means
        Mean variance of all layers.
    """

    forward: pd.DataFrame
    means: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Findings:
    """What the front page quotes."""

    he: Estimate
    gains: pd.DataFrame


def read(results: Results) -> Tables:
    forward = results["forward"]
    return Tables(forward, pd.DataFrame({"mean": [forward["activation_variance"].mean()]}))


def draw(forward: pd.DataFrame, means: pd.DataFrame) -> Canvas:
    figure = canvas(3.5)
    axes = figure.subplots()
    axes.plot(forward["layer"], forward["activation_variance"], color="#2b7fd4", marker="o")
    axes.axhline(means["mean"].item())
    axes.set(xlabel="layer", ylabel="variance", title="He keeps the variance")
    return figure


CURVE = Figure("curve", draw, ("forward", "means"))


def find(tables: Tables) -> Findings:
    gains = pd.DataFrame({"activation": ["relu", "tanh|x"], "gain": [np.sqrt(2.0), np.inf], "units": [1024, 12]})
    return Findings(Estimate(tables.means["mean"].item(), 0.004), gains)


def check(findings: Findings) -> Iterator[Check]:
    mean = findings.he.value
    yield Check.of("he_is_near_one", "He keeps the variance near 1", *within(0.9, mean, 1.1))


@pytest.fixture(scope="session")
def results() -> Results:
    forward = pd.DataFrame(
        {
            "initializer": "random_uniform(minval=-0.5, maxval=0.5)",
            "layer": [1, 2, 3],
            "activation_variance": [1.0, 1.01234567891, 0.99],
            "finite_fraction": [1.0, np.inf, np.nan],
        }
    )
    settings = {"preset": "quick", "seed": 0, "width": 64, "replicates": 3, "batch": 256, "depths": [2, 5, 10]}
    settings |= {"initializers": ["he_normal"], "activations": ["relu"], "data": ["gaussian"]}
    return Results({"forward": forward}, {}, settings)


@pytest.fixture(scope="session")
def chapters() -> list[AnyChapter]:
    index = Chapter("index", "Which start for which activation?", ("propagation",), read, find, check, (CURVE,))
    glossary = Chapter("glossary", "What do the words mean?", (), lambda _: (), lambda _: None, lambda _: ())
    return [index, glossary]


@pytest.fixture(scope="session")
def drawn(results: Results) -> Callable[..., list[tuple[str, dict[str, bytes]]]]:
    """Return a stand-in for `map` that hands out the figure of the book, drawn once."""
    files = render_figure(Job("index-curve", draw, CURVE.copies(read(results))[0].frames))
    tables = {table: (table, whole_table(table, results[table])) for table in results.tables}
    return lambda _, tasks: [tables.get(task.job.stem, ("index-curve", files)) for task in tasks]


@pytest.fixture
def prose(tmp_path: Path) -> Callable[[str], Path]:
    """Return a function that makes a folder of templates in which the front page has the given prose."""

    def write(index: str = INDEX) -> Path:
        folder = tmp_path / "templates"
        (folder / "chapters").mkdir(parents=True, exist_ok=True)
        (folder / "chapters/index.md.jinja").write_text(index)
        (folder / "chapters/glossary.md.jinja").write_text(GLOSSARY)
        return folder

    return write
