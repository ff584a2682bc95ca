"""How fast reports come in, beside the bare spreadsheet reader on the same files: python -m benchmarks.intake [FILES]

Prints one table, in one run: files a second and CPU time a file of the bare reader (one process, and one for each
core) and of the whole intake (archive, read, recognise, check, keep), with the start of the program and without; what
its parts take; then a build in which nothing has changed, one report more, and the memory of the program for few and
for many files. Nothing here is asserted: machines differ.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple

import python_calamine

ROOT = Path(__file__).parent.parent
TIMES = 3  # the best of so many; the machine has other things to do, too

# One call of the intake in a process of its own: seconds and CPU of its start and after it, greatest memory in kB.
CALL = """
import json, resource, sys, time
began = time.perf_counter()
def used(who):
    told = resource.getrusage(who)
    return told.ru_utime + told.ru_stime
from data_ingest.__main__ import main
start, ready = used(resource.RUSAGE_SELF), time.perf_counter()
main(sys.argv[1:])
memory = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(json.dumps({
    "seconds": time.perf_counter() - ready, "start": start, "main": used(resource.RUSAGE_SELF) - start,
    "readers": used(resource.RUSAGE_CHILDREN), "memory": memory,
}))
"""


class Call(NamedTuple):
    """Seconds with and without the start of the program; CPU seconds of start, program, readers; memory in MB."""

    whole: float
    seconds: float
    start: float
    main: float
    readers: float
    memory: int


class Speed(NamedTuple):
    """Seconds and CPU seconds of some work."""

    seconds: float
    cpu: float


def bare(path: Path) -> int:
    """Every cell of a workbook as Python values, and nothing else."""
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    return sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)


def used() -> float:
    """CPU seconds of this process and of those that it has waited for."""
    told = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in told)


def speed(work: Callable[[], object]) -> Speed:
    start, before = time.perf_counter(), used()
    work()
    return Speed(time.perf_counter() - start, used() - before)


def bare_on_all_cores(paths: list[Path]) -> Speed:
    before = used()
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(bare, paths[:8]))  # the processes have started
        seconds = speed(lambda: list(pool.map(bare, paths, chunksize=16))).seconds
    return Speed(seconds, used() - before)


def call(compiled: Path, *arguments: object) -> Call:
    """One call of the intake, as it runs day by day: its modules are compiled once, into a folder, and not each time.

    Where an environment forbids to keep them, half of the start of each reading process is compiling.
    """
    start = time.perf_counter()
    told = [str(each) for each in arguments]
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    env = {**kept, "PYTHONPYCACHEPREFIX": str(compiled)}
    done = subprocess.run([sys.executable, "-c", CALL, *told], cwd=ROOT, env=env, capture_output=True, text=True)
    whole = time.perf_counter() - start
    found = json.loads(done.stdout.splitlines()[-1])
    return Call(whole, **{**found, "memory": found["memory"] // 1024})


def files(folder: Path, count: int) -> tuple[Path, Path, list[Path]]:
    """Folders of few and of many reports, and the reports; the last of them stands outside."""
    from sample_data.make import make

    make(folder / "all")
    some, few = folder / "some", folder / "few"
    some.mkdir()
    few.mkdir()
    paths = [path.rename(some / path.name) for path in sorted((folder / "all").glob("*.xlsx"))[:count]]
    last = paths.pop()
    paths.append(last.rename(folder / last.name))
    for path in paths:  # all in the page cache, for everybody
        path.read_bytes()
    for path in paths[:100]:
        (few / path.name).write_bytes(path.read_bytes())
    return few, some, paths


def row(what: object, *cells: object) -> str:
    return f"| {what!s:54} | " + " | ".join(f"{cell!s:>11}" for cell in cells) + " |"


def table(count: int, one: Speed, every: Speed, load: Call) -> list[str]:
    def line(what: str, seconds: float, cpu: float) -> str:
        ratios = f"{one.seconds / seconds:.2f}", f"{every.seconds / seconds:.2f}"
        return row(what, f"{count / seconds:.0f}", *ratios, f"{1000 * cpu / count:.2f}")

    def part(what: str, cpu: float) -> str:
        return row(f"    {what}", "", "", "", f"{1000 * cpu / count:.2f}")

    return [
        row("what", "files/s", "of bare", "of all bare", "CPU ms/file"),
        line("bare reader, one process", *one),
        line("bare reader, a process for each core", *every),
        line("whole intake", load.seconds, load.main + load.readers),
        part("the reading processes", load.readers),
        part("the program: archive, order, history, warehouse", load.main),
        line("whole intake, the start of the program included", load.whole, load.start + load.main + load.readers),
    ]


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        few, some, [*paths, last] = files(folder, int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
        one = min(speed(lambda: [bare(path) for path in paths]) for _ in range(TIMES))
        every = min(bare_on_all_cores(paths) for _ in range(TIMES))
        intake = partial(call, folder / "compiled", "--data")
        small = intake(folder / "few-data", "load", few).memory  # and all modules are compiled
        load = min(intake(folder / f"data-{number}", "load", some) for number in range(TIMES))
        again = intake(folder / "data-0", "build").whole
        more = intake(folder / "data-0", "load", last).whole
    print(f"{len(paths)} files, {os.cpu_count()} cores, the best of {TIMES}")
    print("\n".join(table(len(paths), one, every, load)))
    print(f"a build in which nothing changed: {again:.2f} s; one report more: {more:.2f} s")
    print(f"memory: {small} MB for 100 files, {load.memory} MB for {len(paths)}")


if __name__ == "__main__":
    main()
