"""One pair on its own: the public function, its columns, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import reportgen
from reportgen.errors import DataError, UsageError
from reportgen.experiments.propagation import FORWARD, GRADIENTS


def test_the_columns_are_those_of_the_published_tables() -> None:
    measured = reportgen.propagate("he_normal", "relu", depth=2, width=8, replicates=2)
    for table, declared in ((measured.forward, FORWARD), (measured.gradients, GRADIENTS)):
        first, *others = [column.name for column in declared]
        assert list(table.columns) == [first, "sigma_w2", *others]
    assert len(measured.forward) == len(measured.gradients) == 2 * 2


def test_aliases_and_call_forms_work_and_the_canonical_name_is_reported() -> None:
    measured = reportgen.propagate("kaiming_normal", "LeakyReLU(0.2)", depth=1, width=8, replicates=1)
    assert set(measured.forward["initializer"]) == {"he_normal"}
    assert set(measured.forward["activation"]) == {"leaky_relu(negative_slope=0.2)"}


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others() -> None:
    first, again, other = (reportgen.propagate("he_normal", "relu", depth=2, width=8, seed=seed) for seed in (1, 1, 2))
    assert first.forward.equals(again.forward)
    assert not first.forward.equals(other.forward)


def test_a_data_file_of_ones_own_is_used(tmp_path: Path) -> None:
    path = tmp_path / "flowers.csv"
    path.write_text("petal,sepal,kind\n1,2,a\n2,1,b\n3,5,a\n4,0,b\n", encoding="utf-8")
    measured = reportgen.propagate("he_normal", "relu", depth=1, width=8, data=f"{path}:kind", replicates=1)
    assert set(measured.forward["data"]) == {"flowers.csv"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"depth": 0},
        {"width": 0},
        {"width": 2.5},
        {"width": float("nan")},
        {"depth": float("inf")},
        {"seed": -1},
        {"seed": 0.5},
        {"batch": 0},
        {"replicates": 0},
        {"bias": -1.0},
        {"bias": float("nan")},
        {"dtype": "float16"},
        {"dtype": np.float32},
        {"depth": ()},
        {"initializer": "he_norml"},
        {"activation": "rellu"},
    ],
)
def test_what_cannot_be_measured_is_refused(wrong: dict[str, object]) -> None:
    given = {"initializer": "he_normal", "activation": "relu", "depth": 2, "width": 8, **wrong}
    with pytest.raises(UsageError):
        reportgen.propagate(**given)  # type: ignore[arg-type]


def test_a_missing_data_file_is_told() -> None:
    with pytest.raises(DataError):
        reportgen.propagate("he_normal", "relu", depth=1, width=8, data="nothing.csv")
