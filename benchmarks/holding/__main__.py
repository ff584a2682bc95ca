"""Does it hold? python -m benchmarks.holding [--readers 50] [--minutes 5] [--faults] [--think 12]

Readers sign in and look at mixed pages over the real protocol, through deploy/nginx.conf where nginx is there, while
reports are loaded. One table, in one run: how long redraws take, errors, wrong figures, lost connections, memory,
processor. With --faults a process is killed, the newest snapshot scribbled over and cut short, the warehouse deleted,
the disk filled. 0: no error, no wrong figure, nobody left outside; 1: something else. Linux only.
"""

import argparse
import asyncio
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from benchmarks.holding import report
from benchmarks.holding.deeds import EVERY, Deeds, batches
from benchmarks.holding.judged import Judged, judged
from benchmarks.holding.place import ACCOUNTS, Running, make_data
from benchmarks.holding.protocol import Browser, LostError
from benchmarks.holding.reader import Cut, Menu, Reader, Redraw
from benchmarks.holding.watch import Snapshots, Usage
from language import LANGUAGES
from metrics.core.ledger import Ledger
from pages.frame import unit_paths
from warehouse.store import current

AS_OF = date(2025, 5, 20)  # the earlier day that half of the readers look at: nothing that is loaded now changes it
SIZE = "600m"  # of the disk that is filled


def menu_of(snapshot: Path, as_of: date | None, unit: str) -> Menu:
    """About ten periods and twenty units to choose from."""
    ledger = Ledger.open(snapshot, as_of, unit)
    periods = [each for each in ledger.periods if each.kind != "plan"]
    periods = periods[:: max(1, len(periods) // 10)]
    told = unit_paths(ledger.units(periods[0]))
    above = [each for each, path in told.items() if path.count("▸") < 2]
    below = [each for each in told if each not in above]
    chosen = [*above, *below[:: max(1, len(below) // 10)]]
    return Menu(
        {str(each): {language: each.name(language) for language in LANGUAGES} for each in periods},
        {each: dict.fromkeys(LANGUAGES, told[each]) for each in chosen},
    )


def marks_of(snapshot: Path, unit: str) -> re.Pattern[bytes]:
    """The names of communes that a viewer of a branch must never be sent, as bytes of any message."""
    register, own = (Ledger.open(snapshot, None, each).register for each in ("", unit))
    inside = "\n".join(own.full_name)
    foreign = {each for each in register.full_name[register.level == "commune"] if each not in inside}
    return re.compile(b"|".join(re.escape(each.encode()) for each in sorted(foreign)))


def readers_of(count: int, think: float, running: Running, note: object) -> list[Reader]:
    """As many of each account; each calls from an address of its own, as offices do."""
    snapshot, accounts = current(running.data), list(ACCOUNTS)
    menus: dict[tuple[date | None, str], Menu] = {}
    marks = {unit: marks_of(snapshot, unit) for _, unit in ACCOUNTS.values() if unit}
    made = []
    for number in range(count):
        account = accounts[number % len(accounts)]
        unit, as_of = ACCOUNTS[account][1], AS_OF if number // len(accounts) % 2 else None
        if (as_of, unit) not in menus:
            menus[as_of, unit] = menu_of(snapshot, as_of, unit)
        browser = Browser(running.place(number), f"127.0.1.{number % 250 + 1}", marks.get(unit))
        told = (number, account, unit, as_of, menus[as_of, unit], running, think, note, browser)
        made.append(Reader(*told))
    return made


class Run:
    """One run: what was asked of it, and what was noted."""

    def __init__(self, options: argparse.Namespace, folder: Path, disk: str):
        self.options, self.folder, self.disk = options, folder, disk
        self.running = Running(folder, folder / "data")
        self.redraws: list[Redraw] = []
        self.cuts: list[Cut] = []
        self.outside: list[str] = []  # readers who had to give up
        self.start = self.end = 0.0

    def note(self, what: Redraw | Cut) -> None:
        (self.redraws if isinstance(what, Redraw) else self.cuts).append(what)

    async def live(self) -> None:
        made = batches(self.folder / "batches", int(self.options.minutes * 60 / EVERY) + 14)
        self.snapshots = Snapshots(self.running.data, self.folder / "kept")
        self.snapshots.look()
        self.deeds = Deeds(self.running, self.snapshots, made, self.disk)
        try:
            await self.running.start()
            readers = readers_of(self.options.readers, self.options.think, self.running, self.note)
            await self._measured(readers)
        finally:
            await self.running.stop()

    async def _measured(self, readers: list[Reader]) -> None:
        seconds = self.options.minutes * 60
        self.start = time.monotonic()
        self.usage = Usage(self.running)
        watched = [asyncio.create_task(each.watch()) for each in (self.snapshots, self.usage)]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        tasks = [self.deeds.last(self.start, seconds, self.options.faults), self.deeds.load()]
        await asyncio.gather(*tasks, *(self._lived(each) for each in readers))
        self.end = time.monotonic()
        self.usage.look()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.loads = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / (self.end - self.start)
        for each in watched:
            each.cancel()

    async def _lived(self, reader: Reader) -> None:
        try:
            await reader.live(lambda: self.deeds.over)
        except (LostError, PermissionError) as error:
            self.outside.append(f"reader {reader.number}: {error}")

    def told(self, found: Judged) -> list[str]:
        seconds = self.end - self.start
        cuts, deeds = self.cuts, self.deeds.done
        proxy = "deploy/nginx.conf with TLS" if self.running.proxy else "no proxy: no nginx here"
        return [
            f"{self.options.readers} readers, {os.cpu_count()} cores, {proxy}, think {self.options.think:g} s",
            *report.times(self.redraws, seconds),
            *report.counts(found, cuts, deeds, self.snapshots, self.running),
            *report.faults(deeds, self.start),
            *report.memory(self.usage, seconds),
            report.processor(self.usage, self.loads),
            *report.mistakes(found, cuts),
            *report.failures(self.folder, self.running.ports[2:]),
            *(f"  left outside: {each}" for each in self.outside),
        ]


def disk_of(folder: Path, faults: bool) -> str:
    """A small disk for the data, where one may be made; else a limit on the load's own files stands for it."""
    (folder / "data").mkdir()
    if not faults:
        return ""
    call = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder / "data")]
    try:
        mounted = subprocess.run(call, capture_output=True).returncode == 0
    except OSError:
        mounted = False
    return f"tmpfs of {SIZE}" if mounted else "RLIMIT_FSIZE on the load"


def main() -> int:
    parser = argparse.ArgumentParser("benchmarks.holding", description=__doc__.split("\n\n")[0])
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--think", type=float, default=12, help="seconds that a reader looks at a page, on average")
    parser.add_argument("--faults", action="store_true", help="let things go wrong on purpose, too")
    parser.add_argument("--sample", type=Path, help="a data folder with the sample, to be copied and not made anew")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        disk = disk_of(folder, options.faults)
        try:
            make_data(folder / "data", options.sample)
            os.environ["KPI_DATA"] = str(folder / "data")
            run = Run(options, folder, disk)
            asyncio.run(run.live())
            found = judged(run.redraws, run.snapshots, run.deeds.done, folder / "data")
            print("\n".join(run.told(found)))
        finally:
            if disk.startswith("tmpfs"):
                subprocess.run(["umount", "-l", str(folder / "data")], check=False)
    sound = not (found.errors or found.wrong or run.outside) and all(each.sound for each in run.deeds.done)
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
