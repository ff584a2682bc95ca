"""Untrusted files are read in processes of their own, with limits on time and memory; one bad file stops no other."""

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from data_ingest.names import Names
from data_ingest.reading import Reading, unreadable
from data_ingest.sniff import UnreadableError
from language import Text

SECONDS = 30  # a report is read in some milliseconds; the largest sheet that is allowed, in a few seconds
MEMORY = 1_500_000_000  # bytes of address space
_AT_ONCE = 256  # files handed out before their readings are fetched: so many are in memory, however many there are
_WORTH = 6  # files that make it worth starting one more process

CRASHED = Text("phần mềm đọc bị lỗi với tệp này", "the reader failed on this file")


@dataclass(frozen=True)
class Job:
    """A file to read: where it is, what it is called, and its hash where it must not have changed."""

    path: str
    name: str
    sha256: str = ""
    task: Literal["read", "mark", "map"] = "read"
    problems: tuple[dict, ...] = ()  # to mark: problems as plain values
    out: str = ""  # to mark: the folder that the marked workbook is written to


def _too_slow(seconds: float) -> Text:
    return Text(f"đọc quá {seconds:g} giây nên đã dừng", f"it took longer than {seconds:g} seconds and was stopped")


class Readers:
    """Reading processes, as many as there are cores and files. `with Readers(names) as readers: readers.read(jobs)`."""

    def __init__(self, names: Names, mapped: Sequence[tuple[str, str]] = (), seconds: float = SECONDS):
        lives = [list(asdict(each).values()) for each in names.lives]
        spellings = [list(asdict(each).values()) for each in names.spellings]
        told = {"memory": MEMORY, "lives": lives, "spellings": spellings, "mapped": list(mapped)}
        self._first = json.dumps(told, default=str).encode() + b"\n"
        self._seconds = seconds
        self._idle: queue.SimpleQueue[_Process] = queue.SimpleQueue()
        self._all: list[_Process] = []

    def __enter__(self) -> "Readers":
        return self

    def __exit__(self, *_: object) -> None:
        for each in self._all:
            each.stop()

    def read(self, jobs: Sequence[Job]) -> Iterator[list[Reading]]:
        """The readings of each file, in the order of the files; one that says so where a file was too much."""
        for job, told in zip(jobs, self._tell(jobs), strict=True):
            if isinstance(told, UnreadableError):
                yield [unreadable(job.name, told.why)]
            else:
                yield [Reading.of_json(each) for each in told]

    def do(self, job: Job) -> dict:
        """What a process answers to one other task. Raises UnreadableError."""
        (told,) = self._tell([job])
        if isinstance(told, UnreadableError):
            raise told
        return told

    def _tell(self, jobs: Sequence[Job]) -> Iterator[object]:
        workers = max(1, min(os.cpu_count() or 1, -(-len(jobs) // _WORTH)))
        while len(self._all) < workers:
            self._all.append(_Process(self._first, self._seconds))
            self._idle.put(self._all[-1])
        with ThreadPoolExecutor(workers) as pool:
            for start in range(0, len(jobs), _AT_ONCE):
                yield from pool.map(self._one, jobs[start : start + _AT_ONCE])

    def _one(self, job: Job) -> object:
        process = self._idle.get()
        try:
            return process.answer(job)
        finally:
            self._idle.put(process)


class _Process:
    """One reading process; started when first needed, and anew after a file has brought it down."""

    def __init__(self, first: bytes, seconds: float):
        self._first, self._seconds = first, seconds
        self._running: subprocess.Popen | None = None

    def _start(self) -> subprocess.Popen:
        root = Path(__file__).parent.parent
        running = subprocess.Popen(
            [sys.executable, "-P", "-m", "data_ingest.reader"],  # -P: nothing is imported from where one stands
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(root)},
        )
        running.stdin.write(self._first)
        return running

    def answer(self, job: Job) -> object:
        """What the process says to a job, or the error that brought it down."""
        late = threading.Event()
        try:
            self._running = self._running or self._start()
            timer = threading.Timer(self._seconds, self._kill, [late])
            timer.start()
            try:
                answer = self._ask(job)
            finally:
                timer.cancel()
            if answer.endswith(b"\n"):
                return json.loads(answer)
        except (BrokenPipeError, ConnectionResetError):
            pass  # told below, like any other end of the process
        self.stop()
        return UnreadableError(_too_slow(self._seconds) if late.is_set() else CRASHED)

    def _ask(self, job: Job) -> bytes:
        self._running.stdin.write(json.dumps(vars(job)).encode() + b"\n")
        self._running.stdin.flush()
        return self._running.stdout.readline()

    def _kill(self, late: threading.Event) -> None:
        late.set()
        self._running.kill()

    def stop(self) -> None:
        if self._running:
            self._running.kill()
            self._running.communicate()
            self._running = None
