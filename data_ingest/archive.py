"""Receipts and the archive: every file ever received, unchanged, and when it came. These two are the truth."""

import csv
import hashlib
import io
import logging
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path, PurePath
from typing import Literal

from filelock import FileLock, Timeout

from data_ingest.decisions import Decisions
from data_ingest.names import Spelling
from warehouse.lines import append, whole_lines

Kind = Literal["report", "units", "boundaries", "mapping", "targets"]


@dataclass(frozen=True)
class Receipt:
    """One file received. `receipt` counts from 1; `option` is what was said with it (the province of a register).

    What comes through the page (`origin`) counts for nothing until an officer has accepted it (decisions.py).
    """

    receipt: int
    sha256: str
    file: str
    received_at: datetime
    sender: str = ""
    kind: Kind = "report"
    origin: Literal["office", "sample", "page"] = "office"
    option: str = ""

    @property
    def stored_as(self) -> str:
        return f"{self.sha256}{PurePath(self.file).suffix.lower()}"


_AT_ONCE, _HELD = 8, 64  # threads that write side by side, and files held in memory
_LOG = logging.getLogger(__name__)
_COLUMNS = [each.name for each in fields(Receipt)]
_SPELLINGS = ["written", "unit", "confirmed_at"]


class Archive:
    """The folder `data/archive/` and the list `data/receipts.csv`, which only ever grows."""

    def __init__(self, data: Path):
        self.folder, self.list = data / "archive", data / "receipts.csv"
        self.spelled, self.arriving = data / "spellings.csv", data / "arriving"
        self.data, self.decisions = data, Decisions(data)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Only one writer at a time: a second load waits until the first is done."""
        self.data.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.data / ".lock")
        try:
            lock.acquire(timeout=1)
        except Timeout:
            _LOG.warning("Đang chờ một lượt nạp khác xong… / Waiting for another load to finish…")
            lock.acquire()
        try:
            yield
        finally:
            lock.release()

    def receipts(self) -> list[Receipt]:
        """Every receipt, in order of arrival. A last line that was cut off by a power cut is not one yet."""
        return [
            Receipt(
                **{**row, "receipt": int(row["receipt"]), "received_at": datetime.fromisoformat(row["received_at"])}
            )
            for row in _rows(self.list)
        ]

    def spellings(self) -> tuple[Spelling, ...]:
        """Every spelling of a unit's name that the office has confirmed."""
        return tuple(Spelling(row["written"], row["unit"]) for row in _rows(self.spelled))

    def confirm(self, spelling: Spelling, at: datetime) -> None:
        """Remember from now on whom a spelling means."""
        row = {"written": spelling.written, "unit": spelling.unit, "confirmed_at": at.isoformat()}
        _append(self.spelled, _SPELLINGS, [row])

    def path(self, receipt: Receipt) -> Path:
        return self.folder / receipt.stored_as

    def is_whole(self, receipt: Receipt) -> bool:
        """Whether the archived file is there, and still the one that was received."""
        path = self.path(receipt)
        return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == receipt.sha256

    def receive(
        self, files: list[tuple[Path, dict]], kept: Callable[[list[Receipt]], None] = lambda receipts: None
    ) -> list[Receipt]:
        """Keep files and note their receipts, in the order given; what is there is kept once, but for the rejected.

        `files` pairs a path with what the receipt says: received_at, sender, kind, origin, option. Returns the new
        receipts. The file is on the disk before its receipt is: a receipt never points at nothing. `kept` hears of new
        receipts as soon as their files are there to be read.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        for left in self.folder.glob("*.part"):  # of a load that was cut off; nobody else writes now
            left.unlink()
        known = self.receipts()
        self._clear_arriving(known)
        refused = self.decisions.refused()
        have = {(each.sha256, each.kind, each.option): each for each in known if each.receipt not in refused}
        new: list[Receipt] = []
        with ThreadPoolExecutor(_AT_ONCE) as pool:  # most of the time goes by waiting for the disk
            for start in range(0, len(files), _HELD):
                some = files[start : start + _HELD]
                keep: dict[Receipt, bytes] = {}
                before = len(new)
                for (path, said), (data, sha) in zip(some, _side_by_side(pool, _hashed, some), strict=True):
                    receipt = Receipt(len(known) + len(new) + 1, sha, path.name, **said)
                    first = have.setdefault((sha, receipt.kind, receipt.option), receipt)
                    keep[first] = data  # a file that comes again also mends a copy that was lost or altered
                    if first is receipt:
                        new.append(receipt)
                self._announce(keep)
                _side_by_side(pool, self._keep, list(keep.items()))
                kept(new[before:])
        _sync(self.folder)
        _append(self.list, _COLUMNS, [{**vars(each), "received_at": each.received_at.isoformat()} for each in new])
        self.arriving.unlink(missing_ok=True)
        return new

    def _announce(self, receipts: Iterable[Receipt]) -> None:
        """Note which files are about to be kept, so that those of a load cut off before its receipts can be told."""
        with self.arriving.open("a", encoding="utf-8") as file:
            file.writelines(f"{each.stored_as}\n" for each in receipts)
            file.flush()
            os.fsync(file.fileno())

    def _clear_arriving(self, known: list[Receipt]) -> None:
        """Take away what a load that was cut off had kept without a receipt: it is still where it came from."""
        if not self.arriving.exists():
            return
        received = {each.stored_as for each in known}
        for name in self.arriving.read_text(encoding="utf-8").split():
            if name not in received:
                (self.folder / name).unlink(missing_ok=True)
        self.arriving.unlink()

    def _keep(self, receipt: Receipt, data: bytes) -> None:
        if self.is_whole(receipt):
            return
        path = os.path.join(self.folder, receipt.stored_as)
        draft = f"{path}.{os.getpid()}.part"
        with open(draft, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)


def _hashed(path: Path, said: dict) -> tuple[bytes, str]:
    data = path.read_bytes()
    return data, hashlib.sha256(data).hexdigest()


def _side_by_side(pool: ThreadPoolExecutor, work: Callable, each: list[tuple]) -> list:
    """What the work makes of each, in their order. A thread takes its share at once: to hand one on takes time, too."""
    shares = [each[first::_AT_ONCE] for first in range(_AT_ONCE)]
    done = pool.map(lambda share: [work(*one) for one in share], shares)
    told: list = [None] * len(each)
    for first, results in enumerate(done):
        told[first::_AT_ONCE] = results
    return told


def _sync(folder: Path) -> None:
    """The names in a folder on the disk too, not only the contents of its files (Windows does so by itself)."""
    if os.name == "posix":
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _rows(path: Path) -> list[dict[str, str]]:
    """The rows of a list that only grows."""
    return list(csv.DictReader(io.StringIO(whole_lines(path), newline="")))


def _append(path: Path, columns: list[str], rows: list[dict[str, object]]) -> None:
    """Add rows to a list, whole and on the disk before this returns."""
    if not rows:
        return
    text = io.StringIO(newline="")
    csv.DictWriter(text, columns, lineterminator="\n").writerows(rows)
    append(path, text.getvalue(), head=f"{','.join(columns)}\n")
