"""What is done meanwhile: reports are loaded, and on request things go wrong, each at its moment."""

import asyncio
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from benchmarks.holding.place import ROOT, Running, until_up
from benchmarks.holding.watch import Snapshots
from data_ingest.form import write_form
from data_ingest.names import Names
from data_ingest.standing import SHIPPED
from sample_data import story
from sample_data.make import Sent, reports
from warehouse.store import POINTER
from warehouse.units import read_units

EVERY = 20  # seconds from the start of one load to the next
OF_ONE = 7  # reports of a batch: all but one are versions of reports that are there
FULL = 8  # seconds that a disk stays full, and that a snapshot stays damaged
TAKEN = (0, 1)  # what a load or build answers that was done: all is well, or some reports have problems
KEPT_BACK = 4  # batches that are left for the faults
LIMITED = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
from data_ingest.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


@dataclass
class Deed:
    """Something that was done, from when to when, and what came of it. `excuses`: what a page may say meanwhile."""

    what: str
    start: float
    end: float = float("inf")
    told: str = ""
    sound: bool = True
    excuses: str = ""


def batches(folder: Path, count: int) -> list[Path]:
    """Folders of reports to load: other figures for months that have been reported, and a few that never came."""
    units = pd.concat([read_units(path) for path in SHIPPED], ignore_index=True)
    names, chance = Names.of(units), random.Random("batches")
    senders = [each for each in story.senders(units) if each.form == "monthly"]
    there = [each for each in senders if each.unit not in story.SILENT]
    silent = [each for sender in senders if sender.unit in story.SILENT for each in reports(sender, names)]
    made = []
    for number in range(count):
        path = folder / f"batch-{number:02}"
        path.mkdir(parents=True)
        sent = [_changed(chance.choice(reports(chance.choice(there), names)), chance) for _ in range(OF_ONE - 1)]
        sent += [silent[number]] if number < len(silent) else []
        for place, each in enumerate(sent):
            write_form(each.template, each.filling, path / f"{place}_{each.file}")
        made.append(path)
    return made


def _changed(sent: Sent, chance: random.Random) -> Sent:
    """The same report with fewer households that have an e-wallet: what is part of a whole stays so."""
    rows = tuple(
        replace(row, values={**row.values, "households_e_wallet": int(told * chance.uniform(0.8, 0.98))})
        if isinstance(told := row.values.get("households_e_wallet"), int)
        else row
        for row in sent.filling.rows
    )
    return replace(sent, filling=replace(sent.filling, rows=rows))


