"""python -m data_ingest.reader: the process that opens untrusted files, apart from everything else.

It is told what holds for all files in its first line and the register in the second, then a task in each: read a file,
mark it, propose a mapping, copy it without personal data. It answers each with a line of JSON. A file that makes it
crash, run out of memory or run on for ever harms nobody but itself (see guarded.py).
"""

import base64
import gc
import hashlib
import json
import sys
from dataclasses import asdict, replace
from pathlib import Path

from data_ingest.names import LAST_DAY, Names, Spelling
from data_ingest.problems import Problem
from data_ingest.reading import Reading, read_bytes, unreadable
from data_ingest.sniff import TOO_LARGE
from data_ingest.suspect import suspect
from data_ingest.template import Template


def main() -> None:
    gc.disable()  # a country's register is many objects, of which none goes
    told = json.loads(sys.stdin.buffer.readline())
    _limit(told["memory"])
    names = Names(sys.stdin.buffer.readline(), [Spelling(*each) for each in told["spellings"]])
    names.on(LAST_DAY)  # the register is read here, and not with the first file
    mapped = [Template.of(id, text) for id, text in told["mapped"]]
    gc.freeze()
    gc.set_threshold(50_000)  # a file leaves little behind that is worth looking for often
    gc.enable()
    for line in sys.stdin.buffer:
        job = json.loads(line)
        answer = _TASKS[job["task"]](job, names, mapped)
        sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n")
        sys.stdout.buffer.flush()


def _limit(memory: int) -> None:
    """No more memory than this, in bytes, where the system can hold a process to it (not on Windows)."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read(job: dict, names: Names, mapped: list[Template]) -> list[dict]:
    return [each.as_json() for each in _readings(job, names, mapped)]


def _readings(job: dict, names: Names, mapped: list[Template]) -> list[Reading]:
    try:
        data = Path(job["path"]).read_bytes()
        if job["sha256"] and hashlib.sha256(data).hexdigest() != job["sha256"]:
            return [_kept_badly(job["name"], "archive_altered")]
        if job["first"]:
            return _without_personal(data, job, names, mapped)
        return read_bytes(data, job["name"], names, mapped)
    except FileNotFoundError:
        return [_kept_badly(job["name"], "archive_missing")]
    except (MemoryError, RecursionError):
        return [unreadable(job["name"], TOO_LARGE)]


def _without_personal(data: bytes, job: dict, names: Names, mapped: list[Template]) -> list[Reading]:
    """Read what is kept of a file that holds personal data, with what is said of the rest."""
    data = _looked_through(data, job)
    if not data.startswith(b"PK"):
        return read_bytes(data, job["name"], names, mapped)
    from data_ingest.clean import notes  # seldom needed

    told = [replace(each, file=job["name"]) for each in notes(data)]
    if any(each.kind == "not_kept" for each in told):
        return [Reading(job["name"], problems=told)]
    readings = read_bytes(data, job["name"], names, mapped)
    readings[0].problems[:0] = told
    return readings


def _looked_through(data: bytes, job: dict) -> bytes:
    """What would be kept of a file that is only checked; else what is."""
    if job["first"] != "clean" or not suspect(data):
        return data
    from data_ingest.clean import copy_of

    return copy_of(data, job["name"])[0] or data


def _clean(job: dict, names: Names, mapped: list[Template]) -> dict:
    """What is kept in the place of a file that holds personal data."""
    from data_ingest.clean import copy_of

    data = Path(job["path"]).read_bytes()
    if hashlib.sha256(data).hexdigest() != job["sha256"]:
        raise OSError(f"{job['path']} changes while it is read")
    copy, whole = copy_of(data, job["name"])
    return {"copy": copy and base64.b64encode(copy).decode(), "whole": whole}


def _mark(job: dict, names: Names, mapped: list[Template]) -> dict:
    from data_ingest.returned import mark  # takes as long to load as ten files to read, and is seldom needed

    data = _looked_through(Path(job["path"]).read_bytes(), job)
    problems = [Problem(**each) for each in job["problems"]]
    return asdict(mark(data, job["name"], problems, Path(job["out"])))


def _map(job: dict, names: Names, mapped: list[Template]) -> dict:
    from data_ingest.mapping import propose

    return asdict(propose(Path(job["path"]), job["name"], names))


def _kept_badly(name: str, kind: str) -> Reading:
    reading = Reading(name)
    reading.problem(kind)
    return reading


_TASKS = {"read": _read, "mark": _mark, "map": _map, "clean": _clean}

if __name__ == "__main__":
    main()
