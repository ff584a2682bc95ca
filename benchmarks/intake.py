"""How fast reports come in, beside the bare spreadsheet reader on the same files: python -m benchmarks.intake [FILES]

Prints one table, in one run: files a second of the bare reader (one process, and one for each core), of the whole
intake (archive, read, recognise, check, keep), their ratio, a build in which nothing has changed, one report more,
and the memory of the program for few and for many files. Nothing here is asserted: machines differ.
"""

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import python_calamine

ROOT = Path(__file__).parent.parent


def bare(path: Path) -> int:
    """Every cell of a workbook as Python values, and nothing else."""
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    return sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)


def seconds(work: object, *arguments: object) -> float:
    start = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - start


def bare_on_all_cores(paths: list[Path]) -> float:
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(bare, paths[:8]))  # the processes have started
        return seconds(lambda: list(pool.map(bare, paths, chunksize=16)))


def call(*arguments: object) -> tuple[float, int]:
    """Seconds and memory (MB, the greatest of the program and its readers) of one call of the intake."""
    code = (
        "import resource, sys; from data_ingest.__main__ import main; main(sys.argv[1:]);"
        "print(max(resource.getrusage(w).ru_maxrss for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))"
    )
    start = time.perf_counter()
    told = [str(each) for each in arguments]
    done = subprocess.run([sys.executable, "-c", code, *told], cwd=ROOT, capture_output=True, text=True)
    return time.perf_counter() - start, int(done.stdout.split()[-1]) // 1024


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    from sample_data.make import make

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        make(folder / "all")
        some = folder / "some"
        some.mkdir()
        paths = []
        for path in sorted((folder / "all").glob("*.xlsx"))[:count]:
            paths.append(path.rename(some / path.name))
        last = paths.pop()
        last = last.rename(folder / last.name)
        for path in paths:  # all in the page cache, for everybody
            path.read_bytes()
        few = folder / "few"
        few.mkdir()
        for path in paths[:100]:
            (few / path.name).write_bytes(path.read_bytes())
        one = len(paths) / min(seconds(lambda: [bare(path) for path in paths]) for _ in range(3))
        every = len(paths) / min(bare_on_all_cores(paths) for _ in range(3))
        _, small = call("--data", folder / "few-data", "load", few)
        took, large = call("--data", folder / "data", "load", some)
        again, _ = call("--data", folder / "data", "build")
        more, _ = call("--data", folder / "data", "load", last)
    whole = len(paths) / took
    print(f"{len(paths)} files, {os.cpu_count()} cores")
    print(f"| {'what':52} | {'files/s':>8} | {'of bare':>8} |")
    print(f"| {'bare reader, one process':52} | {one:8.0f} | {1:8.2f} |")
    print(f"| {'bare reader, a process for each core':52} | {every:8.0f} | {every / one:8.2f} |")
    print(f"| {'whole intake, the start of the program included':52} | {whole:8.0f} | {whole / one:8.2f} |")
    print(f"a build in which nothing changed: {again:.2f} s; one report more: {more:.2f} s")
    print(f"memory: {small} MB for 100 files, {large} MB for {len(paths)}")


if __name__ == "__main__":
    main()
