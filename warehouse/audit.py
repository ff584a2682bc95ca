"""The log of deeds: who did what and when, a line each in a file that only grows; each line seals the one before."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Literal, get_args

from filelock import FileLock

from language.persons import values_masked
from warehouse.lines import append, last_line, whole_lines

Did = Literal[
    "received", "accepted", "rejected", "loaded", "spelling", "mapping", "units", "targets", "calendar", "boundaries",
    "meeting", "commitment", "difficulty", "exported", "account", "signed_in", "refused", "signed_out", "backup",
    "restored",
]  # fmt: skip
DEEDS: tuple[Did, ...] = get_args(Did)
COMMAND_LINE = "command_line"  # what the log calls whoever runs a command on the server
_SEAL = 16  # hexadecimal digits of a line's hash that the next line repeats


@dataclass(frozen=True)
class Deed:
    """One thing done. `who` is an account, never a person; `of` says what with: counts, codes, names of files."""

    number: int
    at: datetime
    who: str
    did: Did
    of: dict[str, object] = field(default_factory=dict)
    before: str = ""


class Audit:
    """The file `data/audit.jsonl` beside the archive: part of the truth, and never rewritten."""

    def __init__(self, data: Path):
        self.file, self._lock = data / "audit.jsonl", data / ".audit.lock"

    def note(self, who: str, did: Did, **of: object) -> None:
        """Write a deed down, on the disk before this returns. Raises ValueError for a deed of no known kind."""
        if did not in DEEDS:
            raise ValueError(f"unknown deed {did}; expected one of {', '.join(DEEDS)}")
        of = {key: values_masked(value) if key == "file" else value for key, value in of.items()}
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(self._lock):
            last = last_line(self.file)
            number = json.loads(last)["number"] + 1 if last else 1
            deed = Deed(number, datetime.now().replace(microsecond=0), who, did, of, seal(last))
            told = {**asdict(deed), "at": deed.at.isoformat()}
            append(self.file, json.dumps(told, ensure_ascii=False, default=str) + "\n")

    def all(self, first: date | None = None, last: date | None = None) -> Iterator[Deed]:
        """Every deed, or those of some days, in order."""
        for line in _lines(self.file):
            told = json.loads(line)
            deed = Deed(**{**told, "at": datetime.fromisoformat(told["at"])})
            if (not first or deed.at.date() >= first) and (not last or deed.at.date() <= last):
                yield deed

    def broken(self) -> int | None:
        """The number of the first line that does not follow on the one before; None where the whole file is sound.

        Whoever alters or takes out a line must rewrite all after it; the last line alone can be cut off unnoticed.
        """
        before = ""
        for number, line in enumerate(_lines(self.file), start=1):
            try:
                told = json.loads(line)
            except ValueError:
                return number
            if told.get("number") != number or told.get("before") != seal(before):
                return number
            before = line
        return None


def seal(line: str) -> str:
    """What the next line repeats of a line; blank before the first."""
    return hashlib.sha256(line.encode("utf-8")).hexdigest()[:_SEAL] if line else ""


def _lines(file: Path) -> list[str]:
    return whole_lines(file).split("\n")[:-1]  # not splitlines: what was said may hold other line breaks
