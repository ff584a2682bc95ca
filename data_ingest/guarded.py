"""Untrusted files are read in processes of their own, with limits on time and memory; one bad file stops no other."""

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from data_ingest.names import Names
from data_ingest.reading import Reading, unreadable
from data_ingest.sniff import UnreadableError
from language import Text

SECONDS = 30  # a report is read in some milliseconds; the largest sheet that is allowed, in a few seconds
MEMORY = 1_500_000_000  # bytes of address space
_AHEAD = 256  # files handed out before the first of them is fetched: so many are in memory, however many there are
_IN_HAND = 24  # files that one process has in hand
_WORTH = 6  # files that make it worth starting one more process
_PAUSE = 0.004  # seconds between two looks at what a process has answered: several answers come at once

CRASHED = Text("phần mềm đọc bị lỗi với tệp này", "the reader failed on this file")


@dataclass(frozen=True)
class Job:
    """A file to read: where it is, what it is called, and its hash where it must not have changed."""

    path: str
    name: str
    sha256: str = ""
    task: Literal["read", "mark", "map", "clean"] = "read"
    problems: tuple[dict, ...] = ()  # to mark: problems as plain values
    out: str = ""  # to mark: the folder that the marked workbook is written to
    first: Literal["", "clean", "notes"] = ""  # before it is read: leave personal data out, or see what was left out


def _too_slow(seconds: float) -> Text:
    return Text(f"đọc quá {seconds:g} giây nên đã dừng", f"it took longer than {seconds:g} seconds and was stopped")


