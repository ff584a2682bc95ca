"""Was every figure right? What was seen is held against what the views say of the snapshots that served by then."""

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from benchmarks.holding.deeds import Deed
from benchmarks.holding.figures import Told, Views
from benchmarks.holding.reader import Redraw
from benchmarks.holding.watch import LATE, Served, Snapshots

FEW = 20  # redraws for which no other processes are worth their start


class Job(NamedTuple):
    """A redraw, the snapshots that it may be of, the likeliest first, and the one that served when all began."""

    redraw: Redraw
    names: tuple[str, ...]
    first: str


@dataclass
class Judged:
    """What is wrong with the redraws of a run, a line each; what was excused by a fault, and how often."""

    errors: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    excused: dict[str, int] = field(default_factory=dict)
    checked: int = 0  # redraws whose figures were held against the views
    parts: int = 0  # cards, tables and headings among them
    moved: int = 0  # redraws that no longer show what the snapshot before the run says
    bands: int = 0  # redraws that said that older figures stand in


def judged(redraws: list[Redraw], snapshots: Snapshots, deeds: list[Deed], data: Path) -> Judged:
    """The figures of half of the readers must not move at all; the others' are of a snapshot that served by then."""
    found, jobs = Judged(), list[Job]()
    first = snapshots.seen[0].name
    for each in redraws:
        served = snapshots.between(each.sent, each.ended)
        if each.wrong:
            _note_wrong(each, deeds, found, snapshots.seen[0].since)
            continue
        found.bands += each.band
        if not _band_fits(each, served):
            found.wrong.append(f"{_named(each)}: band {each.band}, served {[one.name for one in served]}")
        names = [first] if "as_of" in dict(each.asked) else [one.name for one in served if one.name]
        jobs.append(Job(each, tuple(dict.fromkeys(names)), first))
    _check(jobs, snapshots, data, found)
    return found


def _named(each: Redraw) -> str:
    told = " ".join(f"{key}={value}" for key, value in each.asked)
    return f"reader {each.reader} {each.page or 'overview'} {each.how} {told}"


def _note_wrong(each: Redraw, deeds: list[Deed], found: Judged, start: float) -> None:
    """An error, if no fault made on purpose at that time lets a page say so."""
    for deed in deeds:
        if deed.excuses == each.wrong and deed.start <= each.ended and each.sent <= deed.end + LATE:
            found.excused[each.wrong] = found.excused.get(each.wrong, 0) + 1
            return
    found.errors.append(f"{each.ended - start:.0f} s, {_named(each)}: {each.wrong}")


def _band_fits(each: Redraw, served: list[Served]) -> bool:
    """Whether the page says that older figures stand in exactly while they do."""
    return each.band in {one.damaged for one in served}


def _check(jobs: list[Job], snapshots: Snapshots, data: Path, found: Judged) -> None:
    """Hold each redraw against the snapshots it may be of; those of one snapshot side by side."""
    jobs.sort(key=lambda job: (job.names, job.redraw.asked))
    size = max(1, len(jobs) // 16)
    chunks = [jobs[at : at + size] for at in range(0, len(jobs), size)]
    if len(jobs) <= FEW:
        _open(snapshots.kept, data)
        answers = _compared(jobs)
    else:
        with ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), _open, (snapshots.kept, data)) as pool:
            answers = [each for told in pool.map(_compared, chunks) for each in told]
    for job, (parts, moved, told) in zip(jobs, answers, strict=True):
        found.checked, found.parts, found.moved = found.checked + 1, found.parts + parts, found.moved + moved
        if told:
            found.wrong.append(f"{_named(job.redraw)}: {told} (of {', '.join(job.names)})")


_of: Callable[[str], Views]  # in a process that checks: snapshot's name → its views


def _open(kept: Path, data: Path) -> None:
    global _of
    _of = cache(lambda name: Views(kept / name, data))


def _compared(jobs: list[Job]) -> list[tuple[int, bool, str]]:
    """How many parts each shows, whether they have moved since the run began, and what is in no snapshot."""
    return [_one_compared(*job) for job in jobs]


def _one_compared(each: Redraw, names: tuple[str, ...], first: str) -> tuple[int, bool, str]:
    should = [_of(name).say(each.page, each.asked, each.unit) for name in names[:1]]
    differs = told_otherwise(each.told, should[0])
    for name in names[1:] if differs else ():
        if not told_otherwise(each.told, _of(name).say(each.page, each.asked, each.unit)):
            differs = ""
            break
    moved = first not in names and bool(told_otherwise(each.told, _of(first).say(each.page, each.asked, each.unit)))
    return len(should[0]), moved, differs


def told_otherwise(told: Told, should: Told) -> str:
    """The first part of a page that is missing or differs; blank where all is as it should be."""
    for key, value in should.items():
        if key not in told:
            return f"no {key}"
        if told[key] != value:
            return f"{key}: {told[key]}; expected {value}"
    return ""
