"""python -m data_ingest.reader: the process that opens untrusted files, apart from everything else.

It is told the register in its first line, then a file in each; it answers each with a line of JSON. A file that makes
it crash, run out of memory or run on for ever harms nobody but itself (see guarded.py).
"""

import hashlib
import json
import sys
from datetime import date
from pathlib import Path

from data_ingest.names import Life, Names, Spelling
from data_ingest.reading import Reading, read_report, unreadable
from data_ingest.sniff import TOO_LARGE
from data_ingest.template import Template


def main() -> None:
    told = json.loads(sys.stdin.buffer.readline())
    _limit(told["memory"])
    names = _names(told)
    mapped = [Template.of(id, text) for id, text in told["mapped"]]
    for line in sys.stdin.buffer:
        job = json.loads(line)
        readings = _read(job, names, mapped)
        answer = json.dumps([each.as_json() for each in readings])
        sys.stdout.buffer.write(answer.encode() + b"\n")
        sys.stdout.buffer.flush()


def _limit(memory: int) -> None:
    """No more memory than this, in bytes, where the system can hold a process to it (not on Windows)."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _names(told: dict) -> Names:
    def day(text: str | None) -> date | None:
        return date.fromisoformat(text) if text else None

    lives = [Life(*row[:4], day(row[4]), day(row[5])) for row in told["lives"]]
    return Names(lives, [Spelling(*row) for row in told["spellings"]])


def _read(job: dict, names: Names, mapped: list[Template]) -> list[Reading]:
    path = Path(job["path"])
    try:
        if job["sha256"] and hashlib.sha256(path.read_bytes()).hexdigest() != job["sha256"]:
            return [_kept_badly(job["name"], "archive_altered")]
        return read_report(path, job["name"], names, mapped)
    except FileNotFoundError:
        return [_kept_badly(job["name"], "archive_missing")]
    except (MemoryError, RecursionError):
        return [unreadable(job["name"], TOO_LARGE)]


def _kept_badly(name: str, kind: str) -> Reading:
    reading = Reading(name)
    reading.problem(kind)
    return reading


if __name__ == "__main__":
    main()
