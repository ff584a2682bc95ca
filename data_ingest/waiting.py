"""Files that came through the page: kept with a receipt, read at once, counted when an officer has accepted them."""

import hashlib
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Literal

import duckdb
import pandas as pd

from data_ingest import against
from data_ingest.archive import Archive
from data_ingest.build import Built, Progress, build_with, jobs_of
from data_ingest.guarded import Job, Readers
from data_ingest.looking import copies
from data_ingest.names import Names
from data_ingest.problems import Problem
from data_ingest.reading import Reading
from data_ingest.standing import Standing
from data_ingest.template import Template
from warehouse.decisions import Decided, Decision, Decisions, not_counting, undecided
from warehouse.receipts import Receipt, Receipts, blocks_in
from warehouse.received import received
from warehouse.store import current

State = Literal["good", "noted", "blocked"]
Told = Callable[[int, int, str], None]  # how many files are done, of how many, and which one it is
_MOST_READ = 1000  # files whose readings are remembered in this process
_read: dict[tuple[str, str, int], list[Reading]] = {}
_reading = threading.Lock()


class NotBuiltError(OSError):
    """The decision is kept, but the build after it failed; the next one makes up for it."""


@dataclass(frozen=True)
class Waiting:
    """A file that waits, as it was understood, with everything that is wrong or odd in it."""

    receipt: Receipt
    readings: tuple[Reading, ...]

    @property
    def problems(self) -> list[Problem]:
        return [problem for each in self.readings for problem in each.problems]

    @property
    def state(self) -> State:
        if not all(each.accepted for each in self.readings):
            return "blocked"
        return "noted" if self.problems else "good"


