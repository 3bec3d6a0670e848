"""Data files: the same table in every dialect of a spreadsheet, and files that were cut, flipped or mixed up."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterable
from random import Random
from typing import Literal, NamedTuple

from tests.soak.harness import Answer, Case, Judge

__all__ = ["damaged", "written"]

NAMES = {
    "utf-8": ("length", "Länge", "長さ", "длина", "größe", "面积"),
    "utf-8-sig": ("length", "Länge", "長さ", "длина"),
    "utf-16": ("length", "Länge", "長さ", "длина"),
    "cp1252": ("length", "width", "height"),
    "gb18030": ("长度", "宽度", "面积"),
    "cp932": ("長さ", "幅の広さ", "高さ"),
    "cp1251": ("длина", "ширина", "высота"),
}
"""Names of features that an encoding can write."""

CLASSES = ("setosa", "versicolor", "virginica")


class Dialect(NamedTuple):
    """How a program writes a table."""

    encoding: str
    separator: str
    decimal: str
    newline: str
    quoting: Literal[0, 1, 2]
    suffix: str
    sep_line: bool


def written(random: Random) -> Case:
    """A table in a usual dialect is read as what was written, or refused with what to do; never as something else."""
    dialect, rows, labels = _dialect(random), *_table(random)
    raw = _write(random, dialect, rows, labels)
    name = f"table{dialect.suffix}"
    asked = {"ask": "table", "given": {"path": name}}
    return Case(asked, files={name: raw}, judge=_holds(rows, labels))


def damaged(random: Random) -> Case:
    """A table that was cut, flipped or mixed up is read or refused in one line, by the command line too."""
    dialect, rows, labels = _dialect(random), *_table(random)
    raw = _write(random, dialect, rows, labels)
    for _ in range(random.randint(1, 3)):
        raw = random.choice(DAMAGES)(raw, random)
    name = f"table{random.choice([dialect.suffix, '.csv', '.npz', '.csv.gz', '.tsv'])}"
    if random.random() < 0.8:
        return Case({"ask": "table", "given": {"path": name}}, files={name: raw})
    command = ["show", "he_normal", "relu", "--depth", "2", "--width", "8", "--data", name]
    return Case({"run": command}, files={name: raw})


def _dialect(random: Random) -> Dialect:
    separator, decimal, suffix = random.choice(
        [
            (",", ".", ".csv"),
            (";", ".", ".csv"),
            (";", ",", ".csv"),
            ("\t", ".", ".tsv"),
            ("\t", ",", ".tsv"),
            ("|", ".", ".txt"),
        ]
    )
    packed = random.random() < 0.15 and suffix != ".txt"
    return Dialect(
        encoding=random.choice([*NAMES, "utf-8", "utf-8"]),
        separator=separator,
        decimal=decimal,
        newline=random.choice(["\n", "\r\n", "\r"]),
        quoting=random.choice([csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC, csv.QUOTE_ALL]),
        suffix=suffix + ".gz" * packed,
        sep_line=separator in ";," and random.random() < 0.1,
    )


def _table(random: Random) -> tuple[list[list[float]], list[str]]:
    count, features = random.randint(24, 60), random.randint(2, 3)
    digits, scale = random.randint(1, 5), 10 ** random.uniform(-2, 3)
    rows = [[round(random.gauss(0, scale), digits) + 0.0 for _ in range(features)] for _ in range(count)]
    labels = [CLASSES[number % 3] for number in range(count)]
    random.shuffle(labels)
    return rows, labels


def _write(random: Random, dialect: Dialect, rows: list[list[float]], labels: list[str]) -> bytes:
    text = io.StringIO(newline="")
    if dialect.sep_line:
        text.write(f"sep={dialect.separator}{dialect.newline}")
    table = csv.writer(
        text,
        delimiter=dialect.separator,
        quoting=dialect.quoting,
        lineterminator=dialect.newline,
    )
    names = random.sample(NAMES[dialect.encoding] * 2, len(rows[0])) if random.random() < 0.1 else None
    table.writerow([*(names or NAMES[dialect.encoding][: len(rows[0])]), "label"])
    for row, label in zip(rows, labels, strict=True):
        table.writerow([*(repr(value).replace(".", dialect.decimal) for value in row), label])
    raw = text.getvalue().encode(dialect.encoding)
    return gzip.compress(raw, mtime=0) if dialect.suffix.endswith(".gz") else raw


def _holds(rows: list[list[float]], labels: list[str]) -> Judge:
    def judge(answer: Answer) -> Iterable[str]:
        if answer.code != 0:
            return
        found = json.loads(answer.out)
        if [[float(value) for value in row] for row in found["inputs"]] != rows:
            yield "other numbers were read"
        pairs = set(zip(found["labels"], labels, strict=False))
        if len(found["labels"]) != len(labels) or len(pairs) != len(set(labels)):
            yield "other labels were read"

    return judge


def _cut(raw: bytes, random: Random) -> bytes:
    return raw[: random.randint(0, len(raw))]


def _flip(raw: bytes, random: Random) -> bytes:
    content = bytearray(raw)
    for _ in range(min(len(raw), random.choice([1, 3, 50]))):
        content[random.randrange(len(content))] = random.randrange(256)
    return bytes(content)


def _replace(raw: bytes, random: Random) -> bytes:
    old = random.choice([b",", b";", b"\n", b".", b'"', b"label", b"0", b"1"])
    new = random.choice(
        [b"", b",", b";", b"\t", b"nan", b"NA", b"?", b"1e400", b"-", b'"', b"\0", b"99999999999999999999", b"  "]
    )
    return raw.replace(old, new, random.choice([1, 2, -1]))


def _repeat(raw: bytes, random: Random) -> bytes:
    return random.choice(
        [raw * 3, raw + b"\n" * 1000, b"#" + raw, b"\n\n" + raw, raw[::-1], b"a" * 100_000, b"," * 100_000]
    )


def _swap_lines(raw: bytes, random: Random) -> bytes:
    lines = raw.splitlines(keepends=True)
    random.shuffle(lines)
    return b"".join(lines[: random.randint(0, len(lines))])


DAMAGES = (_cut, _flip, _replace, _replace, _repeat, _swap_lines)