class Readers:
    """Reading processes, as many as there are cores and files. `with Readers(names) as readers: readers.read(jobs)`.

    They may be started before it is known what they are to read with (`start`, then `know`).
    """

    def __init__(self, names: Names | None = None, mapped: Sequence[tuple[str, str]] = (), seconds: float = SECONDS):
        self._known: tuple[Names, Sequence[tuple[str, str]]] | None = None
        self._first = b""
        self._seconds = seconds
        self._heard: queue.SimpleQueue[_Heard] = queue.SimpleQueue()
        self._all: list[_Process] = []
        self._jobs: list[Job] = []
        self._todo: deque[int] = deque()  # numbers of jobs that no process has in hand yet
        self._told: dict[int, object] = {}
        self._fetched = -1  # the last number that was fetched
        if names:
            self.know(names, mapped)

    def know(self, names: Names, mapped: Sequence[tuple[str, str]] = ()) -> None:
        """Tell the processes, also those that come later, the register and the mappings that they read with."""
        self._known, self._first = (names, mapped), b""
        for each in self._all:
            each.know(self._told_first())

    def _told_first(self) -> bytes:
        """What a process is told first, when there is one: a country's register takes its time to be written."""
        if self._known and not self._first:
            names, mapped = self._known
            spellings = [list(vars(each).values()) for each in names.spellings]
            told = {"memory": MEMORY, "spellings": spellings, "mapped": list(mapped)}
            self._first = b"%b\n%b\n" % (json.dumps(told).encode(), names.as_json())
        return self._first

    def __enter__(self) -> "Readers":
        return self

    def __exit__(self, *_: object) -> None:
        for each in self._all:
            each.stop()

    def start(self, files: int) -> None:
        """Start the processes that so many files are worth; they get ready while the caller does something else."""
        while len(self._all) < max(1, min(os.cpu_count() or 1, -(-files // _WORTH))):
            self._all.append(_Process(self._told_first(), self._heard))
            self._all[-1].start()

    def begin(self, jobs: Sequence[Job]) -> None:
        """Hand out more files, which are read while the caller does something else; `read` must be asked for them."""
        first = len(self._jobs)
        self._jobs += jobs
        self._todo.extend(range(first, len(self._jobs)))
        self.start(len(self._jobs))
        while not self._heard.empty():
            self._take_in(self._heard.get())
        self._hand_out()

    def read(self, jobs: Sequence[Job]) -> Iterator[list[Reading]]:
        """The readings of each file, in the order of the files; one that says so where a file was too much.

        The processes are at work from this call on, whenever the readings are fetched.
        """
        return map(_readings, jobs, self._tell(jobs))

    def do(self, job: Job) -> dict:
        """What a process answers to one other task. Raises UnreadableError."""
        (told,) = self._tell([job])
        if isinstance(told, UnreadableError):
            raise told
        return told

    def do_all(self, jobs: Sequence[Job]) -> list[dict | UnreadableError]:
        """What the processes answer to other tasks; the error of those that could not be done."""
        return list(self._tell(jobs))

    def _tell(self, jobs: Sequence[Job]) -> Iterator[object]:
        """What is said to each job, in their order."""
        if self._fetched >= 0 or self._jobs != jobs[: len(self._jobs)]:
            self._forget()
        self.begin(jobs[len(self._jobs) :])
        return self._answers(len(jobs))

    def _forget(self) -> None:
        """Have nothing to do with what was begun before."""
        for each in self._all:
            if each.in_hand:
                each.stop()
        self._jobs, self._fetched = [], -1
        self._todo.clear()
        self._told.clear()

    def _answers(self, count: int) -> Iterator[object]:
        for number in range(count):
            while number not in self._told:
                self._hand_out()
                self._wait()
            self._fetched = number
            yield self._told.pop(number)

    def _hand_out(self) -> None:
        """Give work to every process that is about to run out of it."""
        end = self._fetched + 1 + _AHEAD
        for each in self._all:
            some: list[int] = []
            if len(each.in_hand) <= _IN_HAND // 2:
                while self._todo and self._todo[0] < end and len(each.in_hand) + len(some) < _IN_HAND:
                    some.append(self._todo.popleft())
            if some:
                each.ask([(number, self._jobs[number]) for number in some])

    def _wait(self) -> None:
        """Take in what comes next; a file that takes too long is given up."""
        late = min((each for each in self._all if each.in_hand), key=lambda each: each.since)
        wait = late.since + self._seconds - time.monotonic()
        try:
            self._take_in(self._heard.get(timeout=max(wait, 0)))
        except queue.Empty:
            self._end(late, _too_slow(self._seconds))

    def _take_in(self, heard: "_Heard") -> None:
        if not heard.process.is_running(heard.child):  # from before it was stopped
            return
        if heard.data:
            self._told |= heard.process.answers(heard)
        else:
            self._end(heard.process, CRASHED)

    def _end(self, process: "_Process", why: Text) -> None:
        """A process is done for over the file that it had not answered yet; those behind it go to any process."""
        culprit, *others = process.in_hand or (None,)
        self._todo.extendleft(reversed(others))
        process.stop()
        if culprit is not None:
            self._told[culprit] = UnreadableError(why)


def _readings(job: Job, told: object) -> list[Reading]:
    if isinstance(told, UnreadableError):
        return [unreadable(job.name, told.why)]
    return [Reading.of_json(each) for each in told]


def _understood(answer: bytes) -> object:
    try:
        return json.loads(answer)
    except ValueError:
        return UnreadableError(CRASHED)


class _Heard(NamedTuple):
    """What came from a child process, and when; nothing when it has ended."""

    process: "_Process"
    child: subprocess.Popen
    data: bytes
    at: float


class _Process:
    """One reading process; started when first needed, and anew after a file has brought it down.

    It answers in the order in which it is asked, each answer at once: so the first file of those in hand is the one
    that it is reading, since the answer before or since it was asked.
    """

    def __init__(self, first: bytes, heard: "queue.SimpleQueue[_Heard]"):
        self._first, self._heard = first, heard
        self._running: subprocess.Popen | None = None
        self.in_hand: deque[int] = deque()
        self.since = 0.0

    def is_running(self, child: subprocess.Popen) -> bool:
        return self._running is child

    def start(self) -> None:
        """Start the child. One thread tells it what to do and one hears it, so that nobody waits for a full pipe."""
        root = Path(__file__).parent.parent
        self._running = subprocess.Popen(
            [sys.executable, "-P", "-m", "data_ingest.reader"],  # -P: nothing is imported from where one stands
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(root)},
        )
        self._to_tell, self._rest = queue.SimpleQueue(), b""
        if self._first:
            self._to_tell.put(self._first)
        tells = threading.Thread(target=_tell, args=[self._running, self._to_tell], daemon=True)
        hears = threading.Thread(target=self._hear, args=[self._running], daemon=True)
        self._threads = (tells, hears)
        for each in self._threads:
            each.start()

    def know(self, first: bytes) -> None:
        """What it is told first, now and whenever it is started anew."""
        self._first = first
        if self._running:
            self._to_tell.put(first)

    def ask(self, jobs: list[tuple[int, Job]]) -> None:
        """Hand out jobs, each with its number."""
        if not self._running:
            self.start()
        if not self.in_hand:
            self.since = time.monotonic()
        self.in_hand.extend(number for number, _ in jobs)
        self._to_tell.put(b"".join(json.dumps(vars(job)).encode() + b"\n" for _, job in jobs))

    def _hear(self, child: subprocess.Popen) -> None:
        data = b"?"
        while data:
            data = os.read(child.stdout.fileno(), 1_000_000)
            self._heard.put(_Heard(self, child, data, time.monotonic()))
            time.sleep(_PAUSE)

    def answers(self, heard: _Heard) -> dict[int, object]:
        """The answers that are whole now, by the numbers of their jobs."""
        *lines, self._rest = (self._rest + heard.data).split(b"\n")
        if lines:
            self.since = heard.at
        return {self.in_hand.popleft(): _understood(line) for line in lines if self.in_hand}

    def stop(self) -> None:
        if self._running:
            self._running.kill()
            self._to_tell.put(b"")
            for each in self._threads:
                each.join()
            self._running.stdout.close()
            self._running.wait()
            self._running = None
        self.in_hand.clear()


def _tell(child: subprocess.Popen, what: "queue.SimpleQueue[bytes]") -> None:
    """Write to a child what it is told, until that is nothing; one that has ended is heard of."""
    with suppress(OSError), child.stdin:
        while told := what.get():
            child.stdin.write(told)
            child.stdin.flush()
