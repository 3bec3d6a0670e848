"""Roles and faults of a table: all that is wrong in one line, each fault with what to do; and what is odd about it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_diabetes, load_iris, load_linnerud

from reportgen.errors import DataError
from reportgen.nn.datafile import parse
from reportgen.nn.files.reading import Reading
from reportgen.nn.files.table import Table

PENGUINS = """species,island,bill,flipper,sex
Adelie,Torgersen,39.1,181,male
Adelie,Biscoe,NA,186,female
Gentoo,Biscoe,46.1,211,
Gentoo,Biscoe,50,NA,male
"""


def read(text: str, **told: Any) -> Table:
    return parse(text.encode(), Path("x.csv"), Reading(**told))


def refused(text: str, **told: Any) -> str:
    with pytest.raises(DataError) as caught:
        read(text, **told)
    assert len(str(caught.value)) <= 285
    return str(caught.value).removeprefix("x.csv: ")


def test_all_faults_are_told_at_once_with_their_remedies_and_these_help() -> None:
    assert refused(PENGUINS, label="species") == (
        "text in 'island' (Torgersen in data row 1), 'sex': --drop island --drop sex; "
        "missing values in 'bill', 'flipper' (2 of 4 rows, first in data row 2): --drop-missing"
    )
    found = read(PENGUINS, label="species", drop=("island", "sex"), drop_missing=True)
    assert found.features.tolist() == [[39.1, 181], [46.1, 211]]
    assert (found.columns, found.labels.tolist(), found.label) == (("bill", "flipper"), [0, 1], "species")


def sheet_of(lengths: list[str]) -> str:
    return "Länge;b;label\n" + "".join(f"{cell};{at};{'xy'[at % 2]}\n" for at, cell in enumerate(lengths))


def test_among_numbers_the_cell_is_named_that_is_text_and_all_such_are_counted() -> None:
    lengths = ["1,5", *["#XY"] * 9, *(f"{at},25" for at in range(290))]
    said = "9 of 300 cells in 'Länge' are no number (#XY in data row 2): --drop 'Länge'"
    assert refused(sheet_of(lengths)) == said
    assert refused(sheet_of(lengths), decimal=",") == said
    assert refused(sheet_of([one.replace(",", ".") for one in lengths])) == said
    assert refused(sheet_of(["1.234,5", "", "2,5", "about 3"])).startswith(
        "1 of 4 cells in 'Länge' is no number (about 3 in data row 4): --drop 'Länge'"
    )


def test_a_cell_that_is_not_in_percent_as_the_others_are_is_named() -> None:
    assert refused(sheet_of(["1,5 %", "2 %", "3", "4 %"])).startswith("1 of 4 cells in 'Länge' is no number (3 in data")
    assert refused(sheet_of(["true", "false", "maybe"])).startswith("1 of 3 cells in 'Länge' is no number (maybe in")


def test_a_column_of_text_may_be_the_label_where_none_is_needed() -> None:
    text = "a,species\n1,cat\n2,dog\n3,cat\n"
    assert refused(text, labelled=False) == (
        "text in 'species' (cat in data row 1): FILE:species (or --label species) if it is the label, "
        "else --drop species"
    )
    assert read(text, labelled=False, label="species").features.tolist() == [[1], [2], [3]]
    assert "FILE:COLUMN (or --label COLUMN)" in refused(PENGUINS, labelled=False)


def test_without_the_label_nothing_is_said_to_be_dropped_that_may_be_it() -> None:
    assert refused(PENGUINS, label="specie") == (
        "there is no label column 'specie': did you mean species? There are 'species', 'island', 'bill' and 2 more, "
        "to name as FILE:LABEL; text in 'species' (Adelie in data row 1), 'island', 'sex': --drop what is no label; "
        "and 1 more fault"
    )


def test_many_faults_with_long_names_still_make_one_line_that_counts_them() -> None:
    names = [f"{letter * 200} $x$" for letter in "abcdefgh"]
    rows = "".join(f"{','.join([word] * 8)}\n" for word in ("red", "NA", "inf"))
    said = refused(f"{','.join(names)}\n{rows}", label="z" * 300)
    assert "and 5 more" in said


def test_an_empty_column_is_dropped_and_not_every_row() -> None:
    text = "id,Unnamed: 32,label\n1,,x\n2,,y\n"
    assert refused(text) == "no value at all in 'Unnamed: 32': --drop 'Unnamed: 32'"
    assert read(text, drop=("Unnamed: 32",)).features.tolist() == [[1], [2]]
    assert refused("a,b,label\n1,,x\n,2,y\n", drop_missing=True).startswith("every row has a missing value")


@pytest.mark.parametrize(
    ("text", "told", "said"),
    [
        ("a,b,label\n1,2,x\n2,3,y\n", {"drop": ("c", "B")}, "there is no column 'B' to drop: did you mean b? There"),
        ("a,label\n1,x\n2,y\n", {"drop": ("a",)}, "there is no feature beside the label column 'label'"),
        ("a,b,label\n1,2,x\n1,2,y\n", {}, "every feature is constant ('a', 'b'): there is nothing in them"),
        ("a,label\n1,x\n2,x\n", {}, "label column 'label' has one class only (x)"),
        ("a,label\n1,x\n2,y\n", {"bins": 2}, "label column 'label' holds no numbers, and --bins is for numbers"),
        ("a,label\n1,3\n2,3\n", {"bins": 2}, "label column 'label' has too few values for --bins 2"),
        ("a,b\n", {"labelled": False}, "there are no rows"),
    ],
)
def test_what_cannot_be_measured_is_told(text: str, told: dict[str, Any], said: str) -> None:
    assert said in refused(text, **told)


def frame_text(data: Any) -> str:
    text = io.StringIO()
    data.frame.to_csv(text, index=False)
    return text.getvalue()


def test_a_regression_target_is_no_class_and_can_be_cut_into_bins() -> None:
    text = frame_text(load_diabetes(as_frame=True))
    assert refused(text, label="target") == (
        "label column 'target' looks like a regression target (214 values in 442 rows): --bins 5 cuts it into 5 classes"
    )
    found = read(text, label="target", bins=5)
    shares = np.bincount(found.labels) / len(found.labels)
    assert found.classes == 5
    assert np.abs(shares - 1 / 5).max() < 0.02  # values that are the same stay together
    order = load_diabetes().target.argsort()
    assert np.all(np.diff(found.labels[order]) >= 0)


def test_fractions_are_a_regression_target_however_few_they_are() -> None:
    said = "looks like a regression target (2 values in 3 rows, 0.5 in data row 2): --bins 5"
    assert said in refused("a,label\n1,2\n2,0.5\n3,2\n")


def test_names_of_the_rows_are_no_classes() -> None:
    rows = "".join(f"{at},name{at}\n" for at in range(30))
    assert refused(f"a,label\n{rows}") == (
        "label column 'label' has 30 different words in 30 rows: name another as FILE:LABEL"
    )


def test_forty_faces_of_ten_pictures_each_are_classes() -> None:
    rows = "".join(f"{at},{at % 40}\n" for at in range(400))
    assert read(f"a,label\n{rows}").classes == 40


def test_where_labels_do_not_matter_all_else_is_a_feature() -> None:
    iris = frame_text(load_iris(as_frame=True))
    assert read(iris, labelled=False).features.shape == (150, 5)
    assert "no column is taken for the label" in read(iris, labelled=False).oddities[-1]
    named = read(iris, label="target", labelled=False)
    assert (named.features.shape, named.classes, named.oddities) == ((150, 4), 0, ())
    assert read(frame_text(load_linnerud(as_frame=True)), labelled=False).features.shape == (20, 6)
    assert read("a,label\n1,\n2,0.5\n3,1\n", labelled=False, drop_missing=True).features.tolist() == [[2], [3]]


def test_what_is_odd_is_told_and_taken() -> None:
    rows = "".join(f"{at},7,{at}e300,{at % 2}\n" for at in range(1, 10))
    assert read(f"a,same,huge,label\n{rows}").oddities == (
        "1 column is constant and tells nothing: 'same'",
        "numbers beyond float32 (3.4e38) in 'huge': is that what was meant?",
        "there are 9 rows only: what is measured on them says little",
    )