class Deeds:
    """Loads and faults of one run, one after the other; what was done stands in `done`."""

    def __init__(self, running: Running, snapshots: Snapshots, made: list[Path], disk: str):
        self.running, self.snapshots, self.data, self.made, self.disk = running, snapshots, running.data, made, disk
        self.done: list[Deed] = []
        self.over = False  # what goes wrong on purpose may take longer than the time that was asked for
        self._one_at_a_time = asyncio.Lock()

    async def load(self) -> None:
        """Batch after batch until all is over."""
        while not self.over:
            next_one = time.monotonic() + EVERY
            async with self._one_at_a_time:
                if not self.over and len(self.made) > KEPT_BACK:
                    await self._loaded()
            while not self.over and time.monotonic() < next_one:
                await asyncio.sleep(0.2)

    async def _loaded(self) -> Deed:
        deed = self._begun("load")
        before = self.snapshots.look().name
        code, told = await self._intake("load", str(self.made.pop(0)))
        new = self.snapshots.look().name != before
        return self._ended(deed, code in TAKEN and new, "" if code in TAKEN and new else f"{code} {told}")

    async def _intake(self, *told: str, limited: bool = False) -> tuple[int, str]:
        how = ["-c", LIMITED] if limited else ["-m", "data_ingest"]
        call = [sys.executable, *how, *told, "--data", str(self.data)]
        done = await asyncio.create_subprocess_exec(
            *call, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        out, _ = await done.communicate()
        return done.returncode, out.decode(errors="replace").strip().replace("\n", " / ")[-160:]

    def _begun(self, what: str, excuses: str = "") -> Deed:
        self.done.append(Deed(what, time.monotonic(), excuses=excuses))
        return self.done[-1]

    def _ended(self, deed: Deed, sound: bool, told: str) -> Deed:
        self.snapshots.look()
        deed.end, deed.sound, deed.told = time.monotonic(), sound, told
        return deed

    # Faults

    async def last(self, start: float, seconds: float, faults: bool) -> None:
        """So long, and until all that should go wrong has gone wrong and been mended."""
        if faults:
            await self._faults(start, seconds)
        await asyncio.sleep(max(0, start + seconds - time.monotonic()))
        self.over = True

    async def _faults(self, start: float, seconds: float) -> None:
        """Each at its part of the time; one that lasts delays the next."""
        each = (self._kill, self._corrupt, self._truncate, self._replace, self._fill)
        for part, fault in zip((0.15, 0.30, 0.45, 0.60, 0.85), each, strict=True):
            await asyncio.sleep(max(0, start + part * seconds - time.monotonic()))
            async with self._one_at_a_time:
                await fault()

    async def _kill(self) -> None:
        port = self.running.ports[2]
        deed, app = self._begun("kill -9 of one process", "lost"), self.running.apps[port]
        app.send_signal(signal.SIGKILL)
        await app.wait()
        took = await until_up(port)
        self._ended(deed, True, f"answers again after {took:.1f} s")

    async def _corrupt(self) -> None:
        def scribble(path: Path) -> None:
            with path.open("rb+") as file:
                file.seek(path.stat().st_size // 3)
                file.write(os.urandom(path.stat().st_size // 3))

        await self._damaged("newest snapshot scribbled over", scribble)

    async def _truncate(self) -> None:
        await self._damaged("newest snapshot cut short", lambda path: os.truncate(path, path.stat().st_size // 2))

    async def _damaged(self, what: str, harm: Callable[[Path], object]) -> None:
        """The last good one must serve from now on, until the next load has built a new one."""
        path = self.data / self.snapshots.look().name
        deed = self._begun(what, "not drawn")
        harm(path)
        fallen_back = self.snapshots.look()
        await asyncio.sleep(FULL)
        load = await self._loaded()
        now = self.snapshots.look()
        sound = fallen_back.damaged and fallen_back.name not in ("", path.name) and load.sound and not now.damaged
        self._ended(deed, sound, f"{fallen_back.name} stood in until {now.name} was built")

    async def _replace(self) -> None:
        """Every snapshot away, as a build makes them anew from what was received."""
        deed = self._begun("warehouse deleted, built anew", "no warehouse")
        for each in [self.data / POINTER, *self.data.glob("warehouse-*")]:
            each.unlink()
        self.snapshots.look()
        code, told = await self._intake("build")
        took = time.monotonic() - deed.start
        self._ended(deed, code in TAKEN, told if code not in TAKEN else f"nothing to show for {took:.0f} s")

    async def _fill(self) -> None:
        """No byte more fits on the disk, or into a file of the load; then there is room again, and it is loaded."""
        deed, ballast = self._begun(f"disk full ({self.disk})", "no room"), self.data / "ballast"
        batch, before = self.made[0], self.snapshots.look().name
        if not self.disk.startswith("tmpfs"):
            code, told = await self._intake("load", str(batch), limited=True)
        else:
            fill(ballast)
            code, told = await self._intake("load", str(batch))
            await asyncio.sleep(FULL)
            ballast.unlink()
        sound = code == 3 and "Traceback" not in told and self.snapshots.look().name == before
        load = await self._loaded()
        self._ended(deed, sound and load.sound, f"load refused with {code}; later taken" + ("" if sound else told))


def fill(path: Path) -> None:
    """Write until nothing more fits."""
    with path.open("wb", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            try:
                while file.write(bytes(size)) == size:
                    pass
            except OSError:
                continue
