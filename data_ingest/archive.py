"""Receipts and the archive: every file ever received, and when it came. These two are the truth.

A file is kept unchanged; of one that holds personal data only a copy without them ever reaches the disk.
"""

import csv
import hashlib
import io
import logging
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock, Timeout

from data_ingest.looking import Copy
from data_ingest.names import Spelling
from data_ingest.suspect import suspect
from language.persons import values_masked
from warehouse import truth
from warehouse.decisions import Decisions
from warehouse.lines import append, one_line, whole_lines
from warehouse.receipts import COLUMNS, NOT_KEPT, Receipt, Receipts, receipts_in

Copies = Callable[[list[tuple[Path, str]]], list[Copy | None]]  # of files by path and hash; None: nothing personal
_REPLACED = ("units", "boundaries", "calendar")  # sent once more after another one, it stands again
_LOOKED_THROUGH = ("report", "units", "targets")
_AT_ONCE, _HELD = 8, 64  # threads that write side by side, and files held in memory
_LOG = logging.getLogger(__name__)
_SPELLINGS = ["written", "unit", "confirmed_at"]


class _Arrived(NamedTuple):
    """A file as it came, what its receipt says, and whether it must be looked through for personal data."""

    path: Path
    said: dict
    data: bytes
    sha: str
    odd: bool

    @property
    def key(self) -> tuple[str, str, str]:
        return self.sha, self.said.get("kind", "report"), self.said.get("option", "")


class _Known(dict[tuple[str, str, str], Receipt]):
    """The receipt of each file by hash, kind and option, of those that were looked for, and whatever is put here."""

    def __init__(self, receipts: Receipts):
        self._receipts = receipts

    def look_for(self, sums: Iterable[str]) -> None:
        for each in self._receipts.of_bytes(set(sums)):
            self |= {(sha, each.kind, each.option): each for sha in (each.came, each.sha256)}


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

    def receipts(self) -> Receipts:
        """Every receipt, in order of arrival."""
        return receipts_in(self.data)

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
        self,
        files: list[tuple[Path, dict]],
        kept: Callable[[list[Receipt]], None] = lambda receipts: None,
        copies: Copies | None = None,
        known: Receipts | None = None,
    ) -> list[Receipt]:
        """Keep files and note their receipts, in the order given; what is there is kept once, but for the rejected.

        `files` pairs a path with what the receipt says: received_at, sender, kind, origin, option. Returns the new
        receipts. The file is on the disk before its receipt is: a receipt never points at nothing. `kept` hears of new
        receipts as soon as their files are there to be read. `copies` makes those of files that may hold personal data.
        `known` are those there are, where the caller, who holds the archive, has read them already.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        known = self.receipts() if known is None else known
        self._clear_arriving(known)
        have = _Known(known.but("receipt", [*self.decisions.refused(), *_replaced(known)]))
        new: list[Receipt] = []
        with ThreadPoolExecutor(_AT_ONCE) as pool:  # most of the time goes by waiting for the disk
            for start in range(0, len(files), _HELD):
                some = files[start : start + _HELD]
                keep: dict[Receipt, bytes] = {}
                before = len(new)
                arrived = list(self._looked_through(_side_by_side(pool, _hashed, some), have, copies))
                have.look_for(sha for _, _, sha, _ in arrived)
                for each, data, sha, came in arrived:
                    said = {**each.said, "sender": one_line(each.said.get("sender", ""))}
                    receipt = Receipt(len(known) + len(new) + 1, sha, called(each.path), **said, came=came)
                    first = have.setdefault((sha, receipt.kind, receipt.option), receipt)
                    if data:  # a file that comes again also mends a copy that was lost or altered
                        keep[first] = data
                    if first is receipt:
                        new.append(receipt)
                self._announce(keep)
                _side_by_side(pool, self._keep, list(keep.items()))
                kept(new[before:])
        truth.sync(self.folder)
        _append(self.list, COLUMNS, [{**each._asdict(), "received_at": each.received_at.isoformat()} for each in new])
        self.arriving.unlink(missing_ok=True)
        return new

    def _looked_through(
        self, arrived: list[_Arrived], have: "_Known", copies: Copies | None
    ) -> Iterator[tuple[_Arrived, bytes, str, str]]:
        """Each file with what is kept of it, the hash of that, and of what came where that is another.

        Nothing is to be kept of a file that is there already, whole.
        """
        have.look_for(each.sha for each in arrived)
        known = {each.sha: have.get(each.key) for each in arrived if each.odd}
        whole = {sha: first for sha, first in known.items() if first and self.is_whole(first)}
        odd = [each for each in arrived if each.odd and each.sha not in whole]
        if odd and not copies:
            raise ValueError("files that may hold personal data are kept only if copies of them can be made")
        made = copies([(each.path, each.sha) for each in odd]) if odd else []
        found = {each.sha: copy for each, copy in zip(odd, made, strict=True) if copy}
        for each in arrived:
            if each.sha in whole:
                yield each, b"", whole[each.sha].sha256, ""
            elif copy := found.get(each.sha):
                came = each.sha if copy.whole else f"{NOT_KEPT}{each.sha}"
                yield each, copy.data, hashlib.sha256(copy.data).hexdigest(), came
            else:
                yield each, each.data, each.sha, ""

    def _announce(self, receipts: Iterable[Receipt]) -> None:
        """Note which files are about to be kept, so that those of a load cut off before its receipts can be told."""
        with self.arriving.open("a", encoding="utf-8") as file:
            file.writelines(f"{each.stored_as}\n" for each in receipts)
            file.flush()
            os.fsync(file.fileno())

    def _clear_arriving(self, known: Receipts) -> None:
        """Take away what a load that was cut off had kept without a receipt: it is still where it came from."""
        if not self.arriving.exists():  # nothing was cut off: hundred thousands of files are not gone through
            return
        for left in self.folder.glob("*.part"):
            left.unlink()
        received = known.archived()
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


def called(path: Path) -> str:
    """What a receipt calls a file."""
    return one_line(values_masked(path.name))


def _replaced(receipts: Receipts) -> list[int]:
    """Of a register or calendar only the last one stands."""
    return [number for kind in _REPLACED for number in receipts.having("kind", [kind]).numbers[:-1]]


def _hashed(path: Path, said: dict) -> _Arrived:
    data = path.read_bytes()
    odd = said.get("kind", "report") in _LOOKED_THROUGH and suspect(data)
    return _Arrived(path, said, data, hashlib.sha256(data).hexdigest(), odd)


def _side_by_side(pool: ThreadPoolExecutor, work: Callable, each: list[tuple]) -> list:
    """What the work makes of each, in their order. A thread takes its share at once: to hand one on takes time, too."""
    shares = [each[first::_AT_ONCE] for first in range(_AT_ONCE)]
    done = pool.map(lambda share: [work(*one) for one in share], shares)
    told: list = [None] * len(each)
    for first, results in enumerate(done):
        told[first::_AT_ONCE] = results
    return told


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
