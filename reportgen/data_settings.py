"""Settings of the data sets that a user adds: for all of them, or for one file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator

from reportgen.errors import UsageError

__all__ = ["DataFile", "DataReading", "described"]


class DataReading(BaseModel):
    """How data files are read; None leaves it to the file.

    Attributes
    ----------
    label
        Name of the column with the classes (by default ``label``).
    standardize
        Whether to bring the features to mean 0 and variance 1.
    encoding, delimiter, decimal
        Encoding of a text, what stands between two values, and before the decimals of a number.
    header
        Whether the first row holds the names of the columns.
    drop, drop_missing
        Columns to leave out; whether to leave out rows with a missing value.
    bins
        Number of classes that a numeric label is cut into.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)

    label: str | None = None
    standardize: bool = True
    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    header: bool | None = None
    drop: tuple[str, ...] = ()
    drop_missing: bool = False
    bins: int | None = None

    @field_validator("encoding", "delimiter", "decimal", "bins")
    @classmethod
    def _can_be_used(cls, value: Any, info: ValidationInfo) -> Any:
        from reportgen.nn.files.reading import checked

        try:
            return checked(str(info.field_name), value)
        except UsageError as error:
            raise ValueError(str(error)) from None


class DataFile(DataReading):
    """One file, and how it is read where that is not as for all.

    Attributes
    ----------
    path
        ``FILE`` or ``FILE:LABEL``.
    """

    path: str


def described(data: Iterable[str | DataFile], reading: DataReading) -> tuple[Mapping[str, Any], ...]:
    """Return the factors of data sets, each once and under a name of its own.

    Raises
    ------
    DataError
        For a file that cannot be used.
    """
    from reportgen.nn.datasets import describe
    from reportgen.nn.files.names import apart
    from reportgen.nn.files.reading import Reading

    factors = []
    for one in data:
        own = one if isinstance(one, DataFile) else DataFile(path=one)
        chosen = {
            name: getattr(own if name in own.model_fields_set else reading, name) for name in DataReading.model_fields
        }
        standardize = chosen.pop("standardize")
        factors.append(describe(own.path, Reading(**chosen), standardize=standardize))
    return apart(factors)
