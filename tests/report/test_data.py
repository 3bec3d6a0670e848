"""Tables as files: plain, or packed into the same bytes whenever that is done."""

from __future__ import annotations

import gzip
import io

import pandas as pd
import pytest

from reportgen.report import data
from reportgen.report.data import csv, data_files, table_file, whole_table

FRAME = pd.DataFrame({"layer": [1, 2], "value": [0.1, float("nan")]})


def test_a_large_table_is_packed_and_pandas_reads_it_as_it_is() -> None:
    (content,) = whole_table("training_races", FRAME).values()
    assert gzip.decompress(content) == csv(FRAME)
    pd.testing.assert_frame_equal(pd.read_csv(io.BytesIO(content), compression="gzip"), FRAME)


def test_a_packed_table_holds_no_name_no_time_and_no_system(monkeypatch: pytest.MonkeyPatch) -> None:
    first = whole_table("forward", FRAME)
    monkeypatch.setattr("time.time", lambda: 1e9)
    assert whole_table("forward", FRAME) == first
    (content,) = first.values()
    assert content[:10] == b"\x1f\x8b\x08\x00" + bytes(4) + content[8:9] + b"\xff"


def test_a_small_table_stays_plain() -> None:
    assert whole_table("advice_starts", FRAME) == {"data/advice_starts.csv": csv(FRAME)}


@pytest.mark.parametrize("table", sorted(data._PACKED))
def test_the_name_of_a_file_says_that_it_is_packed(table: str) -> None:
    assert table_file(table) == f"{table}.csv.gz"


def test_a_table_of_the_battery_has_six_digits_and_others_have_nine() -> None:
    thirds = pd.DataFrame({"value": [1 / 3]})
    (whole,), (other,) = whole_table("gradients", thirds).values(), whole_table("advice_starts", thirds).values()
    assert (gzip.decompress(whole), other) == (b"value\n0.333333\n", b"value\n0.333333333\n")


def test_a_large_table_of_a_figure_is_packed_too() -> None:
    files = data_files("saturation-units", {"units": FRAME, "layers": FRAME})
    assert list(files) == ["data/saturation-units.csv.gz", "data/saturation-units-layers.csv"]
    assert gzip.decompress(files["data/saturation-units.csv.gz"]) == csv(FRAME)


def test_the_tables_of_a_figure_are_plain_and_named_after_it() -> None:
    files = data_files("he-layers", {"layers": FRAME, "the_rest": FRAME})
    assert files == {"data/he-layers.csv": csv(FRAME), "data/he-layers-the-rest.csv": csv(FRAME)}
