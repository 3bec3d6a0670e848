"""Tables as text: the same table in every dialect and encoding is read to the same arrays, or refused with a remedy."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.errors import DataError
from reportgen.nn.files.delimited import read
from reportgen.nn.files.reading import Reading

NAMES = ("length", "width", "kind")
ROWS = ((1.5, 1234.25, "wolf"), (-2.25, 7, "bear"), (0.125, 20000.5, "wolf"), (3, -1.75, "lynx, or cat"))


def columns(raw: bytes | str, **told: Any) -> dict[str, list[Any]]:
    content = raw if isinstance(raw, bytes) else raw.encode()
    return {name: values.tolist() for name, values in read(content, Reading(**told))}


def refused(raw: bytes | str, **told: Any) -> str:
    with pytest.raises(DataError) as caught:
        columns(raw, **told)
    assert len(str(caught.value)) <= 225
    return str(caught.value)


def number(value: float, decimal: str, thousands: str) -> str:
    text = f"{value:,}" if thousands else f"{value}"
    return text.replace(",", "T").replace(".", decimal).replace("T", thousands)


def written(
    rows: Sequence[Sequence[Any]],
    names: Sequence[str] | None = NAMES,
    *,
    delimiter: str = ",",
    decimal: str = ".",
    thousands: str = "",
    end: str = "\n",
    quoting: Any = csv.QUOTE_MINIMAL,
) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting)
    if names:
        writer.writerow(names)
    writer.writerows([one if isinstance(one, str) else number(one, decimal, thousands) for one in row] for row in rows)
    return text.getvalue()


EXPECTED = {name: [row[at] for row in ROWS] for at, name in enumerate(NAMES)}
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-32")


@pytest.mark.parametrize(
    ("end", "encoding"), [("\n", "utf-8"), ("\r\n", "utf-8-sig"), ("\r\n", "utf-16"), ("\r", "utf-8"), ("\n", "utf-32")]
)
@pytest.mark.parametrize(
    ("delimiter", "decimal", "thousands"),
    [
        *((delimiter, ".", "") for delimiter in ",;\t| "),
        *((delimiter, ",", "") for delimiter in ",;\t| "),
        *((delimiter, ",", ".") for delimiter in ",;\t| "),
        *((delimiter, ".", ",") for delimiter in ",;\t| "),
        *((delimiter, ",", "\u202f") for delimiter in ";\t|"),
        *((delimiter, ",", " ") for delimiter in ";\t|"),
        *((delimiter, ".", "'") for delimiter in ",;\t| "),
    ],
)
def test_a_table_of_any_country_is_read_to_the_same_arrays(
    delimiter: str, decimal: str, thousands: str, end: str, encoding: str
) -> None:
    text = written(ROWS, delimiter=delimiter, decimal=decimal, thousands=thousands, end=end)
    assert columns(text.encode(encoding)) == EXPECTED
    assert columns(text.encode(encoding), delimiter=delimiter, decimal=decimal) == EXPECTED
    assert columns(gzip.compress(text.encode(encoding))) == EXPECTED


WORDS = st.text("abcdefghijkl ,;|\t'\"äжあ", min_size=1, max_size=8).filter(lambda word: word.strip() == word != "")
CLASSES = st.lists(WORDS.filter(lambda word: any(one.isalpha() for one in word)), min_size=2, max_size=5, unique=True)


@settings(max_examples=150, deadline=None)
@given(
    numbers=st.lists(st.tuples(st.floats(-1e6, 1e6), st.integers(-999, 999)), min_size=2, max_size=12),
    classes=CLASSES,
    delimiter=st.sampled_from(",;\t| "),
    decimal=st.sampled_from(".,"),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    encoding=st.sampled_from(ENCODINGS),
)
def test_what_a_csv_writer_writes_is_read_as_it_was_where_the_dialect_is_told(
    numbers: list[tuple[float, int]],
    classes: list[str],
    delimiter: str,
    decimal: str,
    end: str,
    quoting: int,
    encoding: str,
) -> None:
    if delimiter == " ":  # then a tab is one too
        classes = [one.replace("\t", "") for one in classes]
    rows = [(first, second, classes[at % len(classes)]) for at, (first, second) in enumerate(numbers)]
    text = written(rows, ("x", "y", "label"), delimiter=delimiter, decimal=decimal, end=end, quoting=quoting)
    found = columns(text.encode(encoding), delimiter=delimiter, decimal=decimal, header=True)
    np.testing.assert_array_equal(found["x"], [row[0] for row in rows])
    np.testing.assert_array_equal(found["y"], [row[1] for row in rows])
    assert found["label"] == [row[2] for row in rows]


@settings(max_examples=300, deadline=None)
@given(text=st.text(",;\t| ab1.5-%#\"'\r\nNA?é", max_size=80), header=st.sampled_from([None, True, False]))
def test_any_text_is_read_or_refused_in_one_line(text: str, header: bool | None) -> None:
    said = ""
    try:
        found = read(text.encode(), Reading(header=header))
        assert len({len(values) for _, values in found}) == 1
    except DataError as error:
        said = str(error)
    assert "\n" not in said


def test_excels_first_line_says_the_separator_even_where_others_would_do() -> None:
    assert columns("sep=;\na;b;kind\n1,5;2;x\n2,5;3;y\n")["a"] == [1.5, 2.5]
    assert columns('"sep=|"\r\na|b,c|kind\r\n1|2|x\r\n') == {"a": [1.0], "b,c": [2.0], "kind": ["x"]}


def test_values_quoted_singly_are_understood() -> None:
    assert columns("a,kind\n'1','x, or'\n'2','y'\n") == {"a": [1.0, 2.0], "kind": ["x, or", "y"]}


def test_columns_aligned_with_blanks_and_tabs_are_read() -> None:
    assert columns("  a   b\tkind\n  1.5 2  x \n 10.25\t 3 y\n") == {"a": [1.5, 10.25], "b": [2, 3], "kind": ["x", "y"]}


def test_empty_lines_and_columns_at_the_end_are_nothing() -> None:
    text = "a,kind,,\n1,x,,\n,,,\n\n2,y,,\n,,,\n\n"
    assert columns(text) == {"a": [1, 2], "kind": ["x", "y"]}
    assert columns("a,kind\r\n1,x\r\n2,y\r\n\x1a") == {"a": [1, 2], "kind": ["x", "y"]}
    assert columns("1;2;x;\n3;4;y;\n", header=False) == {"1": [1, 3], "2": [2, 4], "3": ["x", "y"]}


def test_comments_are_left_out_and_the_last_one_on_top_may_be_the_header() -> None:
    assert columns("# by me\na,kind\n1,x\n# half of it, and more, is here\n2,y\n") == {"a": [1, 2], "kind": ["x", "y"]}
    assert columns("# by me\n# a b kind\n1 2 x\n3 4 y\n") == {"a": [1, 3], "b": [2, 4], "kind": ["x", "y"]}
    assert columns("colour,a\n#ff0000,1\n#00ff00,2\n")["colour"] == ["#ff0000", "#00ff00"]


@pytest.mark.parametrize(
    "mark", ["", "NA", "N/A", "n/a", "?", "null", "NULL", "NaN", "-", "--", "None", "#N/A", "<NA>"]
)
def test_what_stands_for_a_missing_value_is_one(mark: str) -> None:
    for decimal in ".,":
        found = columns(f"a;label\n{mark};x\n1{decimal}5;y\n")
        assert np.isnan(found["a"][0])
        assert found["a"][1] == 1.5


SHEET_ERRORS = "#N/A #NV #N/D #DIV/0! #VALUE! #WERT! #VALEUR! #REF! #BEZUG! #NAME? #NUM! #ZAHL! #NULL! #¡VALOR! #Н/Д"


@pytest.mark.parametrize("mark", [*SHEET_ERRORS.split(), "n. v.", "n.v.", "k. A.", "k.A.", "fehlt", "n/d", "s/d"])
@pytest.mark.parametrize("decimal", ".,")
def test_errors_of_spreadsheets_and_words_for_nothing_are_missing_values(mark: str, decimal: str) -> None:
    found = columns(f"a;b;label\n{mark};2;x\n1{decimal}5;{mark};y\n2;7;x\n")
    assert np.isnan([found["a"][0], found["b"][1]]).all()
    assert (found["a"][1:], found["b"][::2]) == ([1.5, 2], [2, 7])


def test_a_first_row_that_begins_with_an_error_of_a_spreadsheet_is_no_comment() -> None:
    found = columns("#NV;2;x\n1,5;3;y\n", header=False)
    assert np.isnan(found["1"][0])
    assert found["2"] == [2, 3]


def test_a_word_for_nothing_that_may_be_a_class_is_one_in_the_label_column() -> None:
    assert columns("a,label\n1,fehlt\n2,da\n")["label"] == ["fehlt", "da"]
    assert columns("a,label\n1,#NV\n2,da\n")["label"] == [None, "da"]


def test_plus_and_minus_may_be_classes() -> None:
    assert columns("a,label\n1,+\n-,-\n2,-\n")["label"] == ["+", "-", "-"]


def test_percent_is_divided_by_a_hundred_where_the_whole_column_has_it() -> None:
    assert columns("a;b;kind\n12,5 %;3%;x\n50 %;4;y\n") == {"a": [0.125, 0.5], "b": ["3%", "4"], "kind": ["x", "y"]}


def test_a_date_is_no_number_whatever_the_decimal_mark_is() -> None:
    assert columns("day;a;kind\n01.02.2020;1,5;x\n2.12.2020;2,5;y\n")["day"] == ["01.02.2020", "2.12.2020"]
    assert columns("day,a,kind\n1/2/2020,1.5,x\n2/2/2020,2.5,y\n")["day"] == ["1/2/2020", "2/2/2020"]


def test_a_decimal_mark_that_cannot_be_told_is_asked_for() -> None:
    text = "a;b;kind\n1,234;2;x\n5,678;3;y\n"
    assert refused(text) == "'1,234' in column 'a' has three decimals or is thousands: pass --decimal , or --decimal ."
    assert columns(text, decimal=",")["a"] == [1.234, 5.678]
    assert columns(text, decimal=".")["a"] == [1234, 5678]
    assert "comma by '1,5' in column 'a' but a point by '2.5' in column 'b'" in refused("a;b;kind\n1,5;2.5;x\n")


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"PK\x03\x04\x14\0\6\0", "is an Excel workbook or .zip archive, not a text: save the table as CSV"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is a PNG image, not a text: save the table as CSV"),
        (b"%PDF-1.7\n%\xe2\xe3", "is a PDF, not a text: save the table as CSV"),
        (b"\0\1\2\xff,a\n", "is no text, for it has null bytes"),
        (b"\n<!DOCTYPE html><html>", "is a web page, not a table"),
        (b"\x1f\x8b\x08\0\0", "cannot be unpacked as .gz"),
        (b"\n \n\r\n", "the file is empty"),
        (b"# only\n# words\n", "the file is empty"),
        (b"Table 1\na,b,kind\n1,2,x\n3,4,y\n", "the first line names 1 columns (Table 1), most rows have 3: if it is"),
        (b"a,b,c,kind\n1,2,x\n3,4,y\n", "the first line names 4 columns (a, b, c, kind), most rows have 3: values"),
        (b"a,kind\n1,x\n2,y,3\n4,z,5\n6,x\n7,x\n8,x\n9,x\n0,x\n3,x\n4,x\n", "line 3 has 3 values where 2 are"),
        (b'a,kind\n1,"x" y\n', "line 2: "),
    ],
)
def test_what_is_no_table_is_told(raw: bytes, said: str) -> None:
    assert said in refused(raw)


def test_all_lines_of_another_length_are_counted() -> None:
    rows = "".join(f"{at},x\n" for at in range(20))
    assert ", and 1 more; separated by comma" in refused(f"a,kind\n{rows}1,2,3\n{rows}4\n")
