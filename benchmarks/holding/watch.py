"""What is watched while it runs: which snapshot serves and since when, memory and processor time of each process."""

import asyncio
import os
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.holding.place import Running
from warehouse.store import serving

OFTEN = 0.25  # seconds between two looks at the pointer
LATE = 0.6  # seconds by which a switch may have been seen too late


@dataclass(frozen=True)
class Served:
    """From a moment on this snapshot served (blank: none did), in the place of a damaged one or not."""

    since: float
    name: str
    damaged: bool


class Snapshots:
    """Every snapshot that has served, each with a copy to ask later: the program keeps only the last few."""

    def __init__(self, data: Path, kept: Path):
        self.data, self.kept, self.seen = data, kept, list[Served]()
        kept.mkdir()

    def look(self) -> Served:
        """Look which one serves; copy it where it is new."""
        found = serving(self.data)
        now = Served(time.monotonic(), found.snapshot.name if found else "", bool(found and found.damaged))
        if not self.seen or (self.seen[-1].name, self.seen[-1].damaged) != (now.name, now.damaged):
            if found and not (self.kept / now.name).exists():
                shutil.copy2(found.snapshot, self.kept / now.name)
            for each in self.data.glob("entries.jsonl"):  # what people have entered is told beside the figures
                shutil.copy2(each, self.kept / each.name)
            self.seen.append(now)
        return self.seen[-1]

    async def watch(self) -> None:
        while True:
            self.look()
            await asyncio.sleep(OFTEN)

    def between(self, sent: float, ended: float) -> list[Served]:
        """Those that have served at any moment between two, the last first."""
        ends = [each.since for each in self.seen[1:]] + [float("inf")]
        told = zip(self.seen, ends, strict=True)
        return [each for each, end in told if each.since - LATE <= ended and end + LATE >= sent][::-1]

    @property
    def names(self) -> set[str]:
        return {each.name for each in self.seen if each.name}


@dataclass
class Usage:
    """Memory and processor time of what runs, looked at every few seconds."""

    running: Running
    since: float = field(default_factory=time.monotonic)
    memory: dict[tuple[int, int], list[tuple[float, float]]] = field(default_factory=dict)  # (port, pid) → s, MB
    _used: dict[tuple[str, int], tuple[float, float]] = field(default_factory=dict)  # (what, pid) → first, last

    def look(self) -> None:
        now = time.monotonic() - self.since
        for port, app in self.running.apps.items():
            if (found := resident(app.pid)) is not None:
                self.memory.setdefault((port, app.pid), []).append((now, found))
                self._note("apps", app.pid)
        for pid in self.running.proxies:
            self._note("proxy", pid)
        self._note("readers (this program)", os.getpid(), time.process_time())

    def _note(self, what: str, pid: int, told: float | None = None) -> None:
        if (found := told or used(pid)) is not None:
            # A process that was there from the start has used some before; a later one begins at nothing.
            first = found if time.monotonic() - self.since < 1 else 0.0
            self._used[what, pid] = self._used.get((what, pid), (first, 0))[0], found

    async def watch(self) -> None:
        while True:
            self.look()
            await asyncio.sleep(5)

    def shares(self) -> dict[str, float]:
        """What → how much of one core it has used."""
        whole, told = time.monotonic() - self.since, dict[str, float]()
        for (what, _), (first, last) in self._used.items():
            told[what] = told.get(what, 0) + (last - first) / whole
        return told


def resident(pid: int) -> float | None:
    """Memory of a process in MB; None where it is no more."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6 if pages else None


def used(pid: int) -> float | None:
    """Processor seconds of a process and of those it has waited for; None where it is no more."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return sum(map(int, told[11:15])) / os.sysconf("SC_CLK_TCK")


def around(series: list[tuple[float, float]], start: float, end: float) -> float | None:
    """The middle of what a series told between two moments."""
    found = [each for at, each in series if start <= at <= end]
    return median(found) if found else None
