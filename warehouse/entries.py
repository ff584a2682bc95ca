"""Entries: what people put in by hand, a line each in a file that only grows; how things stand is derived from it."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Literal

import pandas as pd
from filelock import FileLock

from language import Text, TextError
from language.persons import Personal, composed, spans
from warehouse.lines import append, whole_lines

Kind = Literal["meeting", "commitment", "difficulty"]
# What may be said of each kind of thing, and what must be. Owners are units: no person is ever named.
FIELDS: dict[Kind, dict[str, bool]] = {
    "meeting": {"day": True, "title": True, "unit": True},
    "commitment": {
        "unit": True, "indicator": True, "goal": True, "due": True, "meeting": True, "text": False, "owner": False,
    },
    "difficulty": {
        "unit": True, "period": True, "field": True, "status": True, "owner": False, "due": False, "answer": False,
    },
}  # fmt: skip
STATUSES = ("new", "in_progress", "answered", "closed")  # of a difficulty


def difficulty_id(unit: str, period: str, field: str) -> str:
    """What the office does about a difficulty holds for all versions of the report that tells of it."""
    return f"{unit}/{period}/{field}"


class EntryError(TextError):
    """The entry cannot be kept; `text` says why in both languages."""


@dataclass(frozen=True)
class Entry:
    """One thing that was said, when, of what (`id`): later entries of an id change only what they say anew."""

    number: int
    entered_at: datetime
    kind: Kind
    id: str
    said: dict[str, object] = field(default_factory=dict)
    origin: Literal["office", "sample"] = "office"


class Entries:
    """The file `data/entries.jsonl` beside the archive. It is part of the truth: a rebuild never touches it.

    `of`: only what was entered of these units is told; of meetings, of those above them too (`above`).
    """

    def __init__(self, data: Path, of: frozenset[str] | None = None, above: frozenset[str] = frozenset()):
        self.file, self._lock = data / "entries.jsonl", data / ".entries.lock"
        self._of, self._above = of, above
        # What was read when the file had that size: all of it, and what is told of it.
        self._known: tuple[int, list[Entry], list[Entry]] = 0, [], []

    @property
    def size(self) -> int:
        """Bytes of the file: as it only grows, the same size means the same entries."""
        return self.file.stat().st_size if self.file.exists() else 0

    def all(self, as_of: date | None = None) -> list[Entry]:
        """Every entry made by the end of a day, in order. A last line that a power cut left half is not one yet."""
        moment = datetime.combine((as_of or date.max - timedelta(days=1)) + timedelta(days=1), time())
        self._read_again()
        return [each for each in self._known[2] if each.entered_at < moment]

    def _read_again(self) -> list[Entry]:
        """Every entry there is, also those that are not told."""
        if self._known[0] != (size := self.size):
            everything = list(_read(whole_lines(self.file)))
            self._known = size, everything, self._told(everything)
        return self._known[1]

    def _told(self, entries: list[Entry]) -> list[Entry]:
        """Those of the things that never were of any other unit."""
        if self._of is None:
            return entries
        seen = {"meeting": self._of | self._above}
        hidden = {
            each.id
            for each in entries
            if "unit" in each.said and each.said["unit"] not in seen.get(each.kind, self._of)
        }
        return [each for each in entries if each.id not in hidden]

    def add(
        self, kind: Kind, said: dict[str, object], id: str = "", at: datetime | None = None, origin: str = "office"
    ) -> str:
        """Keep an entry, on the disk before this returns; the id of the thing, a new one where none was given.

        Raises EntryError where something needed is missing, unknown, or names or reaches a person.
        """
        told = {key: value for key, value in said.items() if value is not None}
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(self._lock):
            known = self._read_again()
            _check(kind, told, new=not any(each.id == id for each in known))
            number = len(known) + 1
            id = id or f"{kind}-{number}"
            entry = Entry(number, at or _now(), kind, id, told, origin)
            self._append(entry)
        return id

    def withdraw(self, id: str, kind: Kind) -> None:
        """Say that a thing was entered by mistake: it stands no more, but stays in the file."""
        with FileLock(self._lock):
            self._append(Entry(len(self._read_again()) + 1, _now(), kind, id, {"withdrawn": True}))

    def _append(self, entry: Entry) -> None:
        line = json.dumps(
            {**asdict(entry), "entered_at": entry.entered_at.isoformat()}, ensure_ascii=False, default=str
        )
        append(self.file, f"{line}\n")

    def standing(self, kind: Kind, as_of: date | None = None) -> pd.DataFrame:
        """Each thing of a kind as it stands: id, entered_at, changed_at, changes, origin, and its FIELDS as columns."""
        things: dict[str, dict[str, object]] = {}
        for each in self.all(as_of):
            if each.kind == kind:
                was = things.setdefault(each.id, {"id": each.id, "entered_at": each.entered_at, "changes": -1})
                was |= {
                    **each.said,
                    "changed_at": each.entered_at,
                    "changes": was["changes"] + 1,
                    "origin": each.origin,
                }
        rows = [each for each in things.values() if not each.get("withdrawn")]
        return pd.DataFrame(rows, columns=_columns(kind))


def nothing(kind: Kind) -> pd.DataFrame:
    """What stands where nothing has been entered."""
    return pd.DataFrame(columns=_columns(kind))


def _now() -> datetime:
    """By the clock of the office, as files are received: the end of a day must be the same for both."""
    return datetime.now().replace(microsecond=0)


def _columns(kind: Kind) -> list[str]:
    return ["id", "entered_at", "changed_at", "changes", "origin", *FIELDS[kind]]


def _read(text: str) -> Iterator[Entry]:
    for line in text.split("\n")[:-1]:  # not splitlines: what was said may hold other line breaks
        told = json.loads(line)
        yield Entry(**{**told, "entered_at": datetime.fromisoformat(told["entered_at"])})


def refuse_personal(value: object) -> None:
    """Raise EntryError where words look like a person's name, number or address."""
    if isinstance(value, str) and (found := spans(composed(value))):
        raise EntryError(_names_a_person(composed(value)[found[0].start : found[0].end], found[0].kind))


def _names_a_person(told: str, kind: Personal) -> Text:
    if kind == "name":
        return Text(
            f"“{told}” giống tên một người; không được lưu. Ghi chức vụ hoặc đơn vị.",
            f"“{told}” looks like a person's name, which is never kept. Write the post or the unit.",
        )
    return Text(
        f"“{told}” giống số điện thoại, số định danh hoặc thư điện tử của một người; không được lưu.",
        f"“{told}” looks like a person's telephone, identity number or mail address; it is never kept.",
    )


def _check(kind: Kind, told: dict[str, object], new: bool) -> None:
    unknown = sorted(set(told) - set(FIELDS[kind]))
    missing = sorted(key for key, needed in FIELDS[kind].items() if needed and not told.get(key)) if new else []
    missing = [key for key in missing if told.get(key) != 0]
    if unknown or missing:
        raise EntryError(
            Text(
                f"Thiếu: {', '.join(missing) or '–'}; không hiểu: {', '.join(unknown) or '–'}.",
                f"Missing: {', '.join(missing) or '–'}; unknown: {', '.join(unknown) or '–'}.",
            )
        )
    for value in told.values():
        refuse_personal(value)
