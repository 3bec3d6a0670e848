"""The first row: names, data or counts; a file without a header never loses its first row silently."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import sklearn.datasets
from sklearn.datasets import load_breast_cancer, load_iris, load_wine

from reportgen.errors import DataError
from reportgen.nn.files.delimited import read
from reportgen.nn.files.reading import Reading
from reportgen.nn.files.table import table

FOLDER = Path(sklearn.datasets.__file__).parent / "data"


def names(text: str, **told: bool | str) -> list[str]:
    return [name for name, _ in read(text.encode(), Reading(**told))]  # type: ignore[arg-type]


def refused(raw: str | bytes) -> str:
    with pytest.raises(DataError) as caught:
        read(raw if isinstance(raw, bytes) else raw.encode(), Reading())
    return str(caught.value)


@pytest.mark.parametrize(
    ("file", "load", "said"),
    [
        ("iris.csv", load_iris, "(150, 4, setosa, versicolor, virginica) names no columns: it counts 150 rows and 4"),
        ("wine_data.csv", load_wine, "(178, 13, class_0, class_1, class_2) names no columns: it counts 178 rows"),
        ("breast_cancer.csv", load_breast_cancer, "(569, 30, malignant, benign) names no columns: it counts 569"),
    ],
)
def test_the_line_of_counts_in_scikit_learns_files_is_told_and_left_out(file: str, load: object, said: str) -> None:
    raw = (FOLDER / file).read_bytes()
    assert said in refused(raw)
    assert "pass --no-header, which leaves it out" in refused(raw)
    content = table(read(raw, Reading(header=False)), Reading(header=False))
    features, labels = load(return_X_y=True)  # type: ignore[operator]
    assert np.array_equal(content.features, features)
    assert np.array_equal(content.labels, labels)
    assert content.label == content.oddities[0].split()[3].strip(",") == str(features.shape[1] + 1)


def test_a_real_header_separated_by_blanks_is_taken() -> None:
    raw = (FOLDER / "linnerud_exercise.csv").read_bytes()
    assert [name for name, _ in read(raw, Reading())] == ["Chins", "Situps", "Jumps"]


@pytest.mark.parametrize(
    "text",
    [
        "5.1,3.5,1.4,0.2,Iris-setosa\n4.9,3.0,1.4,0.2,Iris-setosa\n6.2,3.4,5.4,2.3,Iris-virginica\n",
        "1,14.23,1.71\n1,13.2,1.78\n2,12.37,.94\n",
        "39,State-gov,Bachelors,Male\n50,Private,Bachelors,Male\n38,Private,HS-grad,Male\n",
        "p,x,s,n\ne,x,s,y\ne,b,s,w\n",
        "1 2 3\n",
    ],
)
def test_a_first_row_of_data_is_refused_without_a_word_about_the_header(text: str) -> None:
    said = refused(text)
    assert said.startswith(f"its first row ({', '.join(text.splitlines()[0].replace(' ', ',').split(','))[:9]}")
    assert "looks like data: pass --no-header if the columns have no names, --header if these are the names" in said
    assert names(text, header=False) == [str(at + 1) for at in range(len(names(text, header=False)))]
    assert len(names(text, header=True)) == len(names(text, header=False))


def test_names_that_are_numbers_are_names_where_the_label_is_among_them() -> None:
    assert names("2019,2020,2021,label\n1,2,3,x\n4,5,6,y\n") == ["2019", "2020", "2021", "label"]
    assert names("2019,2020,2021,kind\n1,2,3,x\n4,5,6,y\n", label="kind") == ["2019", "2020", "2021", "kind"]
    assert "looks like data" in refused("2019,2020,2021,kind\n1,2,3,x\n4,5,6,y\n")


def test_the_header_of_a_second_file_in_the_middle_is_told() -> None:
    assert "(a, label) stands there again: delete the header of a second file" in refused(
        "a,label\n1,x\na,label\n2,y\n"
    )


def test_a_row_that_only_looks_like_counts_is_data() -> None:
    assert len(read(b"2,2,x\n1,4,y\n3,5,x\n", Reading(header=False))[0][1]) == 3
