"""Receipts: what was received, when and from whom, and under which name it is kept. The list only ever grows."""

import csv
import hashlib
import io
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
import pyarrow as pa
from pyarrow import compute
from pyarrow.csv import ConvertOptions, ParseOptions, ReadOptions, open_csv, read_csv

from warehouse import truth
from warehouse.joined import joined
from warehouse.lines import only_whole_lines

Kind = Literal["report", "units", "boundaries", "mapping", "targets", "calendar"]
NOT_KEPT = "not kept: "


class Receipt(NamedTuple):
    """One file received. `receipt` counts from 1; `option` is what was said with it (the province of a register).

    What comes through the page (`origin`) counts for nothing until an officer has accepted it (decisions.py).
    `sha256` is of what is kept. `came` is the hash of what came, where a copy without personal data is kept in its
    place; it begins with NOT_KEPT where nothing of it is.
    """

    receipt: int
    sha256: str
    file: str
    received_at: datetime
    sender: str = ""
    kind: Kind = "report"
    origin: Literal["office", "sample", "page"] = "office"
    option: str = ""
    came: str = ""

    @property
    def is_lost(self) -> bool:
        """Whether nothing of the file is kept but what was said of it."""
        return self.came.startswith(NOT_KEPT)

    @property
    def stored_as(self) -> str:
        return truth.stored_as(self.sha256, self.file, self.came)

    @property
    def kept_as(self) -> str:
        """The file's name as that of what is kept."""
        return truth.kept_as(self.file, self.came)


COLUMNS = list(Receipt._fields)
_TYPES = {name: pa.int64() if name == "receipt" else pa.string() for name in COLUMNS}
_SCHEMA = pa.schema(list(_TYPES.items()))
_AT_ONCE = 10_000  # rows that are made at a time


class Receipts(Sequence[Receipt]):
    """Receipts in the order of their arrival, in columns: a country has some hundred thousand, of which few are asked.

    Rows are made when they are asked for; `received_at` is text until then.
    """

    def __init__(self, table: pa.Table):
        self._table = table

    @classmethod
    def of(cls, receipts: Iterable[Receipt]) -> "Receipts":
        columns = list(zip(*receipts, strict=True)) or [()] * len(COLUMNS)
        told = dict(zip(COLUMNS, columns, strict=True))
        told["received_at"] = [each.isoformat() for each in told["received_at"]]
        return cls(pa.table(told, _SCHEMA))

    @classmethod
    def read(cls, text: bytes) -> "Receipts":
        """From the text of a list: its whole lines, the head first."""
        if text.find(b"\n") == len(text) - 1:  # the head alone, or nothing
            return cls(_SCHEMA.empty_table())
        try:
            return cls(_read(text))
        except pa.ArrowInvalid:  # its rows are not of one length
            return cls.of(_rows(text))

    def __len__(self) -> int:
        return self._table.num_rows

    def __getitem__(self, place: int) -> Receipt:
        length = len(self)
        if not -length <= place < length:
            raise IndexError(place)
        (found,) = Receipts(self._table.slice(place % length, 1))
        return found

    def __iter__(self) -> Iterator[Receipt]:
        for some in self._table.to_batches(_AT_ONCE):
            for number, sha256, file, at, *more in zip(*(each.to_pylist() for each in some.columns), strict=True):
                yield Receipt(number, sha256, file, datetime.fromisoformat(at), *more)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Receipts) and self._table.equals(other._table)

    __hash__ = None

    def __add__(self, more: Iterable[Receipt]) -> "Receipts":
        more = more if isinstance(more, Receipts) else Receipts.of(more)
        return Receipts(pa.concat_tables([self._table, more._table])) if len(more) else self

    def column(self, name: str) -> list:
        return self._table[name].to_pylist()

    @property
    def numbers(self) -> np.ndarray:
        return self._table["receipt"].to_numpy()

    @property
    def sum(self) -> str:
        """A SHA-256 of which they are and of what is kept of each."""
        digest = hashlib.sha256(self.numbers.tobytes())
        digest.update(joined(self._table["sha256"]))
        return digest.hexdigest()

    def having(self, column: str, among: Collection | np.ndarray) -> "Receipts":
        """Those that have one of these values in a column."""
        return Receipts(self._table.filter(self._is_in(column, among)))

    def but(self, column: str, among: Collection | np.ndarray) -> "Receipts":
        """Those that have none of these values in a column."""
        if not len(among):
            return self
        return Receipts(self._table.filter(compute.invert(self._is_in(column, among))))

    def have(self, column: str, value: object) -> bool:
        """Whether any has this value in a column."""
        return compute.any(compute.equal(self._table[column], value), min_count=0).as_py()

    def of_bytes(self, sums: Collection[str]) -> "Receipts":
        """Those of which what came, or what is kept of it, has one of these SHA-256."""
        either = (self._is_in(column, sums) for column in ("sha256", "came"))
        return Receipts(self._table.filter(compute.or_(*either)))

    def archived(self) -> dict[str, str]:
        """The name in the archive → SHA-256 of every file that is named, in their order."""
        told = zip(*(self.column(name) for name in ("sha256", "file", "came")), strict=True)
        return {truth.stored_as(sha, file, came): sha for sha, file, came in told}

    def _is_in(self, column: str, among: Collection | np.ndarray) -> pa.ChunkedArray:
        if isinstance(among, np.ndarray):  # numbers: of many of them it knows best which are there
            return pa.chunked_array([np.isin(self._table[column].to_numpy(), among)])
        return compute.is_in(self._table[column], value_set=pa.array(list(among), _TYPES[column]))


def receipts_in(data: Path) -> Receipts:
    """All that a data folder has; a last line that a power cut has cut off is not one yet."""
    return Receipts.read(truth.receipts_of(data))


def blocks_in(data: Path) -> Iterator[Receipts]:
    """The same bit by bit, so that few are in memory at a time."""
    path, done = data / truth.RECEIPTS, 0
    if not path.exists():
        return
    with only_whole_lines(path) as lines:
        try:
            for batch in open_csv(pa.PythonFile(lines, mode="r"), *_HOW):
                yield Receipts(pa.Table.from_batches([batch]))
                done += batch.num_rows
        except pa.ArrowInvalid:  # it has no row but the head, or its rows are not of one length
            yield Receipts.of(islice(_rows(truth.receipts_of(data)), done, None))


_HOW = (
    ReadOptions(column_names=COLUMNS, skip_rows=1),
    ParseOptions(newlines_in_values=True),
    ConvertOptions(column_types=_TYPES),
)


def _read(text: bytes) -> pa.Table:
    return read_csv(pa.BufferReader(text), *_HOW)


def _rows(text: bytes) -> Iterator[Receipt]:
    """Of an older list, whose head and first rows lack the last columns."""
    rows = csv.reader(io.StringIO(text.decode("utf-8"), newline=""))
    next(rows, None)
    for number, sha256, file, at, *more in filter(None, rows):
        yield Receipt(int(number), sha256, file, datetime.fromisoformat(at), *more)