@dataclass(frozen=True)
class Arrived:
    """What became of files that were dropped: new receipts, and those that had come before under some receipt."""

    new: tuple[Receipt, ...]
    known: tuple[tuple[str, Receipt | None], ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What an attempt to accept has done: what was accepted now, and why anything was not."""

    accepted: tuple[Waiting, ...] = ()
    blocked: tuple[Waiting, ...] = ()
    decided: tuple[Decision, ...] = ()  # by somebody before
    built: Built | None = None


def _silent(done: int, of: int, name: str) -> None:
    pass


def receive(
    data: Path, files: Sequence[tuple[str, bytes]], sender: str = "", at: datetime | None = None, told: Told = _silent
) -> Arrived:
    """Keep files, names with their bytes; nothing counts by it. `at` is when they came, else now.

    The bytes lie in a private folder outside the data while they are on their way into the archive.
    """
    archive, at = Archive(data), at or datetime.now().replace(microsecond=0)
    said = {"received_at": at, "sender": sender, "origin": "page"}
    new: list[Receipt] = []
    known: list[tuple[str, Receipt | None]] = []
    with tempfile.TemporaryDirectory() as folder, archive.writing(), Readers() as lookers:
        lookers.know(register(data).names)
        for number, (name, content) in enumerate(files, start=1):
            path = Path(folder) / str(number) / name
            path.parent.mkdir(mode=0o700)
            path.write_bytes(content)
            if came := archive.receive([(path, said)], copies=partial(copies, lookers)):
                new += came
            else:
                known.append((name, _same(archive, content)))
            path.unlink()
            told(number, len(files), name)
    return Arrived(tuple(new), tuple(known))


def _same(archive: Archive, content: bytes) -> Receipt | None:
    """The receipt under which the same bytes came before; None where the archive keeps them otherwise."""
    sha = hashlib.sha256(content).hexdigest()
    same = [each for some in blocks_in(archive.data) for each in some.of_bytes([sha])]
    return same[-1] if same else None


@dataclass(frozen=True)
class Register:
    """What the files that wait are read with; `mark` tells it from another one."""

    standing: Standing
    mapped: list[Template]
    mark: int

    @property
    def names(self) -> Names:
        return self.standing.names

    @property
    def units(self) -> pd.DataFrame:
        return self.standing.units


def register(data: Path) -> Register:
    """The register that stands, with the spellings and the mappings: made anew when one of their lists has grown."""
    archive = Archive(data)
    lists = (archive.list, archive.spelled)
    return _register(data, tuple(path.stat().st_size if path.exists() else 0 for path in lists))


@lru_cache(maxsize=2)
def _register(data: Path, sizes: tuple[int, ...]) -> Register:
    archive = Archive(data)
    standing = Standing.of(archive, received(data).of_no_report)
    mark = hash((standing.register, standing.spellings, standing.mappings))
    return Register(standing, standing.mapped, mark)


def decided_by(data: Path, numbers: Iterable[int], account: str, decided: Decided) -> list[int]:
    """Of some receipts those about which an account has decided so."""
    told = Archive(data).decisions.all()
    mine = (told[each] for each in numbers if each in told)
    return [each.receipt for each in mine if each.by == account and each.decided == decided]


def receipts(data: Path) -> list[Receipt]:
    """The receipts that wait for a decision."""
    return undecided(received(data).through_the_page, Decisions(data).all())


def through_the_page(data: Path) -> set[int]:
    """The numbers of all that ever came through the page, decided or not."""
    return set(received(data).through_the_page.column("receipt"))


def waiting(data: Path, told: Told = _silent) -> tuple[Waiting, ...]:
    """Every file that waits, read with the register that stands and held against the reports that count."""
    serving, archive = current(data), Archive(data)  # the snapshot first: whoever accepts meanwhile writes it last
    which = tuple(receipts(data))
    if not which:
        return ()
    _read_now(archive, which, told)
    return _held(data, serving, which, register(data).mark)


@lru_cache(maxsize=4)
def _held(data: Path, serving: Path | None, which: tuple[Receipt, ...], mark: int) -> tuple[Waiting, ...]:
    found = list(zip(which, _read_now(Archive(data), which), strict=True))
    against.hold(serving, found)
    return tuple(Waiting(receipt, tuple(readings)) for receipt, readings in found)


def accept(data: Path, numbers: Iterable[int], by: str, progress: Progress = lambda done, of: None) -> Outcome:
    """Let files count that waited, and build; those that block stay, those that somebody has decided about are told.

    The decision is on the disk before the build begins: where that is cut off, the next build makes up for it.
    """
    archive, wanted = Archive(data), set(numbers)
    with archive.writing():
        every, decided = archive.receipts(), archive.decisions.all()
        open_ = [each for each in undecided(every, decided) if each.receipt in wanted]
        read = _read_now(archive, open_)
        found = [Waiting(receipt, tuple(readings)) for receipt, readings in zip(open_, read, strict=True)]
        usable = tuple(each for each in found if each.state != "blocked")
        now = datetime.now().replace(microsecond=0)
        archive.decisions.add([Decision(each.receipt.receipt, "accepted", now, by) for each in usable])
        built = _build(archive, every, progress) if usable else None
    blocked = tuple(each for each in found if each.state == "blocked")
    return Outcome(usable, blocked, tuple(decided[each] for each in sorted(wanted & set(decided))), built)


def reject(data: Path, number: int, by: str, reason: str) -> Decision | None:
    """Refuse a file that waits: it stays in the archive and counts for nothing. The decision that stands, its first.

    None where no such file waits.
    """
    archive = Archive(data)
    with archive.writing():
        if any(each.receipt == number for each in receipts(data)):
            now = datetime.now().replace(microsecond=0)
            archive.decisions.add([Decision(number, "rejected", now, by, " ".join(reason.split()))])
    return archive.decisions.all().get(number)


def is_behind(data: Path) -> bool:
    """Whether the snapshot lacks what has been accepted: a build was cut off."""
    serving, told, decided = current(data), received(data), Decisions(data).all()
    left_out = not_counting(told.through_the_page, decided)
    if not told.through_the_page.but("receipt", left_out.numbers):
        return False
    if serving is None:
        return True
    with duckdb.connect(str(serving), read_only=True) as con:
        return con.execute("select count(*) from receipts").fetchone() != (told.count - len(left_out),)


# Reading


def _read_now(archive: Archive, which: Sequence[Receipt], told: Told = _silent) -> list[list[Reading]]:
    """The readings of files, each read once in this process as long as nothing else has changed; the caller's own."""
    known = register(archive.data)
    with _reading:
        new = [each for each in which if (each.sha256, each.file, known.mark) not in _read]
        for each, readings in zip(new, _fresh(archive, new, known.standing, told), strict=True):
            _read[each.sha256, each.file, known.mark] = readings
        read = [_own(_read[each.sha256, each.file, known.mark]) for each in which]
        for old in list(_read)[: max(len(_read) - _MOST_READ, 0)]:
            del _read[old]
    return read


def _fresh(archive: Archive, new: Sequence[Receipt], standing: Standing, told: Told) -> Iterator[list[Reading]]:
    if not new:
        return
    with Readers(standing.names, standing.mappings) as readers:
        for done, readings in enumerate(readers.read(jobs_of(archive, list(new)))):
            told(done + 1, len(new), new[done].file)
            yield readings


def _own(readings: list[Reading]) -> list[Reading]:
    """A copy to which problems may be added."""
    return [replace(each, problems=list(each.problems)) for each in readings]


# Building


def _build(archive: Archive, every: Receipts, progress: Progress) -> Built:
    known = register(archive.data)
    with Readers(known.names, known.standing.mappings) as readers:
        try:
            return build_with(_ReadBefore(readers, known.mark), archive, every, known.standing, progress)
        except (OSError, duckdb.Error) as error:
            raise NotBuiltError(str(error)) from error


class _ReadBefore:
    """Readers that open no file that was read when it came."""

    def __init__(self, readers: Readers, mark: int):
        self._readers, self._mark = readers, mark

    def read(self, jobs: list[Job]) -> Iterator[list[Reading]]:
        """The readings of each file, in the order of the files."""
        known = {(each.sha256, each.name): _read.get((each.sha256, each.name, self._mark)) for each in jobs}
        others = [each for each in jobs if known[each.sha256, each.name] is None]
        read = self._readers.read(others) if others else iter(())
        return (_own(readings) if (readings := known[each.sha256, each.name]) else next(read) for each in jobs)
